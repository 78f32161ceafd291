/** Views: the same connection with other forms and limits. */
import { expect, expectTypeOf, test } from "vitest";
import { command, type Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied();
const BYTES = Buffer.from([0, 0xff, 0x0d, 0x0a, 0x80]);

test("all views share one connection, and their commands one write", async () => {
  const views: Redis[] = [it.redis, it.redis.with({ timeout: 10_000 }), it.redis.with({})];
  it.wire.clear();
  const ids = await Promise.all([...views, it.redis.bytes].map((view) => view.clientId()));
  expect(new Set(ids).size).toBe(1);
  expect(it.wire.chunks).toBe(1);
});

test("bytes come back as they are, from every kind of surface", async () => {
  const { bytes } = it.redis;
  await bytes.set("key", BYTES);
  const value = await bytes.get("key");
  expectTypeOf(value).toEqualTypeOf<Buffer | null>();
  expect(value).toEqual(BYTES);
  const [piped] = await bytes.pipeline((pipe) => [pipe.get("key")] as const);
  expectTypeOf(piped).toEqualTypeOf<Buffer | null>();
  expect(piped).toEqual(BYTES);
  expect(await bytes.transaction({ watch: "key" }, (tx) => tx.get("key"))).toEqual(BYTES);
  expect(await it.redis.get("key")).toBe(BYTES.toString());
  expect(await bytes.with({ timeout: 10_000 }).get("key")).toEqual(BYTES);
  expect(await it.redis.with({ timeout: 10_000 }).bytes.get("key")).toEqual(BYTES);
});

test("bytes that came back stay as they are when more arrives", async () => {
  const values = Array.from({ length: 50 }, (_, n) => Buffer.alloc(5_000, n));
  await Promise.all(values.map((value, n) => it.redis.set(`key:${n}`, value)));
  const read = await Promise.all(values.map((_, n) => it.redis.bytes.get(`key:${n}`)));
  await it.redis.mget(values.map((_, n) => `key:${n}`));
  expect(Buffer.concat(read.map((value) => value ?? BYTES)).equals(Buffer.concat(values))).toBe(
    true,
  );
});

test("a view's options add to those of the view it comes from, and 0 is no limit", async () => {
  const controller = new AbortController();
  const both = it.redis.with({ signal: controller.signal }).with({ timeout: 40 });
  it.proxy.hold("toClient");
  expect(await failureOf(both.ping())).toMatchObject({ code: "TIMEOUT" });
  const aborted = failureOf(both.with({ timeout: 0 }).ping());
  controller.abort();
  expect(await aborted).toMatchObject({ code: "ABORTED" });
  expect(await failureOf(both.ping())).toMatchObject({ code: "ABORTED", attempts: 0 });
  const same = both.with({ timeout: undefined, signal: undefined, retry: undefined });
  expect(await failureOf(same.ping())).toMatchObject({ code: "ABORTED", attempts: 0 });
});

test("the limits of a view hold for its pipelines, unless they have their own", async () => {
  const view = it.redis.with({ timeout: 40 });
  it.proxy.hold("toClient");
  expect(await failureOf(view.pipeline((pipe) => [pipe.ping()]))).toMatchObject({
    code: "TIMEOUT",
  });
  const patient = view.pipeline({ timeout: 5_000 }, (pipe) => [pipe.ping()]);
  await it.ask(["PING"]);
  it.proxy.release();
  expect(await patient).toEqual(["PONG"]);
});

test("run sends a command that was made elsewhere, any number of times", async () => {
  const hits = command.incr("hits");
  const value = await it.redis.run(hits);
  expectTypeOf(value).toEqualTypeOf<number>();
  expect(value).toBe(1);
  expect(await Promise.all([it.redis.run(hits), it.redis.bytes.run(hits)])).toEqual([2, 3]);
  expect(await it.redis.pipeline((pipe) => [pipe.run(hits), pipe.run(hits)])).toEqual([4, 5]);
});

test("call sends any command and gives the reply as it is", async () => {
  expect(await it.redis.call("SET", "key", 5)).toBe("OK");
  expect(await it.redis.call("incrby", "key", 10n)).toBe(15);
  expect(await it.redis.call("MGET", "key", "missing")).toEqual(["15", null]);
  expect(await it.redis.bytes.call("GET", "key")).toEqual(Buffer.from("15"));
  const config = await it.redis.call("CONFIG", "GET", "maxmemory");
  expect(config).toEqual(new Map([["maxmemory", "0"]]));
  expect(await failureOf(it.redis.call("NOSUCHCOMMAND"))).toMatchObject({ code: "ERR" });
});
