import { describe, expect, test } from "vitest";
import { NoGroupError, ServerError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe]);

const ANN = { group: "g", consumer: "ann" };
const NUMBER = expect.any(Number) as number;

/** What every surface tells about streams, groups and consumers. */
export function streamInfoSuite(surface: Surface): void {
  /** Whether the server tells when a consumer last got an entry. */
  const tellsActivity = () => surface.version.kind === "valkey" || surface.version.atLeast("7.2.0");
  const tellsIdempotency = () =>
    surface.version.kind === "redis" && surface.version.atLeast("8.6.0");
  /** Three entries, of which ann has got two and acknowledged none; the first is deleted. */
  const fill = async () => {
    const { commands } = surface;
    for (const n of [1, 2, 3]) await commands.xadd("s", { n }, { id: `${n}-1` });
    await commands.xgroupCreate("s", "g", "0");
    await commands.xreadgroup(ANN, "s", { count: 2 });
    await commands.xdel("s", "1-1");
  };
  const facts = {
    radixTreeKeys: 1,
    radixTreeNodes: 2,
    lastGeneratedId: "3-1",
    maxDeletedEntryId: "1-1",
    entriesAdded: 3,
    recordedFirstEntryId: "2-1",
  };
  const idempotency = () =>
    tellsIdempotency() && {
      idmpDurationInSeconds: 100,
      idmpMaxSize: 100,
      producersTracked: 0,
      namesTracked: 0,
      idempotentAdded: 0,
      duplicatesRefused: 0,
    };
  const first = { id: "2-1", fields: [["n", "2"]] };
  const last = { id: "3-1", fields: [["n", "3"]] };

  test("a missing key is a ServerError, and another type a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await expect(commands.xinfoStream("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.xinfoGroups("text")).rejects.toThrow(WrongTypeError);
    await expect(commands.xinfoConsumers("text", "g")).rejects.toThrow(WrongTypeError);
    await expect(commands.xinfoStream("missing")).rejects.toThrow(ServerError);
    await expect(commands.xinfoStream("missing", { full: true })).rejects.toThrow(ServerError);
    await expect(commands.xinfoGroups("missing")).rejects.toThrow(ServerError);
    await expect(commands.xinfoConsumers("missing", "g")).rejects.toThrow(ServerError);
  });

  describe("XINFO STREAM", () => {
    test("tells in short", async () => {
      await fill();
      expect(await surface.commands.xinfoStream("s")).toEqual({
        ...facts,
        ...idempotency(),
        length: 2,
        groups: 1,
        firstEntry: first,
        lastEntry: last,
      });
    });

    test("tells of an empty stream", async () => {
      const { commands } = surface;
      await commands.xgroupCreate("s", "g", "$", { createStream: true });
      expect(await commands.xinfoStream("s")).toMatchObject({
        length: 0,
        groups: 1,
        lastGeneratedId: "0-0",
        maxDeletedEntryId: "0-0",
        entriesAdded: 0,
        firstEntry: null,
        lastEntry: null,
      });
    });

    test("tells everything where asked to", async () => {
      const { commands } = surface;
      await fill();
      await commands.xgroupCreateconsumer("s", "g", "bob");
      const delivery = { deliveredAtMilliseconds: NUMBER, deliveries: 1 };
      const ids = [
        { id: "1-1", ...delivery },
        { id: "2-1", ...delivery },
      ];
      const seen = { seenAtMilliseconds: NUMBER };
      expect(await commands.xinfoStream("s", { full: true })).toEqual({
        ...facts,
        ...idempotency(),
        length: 2,
        entries: [first, last],
        groups: [
          {
            name: "g",
            lastDeliveredId: "2-1",
            entriesRead: 2,
            lag: 1,
            pendingCount: 2,
            pending: ids.map((pending) => ({ ...pending, consumer: "ann" })),
            consumers: [
              {
                name: "ann",
                ...seen,
                ...(tellsActivity() && { activeAtMilliseconds: NUMBER }),
                pendingCount: 2,
                pending: ids,
              },
              {
                name: "bob",
                ...seen,
                ...(tellsActivity() && { activeAtMilliseconds: -1 }),
                pendingCount: 0,
                pending: [],
              },
            ],
          },
        ],
      });
    });

    test("tells at most so many entries, and all for 0", async () => {
      const { commands } = surface;
      for (let n = 1; n <= 12; n += 1) await commands.xadd("s", { n }, { id: `${n}-1` });
      await commands.xgroupCreate("s", "g", "0");
      await commands.xreadgroup(ANN, "s");
      for (const [count, told] of [
        [undefined, 10],
        [1, 1],
        [0, 12],
      ] as const) {
        const { entries, groups } = await commands.xinfoStream("s", { full: true, count });
        expect(entries).toHaveLength(told);
        expect(groups[0]?.pendingCount).toBe(12);
        expect(groups[0]?.pending).toHaveLength(told);
        expect(groups[0]?.consumers[0]?.pending).toHaveLength(told);
      }
    });

    test("keeps bytes as they are", async () => {
      const { bytes } = surface;
      await bytes.xgroupCreate(BYTES, BYTES, "0", { createStream: true });
      await bytes.xadd(BYTES, [[BYTES, BYTES]], { id: "1-1" });
      await bytes.xreadgroup({ group: BYTES, consumer: BYTES }, BYTES);
      const entry = { id: "1-1", fields: [[BYTES, BYTES]] };
      expect(await bytes.xinfoStream(BYTES)).toMatchObject({ length: 1, firstEntry: entry });
      expect(await bytes.xinfoStream(BYTES, { full: true })).toMatchObject({
        entries: [entry],
        groups: [
          {
            name: BYTES,
            lastDeliveredId: "1-1",
            pending: [{ id: "1-1", consumer: BYTES }],
            consumers: [{ name: BYTES, pending: [{ id: "1-1", deliveries: 1 }] }],
          },
        ],
      });
    });
  });

  describe("XINFO GROUPS", () => {
    test("tells of every group", async () => {
      const { commands, bytes } = surface;
      await fill();
      await commands.xgroupCreate("s", "late", "2-1");
      const groups = [
        { name: "g", consumers: 1, pending: 2, lastDeliveredId: "2-1", entriesRead: 2, lag: 1 },
        {
          name: "late",
          consumers: 0,
          pending: 0,
          lastDeliveredId: "2-1",
          entriesRead: null,
          lag: 1,
        },
      ];
      expect(await commands.xinfoGroups("s")).toEqual(groups);
      expect(await bytes.xinfoGroups("s")).toEqual(
        groups.map((group) => ({ ...group, name: Buffer.from(group.name) })),
      );
      await commands.xadd("none", { a: 1 });
      expect(await commands.xinfoGroups("none")).toEqual([]);
    });

    test("gives null where the server cannot tell how far a group is", async () => {
      const { commands } = surface;
      for (const n of [1, 2, 3]) await commands.xadd("s", { n }, { id: `${n}-1` });
      await commands.xgroupCreate("s", "g", "2-1");
      expect(await commands.xinfoGroups("s")).toMatchObject([{ entriesRead: null, lag: null }]);
    });
  });

  describe("XINFO CONSUMERS", () => {
    test("tells of every consumer", async () => {
      const { commands, bytes } = surface;
      await fill();
      await commands.xgroupCreateconsumer("s", "g", "bob");
      const consumers = [
        {
          name: "ann",
          pending: 2,
          idleInMilliseconds: NUMBER,
          ...(tellsActivity() && { inactiveInMilliseconds: NUMBER }),
        },
        {
          name: "bob",
          pending: 0,
          idleInMilliseconds: NUMBER,
          ...(tellsActivity() && { inactiveInMilliseconds: -1 }),
        },
      ];
      expect(await commands.xinfoConsumers("s", "g")).toEqual(consumers);
      expect(await bytes.xinfoConsumers("s", "g")).toEqual(
        consumers.map((consumer) => ({ ...consumer, name: Buffer.from(consumer.name) })),
      );
    });

    test("finds none, or fails for a missing group", async () => {
      const { commands } = surface;
      await commands.xgroupCreate("s", "g", "$", { createStream: true });
      expect(await commands.xinfoConsumers("s", "g")).toEqual([]);
      await expect(commands.xinfoConsumers("s", "no")).rejects.toThrow(NoGroupError);
    });
  });
}

/** What must not compile. */
export function streamInfoThatDoesNotCompile({ commands }: Surface): void {
  // @ts-expect-error a count is for everything only
  void commands.xinfoStream("s", { count: 1 });
}
