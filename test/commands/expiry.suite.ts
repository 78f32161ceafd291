import { expect, expectTypeOf, test } from "vitest";
import type { ExpireOptions } from "../../src/commands/expiry.ts";
import type { Surface } from "../support/surfaces.ts";

export function expirySuite(surface: Surface): void {
  settingExpiry(surface);
  conditions(surface);
  readingExpiry(surface);
}

function settingExpiry(surface: Surface): void {
  test("each of the four commands sets a time to live", async () => {
    const redis = surface.commands;
    const time = Math.floor(Date.now() / 1_000) + 600;
    await redis.mset({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 });
    expect(await redis.expire("a", 600)).toBe(true);
    expect(await redis.pexpire("b", 600_000)).toBe(true);
    expect(await redis.expireat("c", time)).toBe(true);
    expect(await redis.expireat("d", new Date(time * 1_000 + 999))).toBe(true);
    expect(await redis.pexpireat("e", time * 1_000 + 1)).toBe(true);
    expect(await redis.pexpireat("f", new Date(time * 1_000 + 1))).toBe(true);
    for (const key of "abcdef") {
      expect(await redis.ttl(key)).toBeGreaterThan(580);
      expect(await redis.ttl(key)).toBeLessThanOrEqual(600);
    }
    expect(await redis.pexpiretime("d")).toBe(time * 1_000);
    expect(await redis.pexpiretime("f")).toBe(time * 1_000 + 1);
  });

  test("a missing key has no time to live to set", async () => {
    const redis = surface.commands;
    expect(await redis.expire("missing", 600)).toBe(false);
    expect(await redis.pexpire("missing", 600)).toBe(false);
    expect(await redis.expireat("missing", new Date("2099-12-31"))).toBe(false);
    expect(await redis.pexpireat("missing", new Date("2099-12-31"))).toBe(false);
  });

  test("a time to live of 0 or less deletes the key", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 1, c: 1, d: 1 });
    expect(await redis.expire("a", 0)).toBe(true);
    expect(await redis.pexpire("b", -1)).toBe(true);
    expect(await redis.expireat("c", 0)).toBe(true);
    expect(await redis.pexpireat("d", new Date(0))).toBe(true);
    expect(await redis.exists(["a", "b", "c", "d"])).toBe(0);
  });

  test("PERSIST removes the time to live, and says whether there was one", async () => {
    const redis = surface.commands;
    await redis.set("a", 1, { expireInSeconds: 600 });
    expect(await redis.persist("a")).toBe(true);
    expect(await redis.persist("a")).toBe(false);
    expect(await redis.persist("missing")).toBe(false);
    expect(await redis.ttl("a")).toBe(-1);
  });
}

function conditions(surface: Surface): void {
  test("a condition decides on the time to live that the key has", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    expect(await redis.expire("a", 600, { when: "XX" })).toBe(false);
    expect(await redis.expire("a", 600, { when: "GT" })).toBe(false);
    expect(await redis.expire("a", 600, { when: ["XX", "LT"] })).toBe(false);
    expect(await redis.expire("a", 600, { when: "LT" })).toBe(true);
    expect(await redis.expire("a", 700, { when: "NX" })).toBe(false);
    expect(await redis.expire("a", 500, { when: "GT" })).toBe(false);
    expect(await redis.expire("a", 700, { when: ["XX", "GT"] })).toBe(true);
    expect(await redis.expire("a", 650, { when: ["XX", "LT"] })).toBe(true);
    expect(await redis.expire("a", 600, { when: "XX" })).toBe(true);
    expect(await redis.expire("a", 600, {})).toBe(true);
  });

  test("every command of the four takes a condition", async () => {
    const redis = surface.commands;
    const options: ExpireOptions = { when: "XX" };
    const time = Date.now() + 600_000;
    await redis.set("a", 1);
    expect(await redis.pexpire("a", 600_000, options)).toBe(false);
    expect(await redis.expireat("a", new Date(time), options)).toBe(false);
    expect(await redis.pexpireat("a", time, options)).toBe(false);
    expect(await redis.ttl("a")).toBe(-1);
  });
}

function readingExpiry(surface: Surface): void {
  test("the four readings agree, in bytes form, too", async () => {
    const redis = surface.commands;
    await redis.set("a", 1, { expireAt: new Date("2099-12-31T00:00:00.000Z") });
    expect(await redis.expiretime("a")).toBe(4_102_358_400);
    expect(await redis.pexpiretime("a")).toBe(4_102_358_400_000);
    expect(await surface.bytes.expiretime("a")).toBe(4_102_358_400);
    const left = 4_102_358_400 - Date.now() / 1_000;
    expect(Math.abs((await redis.ttl("a")) - left)).toBeLessThan(10);
    expect(Math.abs((await redis.pttl("a")) / 1_000 - left)).toBeLessThan(10);
  });

  test("-1 is no time to live, -2 no key", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    for (const [key, answer] of [["a", -1] as const, ["missing", -2] as const]) {
      expect(await redis.ttl(key)).toBe(answer);
      expect(await redis.pttl(key)).toBe(answer);
      expect(await redis.expiretime(key)).toBe(answer);
      expect(await redis.pexpiretime(key)).toBe(answer);
    }
  });
}

/** Never called: the compiler is the test. */
export async function expiryTypes({ commands: redis }: Surface): Promise<void> {
  expectTypeOf(redis.expire("a", 1)).toEqualTypeOf<Promise<boolean>>();
  // @ts-expect-error NX excludes the others
  await redis.expire("a", 1, { when: ["NX", "GT"] });
  // @ts-expect-error later or earlier, not both
  await redis.expire("a", 1, { when: ["XX", "GT", "LT"] });
}
