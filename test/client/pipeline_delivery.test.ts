import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  ClosedError,
  ConnectionLostError,
  NoReplicasError,
  type Pipeline,
  type PipelineReply,
  type Redis,
} from "../../src/index.ts";
import {
  checkThousand,
  cutAfterReplies,
  cutReplies,
  onEvery,
  onNewest,
  rejection,
  wire,
} from "./pipeline_target.ts";

const LARGE = "v".repeat(64 * 1024);
const MANY = 600;

onEvery("delivery", (target) => {
  test("P33: a write whose reply was lost is unknown, a read is repeated", async () => {
    const redis = await target.connect();
    await target.redis.set("read", "value");
    const cuts = cutReplies(target, "INCR");
    const pipe = redis.pipeline({ raiseOnError: false });
    const [first, read, second] = [pipe.incr("a"), pipe.get("read"), pipe.incr("b")];
    await pipe.execute();
    for (const [index, handle] of [first, second].entries()) {
      const error = await rejection(handle);
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({ applied: "unknown", index: index * 2, attempts: 1 });
      expect(error).toHaveProperty("message", expect.stringContaining("may or may not"));
    }
    expect(await read).toBe("value");
    expect(cuts()).toBe(1);
    expect(await redis.mget(["a", "b"])).toEqual(["1", "1"]);
  });

  test("P33: INCR runs once and is unknown, alone, in a pipeline, in a transaction", async () => {
    const kinds: readonly ((redis: Redis) => PromiseLike<unknown>)[] = [
      (redis) => redis.incr("n"),
      (redis) => redis.pipeline((pipe) => [pipe.incr("n")]),
      (redis) => redis.pipeline({ transaction: true }, (pipe) => [pipe.incr("n")]),
    ];
    for (const [index, kind] of kinds.entries()) {
      const redis = await target.connect();
      const cuts = cutReplies(target, "INCR", 3);
      const error = await rejection(kind(redis));
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({ applied: "unknown", command: "INCR n" });
      expect(cuts()).toBe(1);
      await checkThousand(redis);
      expect(await target.redis.get("n")).toBe(`${index + 1}`);
    }
  });

  test("P33: what was answered before the loss keeps its answer", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline({ raiseOnError: false });
    const handles = [pipe.incr("a"), pipe.incr("b"), pipe.incr("c"), pipe.get("a"), pipe.incr("d")];
    cutAfterReplies(target, "INCR", 2);
    await pipe.execute();
    const lost = { code: "CONNECTION_LOST", applied: "unknown" };
    expect(handles.map((handle) => handle.outcome)).toEqual([
      1,
      1,
      expect.objectContaining({ ...lost, index: 2 }),
      "1",
      expect.objectContaining({ ...lost, index: 4 }),
    ]);
    expect(await redis.mget(["a", "b", "c", "d"])).toEqual(["1", "1", "1", "1"]);
  });

  test("P33: a transaction whose EXEC was written is never repeated", async () => {
    for (const raiseOnError of [true, false]) {
      const redis = await target.connect();
      await target.redis.del("n");
      const cuts = cutReplies(target, "EXEC", 3);
      const pipe = redis.pipeline({ transaction: true, raiseOnError });
      const handles = [pipe.incr("n"), pipe.get("n"), pipe.incr("n")];
      const error = await rejection(pipe.execute());
      expect(error).toBeInstanceOf(ConnectionLostError);
      for (const [index, handle] of handles.entries()) {
        expect(handle.outcome).toBeInstanceOf(ConnectionLostError);
        expect(handle.outcome).toMatchObject({ applied: "unknown", index, attempts: 1 });
      }
      expect(cuts()).toBe(1);
      await checkThousand(redis);
      expect(await target.redis.get("n")).toBe("2");
    }
  });

  test("P33: what was never written is sent when the connection is back, once", async () => {
    const redis = await target.connect();
    target.proxy.accepting = false;
    const lost = new Promise((resolve) => redis.on("disconnect", resolve));
    target.proxy.cut();
    await lost;
    const sent = [
      redis.incr("n"),
      redis.pipeline((pipe) => [pipe.incr("n"), pipe.incr("n")]),
      redis.pipeline({ transaction: true }, (pipe) => [pipe.incr("n")]),
    ];
    const failed = new Promise((resolve) => redis.on("error", resolve));
    await failed;
    target.proxy.accepting = true;
    expect(await Promise.all(sent)).toEqual([1, [2, 3], [4]]);
    expect(await redis.get("n")).toBe("4");
  });
});

onNewest("delivery", (target) => {
  /** Executes what cannot all be written, cuts the connection when a part of it has been, waits. */
  async function executeAndCut(pipe: Pipeline): Promise<void> {
    target.proxy.hold("toServer");
    const execution = pipe.execute().catch(() => undefined);
    await nextTurn();
    target.proxy.cut();
    target.proxy.release();
    await execution;
  }

  function appliedOf(handle: PipelineReply<unknown>): unknown {
    const { outcome } = handle;
    return outcome instanceof ConnectionLostError ? outcome.applied : outcome;
  }

  test("P33: the written are unknown and the unwritten are repeated, one by one", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline();
    const handles = Array.from({ length: MANY }, (_, index) => pipe.set(`key${index}`, LARGE));
    await executeAndCut(pipe);
    const applied = handles.map(appliedOf);
    const written = applied.filter((it) => it === "unknown").length;
    expect(written).toBeGreaterThan(0);
    expect(applied.slice(0, written).every((it) => it === "unknown")).toBe(true);
    expect(applied.slice(written)).toEqual(Array.from({ length: MANY - written }, () => true));
    // The proxy has let nothing of the first try through: what is there was sent by the second.
    expect(await target.redis.dbsize()).toBe(MANY - written);
    expect(await target.redis.exists([`key${written - 1}`, `key${written}`])).toBe(1);
    await checkThousand(redis);
  });

  test("P33: written reads are repeated in their places among writes that are not", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline();
    const handles = Array.from({ length: MANY }, (_, index) => [
      pipe.set(`key${index}`, LARGE),
      pipe.echo(`echo ${index}`),
    ]);
    await executeAndCut(pipe);
    const echoes = handles.map(([, echo]) => echo?.outcome);
    expect(echoes).toEqual(Array.from({ length: MANY }, (_, index) => `echo ${index}`));
    const [first, last] = [handles[0]?.[0], handles.at(-1)?.[0]];
    expect(first?.outcome).toMatchObject({ applied: "unknown", index: 0 });
    expect(last?.outcome).toBe(true);
  });

  test("P33: a transaction whose EXEC was not written is repeated as a whole", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline({ transaction: true });
    pipe.incr("n");
    for (let index = 0; index < MANY; index += 1) pipe.set("key", LARGE);
    const last = pipe.incr("n");
    await executeAndCut(pipe);
    expect(await last).toBe(2);
    expect(pipe.results.at(1)).toBe(true);
    expect(await target.redis.get("n")).toBe("2");
    await checkThousand(redis);
  });

  test("P33: a read is repeated as often as maxRetries allows, and was not applied", async () => {
    for (const [maxRetries, attempts] of [
      [0, 1],
      [2, 3],
    ] as const) {
      const redis = await target.connect({ maxRetries, reconnect: { base: 1, cap: 2 } });
      const cuts = cutReplies(target, wire("GET", "key"), Number.POSITIVE_INFINITY);
      const error = await rejection(redis.pipeline((pipe) => [pipe.get("key")]));
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({ applied: false, attempts, command: "GET key", index: 0 });
      expect(cuts()).toBe(attempts);
      cutReplies(target, wire("GET", "key"), attempts - 1);
      expect(await redis.pipeline((pipe) => [pipe.get("key")])).toEqual([null]);
    }
  });

  test("P33: a server that refuses a command says that it was not applied", async () => {
    await target.redis.configSet({ "min-replicas-to-write": 1 });
    try {
      for (const transaction of [false, true]) {
        const pipe = target.redis.pipeline({ transaction, raiseOnError: false });
        const set = pipe.set("key", 1);
        await pipe.execute().catch(() => undefined);
        expect(set.outcome).toBeInstanceOf(NoReplicasError);
        expect(set.outcome).toMatchObject({ code: "NOREPLICAS", applied: false });
      }
    } finally {
      await target.redis.configSet({ "min-replicas-to-write": 0 });
    }
  });

  test("P33: a script that fails may have written before, and says so", async () => {
    const [error] = await target.redis.pipeline({ raiseOnError: false }, (pipe) => [
      pipe.call("EVAL", "redis.call('set', 'key', 1) return redis.call('nosuch')", 0),
    ]);
    expect(error).toMatchObject({ applied: "unknown" });
    expect(await target.redis.get("key")).toBe("1");
  });

  test("P33: a client that is destroyed or closed tells written from unwritten", async () => {
    for (const transaction of [false, true]) {
      const redis = await target.connect();
      target.proxy.hold("toClient");
      const written = redis.pipeline({ transaction });
      const first = written.incr("n");
      const execution = written.execute();
      await nextTurn();
      const waiting = redis.pipeline({ transaction });
      const second = waiting.incr("n");
      const other = waiting.execute();
      redis.destroy();
      expect(await rejection(execution)).toBeInstanceOf(ClosedError);
      expect(await rejection(other)).toBeInstanceOf(ClosedError);
      expect(first.outcome).toMatchObject({ code: "CLOSED", applied: "unknown" });
      expect(second.outcome).toMatchObject({ code: "CLOSED", applied: false });
      const late = redis.pipeline({ transaction });
      late.incr("n");
      expect(await rejection(late.execute())).toMatchObject({ code: "CLOSED", applied: false });
      target.proxy.release();
    }
  });

  test("P33: a blocking pipeline that is cut says what may have been applied", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline({ raiseOnError: false });
    const [incr, blpop] = [pipe.incr("n"), pipe.blpop("none", 0)];
    const execution = pipe.execute();
    await expect.poll(() => target.redis.get("n")).toBe("1");
    const ids = target.chunks.filter((chunk) => chunk.text.includes("BLPOP"));
    await target.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await execution;
    expect(ids).toHaveLength(1);
    expect(await incr).toBe(1);
    expect(blpop.outcome).toBeInstanceOf(ConnectionLostError);
    expect(blpop.outcome).toMatchObject({ applied: "unknown", index: 1 });
    expect(await target.redis.get("n")).toBe("1");
    expect(await redis.pipeline((inner) => [inner.blpop("none", 0.01)])).toEqual([null]);
  });

  test("P33: every step is answered truthfully, wherever the connection is cut", async () => {
    const count = 6;
    for (let answered = 0; answered < count; answered += 1) {
      const redis = await target.connect();
      await target.redis.flushall();
      const pipe = redis.pipeline({ raiseOnError: false });
      const handles = Array.from({ length: count }, (_, index) => pipe.incr(`key${index}`));
      if (answered === 0) cutReplies(target, "INCR");
      else cutAfterReplies(target, "INCR", answered);
      await pipe.execute();
      const outcomes = handles.map((handle) => appliedOf(handle));
      expect(outcomes).toEqual(
        Array.from({ length: count }, (_, index) => (index < answered ? 1 : "unknown")),
      );
      // Each was run exactly once, since the server had got them all.
      const keys = Array.from({ length: count }, (_, index) => `key${index}`);
      expect(await target.redis.mget(keys)).toEqual(keys.map(() => "1"));
    }
  });
});
