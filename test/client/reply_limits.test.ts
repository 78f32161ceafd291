import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { OptionsError, ProtocolError, Redis, type ReplyLimits } from "../../src/index.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

let server: TestServer;
let admin: Redis;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  admin = await Redis.connect(server.url);
  await admin.flushall();
  await admin.rpush("list", Array.from({ length: 1_000 }, String));
  await admin.set("long", "x".repeat(2_000));
});
afterEach(() => admin.close());

function connect(replyLimits: ReplyLimits): Promise<Redis> {
  return Redis.connect({ url: server.url, replyLimits, reconnect: { base: 1, cap: 1 } });
}

/** How often the server has run GET. */
async function calls(): Promise<number> {
  const info = await admin.info("commandstats");
  return Number(/calls=(\d+)/.exec(info["cmdstat_get"] ?? "")?.[1] ?? 0);
}

test.each<[ReplyLimits, (redis: Redis) => Promise<unknown>]>([
  [{ elements: 999 }, (redis) => redis.lrange("list", 0, -1)],
  [{ bulkBytes: 1_999 }, (redis) => redis.get("long")],
  [{ bytes: 65_536 }, (redis) => redis.eval("return string.rep('x', 1000000)")],
  [{ depth: 8 }, (redis) => redis.eval("return {{{{{{{{{1}}}}}}}}}")],
])("R11: a reply beyond %j ends its connection with a ProtocolError", async (limits, ask) => {
  await using redis = await connect(limits);
  const error = await failureOf(ask(redis));
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).toHaveProperty(
    "message",
    expect.stringMatching(/limit|too (many|deeply)|elements/),
  );
  expect(await redis.echo("after")).toBe("after");
});

test("R11: a read with too large a reply is not sent again", async () => {
  await using redis = await connect({ bulkBytes: 100 });
  const before = await calls();
  const error = await failureOf(redis.get("long"));
  expect(error).toMatchObject({ applied: false, attempts: 1 });
  expect(await redis.echo("after")).toBe("after");
  expect(await calls()).toBe(before + 1);
});

test("R1: what was in flight behind it is unknown if it writes", async () => {
  await using redis = await connect({ bulkBytes: 100 });
  const large = failureOf(redis.get("long"));
  const write = failureOf(redis.incr("n"));
  expect(await large).toMatchObject({ code: "PROTOCOL", applied: false });
  expect(await write).toMatchObject({ code: "PROTOCOL", applied: "unknown" });
});

test("R13: a limit that is no whole number of at least 1 is an OptionsError", () => {
  expect(() => connect({ depth: 0 })).toThrow(OptionsError);
  expect(() => connect({ bytes: 1.5 })).toThrow(/replyLimits\.bytes/);
  // @ts-expect-error there is no such limit
  expect(() => connect({ width: 1 })).toThrow(/There is no option "width" in replyLimits/);
});
