import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on sorted sets, but ranges, pops and combinations. */
export function sortedSetsSuite(surface: Surface): void {
  zadd(surface);
  scores(surface);
  ranks(surface);
  randomMembers(surface);
  scans(surface);

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await expect(commands.zadd("text", { a: 1 })).rejects.toThrow(WrongTypeError);
    await expect(commands.zadd("text", { a: 1 }, { increment: true })).rejects.toThrow(
      WrongTypeError,
    );
    await expect(commands.zcard("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.zincrby("text", 1, "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zscore("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zmscore("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrank("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrevrank("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrem("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.zrandmember("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.zscan("text", "0")).rejects.toThrow(WrongTypeError);
  });

  test("bytes come back as they were", async () => {
    const { commands, bytes } = surface;
    await commands.zadd(BYTES, new Map([[BYTES, 1.5]]));
    expect(await bytes.zadd(BYTES, [{ member: BYTES, score: 2 }], { countChanged: true })).toBe(1);
    expect(await bytes.zscore(BYTES, BYTES)).toBe(2);
    expect(await bytes.zmscore(BYTES, [BYTES, "x"])).toEqual([2, null]);
    expect(await bytes.zincrby(BYTES, 0.5, BYTES)).toBe(2.5);
    expect(await bytes.zrandmember(BYTES)).toEqual(BYTES);
    expect(await bytes.zrandmember(BYTES, 1, { withScores: true })).toEqual([
      { member: BYTES, score: 2.5 },
    ]);
    expect(await bytes.zscan(BYTES, "0")).toEqual({
      cursor: "0",
      members: [{ member: BYTES, score: 2.5 }],
    });
    expect(await bytes.zrem(BYTES, BYTES)).toBe(1);
  });
}

function zadd(surface: Surface): void {
  describe("ZADD", () => {
    test("counts the members that are new", async () => {
      const { commands } = surface;
      expect(await commands.zadd("z", { a: 1, b: 2 })).toBe(2);
      expect(await commands.zadd("z", { b: 3, c: 0 })).toBe(1);
      expect(await commands.zadd("z", { b: 3 }, { increment: false })).toBe(0);
      expect(await commands.zmscore("z", ["a", "b", "c"])).toEqual([1, 3, 0]);
    });

    test("takes an object, a Map, or what WITHSCORES gives", async () => {
      const { commands } = surface;
      expect(
        await commands.zadd(
          "z",
          new Map<string | number, number>([
            ["a", 1],
            [7, 2],
          ]),
        ),
      ).toBe(2);
      expect(await commands.zadd("z", new Set([{ member: "b", score: 3 }]))).toBe(1);
      expect(
        await commands.zadd("y", await commands.zrange("z", 0, -1, { withScores: true })),
      ).toBe(3);
      expect(await commands.zrange("y", 0, -1)).toEqual(["a", "7", "b"]);
    });

    test("takes any score but NaN", async () => {
      const { commands } = surface;
      const numbers = [0, -0.5, 1e300, 5e-324, 1e21, 2 ** 53, Infinity, -Infinity];
      await commands.zadd(
        "z",
        numbers.map((score, index) => ({ member: index, score })),
      );
      expect(await commands.zmscore("z", [...numbers.keys()])).toEqual(numbers);
      await expect(async () => commands.zadd("z", { a: Number.NaN })).rejects.toThrow(
        ArgumentError,
      );
    });

    test("adds or changes under a condition", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 5 });
      expect(await commands.zadd("z", { a: 9, b: 1 }, { when: "NX" })).toBe(1);
      expect(await commands.zadd("z", { a: 6, c: 1 }, { when: "XX" })).toBe(0);
      expect(await commands.zmscore("z", ["a", "b", "c"])).toEqual([6, 1, null]);
      expect(await commands.zadd("z", { a: 5, b: 2, c: 3 }, { updateIf: "GT" })).toBe(1);
      expect(await commands.zmscore("z", ["a", "b", "c"])).toEqual([6, 2, 3]);
      expect(await commands.zadd("z", { a: 0, d: 3 }, { when: "XX", updateIf: "LT" })).toBe(0);
      expect(await commands.zmscore("z", ["a", "d"])).toEqual([0, null]);
    });

    test("counts changes where asked to", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 5, b: 5 });
      expect(await commands.zadd("z", { a: 6, b: 5, c: 5 }, { countChanged: true })).toBe(2);
      expect(await commands.zadd("z", { a: 7 }, { countChanged: false })).toBe(0);
    });

    test("increments one member, or gives null if the condition is not met", async () => {
      const { commands } = surface;
      expect(await commands.zadd("z", { a: 1.5 }, { increment: true })).toBe(1.5);
      expect(await commands.zadd("z", { a: 1.5 }, { increment: true, when: "XX" })).toBe(3);
      expect(await commands.zadd("z", { a: 1 }, { increment: true, when: "NX" })).toBeNull();
      expect(await commands.zadd("z", { a: 1 }, { increment: true, updateIf: "LT" })).toBeNull();
      expect(await commands.zadd("z", { a: Infinity }, { increment: true })).toBe(Infinity);
      await expect(commands.zadd("z", { a: 1, b: 1 }, { increment: true })).rejects.toThrow(
        ServerError,
      );
    });

    test("refuses no members", async () => {
      const { commands } = surface;
      await expect(async () => commands.zadd("z", {})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.zadd("z", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.zadd("z", new Map<string, number>())).rejects.toThrow(
        "ZADD needs at least one of members",
      );
    });
  });
}

function scores(surface: Surface): void {
  test("ZCARD counts members", async () => {
    const { commands } = surface;
    await commands.zadd("z", { a: 1, b: 2 });
    expect(await commands.zcard("z")).toBe(2);
    expect(await commands.zcard("missing")).toBe(0);
  });

  test("ZINCRBY adds to a score, of a missing member as well", async () => {
    const { commands } = surface;
    expect(await commands.zincrby("z", 2.5, "a")).toBe(2.5);
    expect(await commands.zincrby("z", -3, "a")).toBe(-0.5);
    expect(await commands.zincrby("z", 0, "")).toBe(0);
    expect(await commands.zincrby("z", -Infinity, "a")).toBe(-Infinity);
    await expect(commands.zincrby("z", Infinity, "a")).rejects.toThrow(ServerError);
  });

  test("ZSCORE and ZMSCORE give null for what is missing", async () => {
    const { commands } = surface;
    await commands.zadd("z", { a: 1, "": 0 });
    expect(await commands.zscore("z", "a")).toBe(1);
    expect(await commands.zscore("z", "")).toBe(0);
    expect(await commands.zscore("z", "b")).toBeNull();
    expect(await commands.zscore("missing", "a")).toBeNull();
    expect(await commands.zmscore("z", ["a", "b", ""])).toEqual([1, null, 0]);
    expect(await commands.zmscore("z", "a")).toEqual([1]);
    expect(await commands.zmscore("missing", new Set(["a", "b"]))).toEqual([null, null]);
    await expect(async () => commands.zmscore("z", [])).rejects.toThrow(ArgumentError);
  });

  test("ZREM counts the members that are gone", async () => {
    const { commands } = surface;
    await commands.zadd("z", { a: 1, b: 2, 3: 3 });
    expect(await commands.zrem("z", ["a", "missing"])).toBe(1);
    expect(await commands.zrem("z", 3)).toBe(1);
    expect(await commands.zrem("missing", "a")).toBe(0);
    expect(await commands.zrange("z", 0, -1)).toEqual(["b"]);
    await expect(async () => commands.zrem("z", [])).rejects.toThrow(ArgumentError);
  });
}

function ranks(surface: Surface): void {
  test("ZRANK counts from the lowest score, ZREVRANK from the highest", async () => {
    const { commands } = surface;
    await commands.zadd("z", { a: 1, b: 2, c: 3 });
    expect(await commands.zrank("z", "a")).toBe(0);
    expect(await commands.zrank("z", "c")).toBe(2);
    expect(await commands.zrevrank("z", "a")).toBe(2);
    expect(await commands.zrevrank("z", "c")).toBe(0);
    expect(await commands.zrank("z", "d")).toBeNull();
    expect(await commands.zrevrank("missing", "a")).toBeNull();
  });
}

function randomMembers(surface: Surface): void {
  describe("ZRANDMEMBER", () => {
    test("gives one member, or null", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1 });
      expect(await commands.zrandmember("z")).toBe("a");
      expect(await commands.zrandmember("missing")).toBeNull();
    });

    test("gives different members for a positive count", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: 2, c: 3 });
      expect(new Set(await commands.zrandmember("z", 2)).size).toBe(2);
      expect((await commands.zrandmember("z", 9)).sort()).toEqual(["a", "b", "c"]);
      expect(await commands.zrandmember("z", 0)).toEqual([]);
      expect(await commands.zrandmember("missing", 2, { withScores: false })).toEqual([]);
    });

    test("may repeat members for a negative count", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1 });
      expect(await commands.zrandmember("z", -3)).toEqual(["a", "a", "a"]);
    });

    test("gives scores where asked to", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: Infinity });
      const drawn = await commands.zrandmember("z", 5, { withScores: true });
      expect(drawn.sort((x, y) => x.score - y.score)).toEqual([
        { member: "a", score: 1 },
        { member: "b", score: Infinity },
      ]);
      expect(await commands.zrandmember("missing", 5, { withScores: true })).toEqual([]);
      expect(await commands.zrandmember("z", -3, { withScores: true })).toHaveLength(3);
    });
  });
}

function scans(surface: Surface): void {
  testSince(surface, { redis: "7.2.0", valkey: "7.2.0" }, "ranks come with scores", async () => {
    const { commands, bytes } = surface;
    await commands.zadd("z", { a: 1, b: 2.5, c: Number.POSITIVE_INFINITY });
    for (const redis of [commands, bytes]) {
      expect(await redis.zrank("z", "b", { withScore: true })).toEqual({ rank: 1, score: 2.5 });
      const last = { rank: 2, score: Number.POSITIVE_INFINITY };
      expect(await redis.zrank("z", "c", { withScore: true })).toEqual(last);
      expect(await redis.zrevrank("z", "a", { withScore: true })).toEqual({ rank: 2, score: 1 });
      expect(await redis.zrank("z", "d", { withScore: true })).toBeNull();
      expect(await redis.zrevrank("missing", "a", { withScore: true })).toBeNull();
    }
  });

  testSince(surface, { valkey: "8.0.0" }, "ZSCAN can leave out scores", async () => {
    const { commands, bytes } = surface;
    await commands.zadd("z", { plum: 1, pear: 2, fig: 3 });
    const page = await commands.zscan("z", "0", { withScores: false, match: "p*", count: 100 });
    expect(page).toEqual({ cursor: "0", members: ["plum", "pear"] });
    const fig = { cursor: "0", members: [Buffer.from("fig")] };
    expect(await bytes.zscan("z", 0, { withScores: false, match: "f*" })).toEqual(fig);
    const none = { cursor: "0", members: [] };
    expect(await commands.zscan("missing", "0", { withScores: false })).toEqual(none);
  });

  test("ZSCAN visits every member", async () => {
    const { commands } = surface;
    const members = Array.from({ length: 500 }, (_, index) => ({
      member: `m${index}`,
      score: index,
    }));
    await commands.zadd("z", members);
    const seen = new Map<string, number>();
    let cursor = "0";
    do {
      const page = await commands.zscan("z", cursor, { count: 100 });
      for (const { member, score } of page.members) seen.set(member, score);
      cursor = page.cursor;
    } while (cursor !== "0");
    expect(seen.size).toBe(500);
    expect(seen.get("m499")).toBe(499);
  });

  test("ZSCAN gives only what matches", async () => {
    const { commands } = surface;
    await commands.zadd("z", { apple: 1, pear: -Infinity });
    expect(await commands.zscan("z", 0, { match: "p*", count: 1000 })).toEqual({
      cursor: "0",
      members: [{ member: "pear", score: -Infinity }],
    });
    expect(await commands.zscan("missing", "0")).toEqual({ cursor: "0", members: [] });
  });
}

/** Never called: what must not compile. */
export function sortedSetTypes({ commands }: Surface): void {
  // @ts-expect-error NX never changes a member, so there is nothing to compare
  void commands.zadd("z", { a: 1 }, { when: "NX", updateIf: "GT" });
  // @ts-expect-error an increment replies with the score
  void commands.zadd("z", { a: 1 }, { increment: true, countChanged: true });
  // @ts-expect-error scores are numbers
  void commands.zadd("z", { a: "1" });
  // @ts-expect-error one member has no scores to ask for
  void commands.zrandmember("z", undefined, { withScores: true });
}
