import type { Bulk } from "../../src/command/command.ts";
import type { StreamGroupCommands } from "../../src/commands/stream_groups.ts";
import type { StreamInfoCommands } from "../../src/commands/stream_info.ts";
import type { StreamCommands } from "../../src/commands/streams.ts";
import type { SamplesOf } from "./sample.ts";

/** A consumer with something pending, and one without. */
const BUSY = { group: "group", consumer: "busy" } as const;
const IDLE = { group: "group", consumer: "idle" } as const;
const FIELDS = { f: "v" } as const;

export const streamSamples: SamplesOf<StreamCommands<"command", Bulk>> = {
  xadd: [
    (on) => on.xadd("stream", { f: "v", g: 1 }, { id: "9-1" }),
    (on) => on.xadd("stream", [["f", "v"]], { id: "9-*" }),
    (on) => on.xadd("stream", FIELDS),
    (on) => on.xadd("none", FIELDS, { createStream: false }),
    (on) => on.xadd("stream", FIELDS, { id: "9-1", trim: { maxLength: 2 } }),
    (on) =>
      on.xadd("stream", FIELDS, {
        id: "9-1",
        trim: { maxLength: 2, approximate: true, limit: 100 },
      }),
    (on) => on.xadd("stream", FIELDS, { id: "9-1", trim: { minId: 2, approximate: false } }),
    (on) => on.xadd("stream", FIELDS, { id: "9-1", trim: { maxLength: 2, references: "KEEPREF" } }),
    (on) => on.xadd("stream", FIELDS, { id: "9-1", trim: { maxLength: 2, references: "DELREF" } }),
    (on) => on.xadd("stream", FIELDS, { id: "9-1", trim: { maxLength: 2, references: "ACKED" } }),
    (on) => on.xadd("stream", FIELDS, { idempotent: { producer: "p" } }),
    (on) => on.xadd("stream", FIELDS, { idempotent: { producer: "p", entry: "e" } }),
  ],
  xcfgset: [
    (on) => on.xcfgset("stream", { idmpDurationInSeconds: 100, idmpMaxSize: 10 }),
    (on) => on.xcfgset("stream", { idmpMaxSize: 10 }),
  ],
  xdel: [(on) => on.xdel("stream", "1-1"), (on) => on.xdel("stream", ["1-1", "7-7"])],
  xdelex: [
    (on) => on.xdelex("stream", "1-1"),
    (on) => on.xdelex("stream", ["1-1", "7-7"], { references: "KEEPREF" }),
    (on) => on.xdelex("stream", "1-1", { references: "DELREF" }),
    (on) => on.xdelex("stream", "1-1", { references: "ACKED" }),
  ],
  xlen: [(on) => on.xlen("stream"), (on) => on.xlen("none")],
  xrange: [
    (on) => on.xrange("stream", "-", "+"),
    (on) => on.xrange("stream", "(1-1", 9, { count: 1 }),
    (on) => on.xrange("none", "-", "+"),
  ],
  xread: [
    (on) => on.xread({ stream: 0 }),
    (on) => on.xread({ stream: "0-0", stream2: "0" }, { count: 1 }),
    (on) => on.xread([["stream", "$"]], { blockInMilliseconds: 1 }),
    (on) => on.xread(new Map([["none", 0]])),
  ],
  xrevrange: [
    (on) => on.xrevrange("stream", "+", "-"),
    (on) => on.xrevrange("stream", "+", "(1-1", { count: 1 }),
  ],
  xsetid: [
    (on) => on.xsetid("stream", "9-9"),
    (on) => on.xsetid("stream", "9-9", { entriesAdded: 10, maxDeletedId: "1-1" }),
  ],
  xtrim: [
    (on) => on.xtrim("stream", { maxLength: 1 }),
    (on) => on.xtrim("stream", { maxLength: 1, approximate: true, limit: 10 }),
    (on) => on.xtrim("stream", { minId: "2-1", approximate: false }),
    (on) => on.xtrim("stream", { maxLength: 1, references: "KEEPREF" }),
    (on) => on.xtrim("stream", { maxLength: 1, references: "DELREF" }),
    (on) => on.xtrim("stream", { maxLength: 1, references: "ACKED" }),
  ],
};

export const streamGroupSamples: SamplesOf<StreamGroupCommands<"command", Bulk>> = {
  xack: [(on) => on.xack("stream", "group", "1-1"), (on) => on.xack("stream", "none", ["1-1"])],
  xackdel: [
    (on) => on.xackdel("stream", "group", "1-1"),
    (on) => on.xackdel("stream", "group", ["1-1", "7-7"], { references: "KEEPREF" }),
    (on) => on.xackdel("stream", "group", "1-1", { references: "DELREF" }),
    (on) => on.xackdel("stream", "group", "1-1", { references: "ACKED" }),
  ],
  xautoclaim: [
    (on) => on.xautoclaim("stream", IDLE, { minIdleInMilliseconds: 0 }),
    (on) => on.xautoclaim("stream", IDLE, { minIdleInMilliseconds: 0, start: "1-1", count: 5 }),
    (on) => on.xautoclaim("stream", IDLE, { minIdleInMilliseconds: 0, justId: true }),
    (on) => on.xautoclaim("stream", IDLE, { minIdleInMilliseconds: 1_000_000 }),
  ],
  xclaim: [
    (on) => on.xclaim("stream", IDLE, "1-1", { minIdleInMilliseconds: 0 }),
    (on) => on.xclaim("stream", IDLE, ["1-1"], { minIdleInMilliseconds: 0, justId: true }),
    (on) =>
      on.xclaim("stream", IDLE, ["1-1", "2-1"], {
        minIdleInMilliseconds: 0,
        idleInMilliseconds: 100,
        deliveries: 3,
        force: true,
        lastId: "2-1",
      }),
    (on) =>
      on.xclaim("stream", IDLE, "1-1", {
        minIdleInMilliseconds: 0,
        deliveredAtMilliseconds: new Date(1000),
      }),
  ],
  xgroupCreate: [
    (on) => on.xgroupCreate("stream", "new", "$"),
    (on) => on.xgroupCreate("none", "new", 0, { createStream: true }),
    (on) => on.xgroupCreate("stream", "new", "1-1", { entriesRead: 1 }),
    (on) => on.xgroupCreate("stream", "group", 0),
  ],
  xgroupCreateconsumer: [
    (on) => on.xgroupCreateconsumer("stream", "group", "new"),
    (on) => on.xgroupCreateconsumer("stream", "group", "busy"),
  ],
  xgroupDelconsumer: [(on) => on.xgroupDelconsumer("stream", "group", "busy")],
  xgroupDestroy: [
    (on) => on.xgroupDestroy("stream", "group"),
    (on) => on.xgroupDestroy("stream", "none"),
  ],
  xgroupSetid: [
    (on) => on.xgroupSetid("stream", "group", "$"),
    (on) => on.xgroupSetid("stream", "group", "1-1", { entriesRead: 1 }),
  ],
  xpending: [
    (on) => on.xpending("stream", "group"),
    (on) => on.xpending("stream2", "group"),
    (on) => on.xpending("stream", "group", { start: "-", end: "+", count: 10 }),
    (on) =>
      on.xpending("stream", "group", {
        start: "-",
        end: "(9-9",
        count: 10,
        consumer: "busy",
        minIdleInMilliseconds: 1_000_000,
      }),
  ],
  xreadgroup: [
    (on) => on.xreadgroup(IDLE, "stream"),
    (on) => on.xreadgroup(IDLE, ["stream", "stream2"], { count: 1, noAck: true }),
    (on) => on.xreadgroup(BUSY, { stream: 0 }),
    (on) => on.xreadgroup(IDLE, "stream2", { blockInMilliseconds: 1 }),
    (on) => on.xreadgroup(IDLE, "stream", { claimIdleInMilliseconds: 1_000_000 }),
  ],
};

export const streamInfoSamples: SamplesOf<StreamInfoCommands<"command", Bulk>> = {
  xinfoConsumers: [(on) => on.xinfoConsumers("stream", "group")],
  xinfoGroups: [(on) => on.xinfoGroups("stream"), (on) => on.xinfoGroups("stream3")],
  xinfoStream: [
    (on) => on.xinfoStream("stream"),
    (on) => on.xinfoStream("stream3"),
    (on) => on.xinfoStream("stream", { full: true }),
    (on) => on.xinfoStream("stream", { full: true, count: 1 }),
  ],
};
