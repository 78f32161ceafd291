import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe]);

/** What every surface does with the commands on streams. */
export function streamsSuite(surface: Surface): void {
  /** Entries 1-1, 2-1, … with a field `n`. */
  const addEntries = async (count: number) => {
    for (let n = 1; n <= count; n += 1) {
      await surface.commands.xadd("s", { n }, { id: `${n}-1` });
    }
  };
  const ids = async () => (await surface.commands.xrange("s", "-", "+")).map(({ id }) => id);

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await expect(commands.xadd("text", { a: 1 })).rejects.toThrow(WrongTypeError);
    await expect(commands.xdel("text", "1-1")).rejects.toThrow(WrongTypeError);
    await expect(commands.xlen("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.xrange("text", "-", "+")).rejects.toThrow(WrongTypeError);
    await expect(commands.xrevrange("text", "+", "-")).rejects.toThrow(WrongTypeError);
    await expect(commands.xread({ text: "0" })).rejects.toThrow(WrongTypeError);
    await expect(commands.xsetid("text", "1-1")).rejects.toThrow(WrongTypeError);
    await expect(commands.xtrim("text", { maxLength: 0 })).rejects.toThrow(WrongTypeError);
  });

  test("bytes come back as they were, and ids as text", async () => {
    const { bytes } = surface;
    expect(await bytes.xadd(BYTES, [[BYTES, BYTES]], { id: "1-1" })).toBe("1-1");
    const entries = [{ id: "1-1", fields: [[BYTES, BYTES]] }];
    expect(await bytes.xrange(BYTES, "-", "+")).toEqual(entries);
    expect(await bytes.xrevrange(BYTES, "+", "-")).toEqual(entries);
    expect(await bytes.xread([[BYTES, 0]])).toEqual([{ key: BYTES, entries }]);
    expect(await bytes.xdel(BYTES, "1-1")).toBe(1);
  });

  describe("XADD", () => {
    test("lets the server choose an id, or takes one", async () => {
      const { commands } = surface;
      expect(await commands.xadd("s", { a: 1 }, { id: "1-1" })).toBe("1-1");
      expect(await commands.xadd("s", { a: 1 }, { id: 5 })).toBe("5-0");
      expect(await commands.xadd("s", { a: 1 }, { id: "5-*" })).toBe("5-1");
      expect(await commands.xadd("s", { a: 1 }, { id: "*" })).toMatch(/^\d{13}-0$/);
      expect(await commands.xadd("s", { a: 1 })).toMatch(/^\d{13}-\d+$/);
      expect(await commands.xlen("s")).toBe(5);
    });

    test("keeps the order of fields, and fields that come twice", async () => {
      const { commands } = surface;
      await commands.xadd(
        "s",
        [
          ["b", 1],
          ["a", ""],
          ["b", 2n],
        ],
        { id: "1-1" },
      );
      await commands.xadd("s", new Map([["__proto__", "x"]]), { id: "2-1" });
      const [first, second] = await commands.xrange("s", "-", "+");
      expect(first).toEqual({
        id: "1-1",
        fields: [
          ["b", "1"],
          ["a", ""],
          ["b", "2"],
        ],
      });
      expect(second).toEqual({ id: "2-1", fields: [["__proto__", "x"]] });
    });

    test("takes the fields of an entry that was read", async () => {
      const { commands } = surface;
      await commands.xadd("s", { a: 1, b: 2 }, { id: "1-1" });
      const [entry] = await commands.xrange("s", "-", "+");
      await commands.xadd("copy", entry?.fields ?? [], { id: "1-1" });
      expect(await commands.xrange("copy", "-", "+")).toEqual([entry]);
    });

    test("makes the stream unless told not to", async () => {
      const { commands } = surface;
      expect(await commands.xadd("s", { a: 1 }, { createStream: false })).toBeNull();
      expect(await commands.exists("s")).toBe(0);
      expect(await commands.xadd("s", { a: 1 }, { createStream: true, id: "1-1" })).toBe("1-1");
      expect(await commands.xadd("s", { a: 1 }, { createStream: false, id: "2-1" })).toBe("2-1");
    });

    test("trims the stream", async () => {
      const { commands } = surface;
      await addEntries(3);
      await commands.xadd("s", { a: 1 }, { id: "4-1", trim: { maxLength: 2 } });
      expect(await ids()).toEqual(["3-1", "4-1"]);
      await commands.xadd("s", { a: 1 }, { id: "5-1", trim: { minId: "4-1", approximate: false } });
      expect(await ids()).toEqual(["4-1", "5-1"]);
      const roughly = { maxLength: 1, approximate: true, limit: 0 } as const;
      await commands.xadd("s", { a: 1 }, { id: "6-1", trim: roughly });
      expect(await ids()).toEqual(["4-1", "5-1", "6-1"]);
      await commands.xadd("s", { a: 1 }, { id: "7-1", trim: { maxLength: 0 } });
      expect(await ids()).toEqual([]);
    });

    test("refuses no fields, and ids that are too low", async () => {
      const { commands } = surface;
      await expect(async () => commands.xadd("s", {})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.xadd("s", [])).rejects.toThrow(ArgumentError);
      await addEntries(1);
      await expect(commands.xadd("s", { a: 1 }, { id: "1-1" })).rejects.toThrow(ServerError);
      await expect(commands.xadd("s", { a: 1 }, { id: "" })).rejects.toThrow(ServerError);
    });

    testSince(surface, { redis: "8.6.0" }, "adds an idempotent entry once", async () => {
      const { commands } = surface;
      const add = (idempotent: { producer: string; entry?: string }) =>
        commands.xadd(
          "s",
          { a: 1 },
          { idempotent, trim: { maxLength: 10, references: "KEEPREF" } },
        );
      const first = await add({ producer: "p", entry: "1" });
      expect(await add({ producer: "p", entry: "1" })).toBe(first);
      const second = await add({ producer: "p", entry: "2" });
      expect(second).not.toBe(first);
      const third = await add({ producer: "p" });
      expect(await add({ producer: "p" })).toBe(third);
      expect(await ids()).toEqual([first, second, third]);
    });
  });

  describe("XCFGSET", () => {
    testSince(
      surface,
      { redis: "8.6.0" },
      "sets how idempotent entries are remembered",
      async () => {
        const { commands } = surface;
        await addEntries(1);
        expect(await commands.xcfgset("s", { idmpDurationInSeconds: 7, idmpMaxSize: 8 })).toBe(
          true,
        );
        expect(await commands.xcfgset("s", { idmpMaxSize: 9 })).toBe(true);
        expect(await commands.xinfoStream("s")).toMatchObject({
          idmpDurationInSeconds: 7,
          idmpMaxSize: 9,
        });
        const none = { idmpDurationInSeconds: 0 };
        await expect(commands.xcfgset("s", none)).rejects.toThrow(ServerError);
        await expect(commands.xcfgset("missing", { idmpMaxSize: 1 })).rejects.toThrow(ServerError);
      },
    );
  });

  describe("XDEL and XLEN", () => {
    test("delete and count entries", async () => {
      const { commands } = surface;
      await addEntries(4);
      expect(await commands.xlen("s")).toBe(4);
      expect(await commands.xdel("s", ["1-1", "9-9"])).toBe(1);
      expect(await commands.xdel("s", "2-1")).toBe(1);
      expect(await commands.xdel("s", new Set(["3-1"]))).toBe(1);
      expect(await ids()).toEqual(["4-1"]);
      expect(await commands.xdel("missing", "1-1")).toBe(0);
      expect(await commands.xlen("missing")).toBe(0);
    });

    test("refuse no ids, and what is no id", async () => {
      const { commands } = surface;
      await addEntries(1);
      await expect(async () => commands.xdel("s", [])).rejects.toThrow(ArgumentError);
      await expect(commands.xdel("s", "nonsense")).rejects.toThrow(ServerError);
    });
  });

  describe("XDELEX", () => {
    testSince(surface, { redis: "8.2.0" }, "tells what became of each entry", async () => {
      const { commands, bytes } = surface;
      await addEntries(4);
      await commands.xgroupCreate("s", "g", "0");
      expect(await commands.xdelex("s", ["1-1", "9-9"])).toEqual(["deleted", "missing"]);
      expect(await commands.xdelex("s", "2-1", { references: "ACKED" })).toEqual(["kept"]);
      expect(await commands.xdelex("s", "2-1", { references: "KEEPREF" })).toEqual(["deleted"]);
      expect(await bytes.xdelex("s", ["3-1"], { references: "DELREF" })).toEqual(["deleted"]);
      expect(await commands.xdelex("missing", "1-1")).toEqual(["missing"]);
      expect(await ids()).toEqual(["4-1"]);
      await expect(async () => commands.xdelex("s", [])).rejects.toThrow(ArgumentError);
    });
  });

  describe("XRANGE and XREVRANGE", () => {
    const entry = (n: number) => ({ id: `${n}-1`, fields: [["n", `${n}`]] });

    test("give what lies between two ids", async () => {
      const { commands } = surface;
      await addEntries(4);
      expect(await commands.xrange("s", 2, "3")).toEqual([entry(2), entry(3)]);
      expect(await commands.xrange("s", "(1-1", "(3-1")).toEqual([entry(2)]);
      expect(await commands.xrevrange("s", "3", 2)).toEqual([entry(3), entry(2)]);
      expect(await commands.xrevrange("s", "+", "(3-1")).toEqual([entry(4)]);
      expect(await commands.xrange("s", "9", "+")).toEqual([]);
      expect(await commands.xrange("missing", "-", "+")).toEqual([]);
      expect(await commands.xrevrange("missing", "+", "-")).toEqual([]);
    });

    test("give at most so many entries, and none for 0", async () => {
      const { commands } = surface;
      await addEntries(3);
      expect(await commands.xrange("s", "-", "+", { count: 2 })).toEqual([entry(1), entry(2)]);
      expect(await commands.xrevrange("s", "+", "-", { count: 1 })).toEqual([entry(3)]);
      expect(await commands.xrange("s", "-", "+", { count: 0 })).toEqual([]);
      expect(await commands.xrevrange("s", "+", "-", { count: 0 })).toEqual([]);
    });
  });

  describe("XREAD", () => {
    const first = { id: "1-1", fields: [["n", "1"]] };

    test("reads several streams, given as an object, a Map or pairs", async () => {
      const { commands } = surface;
      await addEntries(2);
      await commands.xadd("t", { a: 1 }, { id: "7-7" });
      const other = { key: "t", entries: [{ id: "7-7", fields: [["a", "1"]] }] };
      const both = [{ key: "s", entries: [first] }, other];
      const count = { count: 1 };
      expect(await commands.xread({ s: "0", t: 0, missing: "0" }, count)).toEqual(both);
      expect(await commands.xread(new Map([["t", "7-0"]]))).toEqual([other]);
      expect(
        await commands.xread([
          ["s", "2-1"],
          [Buffer.from("t"), 0],
        ]),
      ).toEqual([other]);
    });

    test("gives null for nothing", async () => {
      const { commands } = surface;
      await addEntries(1);
      expect(await commands.xread({ s: "1-1", missing: "0" })).toBeNull();
      expect(await commands.xread({ s: "$" })).toBeNull();
    });

    test("takes a count of 0 for no limit", async () => {
      const { commands } = surface;
      await addEntries(3);
      const read = await commands.xread({ s: "0" }, { count: 0 });
      expect(read?.[0]?.entries).toHaveLength(3);
    });

    test("waits no longer than it was told", async () => {
      const { commands, bytes } = surface;
      await addEntries(1);
      expect(await commands.xread({ s: "$" }, { blockInMilliseconds: 1 })).toBeNull();
      expect(await commands.xread({ s: "0" }, { blockInMilliseconds: 0, count: 1 })).toEqual([
        { key: "s", entries: [first] },
      ]);
      expect(await bytes.xread({ s: "$" }, { blockInMilliseconds: 1 })).toBeNull();
    });

    testSince(surface, { redis: "7.4.0", valkey: "8.0.0" }, "gives the last entry", async () => {
      const { commands } = surface;
      await addEntries(2);
      const read = await commands.xread({ s: "+" });
      expect(read?.[0]?.entries.map(({ id }) => id)).toEqual(["2-1"]);
    });

    test("refuses no streams, and what is no id", async () => {
      const { commands } = surface;
      await expect(async () => commands.xread({})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.xread([])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.xread(new Map())).rejects.toThrow(ArgumentError);
      await expect(commands.xread({ s: "nonsense" })).rejects.toThrow(ServerError);
    });
  });

  describe("XSETID", () => {
    test("sets what the next ids follow", async () => {
      const { commands } = surface;
      await addEntries(1);
      expect(await commands.xsetid("s", "5-0")).toBe(true);
      expect(await commands.xadd("s", { a: 1 }, { id: "5-*" })).toBe("5-1");
      const options = { entriesAdded: 100, maxDeletedId: "4-0" };
      expect(await commands.xsetid("s", 9, options)).toBe(true);
      expect(await commands.xinfoStream("s")).toMatchObject({
        lastGeneratedId: "9-0",
        entriesAdded: 100,
        maxDeletedEntryId: "4-0",
      });
    });

    test("refuses an id that is too low, and a missing key", async () => {
      const { commands } = surface;
      await addEntries(2);
      await expect(commands.xsetid("s", "1-1")).rejects.toThrow(ServerError);
      await expect(commands.xsetid("missing", "1-1")).rejects.toThrow(ServerError);
    });
  });

  describe("XTRIM", () => {
    test("deletes by length or by id", async () => {
      const { commands } = surface;
      await addEntries(6);
      expect(await commands.xtrim("s", { maxLength: 4 })).toBe(2);
      expect(await commands.xtrim("s", { minId: 4 })).toBe(1);
      expect(await commands.xtrim("s", { minId: "5-1", approximate: false })).toBe(1);
      expect(await commands.xtrim("s", { maxLength: 1, approximate: true })).toBe(0);
      expect(await commands.xtrim("s", { minId: "5", approximate: true, limit: 1 })).toBe(0);
      expect(await commands.xtrim("s", { minId: "9", approximate: true, limit: 0 })).toBe(2);
      expect(await commands.xtrim("missing", { maxLength: 0 })).toBe(0);
      await expect(commands.xtrim("s", { maxLength: -1 })).rejects.toThrow(ServerError);
    });

    testSince(surface, { redis: "8.2.0" }, "keeps entries that a group still needs", async () => {
      const { commands } = surface;
      await addEntries(2);
      await commands.xgroupCreate("s", "g", "0");
      expect(await commands.xtrim("s", { maxLength: 0, references: "ACKED" })).toBe(0);
      const roughly = { minId: 9, approximate: true, limit: 0, references: "ACKED" } as const;
      expect(await commands.xtrim("s", roughly)).toBe(0);
      expect(await commands.xtrim("s", { maxLength: 1, references: "DELREF" })).toBe(1);
      expect(await commands.xtrim("s", { maxLength: 0, references: "KEEPREF" })).toBe(1);
    });
  });
}

/** What must not compile. */
export function streamsThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error MAXLEN and MINID exclude one another
  void commands.xtrim("s", { maxLength: 1, minId: "1-1" });
  // @ts-expect-error one of MAXLEN and MINID is needed
  void commands.xtrim("s", { approximate: true });
  // @ts-expect-error LIMIT is for approximate trimming only
  void commands.xtrim("s", { maxLength: 1, limit: 10 });
  // @ts-expect-error LIMIT is for approximate trimming only
  void commands.xadd("s", { a: 1 }, { trim: { maxLength: 1, approximate: false, limit: 10 } });
  // @ts-expect-error an idempotent entry has no id of its own
  void commands.xadd("s", { a: 1 }, { id: "1-1", idempotent: { producer: "p" } });
  // @ts-expect-error something must be set
  void commands.xcfgset("s", {});
  // @ts-expect-error a stream is read from somewhere
  void commands.xread("s");
  void commands.xadd("s", { a: 1 }, { createStream: false }).then((id) => {
    // @ts-expect-error there may be no id
    const text: string = id;
    return text;
  });
}
