import type { Bulk } from "../../src/command/command.ts";
import type { HashExpiryCommands } from "../../src/commands/hash_expiry.ts";
import type { HashCommands } from "../../src/commands/hashes.ts";
import type { SamplesOf } from "./sample.ts";

/** Far away, so that nothing expires while the tests run. */
const LATER = 4_102_444_800;

export const hashSamples: SamplesOf<HashCommands<"command", Bulk>> = {
  hdel: [(on) => on.hdel("hash", "f"), (on) => on.hdel("hash", ["f", "none"])],
  hexists: [(on) => on.hexists("hash", "f"), (on) => on.hexists("hash", "none")],
  hget: [(on) => on.hget("hash", "f"), (on) => on.hget("hash", "none")],
  hgetall: [(on) => on.hgetall("hash"), (on) => on.hgetall("none")],
  hincrby: [(on) => on.hincrby("hash", "f", 5), (on) => on.hincrby("hash", "f", -5n)],
  hincrbyfloat: [(on) => on.hincrbyfloat("hash", "f", 1.5)],
  hkeys: [(on) => on.hkeys("hash"), (on) => on.hkeys("none")],
  hlen: [(on) => on.hlen("hash")],
  hmget: [(on) => on.hmget("hash", ["f", "none"]), (on) => on.hmget("hash", "f")],
  hmset: [(on) => on.hmset("hash", { f: "3", h: 4 })],
  hrandfield: [
    (on) => on.hrandfield("single_field"),
    (on) => on.hrandfield("none"),
    (on) => on.hrandfield("single_field", 2),
    (on) => on.hrandfield("single_field", -2, { withValues: true }),
  ],
  hscan: [
    (on) => on.hscan("hash", 0),
    (on) => on.hscan("hash", "0", { match: "f*", count: 5 }),
    (on) => on.hscan("hash", 0, { withValues: false }),
  ],
  hset: [
    (on) => on.hset("hash", { h: "3", i: 4 }),
    (on) => on.hset("hash", "f", "v"),
    (on) => on.hset("hash", new Map([["f", "v"]])),
    (on) => on.hset("hash", [[Buffer.from("f"), "v"]]),
  ],
  hsetnx: [(on) => on.hsetnx("hash", "f", "v"), (on) => on.hsetnx("hash", "h", "v")],
  hstrlen: [(on) => on.hstrlen("hash", "f")],
  hvals: [(on) => on.hvals("hash")],
};

export const hashExpirySamples: SamplesOf<HashExpiryCommands<"command", Bulk>> = {
  hexpire: [
    (on) => on.hexpire("hash", 100, "f"),
    (on) => on.hexpire("hash", 100, ["f", "none"], { when: "NX" }),
    (on) => on.hexpire("hash", 100, "f", { when: "XX" }),
    (on) => on.hexpire("hash", 100, "f", { when: "GT" }),
    (on) => on.hexpire("hash", 100, "f", { when: "LT" }),
  ],
  hexpireat: [
    (on) => on.hexpireat("hash", LATER, "f"),
    (on) => on.hexpireat("hash", new Date(LATER * 1000), ["f", "none"], { when: "NX" }),
    (on) => on.hexpireat("hash", LATER, "f", { when: "XX" }),
    (on) => on.hexpireat("hash", LATER, "f", { when: "GT" }),
    (on) => on.hexpireat("hash", 1, "f", { when: "LT" }),
  ],
  hexpiretime: [(on) => on.hexpiretime("hash_volatile", ["f", "g", "none"])],
  hgetdel: [(on) => on.hgetdel("hash", ["f", "none"]), (on) => on.hgetdel("hash", "f")],
  hgetex: [
    (on) => on.hgetex("hash", ["f", "none"]),
    (on) => on.hgetex("hash", "f", { expireInSeconds: 100 }),
    (on) => on.hgetex("hash", "f", { expireInMilliseconds: 100_000 }),
    (on) => on.hgetex("hash", "f", { expireAt: LATER }),
    (on) => on.hgetex("hash", "f", { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.hgetex("hash_volatile", "f", { persist: true }),
  ],
  hpersist: [(on) => on.hpersist("hash_volatile", ["f", "g", "none"])],
  hpexpire: [
    (on) => on.hpexpire("hash", 100_000, "f"),
    (on) => on.hpexpire("hash", 100_000, "f", { when: "NX" }),
    (on) => on.hpexpire("hash", 100_000, "f", { when: "XX" }),
    (on) => on.hpexpire("hash", 100_000, "f", { when: "GT" }),
    (on) => on.hpexpire("hash", 100_000, "f", { when: "LT" }),
  ],
  hpexpireat: [
    (on) => on.hpexpireat("hash", LATER * 1000, "f"),
    (on) => on.hpexpireat("hash", new Date(LATER * 1000), "f", { when: "NX" }),
    (on) => on.hpexpireat("hash", LATER * 1000, "f", { when: "XX" }),
    (on) => on.hpexpireat("hash", LATER * 1000, "f", { when: "GT" }),
    (on) => on.hpexpireat("hash", 1, "f", { when: "LT" }),
  ],
  hpexpiretime: [(on) => on.hpexpiretime("hash_volatile", ["f", "g", "none"])],
  hpttl: [(on) => on.hpttl("hash", ["f", "none"]), (on) => on.hpttl("hash_volatile", "f")],
  hsetex: [
    (on) => on.hsetex("hash", { f: "1", h: "2" }),
    (on) => on.hsetex("hash", { f: "1" }, { when: "FNX", expireInSeconds: 100 }),
    (on) => on.hsetex("hash", { f: "1" }, { when: "FXX", expireInMilliseconds: 100_000 }),
    (on) => on.hsetex("hash", { f: "1" }, { expireAt: LATER }),
    (on) => on.hsetex("hash", { f: "1" }, { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.hsetex("hash_volatile", { f: "1" }, { keepTtl: true }),
    (on) => on.hsetex("hash", { f: "1" }, { whenKey: "NX" }),
    (on) => on.hsetex("hash", { f: "1" }, { whenKey: "XX" }),
  ],
  httl: [(on) => on.httl("hash", ["f", "none"]), (on) => on.httl("hash_volatile", "f")],
};
