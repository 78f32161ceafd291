import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
/** Long enough to be a wait, short enough for a test; a transaction does not wait at all. */
const SOON = 0.02;

/** What every surface does with the commands on lists that can wait, without a long wait. */
export function blockingListsSuite(surface: Surface): void {
  describe("BLPOP and BRPOP", () => {
    test("take an element from the first list that has one", async () => {
      const { commands } = surface;
      await commands.rpush("{l}2", ["a", "b", "c"]);
      const keys = ["{l}1", "{l}2"];
      expect(await commands.blpop(keys, 1)).toEqual({ key: "{l}2", value: "a" });
      expect(await commands.brpop(keys, 0)).toEqual({ key: "{l}2", value: "c" });
      expect(await commands.blpop("{l}2", 0)).toEqual({ key: "{l}2", value: "b" });
    });

    test("give null when the time is over", async () => {
      const { commands } = surface;
      expect(await commands.blpop(new Set(["{l}1", "{l}2"]), SOON)).toBeNull();
      expect(await commands.brpop("l", SOON)).toBeNull();
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.rpush(BYTES, [BYTES, "b"]);
      expect(await bytes.blpop(BYTES, 1)).toEqual({ key: BYTES, value: BYTES });
      expect(await bytes.brpop(BYTES, 1)).toEqual({ key: BYTES, value: Buffer.from("b") });
      expect(await bytes.blpop(BYTES, SOON)).toBeNull();
    });

    test("refuse no keys, a negative timeout and another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(async () => commands.blpop([], 1)).rejects.toThrow(ArgumentError);
      await expect(async () => commands.brpop([], 1)).rejects.toThrow(ArgumentError);
      await expect(commands.blpop("l", -1)).rejects.toThrow(ServerError);
      await expect(commands.blpop("text", 1)).rejects.toThrow(WrongTypeError);
      await expect(commands.brpop("text", 1)).rejects.toThrow(WrongTypeError);
    });
  });

  describe("BLMOVE and BRPOPLPUSH", () => {
    test("move an element that is there", async () => {
      const { commands } = surface;
      await commands.rpush("{l}1", ["a", "b", "c"]);
      expect(
        await commands.blmove("{l}1", "{l}2", { from: "LEFT", to: "RIGHT", timeoutInSeconds: 0 }),
      ).toBe("a");
      expect(
        await commands.blmove("{l}1", "{l}2", { from: "RIGHT", to: "LEFT", timeoutInSeconds: 1 }),
      ).toBe("c");
      expect(await commands.brpoplpush("{l}1", "{l}2", 0)).toBe("b");
      expect(await commands.lrange("{l}2", 0, -1)).toEqual(["b", "c", "a"]);
    });

    test("give null when the time is over", async () => {
      const { commands, bytes } = surface;
      const options = { from: "LEFT", to: "LEFT", timeoutInSeconds: SOON } as const;
      expect(await commands.blmove("l", "l", options)).toBeNull();
      expect(await commands.brpoplpush("l", "l", SOON)).toBeNull();
      expect(await bytes.blmove("l", "l", options)).toBeNull();
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.rpush("l", BYTES);
      expect(await bytes.brpoplpush("l", "l", 1)).toEqual(BYTES);
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("{l}text", "x");
      await commands.rpush("{l}1", "a");
      await expect(commands.brpoplpush("{l}1", "{l}text", 1)).rejects.toThrow(WrongTypeError);
      await expect(
        commands.blmove("{l}text", "{l}1", { from: "LEFT", to: "LEFT", timeoutInSeconds: 1 }),
      ).rejects.toThrow(WrongTypeError);
    });
  });

  describe("BLMPOP", () => {
    test("takes from the first list that has elements", async () => {
      const { commands } = surface;
      await commands.rpush("{l}2", ["a", "b", "c"]);
      const keys = ["{l}1", "{l}2"];
      expect(await commands.blmpop(keys, "RIGHT", { timeoutInSeconds: 0 })).toEqual({
        key: "{l}2",
        values: ["c"],
      });
      expect(await commands.blmpop(keys, "LEFT", { timeoutInSeconds: 1, count: 5 })).toEqual({
        key: "{l}2",
        values: ["a", "b"],
      });
    });

    test("gives null when the time is over", async () => {
      const { commands, bytes } = surface;
      expect(await commands.blmpop("l", "LEFT", { timeoutInSeconds: SOON })).toBeNull();
      expect(await bytes.blmpop(["l"], "LEFT", { timeoutInSeconds: SOON, count: 2 })).toBeNull();
    });

    test("keeps bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.rpush(BYTES, BYTES);
      expect(await bytes.blmpop(BYTES, "LEFT", { timeoutInSeconds: 1 })).toEqual({
        key: BYTES,
        values: [BYTES],
      });
    });

    test("refuses no keys, and sends a count of 0, which the server refuses", async () => {
      const { commands } = surface;
      await expect(async () =>
        commands.blmpop([], "LEFT", { timeoutInSeconds: SOON }),
      ).rejects.toThrow(ArgumentError);
      await expect(
        commands.blmpop("l", "LEFT", { timeoutInSeconds: SOON, count: 0 }),
      ).rejects.toThrow(ServerError);
    });
  });
}

/** What must not compile. */
export function blockingListsThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error a wait has a limit, if only 0
  void commands.blpop("l");
  // @ts-expect-error a wait has a limit, if only 0
  void commands.blmpop("l", "LEFT", {});
  // @ts-expect-error both sides are needed
  void commands.blmove("l", "m", { from: "LEFT", timeoutInSeconds: 1 });
}
