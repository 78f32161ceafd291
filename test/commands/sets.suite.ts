import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on sets. */
export function setsSuite(surface: Surface): void {
  describe("SADD and SREM", () => {
    test("count the members that are new, and those that are gone", async () => {
      const { commands } = surface;
      expect(await commands.sadd("s", ["a", "b", "a"])).toBe(2);
      expect(await commands.sadd("s", "b")).toBe(0);
      expect(await commands.sadd("s", new Set(["c", "d"]))).toBe(2);
      expect(await commands.srem("s", ["a", "missing", "b"])).toBe(2);
      expect(await commands.srem("s", "c")).toBe(1);
      expect(await commands.srem("missing", "a")).toBe(0);
      expect(await commands.smembers("s")).toEqual(new Set(["d"]));
    });

    test("take numbers and the empty string", async () => {
      const { commands } = surface;
      expect(await commands.sadd("s", [0, 1.5, 2n, ""])).toBe(4);
      expect(await commands.smembers("s")).toEqual(new Set(["0", "1.5", "2", ""]));
    });

    test("refuse no members", async () => {
      const { commands } = surface;
      await expect(async () => commands.sadd("s", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.srem("s", new Set<string>())).rejects.toThrow(
        ArgumentError,
      );
    });

    test("fail on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.sadd("text", "a")).rejects.toThrow(WrongTypeError);
      await expect(commands.srem("text", "a")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SCARD, SISMEMBER, SMISMEMBER and SMEMBERS", () => {
    test("tell what is in a set", async () => {
      const { commands } = surface;
      await commands.sadd("s", ["a", "b"]);
      expect(await commands.scard("s")).toBe(2);
      expect(await commands.sismember("s", "a")).toBe(true);
      expect(await commands.sismember("s", "missing")).toBe(false);
      expect(await commands.smismember("s", ["missing", "b"])).toEqual([false, true]);
      expect(await commands.smismember("s", "a")).toEqual([true]);
      expect(await commands.smembers("s")).toEqual(new Set(["a", "b"]));
    });

    test("see a missing set as empty", async () => {
      const { commands } = surface;
      expect(await commands.scard("missing")).toBe(0);
      expect(await commands.sismember("missing", "a")).toBe(false);
      expect(await commands.smismember("missing", ["a", "b"])).toEqual([false, false]);
      expect(await commands.smembers("missing")).toEqual(new Set());
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.sadd("s", BYTES);
      expect(await bytes.sismember("s", BYTES)).toBe(true);
      expect([...(await bytes.smembers("s"))]).toEqual([BYTES]);
      expect(await bytes.srem("s", BYTES)).toBe(1);
    });

    test("refuse no members and another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(async () => commands.smismember("s", [])).rejects.toThrow(ArgumentError);
      await expect(commands.smembers("text")).rejects.toThrow(WrongTypeError);
      await expect(commands.scard("text")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SDIFF, SINTER and SUNION", () => {
    test("combine sets", async () => {
      const { commands } = surface;
      await commands.sadd("{s}1", ["a", "b", "c"]);
      await commands.sadd("{s}2", ["b", "c", "d"]);
      const keys = ["{s}1", "{s}2"];
      expect(await commands.sdiff(keys)).toEqual(new Set(["a"]));
      expect(await commands.sinter(keys)).toEqual(new Set(["b", "c"]));
      expect(await commands.sunion(keys)).toEqual(new Set(["a", "b", "c", "d"]));
    });

    test("take one key, and see missing sets as empty", async () => {
      const { commands } = surface;
      await commands.sadd("{s}1", "a");
      expect(await commands.sdiff("{s}1")).toEqual(new Set(["a"]));
      expect(await commands.sinter(new Set(["{s}1"]))).toEqual(new Set(["a"]));
      expect(await commands.sunion("{s}missing")).toEqual(new Set());
      expect(await commands.sinter(["{s}1", "{s}missing"])).toEqual(new Set());
    });

    test("keep bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.sadd("s", BYTES);
      expect([...(await bytes.sunion("s"))]).toEqual([BYTES]);
      expect([...(await bytes.sinter("s"))]).toEqual([BYTES]);
      expect([...(await bytes.sdiff("s"))]).toEqual([BYTES]);
    });

    test("refuse no keys and another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(async () => commands.sdiff([])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.sinter([])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.sunion([])).rejects.toThrow(ArgumentError);
      await expect(commands.sunion("text")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SDIFFSTORE, SINTERSTORE and SUNIONSTORE", () => {
    test("store what they combine, over whatever was there", async () => {
      const { commands } = surface;
      await commands.sadd("{s}1", ["a", "b", "c"]);
      await commands.sadd("{s}2", ["b", "c", "d"]);
      await commands.set("{s}out", "text");
      const keys = ["{s}1", "{s}2"];
      expect(await commands.sdiffstore("{s}out", keys)).toBe(1);
      expect(await commands.smembers("{s}out")).toEqual(new Set(["a"]));
      expect(await commands.sinterstore("{s}out", keys)).toBe(2);
      expect(await commands.smembers("{s}out")).toEqual(new Set(["b", "c"]));
      expect(await commands.sunionstore("{s}out", keys)).toBe(4);
      expect(await commands.scard("{s}out")).toBe(4);
    });

    test("remove the destination if nothing is left", async () => {
      const { commands } = surface;
      await commands.sadd("{s}out", "old");
      expect(await commands.sinterstore("{s}out", "{s}missing")).toBe(0);
      expect(await commands.scard("{s}out")).toBe(0);
      expect(await commands.sdiffstore("{s}out", "{s}missing")).toBe(0);
      expect(await commands.sunionstore("{s}out", "{s}missing")).toBe(0);
    });

    test("refuse no keys and another type", async () => {
      const { commands } = surface;
      await commands.set("{s}text", "x");
      await expect(async () => commands.sdiffstore("out", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.sinterstore("out", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.sunionstore("out", [])).rejects.toThrow(ArgumentError);
      await expect(commands.sunionstore("{s}out", "{s}text")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SINTERCARD", () => {
    test("counts what sets have in common, up to a limit", async () => {
      const { commands } = surface;
      await commands.sadd("{s}1", ["a", "b", "c"]);
      await commands.sadd("{s}2", ["a", "b", "d"]);
      const keys = ["{s}1", "{s}2"];
      expect(await commands.sintercard(keys)).toBe(2);
      expect(await commands.sintercard(keys, { limit: 1 })).toBe(1);
      expect(await commands.sintercard(keys, { limit: 0 })).toBe(2);
      expect(await commands.sintercard("{s}1")).toBe(3);
      expect(await commands.sintercard("{s}missing")).toBe(0);
      await expect(async () => commands.sintercard([])).rejects.toThrow(ArgumentError);
    });
  });

  describe("SMOVE", () => {
    test("moves a member that is there", async () => {
      const { commands } = surface;
      await commands.sadd("{s}open", "letter");
      expect(await commands.smove("{s}open", "{s}done", "letter")).toBe(true);
      expect(await commands.smove("{s}open", "{s}done", "letter")).toBe(false);
      expect(await commands.smembers("{s}done")).toEqual(new Set(["letter"]));
    });

    test("fails on another type", async () => {
      const { commands } = surface;
      await commands.sadd("{s}open", "letter");
      await commands.set("{s}text", "x");
      await expect(commands.smove("{s}open", "{s}text", "letter")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SPOP", () => {
    test("takes one member, or none", async () => {
      const { commands, bytes } = surface;
      await commands.sadd("s", "only");
      expect(await commands.spop("s")).toBe("only");
      expect(await commands.spop("s")).toBeNull();
      await bytes.sadd("s", BYTES);
      expect(await bytes.spop("s")).toEqual(BYTES);
    });

    test("takes a set of members with a count", async () => {
      const { commands, bytes } = surface;
      await commands.sadd("s", ["a", "b", "c"]);
      expect(await commands.spop("s", 0)).toEqual(new Set());
      const two = await commands.spop("s", 2);
      expect(two.size).toBe(2);
      const rest = await commands.spop("s", 9);
      expect(new Set([...two, ...rest])).toEqual(new Set(["a", "b", "c"]));
      expect(await commands.spop("missing", 2)).toEqual(new Set());
      await bytes.sadd("s", BYTES);
      expect([...(await bytes.spop("s", 2))]).toEqual([BYTES]);
    });

    test("fails on a negative count and on another type", async () => {
      const { commands } = surface;
      await commands.set("text", "x");
      await expect(commands.spop("s", -1)).rejects.toThrow(ServerError);
      await expect(commands.spop("text")).rejects.toThrow(WrongTypeError);
    });
  });

  describe("SRANDMEMBER", () => {
    test("picks one member, or none", async () => {
      const { commands } = surface;
      await commands.sadd("s", "only");
      expect(await commands.srandmember("s")).toBe("only");
      expect(await commands.srandmember("missing")).toBeNull();
    });

    test("picks different members with a positive count", async () => {
      const { commands } = surface;
      await commands.sadd("s", ["a", "b"]);
      expect((await commands.srandmember("s", 5)).sort()).toEqual(["a", "b"]);
      expect(await commands.srandmember("s", 0)).toEqual([]);
      expect(await commands.srandmember("missing", 5)).toEqual([]);
    });

    test("picks as many as asked with a negative count", async () => {
      const { commands, bytes } = surface;
      await commands.sadd("s", "only");
      expect(await commands.srandmember("s", -3)).toEqual(["only", "only", "only"]);
      expect(await bytes.srandmember("s", -1)).toEqual([Buffer.from("only")]);
    });
  });

  describe("SSCAN", () => {
    test("gives a small set in one page", async () => {
      const { commands } = surface;
      await commands.sadd("s", ["a", "b"]);
      const page = await commands.sscan("s", "0");
      expect(page.cursor).toBe("0");
      expect(page.members.sort()).toEqual(["a", "b"]);
      expect(await commands.sscan("missing", 0)).toEqual({ cursor: "0", members: [] });
    });

    test("gives only what matches", async () => {
      const { commands, bytes } = surface;
      await commands.sadd("s", ["new", "sale"]);
      const options = { match: "n*", count: 100 };
      expect(await commands.sscan("s", 0, options)).toEqual({ cursor: "0", members: ["new"] });
      expect(await commands.sscan("s", 0, { match: "" })).toEqual({ cursor: "0", members: [] });
      expect(await bytes.sscan("s", 0, { match: Buffer.from("s*") })).toEqual({
        cursor: "0",
        members: [Buffer.from("sale")],
      });
    });

    test("gives a large set page by page", async () => {
      const { commands } = surface;
      const all = new Set(Array.from({ length: 1_000 }, (_, index) => `member:${index}`));
      await commands.sadd("s", all);
      const seen = new Set<string>();
      let cursor = "0";
      let pages = 0;
      do {
        const page = await commands.sscan("s", cursor, { count: 100 });
        for (const member of page.members) seen.add(member);
        cursor = page.cursor;
        pages += 1;
      } while (cursor !== "0");
      expect(pages).toBeGreaterThan(1);
      expect(seen).toEqual(all);
    });

    test("sends a count of 0, which the server refuses", async () => {
      const { commands } = surface;
      await commands.sadd("s", "a");
      await expect(commands.sscan("s", 0, { count: 0 })).rejects.toThrow(ServerError);
    });
  });
}

/** What must not compile. */
export function setsThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error several members are an array, no rest parameters
  void commands.sadd("s", "a", "b");
  // @ts-expect-error several keys are an array, no rest parameters
  void commands.sunion("s", "t");
  // @ts-expect-error a count is a number
  void commands.spop("s", "2");
}
