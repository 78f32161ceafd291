import { expect, expectTypeOf, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

export function sortingSuite(surface: Surface): void {
  orders(surface);
  otherKeys(surface);

  test("SORT stores a list, and deletes it where there is nothing to store", async () => {
    const redis = surface.commands;
    await redis.rpush("a", [3, 1, 2]);
    expect(await redis.sort("a", { store: "sorted" })).toBe(3);
    expect(await redis.lrange("sorted", 0, -1)).toStrictEqual(["1", "2", "3"]);
    expect(await redis.sort("a", { store: "sorted", get: ["#", "no:*"] })).toBe(6);
    expect(await redis.lrange("sorted", 0, 1)).toStrictEqual(["1", ""]);
    expect(await surface.bytes.sort("missing", { store: "sorted" })).toBe(0);
    expect(await redis.exists("sorted")).toBe(0);
  });

  test("what cannot be sorted is an error", async () => {
    const redis = surface.commands;
    await redis.set("string", "x");
    await redis.rpush("words", ["b", "a"]);
    await expect(redis.sort("string")).rejects.toThrow(WrongTypeError);
    await expect(redis.sort_ro("string")).rejects.toThrow(WrongTypeError);
    await expect(redis.sort("words")).rejects.toThrow(ServerError);
    await expect(async () => redis.sort("words", { get: [] })).rejects.toThrow(ArgumentError);
  });
}

function orders(surface: Surface): void {
  test("SORT and SORT_RO order numbers or text, up or down, a part of them", async () => {
    const redis = surface.commands;
    await redis.rpush("a", [10, 9, 1.5]);
    expect(await redis.sort("a")).toStrictEqual(["1.5", "9", "10"]);
    for (const sort of [redis.sort.bind(redis), redis.sort_ro.bind(redis)]) {
      expect(await sort("a", { order: "ASC" })).toStrictEqual(["1.5", "9", "10"]);
      expect(await sort("a", { order: "DESC" })).toStrictEqual(["10", "9", "1.5"]);
      expect(await sort("a", { alpha: true })).toStrictEqual(["1.5", "10", "9"]);
      expect(await sort("a", { limit: { offset: 1, count: 1 } })).toStrictEqual(["9"]);
      expect(await sort("a", { limit: { offset: 0, count: 0 } })).toStrictEqual([]);
      expect(await sort("missing")).toStrictEqual([]);
    }
    expect(await surface.bytes.sort("a")).toStrictEqual(
      ["1.5", "9", "10"].map((x) => Buffer.from(x)),
    );
  });

  test("sets and sorted sets can be sorted, too", async () => {
    const redis = surface.commands;
    await redis.sadd("set", [2, 1]);
    await redis.zadd("zset", { 3: 1, 2: 5 });
    expect(await redis.sort("set")).toStrictEqual(["1", "2"]);
    expect(await redis.sort_ro("zset")).toStrictEqual(["2", "3"]);
  });
}

function otherKeys(surface: Surface): void {
  test("other keys give the order and the values, null where there is none", async () => {
    const redis = surface.commands;
    await redis.rpush("ids", [1, 2, 3]);
    await redis.mset({ "weight:1": 30, "weight:2": 20, "weight:3": 10, "name:1": "ann" });
    expect(await redis.sort("ids", { by: "weight:*" })).toStrictEqual(["3", "2", "1"]);
    expect(await redis.sort_ro("ids", { by: "weight:*" })).toStrictEqual(["3", "2", "1"]);
    const named = ["1", "ann", "2", null, "3", null];
    expect(await redis.sort("ids", { get: ["#", "name:*"] })).toStrictEqual(named);
    expect(await redis.sort_ro("ids", { get: ["#", "name:*"] })).toStrictEqual(named);
    expect(await redis.sort("ids", { get: "name:*" })).toStrictEqual(["ann", null, null]);
    const bytes = [Buffer.from("ann"), null, null];
    expect(await surface.bytes.sort_ro("ids", { get: "name:*" })).toStrictEqual(bytes);
  });

  test("a pattern without a star keeps the order; hashes give fields", async () => {
    const redis = surface.commands;
    await redis.rpush("ids", [2, 1]);
    await redis.hset("user:1", { name: "ann", age: 50 });
    await redis.hset("user:2", { name: "bob", age: 40 });
    expect(await redis.sort("ids", { by: "nosort" })).toStrictEqual(["2", "1"]);
    const names = await redis.sort("ids", { by: "user:*->age", get: "user:*->name" });
    expect(names).toStrictEqual(["bob", "ann"]);
  });
}

/** Never called: the compiler is the test. */
export async function sortTypes({ commands: redis, bytes }: Surface): Promise<void> {
  expectTypeOf(redis.sort("a")).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(bytes.sort("a", { get: "#" })).toEqualTypeOf<Promise<(Buffer | null)[]>>();
  expectTypeOf(redis.sort("a", { get: "#", store: "b" })).toEqualTypeOf<Promise<number>>();
  // @ts-expect-error SORT_RO stores nothing
  await redis.sort_ro("a", { store: "b" });
}
