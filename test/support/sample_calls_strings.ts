import type { Bulk } from "../../src/command/command.ts";
import type { BitmapCommands } from "../../src/commands/bitmaps.ts";
import type { ConditionalStringCommands } from "../../src/commands/conditional_strings.ts";
import type { HyperLogLogCommands } from "../../src/commands/hyperloglog.ts";
import type { StringCommands } from "../../src/commands/strings.ts";
import type { SamplesOf } from "./sample.ts";

/** Far away, so that nothing expires while the tests run. */
const LATER = 4_102_444_800;

export const stringSamples: SamplesOf<StringCommands<"command", Bulk>> = {
  get: [(on) => on.get("str"), (on) => on.get("none"), (on) => on.get(Buffer.from("str"))],
  getdel: [(on) => on.getdel("str"), (on) => on.getdel("none")],
  getex: [
    (on) => on.getex("str"),
    (on) => on.getex("str", { expireInSeconds: 100 }),
    (on) => on.getex("str", { expireInMilliseconds: 100_000 }),
    (on) => on.getex("str", { expireAt: LATER }),
    (on) => on.getex("str", { expireAt: new Date(LATER * 1000) }),
    (on) => on.getex("str", { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.getex("volatile", { persist: true }),
    (on) => on.getex("none"),
  ],
  getset: [(on) => on.getset("str", "new"), (on) => on.getset("none", "new")],
  set: [
    (on) => on.set("str", "new"),
    (on) => on.set("str", 1n),
    (on) => on.set("str", Buffer.from([0, 255])),
    (on) => on.set("str", "new", { when: "NX" }),
    (on) => on.set("str", "new", { when: "XX", expireInSeconds: 100 }),
    (on) => on.set("str", "new", { when: { equals: "valid" } }),
    (on) => on.set("str", "new", { when: { notEquals: "valid" } }),
    (on) => on.set("str", "new", { when: { digestEquals: "0000000000000000" } }),
    (on) => on.set("str", "new", { when: { digestNotEquals: "0000000000000000" } }),
    (on) => on.set("str", "new", { get: true, expireInMilliseconds: 100_000 }),
    (on) => on.set("none", "new", { get: true, when: "NX" }),
    (on) => on.set("str", "new", { expireAt: LATER }),
    (on) => on.set("str", "new", { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.set("volatile", "new", { keepTtl: true }),
  ],
  setex: [(on) => on.setex("str", 100, "new")],
  psetex: [(on) => on.psetex("str", 100_000, "new")],
  setnx: [(on) => on.setnx("str", "new"), (on) => on.setnx("none", "new")],
  mget: [(on) => on.mget(["str", "none", "other"]), (on) => on.mget(new Set(["str"]))],
  mset: [
    (on) => on.mset({ a: "1", b: 2 }),
    (on) => on.mset(new Map([["a", "1"]])),
    (on) => on.mset([[Buffer.from("a"), "1"]]),
  ],
  msetnx: [(on) => on.msetnx({ a: "1", b: "2" }), (on) => on.msetnx({ str: "1" })],
  incr: [(on) => on.incr("n"), (on) => on.incr("str")],
  incrby: [(on) => on.incrby("n", 5), (on) => on.incrby("n", -5n)],
  incrbyfloat: [(on) => on.incrbyfloat("n", 1.5)],
  decr: [(on) => on.decr("n")],
  decrby: [(on) => on.decrby("n", 5)],
  append: [(on) => on.append("str", "x")],
  strlen: [(on) => on.strlen("str"), (on) => on.strlen("none")],
  getrange: [(on) => on.getrange("str", 1, -1), (on) => on.getrange("none", 0, 1)],
  substr: [(on) => on.substr("str", 1, -1)],
  setrange: [(on) => on.setrange("str", 2, "x")],
  lcs: [
    (on) => on.lcs("str", "other"),
    (on) => on.lcs("str", "other", { length: true }),
    (on) => on.lcs("str", "other", { matches: true }),
    (on) => on.lcs("str", "other", { matches: true, minMatchLength: 2 }),
  ],
};

export const conditionalStringSamples: SamplesOf<ConditionalStringCommands<"command">> = {
  delex: [
    (on) => on.delex("str"),
    (on) => on.delex("str", { when: { equals: "value" } }),
    (on) => on.delex("str", { when: { notEquals: "value" } }),
    (on) => on.delex("str", { when: { digestEquals: "0000000000000000" } }),
    (on) => on.delex("str", { when: { digestNotEquals: "0000000000000000" } }),
  ],
  delifeq: [(on) => on.delifeq("str", "value"), (on) => on.delifeq("str", "x")],
  digest: [(on) => on.digest("str"), (on) => on.digest("none")],
  msetex: [
    (on) => on.msetex({ a: "1", b: "2" }),
    (on) => on.msetex({ a: "1" }, { when: "NX", expireInSeconds: 100 }),
    (on) => on.msetex({ a: "1" }, { when: "XX", expireInMilliseconds: 100_000 }),
    (on) => on.msetex({ a: "1" }, { expireAt: LATER }),
    (on) => on.msetex({ a: "1" }, { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.msetex({ str: "1" }, { keepTtl: true }),
  ],
};

export const bitmapSamples: SamplesOf<BitmapCommands<"command">> = {
  getbit: [(on) => on.getbit("str", 1), (on) => on.getbit("none", 7)],
  setbit: [(on) => on.setbit("str", 1, 1), (on) => on.setbit("str", 1, 0)],
  bitcount: [
    (on) => on.bitcount("str"),
    (on) => on.bitcount("str", { start: 1 }),
    (on) => on.bitcount("str", { start: 1, end: -1 }),
    (on) => on.bitcount("str", { end: 5, unit: "BIT" }),
    (on) => on.bitcount("str", { start: 1, end: 2, unit: "BYTE" }),
  ],
  bitpos: [
    (on) => on.bitpos("str", 1),
    (on) => on.bitpos("str", 0, { start: 1 }),
    (on) => on.bitpos("str", 1, { start: 1, end: -1 }),
    (on) => on.bitpos("str", 1, { end: 9, unit: "BIT" }),
    (on) => on.bitpos("str", 1, { start: 2, end: 9, unit: "BYTE" }),
  ],
  bitop: [
    (on) => on.bitop("AND", "dest", ["str", "other"]),
    (on) => on.bitop("OR", "dest", "str"),
    (on) => on.bitop("XOR", "dest", ["str", "other"]),
    (on) => on.bitop("NOT", "dest", "str"),
    (on) => on.bitop("DIFF", "dest", ["str", "other"]),
    (on) => on.bitop("DIFF1", "dest", ["str", "other"]),
    (on) => on.bitop("ANDOR", "dest", ["str", "other"]),
    (on) => on.bitop("ONE", "dest", ["str", "other"]),
  ],
  bitfield: [
    (on) => on.bitfield("str", [{ get: "u8", offset: 3 }]),
    (on) => on.bitfield("str", [{ get: "i8", offset: "#1" }]),
    (on) =>
      on.bitfield("str", [
        { set: "u8", offset: 1, value: 200, overflow: "SAT" },
        { incrby: "u8", offset: 1, increment: 100, overflow: "FAIL" },
        { incrby: "u8", offset: 1, increment: -3n },
      ]),
  ],
  bitfield_ro: [
    (on) =>
      on.bitfield_ro("str", [
        { get: "u8", offset: 1 },
        { get: "i4", offset: "#2" },
      ]),
  ],
};

export const hyperLogLogSamples: SamplesOf<HyperLogLogCommands<"command">> = {
  pfadd: [(on) => on.pfadd("hll", ["x", "new"]), (on) => on.pfadd("none")],
  pfcount: [(on) => on.pfcount("hll"), (on) => on.pfcount(["hll", "hll2"])],
  pfmerge: [
    (on) => on.pfmerge("dest", ["hll", "hll2"]),
    (on) => on.pfmerge("hll", "hll2"),
    (on) => on.pfmerge("none"),
  ],
};
