/** P27: a watch block whose body throws, or is left behind, leaves nothing that could run later. */
import { describe, expect, test, vi } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import {
  AbortError,
  type Pipeline,
  PipelineStateError,
  type Redis,
  TimeoutError,
  type WatchedClient,
} from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 } });

/** What came out of a watch block whose body queued and then threw, and out of its handle. */
async function throwing(
  pipe: Pipeline,
  fail: () => unknown,
): Promise<{ error: unknown; handle: unknown }> {
  let handle: PromiseLike<unknown> = Promise.resolve();
  const error = await failureOf(
    pipe.watch("key", () => {
      handle = pipe.set("key", "never");
      return fail();
    }),
  );
  return { error, handle: await failureOf(handle) };
}

const problem = new Error("a problem of the body");
const strange = { reason: "no Error" };
const failures: readonly [string, unknown, () => unknown][] = [
  ["synchronously", problem, () => raise(problem)],
  ["asynchronously", problem, async () => raise(problem)],
  ["after some turns", problem, () => new Promise((_, reject) => setImmediate(reject, problem))],
  ["a string", "text", () => raise("text")],
  ["undefined", undefined, async () => raise(undefined)],
  ["null", null, () => raise(null)],
  ["0", 0, async () => raise(0)],
  ["an object", strange, () => raise(strange)],
];

describe.each(failures)("a body that throws %s", (_, expected, fail) => {
  test("P27: its error comes out unchanged, and its commands are dropped", async () => {
    const pipe = it.redis.pipeline();
    const { error, handle } = await throwing(pipe, fail);
    expect(error).toBe(expected);
    expect(handle).toBeInstanceOf(PipelineStateError);
    expect(it.wire.names().slice(-2)).toEqual(["WATCH", "UNWATCH"]);
    expect(await it.ask(["EXISTS", "key"])).toEqual(["0"]);
  });
});

test("P27: what the body queued can never run later", async () => {
  const pipe = it.redis.pipeline();
  await throwing(pipe, () => raise(problem));
  expect(pipe.length).toBe(0);
  expect(await pipe.execute()).toEqual([]);
  expect(it.wire.count("SET") + it.wire.count("MULTI")).toBe(0);
});

test("P27: the pipeline can go on, with commands queued afterwards only", async () => {
  const pipe = it.redis.pipeline();
  await throwing(pipe, () => raise(problem));
  pipe.set("other", 1);
  expect(await pipe.execute()).toEqual([true]);
  expect(await it.ask(["EXISTS", "key"], ["GET", "other"])).toEqual(["0", "1"]);
});

test("P27: the connection goes back clean: the next user has no conflict", async () => {
  const first = await connectionOf(it.redis);
  await throwing(it.redis.pipeline(), () => raise(problem));
  await it.ask(["SET", "key", "theirs"]); // was watched by the body that threw
  const pipe = it.redis.pipeline();
  const second = await pipe.watch("other", async (watched) => {
    pipe.set("other", 1);
    return watched.clientId();
  });
  expect(second).toBe(first);
  expect(await it.redis.get("other")).toBe("1");
});

test("P27: a body that throws with reads in flight leaves no reply behind", async () => {
  await it.redis.mset({ a: "1", b: "2" });
  const pipe = it.redis.pipeline();
  const reads: Promise<unknown>[] = [];
  const watching = pipe.watch("a", (watched) => {
    reads.push(watched.get("a"), watched.get("b"));
    throw problem;
  });
  expect(await failureOf(watching)).toBe(problem);
  expect(await Promise.all(reads)).toEqual(["1", "2"]);
  expect(await pipe.watch("a", (watched) => watched.mget(["b", "a"]))).toEqual(["2", "1"]);
});

describe("a body that is left behind", () => {
  const leftBehind: readonly [string, (redis: Redis) => [Pipeline, () => void], unknown][] = [
    ["by its timeout", (redis) => [redis.pipeline({ timeout: 60 }), () => {}], TimeoutError],
    [
      "by its signal",
      (redis) => {
        const controller = new AbortController();
        return [redis.pipeline({ signal: controller.signal }), () => controller.abort()];
      },
      AbortError,
    ],
  ];

  test.each(leftBehind)("P27: %s can queue nothing more", async (_, make, type) => {
    const [pipe, leave] = make(it.redis);
    const gate = deferred<void>();
    const late: unknown[] = [];
    const done = deferred<void>();
    const watching = pipe.watch("key", async (watched) => {
      pipe.set("key", "early");
      leave();
      await gate.promise;
      for (const act of [() => pipe.set("key", "late"), () => watched.get("key")]) {
        try {
          void act();
        } catch (error) {
          late.push(error);
        }
      }
      done.resolve();
    });
    const error = await failureOf(watching);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ applied: false });
    gate.resolve();
    await done.promise;
    expect(late).toEqual([expect.any(PipelineStateError), expect.any(PipelineStateError)]);
    expect(() => pipe.execute()).toThrow(PipelineStateError);
    expect(await it.ask(["EXISTS", "key"])).toEqual(["0"]);
    expect(it.wire.count("MULTI")).toBe(0);
  });

  test("P27: a body that aborts and then returns a handle sends nothing", async () => {
    const controller = new AbortController();
    const pipe = it.redis.pipeline({ signal: controller.signal });
    const watching = pipe.watch("key", () => {
      controller.abort(problem);
      return pipe.set("key", 1);
    });
    const error = await failureOf(watching);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ applied: false, cause: problem });
    expect(it.wire.count("MULTI")).toBe(0);
  });

  test("P27: a scope that fails while its watch block runs applies nothing", async () => {
    const gate = deferred<void>();
    const body = vi.fn();
    let watching: Promise<unknown> = Promise.resolve();
    const scope = it.redis.pipeline(async (pipe) => {
      const begun = deferred<void>();
      watching = failureOf(
        pipe.watch("key", async () => {
          body();
          pipe.set("key", "never");
          begun.resolve();
          await gate.promise;
        }),
      );
      await begun.promise;
      throw problem;
    });
    expect(await failureOf(scope)).toBe(problem);
    gate.resolve();
    expect(await watching).toBeInstanceOf(PipelineStateError);
    expect(body).toHaveBeenCalledOnce();
    expect(it.wire.count("MULTI")).toBe(0);
    expect(await it.redis.pipeline().watch("key", (watched) => watched.get("key"))).toBeNull();
  });
});

/** What a block says that was ended from outside. */
const ENDED = { code: "PIPELINE_STATE", command: "WATCH key", applied: false };

/** The ways in which a scope ends while a watch block runs that nobody waits for. */
type Leave = (redis: Redis, watch: (pipe: Pipeline) => Promise<void>) => PromiseLike<unknown>;
const LEFT: readonly [string, Leave, error: unknown][] = [
  ["a scope whose body returns", (redis, watch) => redis.pipeline(watch), PipelineStateError],
  [
    "a scope whose body throws",
    (redis, watch) => redis.pipeline(async (pipe) => raise(await watch(pipe).then(() => problem))),
    Error,
  ],
  [
    "a transaction",
    (redis, watch) => redis.pipeline({ transaction: true }, watch),
    PipelineStateError,
  ],
  ["a stream", (redis, watch) => redis.stream([1], watch).run(), PipelineStateError],
];

describe.each(LEFT)("a watch block that nobody awaits, in %s", (_, leave, type) => {
  test("P27: ends with it, while its body runs", async () => {
    const gate = deferred<void>();
    const late: unknown[] = [];
    let block: Promise<unknown> = Promise.resolve();
    const body = async (pipe: Pipeline, watched: WatchedClient): Promise<void> => {
      pipe.set("key", "never");
      await gate.promise;
      for (const act of [() => pipe.set("key", "late"), () => watched.get("key")]) {
        late.push(await failureOf((async () => act())()));
      }
    };
    const watch = async (pipe: Pipeline): Promise<void> => {
      const begun = deferred<void>();
      block = pipe.watch("key", (watched) => {
        begun.resolve();
        return body(pipe, watched);
      });
      await begun.promise;
    };
    expect(await failureOf(leave(it.redis, watch))).toBeInstanceOf(type);
    expect(await failureOf(block)).toMatchObject(ENDED);
    // The connection is there for others, though the body runs still.
    expect(await it.redis.pipeline().watch("key", (watched) => watched.get("key"))).toBeNull();
    gate.resolve();
    await expect.poll(() => late).toHaveLength(2);
    for (const error of late) expect(error).toBeInstanceOf(PipelineStateError);
    expect(it.wire.count("MULTI")).toBe(0);
  });

  test.each(["a connection", "the reply of WATCH"])(
    "P27: begins no body if it still waits for %s",
    async (what) => {
      await connectionOf(it.redis);
      it.wire.clear();
      const session = what === "a connection" ? await it.redis.session() : undefined;
      if (session === undefined) it.proxy.hold("toClient");
      const body = vi.fn();
      let block: Promise<unknown> = Promise.resolve();
      const watch = async (pipe: Pipeline): Promise<void> => {
        block = pipe.watch("key", body);
        if (session === undefined) {
          await vi.waitUntil(() => it.wire.count("WATCH") === 1, { timeout: 15_000 });
        }
      };
      expect(await failureOf(leave(it.redis, watch))).toBeInstanceOf(type);
      expect(await failureOf(block)).toMatchObject(ENDED);
      it.proxy.release();
      session?.end();
      expect(await it.redis.pipeline().watch("key", (watched) => watched.get("key"))).toBeNull();
      expect(body).not.toHaveBeenCalled();
    },
  );
});

test("P27: leaving a block of await using ends the watch block that nobody awaits", async () => {
  const gate = deferred<void>();
  let block: Promise<unknown>;
  {
    await using pipe = it.redis.pipeline();
    block = pipe.watch("key", async () => {
      pipe.set("key", "never");
      await gate.promise;
    });
    await expect.poll(() => pipe.length).toBe(1);
  }
  expect(await failureOf(block)).toMatchObject(ENDED);
  gate.resolve();
  expect(it.wire.count("MULTI")).toBe(0);
});

test("P27: a watch block whose scope has failed is no unhandled rejection", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  try {
    const scope = it.redis.pipeline((pipe) => {
      void pipe.watch("key", () => {});
    });
    expect(await failureOf(scope)).toBeInstanceOf(PipelineStateError);
    await it.ask(["PING"]);
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off("unhandledRejection", unhandled);
  }
});

test("R8: a signal ends a watch block that waits for WATCH's reply", async () => {
  const controller = new AbortController();
  const body = vi.fn();
  await connectionOf(it.redis);
  it.wire.clear();
  it.proxy.hold("toClient");
  const pipe = it.redis.pipeline({ signal: controller.signal });
  const watching = failureOf(pipe.watch("key", body));
  await expect.poll(() => it.wire.count("WATCH")).toBe(1);
  controller.abort(problem);
  expect(await watching).toBeInstanceOf(AbortError);
  expect(await watching).toMatchObject({ applied: false, cause: problem });
  it.proxy.release();
  expect(await it.redis.pipeline().watch("key", (watched) => watched.get("key"))).toBeNull();
  expect(body).not.toHaveBeenCalled();
});

function raise(error: unknown): never {
  throw error;
}

/** The id of the only leased connection. */
function connectionOf(redis: Redis): Promise<unknown> {
  return redis.pipeline().watch("key", (watched) => watched.clientId());
}
