import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import {
  AbortError,
  type Pipeline,
  type PipelineReply,
  type Redis,
  TimeoutError,
} from "../../src/index.ts";
import {
  checkThousand,
  onEvery,
  onNewest,
  rejection,
  type Target,
  wire,
} from "./pipeline_target.ts";

const VALUE = "v".repeat(64 * 1024);
/** More than sockets and the proxy take while nobody reads. */
const MANY = 600;

/** Queues writes that cannot all be written while the server does not read. */
function queueMuch(pipe: Pipeline): PipelineReply<boolean>[] {
  return Array.from({ length: MANY }, (_, index) => pipe.set(`key${index}`, VALUE));
}

/** Executes, and gives up by timeout or signal once something has been written. */
async function giveUp(pipe: Pipeline, controller: AbortController): Promise<unknown> {
  const execution = rejection(pipe.execute());
  await nextTurn();
  controller.abort("enough");
  return execution;
}

/** Proves that replies of the shared connection are still in step. */
async function expectUsable(redis: Redis): Promise<void> {
  await checkThousand(redis);
  expect(await redis.pipeline((pipe) => [pipe.echo("a"), pipe.echo("b")])).toEqual(["a", "b"]);
}

function resumeAfterwards(target: Target): void {
  afterEach(() => target.server.resume());
}

onEvery("deadlines", (target) => {
  resumeAfterwards(target);

  for (const transaction of [false, true]) {
    test(`P18: a timeout covers a silent server (transaction: ${transaction})`, async () => {
      const redis = await target.connect();
      const pipe = redis.pipeline({ transaction, timeout: 40 });
      const write = pipe.incr("n");
      const read = pipe.get("n");
      target.server.pause();
      const error = await rejection(pipe.execute());
      target.server.resume();
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toBe(await rejection(write));
      expect(error).toMatchObject({
        code: "TIMEOUT",
        applied: "unknown",
        command: "INCR n",
        index: 0,
      });
      // A read changes nothing, whether it ran or not; a transaction is one thing.
      const applied = transaction ? "unknown" : false;
      expect(await rejection(read)).toMatchObject({ code: "TIMEOUT", applied, index: 1 });
      await expectUsable(redis);
      expect(await redis.get("n")).toBe("1");
    });

    test(`P18: a signal cancels on a silent server (transaction: ${transaction})`, async () => {
      const redis = await target.connect();
      const controller = new AbortController();
      const pipe = redis.pipeline({ transaction, signal: controller.signal });
      const write = pipe.incr("n");
      target.server.pause();
      const error = await giveUp(pipe, controller);
      target.server.resume();
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ code: "ABORTED", applied: "unknown", cause: "enough" });
      expect(await rejection(write)).toBe(error);
      await expectUsable(redis);
      expect(await redis.get("n")).toBe("1");
    });

    test(`P18: what a signal finds unwritten stays so (transaction: ${transaction})`, async () => {
      const redis = await target.connect();
      const controller = new AbortController();
      const pipe = redis.pipeline({ transaction, signal: controller.signal });
      const handles = queueMuch(pipe);
      target.proxy.hold("toServer");
      expect(await giveUp(pipe, controller)).toBeInstanceOf(AbortError);
      const applied = await Promise.all(handles.map((handle) => rejection(handle))).then((errors) =>
        errors.map((error) => (error instanceof AbortError ? error.applied : error)),
      );
      target.proxy.release();
      await expectUsable(redis);
      const written = applied.filter((it) => it === "unknown").length;
      expect(applied.slice(written).every((it) => it === false)).toBe(true);
      expect(written < MANY && (transaction ? written === 0 : written > 0)).toBe(true);
      // What had been written is applied, for nothing was lost; of the rest, no byte was sent.
      expect(await redis.dbsize()).toBe(written);
    });
  }

  test("P18: a timeout while only a part is written: the connection stays usable", async () => {
    const redis = await target.connect();
    for (const transaction of [false, true]) {
      const pipe = redis.pipeline({ transaction, timeout: 30 });
      const handles = queueMuch(pipe);
      target.proxy.hold("toServer");
      expect(await rejection(pipe.execute())).toBeInstanceOf(TimeoutError);
      target.proxy.release();
      await expectUsable(redis);
      const last = await rejection(handles.at(-1) ?? Promise.resolve());
      expect(last).toMatchObject({ code: "TIMEOUT", applied: false, index: MANY - 1 });
      expect(await redis.exists(`key${MANY - 1}`)).toBe(0);
    }
  });
});

onNewest("deadlines", (target) => {
  resumeAfterwards(target);

  test("P18: a signal that has fired before sends nothing", async () => {
    const reason = new Error("not today");
    for (const transaction of [false, true]) {
      const pipe = target.redis.pipeline({ transaction, signal: AbortSignal.abort(reason) });
      const handles = [pipe.incr("n"), pipe.get("n")];
      const error = await rejection(pipe.execute());
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ applied: false, index: 0, cause: reason });
      for (const handle of handles) {
        expect(await rejection(handle)).toMatchObject({ code: "ABORTED", applied: false });
      }
    }
    await target.redis.ping();
    expect(target.written).toBe(wire("PING"));
  });

  test("P18: a signal that fires between execute() and the write sends nothing", async () => {
    const controller = new AbortController();
    const pipe = target.redis.pipeline({ signal: controller.signal });
    pipe.incr("n");
    const execution = pipe.execute();
    controller.abort();
    expect(await rejection(execution)).toMatchObject({ code: "ABORTED", applied: false });
    await target.redis.ping();
    expect(target.written).toBe(wire("PING"));
  });

  test("P18: a signal that fires afterwards changes nothing", async () => {
    const controller = new AbortController();
    const pipe = target.redis.pipeline({ signal: controller.signal });
    const value = pipe.incr("n");
    expect(await pipe.execute()).toEqual([1]);
    controller.abort();
    expect(await value).toBe(1);
    expect(pipe.results).toEqual([1]);
  });

  test("P18: a signal that fires in a scope's body sends nothing", async () => {
    const controller = new AbortController();
    const scope = target.redis.pipeline({ signal: controller.signal }, (pipe) => {
      controller.abort();
      return [pipe.incr("n")];
    });
    expect(await rejection(scope)).toBeInstanceOf(AbortError);
    expect(await target.redis.exists("n")).toBe(0);
  });

  test("P18: no listener is left on a signal, however the pipeline ended", async () => {
    const redis = await target.connect();
    const { signal } = new AbortController();
    await redis.pipeline({ signal }, (pipe) => [pipe.ping()]);
    await redis.pipeline({ signal }, (pipe) => [pipe.blpop("none", 0.01)]);
    await rejection(redis.pipeline({ signal }, (pipe) => [pipe.call("NOSUCH")]));
    target.proxy.hold("toClient");
    await rejection(redis.pipeline({ signal, timeout: 10 }, (pipe) => [pipe.ping()]));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("P18: with raiseOnError: false an abort rejects, a timeout does not", async () => {
    const redis = await target.connect();
    target.proxy.hold("toClient");
    const controller = new AbortController();
    const aborted = redis.pipeline({ raiseOnError: false, signal: controller.signal });
    aborted.incr("n");
    expect(await giveUp(aborted, controller)).toBeInstanceOf(AbortError);
    const timedOut = await redis.pipeline({ raiseOnError: false, timeout: 10 }, (pipe) => [
      pipe.incr("n"),
    ]);
    expect(timedOut).toEqual([expect.any(TimeoutError)]);
    target.proxy.release();
    await expectUsable(redis);
  });

  test("P18: by default the client's commandTimeout holds, and a view's own", async () => {
    const redis = await target.connect({ commandTimeout: 30 });
    target.proxy.hold("toClient");
    const byDefault = rejection(redis.pipeline((pipe) => [pipe.incr("n")]));
    const patient = await target.connectDirectly();
    expect(await byDefault).toBeInstanceOf(TimeoutError);
    target.server.pause();
    const view = patient.with({ timeout: 30 }).pipeline((pipe) => [pipe.incr("n")]);
    expect(await rejection(view)).toBeInstanceOf(TimeoutError);
  });

  test("P18: timeout: 0 waits as long as it takes", async () => {
    const redis = await target.connect({ commandTimeout: 30 });
    target.proxy.hold("toClient");
    const patient = redis.pipeline({ timeout: 0 }, (pipe) => [pipe.incr("n")]);
    const view = redis.with({ timeout: 0 }).pipeline((pipe) => [pipe.incr("n")]);
    // This one has the default timeout, which is over when it rejects.
    expect(await rejection(redis.get("n"))).toBeInstanceOf(TimeoutError);
    target.proxy.release();
    expect(await patient).toEqual([1]);
    expect(await view).toEqual([2]);
  });

  test("P18: waiting for a lost connection to come back is covered", async () => {
    const redis = await target.connect();
    target.proxy.accepting = false;
    const lost = new Promise((resolve) => redis.on("disconnect", resolve));
    target.proxy.cut();
    await lost;
    for (const transaction of [false, true]) {
      const pipe = redis.pipeline({ transaction, timeout: 30 });
      const handle = pipe.incr("n");
      const error = await rejection(pipe.execute());
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ applied: false, index: 0, command: "INCR n" });
      expect(await rejection(handle)).toBe(error);
    }
    const controller = new AbortController();
    const aborted = redis.pipeline({ signal: controller.signal });
    aborted.incr("n");
    expect(await giveUp(aborted, controller)).toMatchObject({ code: "ABORTED", applied: false });
    target.proxy.accepting = true;
    await expectUsable(redis);
    expect(await redis.exists("n")).toBe(0);
  });

  /** Proves what happens to a blocking pipeline that gets no connection. */
  async function expectNoLease(redis: Redis): Promise<void> {
    const pipe = redis.pipeline({ timeout: 30 });
    const handles = [pipe.incr("n"), pipe.blpop("none", 0)];
    const error = await rejection(pipe.execute());
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ applied: false, index: 0, command: "INCR n" });
    expect(await rejection(handles[1] ?? pipe.execute())).toMatchObject({
      code: "TIMEOUT",
      applied: false,
      index: 1,
      command: "BLPOP none 0",
    });
    const controller = new AbortController();
    const aborted = redis.pipeline({ signal: controller.signal });
    aborted.blpop("none", 0);
    expect(await giveUp(aborted, controller)).toMatchObject({
      code: "ABORTED",
      applied: false,
      index: 0,
    });
  }

  test("P18: waiting for a free connection of the pool is covered", async () => {
    const redis = await target.connect({ pool: { max: 1 } });
    const holder = redis.blpop("held", 0);
    await expectNoLease(redis);
    expect(await redis.rpush("held", "x")).toBe(1);
    await holder;
    expect(await redis.exists("n")).toBe(0);
    expect(await redis.pipeline((pipe) => [pipe.blpop("none", 0.01)])).toEqual([null]);
  });

  test("P18: opening a connection for the pool is covered", async () => {
    const redis = await target.connect({ pool: { max: 1 }, connectTimeout: 60_000 });
    target.proxy.hold("toClient");
    await expectNoLease(redis);
    target.proxy.release();
    expect(await redis.exists("n")).toBe(0);
    expect(await redis.pipeline((pipe) => [pipe.blpop("none", 0.01)])).toEqual([null]);
  });

  test("P18: a blocking pipeline has its commands' timeouts and the default", async () => {
    for (const commandTimeout of [0, 10_000]) {
      const redis = await target.connect({ commandTimeout });
      const replies = await redis.pipeline((pipe) => [
        pipe.blpop("none", 0.03),
        pipe.brpop("none", 0.03),
      ]);
      expect(replies).toEqual([null, null]);
    }
  });

  test("P18: a given-up blocking pipeline gives its connection up, too", async () => {
    const redis = await target.connect({ pool: { max: 1 } });
    for (const timeout of [2_000, 60_000]) {
      const controller = new AbortController();
      const pipe = redis.pipeline({ timeout, signal: controller.signal });
      const write = pipe.incr("n");
      pipe.blpop("none", 0);
      const execution = rejection(pipe.execute());
      await expect.poll(() => redis.get("n")).not.toBeNull();
      if (timeout > 2_000) controller.abort();
      expect(await execution).toMatchObject({ index: 1, command: "BLPOP none 0" });
      expect(await write).toBe(1);
      await redis.del("n");
    }
    expect(await redis.pipeline((pipe) => [pipe.blpop("none", 0.01)])).toEqual([null]);
    await expectUsable(redis);
  });
});
