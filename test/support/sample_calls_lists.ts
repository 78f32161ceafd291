import type { Bulk } from "../../src/command/command.ts";
import type { BlockingListCommands } from "../../src/commands/blocking_lists.ts";
import type { ListCommands } from "../../src/commands/lists.ts";
import type { SetCommands } from "../../src/commands/sets.ts";
import type { SortCommands } from "../../src/commands/sorting.ts";
import type { SamplesOf } from "./sample.ts";

/** In seconds; long enough for the server's clock, short enough to wait for. */
const SOON = 0.01;

export const listSamples: SamplesOf<ListCommands<"command", Bulk>> = {
  lindex: [(on) => on.lindex("list", 1), (on) => on.lindex("list", 99)],
  linsert: [
    (on) => on.linsert("list", "x", { before: "b" }),
    (on) => on.linsert("list", "x", { after: "b" }),
  ],
  llen: [(on) => on.llen("list")],
  lmove: [
    (on) => on.lmove("list", "list2", { from: "LEFT", to: "RIGHT" }),
    (on) => on.lmove("none", "list2", { from: "RIGHT", to: "LEFT" }),
  ],
  lmpop: [
    (on) => on.lmpop(["none", "list"], "LEFT"),
    (on) => on.lmpop("list", "RIGHT", { count: 2 }),
    (on) => on.lmpop("none", "LEFT"),
  ],
  lpop: [(on) => on.lpop("list"), (on) => on.lpop("list", 2), (on) => on.lpop("none", 2)],
  lpos: [
    (on) => on.lpos("list", "b"),
    (on) => on.lpos("list", "none"),
    (on) => on.lpos("list", "b", { rank: -1, maxComparisons: 2 }),
    (on) => on.lpos("list", "b", { count: 2 }),
  ],
  lpush: [(on) => on.lpush("list", "x"), (on) => on.lpush("none", ["x", 1, 2n])],
  lpushx: [(on) => on.lpushx("list", "x"), (on) => on.lpushx("none", ["x", "y"])],
  lrange: [(on) => on.lrange("list", 0, -1), (on) => on.lrange("none", 1, 2)],
  lrem: [(on) => on.lrem("list", 1, "b"), (on) => on.lrem("list", -2, "b")],
  lset: [(on) => on.lset("list", 1, "x"), (on) => on.lset("list", 99, "x")],
  ltrim: [(on) => on.ltrim("list", 1, 2)],
  rpop: [(on) => on.rpop("list"), (on) => on.rpop("list", 2), (on) => on.rpop("none")],
  rpoplpush: [(on) => on.rpoplpush("list", "list2"), (on) => on.rpoplpush("none", "list2")],
  rpush: [(on) => on.rpush("list", "x"), (on) => on.rpush("none", ["x", "y"])],
  rpushx: [(on) => on.rpushx("list", "x"), (on) => on.rpushx("none", "x")],
};

export const blockingListSamples: SamplesOf<BlockingListCommands<"command", Bulk>> = {
  blmove: [
    (on) => on.blmove("list", "list2", { from: "LEFT", to: "RIGHT", timeoutInSeconds: SOON }),
    (on) => on.blmove("none", "list2", { from: "RIGHT", to: "LEFT", timeoutInSeconds: SOON }),
  ],
  blmpop: [
    (on) => on.blmpop(["none", "list"], "LEFT", { timeoutInSeconds: SOON, count: 2 }),
    (on) => on.blmpop("none", "RIGHT", { timeoutInSeconds: SOON }),
  ],
  blpop: [(on) => on.blpop(["none", "list"], SOON), (on) => on.blpop("none", SOON)],
  brpop: [(on) => on.brpop(["none", "list"], SOON), (on) => on.brpop("none", SOON)],
  brpoplpush: [
    (on) => on.brpoplpush("list", "list2", SOON),
    (on) => on.brpoplpush("none", "list2", SOON),
  ],
};

export const setSamples: SamplesOf<SetCommands<"command", Bulk>> = {
  sadd: [(on) => on.sadd("set", "new"), (on) => on.sadd("set", ["x", "new", 1])],
  scard: [(on) => on.scard("set")],
  sdiff: [(on) => on.sdiff(["set", "set2"]), (on) => on.sdiff("set")],
  sdiffstore: [(on) => on.sdiffstore("dest", ["set", "set2"])],
  sinter: [(on) => on.sinter(["set", "set2"]), (on) => on.sinter("set")],
  sintercard: [
    (on) => on.sintercard(["set", "set2"]),
    (on) => on.sintercard(["set", "set2"], { limit: 1 }),
  ],
  sinterstore: [(on) => on.sinterstore("dest", ["set", "set2"])],
  sismember: [(on) => on.sismember("set", "x"), (on) => on.sismember("set", "none")],
  smembers: [(on) => on.smembers("set"), (on) => on.smembers("none")],
  smismember: [(on) => on.smismember("set", ["x", "none"]), (on) => on.smismember("set", "x")],
  smove: [(on) => on.smove("set", "set2", "x"), (on) => on.smove("set", "set2", "none")],
  spop: [
    (on) => on.spop("single_member"),
    (on) => on.spop("none"),
    (on) => on.spop("single_member", 2),
  ],
  srandmember: [
    (on) => on.srandmember("single_member"),
    (on) => on.srandmember("none"),
    (on) => on.srandmember("single_member", -2),
  ],
  srem: [(on) => on.srem("set", "x"), (on) => on.srem("set", ["x", "none"])],
  sscan: [
    (on) => on.sscan("single_member", 0),
    (on) => on.sscan("single_member", "0", { match: "x*", count: 5 }),
  ],
  sunion: [(on) => on.sunion(["set", "set2"]), (on) => on.sunion("set")],
  sunionstore: [(on) => on.sunionstore("dest", ["set", "set2"])],
};

export const sortSamples: SamplesOf<SortCommands<"command", Bulk>> = {
  sort: [
    (on) => on.sort("numbers"),
    (on) => on.sort("list", { alpha: true, order: "DESC" }),
    (on) => on.sort("numbers", { limit: { offset: 1, count: 2 }, order: "ASC" }),
    (on) => on.sort("numbers", { by: "weight_*", get: ["#", "name_*"] }),
    (on) => on.sort("numbers", { get: "name_*" }),
    (on) => on.sort("numbers", { store: "dest" }),
    (on) => on.sort("numbers", { by: "nosort", get: "name_*", store: "dest" }),
  ],
  sort_ro: [
    (on) => on.sort_ro("numbers"),
    (on) => on.sort_ro("list", { alpha: true, order: "DESC" }),
    (on) => on.sort_ro("numbers", { limit: { offset: 1, count: 2 }, order: "ASC" }),
    (on) => on.sort_ro("numbers", { by: "weight_*", get: ["#", "name_*"] }),
  ],
};
