import { describe, expect, test } from "vitest";
import { ArgumentError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands that combine sorted sets. */
export function sortedSetAlgebraSuite(surface: Surface): void {
  differences(surface);
  intersections(surface);
  unions(surface);
  refusals(surface);

  test("bytes come back as they were", async () => {
    const { bytes } = surface;
    await bytes.zadd(BYTES, [{ member: BYTES, score: 1.5 }]);
    const scored = [{ member: BYTES, score: 1.5 }];
    expect(await bytes.zdiff([BYTES, "missing"], { withScores: true })).toEqual(scored);
    expect(await bytes.zinter(BYTES)).toEqual([BYTES]);
    expect(await bytes.zunion([BYTES, "missing"], { withScores: true })).toEqual(scored);
    expect(await bytes.zunionstore("to", BYTES)).toBe(1);
  });
}

async function fill({ commands }: Surface): Promise<void> {
  await commands.zadd("z", { a: 1, b: 2, c: 3 });
  await commands.zadd("y", { b: 10, c: 1, d: 5 });
  await commands.sadd("plain", ["b", "x"]);
}

function differences(surface: Surface): void {
  test("ZDIFF gives what only the first sorted set has", async () => {
    const { commands } = surface;
    await fill(surface);
    expect(await commands.zdiff(["z", "y"])).toEqual(["a"]);
    expect(await commands.zdiff("z", { withScores: false })).toEqual(["a", "b", "c"]);
    expect(await commands.zdiff(["z", "plain"], { withScores: true })).toEqual([
      { member: "a", score: 1 },
      { member: "c", score: 3 },
    ]);
    expect(await commands.zdiff(["missing", "z"])).toEqual([]);
  });

  test("ZDIFFSTORE stores it", async () => {
    const { commands } = surface;
    await fill(surface);
    await commands.set("to", "text");
    expect(await commands.zdiffstore("to", ["z", "plain"])).toBe(2);
    expect(await commands.zrange("to", 0, -1)).toEqual(["a", "c"]);
    expect(await commands.zdiffstore("to", ["z", "z"])).toBe(0);
    expect(await commands.exists("to")).toBe(0);
  });
}

function intersections(surface: Surface): void {
  describe("ZINTER and ZINTERSTORE", () => {
    test("add the scores, unless told otherwise", async () => {
      const { commands } = surface;
      await fill(surface);
      const keys = ["z", "y"];
      const scored = (b: number, c: number) => [
        { member: "c", score: c },
        { member: "b", score: b },
      ];
      const withScores = true;
      expect(await commands.zinter(keys)).toEqual(["c", "b"]);
      expect(await commands.zinter(keys, { withScores })).toEqual(scored(12, 4));
      expect(await commands.zinter(keys, { withScores, weights: [2, 1] })).toEqual(scored(14, 7));
      expect(await commands.zinter(keys, { withScores, aggregate: "MAX" })).toEqual(scored(10, 3));
      expect(await commands.zinter(keys, { withScores, aggregate: "MIN" })).toEqual(scored(2, 1));
      expect(
        await commands.zinter(keys, { withScores, aggregate: "SUM", weights: [0, -0.5] }),
      ).toEqual(scored(-5, -0.5).toReversed());
      expect(await commands.zinter(["z", "missing"], { withScores })).toEqual([]);
      expect(await commands.zinter(new Set(["z", "plain"]), { withScores: false })).toEqual(["b"]);
    });

    test("store the result in place of what was there", async () => {
      const { commands } = surface;
      await fill(surface);
      const stored = () => commands.zrange("to", 0, -1, { withScores: true });
      expect(await commands.zinterstore("to", ["z", "plain"])).toBe(1);
      expect(await stored()).toEqual([{ member: "b", score: 3 }]);
      const options = { weights: [Infinity, 1], aggregate: "MAX" } as const;
      expect(await commands.zinterstore("to", ["z", "plain"], options)).toBe(1);
      expect(await stored()).toEqual([{ member: "b", score: Infinity }]);
      expect(await commands.zinterstore("to", ["z", "missing"])).toBe(0);
      expect(await commands.exists("to")).toBe(0);
    });
  });

  test("ZINTERCARD counts, up to a limit", async () => {
    const { commands } = surface;
    await fill(surface);
    expect(await commands.zintercard(["z", "y"])).toBe(2);
    expect(await commands.zintercard(["z", "y"], { limit: 1 })).toBe(1);
    expect(await commands.zintercard(["z", "y"], { limit: 0 })).toBe(2);
    expect(await commands.zintercard("missing")).toBe(0);
  });
}

function unions(surface: Surface): void {
  describe("ZUNION and ZUNIONSTORE", () => {
    test("add the scores, unless told otherwise", async () => {
      const { commands } = surface;
      await fill(surface);
      const keys = ["z", "plain"];
      expect(await commands.zunion(keys)).toEqual(["a", "x", "b", "c"]);
      expect(await commands.zunion(keys, { withScores: true, weights: [1, 10] })).toEqual([
        { member: "a", score: 1 },
        { member: "c", score: 3 },
        { member: "x", score: 10 },
        { member: "b", score: 12 },
      ]);
      expect(await commands.zunion(keys, { withScores: true, aggregate: "MIN" })).toEqual([
        { member: "a", score: 1 },
        { member: "b", score: 1 },
        { member: "x", score: 1 },
        { member: "c", score: 3 },
      ]);
      expect(await commands.zunion("missing", { withScores: true })).toEqual([]);
      expect(await commands.zunion("missing", { withScores: false })).toEqual([]);
    });

    test("store the result in place of what was there", async () => {
      const { commands } = surface;
      await fill(surface);
      expect(await commands.zunionstore("to", ["z", "y"])).toBe(4);
      expect(await commands.zscore("to", "b")).toBe(12);
      const options = { weights: [1, -Infinity], aggregate: "SUM" } as const;
      expect(await commands.zunionstore("to", ["z", "y"], options)).toBe(4);
      expect(await commands.zscore("to", "b")).toBe(-Infinity);
      expect(await commands.zunionstore("to", ["z", "y"], { aggregate: "MAX" })).toBe(4);
      expect(await commands.zscore("to", "b")).toBe(10);
      expect(await commands.zunionstore("to", "missing")).toBe(0);
    });
  });
}

function refusals(surface: Surface): void {
  test("no keys are an ArgumentError", async () => {
    const { commands } = surface;
    await expect(async () => commands.zdiff([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zdiffstore("to", [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zinter([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zinterstore("to", [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zintercard([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zunion([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.zunionstore("to", [])).rejects.toThrow(ArgumentError);
  });

  test("a wrong number of weights is an ArgumentError", async () => {
    const { commands } = surface;
    await expect(async () => commands.zunion(["z", "y"], { weights: [1] })).rejects.toThrow(
      "ZUNION needs as many weights as keys, but got 1 for 2",
    );
    await expect(async () => commands.zinterstore("to", "z", { weights: [] })).rejects.toThrow(
      ArgumentError,
    );
  });

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await commands.zadd("z", { a: 1 });
    const keys = ["z", "text"];
    await expect(commands.zdiff(keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zdiffstore("to", keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zinter(keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zinterstore("to", keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zintercard(keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zunion(keys)).rejects.toThrow(WrongTypeError);
    await expect(commands.zunionstore("to", keys)).rejects.toThrow(WrongTypeError);
  });
}
