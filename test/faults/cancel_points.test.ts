/** S1: cancelled or timed out at any point, and then a thousand commands with their own replies. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { Redis, RedisError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 5 } });
const LONG = "v".repeat(100_000);

interface Point {
  readonly name: string;
  /** Brings the commands that were just called to the point. */
  readonly reach: () => Promise<unknown> | void;
  readonly applied: readonly unknown[];
}

/** Lets through a part of each reply, until all is released. */
function holdAfter(bytes: number): () => void {
  let isHeld = true;
  const rests: (() => void)[] = [];
  it.proxy.onServerBytes = (chunk, connection) => {
    if (!isHeld) return "forward";
    if (rests.length === 0) connection.send("toClient", chunk.subarray(0, bytes));
    const rest = rests.length === 0 ? chunk.subarray(bytes) : chunk;
    rests.push(() => connection.send("toClient", rest));
    return "drop";
  };
  return () => {
    isHeld = false;
    for (const send of rests) send();
  };
}

let release: () => void = () => {};

const POINTS: readonly Point[] = [
  { name: "in the same turn", reach: () => {}, applied: [false] },
  {
    name: "when it was written",
    reach: async () => {
      it.proxy.hold("toServer");
      await nextTurn();
      release = () => it.proxy.release();
    },
    applied: ["unknown"],
  },
  {
    name: "when the server has it",
    reach: async () => {
      release = holdAfter(0);
      await vi.waitUntil(() => it.wire.count("GETSET") > 0, { timeout: 15_000 });
    },
    applied: ["unknown"],
  },
  ...[1, 4, 60_000].map((bytes) => ({
    name: `when ${bytes} bytes of the reply are there`,
    reach: async (): Promise<void> => {
      let isThere = false;
      const letGo = holdAfter(bytes);
      const decide = it.proxy.onServerBytes;
      it.proxy.onServerBytes = (chunk, connection) => {
        isThere = true;
        return decide?.(chunk, connection) ?? "forward";
      };
      release = letGo;
      await vi.waitUntil(() => isThere, { timeout: 15_000 });
      await nextTurn();
    },
    applied: ["unknown"],
  })),
  {
    name: "when the connection is lost and does not come back yet",
    reach: async () => {
      const lost = new Promise((resolve) => it.redis.on("disconnect", resolve));
      it.proxy.accepting = false;
      it.proxy.cut();
      await lost;
      release = () => {
        it.proxy.accepting = true;
      };
    },
    // Written and lost before it could be cancelled, or not written.
    applied: ["unknown", false],
  },
];

const RUNS: Readonly<Record<string, (redis: Redis) => readonly PromiseLike<unknown>[]>> = {
  "single commands": (redis) => [redis.getset("key", LONG), redis.getset("key", "x")],
  "a pipeline": (redis) => [
    redis.pipeline((pipe) => [pipe.getset("key", LONG), pipe.getset("key", "x")]),
  ],
  "a transaction": (redis) => [
    redis.transaction({}, (tx) => [tx.getset("key", LONG), tx.getset("key", "x")]),
  ],
};

describe.each(Object.entries(RUNS))("%s", (_, run) => {
  test.each(POINTS)("S1: aborted $name", async ({ reach, applied }) => {
    await it.redis.set("key", LONG);
    it.wire.clear();
    const controller = new AbortController();
    const failures = run(it.redis.with({ signal: controller.signal })).map(failureOf);
    await reach();
    controller.abort();
    const errors = await Promise.all(failures);
    for (const error of errors) expect(applied).toContain((error as RedisError).applied);
    await checkAThousand();
  });

  test.each(POINTS.slice(1))("S1: timed out $name", async ({ reach, applied }) => {
    await it.redis.set("key", LONG);
    it.wire.clear();
    const failures = run(it.redis.with({ timeout: 150 })).map(failureOf);
    await reach();
    const errors = await Promise.all(failures);
    for (const error of errors) expect(applied).toContain((error as RedisError).applied);
    await checkAThousand();
  });
});

/** A thousand commands that are called before the cancelled ones' replies come, and after. */
async function checkAThousand(): Promise<void> {
  const tags = Array.from({ length: 1_000 }, (_, index) => `tag ${index}`);
  const early = tags.slice(0, 500).map((tag) => it.redis.echo(tag));
  release();
  release = () => {};
  it.proxy.onServerBytes = undefined;
  const late = tags.slice(500).map((tag) => it.redis.echo(tag));
  expect(await Promise.all([...early, ...late])).toEqual(tags);
}
