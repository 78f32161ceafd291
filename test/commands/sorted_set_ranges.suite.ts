import { describe, expect, test } from "vitest";
import { WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
const FIVE = { a: 1, b: 2, c: 3, d: 4, e: 5 };
const NAMES = { ann: 0, bob: 0, cid: 0, dan: 0, eve: 0 };

/** What every surface does with the commands on ranges of sorted sets. */
export function sortedSetRangesSuite(surface: Surface): void {
  zrange(surface);
  stored(surface);
  counted(surface);
  removed(surface);
  deprecatedByScore(surface);
  deprecatedOthers(surface);
  otherTypes(surface);

  test("bytes come back as they were", async () => {
    const { bytes } = surface;
    await bytes.zadd(BYTES, [{ member: BYTES, score: 0 }]);
    const bound = Buffer.concat([Buffer.from("["), BYTES]);
    const scored = [{ member: BYTES, score: 0 }];
    expect(await bytes.zrange(BYTES, 0, -1)).toEqual([BYTES]);
    expect(await bytes.zrange(BYTES, 0, -1, { withScores: true })).toEqual(scored);
    expect(await bytes.zrange(BYTES, bound, bound, { by: "LEX" })).toEqual([BYTES]);
    expect(await bytes.zrangebyscore(BYTES, 0, 0, { withScores: true })).toEqual(scored);
    expect(await bytes.zlexcount(BYTES, bound, "+")).toBe(1);
    expect(await bytes.zremrangebylex(BYTES, "-", bound)).toBe(1);
  });
}

function zrange(surface: Surface): void {
  describe("ZRANGE", () => {
    test("goes by positions", async () => {
      const { commands } = surface;
      await commands.zadd("z", FIVE);
      expect(await commands.zrange("z", 0, -1)).toEqual(["a", "b", "c", "d", "e"]);
      expect(await commands.zrange("z", 1, 2, {})).toEqual(["b", "c"]);
      expect(await commands.zrange("z", 0, 0, { by: "RANK" })).toEqual(["a"]);
      expect(await commands.zrange("z", 0, 1, { reverse: true })).toEqual(["e", "d"]);
      expect(await commands.zrange("z", 3, 1)).toEqual([]);
      expect(await commands.zrange("missing", 0, -1)).toEqual([]);
    });

    test("gives scores where asked to", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: -Infinity, b: 2.5, c: Infinity });
      expect(await commands.zrange("z", 0, -1, { withScores: true })).toEqual([
        { member: "a", score: -Infinity },
        { member: "b", score: 2.5 },
        { member: "c", score: Infinity },
      ]);
      expect(await commands.zrange("z", 0, 0, { withScores: true, reverse: true })).toEqual([
        { member: "c", score: Infinity },
      ]);
      expect(await commands.zrange("z", 0, 0, { withScores: false })).toEqual(["a"]);
      expect(await commands.zrange("missing", 0, -1, { withScores: true })).toEqual([]);
    });

    test("goes by scores", async () => {
      const { commands } = surface;
      await commands.zadd("z", FIVE);
      const by = "SCORE";
      const half = 1.5;
      expect(await commands.zrange("z", 2, 3, { by })).toEqual(["b", "c"]);
      expect(await commands.zrange("z", "(2", "(4", { by })).toEqual(["c"]);
      expect(await commands.zrange("z", `(${half}`, "+inf", { by })).toEqual(["b", "c", "d", "e"]);
      expect(await commands.zrange("z", -Infinity, 1, { by })).toEqual(["a"]);
      expect(await commands.zrange("z", Infinity, 4, { by, reverse: true })).toEqual(["e", "d"]);
      const limit = { offset: 1, count: 2 };
      expect(await commands.zrange("z", 0, 9, { by, limit })).toEqual(["b", "c"]);
      expect(await commands.zrange("z", 0, 9, { by, limit, withScores: true })).toEqual([
        { member: "b", score: 2 },
        { member: "c", score: 3 },
      ]);
      expect(await commands.zrange("z", 0, 9, { by, limit: { offset: 0, count: 0 } })).toEqual([]);
      expect(await commands.zrange("z", 4, 9, { by, limit: { offset: 0, count: -1 } })).toEqual([
        "d",
        "e",
      ]);
    });

    test("goes by members where scores are equal", async () => {
      const { commands } = surface;
      await commands.zadd("z", NAMES);
      const by = "LEX";
      expect(await commands.zrange("z", "[bob", "(dan", { by })).toEqual(["bob", "cid"]);
      expect(await commands.zrange("z", "-", "[ann", { by })).toEqual(["ann"]);
      expect(await commands.zrange("z", "+", "(dan", { by, reverse: true })).toEqual(["eve"]);
      expect(await commands.zrange("z", "-", "+", { by, limit: { offset: 3, count: 1 } })).toEqual([
        "dan",
      ]);
    });
  });
}

function stored(surface: Surface): void {
  test("ZRANGESTORE stores a range in place of what was there", async () => {
    const { commands } = surface;
    await commands.zadd("z", FIVE);
    await commands.set("to", "text");
    expect(await commands.zrangestore("to", "z", { start: 0, stop: 1 })).toBe(2);
    expect(await commands.zrange("to", 0, -1)).toEqual(["a", "b"]);
    expect(await commands.zrangestore("to", "z", { start: 0, stop: 0, reverse: true })).toBe(1);
    expect(await commands.zrange("to", 0, -1, { withScores: true })).toEqual([
      { member: "e", score: 5 },
    ]);
    const limit = { offset: 1, count: 1 };
    const byScore = { start: "(1", stop: Infinity, by: "SCORE", limit } as const;
    expect(await commands.zrangestore("to", "z", byScore)).toBe(1);
    expect(await commands.zrange("to", 0, -1)).toEqual(["c"]);
    await commands.zadd("names", NAMES);
    const byLex = { start: "[bob", stop: "+", by: "LEX", limit } as const;
    expect(await commands.zrangestore("to", "names", byLex)).toBe(1);
    expect(await commands.zrange("to", 0, -1)).toEqual(["cid"]);
    expect(await commands.zrangestore("to", "missing", { start: 0, stop: -1 })).toBe(0);
    expect(await commands.exists("to")).toBe(0);
  });
}

function counted(surface: Surface): void {
  test("ZCOUNT counts between scores, ZLEXCOUNT between members", async () => {
    const { commands } = surface;
    await commands.zadd("z", FIVE);
    expect(await commands.zcount("z", 2, 4)).toBe(3);
    expect(await commands.zcount("z", "(2", "(4")).toBe(1);
    expect(await commands.zcount("z", -Infinity, Infinity)).toBe(5);
    expect(await commands.zcount("z", "-inf", "(+inf")).toBe(5);
    expect(await commands.zcount("missing", 0, 1)).toBe(0);
    await commands.zadd("names", NAMES);
    expect(await commands.zlexcount("names", "-", "+")).toBe(5);
    expect(await commands.zlexcount("names", "(ann", "[cid")).toBe(2);
    expect(await commands.zlexcount("missing", "-", "+")).toBe(0);
  });
}

function removed(surface: Surface): void {
  test("ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX count what is gone", async () => {
    const { commands } = surface;
    await commands.zadd("z", FIVE);
    expect(await commands.zremrangebyrank("z", 0, 0)).toBe(1);
    expect(await commands.zremrangebyrank("z", -1, -1)).toBe(1);
    expect(await commands.zremrangebyscore("z", "(2", 3)).toBe(1);
    expect(await commands.zrange("z", 0, -1)).toEqual(["b", "d"]);
    expect(await commands.zremrangebyscore("z", -Infinity, Infinity)).toBe(2);
    expect(await commands.zremrangebyrank("missing", 0, -1)).toBe(0);
    await commands.zadd("names", NAMES);
    expect(await commands.zremrangebylex("names", "-", "(cid")).toBe(2);
    expect(await commands.zremrangebylex("names", "[dan", "[dan")).toBe(1);
    expect(await commands.zrange("names", 0, -1)).toEqual(["cid", "eve"]);
  });
}

function deprecatedByScore(surface: Surface): void {
  test("ZRANGEBYSCORE and ZREVRANGEBYSCORE go by scores", async () => {
    const { commands } = surface;
    await commands.zadd("z", FIVE);
    const limit = { offset: 1, count: 1 };
    expect(await commands.zrangebyscore("z", 1, "(3")).toEqual(["a", "b"]);
    expect(await commands.zrangebyscore("z", -Infinity, 9, { limit })).toEqual(["b"]);
    expect(await commands.zrangebyscore("z", 0, 9, { limit, withScores: true })).toEqual([
      { member: "b", score: 2 },
    ]);
    expect(await commands.zrevrangebyscore("z", Infinity, "(3")).toEqual(["e", "d"]);
    expect(await commands.zrevrangebyscore("z", 9, 0, { limit })).toEqual(["d"]);
    expect(await commands.zrevrangebyscore("z", 9, 0, { limit, withScores: true })).toEqual([
      { member: "d", score: 4 },
    ]);
    expect(await commands.zrangebyscore("missing", 0, 9, { withScores: true })).toEqual([]);
  });
}

function deprecatedOthers(surface: Surface): void {
  test("ZREVRANGE goes by positions from the highest score", async () => {
    const { commands } = surface;
    await commands.zadd("z", FIVE);
    expect(await commands.zrevrange("z", 0, 1)).toEqual(["e", "d"]);
    expect(await commands.zrevrange("z", -1, -1, { withScores: true })).toEqual([
      { member: "a", score: 1 },
    ]);
    expect(await commands.zrevrange("missing", 0, -1, { withScores: false })).toEqual([]);
  });

  test("ZRANGEBYLEX and ZREVRANGEBYLEX go by members", async () => {
    const { commands } = surface;
    await commands.zadd("names", NAMES);
    const limit = { offset: 1, count: 2 };
    expect(await commands.zrangebylex("names", "(ann", "[cid")).toEqual(["bob", "cid"]);
    expect(await commands.zrangebylex("names", "-", "+", { limit })).toEqual(["bob", "cid"]);
    expect(await commands.zrevrangebylex("names", "[bob", "-")).toEqual(["bob", "ann"]);
    expect(await commands.zrevrangebylex("names", "+", "-", { limit })).toEqual(["dan", "cid"]);
  });
}

function otherTypes(surface: Surface): void {
  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    const start = { start: 0, stop: 1 };
    await expect(commands.zrange("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zrangestore("to", "text", start)).rejects.toThrow(WrongTypeError);
    await expect(commands.zcount("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zlexcount("text", "-", "+")).rejects.toThrow(WrongTypeError);
    await expect(commands.zremrangebyrank("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zremrangebyscore("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zremrangebylex("text", "-", "+")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrangebyscore("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zrevrangebyscore("text", 1, 0)).rejects.toThrow(WrongTypeError);
    await expect(commands.zrevrange("text", 0, 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.zrangebylex("text", "-", "+")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrevrangebylex("text", "+", "-")).rejects.toThrow(WrongTypeError);
  });
}

/** Never called: what must not compile. */
export function sortedSetRangeTypes({ commands }: Surface): void {
  const limit = { offset: 0, count: 1 };
  // @ts-expect-error positions have no limit
  void commands.zrange("z", 0, 1, { limit });
  // @ts-expect-error a position is a number
  void commands.zrange("z", "(1", 1);
  // @ts-expect-error a member is no score
  void commands.zrange("z", "[a", "+", { by: "SCORE" });
  // @ts-expect-error where one goes by members all scores are equal
  void commands.zrange("z", "-", "+", { by: "LEX", withScores: true });
  // @ts-expect-error positions have no limit
  void commands.zrangestore("to", "z", { start: 0, stop: 1, limit });
  // @ts-expect-error a number is no member
  void commands.zrangestore("to", "z", { start: 0, stop: 1, by: "LEX" });
  // @ts-expect-error no bound of a score
  void commands.zcount("z", "1.5", "+inf");
}
