import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";

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

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const names = Array.from({ length: 500 }, (_, index) => `name:${index}`);

test("a scan finds every key, in several steps", async () => {
  await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
  const keys = await collect(redis.scanIterator({ count: 50 }));
  expect(new Set(keys)).toEqual(new Set(names));
});

test("a scan gives only keys of the pattern and of the type", async () => {
  await redis.mset({ "a:1": 1, "a:2": 2, "b:1": 3 });
  await redis.rpush("a:list", "x");
  const keys = await collect(redis.scanIterator({ match: "a:*", type: "string" }));
  expect(keys.toSorted()).toEqual(["a:1", "a:2"]);
});

test("hashes, sets and sorted sets are scanned item by item", async () => {
  await redis.hset("hash", Object.fromEntries(names.map((name) => [name, "v"])));
  await redis.sadd("set", names);
  await redis.zadd("zset", Object.fromEntries(names.map((name, index) => [name, index])));
  const fields = await collect(redis.hscanIterator("hash", { count: 100 }));
  expect(new Map(fields.map(({ field, value }) => [field, value])).size).toBe(500);
  expect(new Set(await collect(redis.sscanIterator("set")))).toEqual(new Set(names));
  const scored = await collect(redis.zscanIterator("zset"));
  expect(scored.find(({ member }) => member === "name:7")?.score).toBe(7);
});

test("on the bytes view the items are bytes", async () => {
  const member = Buffer.from([0xff, 0x00]);
  await redis.sadd("set", member);
  expect(await collect(redis.bytes.sscanIterator("set"))).toEqual([member]);
});

test("a loop that stops early asks for no further step", async () => {
  await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
  await redis.configResetstat();
  for await (const key of redis.scanIterator({ count: 10 })) {
    expect(key).toContain("name:");
    break;
  }
  const { cmdstat_scan: calls } = await redis.info("commandstats");
  expect(calls).toContain("calls=1,");
});

test("a missing key has nothing to scan", async () => {
  expect(await collect(redis.sscanIterator("missing"))).toEqual([]);
});
