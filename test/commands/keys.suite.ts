import { randomUUID } from "node:crypto";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Command } from "../../src/command/command.ts";
import { ok } from "../../src/command/decoders.ts";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

export function keysSuite(surface: Surface): void {
  describe("copies and names", () => {
    copiesAndNames(surface);
  });
  describe("existence", () => {
    existence(surface);
  });
  describe("search", () => {
    search(surface);
  });
  describe("OBJECT", () => {
    objects(surface);
  });

  test("WAIT gives how many replicas have the writes", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    expect(await redis.wait(0, 10)).toBe(0);
    expect(await redis.wait(1, 10)).toBe(0);
  });

  const sevenTwo = { redis: "7.2.0", valkey: "7.2.0" };
  testSince(surface, sevenTwo, "WAITAOF tells who has the writes on disk", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    expect(await redis.waitaof({}, 0)).toEqual({ local: 0, replicas: 0 });
    expect(await redis.waitaof({ local: false, replicas: 1 }, 10)).toMatchObject({ replicas: 0 });
    await expect(redis.waitaof({ local: true }, 10)).rejects.toThrow("appendonly is disabled");
  });
}

function copiesAndNames(surface: Surface): void {
  test("COPY leaves a destination that exists, unless told to replace it", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 2 });
    expect(await redis.copy("a", "c")).toBe(true);
    expect(await redis.copy("a", "b")).toBe(false);
    expect(await redis.copy("a", "b", { replace: true })).toBe(true);
    expect(await redis.copy("missing", "d")).toBe(false);
    expect(await redis.mget(["b", "c"])).toStrictEqual(["1", "1"]);
  });

  test("COPY takes the number of a database, 0 included", async () => {
    const redis = surface.commands;
    const key = randomUUID();
    await redis.set(key, 1);
    expect(await redis.copy(key, key, { db: 1 })).toBe(true);
    expect(await redis.copy(key, key, { db: 1 })).toBe(false);
    expect(await redis.copy(key, key, { db: 1, replace: true })).toBe(true);
    expect(await redis.copy(key, "b", { db: 0 })).toBe(true);
    await expect(redis.copy(key, key)).rejects.toThrow(ServerError);
  });

  test("MOVE takes a key to another database", async () => {
    const redis = surface.commands;
    const key = randomUUID();
    await redis.set(key, 1);
    expect(await redis.move(key, 1)).toBe(true);
    expect(await redis.move(key, 1)).toBe(false);
    expect(await redis.exists(key)).toBe(0);
    await redis.set(key, 2);
    expect(await redis.move(key, 1)).toBe(false);
    await expect(redis.move(key, 1_000_000)).rejects.toThrow(ServerError);
  });

  test("RENAME overwrites, RENAMENX does not", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 2, c: 3 });
    expect(await redis.renamenx("a", "b")).toBe(false);
    expect(await redis.rename("a", "b")).toBe(true);
    expect(await redis.renamenx("b", "d")).toBe(true);
    expect(await redis.mget(["a", "b", "d"])).toStrictEqual([null, null, "1"]);
    await expect(redis.rename("missing", "e")).rejects.toThrow("no such key");
    await expect(redis.renamenx("missing", "e")).rejects.toThrow(ServerError);
  });
}

function existence(surface: Surface): void {
  test("DEL, UNLINK, EXISTS and TOUCH count keys: one, an array or a Set", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 2, c: 3, "": 4 });
    expect(await redis.exists("a")).toBe(1);
    expect(await redis.exists(["a", "a", "b", "missing"])).toBe(3);
    expect(await redis.touch(new Set(["a", "b", "missing"]))).toBe(2);
    expect(await redis.del(["a", "missing"])).toBe(1);
    expect(await redis.unlink(new Set(["b", "c"]))).toBe(2);
    expect(await surface.bytes.del(Buffer.from(""))).toBe(1);
    expect(await redis.exists(["a", "b", "c", ""])).toBe(0);
  });

  test("what KEYS gives can be deleted", async () => {
    const redis = surface.commands;
    await redis.mset({ "user:1": 1, "user:2": 2 });
    expect(await redis.del(await redis.keys("user:*"))).toBe(2);
  });

  test("no keys at all are an ArgumentError", async () => {
    const redis = surface.commands;
    await expect(async () => redis.del([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.unlink(new Set<string>())).rejects.toThrow(ArgumentError);
    await expect(async () => redis.exists([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.touch([])).rejects.toThrow(ArgumentError);
  });

  test("TYPE names what a key holds", async () => {
    const redis = surface.commands;
    await redis.set("string", 1);
    await redis.rpush("list", ["x"]);
    await redis.sadd("set", "x");
    await redis.hset("hash", { field: "x" });
    await redis.zadd("zset", { x: 1 });
    for (const key of ["string", "list", "set", "hash", "zset"]) {
      expect(await redis.type(key)).toBe(key);
    }
    expect(await redis.type("missing")).toBe("none");
    expect(await surface.bytes.type("list")).toBe("list");
  });
}

function search(surface: Surface): void {
  test("KEYS gives a Set of what matches", async () => {
    const redis = surface.commands;
    await redis.mset({ "user:1": 1, "user:2": 2, other: 3 });
    expect(await redis.keys("user:*")).toStrictEqual(new Set(["user:1", "user:2"]));
    expect(await redis.keys(Buffer.from("x*"))).toStrictEqual(new Set());
    expect(await surface.bytes.keys("other")).toStrictEqual(new Set([Buffer.from("other")]));
  });

  test("SCAN goes through all keys", async () => {
    const redis = surface.commands;
    const names = Array.from({ length: 100 }, (_, index) => `key:${index}`);
    await redis.mset(names.map((name) => [name, ""]));
    const found = new Set<string>();
    let cursor = "0";
    do {
      const page = await redis.scan(cursor, { count: 7 });
      for (const key of page.keys) found.add(key);
      cursor = page.cursor;
      expectTypeOf(cursor).toEqualTypeOf<string>();
    } while (cursor !== "0");
    expect(found).toStrictEqual(new Set(names));
  });

  test("SCAN filters by pattern and type", async () => {
    const redis = surface.commands;
    await redis.mset({ a1: 1, a2: 2, b1: 3 });
    await redis.rpush("a3", ["x"]);
    const all = { count: 1_000 };
    const { keys } = await redis.scan("0", { ...all, match: "a*", type: "string" });
    expect(keys.sort()).toStrictEqual(["a1", "a2"]);
    const lists = { cursor: "0", keys: ["a3"] };
    expect(await redis.scan(0, { ...all, type: "list" })).toStrictEqual(lists);
    const none = { cursor: "0", keys: [] };
    expect(await redis.scan("0", { ...all, match: "" })).toStrictEqual(none);
    const bytes = { cursor: "0", keys: [Buffer.from("b1")] };
    expect(await surface.bytes.scan("0", { ...all, match: "b*" })).toStrictEqual(bytes);
  });

  test("RANDOMKEY gives a key, null from an empty database", async () => {
    const redis = surface.commands;
    expect(await redis.randomkey()).toBeNull();
    await redis.set("a", 1);
    expect(await redis.randomkey()).toBe("a");
    expect(await surface.bytes.randomkey()).toStrictEqual(Buffer.from("a"));
  });
}

function objects(surface: Surface): void {
  test("OBJECT ENCODING is text on every surface", async () => {
    const redis = surface.commands;
    await redis.mset({ number: 1, text: "x" });
    expect(await redis.objectEncoding("number")).toBe("int");
    expect(await surface.bytes.objectEncoding("text")).toBe("embstr");
    expect(await redis.objectEncoding("missing")).toBeNull();
  });

  test("OBJECT IDLETIME and REFCOUNT are numbers", async () => {
    const redis = surface.commands;
    await redis.set("a", "text");
    expect(await redis.objectIdletime("a")).toBeLessThan(10);
    expect(await redis.objectRefcount("a")).toBe(1);
    expect(await redis.objectIdletime("missing")).toBeNull();
    expect(await redis.objectRefcount("missing")).toBeNull();
  });

  test("OBJECT FREQ needs an LFU policy", async () => {
    const redis = surface.commands;
    await redis.set("a", "text");
    expect(await redis.objectFreq("missing")).toBeNull();
    await expect(redis.objectFreq("a")).rejects.toThrow(ServerError);
    await redis.run(new Command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"], ok));
    try {
      await redis.set("a", "text");
      expect(await redis.objectFreq("a")).toBeGreaterThan(0);
    } finally {
      await redis.run(new Command(["CONFIG", "SET", "maxmemory-policy", "noeviction"], ok));
    }
  });
}

/** Never called: the compiler is the test. */
export function keyTypes({ commands: redis, bytes }: Surface): void {
  expectTypeOf(redis.keys("*")).toEqualTypeOf<Promise<Set<string>>>();
  expectTypeOf(bytes.keys("*")).toEqualTypeOf<Promise<Set<Buffer>>>();
  expectTypeOf(redis.rename("a", "b")).toEqualTypeOf<Promise<true>>();
}
