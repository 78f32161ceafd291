import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import { DecodeError } from "../../src/errors.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";

const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;

let server: TestServer;
let redis: Redis;
beforeAll(async () => {
  server = await startServer({ version: "redis-8.6" });
  redis = await Redis.connect(server.url);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  await redis.close();
  await server.stop();
});

test("S7: a counter is exact up to 2^53-1, and refused beyond, never rounded", async () => {
  await redis.set("n", LARGEST_EXACT - 1);
  expect(await redis.incr("n")).toBe(LARGEST_EXACT);
  const beyond: unknown = await redis.incr("n").catch((error: unknown) => error);
  expect(beyond).toBeInstanceOf(DecodeError);
  expect(beyond).toMatchObject({ applied: true });
  expect((beyond as Error).message).toContain('integers: "bigint"');
  expect(await redis.get("n")).toBe("9007199254740992");
});

test("S7: on a view with integers: bigint counters are bigint, of any size", async () => {
  const exact = redis.with({ integers: "bigint" });
  expectTypeOf(exact).toEqualTypeOf<Redis<string, bigint>>();
  await redis.set("n", LARGEST_EXACT);
  expect(await exact.incr("n")).toBe(9007199254740992n);
  expect(await exact.incrby("n", 9007199254740993n)).toBe(18014398509481985n);
  expect(await exact.decr("n")).toBe(18014398509481984n);
  expect(await exact.decrby("n", 18014398509481984n)).toBe(0n);
  expect(await exact.hincrby("h", "f", 1)).toBe(1n);
  expect(await exact.strlen("n")).toBe(1);
});

test("a pipeline of such a view, and its bytes view, count in bigint, too", async () => {
  const exact = redis.with({ integers: "bigint", timeout: 10_000 });
  const [n, text] = await exact.pipeline((pipe) => [pipe.incr("n"), pipe.get("n")]);
  expectTypeOf(n).toEqualTypeOf<bigint>();
  expect([n, text]).toEqual([1n, "1"]);
  const [m] = await exact.transaction({ watch: "n" }, async (tx, watched) => {
    expectTypeOf(await watched.incr("other")).toEqualTypeOf<bigint>();
    return [tx.incrby("n", 2)];
  });
  expect(m).toBe(3n);
  expect(await exact.bytes.incr("n")).toBe(4n);
  expect(await exact.bytes.get("n")).toEqual(Buffer.from("4"));
  expect(await exact.with({ integers: "number" }).incr("n")).toBe(5);
  expect(await exact.with({ timeout: 5_000 }).incr("n")).toBe(6n);
});
