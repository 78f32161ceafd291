import type { Bulk } from "../../src/command/command.ts";
import type { SortedSetAlgebraCommands } from "../../src/commands/sorted_set_algebra.ts";
import type { SortedSetPopCommands } from "../../src/commands/sorted_set_pops.ts";
import type { SortedSetRangeCommands } from "../../src/commands/sorted_set_ranges.ts";
import type { SortedSetCommands } from "../../src/commands/sorted_sets.ts";
import type { SamplesOf } from "./sample.ts";

/** In seconds; long enough for the server's clock, short enough to wait for. */
const SOON = 0.01;

export const sortedSetSamples: SamplesOf<SortedSetCommands<"command", Bulk>> = {
  zadd: [
    (on) => on.zadd("zset", { x: 5, new: Number.POSITIVE_INFINITY }),
    (on) => on.zadd("zset", new Map([["x", 5]]), { when: "NX" }),
    (on) => on.zadd("zset", [{ member: "x", score: 5 }], { when: "XX", countChanged: true }),
    (on) => on.zadd("zset", { x: 5 }, { updateIf: "GT", countChanged: true }),
    (on) => on.zadd("zset", { x: 5 }, { when: "XX", updateIf: "LT" }),
    (on) => on.zadd("zset", { x: 1.5 }, { increment: true }),
    (on) => on.zadd("zset", { x: 1.5 }, { increment: true, when: "NX" }),
  ],
  zcard: [(on) => on.zcard("zset")],
  zincrby: [
    (on) => on.zincrby("zset", 1.5, "x"),
    (on) => on.zincrby("zset", Number.NEGATIVE_INFINITY, "x"),
  ],
  zmscore: [(on) => on.zmscore("zset", ["x", "none"]), (on) => on.zmscore("zset", "x")],
  zrandmember: [
    (on) => on.zrandmember("single_score"),
    (on) => on.zrandmember("none"),
    (on) => on.zrandmember("single_score", 2),
    (on) => on.zrandmember("single_score", -2, { withScores: true }),
  ],
  zrank: [
    (on) => on.zrank("zset", "y"),
    (on) => on.zrank("zset", "none"),
    (on) => on.zrank("zset", "y", { withScore: true }),
    (on) => on.zrank("zset", "none", { withScore: true }),
  ],
  zrem: [(on) => on.zrem("zset", "x"), (on) => on.zrem("zset", ["x", "none"])],
  zrevrank: [
    (on) => on.zrevrank("zset", "x"),
    (on) => on.zrevrank("zset", "none"),
    (on) => on.zrevrank("zset", "x", { withScore: true }),
  ],
  zscan: [
    (on) => on.zscan("zset", 0),
    (on) => on.zscan("zset", "0", { match: "x*", count: 5 }),
    (on) => on.zscan("zset", 0, { withScores: false }),
  ],
  zscore: [(on) => on.zscore("zset", "y"), (on) => on.zscore("zset", "none")],
};

export const sortedSetPopSamples: SamplesOf<SortedSetPopCommands<"command", Bulk>> = {
  bzmpop: [
    (on) => on.bzmpop(["none", "zset"], "MIN", { timeoutInSeconds: SOON, count: 2 }),
    (on) => on.bzmpop("none", "MAX", { timeoutInSeconds: SOON }),
  ],
  bzpopmax: [(on) => on.bzpopmax(["none", "zset"], SOON), (on) => on.bzpopmax("none", SOON)],
  bzpopmin: [(on) => on.bzpopmin(["none", "zset"], SOON), (on) => on.bzpopmin("none", SOON)],
  zmpop: [
    (on) => on.zmpop(["none", "zset"], "MAX"),
    (on) => on.zmpop("zset", "MIN", { count: 2 }),
    (on) => on.zmpop("none", "MIN"),
  ],
  zpopmax: [
    (on) => on.zpopmax("zset"),
    (on) => on.zpopmax("none"),
    (on) => on.zpopmax("zset", 2),
    (on) => on.zpopmax("none", 2),
  ],
  zpopmin: [
    (on) => on.zpopmin("zset"),
    (on) => on.zpopmin("none"),
    (on) => on.zpopmin("zset", 2),
    (on) => on.zpopmin("none", 2),
  ],
};

export const sortedSetRangeSamples: SamplesOf<SortedSetRangeCommands<"command", Bulk>> = {
  zcount: [(on) => on.zcount("zset", "(1", 3), (on) => on.zcount("zset", "-inf", Infinity)],
  zlexcount: [(on) => on.zlexcount("lex", "-", "+"), (on) => on.zlexcount("lex", "[a", "(c")],
  zrange: [
    (on) => on.zrange("zset", 0, -1),
    (on) => on.zrange("zset", 0, -1, { withScores: true, reverse: true }),
    (on) => on.zrange("zset", "(1", Number.POSITIVE_INFINITY, { by: "SCORE" }),
    (on) =>
      on.zrange("zset", 9, "-inf", {
        by: "SCORE",
        reverse: true,
        withScores: true,
        limit: { offset: 1, count: 1 },
      }),
    (on) => on.zrange("lex", "[a", "+", { by: "LEX", limit: { offset: 1, count: -1 } }),
  ],
  zrangebylex: [
    (on) => on.zrangebylex("lex", "-", "(c"),
    (on) => on.zrangebylex("lex", "-", "+", { limit: { offset: 1, count: 1 } }),
  ],
  zrangebyscore: [
    (on) => on.zrangebyscore("zset", "(1", "+inf"),
    (on) => on.zrangebyscore("zset", 1, 3, { withScores: true }),
    (on) => on.zrangebyscore("zset", 1, 3, { limit: { offset: 1, count: 1 } }),
  ],
  zrangestore: [
    (on) => on.zrangestore("dest", "zset", { start: 0, stop: 1 }),
    (on) => on.zrangestore("dest", "zset", { by: "SCORE", start: 9, stop: "(1", reverse: true }),
    (on) =>
      on.zrangestore("dest", "lex", {
        by: "LEX",
        start: "-",
        stop: "+",
        limit: { offset: 1, count: 1 },
      }),
  ],
  zremrangebylex: [(on) => on.zremrangebylex("lex", "-", "(b")],
  zremrangebyrank: [(on) => on.zremrangebyrank("zset", 1, -1)],
  zremrangebyscore: [(on) => on.zremrangebyscore("zset", "(1", Number.POSITIVE_INFINITY)],
  zrevrange: [
    (on) => on.zrevrange("zset", 0, 1),
    (on) => on.zrevrange("zset", 0, 1, { withScores: true }),
  ],
  zrevrangebylex: [
    (on) => on.zrevrangebylex("lex", "+", "(a"),
    (on) => on.zrevrangebylex("lex", "+", "-", { limit: { offset: 1, count: 1 } }),
  ],
  zrevrangebyscore: [
    (on) => on.zrevrangebyscore("zset", "+inf", "(1"),
    (on) => on.zrevrangebyscore("zset", 3, 1, { withScores: true }),
    (on) => on.zrevrangebyscore("zset", 3, 1, { limit: { offset: 1, count: 1 } }),
  ],
};

export const sortedSetAlgebraSamples: SamplesOf<SortedSetAlgebraCommands<"command", Bulk>> = {
  zdiff: [
    (on) => on.zdiff(["zset", "zset2"]),
    (on) => on.zdiff(["zset", "zset2"], { withScores: true }),
  ],
  zdiffstore: [(on) => on.zdiffstore("dest", ["zset", "zset2"])],
  zinter: [
    (on) => on.zinter(["zset", "zset2"]),
    (on) => on.zinter(["zset", "zset2"], { weights: [2, 0.5], aggregate: "MAX" }),
    (on) => on.zinter(["zset", "zset2"], { withScores: true, aggregate: "SUM" }),
    (on) => on.zinter(["zset", "zset2"], { aggregate: "MIN" }),
  ],
  zintercard: [
    (on) => on.zintercard(["zset", "zset2"]),
    (on) => on.zintercard(["zset", "zset2"], { limit: 1 }),
  ],
  zinterstore: [
    (on) => on.zinterstore("dest", ["zset", "zset2"]),
    (on) => on.zinterstore("dest", ["zset", "zset2"], { weights: [2, 3], aggregate: "MIN" }),
    (on) => on.zinterstore("dest", ["zset", "zset2"], { aggregate: "MAX" }),
    (on) => on.zinterstore("dest", "zset", { aggregate: "SUM" }),
  ],
  zunion: [
    (on) => on.zunion(["zset", "zset2"]),
    (on) => on.zunion(["zset", "zset2"], { weights: [2, Infinity], aggregate: "MAX" }),
    (on) => on.zunion(["zset", "zset2"], { withScores: true, aggregate: "MIN" }),
    (on) => on.zunion("zset", { withScores: true, aggregate: "SUM" }),
  ],
  zunionstore: [
    (on) => on.zunionstore("dest", ["zset", "zset2"]),
    (on) => on.zunionstore("dest", ["zset", "zset2"], { weights: [2, 3], aggregate: "MIN" }),
    (on) => on.zunionstore("dest", ["zset", "zset2"], { aggregate: "MAX" }),
    (on) => on.zunionstore("dest", "zset", { aggregate: "SUM" }),
  ],
};
