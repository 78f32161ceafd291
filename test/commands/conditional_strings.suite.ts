import { describe, expect, expectTypeOf, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { type Since, testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

const REDIS: Since = { redis: "8.4.0" };
const VALKEY: Since = { valkey: "9.0.0" };
const MSETEX: Since = { redis: "8.4.0", valkey: "9.1.0" };
const LATE = new Date("2099-12-31T00:00:00.250Z");

/** What every surface does with conditions on strings. */
export function conditionalStringsSuite(surface: Surface): void {
  describe("deleting by condition", () => {
    deleting(surface);
  });
  describe("MSETEX", () => {
    setting(surface);
  });
}

function deleting(surface: Surface): void {
  testSince(surface, REDIS, "DELEX deletes if the condition is met", async () => {
    const redis = surface.commands;
    await redis.mset({ a: "", b: 1, c: 2, d: 3 });
    expect(await redis.delex("a", { when: { equals: "x" } })).toBe(false);
    expect(await redis.delex("a", { when: { equals: "" } })).toBe(true);
    expect(await redis.delex("b", { when: { notEquals: 1 } })).toBe(false);
    expect(await redis.delex("b", { when: { notEquals: 0 } })).toBe(true);
    expect(await redis.delex("missing", { when: { notEquals: 1 } })).toBe(false);
    expect(await redis.delex("d")).toBe(true);
    expect(await redis.delex("d", {})).toBe(false);
    expect(await redis.exists(["a", "b", "c", "d"])).toBe(1);
  });

  testSince(surface, REDIS, "DELEX takes a digest, which DIGEST gives", async () => {
    const redis = surface.commands;
    await redis.set("a", "hello");
    expect(await redis.digest("a")).toBe("9555e8555c62dcfd");
    expect(await surface.bytes.digest("a")).toBe("9555e8555c62dcfd");
    expect(await redis.digest("missing")).toBeNull();
    const digest = "9555e8555c62dcfd";
    expect(await redis.delex("a", { when: { digestNotEquals: digest } })).toBe(false);
    expect(await redis.delex("a", { when: { digestEquals: "0".repeat(16) } })).toBe(false);
    expect(await redis.delex("a", { when: { digestEquals: digest } })).toBe(true);
    await redis.set("a", "hello");
    expect(await redis.delex("a", { when: { digestNotEquals: "0".repeat(16) } })).toBe(true);
    await redis.set("a", "hello");
    const malformed = { when: { digestEquals: "hello" } };
    await expect(redis.delex("a", malformed)).rejects.toThrow(ServerError);
  });

  testSince(surface, REDIS, "DELEX and DIGEST refuse another type", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    const condition = { when: { equals: "x" } };
    expect(await redis.delex("missing", condition)).toBe(false);
    await expect(redis.delex("list", condition)).rejects.toThrow("should be of string type");
    await expect(redis.digest("list")).rejects.toThrow(WrongTypeError);
    expect(await redis.delex("list")).toBe(true);
  });

  testSince(surface, VALKEY, "DELIFEQ deletes if the value is the expected one", async () => {
    const redis = surface.commands;
    const bytes = Buffer.from([0xff, 0]);
    await redis.mset([
      ["a", 1],
      [bytes, bytes],
      ["empty", ""],
    ]);
    expect(await redis.delifeq("a", 2)).toBe(false);
    expect(await redis.delifeq("a", 1)).toBe(true);
    expect(await redis.delifeq("a", 1)).toBe(false);
    expect(await redis.delifeq("empty", "")).toBe(true);
    expect(await surface.bytes.delifeq(bytes, bytes)).toBe(true);
    await redis.rpush("list", ["x"]);
    await expect(redis.delifeq("list", "x")).rejects.toThrow(WrongTypeError);
  });
}

function setting(surface: Surface): void {
  testSince(surface, MSETEX, "sets keys and their expiry", async () => {
    const redis = surface.commands;
    expect(await redis.msetex({ a: 1, b: "" })).toBe(true);
    expect(await redis.mget(["a", "b"])).toEqual(["1", ""]);
    expect(await redis.msetex(new Map([["a", 2]]), { expireInSeconds: 100 })).toBe(true);
    expect(await redis.ttl("a")).toBeGreaterThan(90);
    expect(await redis.msetex({ a: 3 }, { keepTtl: true })).toBe(true);
    expect(await redis.ttl("a")).toBeGreaterThan(90);
    expect(await redis.msetex({ a: 4 }, { expireAtMilliseconds: LATE })).toBe(true);
    expect(await redis.pexpiretime("a")).toBe(LATE.getTime());
    expect(await redis.msetex({ a: 5 }, { expireAt: LATE })).toBe(true);
    expect(await redis.msetex({ a: 6 }, { expireInMilliseconds: 1e5 })).toBe(true);
    expect(await redis.msetex([[Buffer.from("a"), 7]])).toBe(true);
    expect(await redis.ttl("a")).toBe(-1);
    await expect(redis.msetex({ a: 1 }, { expireInSeconds: 0 })).rejects.toThrow(ServerError);
  });

  testSince(surface, MSETEX, "sets all or nothing under a condition", async () => {
    const redis = surface.commands;
    expect(await redis.msetex({ a: 1 }, { when: "XX" })).toBe(false);
    expect(await redis.msetex({ a: 1 }, { when: "NX" })).toBe(true);
    expect(await redis.msetex({ a: 2, b: 2 }, { when: "NX", expireInSeconds: 9 })).toBe(false);
    expect(await redis.msetex({ a: 2, b: 2 }, { when: "XX" })).toBe(false);
    expect(await redis.msetex({ a: 3 }, { when: "XX", keepTtl: true })).toBe(true);
    expect(await redis.mget(["a", "b"])).toEqual(["3", null]);
  });

  test("refuses to set nothing", async () => {
    await expect(async () => surface.commands.msetex({})).rejects.toThrow(ArgumentError);
  });
}

/** Never called: the compiler is the test. */
export async function conditionalStringTypes({ commands: redis, bytes }: Surface): Promise<void> {
  expectTypeOf(bytes.digest("a")).toEqualTypeOf<Promise<string | null>>();
  // @ts-expect-error at most one condition
  await redis.delex("a", { when: { equals: 1, digestEquals: "0000000000000000" } });
  // @ts-expect-error at most one expiry
  await redis.msetex({ a: 1 }, { expireInSeconds: 1, keepTtl: true });
}
