import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  BusyGroupError,
  NoGroupError,
  ServerError,
  WrongTypeError,
} from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe]);

const ANN = { group: "g", consumer: "ann" };
const BOB = { group: "g", consumer: "bob" };
const NOBODY = { group: "no", consumer: "body" };
const ALL = { minIdleInMilliseconds: 0 };

function entry(n: number): object {
  return { id: `${n}-1`, fields: [["n", `${n}`]] };
}

/** What every surface does with the commands on groups of consumers. */
export function streamGroupsSuite(surface: Surface): void {
  /** A group `g` that has read nothing of the entries 1-1, 2-1, … */
  const addGroup = async (entries: number) => {
    await surface.commands.xgroupCreate("s", "g", "0", { createStream: true });
    for (let n = 1; n <= entries; n += 1) {
      await surface.commands.xadd("s", { n }, { id: `${n}-1` });
    }
  };
  /** Who has what pending. */
  const pending = async () => {
    const deliveries = await surface.commands.xpending("s", "g", {
      start: "-",
      end: "+",
      count: 9,
    });
    return deliveries.map(({ id, consumer }) => [id, consumer]);
  };

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    const range = { start: "-", end: "+", count: 1 };
    await expect(commands.xack("text", "g", "1-1")).rejects.toThrow(WrongTypeError);
    await expect(commands.xautoclaim("text", ANN, ALL)).rejects.toThrow(WrongTypeError);
    await expect(commands.xclaim("text", ANN, "1-1", ALL)).rejects.toThrow(WrongTypeError);
    await expect(commands.xgroupCreate("text", "g", "0")).rejects.toThrow(WrongTypeError);
    await expect(commands.xgroupDestroy("text", "g")).rejects.toThrow(WrongTypeError);
    await expect(commands.xpending("text", "g")).rejects.toThrow(WrongTypeError);
    await expect(commands.xpending("text", "g", range)).rejects.toThrow(WrongTypeError);
    await expect(commands.xreadgroup(ANN, "text")).rejects.toThrow(WrongTypeError);
  });

  test("a missing group is a NoGroupError", async () => {
    const { commands } = surface;
    await addGroup(1);
    await expect(commands.xautoclaim("s", NOBODY, ALL)).rejects.toThrow(NoGroupError);
    await expect(commands.xautoclaim("missing", ANN, ALL)).rejects.toThrow(NoGroupError);
    await expect(commands.xclaim("s", NOBODY, "1-1", ALL)).rejects.toThrow(NoGroupError);
    await expect(commands.xgroupCreateconsumer("s", "no", "c")).rejects.toThrow(NoGroupError);
    await expect(commands.xgroupDelconsumer("s", "no", "c")).rejects.toThrow(NoGroupError);
    await expect(commands.xgroupSetid("s", "no", "0")).rejects.toThrow(NoGroupError);
    await expect(commands.xpending("s", "no")).rejects.toThrow(NoGroupError);
    await expect(commands.xpending("missing", "g")).rejects.toThrow(NoGroupError);
    await expect(commands.xreadgroup(NOBODY, "s")).rejects.toThrow(NoGroupError);
    await expect(commands.xreadgroup(ANN, ["s", "missing"])).rejects.toThrow(NoGroupError);
  });

  test("bytes come back as they were, and ids as text", async () => {
    const { bytes } = surface;
    const me = { group: BYTES, consumer: BYTES };
    expect(await bytes.xgroupCreate(BYTES, BYTES, "$", { createStream: true })).toBe(true);
    await bytes.xadd(BYTES, [[BYTES, BYTES]], { id: "1-1" });
    const entries = [{ id: "1-1", fields: [[BYTES, BYTES]] }];
    expect(await bytes.xreadgroup(me, BYTES)).toEqual([{ key: BYTES, entries }]);
    expect(await bytes.xreadgroup(me, [[BYTES, 0]])).toEqual([{ key: BYTES, entries }]);
    expect(await bytes.xclaim(BYTES, me, "1-1", ALL)).toEqual(entries);
    expect(await bytes.xclaim(BYTES, me, "1-1", { ...ALL, justId: true })).toEqual(["1-1"]);
    const step = { cursor: "0-0", deletedIds: [] };
    expect(await bytes.xautoclaim(BYTES, me, ALL)).toEqual({ ...step, entries });
    expect(await bytes.xautoclaim(BYTES, me, { ...ALL, justId: true })).toEqual({
      ...step,
      ids: ["1-1"],
    });
    expect(await bytes.xpending(BYTES, BYTES)).toEqual({
      count: 1,
      smallestId: "1-1",
      greatestId: "1-1",
      consumers: [{ name: BYTES, count: 1 }],
    });
    const range = { start: "-", end: "+", count: 1, consumer: BYTES };
    expect(await bytes.xpending(BYTES, BYTES, range)).toMatchObject([
      { id: "1-1", consumer: BYTES },
    ]);
    expect(await bytes.xack(BYTES, BYTES, "1-1")).toBe(1);
    expect(await bytes.xgroupDelconsumer(BYTES, BYTES, BYTES)).toBe(0);
    expect(await bytes.xgroupDestroy(BYTES, BYTES)).toBe(true);
  });

  describe("XGROUP", () => {
    test("makes and removes groups", async () => {
      const { commands } = surface;
      await expect(commands.xgroupCreate("s", "g", "$")).rejects.toThrow(ServerError);
      expect(await commands.xgroupCreate("s", "g", "$", { createStream: true })).toBe(true);
      await expect(commands.xgroupCreate("s", "g", 0)).rejects.toThrow(BusyGroupError);
      expect(await commands.xgroupDestroy("s", "g")).toBe(true);
      expect(await commands.xgroupDestroy("s", "g")).toBe(false);
      await expect(commands.xgroupDestroy("missing", "g")).rejects.toThrow(ServerError);
    });

    test("makes and removes consumers", async () => {
      const { commands } = surface;
      await addGroup(2);
      expect(await commands.xgroupCreateconsumer("s", "g", "ann")).toBe(true);
      expect(await commands.xgroupCreateconsumer("s", "g", "ann")).toBe(false);
      await commands.xreadgroup(ANN, "s");
      expect(await commands.xgroupDelconsumer("s", "g", "ann")).toBe(2);
      expect(await commands.xgroupDelconsumer("s", "g", "ann")).toBe(0);
      expect(await pending()).toEqual([]);
    });

    test("lets a group go on elsewhere", async () => {
      const { commands } = surface;
      await addGroup(2);
      await commands.xreadgroup(ANN, "s");
      expect(await commands.xgroupSetid("s", "g", "1-1")).toBe(true);
      expect(await commands.xreadgroup(BOB, "s")).toEqual([{ key: "s", entries: [entry(2)] }]);
      expect(await commands.xgroupSetid("s", "g", "$", { entriesRead: 2 })).toBe(true);
      expect(await commands.xreadgroup(BOB, "s")).toBeNull();
    });

    test("takes what is known of entries that were read", async () => {
      const { commands } = surface;
      await addGroup(3);
      await commands.xgroupCreate("s", "known", "1-1", { entriesRead: 0 });
      await commands.xgroupCreate("s", "unknown", "1-1", { entriesRead: -1 });
      await commands.xgroupSetid("s", "g", "2-1", { entriesRead: 2 });
      const groups = await commands.xinfoGroups("s");
      expect(groups.map(({ name, entriesRead }) => [name, entriesRead])).toEqual([
        ["g", 2],
        ["known", 0],
        ["unknown", null],
      ]);
      const bad = commands.xgroupCreate("s", "bad", "0", { entriesRead: -2 });
      await expect(bad).rejects.toThrow(ServerError);
    });
  });

  describe("XREADGROUP", () => {
    test("gives each entry to one consumer", async () => {
      const { commands } = surface;
      await addGroup(3);
      const one = { count: 1 };
      expect(await commands.xreadgroup(ANN, "s", one)).toEqual([{ key: "s", entries: [entry(1)] }]);
      expect(await commands.xreadgroup(BOB, ["s"])).toEqual([
        { key: "s", entries: [entry(2), entry(3)] },
      ]);
      expect(await commands.xreadgroup(ANN, new Set(["s"]))).toBeNull();
      expect(await pending()).toEqual([
        ["1-1", "ann"],
        ["2-1", "bob"],
        ["3-1", "bob"],
      ]);
    });

    test("reads several streams", async () => {
      const { commands } = surface;
      await addGroup(1);
      await commands.xgroupCreate("t", "g", "0", { createStream: true });
      expect(await commands.xreadgroup(ANN, ["t", "s"])).toEqual([
        { key: "s", entries: [entry(1)] },
      ]);
      await commands.xadd("t", { n: 2 }, { id: "2-1" });
      expect(await commands.xreadgroup(ANN, { s: "0", t: ">" })).toEqual([
        { key: "s", entries: [entry(1)] },
        { key: "t", entries: [entry(2)] },
      ]);
    });

    test("gives again what is pending, and null for the fields of what was deleted", async () => {
      const { commands } = surface;
      await addGroup(3);
      await commands.xreadgroup(ANN, "s");
      await commands.xdel("s", "2-1");
      const entries = [entry(1), { id: "2-1", fields: null }, entry(3)];
      expect(await commands.xreadgroup(ANN, { s: "0" })).toEqual([{ key: "s", entries }]);
      expect(await commands.xreadgroup(ANN, new Map([["s", "2-1"]]), { count: 5 })).toEqual([
        { key: "s", entries: [entry(3)] },
      ]);
      expect(await commands.xreadgroup(BOB, [["s", 0]])).toEqual([{ key: "s", entries: [] }]);
    });

    test("acknowledges at once where asked to", async () => {
      const { commands } = surface;
      await addGroup(2);
      await commands.xreadgroup(ANN, "s", { noAck: true, count: 1 });
      expect(await pending()).toEqual([]);
      await commands.xreadgroup(ANN, "s", { noAck: false });
      expect(await pending()).toEqual([["2-1", "ann"]]);
    });

    test("waits no longer than it was told", async () => {
      const { commands } = surface;
      await addGroup(1);
      const wait = { blockInMilliseconds: 0, count: 0 };
      expect(await commands.xreadgroup(ANN, "s", wait)).toEqual([
        { key: "s", entries: [entry(1)] },
      ]);
      expect(await commands.xreadgroup(ANN, "s", { blockInMilliseconds: 1 })).toBeNull();
      expect(await commands.xreadgroup(ANN, { s: 9 }, { blockInMilliseconds: 1 })).toEqual([
        { key: "s", entries: [] },
      ]);
    });

    testSince(surface, { redis: "8.4.0" }, "claims what was pending for long", async () => {
      const { commands, bytes } = surface;
      await addGroup(3);
      await commands.xreadgroup(ANN, "s", { count: 2 });
      await commands.xdel("s", "1-1");
      const claimed = await commands.xreadgroup(BOB, "s", { claimIdleInMilliseconds: 0 });
      expect(claimed).toEqual([
        {
          key: "s",
          entries: [
            { ...entry(2), idleInMilliseconds: expect.any(Number), deliveries: 1 },
            { ...entry(3), idleInMilliseconds: 0, deliveries: 0 },
          ],
        },
      ]);
      const later = { claimIdleInMilliseconds: 60_000, blockInMilliseconds: 1, noAck: true };
      expect(await bytes.xreadgroup(BOB, ["s"], later)).toBeNull();
    });

    test("refuses no streams", async () => {
      const { commands } = surface;
      await expect(async () => commands.xreadgroup(ANN, [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.xreadgroup(ANN, new Set<string>())).rejects.toThrow(
        ArgumentError,
      );
      await expect(async () => commands.xreadgroup(ANN, {})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.xreadgroup(ANN, new Map())).rejects.toThrow(ArgumentError);
    });
  });

  describe("XACK", () => {
    test("counts what was pending", async () => {
      const { commands } = surface;
      await addGroup(3);
      await commands.xreadgroup(ANN, "s");
      expect(await commands.xack("s", "g", ["1-1", "9-9"])).toBe(1);
      expect(await commands.xack("s", "g", "2-1")).toBe(1);
      expect(await commands.xack("s", "g", "2-1")).toBe(0);
      expect(await commands.xack("missing", "g", "1-1")).toBe(0);
      expect(await commands.xack("s", "no", "1-1")).toBe(0);
      expect(await pending()).toEqual([["3-1", "ann"]]);
      await expect(async () => commands.xack("s", "g", [])).rejects.toThrow(ArgumentError);
      await expect(commands.xack("s", "g", "nonsense")).rejects.toThrow(ServerError);
    });
  });

  describe("XACKDEL", () => {
    testSince(surface, { redis: "8.2.0" }, "tells what became of each entry", async () => {
      const { commands, bytes } = surface;
      await addGroup(4);
      await commands.xgroupCreate("s", "other", "0");
      await commands.xreadgroup(ANN, "s");
      expect(await commands.xackdel("s", "g", ["1-1", "9-9"])).toEqual(["deleted", "missing"]);
      const acked = { references: "ACKED" } as const;
      expect(await commands.xackdel("s", "g", "2-1", acked)).toEqual(["kept"]);
      expect(await commands.xackdel("s", "g", "3-1", { references: "DELREF" })).toEqual([
        "deleted",
      ]);
      expect(await bytes.xackdel("s", "g", ["4-1"], { references: "KEEPREF" })).toEqual([
        "deleted",
      ]);
      expect(await commands.xackdel("missing", "g", "1-1")).toEqual(["missing"]);
      expect(await commands.xlen("s")).toBe(1);
      await expect(async () => commands.xackdel("s", "g", [])).rejects.toThrow(ArgumentError);
    });
  });

  describe("XCLAIM", () => {
    test("takes over what is pending, but for what was deleted", async () => {
      const { commands } = surface;
      await addGroup(4);
      await commands.xreadgroup(ANN, "s", { count: 3 });
      await commands.xdel("s", "2-1");
      const ids = ["1-1", "2-1", "4-1", "9-9"];
      expect(await commands.xclaim("s", BOB, ids, ALL)).toEqual([entry(1)]);
      expect(await pending()).toEqual([
        ["1-1", "bob"],
        ["3-1", "ann"],
      ]);
      const long = { minIdleInMilliseconds: 60_000 };
      expect(await commands.xclaim("s", BOB, "3-1", long)).toEqual([]);
      await expect(async () => commands.xclaim("s", BOB, [], ALL)).rejects.toThrow(ArgumentError);
    });

    test("gives ids where asked to, which counts as no delivery", async () => {
      const { commands } = surface;
      await addGroup(1);
      await commands.xreadgroup(ANN, "s");
      const justId = { ...ALL, justId: true } as const;
      expect(await commands.xclaim("s", BOB, "1-1", justId)).toEqual(["1-1"]);
      expect(await commands.xclaim("s", BOB, ["9-9"], justId)).toEqual([]);
      const range = { start: "-", end: "+", count: 1 };
      expect(await commands.xpending("s", "g", range)).toMatchObject([{ deliveries: 1 }]);
    });

    test("sets what is known of the delivery", async () => {
      const { commands } = surface;
      await addGroup(2);
      await commands.xreadgroup(ANN, "s", { count: 1 });
      const range = { start: "-", end: "+", count: 2, minIdleInMilliseconds: 50_000 };
      await commands.xclaim("s", BOB, "1-1", { ...ALL, idleInMilliseconds: 60_000, deliveries: 0 });
      expect(await commands.xpending("s", "g", range)).toMatchObject([
        { id: "1-1", consumer: "bob", deliveries: 0 },
      ]);
      await commands.xclaim("s", BOB, "1-1", { ...ALL, idleInMilliseconds: 0 });
      expect(await commands.xpending("s", "g", range)).toEqual([]);
      await commands.xclaim("s", BOB, "1-1", { ...ALL, deliveredAtMilliseconds: new Date(0) });
      expect(await commands.xpending("s", "g", range)).toMatchObject([{ deliveries: 2 }]);
      await commands.xclaim("s", BOB, "1-1", { ...ALL, deliveredAtMilliseconds: Date.now() });
      expect(await commands.xpending("s", "g", range)).toEqual([]);
    });

    test("claims what is not pending by force, and lets the group go on", async () => {
      const { commands } = surface;
      await addGroup(3);
      expect(await commands.xclaim("s", BOB, "1-1", { ...ALL, force: false })).toEqual([]);
      const options = { ...ALL, force: true, lastId: "2-1" };
      expect(await commands.xclaim("s", BOB, "1-1", options)).toEqual([entry(1)]);
      expect(await commands.xreadgroup(ANN, "s")).toEqual([{ key: "s", entries: [entry(3)] }]);
    });
  });

  describe("XAUTOCLAIM", () => {
    test("goes through what is pending", async () => {
      const { commands } = surface;
      await addGroup(4);
      await commands.xreadgroup(ANN, "s");
      await commands.xdel("s", "3-1");
      const step = { ...ALL, count: 2 };
      const first = await commands.xautoclaim("s", BOB, step);
      expect(first).toEqual({ cursor: "3-1", entries: [entry(1), entry(2)], deletedIds: [] });
      expect(await commands.xautoclaim("s", BOB, { ...step, start: first.cursor })).toEqual({
        cursor: "0-0",
        entries: [entry(4)],
        deletedIds: ["3-1"],
      });
      expect(await pending()).toEqual([
        ["1-1", "bob"],
        ["2-1", "bob"],
        ["4-1", "bob"],
      ]);
    });

    test("gives ids where asked to", async () => {
      const { commands } = surface;
      await addGroup(3);
      await commands.xreadgroup(ANN, "s");
      await commands.xdel("s", "2-1");
      expect(await commands.xautoclaim("s", BOB, { ...ALL, justId: true, start: "(1-1" })).toEqual({
        cursor: "0-0",
        ids: ["3-1"],
        deletedIds: ["2-1"],
      });
    });

    test("finds nothing, and sends a count of 0, which the server refuses", async () => {
      const { commands } = surface;
      await addGroup(1);
      await commands.xreadgroup(ANN, "s");
      const nothing = { cursor: "0-0", entries: [], deletedIds: [] };
      expect(await commands.xautoclaim("s", BOB, { minIdleInMilliseconds: 60_000 })).toEqual(
        nothing,
      );
      expect(await commands.xautoclaim("s", BOB, { ...ALL, start: 9 })).toEqual(nothing);
      await expect(commands.xautoclaim("s", BOB, { ...ALL, count: 0 })).rejects.toThrow(
        ServerError,
      );
    });
  });

  describe("XPENDING", () => {
    test("tells in short", async () => {
      const { commands } = surface;
      await addGroup(3);
      const nothing = { count: 0, smallestId: null, greatestId: null, consumers: [] };
      expect(await commands.xpending("s", "g")).toEqual(nothing);
      await commands.xreadgroup(ANN, "s", { count: 2 });
      await commands.xreadgroup(BOB, "s");
      expect(await commands.xpending("s", "g")).toEqual({
        count: 3,
        smallestId: "1-1",
        greatestId: "3-1",
        consumers: [
          { name: "ann", count: 2 },
          { name: "bob", count: 1 },
        ],
      });
    });

    test("tells of each entry in a range", async () => {
      const { commands } = surface;
      await addGroup(3);
      await commands.xreadgroup(ANN, "s", { count: 2 });
      await commands.xreadgroup(BOB, "s");
      const all = { start: "-", end: "+", count: 9 };
      const delivery = { idleInMilliseconds: expect.any(Number), deliveries: 1 };
      expect(await commands.xpending("s", "g", { ...all, start: "(1-1" })).toEqual([
        { id: "2-1", consumer: "ann", ...delivery },
        { id: "3-1", consumer: "bob", ...delivery },
      ]);
      const bobs = { ...all, consumer: "bob", minIdleInMilliseconds: 0 };
      expect(await commands.xpending("s", "g", bobs)).toEqual([
        { id: "3-1", consumer: "bob", ...delivery },
      ]);
      expect(await commands.xpending("s", "g", { ...all, minIdleInMilliseconds: 60_000 })).toEqual(
        [],
      );
      expect(await commands.xpending("s", "g", { ...all, consumer: "" })).toEqual([]);
      expect(await commands.xpending("s", "g", { ...all, count: 0 })).toEqual([]);
    });
  });
}

/** What must not compile. */
export function streamGroupsThatDoNotCompile({ commands }: Surface): void {
  // @ts-expect-error IDLE and TIME exclude one another
  void commands.xclaim("s", ANN, "1-1", {
    ...ALL,
    idleInMilliseconds: 1,
    deliveredAtMilliseconds: 1,
  });
  // @ts-expect-error a claim says how long an entry must have been pending
  void commands.xclaim("s", ANN, "1-1", { force: true });
  // @ts-expect-error a range has a count
  void commands.xpending("s", "g", { start: "-", end: "+" });
  // @ts-expect-error what is pending is not claimed by reading it again
  void commands.xreadgroup(ANN, { s: "0" }, { claimIdleInMilliseconds: 0 });
  // @ts-expect-error a consumer belongs to a group
  void commands.xreadgroup({ consumer: "ann" }, "s");
  void commands.xreadgroup(ANN, { s: "0" }).then((read) => {
    // @ts-expect-error an entry that is read again may be deleted
    const fields: [string, string][] | undefined = read?.[0]?.entries[0]?.fields;
    return fields;
  });
}
