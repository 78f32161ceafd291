import { describe, expect, test } from "vitest";
import { ArgumentError, DecodeError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on hashes. */
export function hashesSuite(surface: Surface): void {
  describe("HSET", () => {
    test("takes an object and counts the new fields", async () => {
      const { commands } = surface;
      expect(await commands.hset("h", { a: 1, b: "two", c: 3n })).toBe(3);
      expect(await commands.hset("h", { a: 9, d: 4 })).toBe(1);
      expect(await commands.hgetall("h")).toEqual({ a: "9", b: "two", c: "3", d: "4" });
    });

    test("takes a Map and pairs", async () => {
      const { commands } = surface;
      expect(await commands.hset("h", new Map([["a", 1]]))).toBe(1);
      expect(
        await commands.hset("h", [
          ["b", 2],
          [Buffer.from("c"), Buffer.from("3")],
        ]),
      ).toBe(2);
      expect(await commands.hgetall("h")).toEqual({ a: "1", b: "2", c: "3" });
    });

    test("takes one field and its value", async () => {
      const { commands } = surface;
      expect(await commands.hset("h", "a", 1)).toBe(1);
      expect(await commands.hset("h", "a", 2)).toBe(0);
      expect(await commands.hset("h", Buffer.from("b"), "")).toBe(1);
      expect(await commands.hmget("h", ["a", "b"])).toEqual(["2", ""]);
    });

    test("refuses to set nothing", async () => {
      const { commands } = surface;
      await expect(async () => commands.hset("h", {})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.hset("h", new Map())).rejects.toThrow(ArgumentError);
      await expect(async () => commands.hset("h", [])).rejects.toThrow(ArgumentError);
    });

    test("refuses a field without a value from callers without types", async () => {
      const { commands } = surface;
      // @ts-expect-error a field needs a value
      await expect(async () => commands.hset("h", "field")).rejects.toThrow(ArgumentError);
    });

    test("fails on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.hset("text", "a", 1)).rejects.toThrow(WrongTypeError);
    });
  });

  describe("HMSET", () => {
    test("sets fields and says true", async () => {
      const { commands } = surface;
      expect(await commands.hmset("h", { a: 1, b: 2 })).toBe(true);
      expect(await commands.hgetall("h")).toEqual({ a: "1", b: "2" });
      await expect(async () => commands.hmset("h", {})).rejects.toThrow(ArgumentError);
    });
  });

  describe("HSETNX", () => {
    test("sets a field only once", async () => {
      const { commands } = surface;
      expect(await commands.hsetnx("h", "a", 1)).toBe(true);
      expect(await commands.hsetnx("h", "a", 2)).toBe(false);
      expect(await commands.hget("h", "a")).toBe("1");
    });
  });

  describe("HGET and HMGET", () => {
    test("give values, and null where there is none", async () => {
      const { commands } = surface;
      await commands.hset("h", { a: "1", empty: "" });
      expect(await commands.hget("h", "a")).toBe("1");
      expect(await commands.hget("h", "empty")).toBe("");
      expect(await commands.hget("h", "missing")).toBeNull();
      expect(await commands.hget("missing", "a")).toBeNull();
      expect(await commands.hmget("h", ["empty", "missing", "a"])).toEqual(["", null, "1"]);
      expect(await commands.hmget("h", "a")).toEqual(["1"]);
      expect(await commands.hmget("h", new Set(["a"]))).toEqual(["1"]);
      expect(await commands.hmget("missing", ["a", "b"])).toEqual([null, null]);
    });

    test("refuse no fields and another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(async () => commands.hmget("h", [])).rejects.toThrow(ArgumentError);
      await expect(commands.hget("text", "a")).rejects.toThrow(WrongTypeError);
      await expect(commands.hmget("text", "a")).rejects.toThrow(WrongTypeError);
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.hset("h", BYTES, BYTES);
      expect(await bytes.hget("h", BYTES)).toEqual(BYTES);
      expect(await bytes.hmget("h", [BYTES, "missing"])).toEqual([BYTES, null]);
    });
  });

  describe("HGETALL", () => {
    test("gives a record without prototype", async () => {
      const { commands } = surface;
      await commands.hset("h", [
        ["__proto__", "safe"],
        ["", "empty name"],
      ]);
      const all = await commands.hgetall("h");
      expect(Object.getPrototypeOf(all)).toBeNull();
      expect(new Map(Object.entries(all))).toEqual(
        new Map([
          ["__proto__", "safe"],
          ["", "empty name"],
        ]),
      );
    });

    test("gives an empty record for a missing key", async () => {
      expect(await surface.commands.hgetall("missing")).toEqual({});
      expect(await surface.bytes.hgetall("missing")).toEqual([]);
    });

    test("gives a list of fields in bytes form", async () => {
      const { bytes } = surface;
      await bytes.hset("h", BYTES, "1");
      expect(await bytes.hgetall("h")).toEqual([{ field: BYTES, value: Buffer.from("1") }]);
    });

    test("fails on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.hgetall("text")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("HDEL, HEXISTS, HLEN, HKEYS, HVALS and HSTRLEN", () => {
    test("tell what is in a hash", async () => {
      const { commands } = surface;
      await commands.hset("h", { a: "1", b: "Zoë" });
      expect(await commands.hexists("h", "a")).toBe(true);
      expect(await commands.hexists("h", "missing")).toBe(false);
      expect(await commands.hlen("h")).toBe(2);
      expect((await commands.hkeys("h")).sort()).toEqual(["a", "b"]);
      expect((await commands.hvals("h")).sort()).toEqual(["1", "Zoë"]);
      expect(await commands.hstrlen("h", "b")).toBe(4);
      expect(await commands.hstrlen("h", "missing")).toBe(0);
    });

    test("see a missing hash as empty", async () => {
      const { commands } = surface;
      expect(await commands.hexists("missing", "a")).toBe(false);
      expect(await commands.hlen("missing")).toBe(0);
      expect(await commands.hkeys("missing")).toEqual([]);
      expect(await commands.hvals("missing")).toEqual([]);
      expect(await commands.hstrlen("missing", "a")).toBe(0);
      expect(await commands.hdel("missing", "a")).toBe(0);
    });

    test("remove the fields that exist", async () => {
      const { commands } = surface;
      await commands.hset("h", { a: 1, b: 2, c: 3 });
      expect(await commands.hdel("h", ["a", "missing", "b"])).toBe(2);
      expect(await commands.hdel("h", "c")).toBe(1);
      expect(await commands.hlen("h")).toBe(0);
      await expect(async () => commands.hdel("h", [])).rejects.toThrow(ArgumentError);
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.hset("h", BYTES, BYTES);
      expect(await bytes.hkeys("h")).toEqual([BYTES]);
      expect(await bytes.hvals("h")).toEqual([BYTES]);
      expect(await bytes.hstrlen("h", BYTES)).toBe(BYTES.length);
      expect(await bytes.hdel("h", [BYTES])).toBe(1);
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.hkeys("text")).rejects.toThrow(WrongTypeError);
      await expect(commands.hdel("text", "a")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("HINCRBY and HINCRBYFLOAT", () => {
    test("count from 0 where there is nothing", async () => {
      const { commands } = surface;
      expect(await commands.hincrby("h", "n", 5)).toBe(5);
      expect(await commands.hincrby("h", "n", -7n)).toBe(-2);
      expect(await commands.hincrby("h", "n", 0)).toBe(-2);
      expect(await commands.hincrbyfloat("h", "x", 0.1)).toBe(0.1);
      expect(await commands.hincrbyfloat("h", "x", -1.5)).toBe(-1.4);
    });

    test("give numbers in bytes form, too", async () => {
      const { bytes } = surface;
      expect(await bytes.hincrby("h", "n", 1)).toBe(1);
      expect(await bytes.hincrbyfloat("h", "x", 2.5)).toBe(2.5);
      expect(await bytes.hincrbyfloat("h", "big", 1e300)).toBe(1e300);
    });

    test("say so when an integer does not fit a number", async () => {
      const { commands } = surface;
      await commands.hset("h", "n", Number.MAX_SAFE_INTEGER);
      await expect(commands.hincrby("h", "n", 10)).rejects.toThrow(DecodeError);
      expect(await commands.hget("h", "n")).toBe("9007199254741001");
    });

    test("fail on what is no number", async () => {
      const { commands } = surface;
      await commands.hset("h", "name", "Ada");
      await expect(commands.hincrby("h", "name", 1)).rejects.toThrow(ServerError);
      await expect(commands.hincrbyfloat("h", "name", 1)).rejects.toThrow(ServerError);
      await expect(async () => commands.hincrbyfloat("h", "x", Infinity)).rejects.toThrow(
        ArgumentError,
      );
    });
  });

  describe("HRANDFIELD", () => {
    test("picks one field, or none", async () => {
      const { commands } = surface;
      await commands.hset("h", "only", 1);
      expect(await commands.hrandfield("h")).toBe("only");
      expect(await commands.hrandfield("missing")).toBeNull();
    });

    test("picks different fields with a positive count", async () => {
      const { commands } = surface;
      await commands.hset("h", { a: 1, b: 2 });
      expect((await commands.hrandfield("h", 5)).sort()).toEqual(["a", "b"]);
      expect(await commands.hrandfield("h", 1)).toHaveLength(1);
      expect(await commands.hrandfield("h", 0)).toEqual([]);
      expect(await commands.hrandfield("missing", 5)).toEqual([]);
    });

    test("picks as many as asked with a negative count", async () => {
      const { commands } = surface;
      await commands.hset("h", "only", 1);
      expect(await commands.hrandfield("h", -3)).toEqual(["only", "only", "only"]);
      expect(await commands.hrandfield("h", -2, { withValues: false })).toEqual(["only", "only"]);
    });

    test("gives values when asked", async () => {
      const { commands, bytes } = surface;
      await commands.hset("h", "only", 1);
      const field = { field: "only", value: "1" };
      expect(await commands.hrandfield("h", 5, { withValues: true })).toEqual([field]);
      expect(await commands.hrandfield("h", -2, { withValues: true })).toEqual([field, field]);
      expect(await commands.hrandfield("missing", 5, { withValues: true })).toEqual([]);
      expect(await bytes.hrandfield("h", 1, { withValues: true })).toEqual([
        { field: Buffer.from("only"), value: Buffer.from("1") },
      ]);
    });
  });

  describe("HSCAN", () => {
    test("gives a small hash in one page", async () => {
      const { commands } = surface;
      await commands.hset("h", { name: "Ada", age: 36 });
      const { cursor, fields } = await commands.hscan("h", "0");
      expect(cursor).toBe("0");
      expect(fields).toHaveLength(2);
      expect(fields).toContainEqual({ field: "age", value: "36" });
      expect(await commands.hscan("missing", 0)).toEqual({ cursor: "0", fields: [] });
    });

    test("gives only what matches", async () => {
      const { commands, bytes } = surface;
      await commands.hset("h", { name: "Ada", age: 36 });
      expect(await commands.hscan("h", 0, { match: "n*", count: 100 })).toEqual({
        cursor: "0",
        fields: [{ field: "name", value: "Ada" }],
      });
      expect(await commands.hscan("h", 0, { match: "" })).toEqual({ cursor: "0", fields: [] });
      expect(await bytes.hscan("h", 0, { match: Buffer.from("a*") })).toEqual({
        cursor: "0",
        fields: [{ field: Buffer.from("age"), value: Buffer.from("36") }],
      });
    });

    test("gives a large hash page by page", async () => {
      const { commands } = surface;
      const names = Array.from({ length: 1_000 }, (_, index) => `field:${index}`);
      await commands.hset("h", new Map(names.map((name) => [name, "value"])));
      const seen = new Set<string>();
      let cursor = "0";
      let pages = 0;
      do {
        const page = await commands.hscan("h", cursor, { count: 100 });
        for (const { field } of page.fields) seen.add(field);
        cursor = page.cursor;
        pages += 1;
      } while (cursor !== "0");
      expect(pages).toBeGreaterThan(1);
      expect([...seen].sort()).toEqual(names.sort());
    });

    testSince(surface, { redis: "7.4.0", valkey: "8.0.0" }, "can leave out values", async () => {
      const { commands, bytes } = surface;
      await commands.hset("h", { name: "Ada", age: 36 });
      const page = await commands.hscan("h", 0, { withValues: false, match: "n*", count: 100 });
      expect(page).toEqual({ cursor: "0", fields: ["name"] });
      expect(await bytes.hscan("h", "0", { withValues: false, match: "a*" })).toEqual({
        cursor: "0",
        fields: [Buffer.from("age")],
      });
      const empty = { cursor: "0", fields: [] };
      expect(await commands.hscan("missing", "0", { withValues: false })).toEqual(empty);
    });

    test("sends a count of 0, which the server refuses", async () => {
      const { commands } = surface;
      await commands.hset("h", "a", 1);
      await expect(commands.hscan("h", 0, { count: 0 })).rejects.toThrow(ServerError);
    });
  });
}

/** What must not compile. */
export function hashesThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error WITHVALUES needs a count
  void commands.hrandfield("h", { withValues: true });
  // @ts-expect-error several fields are an array, no rest parameters
  void commands.hdel("h", "a", "b");
  // @ts-expect-error an increment is a number
  void commands.hincrbyfloat("h", "a", "1");
}
