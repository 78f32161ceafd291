import { createHook } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ConnectionLostError,
  DecodeError,
  type PipelineReply,
  PipelineStateError,
  ServerError,
  TimeoutError,
  TransactionAbortedError,
  WatchError,
  WrongTypeError,
} from "../../src/index.ts";
import { cutReplies, onNewest, rejection, thrown } from "./pipeline_target.ts";

const EARLY = "asked for before the pipeline has executed";

const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
  unhandled.push(reason);
};
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
});

/** How many native promises `work` makes. */
function countPromises(work: () => void): number {
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === "PROMISE") promises += 1;
    },
  });
  hook.enable();
  try {
    work();
  } finally {
    hook.disable();
  }
  return promises;
}

onNewest("handles", (target) => {
  test("P5: a handle has then, catch and finally, and can be awaited", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    const good = pipe.incr("n");
    const bad = pipe.lpush("n", "x");
    await pipe.execute();
    const seen: string[] = [];
    expect(await good).toBe(1);
    expect(await good.then((value) => value + 1)).toBe(2);
    expect(
      await bad.then(
        () => "value",
        () => "error",
      ),
    ).toBe("error");
    expect(await bad.catch((error) => error instanceof WrongTypeError)).toBe(true);
    expect(await good.catch(() => "never")).toBe(1);
    expect(await good.finally(() => seen.push("good"))).toBe(1);
    const same = await rejection(bad.finally(() => seen.push("bad")));
    expect(same).toBeInstanceOf(WrongTypeError);
    expect(seen).toEqual(["good", "bad"]);
    expect(await good.then(null, null)).toBe(1);
    for (const promise of [good.then(null), good.catch(null), good.finally(null)]) {
      expect(promise).toBeInstanceOf(Promise);
      await promise;
    }
  });

  test("P5: handles work in all, race, any and allSettled, during execution", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    const first = pipe.echo("first");
    const second = pipe.echo("second");
    const bad = pipe.call("NOSUCH");
    const execution = pipe.execute();
    const all = Promise.all([first, second]);
    const race = Promise.race([first, second]);
    const any = Promise.any([bad, second]);
    const outcomes = Promise.allSettled([first, bad]);
    await execution;
    expect(await all).toEqual(["first", "second"]);
    expect(await race).toBe("first");
    expect(await any).toBe("second");
    expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  test("P5: a handle gives the same, however often it is awaited", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    await target.redis.sadd("set", ["a", "b"]);
    const members = pipe.smembers("set");
    const bad = pipe.incr("set");
    await pipe.execute();
    const value = await members;
    const error = await rejection(bad);
    for (let time = 0; time < 3; time += 1) {
      expect(await members).toBe(value);
      expect(await rejection(bad)).toBe(error);
    }
  });

  test("P5: no promise is made until somebody awaits", async () => {
    const pipe = target.redis.pipeline();
    const handles: PipelineReply<number>[] = [];
    const queueing = countPromises(() => {
      for (let index = 0; index < 1_000; index += 1) handles.push(pipe.incr("n"));
    });
    expect(queueing).toBe(0);
    let execution: Promise<unknown> | undefined;
    expect(
      countPromises(() => {
        execution = pipe.execute();
      }),
    ).toBeLessThan(20);
    await execution;
    expect(countPromises(() => handles.map((handle) => handle.value))).toBe(0);
    expect(countPromises(() => void handles[0]?.then(null))).toBeGreaterThan(0);
  });

  test("P6: a handle awaited too early rejects and leaves the pipeline unharmed", async () => {
    const pipe = target.redis.pipeline();
    pipe.set("foo", 1);
    const value = pipe.incr("foo");
    const error = await rejection(value);
    expect(error).toBeInstanceOf(PipelineStateError);
    expect(error).toHaveProperty("message", expect.stringContaining("INCR foo"));
    expect(error).toHaveProperty("message", expect.stringContaining(EARLY));
    expect(error).toHaveProperty("message", expect.stringContaining("await pipe.execute()"));
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("return it in an array or object"),
    );
    expect(error).toMatchObject({ code: "PIPELINE_STATE", command: "INCR foo", applied: false });
    expect(target.written).toBe("");
    pipe.incr("foo");
    expect(await pipe.execute()).toEqual([true, 2, 3]);
    expect(await value).toBe(2);
  });

  test("P6: catch, finally, all and race reject too early as well", async () => {
    const pipe = target.redis.pipeline();
    const value = pipe.get("foo");
    const early = [
      value.finally(() => {}),
      Promise.all([value, value]),
      Promise.race([value, value]),
      Promise.resolve(value),
      value.as(String),
    ];
    for (const promise of early)
      expect(await rejection(promise)).toBeInstanceOf(PipelineStateError);
    expect(await value.catch(() => "caught")).toBe("caught");
    expect(await pipe.execute()).toEqual([null]);
  });

  test("P6: an async body that returns a bare handle is told what to do", async () => {
    const scope = target.redis.pipeline(async (pipe) => pipe.incr("foo"));
    const error = await rejection(scope);
    expect(error).toBeInstanceOf(PipelineStateError);
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("return it in an array or object"),
    );
    expect(await target.redis.exists("foo")).toBe(0);
  });

  test("P6: an awaited handle inside of a body rejects there, and the body may go on", async () => {
    const [n] = await target.redis.pipeline(async (pipe) => {
      const handle = pipe.incr("foo");
      expect(await rejection(handle)).toBeInstanceOf(PipelineStateError);
      return [handle];
    });
    expect(n).toBe(1);
  });

  test("P6: a handle awaited while the pipeline executes waits for its reply", async () => {
    const pipe = target.redis.pipeline();
    const value = pipe.incr("foo");
    const execution = pipe.execute();
    expect(await value).toBe(1);
    await execution;
  });

  test("P7: a handle settles as the decoded value", async () => {
    await target.redis.hset("hash", { a: "1" });
    const [flag, hash, none] = await target.redis.pipeline((pipe) => [
      pipe.hexists("hash", "a"),
      pipe.hgetall("hash"),
      pipe.get("none"),
    ]);
    expect(flag).toBe(true);
    expect({ ...hash }).toEqual({ a: "1" });
    expect(none).toBeNull();
  });

  test("P7: a handle settles as the command's own server error", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    const unknown = pipe.call("NOSUCH");
    const wrong = pipe.call("GET");
    await pipe.execute();
    expect(await rejection(unknown)).toBeInstanceOf(ServerError);
    expect(await rejection(wrong)).toHaveProperty(
      "message",
      expect.stringContaining("wrong number"),
    );
  });

  test("P7: a handle settles as WatchError when a watched key was changed", async () => {
    const pipe = target.redis.pipeline();
    let handle: PipelineReply<number> | undefined;
    const watch = pipe.watch("key", async () => {
      await target.redis.set("key", "other");
      handle = pipe.incr("n");
    });
    expect(await rejection(watch)).toBeInstanceOf(WatchError);
    expect(thrown(() => handle?.value)).toBeInstanceOf(WatchError);
  });

  test("P7: a handle settles as an abort that names the guilty command", async () => {
    const pipe = target.redis.pipeline({ transaction: true });
    const innocent = pipe.incr("n");
    pipe.call("NOSUCH", "command");
    await rejection(pipe.execute());
    const error = await rejection(innocent);
    expect(error).toBeInstanceOf(TransactionAbortedError);
    expect(error).toHaveProperty("message", expect.stringContaining("#2 (NOSUCH ***)"));
  });

  test("P7: a handle settles as ConnectionLostError, and says whether it was applied", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline({ raiseOnError: false });
    const write = pipe.incr("n");
    cutReplies(target, "INCR");
    await pipe.execute();
    const error = await rejection(write);
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ applied: "unknown" });
  });

  test("P7: a handle settles as TimeoutError, and says whether it was applied", async () => {
    const redis = await target.connect();
    const pipe = redis.pipeline({ raiseOnError: false, timeout: 20 });
    const write = pipe.incr("n");
    target.proxy.hold("toClient");
    await pipe.execute();
    const error = await rejection(write);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ applied: "unknown" });
  });

  test("P7: a handle of a discarded pipeline settles as PipelineStateError", async () => {
    const pipe = target.redis.pipeline();
    const handle = pipe.incr("n");
    pipe.discard();
    const error = await rejection(handle);
    expect(error).toBeInstanceOf(PipelineStateError);
    expect(error).toHaveProperty("message", expect.stringContaining("INCR n was never sent"));
  });

  test("P7: handles of a transaction are never the string QUEUED", async () => {
    const pipe = target.redis.pipeline({ transaction: true });
    const handles = [pipe.set("a", 1), pipe.get("a"), pipe.call("PING")];
    const execution = pipe.execute();
    expect(await Promise.all(handles)).toEqual([true, "1", "PONG"]);
    expect(await execution).toEqual([true, "1", "PONG"]);
  });

  test("P7: a handle keeps its outcome whatever happens afterwards", async () => {
    const redis = await target.connect();
    const controller = new AbortController();
    const pipe = redis.pipeline({ signal: controller.signal, timeout: 60_000 });
    const value = pipe.incr("n");
    await pipe.execute();
    controller.abort();
    pipe.discard();
    redis.destroy();
    expect(await value).toBe(1);
    expect(value.value).toBe(1);
  });

  test("P8: value is there after execution, and throws what awaiting rejects with", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    const good = pipe.incr("n");
    const bad = pipe.lpush("n", "x");
    await pipe.execute();
    expect(good.value).toBe(1);
    expect(thrown(() => bad.value)).toBe(await rejection(bad));
    expect(good.outcome).toBe(1);
    expect(bad.outcome).toBe(await rejection(bad));
  });

  test("P8: value throws before and during execution, and after discard()", async () => {
    const pipe = target.redis.pipeline();
    const handle = pipe.incr("n");
    expect(thrown(() => handle.value)).toBeInstanceOf(PipelineStateError);
    const execution = pipe.execute();
    const during = thrown(() => handle.value);
    expect(during).toBeInstanceOf(PipelineStateError);
    expect(during).toHaveProperty("message", expect.stringContaining("Await the handle"));
    await execution;
    expect(handle.value).toBe(1);
    const other = target.redis.pipeline();
    const dropped = other.incr("n");
    other.discard();
    expect(thrown(() => dropped.value)).toBe(await rejection(dropped));
  });

  test("P9: a failed handle that nobody awaits is no unhandled rejection", async () => {
    const pipe = target.redis.pipeline();
    const bad = [pipe.call("NOSUCH"), pipe.call("NOSUCH").as(String)];
    expect(await rejection(pipe.execute())).toBeInstanceOf(ServerError);
    const silent = target.redis.pipeline({ raiseOnError: false });
    silent.call("NOSUCH");
    await silent.execute();
    const dropped = target.redis.pipeline();
    dropped.call("NOSUCH");
    dropped.discard();
    const scope = target.redis.pipeline({ raiseOnError: false }, (pipe2) => [pipe2.call("NOSUCH")]);
    expect((await scope)[0]).toBeInstanceOf(ServerError);
    await nextTurn();
    await nextTurn();
    expect(unhandled).toEqual([]);
    expect(thrown(() => bad[0]?.value)).toBeInstanceOf(ServerError);
  });

  test("P9: nor is one of a lost connection, an abort, a timeout, or a failed body", async () => {
    const redis = await target.connect();
    const failed = redis.pipeline((pipe) => {
      pipe.incr("n");
      throw new TypeError("mine");
    });
    expect(await rejection(failed)).toBeInstanceOf(TypeError);
    target.proxy.hold("toClient");
    const slow = redis.pipeline({ timeout: 10 });
    slow.incr("n");
    expect(await rejection(slow.execute())).toBeInstanceOf(TimeoutError);
    const aborted = redis.pipeline({ signal: AbortSignal.abort() });
    aborted.incr("n");
    expect(await rejection(aborted.execute())).toHaveProperty("code", "ABORTED");
    const lost = redis.pipeline();
    lost.incr("n");
    const execution = lost.execute();
    redis.destroy();
    expect(await rejection(execution)).toHaveProperty("code", "CLOSED");
    await nextTurn();
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  test("P9: a reply that cannot be read is no unhandled rejection", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    await target.redis.set("n", "9007199254740991");
    const tooBig = pipe.incr("n");
    const after = pipe.echo("after");
    await pipe.execute();
    await nextTurn();
    expect(unhandled).toEqual([]);
    expect(thrown(() => tooBig.value)).toBeInstanceOf(DecodeError);
    expect(await after).toBe("after");
  });

  test("P4: a handle shows its command and state, never its value", async () => {
    const pipe = target.redis.pipeline();
    const handle = pipe.echo("hello");
    expect(String(handle)).toBe("PipelineReply(ECHO hello, open)");
    await pipe.execute();
    expect(inspect(handle)).toBe("PipelineReply(ECHO hello, settled)");
  });
});
