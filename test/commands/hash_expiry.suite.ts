import { describe, expect, expectTypeOf, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { isAtLeast, type Since, testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

const EXPIRY: Since = { redis: "7.4.0", valkey: "9.0.0" };
const SETEX: Since = { redis: "8.0.0", valkey: "9.0.0" };
const GETDEL: Since = { redis: "8.0.0", valkey: "9.1.0" };
/** Later than any test runs. */
const LATE = new Date("2099-12-31T00:00:00.250Z");
const LATE_SECONDS = Math.floor(LATE.getTime() / 1_000);
const BYTES = Buffer.from([0x00, 0xff]);

/** What every surface does with the expiry of fields of hashes. */
export function hashExpirySuite(surface: Surface): void {
  describe("setting a time to live", () => {
    expiring(surface);
  });
  describe("reading and removing it", () => {
    reading(surface);
  });
  describe("values and expiry in one step", () => {
    valuesWithExpiry(surface);
  });
  refusing(surface);
}

function expiring(surface: Surface): void {
  testSince(surface, EXPIRY, "HEXPIRE tells what became of each field", async () => {
    const { commands, bytes } = surface;
    await commands.hset("h", { a: 1, b: 2, c: 3 });
    expect(await commands.hexpire("h", 100, ["a", "missing"])).toEqual(["set", "missing"]);
    expect(await commands.hexpire("missing", 100, "a")).toEqual(["missing"]);
    expect(await bytes.hexpire("h", 0, new Set(["b", "missing"]))).toEqual(["deleted", "missing"]);
    expect(await commands.hkeys("h")).toEqual(["a", "c"]);
  });

  testSince(surface, EXPIRY, "HEXPIRE keeps to its condition", async () => {
    const { commands } = surface;
    await commands.hset("h", { a: 1, b: 2 });
    await commands.hexpire("h", 100, "a");
    const both = ["a", "b"];
    const unmet = "condition-not-met";
    expect(await commands.hexpire("h", 200, both, { when: "NX" })).toEqual([unmet, "set"]);
    expect(await commands.hexpire("h", 150, both, { when: "GT" })).toEqual(["set", unmet]);
    expect(await commands.hexpire("h", 170, both, { when: "LT" })).toEqual([unmet, "set"]);
    await commands.hpersist("h", "b");
    expect(await commands.hexpire("h", 100, both, { when: "XX" })).toEqual(["set", unmet]);
  });

  testSince(surface, EXPIRY, "HEXPIREAT and HPEXPIREAT take a Date or a number", async () => {
    const { commands } = surface;
    await commands.hset("h", { a: 1, b: 2, c: 3, d: 4, e: 5 });
    expect(await commands.hexpireat("h", LATE, "a")).toEqual(["set"]);
    expect(await commands.hexpireat("h", LATE_SECONDS, "b", { when: "NX" })).toEqual(["set"]);
    expect(await commands.hpexpireat("h", LATE, "c")).toEqual(["set"]);
    expect(await commands.hpexpireat("h", LATE.getTime(), "d", { when: "XX" })).toEqual([
      "condition-not-met",
    ]);
    expect(await commands.hexpireat("h", 1, "e")).toEqual(["deleted"]);
    const seconds = [LATE_SECONDS, LATE_SECONDS, -1, -2];
    expect(await commands.hexpiretime("h", ["a", "b", "d", "e"])).toEqual(seconds);
    expect(await commands.hpexpiretime("h", ["b", "c"])).toEqual([
      LATE_SECONDS * 1_000,
      LATE.getTime(),
    ]);
  });

  testSince(surface, EXPIRY, "HPEXPIRE takes milliseconds, 0 too", async () => {
    const { commands } = surface;
    await commands.hset("h", { a: 1, b: 2 });
    expect(await commands.hpexpire("h", 100_000, "a")).toEqual(["set"]);
    expect((await commands.httl("h", "a"))[0]).toBeGreaterThan(90);
    expect(await commands.hpexpire("h", 1, "a", { when: "GT" })).toEqual(["condition-not-met"]);
    expect(await commands.hpexpire("h", 0, "b")).toEqual(["deleted"]);
  });

  testSince(surface, EXPIRY, "fields may be any bytes", async () => {
    const { bytes } = surface;
    await bytes.hset("h", BYTES, BYTES);
    expect(await bytes.hexpire("h", 100, BYTES)).toEqual(["set"]);
    expect(await bytes.hpersist("h", [BYTES])).toEqual(["persisted"]);
  });
}

function reading(surface: Surface): void {
  testSince(
    surface,
    EXPIRY,
    "HTTL and HPTTL give -1 without expiry, -2 without field",
    async () => {
      for (const redis of [surface.commands, surface.bytes]) {
        await redis.hset("h", { a: 1, b: 2 });
        await redis.hexpire("h", 100, "a");
        const [seconds, ...others] = await redis.httl("h", ["a", "b", "missing"]);
        expect(seconds).toBeGreaterThan(90);
        expect(others).toEqual([-1, -2]);
        const [milliseconds, ...rest] = await redis.hpttl("h", ["a", "b", "missing"]);
        expect(milliseconds).toBeGreaterThan(90_000);
        expect(rest).toEqual([-1, -2]);
        expect(await redis.httl("missing", ["a", "b"])).toEqual([-2, -2]);
        expect(await redis.hexpiretime("missing", "a")).toEqual([-2]);
        expect(await redis.hpexpiretime("missing", "a")).toEqual([-2]);
      }
    },
  );

  testSince(surface, EXPIRY, "HPERSIST tells what became of each field", async () => {
    const { commands } = surface;
    await commands.hset("h", { a: 1, b: 2 });
    await commands.hexpire("h", 100, "a");
    const results = await commands.hpersist("h", ["a", "b", "missing"]);
    expect(results).toEqual(["persisted", "no-expiry", "missing"]);
    expect(await commands.httl("h", "a")).toEqual([-1]);
    expect(await commands.hpersist("missing", "a")).toEqual(["missing"]);
  });
}

function valuesWithExpiry(surface: Surface): void {
  testSince(surface, SETEX, "HSETEX sets fields and their expiry", async () => {
    const { commands } = surface;
    expect(await commands.hsetex("h", { a: 1, b: 2 }, { expireInSeconds: 100 })).toBe(true);
    expect(await commands.hsetex("h", new Map([["a", 3]]), { keepTtl: true })).toBe(true);
    expect((await commands.httl("h", "a"))[0]).toBeGreaterThan(90);
    expect(await commands.hsetex("h", { a: 4 }, { expireAt: LATE })).toBe(true);
    expect(await commands.hexpiretime("h", "a")).toEqual([LATE_SECONDS]);
    expect(await commands.hsetex("h", { a: 4 }, { expireAtMilliseconds: LATE })).toBe(true);
    expect(await commands.hpexpiretime("h", "a")).toEqual([LATE.getTime()]);
    await commands.hsetex("h", [[BYTES, BYTES]], { expireInMilliseconds: 100_000 });
    expect(await surface.bytes.hmget("h", [BYTES])).toEqual([BYTES]);
    expect(await commands.hsetex("h", { a: 5 })).toBe(true);
    expect(await commands.httl("h", "a")).toEqual([-1]);
  });

  testSince(surface, SETEX, "HSETEX keeps to its condition on the fields", async () => {
    const { commands } = surface;
    expect(await commands.hsetex("h", { a: 1 }, { when: "FXX" })).toBe(false);
    expect(await commands.hsetex("h", { a: 1 }, { when: "FNX", expireInSeconds: 9 })).toBe(true);
    expect(await commands.hsetex("h", { a: 2, b: 2 }, { when: "FNX" })).toBe(false);
    expect(await commands.hsetex("h", { a: 2, b: 2 }, { when: "FXX" })).toBe(false);
    expect(await commands.hgetall("h")).toEqual({ a: "1" });
  });

  testSince(surface, { valkey: "9.0.0" }, "HSETEX keeps to its condition on the key", async () => {
    const { commands } = surface;
    expect(await commands.hsetex("h", { a: 1 }, { whenKey: "XX" })).toBe(false);
    expect(await commands.hsetex("h", { a: 1 }, { whenKey: "NX", when: "FNX" })).toBe(true);
    expect(await commands.hsetex("h", { b: 1 }, { whenKey: "NX" })).toBe(false);
    expect(await commands.hsetex("h", { b: 1 }, { whenKey: "XX", keepTtl: true })).toBe(true);
  });

  testSince(surface, SETEX, "HGETEX gives values and changes the expiry", async () => {
    const { commands, bytes } = surface;
    await commands.hset("h", { a: 1, b: "" });
    expect(await commands.hgetex("h", ["a", "missing", "b"])).toEqual(["1", null, ""]);
    expect(await commands.httl("h", "a")).toEqual([-1]);
    expect(await commands.hgetex("h", "a", { expireAt: LATE })).toEqual(["1"]);
    expect(await commands.hexpiretime("h", "a")).toEqual([LATE_SECONDS]);
    expect(await commands.hgetex("h", "a", { expireInSeconds: 100 })).toEqual(["1"]);
    expect((await commands.httl("h", "a"))[0]).toBeLessThan(101);
    expect(await commands.hgetex("h", "a", { persist: true })).toEqual(["1"]);
    expect(await commands.httl("h", "a")).toEqual([-1]);
    expect(await bytes.hgetex("missing", ["a", "b"])).toEqual([null, null]);
    expect(await bytes.hgetex("h", "a")).toEqual([Buffer.from("1")]);
  });

  testSince(surface, GETDEL, "HGETDEL gives values and deletes the fields", async () => {
    const { commands, bytes } = surface;
    await commands.hset("h", { a: 1, b: 2, c: 3 });
    expect(await commands.hgetdel("h", ["a", "missing"])).toEqual(["1", null]);
    expect(await bytes.hgetdel("h", new Set(["b", "c"]))).toEqual(["2", "3"].map(Buffer.from));
    expect(await commands.exists("h")).toBe(0);
    expect(await commands.hgetdel("h", "a")).toEqual([null]);
  });
}

function refusing(surface: Surface): void {
  testSince(surface, EXPIRY, "a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    expect(await commands.httl("missing", "a")).toEqual([-2]);
    await commands.set("text", "x");
    const refused = [
      commands.hexpire("text", 1, "a"),
      commands.hexpireat("text", 1, "a"),
      commands.hexpiretime("text", "a"),
      commands.hpersist("text", "a"),
      commands.hpexpire("text", 1, "a"),
      commands.hpexpireat("text", 1, "a"),
      commands.hpexpiretime("text", "a"),
      commands.hpttl("text", "a"),
      commands.httl("text", "a"),
    ];
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ reason: expect.any(WrongTypeError) });
    }
  });

  test("a key of another type, or an unknown command, is a ServerError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    const wrongType = isAtLeast(surface, GETDEL) ? WrongTypeError : ServerError;
    await expect(commands.hgetdel("text", "a")).rejects.toThrow(wrongType);
    await expect(commands.hgetex("text", "a")).rejects.toThrow(wrongType);
    await expect(commands.hsetex("text", { a: 1 })).rejects.toThrow(wrongType);
  });

  test("no fields at all are an ArgumentError", async () => {
    const { commands } = surface;
    await expect(async () => commands.hexpire("h", 1, [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.hpersist("h", new Set())).rejects.toThrow(ArgumentError);
    await expect(async () => commands.hgetdel("h", [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.hgetex("h", [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.hsetex("h", {})).rejects.toThrow(ArgumentError);
  });
}

/** Never called: the compiler is the test. */
export async function hashExpiryTypes({ commands: redis, bytes }: Surface): Promise<void> {
  expectTypeOf(bytes.hgetdel("h", "a")).toEqualTypeOf<Promise<(Buffer | null)[]>>();
  // @ts-expect-error at most one expiry
  await redis.hsetex("h", { a: 1 }, { expireInSeconds: 1, keepTtl: true });
  // @ts-expect-error an expiry or none
  await redis.hgetex("h", "a", { expireInSeconds: 1, persist: true });
  // @ts-expect-error a condition on fields has a word of its own
  await redis.hsetex("h", { a: 1 }, { when: "NX" });
}
