/** What becomes of commands when the connection is lost, slow or gone. */
import { describe, expect, test } from "vitest";
import {
  ClosedError,
  ConnectionLostError,
  QueueFullError,
  type Redis,
  type RedisError,
  TimeoutError,
} from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 20 } });

/** Cuts where the reply of the next command comes by; that command has run then. */
function cutRepliesOf(name: string): void {
  let isSeen = false;
  it.wire.decide = (names) => {
    isSeen ||= names.includes(name);
    return "forward";
  };
  it.proxy.onServerBytes = () => {
    if (!isSeen) return "forward";
    it.wire.decide = undefined;
    isSeen = false;
    return "cut";
  };
}

async function offline(redis: Redis = it.redis): Promise<void> {
  const lost = new Promise((resolve) => redis.on("disconnect", resolve));
  it.proxy.accepting = false;
  it.proxy.cut();
  await lost;
}

describe("implicit batching", () => {
  test("R6: a thousand concurrent commands are one write, and keep their order", async () => {
    await it.redis.mset(Object.fromEntries(numbers(1_000).map((n) => [`key:${n}`, n])));
    it.wire.clear();
    const values = await Promise.all(numbers(1_000).map((n) => it.redis.get(`key:${n}`)));
    expect(values).toEqual(numbers(1_000).map(String));
    expect(it.wire.count("GET")).toBe(1_000);
    expect(it.wire.chunks).toBe(1);
  });

  test("R6: commands of views, pipelines and scopes keep the order of their calls", async () => {
    const pipe = it.redis.pipeline();
    pipe.rpush("list", "c");
    const all = [
      it.redis.rpush("list", "a"),
      it.redis.bytes.rpush("list", "b"),
      pipe.execute(),
      it.redis.with({ timeout: 10_000 }).rpush("list", "d"),
      it.redis.pipeline((scope) => [scope.rpush("list", "e")]),
      it.redis.transaction({}, (tx) => tx.rpush("list", "f")),
      it.redis.rpush("list", "g"),
    ];
    await Promise.all(all);
    expect(await it.redis.lrange("list", 0, -1)).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
  });

  test("R6: errors and replies of all kinds stay with their callers", async () => {
    await it.redis.set("text", "x");
    const settled = await Promise.allSettled(
      numbers(300).map((n) =>
        n % 3 === 0 ? it.redis.incr("text") : it.redis.echo(n % 3 === 1 ? String(n) : "ü\r\n"),
      ),
    );
    const expected = numbers(300).map((n) => {
      if (n % 3 === 0) return { reason: { code: "ERR" } };
      return { value: n % 3 === 1 ? String(n) : "ü\r\n" };
    });
    expect(settled).toMatchObject(expected);
  });
});

describe("after a loss", () => {
  test("R2: a read in flight is repeated, and its caller sees nothing of it", async () => {
    await it.redis.set("key", "value");
    cutRepliesOf("GET");
    expect(await it.redis.get("key")).toBe("value");
    expect(it.wire.count("GET")).toBe(2);
  });

  test("R2: a read is repeated maxRetries times", async () => {
    const redis = await it.connect({ maxRetries: 2 });
    it.wire.decide = (names) => (names.includes("GET") ? "cut" : "forward");
    const error = await failureOf(redis.get("key"));
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ applied: false, attempts: 3, command: "GET key" });
    expect(it.wire.count("GET")).toBe(3);
  });

  test("R3: a write in flight is not repeated, and is said to be unknown", async () => {
    cutRepliesOf("INCR");
    const error = await failureOf(it.redis.incr("n"));
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ applied: "unknown", attempts: 1, command: "INCR n" });
    expect(await it.redis.get("n")).toBe("1");
    expect(it.wire.count("INCR")).toBe(1);
  });

  test("R6: of one write, the reads come back in order and the writes say unknown", async () => {
    cutRepliesOf("INCR");
    const outcomes = await Promise.allSettled([
      it.redis.incr("n"),
      it.redis.echo("1"),
      it.redis.incr("n"),
      it.redis.echo("2"),
    ]);
    expect(outcomes).toMatchObject([
      { reason: { applied: "unknown" } },
      { value: "1" },
      { reason: { applied: "unknown" } },
      { value: "2" },
    ]);
    expect(it.wire.count("INCR")).toBe(2);
    expect(await it.redis.get("n")).toBe("2");
  });

  test("R10: commands queue while the server is gone, and run once, in order", async () => {
    const lost = new Promise((resolve) => it.redis.on("disconnect", resolve));
    await it.server.kill();
    await lost;
    const pushes = numbers(50).map((n) => it.redis.rpush("list", n));
    const pipe = it.redis.pipeline({ transaction: true });
    pipe.rpush("list", "tx");
    const transaction = pipe.execute();
    await it.server.restart();
    expect(await Promise.all(pushes)).toEqual(numbers(50).map((n) => n + 1));
    expect(await transaction).toEqual([51]);
    expect(await it.redis.lrange("list", 0, -1)).toEqual([...numbers(50).map(String), "tx"]);
  });

  test("R10: events tell of it: disconnect, reconnecting, error, connect", async () => {
    const events: [string, unknown][] = [];
    it.redis.on("connect", (event) => void events.push(["connect", event]));
    it.redis.on("disconnect", (event) => void events.push(["disconnect", event]));
    it.redis.on("reconnecting", (event) => void events.push(["reconnecting", event]));
    it.redis.on("error", (event) => void events.push(["error", event]));
    await offline();
    await expect.poll(() => events.map(([name]) => name)).toContain("error");
    it.proxy.accepting = true;
    await expect.poll(() => events.map(([name]) => name)).toContain("connect");
    const names = events.map(([name]) => name);
    expect(names.slice(0, 3)).toEqual(["disconnect", "reconnecting", "error"]);
    expect(names.slice(-2)).toEqual(["reconnecting", "connect"]);
    const address = `127.0.0.1:${it.proxy.port}`;
    expect(events[0]?.[1]).toMatchObject({ address, reason: { code: "CONNECTION_LOST" } });
    expect(events[1]?.[1]).toMatchObject({ attempt: 1, delay: expect.any(Number), address });
    expect(events[2]?.[1]).toMatchObject({ code: "CONNECT", address });
    expect(await it.redis.ping()).toBe("PONG");
  });

  test("listeners can leave", async () => {
    const heard: string[] = [];
    const leave = it.redis.on("disconnect", () => void heard.push("left"));
    it.redis.on("disconnect", () => void heard.push("stayed"));
    leave();
    await offline();
    expect(heard).toEqual(["stayed"]);
  });

  test("R10: a database, a name and credentials are there again after a loss", async () => {
    const redis = await it.connect({ db: 2, clientName: "again" });
    await redis.set("key", "of db 2");
    it.proxy.cut();
    expect(await redis.get("key")).toBe("of db 2");
    expect(await redis.call("CLIENT", "GETNAME")).toBe("again");
  });

  test("S3: bytes nobody asked for end the connection", async () => {
    const errors: RedisError[] = [];
    it.redis.on("disconnect", ({ reason }) => errors.push(reason));
    it.proxy.onServerBytes = (_, connection) => {
      it.proxy.onServerBytes = undefined;
      connection.send("toClient", Buffer.from("?what\r\n"));
      return "drop";
    };
    expect(await failureOf(it.redis.incr("n"))).toMatchObject({ applied: "unknown" });
    expect(await it.redis.get("n")).toBe("1");
    expect(errors).toMatchObject([{ code: "PROTOCOL" }]);
  });
});

describe("limits", () => {
  test("R11: QueueFullError when maxQueued commands wait, and not before", async () => {
    const redis = await it.connect({ maxQueued: 3 });
    await offline(redis);
    const waiting = [redis.incr("n"), redis.incr("n"), redis.incr("n")];
    const error = await failureOf(redis.incr("n"));
    expect(error).toBeInstanceOf(QueueFullError);
    expect(error).toMatchObject({ code: "QUEUE_FULL", applied: false, command: "INCR n" });
    const pipe = redis.pipeline();
    const handle = pipe.incr("n");
    expect(await failureOf(pipe.execute())).toBeInstanceOf(QueueFullError);
    expect(await failureOf(handle)).toMatchObject({ index: 0, applied: false });
    it.proxy.accepting = true;
    expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
  });

  test("R11: commands that were aborted make room in a full queue", async () => {
    const redis = await it.connect({ maxQueued: 2, commandTimeout: 0 });
    await offline(redis);
    const controller = new AbortController();
    const view = redis.with({ signal: controller.signal });
    const aborted = [view.get("a"), view.get("b")].map((reply) => failureOf(reply));
    controller.abort();
    await Promise.all(aborted);
    const written = redis.incr("n");
    it.proxy.accepting = true;
    expect(await written).toBe(1);
  });

  test("R7: a command that waits for a connection times out, and is never sent", async () => {
    await offline();
    const error = await failureOf(it.redis.with({ timeout: 50 }).incr("n"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ applied: false, attempts: 0, command: "INCR n" });
    expect(error).toHaveProperty("message", expect.stringMatching(/waiting to be written/));
    it.proxy.accepting = true;
    expect(await it.redis.get("n")).toBeNull();
  });

  test("R7: on a connection that comes too late a busy process sends nothing", async () => {
    await offline();
    const waiting = failureOf(it.redis.with({ timeout: 300 }).incr("n"));
    it.proxy.onServerBytes = () => {
      block(400);
      return "forward";
    };
    it.proxy.accepting = true;
    expect(await waiting).toMatchObject({ code: "TIMEOUT", applied: false, attempts: 0 });
    it.proxy.onServerBytes = undefined;
    expect(await it.redis.get("n")).toBeNull();
  });

  test("R8: a signal takes a waiting command out of the queue", async () => {
    const redis = await it.connect({ maxQueued: 1 });
    await offline(redis);
    const controller = new AbortController();
    const waiting = failureOf(redis.with({ signal: controller.signal }).incr("n"));
    controller.abort("enough");
    expect(await waiting).toMatchObject({ code: "ABORTED", applied: false, cause: "enough" });
    it.proxy.accepting = true;
    await expect.poll(() => redis.get("n")).toBeNull();
  });

  test("S1: commands that timed out on a frozen server shift no reply", async () => {
    const redis = await it.connect({ commandTimeout: 80 });
    it.server.pause();
    const lost = await Promise.all(numbers(200).map((n) => failureOf(redis.set(`key:${n}`, n))));
    it.server.resume();
    for (const error of lost) {
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ applied: "unknown" });
      expect(error).toHaveProperty("message", expect.stringMatching(/written and is unanswered/));
    }
    const patient = redis.with({ timeout: 10_000 });
    const replies = await Promise.all(numbers(1_000).map((n) => patient.echo(String(n))));
    expect(replies).toEqual(numbers(1_000).map(String));
  });

  test("S1: commands that were aborted shift no reply", async () => {
    it.proxy.hold("toClient");
    const controller = new AbortController();
    const aborted = it.redis.with({ signal: controller.signal });
    const failures = numbers(100).map((n) => failureOf(aborted.incr(`n:${n}`)));
    await expect.poll(() => it.wire.count("INCR")).toBe(100);
    controller.abort();
    for (const error of await Promise.all(failures)) {
      expect(error).toMatchObject({ code: "ABORTED", applied: "unknown" });
    }
    it.proxy.release();
    const replies = await Promise.all(numbers(1_000).map((n) => it.redis.echo(String(n))));
    expect(replies).toEqual(numbers(1_000).map(String));
  });

  test.each([1_040, 1_300])("R7: %s ms of a blocked event loop time nothing out", async (stall) => {
    const direct = await it.connect({ url: it.server.url, commandTimeout: 1_000 });
    const replies = numbers(20).map((n) => direct.echo(String(n)));
    await new Promise((resolve) => setImmediate(resolve)); // they are written now
    block(stall);
    expect(await Promise.all(replies)).toEqual(numbers(20).map(String));
  });

  test("a signal that a thousand commands share warns of nothing", async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown): void => void warnings.push(warning);
    process.on("warning", onWarning);
    const view = it.redis.with({ signal: new AbortController().signal });
    await Promise.all(numbers(1_000).map(() => view.ping()));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  test("R11: a closed client has no queue any more", async () => {
    await offline();
    const waiting = failureOf(it.redis.incr("n"));
    it.redis.destroy();
    expect(await waiting).toBeInstanceOf(ClosedError);
    expect(await waiting).toMatchObject({ applied: false });
  });
});

/** Keeps this process busy, and its event loop from turning. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
