import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
/** Long enough for the server to answer, short enough to wait for. */
const timeoutInSeconds = 0.01;

/** What every surface does with the commands that take members out of sorted sets. */
export function sortedSetPopsSuite(surface: Surface): void {
  single(surface);
  several(surface);
  blocking(surface);

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await expect(commands.zpopmin("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.zpopmax("text", 2)).rejects.toThrow(WrongTypeError);
    await expect(commands.zmpop("text", "MIN")).rejects.toThrow(WrongTypeError);
    await expect(commands.bzpopmin("text", 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.bzpopmax("text", 1)).rejects.toThrow(WrongTypeError);
    await expect(commands.bzmpop("text", "MAX", { timeoutInSeconds: 1 })).rejects.toThrow(
      WrongTypeError,
    );
  });

  test("bytes come back as they were", async () => {
    const { bytes } = surface;
    const popped = { member: BYTES, score: 1.5 };
    const fill = () => bytes.zadd(BYTES, [popped]);
    await fill();
    expect(await bytes.zpopmin(BYTES)).toEqual(popped);
    await fill();
    expect(await bytes.zpopmax(BYTES, 2)).toEqual([popped]);
    await fill();
    expect(await bytes.zmpop(BYTES, "MIN")).toEqual({ key: BYTES, members: [popped] });
    await fill();
    expect(await bytes.bzpopmin(BYTES, 1)).toEqual({ key: BYTES, ...popped });
    await fill();
    expect(await bytes.bzmpop(BYTES, "MIN", { timeoutInSeconds: 1 })).toEqual({
      key: BYTES,
      members: [popped],
    });
  });
}

function single(surface: Surface): void {
  describe("ZPOPMIN and ZPOPMAX", () => {
    test("take one member, or give null", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: 2.5, c: Infinity });
      expect(await commands.zpopmin("z")).toEqual({ member: "a", score: 1 });
      expect(await commands.zpopmax("z")).toEqual({ member: "c", score: Infinity });
      expect(await commands.zpopmax("z")).toEqual({ member: "b", score: 2.5 });
      expect(await commands.zpopmin("z")).toBeNull();
      expect(await commands.zpopmax("missing")).toBeNull();
    });

    test("take several members", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: 2, c: 3, d: 4 });
      expect(await commands.zpopmin("z", 2)).toEqual([
        { member: "a", score: 1 },
        { member: "b", score: 2 },
      ]);
      expect(await commands.zpopmin("z", 0)).toEqual([]);
      expect(await commands.zpopmax("z", 0)).toEqual([]);
      expect(await commands.zpopmax("z", 9)).toEqual([
        { member: "d", score: 4 },
        { member: "c", score: 3 },
      ]);
      expect(await commands.zpopmin("missing", 2)).toEqual([]);
    });
  });
}

function several(surface: Surface): void {
  describe("ZMPOP", () => {
    test("takes from the first sorted set that has members", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: 2, c: 3 });
      expect(await commands.zmpop(["missing", "z"], "MIN")).toEqual({
        key: "z",
        members: [{ member: "a", score: 1 }],
      });
      expect(await commands.zmpop("z", "MAX", { count: 5 })).toEqual({
        key: "z",
        members: [
          { member: "c", score: 3 },
          { member: "b", score: 2 },
        ],
      });
      expect(await commands.zmpop(["missing", "z"], "MIN")).toBeNull();
    });

    test("refuses no keys and a count of 0", async () => {
      const { commands } = surface;
      await expect(async () => commands.zmpop([], "MIN")).rejects.toThrow(ArgumentError);
      await expect(commands.zmpop("z", "MIN", { count: 0 })).rejects.toThrow(ServerError);
    });
  });
}

function blocking(surface: Surface): void {
  describe("BZPOPMIN, BZPOPMAX and BZMPOP", () => {
    test("take what is there", async () => {
      const { commands } = surface;
      await commands.zadd("z", { a: 1, b: 2, c: 3, d: 4, e: 5 });
      expect(await commands.bzpopmin("z", 1)).toEqual({ key: "z", member: "a", score: 1 });
      expect(await commands.bzpopmax(["missing", "z"], 0.5)).toEqual({
        key: "z",
        member: "e",
        score: 5,
      });
      expect(await commands.bzmpop(["missing", "z"], "MIN", { timeoutInSeconds: 0 })).toEqual({
        key: "z",
        members: [{ member: "b", score: 2 }],
      });
      expect(await commands.bzmpop("z", "MAX", { timeoutInSeconds: 1, count: 2 })).toEqual({
        key: "z",
        members: [
          { member: "d", score: 4 },
          { member: "c", score: 3 },
        ],
      });
    });

    test("give null when nothing came in time", async () => {
      const { commands } = surface;
      expect(await commands.bzpopmin("z", timeoutInSeconds)).toBeNull();
      expect(await commands.bzpopmax(["z", "y"], timeoutInSeconds)).toBeNull();
      expect(await commands.bzmpop("z", "MIN", { timeoutInSeconds })).toBeNull();
    });

    test("refuse no keys", async () => {
      const { commands } = surface;
      await expect(async () => commands.bzpopmin([], 1)).rejects.toThrow(ArgumentError);
      await expect(async () => commands.bzpopmax([], 1)).rejects.toThrow(ArgumentError);
      await expect(async () => commands.bzmpop([], "MIN", { timeoutInSeconds: 1 })).rejects.toThrow(
        ArgumentError,
      );
    });
  });
}

/** Never called: what must not compile. */
export function sortedSetPopTypes({ commands }: Surface): void {
  // @ts-expect-error how long to wait must be said
  void commands.bzmpop("z", "MIN");
  // @ts-expect-error from one end or the other
  void commands.zmpop("z", "min");
}
