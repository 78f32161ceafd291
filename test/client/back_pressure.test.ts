import { afterEach, describe, expect, test } from "vitest";
import {
  AbortError,
  ClosedError,
  QueueFullError,
  type Redis,
  TimeoutError,
} from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ commandTimeout: 0, reconnect: { base: 1, cap: 1 } });
const LARGE = "x".repeat(64 * 1024);

afterEach(() => it.server.resume());

/**
 * Stops the server, and writes until the network takes no more. It must look so three times: this
 * process may have been held up itself.
 */
async function fill(redis: Redis): Promise<Promise<boolean>[]> {
  it.server.pause();
  const writes: Promise<boolean>[] = [];
  for (;;) {
    for (let i = 0; i < 50; i += 1) writes.push(redis.set(`key ${writes.length}`, LARGE));
    let stalls = 0;
    while (stalls < 3 && (await hasStalled(redis))) stalls += 1;
    if (stalls === 3) return writes;
  }
}

function lossOf(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.on("disconnect", () => resolve());
  });
}

async function hasStalled(redis: Redis): Promise<boolean> {
  try {
    await redis.with({ timeout: 200 }).drained();
    return false;
  } catch {
    return true;
  }
}

describe("R11: while the server takes nothing", () => {
  test("QueueFullError when maxQueued commands wait, and not before", async () => {
    const redis = await it.connect({ maxQueued: 1_000 });
    const writes = await fill(redis);
    const behind: Promise<unknown>[] = [];
    for (let i = 0; i < 1_001; i += 1) behind.push(redis.incr("n").catch((e: unknown) => e));
    const error = await behind[1_000];
    expect(error).toBeInstanceOf(QueueFullError);
    expect(error).toMatchObject({ code: "QUEUE_FULL", applied: false, command: "INCR n" });
    expect(error).toHaveProperty("message", expect.stringMatching(/drained\(\)/));
    it.server.resume();
    await Promise.all(writes);
    const taken = (await Promise.all(behind)).filter((outcome) => typeof outcome === "number");
    expect(await redis.get("n")).toBe(String(taken.length));
  });

  test("QueueFullError when maxQueuedBytes wait, few commands though they are", async () => {
    const redis = await it.connect({ maxQueuedBytes: 10 * LARGE.length });
    const writes = await fill(redis);
    const behind: Promise<unknown>[] = [];
    for (let i = 0; i < 11; i += 1) {
      behind.push(redis.set("more", LARGE).catch((e: unknown) => e));
    }
    expect(await behind[10]).toBeInstanceOf(QueueFullError);
    it.server.resume();
    await Promise.all(writes);
    expect(await Promise.all(behind.slice(0, 9))).toEqual(new Array(9).fill(true));
  });

  test("a pipeline beyond the limits is taken when nothing waits", async () => {
    const redis = await it.connect({ maxQueued: 10, maxQueuedBytes: 100 });
    const results = await redis.pipeline((pipe) => {
      for (let i = 0; i < 1_000; i += 1) pipe.set(`key ${i}`, LARGE.slice(0, 1_000));
    });
    expect(results).toHaveLength(1_000);
  });

  test("without a connection bytes count, too", async () => {
    const redis = await it.connect({ maxQueuedBytes: 2 * LARGE.length });
    const lost = lossOf(redis);
    it.proxy.accepting = false;
    it.proxy.cut();
    await lost;
    const outcomes = [0, 1, 2, 3].map((n) => redis.set(`key ${n}`, LARGE).catch((e: unknown) => e));
    expect(await outcomes[3]).toBeInstanceOf(QueueFullError);
    it.proxy.accepting = true;
    expect(await outcomes[0]).toBe(true);
  });
});

describe("R11: drained()", () => {
  test("resolves at once while nothing waits, and after what waits was taken", async () => {
    await it.redis.drained();
    const writes = await fill(it.redis);
    const drained = it.redis.drained();
    expect(await hasStalled(it.redis)).toBe(true);
    it.server.resume();
    await drained;
    await Promise.all(writes);
  });

  test("bounds what a producer holds that is faster than the network", async () => {
    const redis = await it.connect({ maxQueued: 100 });
    const writes: Promise<boolean>[] = [];
    for (let i = 0; i < 5_000; i += 1) {
      writes.push(redis.set(`key ${i % 100}`, LARGE.slice(0, 8_000)));
      if (i % 50 === 0) await redis.drained();
    }
    // Without the wait a part of them would have met the limit: see above.
    expect(new Set(await Promise.all(writes))).toEqual(new Set([true]));
  });

  test("lets replies be read, however busy the producer is", async () => {
    let settled = 0;
    const settle = (): void => {
      settled += 1;
    };
    const writes: Promise<void>[] = [];
    for (let i = 0; i < 50_000; i += 1) {
      writes.push(it.redis.set(`key ${i % 100}`, i).then(settle));
      if (i % 1_000 === 0) await it.redis.drained();
    }
    expect(settled).toBeGreaterThan(0);
    await Promise.all(writes);
  });

  test("waits through an outage", async () => {
    it.proxy.accepting = false;
    it.proxy.cut();
    await failureOf(it.redis.with({ timeout: 20 }).incr("n"));
    const drained = it.redis.drained();
    const written = it.redis.incr("n");
    it.proxy.accepting = true;
    await drained;
    expect(await written).toBe(1);
  });

  test("ends with the client, its deadline or its signal", async () => {
    const writes = Promise.allSettled(await fill(it.redis));
    const late = failureOf(it.redis.with({ timeout: 10 }).drained());
    expect(await late).toBeInstanceOf(TimeoutError);
    const controller = new AbortController();
    const aborted = failureOf(it.redis.with({ signal: controller.signal }).drained());
    controller.abort("enough");
    expect(await aborted).toBeInstanceOf(AbortError);
    const closed = failureOf(it.redis.drained());
    it.redis.destroy();
    expect(await closed).toBeInstanceOf(ClosedError);
    await writes;
    expect(await failureOf(it.redis.drained())).toBeInstanceOf(ClosedError);
  });
});
