import { describe, expect, expectTypeOf, test } from "vitest";
import { bigint, date, json, number } from "../../src/command/convert.ts";
import { DecodeError } from "../../src/errors.ts";

describe("converters", () => {
  test("number reads numbers, and refuses what would lose a digit", () => {
    expect(number("36")).toBe(36);
    expect(number(Buffer.from("-1.5e3"))).toBe(-1500);
    expect(number("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => number("9007199254740993")).toThrow(DecodeError);
    for (const wrong of ["", " ", "x", "1x"]) expect(() => number(wrong)).toThrow(DecodeError);
  });

  test("bigint reads integers of any size", () => {
    expect(bigint("-9007199254740993")).toBe(-9007199254740993n);
    for (const wrong of ["", "-", "1.5", "0x10", " 1"]) {
      expect(() => bigint(wrong)).toThrow(DecodeError);
    }
  });

  test("date reads what toISOString writes", () => {
    const now = new Date();
    expect(date(now.toISOString())).toEqual(now);
    expect(() => date("yesterday")).toThrow(DecodeError);
  });

  test("nil stays null, and the types say so", () => {
    const maybe = null as string | null;
    expect([number(maybe), bigint(maybe), date(maybe), json(Number)(maybe)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expectTypeOf(number(maybe)).toEqualTypeOf<number | null>();
    expectTypeOf(number("1")).toEqualTypeOf<number>();
    expectTypeOf(date(maybe)).toEqualTypeOf<Date | null>();
    expectTypeOf(bigint("1")).toEqualTypeOf<bigint>();
  });
});
