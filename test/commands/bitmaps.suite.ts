import { expect, expectTypeOf, test } from "vitest";
import type { BitfieldOperation } from "../../src/commands/bitmaps.ts";
import { ArgumentError, DecodeError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

export function bitmapsSuite(surface: Surface): void {
  singleBits(surface);
  searches(surface);
  combinations(surface);
  bitfields(surface);

  test("a key of another type is a WrongTypeError", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    await expect(redis.getbit("list", 0)).rejects.toThrow(WrongTypeError);
    await expect(redis.setbit("list", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(redis.bitcount("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.bitpos("list", 1)).rejects.toThrow(WrongTypeError);
    await expect(redis.bitop("NOT", "a", "list")).rejects.toThrow(WrongTypeError);
    const get = [{ get: "u8", offset: 0 }] as const;
    await expect(redis.bitfield("list", get)).rejects.toThrow(WrongTypeError);
    await expect(redis.bitfield_ro("list", get)).rejects.toThrow(WrongTypeError);
  });

  test("nothing at all is an ArgumentError", async () => {
    const redis = surface.commands;
    await expect(async () => redis.bitop("OR", "a", [])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.bitfield("a", [])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.bitfield_ro("a", [])).rejects.toThrow(ArgumentError);
  });
}

function singleBits(surface: Surface): void {
  test("SETBIT gives the old bit, GETBIT the present one", async () => {
    const redis = surface.commands;
    expect(await redis.setbit("a", 7, 1)).toBe(0);
    expect(await redis.setbit("a", 7, 0)).toBe(1);
    expect(await redis.setbit("a", 0, 1)).toBe(0);
    expect(await redis.getbit("a", 0)).toBe(1);
    expect(await redis.getbit("a", 7)).toBe(0);
    expect(await redis.getbit("a", 1_000)).toBe(0);
    expect(await redis.getbit("missing", 0)).toBe(0);
    expect(await surface.bytes.get("a")).toStrictEqual(Buffer.from([0x80]));
  });

  test("an offset beyond the limit is a ServerError", async () => {
    const redis = surface.commands;
    await expect(redis.setbit("a", 2 ** 53 - 1, 1)).rejects.toThrow(ServerError);
    await expect(redis.getbit("a", -1)).rejects.toThrow(ServerError);
  });
}

function searches(surface: Surface): void {
  test("BITCOUNT counts in all bytes, or in a range of bytes or bits", async () => {
    const redis = surface.commands;
    await redis.set("a", "foobar");
    expect(await redis.bitcount("a")).toBe(26);
    expect(await redis.bitcount("a", {})).toBe(26);
    expect(await redis.bitcount("a", { start: 0, end: 0 })).toBe(4);
    expect(await redis.bitcount("a", { start: 1 })).toBe(22);
    expect(await redis.bitcount("a", { end: 1, unit: "BYTE" })).toBe(10);
    expect(await redis.bitcount("a", { start: 5, end: 30, unit: "BIT" })).toBe(17);
    expect(await redis.bitcount("a", { start: -8, unit: "BIT" })).toBe(4);
    expect(await redis.bitcount("missing")).toBe(0);
  });

  test("BITPOS finds the first bit, with any part of a range", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.from([0x00, 0xff, 0xf0]));
    expect(await redis.bitpos("a", 1)).toBe(8);
    expect(await redis.bitpos("a", 0, {})).toBe(0);
    expect(await redis.bitpos("a", 1, { start: 2 })).toBe(16);
    expect(await redis.bitpos("a", 1, { end: 0 })).toBe(-1);
    expect(await redis.bitpos("a", 0, { start: 1, end: -1 })).toBe(20);
    expect(await redis.bitpos("a", 1, { start: 7, end: 15, unit: "BIT" })).toBe(8);
    expect(await redis.bitpos("a", 1, { start: 0, end: 0, unit: "BYTE" })).toBe(-1);
  });

  test("BITPOS finds a 0 after the last byte unless an end is given", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.from([0xff]));
    expect(await redis.bitpos("a", 0)).toBe(8);
    expect(await redis.bitpos("a", 0, { start: 0 })).toBe(8);
    expect(await redis.bitpos("a", 0, { start: 0, end: -1 })).toBe(-1);
    expect(await redis.bitpos("missing", 0)).toBe(0);
    expect(await redis.bitpos("missing", 1)).toBe(-1);
  });
}

function combinations(surface: Surface): void {
  test("BITOP combines values and gives the length of the result", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.from([0b1100, 0xff]));
    await redis.set("b", Buffer.from([0b1010]));
    expect(await redis.bitop("AND", "and", ["a", "b"])).toBe(2);
    expect(await redis.bitop("OR", "or", ["a", "b"])).toBe(2);
    expect(await redis.bitop("XOR", "xor", new Set(["a", "b"]))).toBe(2);
    expect(await redis.bitop("NOT", "not", "b")).toBe(1);
    expect(await redis.bitop("OR", "copy", "b")).toBe(1);
    const results = await surface.bytes.mget(["and", "or", "xor", "not", "copy"]);
    expect(results.map((result) => result?.toString("hex"))).toStrictEqual([
      "0800",
      "0eff",
      "06ff",
      "f5",
      "0a",
    ]);
  });

  testSince(surface, { redis: "8.2.0" }, "BITOP compares one value with others", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.from([0b1100]));
    await redis.set("b", Buffer.from([0b1010]));
    await redis.set("c", Buffer.from([0b1001]));
    const results: Record<string, number | undefined> = {};
    for (const operation of ["DIFF", "DIFF1", "ANDOR"] as const) {
      expect(await redis.bitop(operation, "result", ["a", "b", "c"])).toBe(1);
      results[operation] = (await surface.bytes.get("result"))?.[0];
    }
    expect(await redis.bitop("ONE", "result", new Set(["a", "b", "c"]))).toBe(1);
    results["ONE"] = (await surface.bytes.get("result"))?.[0];
    expect(results).toEqual({ DIFF: 0b0100, DIFF1: 0b0011, ANDOR: 0b1000, ONE: 0b0111 });
    expect(await redis.bitop("ONE", "result", "a")).toBe(1);
    await expect(redis.bitop("DIFF", "result", ["a"])).rejects.toThrow(ServerError);
  });

  test("BITOP of missing keys deletes the destination", async () => {
    const redis = surface.commands;
    await redis.set("a", "x");
    expect(await redis.bitop("AND", "a", ["missing"])).toBe(0);
    expect(await redis.exists("a")).toBe(0);
  });
}

function bitfields(surface: Surface): void {
  test("BITFIELD gives one number for each operation", async () => {
    const redis = surface.commands;
    const [before, read, sum] = await redis.bitfield("a", [
      { set: "u8", offset: 0, value: 200 },
      { get: "i8", offset: 0 },
      { incrby: "u8", offset: "#1", increment: 3n },
    ]);
    expectTypeOf(before).toEqualTypeOf<number>();
    expect([before, read, sum]).toStrictEqual([0, -56, 3]);
    expect(await surface.bytes.get("a")).toStrictEqual(Buffer.from([200, 3]));
  });

  test("BITFIELD has an overflow for each operation, WRAP unless given", async () => {
    const redis = surface.commands;
    const results = await redis.bitfield("a", [
      { set: "u8", offset: 0, value: 250 },
      { incrby: "u8", offset: 0, increment: 10, overflow: "FAIL" },
      { incrby: "u8", offset: 0, increment: 10, overflow: "SAT" },
      { incrby: "u8", offset: 0, increment: 10 },
      { set: "u8", offset: 0, value: 300, overflow: "FAIL" },
      { set: "u8", offset: 0, value: 300, overflow: "WRAP" },
      { get: "u8", offset: 0 },
    ]);
    expectTypeOf(results).toEqualTypeOf<
      [number, number | null, number, number, number | null, number, number]
    >();
    expect(results).toStrictEqual([0, null, 255, 9, null, 9, 44]);
  });

  test("BITFIELD takes a list made elsewhere", async () => {
    const operations: BitfieldOperation[] = [{ incrby: "u2", offset: 0, increment: 1 }];
    const results = await surface.bytes.bitfield("a", operations);
    expectTypeOf(results).toEqualTypeOf<(number | null)[]>();
    expect(results).toStrictEqual([1]);
  });

  test("BITFIELD_RO reads", async () => {
    const redis = surface.commands;
    await redis.set("a", "foobar");
    const codes = await redis.bitfield_ro("a", [
      { get: "u8", offset: 0 },
      { get: "u8", offset: "#1" },
    ]);
    expectTypeOf(codes).toEqualTypeOf<[number, number]>();
    expect(codes).toStrictEqual([102, 111]);
    expect(await redis.bitfield_ro("missing", [{ get: "i64", offset: 0 }])).toStrictEqual([0]);
  });

  test("an integer that a number cannot hold is a DecodeError, not a wrong digit", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.alloc(8, 0x7f));
    await expect(redis.bitfield("a", [{ get: "i64", offset: 0 }])).rejects.toThrow(DecodeError);
  });
}

/** Never called: the compiler is the test. */
export async function bitmapTypes({ commands: redis }: Surface): Promise<void> {
  expectTypeOf(redis.getbit("a", 0)).toEqualTypeOf<Promise<0 | 1>>();
  // @ts-expect-error a bit is 0 or 1
  await redis.setbit("a", 0, 2);
  // @ts-expect-error a unit needs an end
  await redis.bitpos("a", 1, { start: 0, unit: "BIT" });
  // @ts-expect-error a difference needs several values
  await redis.bitop("DIFF", "a", "b");
  // @ts-expect-error only one value can be inverted
  await redis.bitop("NOT", "a", ["b", "c"]);
  // @ts-expect-error reading does not overflow
  await redis.bitfield("a", [{ get: "u8", offset: 0, overflow: "FAIL" }]);
  // @ts-expect-error one thing per operation
  await redis.bitfield("a", [{ get: "u8", set: "u8", offset: 0, value: 1 }]);
  // @ts-expect-error BITFIELD_RO only reads
  await redis.bitfield_ro("a", [{ set: "u8", offset: 0, value: 1 }]);
}
