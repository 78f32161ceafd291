/** R10: the end of a client. */
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { ClosedError, Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 20 } });

async function expectClosed(promise: PromiseLike<unknown>, applied: unknown): Promise<void> {
  const error = await failureOf(promise);
  expect(error).toBeInstanceOf(ClosedError);
  expect(error).toMatchObject({ code: "CLOSED", applied });
}

describe("close", () => {
  test("waits for the replies that are owed", async () => {
    it.proxy.hold("toClient");
    const replies = [it.redis.incr("n"), it.redis.incr("n")];
    const closed = vi.fn();
    const closing = it.redis.close().then(closed);
    await expect.poll(() => it.wire.count("INCR")).toBe(2);
    expect(closed).not.toHaveBeenCalled();
    it.proxy.release();
    expect(await Promise.all(replies)).toEqual([1, 2]);
    await closing;
    await expect.poll(() => it.proxy.connections).toBe(0);
  });

  test("R10: ends with the last reply and the last lease, however late timers are", async () => {
    const watching = deferred<void>();
    const pipe = it.redis.pipeline();
    const block = pipe.watch("n", () => watching.promise);
    await expect.poll(() => it.wire.count("WATCH")).toBe(1);
    it.proxy.hold("toClient");
    const reply = it.redis.incr("n");
    await expect.poll(() => it.wire.count("INCR")).toBe(1);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const closed = vi.fn();
      const closing = it.redis.close().then(closed);
      it.proxy.release();
      expect(await reply).toBe(1);
      expect(closed).not.toHaveBeenCalled();
      watching.resolve();
      await block;
      await closing;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("R10: ends at once when the client is destroyed meanwhile", async () => {
    const redis = await it.connect({ closeTimeout: 600_000 });
    const body = vi.fn(() => new Promise<never>(() => {}));
    const block = failureOf(redis.pipeline().watch("n", body));
    await expect.poll(() => body).toHaveBeenCalled();
    const closing = redis.close();
    redis.destroy();
    await closing;
    void block;
  });

  test("R10: ends with the connection, if that is lost meanwhile", async () => {
    const redis = await it.connect({ closeTimeout: 600_000 });
    it.proxy.hold("toClient");
    const lost = failureOf(redis.incr("n"));
    await expect.poll(() => it.wire.count("INCR")).toBe(1);
    const closing = redis.close();
    it.proxy.cut();
    expect(await lost).toMatchObject({ code: "CONNECTION_LOST", applied: "unknown" });
    await closing;
  });

  test("waits for commands of the same turn that are not written yet", async () => {
    const reply = it.redis.incr("n");
    const pipe = it.redis.pipeline();
    pipe.incr("n");
    const results = pipe.execute();
    await it.redis.close();
    expect(await reply).toBe(1);
    expect(await results).toEqual([2]);
  });

  test("waits for a watch block that runs, and for leased replies", async () => {
    const pipe = it.redis.pipeline();
    let closing: Promise<void> = Promise.resolve();
    const result = await pipe.watch("n", async (watched) => {
      await watched.get("n");
      closing = it.redis.close();
      await it.ask(["PING"]);
      return [pipe.incr("n")] as const;
    });
    expect(result).toEqual([1]);
    await closing;
    await expect.poll(() => it.proxy.connections).toBe(0);
  });

  test.each([2, 3] as const)(
    "ends a blocking command as if its time were up, over RESP%i: nothing popped is lost",
    async (protocol) => {
      const redis = await it.connect({ protocol });
      const popped = redis.blpop("queue", 0);
      await expect.poll(() => it.wire.count("BLPOP")).toBe(1);
      const closing = redis.close();
      expect(await popped).toBeNull();
      await it.ask(["RPUSH", "queue", "item"]);
      await closing;
      expect(await it.ask(["LLEN", "queue"])).toEqual(["1"]);
    },
  );

  test("R10: ends a blocking command that arrives later than what unblocks it", async () => {
    const redis = await it.connect({ closeTimeout: 600_000 });
    it.proxy.faults = [{ kind: "freeze", at: { command: 1, of: "BLPOP" }, ms: 100 }];
    const pipe = redis.pipeline();
    const popped = [pipe.blpop("queue", 0), pipe.blpop("queue", 0)];
    const executing = pipe.execute();
    await expect.poll(() => it.wire.count("BLPOP")).toBe(2);
    const closing = redis.close();
    expect(await executing).toEqual([null, null]);
    expect(await Promise.all(popped)).toEqual([null, null]);
    await closing;
  });

  test("R10: waits for nothing that has a lease, but has not begun", async () => {
    const redis = await it.connect({ closeTimeout: 1_000_000 });
    // Leaves an idle connection in the pool, which is leased at once.
    await redis.blpop("queue", 0.001);
    const begun = [redis.blpop("queue", 0), redis.session(), redis.monitor()];
    const closing = redis.close();
    for (const late of begun) await expectClosed(late, false);
    await closing;
  });

  test("R10: ends a session and a monitor at once, and waits for neither", async () => {
    const redis = await it.connect({ closeTimeout: 600_000 });
    const session = await redis.session();
    const monitor = await redis.monitor();
    await redis.close();
    await expectClosed(session.ping(), false);
    await expect(monitor.next()).rejects.toThrow(ClosedError);
  });

  test("rejects commands that come later, also while it waits", async () => {
    it.proxy.hold("toClient");
    const reply = it.redis.incr("n");
    const closing = it.redis.close();
    await expectClosed(it.redis.incr("late"), false);
    await expectClosed(it.redis.bytes.with({ timeout: 5 }).get("late"), false);
    await expectClosed(it.redis.blpop("late", 1), false);
    const pipe = it.redis.pipeline();
    const handle = pipe.incr("late");
    await expectClosed(pipe.execute(), false);
    await expectClosed(handle, false);
    await expectClosed(
      it.redis.transaction({ watch: "late" }, () => 0),
      false,
    );
    it.proxy.release();
    await closing;
    expect(await reply).toBe(1);
    await expectClosed(it.redis.incr("late"), false);
    expect(await it.ask(["EXISTS", "late"])).toEqual(["0"]);
  });

  test("waits no longer than closeTimeout; then replies are lost", async () => {
    const redis = await it.connect({ closeTimeout: 50 });
    it.proxy.hold("toClient");
    const reply = expectClosed(redis.incr("n"), "unknown");
    await redis.close();
    await reply;
  });

  test("closes twice, at once and later, and after destroy", async () => {
    await Promise.all([it.redis.close(), it.redis.close()]);
    await it.redis.close();
    it.redis.destroy();
    it.redis.destroy();
    await it.redis.close();
    await expect.poll(() => it.proxy.connections).toBe(0);
  });

  test("ends the waiting for a connection during a reconnect", async () => {
    const lost = new Promise((resolve) => it.redis.on("disconnect", resolve));
    it.proxy.accepting = false;
    it.proxy.cut();
    await lost;
    const waiting = expectClosed(it.redis.incr("n"), false);
    await it.redis.close();
    await waiting;
    it.proxy.accepting = true;
    await it.ask(["PING"]);
    expect(it.proxy.connections).toBe(0);
  });

  test("ends an attempt to reconnect that hangs", async () => {
    const redis = await it.connect({ connectTimeout: 600_000 });
    const before = it.proxy.accepted;
    it.proxy.hold("toServer");
    it.proxy.cut();
    await expect.poll(() => it.proxy.accepted).toBeGreaterThan(before);
    await Promise.all([redis.close(), it.redis.close()]);
    it.proxy.release();
    await expect.poll(() => it.proxy.connections).toBe(0);
  });

  test("await using closes", async () => {
    let reply: Promise<number>;
    let redis: Redis;
    {
      await using scoped = await Redis.connect(it.proxy.url);
      redis = scoped;
      reply = scoped.incr("n");
    }
    expect(await reply).toBe(1);
    await expectClosed(redis.get("n"), false);
  });

  test("a view's close is the client's", async () => {
    await it.redis.bytes.close();
    await expectClosed(it.redis.ping(), false);
  });
});

describe("destroy", () => {
  test("rejects everything now, with the truth about each", async () => {
    await it.redis.rpush("warm", "x");
    it.proxy.hold("toClient");
    const written = [it.redis.incr("n"), it.redis.get("n")] as const;
    await expect.poll(() => it.wire.count("INCR")).toBe(1);
    const blocked = it.redis.blpop("queue", 0);
    const unwritten = it.redis.incr("n");
    const pipe = it.redis.pipeline();
    const handle = pipe.incr("n");
    const results = pipe.execute();
    it.redis.destroy();
    await Promise.all([
      expectClosed(written[0], "unknown"),
      expectClosed(written[1], false),
      expectClosed(unwritten, false),
      expectClosed(results, false),
      failureOf(blocked).then((error) => expect(error).toBeInstanceOf(ClosedError)),
    ]);
    await expectClosed(handle, false);
    await expectClosed(it.redis.get("n"), false);
    it.proxy.release();
    await expect.poll(() => it.proxy.connections).toBe(0);
  });

  test("ends a watch block: nothing was applied, and nothing is retried", async () => {
    let runs = 0;
    const transaction = it.redis.transaction({ watch: "n" }, async (tx, watched) => {
      runs += 1;
      it.redis.destroy();
      await watched.get("n").catch(() => undefined);
      tx.incr("n");
    });
    expect(await failureOf(transaction)).toBeInstanceOf(ClosedError);
    expect(runs).toBe(1);
    expect(await it.ask(["EXISTS", "n"])).toEqual(["0"]);
  });

  test("shows the address and no password", async () => {
    const url = it.proxy.url.replace("redis://", "redis://default:hunter2@");
    await using redis = await Redis.connect(url);
    expect(String(redis)).toBe(`Redis(127.0.0.1:${it.proxy.port})`);
    expect(inspect({ redis }, { depth: 9, showHidden: true })).not.toContain("hunter2");
    expect(JSON.stringify(redis)).not.toContain("hunter2");
  });
});
