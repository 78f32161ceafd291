import { describe, expect, expectTypeOf, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

export function stringsSuite(surface: Surface): void {
  describe("one value", () => {
    gettingAndSetting(surface);
  });
  describe("expiry", () => {
    expiring(surface);
  });
  describe("several values", () => {
    severalValues(surface);
  });
  describe("numbers", () => {
    numbers(surface);
  });
  describe("parts of a value", () => {
    partsOfValues(surface);
  });
  describe("LCS", () => {
    commonSubsequences(surface);
  });
}

function gettingAndSetting(surface: Surface): void {
  test("GET gives what SET has written, null for a missing key", async () => {
    const redis = surface.commands;
    expect(await redis.set("a", "text")).toBe(true);
    expect(await redis.get("a")).toBe("text");
    expect(await redis.get("missing")).toBeNull();
  });

  test("values may be empty, numbers, bigints and bytes; keys may be bytes", async () => {
    const redis = surface.commands;
    await redis.set("empty", "");
    await redis.set("number", 1.5);
    await redis.set("bigint", 2n ** 64n);
    await redis.set(Buffer.from([0xff, 0]), Buffer.from([0, 1, 0xfe]));
    expect(await redis.get("empty")).toBe("");
    expect(await redis.get("number")).toBe("1.5");
    expect(await redis.get("bigint")).toBe("18446744073709551616");
    const bytes = await surface.bytes.get(Buffer.from([0xff, 0]));
    expect(bytes).toStrictEqual(Buffer.from([0, 1, 0xfe]));
  });

  test("SET with a condition says whether it was met", async () => {
    const redis = surface.commands;
    expect(await redis.set("a", 1, { when: "XX" })).toBe(false);
    expect(await redis.set("a", 1, { when: "NX" })).toBe(true);
    expect(await redis.set("a", 2, { when: "NX" })).toBe(false);
    expect(await redis.set("a", 3, { when: "XX" })).toBe(true);
    expect(await redis.get("a")).toBe("3");
  });

  const withIfeq = { redis: "8.4.0", valkey: "8.1.0" };
  testSince(surface, withIfeq, "SET can depend on the value that is there", async () => {
    const redis = surface.commands;
    await redis.set("a", "");
    expect(await redis.set("a", 1, { when: { equals: "" } })).toBe(true);
    expect(await redis.set("a", 2, { when: { equals: 0 } })).toBe(false);
    expect(await redis.set("a", 2, { when: { equals: 1 }, get: true })).toBe("1");
    expect(await redis.set("a", 3, { when: { equals: 1 }, get: true })).toBe("2");
    expect(await redis.set("missing", 1, { when: { equals: "" } })).toBe(false);
    const bytes = Buffer.from([0xff, 0]);
    expect(await redis.set("a", bytes, { when: { equals: 2 }, expireInSeconds: 100 })).toBe(true);
    expect(await redis.set("a", "x", { when: { equals: bytes }, keepTtl: true })).toBe(true);
    expect(await redis.ttl("a")).toBeGreaterThan(90);
    await redis.rpush("list", ["x"]);
    const condition = { when: { equals: 1 } };
    await expect(redis.set("list", 1, condition)).rejects.toThrow(WrongTypeError);
  });

  testSince(surface, { redis: "8.4.0" }, "SET can depend on another value or digest", async () => {
    const redis = surface.commands;
    expect(await redis.set("a", "hello", { when: { notEquals: "" } })).toBe(true);
    expect(await redis.set("a", "x", { when: { notEquals: "hello" } })).toBe(false);
    const digest = (await redis.digest("a")) ?? "";
    expect(await redis.set("a", "x", { when: { digestNotEquals: digest } })).toBe(false);
    expect(await redis.set("a", "x", { when: { digestEquals: digest } })).toBe(true);
    expect(await redis.set("a", "y", { when: { digestEquals: digest } })).toBe(false);
    expect(await redis.set("a", "y", { when: { digestNotEquals: digest } })).toBe(true);
    expect(await redis.get("a")).toBe("y");
  });

  test("SET with get gives the old value, with or without a condition", async () => {
    const redis = surface.commands;
    expect(await redis.set("a", 1, { get: true })).toBeNull();
    expect(await redis.set("a", 2, { get: true })).toBe("1");
    expect(await redis.set("a", 3, { get: true, when: "NX" })).toBe("2");
    expect(await redis.get("a")).toBe("2");
    expect(await surface.bytes.set("a", 3, { get: true })).toStrictEqual(Buffer.from("2"));
  });

  test("GETDEL gives the value and deletes the key", async () => {
    const redis = surface.commands;
    await redis.set("a", "1");
    expect(await redis.getdel("a")).toBe("1");
    expect(await redis.getdel("a")).toBeNull();
  });

  test("GETSET and SETNX still work", async () => {
    const redis = surface.commands;
    expect(await redis.getset("a", "1")).toBeNull();
    expect(await redis.getset("a", "2")).toBe("1");
    expect(await redis.setnx("a", "3")).toBe(false);
    expect(await redis.setnx("b", "3")).toBe(true);
  });

  test("a key of another type is a WrongTypeError", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    await expect(redis.get("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.getdel("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.getex("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.getset("list", 1)).rejects.toThrow(WrongTypeError);
    await expect(redis.set("list", 1, { get: true })).rejects.toThrow(WrongTypeError);
    await expect(redis.incr("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.append("list", "x")).rejects.toThrow(WrongTypeError);
    await expect(redis.strlen("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.getrange("list", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(redis.setrange("list", 0, "x")).rejects.toThrow(WrongTypeError);
  });
}

function expiring(surface: Surface): void {
  const inTenMinutes = (): number => Date.now() + 600_000;
  const expectTenMinutes = async (key: string): Promise<void> => {
    const left = await surface.commands.pttl(key);
    expect(left).toBeGreaterThan(580_000);
    expect(left).toBeLessThanOrEqual(601_000);
  };

  test("SET takes an expiry in each unit, as a span or a time", async () => {
    const redis = surface.commands;
    await redis.set("a", 1, { expireInSeconds: 600 });
    await redis.set("b", 1, { expireInMilliseconds: 600_000 });
    await redis.set("c", 1, { expireAt: new Date(inTenMinutes()) });
    await redis.set("d", 1, { expireAt: Math.floor(inTenMinutes() / 1_000) });
    await redis.set("e", 1, { expireAtMilliseconds: new Date(inTenMinutes()) });
    await redis.set("f", 1, { expireAtMilliseconds: inTenMinutes() });
    for (const key of "abcdef") await expectTenMinutes(key);
  });

  test("SET keeps the time to live only if told to", async () => {
    const redis = surface.commands;
    await redis.set("a", 1, { expireInSeconds: 600 });
    await redis.set("a", 2, { keepTtl: true });
    await expectTenMinutes("a");
    await redis.set("a", 3, { keepTtl: false });
    expect(await redis.ttl("a")).toBe(-1);
  });

  test("an expiry of 0 is sent, and the server refuses it", async () => {
    const redis = surface.commands;
    await expect(redis.set("a", 1, { expireInSeconds: 0 })).rejects.toThrow(ServerError);
    await expect(redis.setex("a", 0, 1)).rejects.toThrow(ServerError);
  });

  test("GETEX changes the expiry in each unit, removes it, or leaves it", async () => {
    const redis = surface.commands;
    const options = [
      { expireInSeconds: 600 },
      { expireInMilliseconds: 600_000 },
      { expireAt: new Date(inTenMinutes()) },
      { expireAtMilliseconds: inTenMinutes() },
    ];
    for (const option of options) {
      await redis.set("a", "value");
      expect(await redis.getex("a", option)).toBe("value");
      await expectTenMinutes("a");
    }
    expect(await redis.getex("a")).toBe("value");
    expect(await redis.getex("a", { persist: false })).toBe("value");
    await expectTenMinutes("a");
    expect(await redis.getex("a", { persist: true })).toBe("value");
    expect(await redis.ttl("a")).toBe(-1);
    expect(await redis.getex("missing", { expireInSeconds: 1 })).toBeNull();
  });

  test("SETEX and PSETEX still work", async () => {
    const redis = surface.commands;
    expect(await redis.setex("a", 600, "1")).toBe(true);
    expect(await redis.psetex("b", 600_000, "2")).toBe(true);
    await expectTenMinutes("a");
    await expectTenMinutes("b");
  });
}

function severalValues(surface: Surface): void {
  test("MSET takes an object, a Map or pairs; MGET takes an array or a Set", async () => {
    const redis = surface.commands;
    expect(await redis.mset({ a: 1, b: "" })).toBe(true);
    expect(await redis.mset(new Map([["c", "3"]]))).toBe(true);
    expect(await redis.mset([["d", 4]])).toBe(true);
    expect(await redis.mget(["a", "b", "missing"])).toStrictEqual(["1", "", null]);
    expect(await redis.mget(new Set(["c", "d"]))).toStrictEqual(["3", "4"]);
    expect(await surface.bytes.mget(["a", "no"])).toStrictEqual([Buffer.from("1"), null]);
  });

  test("MGET gives null for a key of another type", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    expect(await redis.mget(["list"])).toStrictEqual([null]);
  });

  test("MSETNX sets all or nothing", async () => {
    const redis = surface.commands;
    expect(await redis.msetnx({ a: 1, b: 2 })).toBe(true);
    expect(await redis.msetnx({ b: 3, c: 3 })).toBe(false);
    expect(await redis.mget(["a", "b", "c"])).toStrictEqual(["1", "2", null]);
  });

  test("nothing at all is an ArgumentError", async () => {
    const redis = surface.commands;
    await expect(async () => redis.mget([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.mset({})).rejects.toThrow(ArgumentError);
    await expect(async () => redis.msetnx([])).rejects.toThrow(ArgumentError);
  });
}

function numbers(surface: Surface): void {
  test("INCR, INCRBY, DECR and DECRBY count from 0", async () => {
    const redis = surface.commands;
    expect(await redis.incr("a")).toBe(1);
    expect(await redis.incrby("a", 41)).toBe(42);
    expect(await redis.incrby("a", 0)).toBe(42);
    expect(await redis.incrby("a", -2n)).toBe(40);
    expect(await redis.decr("a")).toBe(39);
    expect(await redis.decrby("a", 40)).toBe(-1);
    expect(await redis.decrby("a", 1n)).toBe(-2);
    expect(await surface.bytes.incr("a")).toBe(-1);
  });

  test("INCRBYFLOAT gives a number, in bytes form, too", async () => {
    const redis = surface.commands;
    await redis.set("a", "10.50");
    expect(await redis.incrbyfloat("a", 0.1)).toBe(10.6);
    expect(await redis.incrbyfloat("a", -5)).toBe(5.6);
    expect(await redis.incrbyfloat("b", 1e21)).toBe(1e21);
    expect(await surface.bytes.incrbyfloat("a", 0)).toBe(5.6);
  });

  test("an increment that is not finite is an ArgumentError", async () => {
    const redis = surface.commands;
    const infinite = async (): Promise<number> => redis.incrbyfloat("a", Infinity);
    await expect(infinite).rejects.toThrow(ArgumentError);
  });

  test("text that is no number is a ServerError", async () => {
    const redis = surface.commands;
    await redis.set("a", "ten");
    await expect(redis.incr("a")).rejects.toThrow(ServerError);
    await expect(redis.incrbyfloat("a", 1)).rejects.toThrow(ServerError);
  });
}

function partsOfValues(surface: Surface): void {
  test("APPEND, SETRANGE and STRLEN count bytes", async () => {
    const redis = surface.commands;
    expect(await redis.strlen("a")).toBe(0);
    expect(await redis.append("a", "caf")).toBe(3);
    expect(await redis.append("a", "é")).toBe(5);
    expect(await redis.append("a", "")).toBe(5);
    expect(await redis.strlen("a")).toBe(5);
    expect(await redis.setrange("a", 0, "C")).toBe(5);
    expect(await redis.setrange("a", 6, "!")).toBe(7);
    expect(await redis.get("a")).toBe("Café\0!");
  });

  test("GETRANGE and SUBSTR give a part, negative positions count from the end", async () => {
    const redis = surface.commands;
    await redis.set("a", "hello world");
    expect(await redis.getrange("a", 0, 4)).toBe("hello");
    expect(await redis.getrange("a", -5, -1)).toBe("world");
    expect(await redis.getrange("a", 20, 30)).toBe("");
    expect(await redis.getrange("missing", 0, -1)).toBe("");
    expect(await redis.substr("a", 6, 7)).toBe("wo");
  });

  test("a range may cut a character, and bytes form shows it", async () => {
    await surface.commands.set("a", "é");
    expect(await surface.bytes.getrange("a", 0, 0)).toStrictEqual(Buffer.from([0xc3]));
  });
}

function commonSubsequences(surface: Surface): void {
  test("LCS gives the subsequence, or its length", async () => {
    const redis = surface.commands;
    await redis.mset({ a: "ohmytext", b: "mynewtext" });
    expect(await redis.lcs("a", "b")).toBe("mytext");
    expect(await redis.lcs("a", "b", { length: true })).toBe(6);
    expect(await redis.lcs("a", "missing")).toBe("");
    expect(await surface.bytes.lcs("a", "b")).toStrictEqual(Buffer.from("mytext"));
  });

  test("LCS gives the ranges that match, all or long ones", async () => {
    const redis = surface.commands;
    await redis.mset({ a: "ohmytext", b: "mynewtext" });
    const text = { first: { start: 4, end: 7 }, second: { start: 5, end: 8 }, length: 4 };
    const my = { first: { start: 2, end: 3 }, second: { start: 0, end: 1 }, length: 2 };
    const all = { matches: [text, my], length: 6 };
    const long = { matches: [text], length: 6 };
    expect(await redis.lcs("a", "b", { matches: true })).toStrictEqual(all);
    expect(await redis.lcs("a", "b", { matches: true, minMatchLength: 0 })).toStrictEqual(all);
    expect(await redis.lcs("a", "b", { matches: true, minMatchLength: 4 })).toStrictEqual(long);
    expect(await surface.bytes.lcs("a", "b", { matches: true })).toStrictEqual(all);
  });

  test("LCS of something other than strings is a ServerError", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    await expect(redis.lcs("list", "list")).rejects.toThrow(ServerError);
  });
}

/** Never called: the compiler is the test. */
export async function stringTypes({ commands: redis, bytes }: Surface): Promise<void> {
  expectTypeOf(redis.set("a", 1)).toEqualTypeOf<Promise<boolean>>();
  expectTypeOf(redis.set("a", 1, { get: true })).toEqualTypeOf<Promise<string | null>>();
  expectTypeOf(bytes.set("a", 1, { get: true })).toEqualTypeOf<Promise<Buffer | null>>();
  expectTypeOf(redis.lcs("a", "b", { length: true })).toEqualTypeOf<Promise<number>>();
  expectTypeOf(bytes.lcs("a", "b")).toEqualTypeOf<Promise<Buffer>>();
  // @ts-expect-error at most one expiry
  await redis.set("a", 1, { expireInSeconds: 1, expireInMilliseconds: 1 });
  // @ts-expect-error at most one condition
  await redis.set("a", 1, { when: { equals: 1, notEquals: 2 } });
  // @ts-expect-error a condition on the value says which
  await redis.set("a", 1, { when: {} });
  // @ts-expect-error an expiry or the old one
  await redis.set("a", 1, { expireInSeconds: 1, keepTtl: true });
  // @ts-expect-error an expiry or none
  await redis.getex("a", { expireInSeconds: 1, persist: true });
  // @ts-expect-error GETEX has no KEEPTTL
  await redis.getex("a", { keepTtl: true });
  // @ts-expect-error the length or the ranges
  await redis.lcs("a", "b", { length: true, matches: true });
  // @ts-expect-error the length has no shortest match
  await redis.lcs("a", "b", { length: true, minMatchLength: 1 });
}
