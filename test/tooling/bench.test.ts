/**
 * The benchmark itself: no client is fast that reads wrongly, and a comparison says with whom.
 */
import { describe, expect, test } from "vitest";
import { makeCall } from "../../bench/call.ts";
import { checkReplies } from "../../bench/check.ts";
import { type Result, standingOf } from "../../bench/result.ts";

const hash = makeCall("HGETALL", ["a", "1", "b", "2"], { key: "h" });
const scored = makeCall("ZRANGE", ["m", 1, "n", 2.5], { key: "z" });

describe("a hash is right in every shape that clients give it, and wrong if a value is", () => {
  test.each([
    [
      { a: "1", b: "2" },
      { a: "1", b: "3" },
    ],
    [
      ["b", "2", "a", "1"],
      ["a", "1"],
    ],
    [
      [
        { field: "a", value: "1" },
        { field: "b", value: "2" },
      ],
      [
        { field: "a", value: "1" },
        { field: "c", value: "2" },
      ],
    ],
    [
      [
        { key: "b", value: "2" },
        { key: "a", value: "1" },
      ],
      null,
    ],
  ])("%j, not %j", (right, wrong) => {
    checkReplies([hash], [right]);
    expect(() => checkReplies([hash], [wrong])).toThrow("A wrong reply to HGETALL h");
  });
});

describe("members with scores are right in every shape, and wrong if one is missing", () => {
  test.each([
    [
      ["m", "1", "n", "2.5"],
      ["m", "1"],
    ],
    [
      [
        ["m", 1],
        ["n", 2.5],
      ],
      [["m", 1]],
    ],
    [
      [
        { member: "m", score: 1 },
        { member: "n", score: 2.5 },
      ],
      [
        { member: "m", score: 1 },
        { member: "n", score: 2 },
      ],
    ],
    [
      [
        { element: "m", score: 1 },
        { element: "n", score: 2.5 },
      ],
      [],
    ],
  ])("%j, not %j", (right, wrong) => {
    checkReplies([scored], [right]);
    expect(() => checkReplies([scored], [wrong])).toThrow("A wrong reply to ZRANGE z");
  });
});

test("a reply too few or too many is found", () => {
  expect(() => checkReplies([hash, hash], [{ a: "1", b: "2" }])).toThrow("1 replies to 2 calls");
});

test("typedis stands beside the best other client on the same Node, and the best socket", () => {
  const result = (client: string, median: number): Result => ({
    client,
    median,
    rates: [median],
    min: median,
    max: median,
    cpuMicros: 1,
    peakMegabytes: 1,
    ratio: undefined,
    others: undefined,
    isDisturbed: false,
  });
  const peers = [result("redis", 50), result("ioredis", 25), result("redis @ 24", 400)];
  const sockets = [result("raw", 180), result("raw + parse", 200)];
  expect(standingOf([result("typedis", 100), ...peers, ...sockets])).toEqual({
    peer: { name: "redis", ratio: 2 },
    raw: 0.5,
  });
  expect(standingOf([result("typedis", 100)])).toEqual({ peer: undefined, raw: undefined });
  expect(standingOf(peers)).toBeUndefined();
});
