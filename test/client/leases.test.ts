/** R4, R7, R9: connections of one's own keep their deadlines, and go back clean. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TimeoutError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 }, reconnect: { base: 1, cap: 5 } });

/**
 * The deadline of a command that was answered passes, so that the client looks through everything
 * that waits: the pool is in use, and its wait ends later.
 */
async function passDeadline(): Promise<void> {
  expect(await it.redis.with({ timeout: 1_000 }).get("other")).toBeNull();
  await expect(it.redis.with({ timeout: 1_100 }).session()).rejects.toThrow(TimeoutError);
}

test("R7: a pipeline that waited for its connection keeps its deadline", async () => {
  const session = await it.redis.session();
  const pipe = it.redis.pipeline({ timeout: 2_500 });
  pipe.blpop("nothing", 0);
  const executing = failureOf(pipe.execute());
  await passDeadline();
  session.end();
  expect(await executing).toBeInstanceOf(TimeoutError);
});

test("R7: UNWATCH keeps the deadline of its watch block", async () => {
  const pipe = it.redis.pipeline({ timeout: 2_500 });
  const watching = pipe.watch("key", async () => {
    await passDeadline();
    it.proxy.hold("toClient");
    return "read";
  });
  expect(await watching).toBe("read");
});

test("R4: a block aborted right before its write hands no WATCH to the next", async () => {
  const controller = new AbortController();
  const pipe = it.redis.pipeline({ signal: controller.signal });
  const watching = pipe.watch("stale", () => {
    pipe.set("stale", "mine");
    process.nextTick(() => controller.abort());
  });
  expect(await failureOf(watching)).toMatchObject({ code: "ABORTED", applied: false });
  const next = it.redis.pipeline();
  const [done] = await next.watch("key", async () => {
    await it.ask(["SET", "stale", "theirs"]);
    return [next.set("key", "mine")];
  });
  expect(done).toBe(true);
});

/** Longer than the client's deadline, which is to leave time for all else. */
async function pushLate(): Promise<void> {
  await sleep(1_500);
  await it.ask(["RPUSH", "queue", "item"]);
}

test("R9: a blocking command on a session has the time that it asked for", async () => {
  const redis = await it.connect({ commandTimeout: 1_000 });
  const popped = redis.session((session) => session.blpop("queue", 30));
  await pushLate();
  expect(await popped).toMatchObject({ value: "item" });
});

test("R9: so has one on a watched client", async () => {
  const redis = await it.connect({ commandTimeout: 1_000 });
  const popped = redis.pipeline().watch("key", (watched) => watched.blpop("queue", 30));
  await pushLate();
  expect(await popped).toMatchObject({ value: "item" });
});

test("R9: the timeout of a view holds for blocking commands of its sessions", async () => {
  const view = it.redis.with({ timeout: 50 });
  const popping = view.session((session) => session.blpop("nothing", 0));
  await expect(popping).rejects.toThrow(TimeoutError);
});

test("R7: MONITOR on a server that does not answer has the deadline of its view", async () => {
  await it.redis.session((session) => session.ping());
  it.proxy.hold("toClient");
  const error = await failureOf(it.redis.with({ timeout: 100 }).monitor());
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ command: "MONITOR", applied: false });
});

test("a listener of pushes that throws harms no command", async () => {
  const thrown: unknown[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => thrown.push(error));
  try {
    await it.redis.session(async (session) => {
      await session.clientTracking(true);
      session.onPush(() => {
        throw new Error("mine");
      });
      await session.get("key");
      await session.set("key", 1);
      expect(await session.get("key")).toBe("1");
    });
    expect(thrown).toEqual([new Error("mine")]);
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  }
});
