import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on lists that do not wait. */
export function listsSuite(surface: Surface): void {
  describe("LPUSH, RPUSH, LPUSHX and RPUSHX", () => {
    test("put elements to either end, one after the other", async () => {
      const { commands } = surface;
      expect(await commands.rpush("l", ["c", "d"])).toBe(2);
      expect(await commands.lpush("l", ["b", "a"])).toBe(4);
      expect(await commands.rpush("l", "e")).toBe(5);
      expect(await commands.lpush("l", new Set([1, 2n]))).toBe(7);
      expect(await commands.lrange("l", 0, -1)).toEqual(["2", "1", "a", "b", "c", "d", "e"]);
    });

    test("with X do so only if the list exists", async () => {
      const { commands } = surface;
      expect(await commands.lpushx("l", "a")).toBe(0);
      expect(await commands.rpushx("l", ["a", "b"])).toBe(0);
      await commands.rpush("l", "b");
      expect(await commands.lpushx("l", ["a", "0"])).toBe(3);
      expect(await commands.rpushx("l", "c")).toBe(4);
      expect(await commands.lrange("l", 0, -1)).toEqual(["0", "a", "b", "c"]);
    });

    test("refuse no elements", async () => {
      const { commands } = surface;
      await expect(async () => commands.lpush("l", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.rpush("l", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.lpushx("l", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.rpushx("l", [])).rejects.toThrow(ArgumentError);
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.lpush("text", "a")).rejects.toThrow(WrongTypeError);
      await expect(commands.rpushx("text", "a")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("LRANGE, LINDEX and LLEN", () => {
    test("look into a list from either end", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c", ""]);
      expect(await commands.llen("l")).toBe(4);
      expect(await commands.lrange("l", 0, 1)).toEqual(["a", "b"]);
      expect(await commands.lrange("l", -2, -1)).toEqual(["c", ""]);
      expect(await commands.lrange("l", 5, 9)).toEqual([]);
      expect(await commands.lindex("l", 0)).toBe("a");
      expect(await commands.lindex("l", -1)).toBe("");
      expect(await commands.lindex("l", 9)).toBeNull();
    });

    test("see a missing list as empty", async () => {
      const { commands } = surface;
      expect(await commands.llen("missing")).toBe(0);
      expect(await commands.lrange("missing", 0, -1)).toEqual([]);
      expect(await commands.lindex("missing", 0)).toBeNull();
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.rpush("l", BYTES);
      expect(await bytes.lrange("l", 0, -1)).toEqual([BYTES]);
      expect(await bytes.lindex("l", 0)).toEqual(BYTES);
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.llen("text")).rejects.toThrow(WrongTypeError);
      await expect(commands.lrange("text", 0, -1)).rejects.toThrow(WrongTypeError);
    });
  });

  describe("LINSERT", () => {
    test("inserts before and after a pivot", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["b", "d"]);
      expect(await commands.linsert("l", "a", { before: "b" })).toBe(3);
      expect(await commands.linsert("l", "c", { after: "b" })).toBe(4);
      expect(await commands.lrange("l", 0, -1)).toEqual(["a", "b", "c", "d"]);
    });

    test("finds a pivot that is empty or 0", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["", 0]);
      expect(await commands.linsert("l", "x", { before: "" })).toBe(3);
      expect(await commands.linsert("l", "y", { after: 0 })).toBe(4);
      expect(await commands.lrange("l", 0, -1)).toEqual(["x", "", "0", "y"]);
    });

    test("tells a missing pivot from a missing list", async () => {
      const { commands } = surface;
      await commands.rpush("l", "a");
      expect(await commands.linsert("l", "x", { before: "missing" })).toBe(-1);
      expect(await commands.linsert("missing", "x", { after: "a" })).toBe(0);
    });

    test("refuses no place from callers without types", async () => {
      const { commands } = surface;
      // @ts-expect-error a place is before or after something
      await expect(async () => commands.linsert("l", "x", {})).rejects.toThrow(ArgumentError);
    });
  });

  describe("LSET, LTRIM and LREM", () => {
    test("change a list in place", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c", "b", "d", "b"]);
      expect(await commands.lset("l", 0, "A")).toBe(true);
      expect(await commands.lset("l", -2, 0)).toBe(true);
      expect(await commands.lrem("l", 1, "b")).toBe(1);
      expect(await commands.lrange("l", 0, -1)).toEqual(["A", "c", "b", "0", "b"]);
      expect(await commands.lrem("l", -1, "b")).toBe(1);
      expect(await commands.lrange("l", 0, -1)).toEqual(["A", "c", "b", "0"]);
      expect(await commands.ltrim("l", 1, -2)).toBe(true);
      expect(await commands.lrange("l", 0, -1)).toEqual(["c", "b"]);
      expect(await commands.ltrim("l", 5, 9)).toBe(true);
      expect(await commands.llen("l")).toBe(0);
    });

    test("remove all equal elements with a count of 0", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["", "a", ""]);
      expect(await commands.lrem("l", 0, "")).toBe(2);
      expect(await commands.lrem("l", 0, "missing")).toBe(0);
      expect(await commands.lrem("missing", 0, "a")).toBe(0);
    });

    test("LSET fails where there is no element", async () => {
      const { commands } = surface;
      await commands.rpush("l", "a");
      await expect(commands.lset("l", 9, "x")).rejects.toThrow(ServerError);
      await expect(commands.lset("missing", 0, "x")).rejects.toThrow(ServerError);
      expect(await commands.ltrim("missing", 0, 1)).toBe(true);
    });
  });

  describe("LPOP and RPOP", () => {
    test("take one element", async () => {
      const { commands, bytes } = surface;
      await commands.rpush("l", ["a", "b", "c"]);
      expect(await commands.lpop("l")).toBe("a");
      expect(await commands.rpop("l")).toBe("c");
      expect(await bytes.lpop("l")).toEqual(Buffer.from("b"));
      expect(await commands.lpop("l")).toBeNull();
      expect(await commands.rpop("l")).toBeNull();
    });

    test("take several elements with a count", async () => {
      const { commands, bytes } = surface;
      await commands.rpush("l", ["a", "b", "c", "d", "e"]);
      expect(await commands.lpop("l", 2)).toEqual(["a", "b"]);
      expect(await commands.rpop("l", 2)).toEqual(["e", "d"]);
      expect(await commands.lpop("l", 0)).toEqual([]);
      expect(await commands.rpop("l", 0)).toEqual([]);
      expect(await bytes.rpop("l", 9)).toEqual([Buffer.from("c")]);
      expect(await commands.lpop("l", 2)).toBeNull();
      expect(await commands.rpop("l", 2)).toBeNull();
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.lpop("text")).rejects.toThrow(WrongTypeError);
      await expect(commands.rpop("text", 2)).rejects.toThrow(WrongTypeError);
    });
  });

  describe("LPOS", () => {
    test("finds one element", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c", "a", "b"]);
      expect(await commands.lpos("l", "b")).toBe(1);
      expect(await commands.lpos("l", "a")).toBe(0);
      expect(await commands.lpos("l", "missing")).toBeNull();
      expect(await commands.lpos("missing", "a")).toBeNull();
      expect(await commands.lpos("l", "a", {})).toBe(0);
    });

    test("starts at a rank, also from the tail", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c", "a", "b"]);
      expect(await commands.lpos("l", "b", { rank: 2 })).toBe(4);
      expect(await commands.lpos("l", "a", { rank: -1 })).toBe(3);
      await expect(commands.lpos("l", "a", { rank: 0 })).rejects.toThrow(ServerError);
    });

    test("finds several elements with a count", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c", "a", "b"]);
      expect(await commands.lpos("l", "a", { count: 0 })).toEqual([0, 3]);
      expect(await commands.lpos("l", "a", { count: 1 })).toEqual([0]);
      expect(await commands.lpos("l", "b", { count: 2, rank: -1 })).toEqual([4, 1]);
      expect(await commands.lpos("l", "missing", { count: 0 })).toEqual([]);
      expect(await commands.lpos("missing", "a", { count: 0 })).toEqual([]);
    });

    test("gives up after some comparisons", async () => {
      const { commands } = surface;
      await commands.rpush("l", ["a", "b", "c"]);
      expect(await commands.lpos("l", "c", { maxComparisons: 2 })).toBeNull();
      expect(await commands.lpos("l", "c", { maxComparisons: 0 })).toBe(2);
      expect(await commands.lpos("l", "c", { count: 0, maxComparisons: 2 })).toEqual([]);
    });

    test("fails on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.lpos("text", "a")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("LMOVE and RPOPLPUSH", () => {
    test("move an element between all ends", async () => {
      const { commands } = surface;
      await commands.rpush("{l}1", ["a", "b", "c", "d"]);
      const move = (from: "LEFT" | "RIGHT", to: "LEFT" | "RIGHT") =>
        commands.lmove("{l}1", "{l}2", { from, to });
      expect(await move("LEFT", "LEFT")).toBe("a");
      expect(await move("LEFT", "RIGHT")).toBe("b");
      expect(await move("RIGHT", "LEFT")).toBe("d");
      expect(await move("RIGHT", "RIGHT")).toBe("c");
      expect(await commands.lrange("{l}2", 0, -1)).toEqual(["d", "a", "b", "c"]);
      expect(await move("LEFT", "LEFT")).toBeNull();
    });

    test("move from the tail to the head", async () => {
      const { commands, bytes } = surface;
      await bytes.rpush("l", ["a", BYTES]);
      expect(await bytes.rpoplpush("l", "l")).toEqual(BYTES);
      expect(await bytes.lindex("l", 0)).toEqual(BYTES);
      expect(await commands.rpoplpush("missing", "missing")).toBeNull();
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("{l}text", "x");
      await commands.rpush("{l}1", "a");
      const sides = { from: "LEFT", to: "LEFT" } as const;
      await expect(commands.lmove("{l}1", "{l}text", sides)).rejects.toThrow(WrongTypeError);
      await expect(commands.rpoplpush("{l}text", "{l}1")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("LMPOP", () => {
    test("takes from the first list that has elements", async () => {
      const { commands } = surface;
      await commands.rpush("{l}2", ["a", "b", "c"]);
      const keys = ["{l}1", "{l}2"];
      expect(await commands.lmpop(keys, "LEFT")).toEqual({ key: "{l}2", values: ["a"] });
      expect(await commands.lmpop(new Set(keys), "RIGHT", { count: 5 })).toEqual({
        key: "{l}2",
        values: ["c", "b"],
      });
      expect(await commands.lmpop(keys, "LEFT", { count: 5 })).toBeNull();
      expect(await commands.lmpop("{l}1", "LEFT")).toBeNull();
    });

    test("keeps bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.rpush(BYTES, [BYTES, "b"]);
      expect(await bytes.lmpop(BYTES, "LEFT", { count: 2 })).toEqual({
        key: BYTES,
        values: [BYTES, Buffer.from("b")],
      });
    });

    test("refuses no keys, and sends a count of 0, which the server refuses", async () => {
      const { commands } = surface;
      await expect(async () => commands.lmpop([], "LEFT")).rejects.toThrow(ArgumentError);
      await expect(commands.lmpop("l", "LEFT", { count: 0 })).rejects.toThrow(ServerError);
    });

    test("fails on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.lmpop("text", "LEFT")).rejects.toThrow(WrongTypeError);
    });
  });
}

/** What must not compile. */
export function listsThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error before and after exclude one another
  void commands.linsert("l", "x", { before: "a", after: "b" });
  // @ts-expect-error a side is an upper-case word
  void commands.lmpop("l", "left");
  // @ts-expect-error both sides are needed
  void commands.lmove("l", "m", { from: "LEFT" });
  // @ts-expect-error several elements are an array, no rest parameters
  void commands.rpush("l", "a", "b");
}
