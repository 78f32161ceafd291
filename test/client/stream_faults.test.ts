import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { ClosedError, ConnectionLostError, TimeoutError } from "../../src/index.ts";
import { checkThousand, onEvery, onNewest, rejection, type Target } from "./pipeline_target.ts";
import { all, CountingSource, Inbox, numbers } from "./stream_sources.ts";

const ITEMS = 2_000;

/** Cuts the connection at some of the chunks that the server sends: what is in them is lost. */
function cutNowAndThen(target: Target, every: number): () => number {
  let chunks = 0;
  let cuts = 0;
  target.proxy.onServerBytes = (chunk) => {
    // Not in a handshake: that would only be tried again.
    if (!chunk.toString("latin1").startsWith(":")) return "forward";
    chunks += 1;
    if (chunks % every !== 0) return "forward";
    cuts += 1;
    return "cut";
  };
  return () => cuts;
}

/** What became of each item: its reply, or what its error says about it. */
function appliedOf(result: unknown): unknown {
  return result instanceof ConnectionLostError ? result.applied : result;
}

onEvery("streams and lost connections", (target) => {
  test("P33: each item says truthfully whether it was applied, wherever it is cut", async () => {
    const redis = await target.connect({ reconnect: { base: 1, cap: 5 } });
    const cuts = cutNowAndThen(target, 7);
    const options = { batch: 50, inFlight: 3, raiseOnError: false } as const;
    const stream = redis.stream(numbers(ITEMS), options, (pipe, item) => pipe.incr(`key${item}`));
    const applied = (await all(stream)).map(appliedOf);
    expect(cuts()).toBeGreaterThan(1);
    const counts = await target.redis.mget(numbers(ITEMS).map((item) => `key${item}`));
    // Nothing runs twice; what was acknowledged is there, what was not applied is not.
    const lies = applied.filter((said, item) => {
      const count = counts[item];
      if (said === 1) return count !== "1";
      if (said === "unknown") return count !== "1" && count !== null;
      return count !== null;
    });
    expect(lies).toEqual([]);
    expect(applied).toContain("unknown");
    expect(stream.progress).toMatchObject({
      items: ITEMS,
      errors: applied.filter((said) => said !== 1).length,
    });
    target.proxy.onServerBytes = undefined;
    await checkThousand(redis);
  });
});

onNewest("streams and faults", (target) => {
  test("P33: a stream that a loss ends says what was sent, and sends no more", async () => {
    const redis = await target.connect();
    const source = new CountingSource();
    cutNowAndThen(target, 5);
    const seen: number[] = [];
    const stream = redis.stream(source, { batch: 20, inFlight: 2 }, (pipe) => pipe.incr("n"));
    const loop = async (): Promise<void> => {
      for await (const n of stream) seen.push(n);
    };
    const error = await rejection(loop());
    expect(error).toMatchObject({
      name: "PipelineStreamError",
      code: "CONNECTION_LOST",
      applied: "unknown",
      item: seen.length,
      progress: stream.progress,
      cause: expect.any(ConnectionLostError),
    });
    expect(source.end).toBe("closed");
    const { items, errors } = stream.progress;
    const done = Number(await target.redis.get("n"));
    expect(done).toBeGreaterThanOrEqual(items - errors);
    expect(done).toBeLessThanOrEqual(items);
  });

  test("R2: a stream that may repeat its writes gets over lost connections", async () => {
    const redis = await target.connect({ reconnect: { base: 1, cap: 5 }, maxRetries: 50 });
    let cuts = 0;
    target.proxy.onServerBytes = (chunk) => {
      if (!chunk.toString("latin1").startsWith("+OK") || cuts === 10) return "forward";
      cuts += 1;
      return cuts % 2 === 0 ? "cut" : "forward";
    };
    const options = { batch: 20, retry: "idempotent" } as const;
    const stream = redis.stream(numbers(ITEMS), options, (pipe, item) =>
      pipe.set(`key${item}`, item),
    );
    expect(await stream).toMatchObject({ items: ITEMS, errors: 0 });
    expect(await target.redis.dbsize()).toBe(ITEMS);
    expect(cuts).toBeGreaterThan(0);
  });

  test("P18: the timeout holds for each batch", async () => {
    target.proxy.hold("toClient");
    const options = { batch: 10, timeout: 30, raiseOnError: false } as const;
    const stream = target.redis.stream(numbers(30), options, (pipe) => [pipe.incr("n")]);
    const results = await all(stream);
    target.proxy.release();
    expect(results).toHaveLength(30);
    expect(results.every(([result]) => result instanceof TimeoutError)).toBe(true);
    expect(results[29]).toMatchObject([{ code: "TIMEOUT", applied: "unknown", index: 29 }]);
    const raising = target.redis.stream(numbers(5), { timeout: 30 }, (pipe) => pipe.incr("n"));
    target.server.pause();
    const error = rejection(raising.run());
    expect(await error).toMatchObject({ item: 0, code: "TIMEOUT", applied: "unknown" });
    target.server.resume();
    await checkThousand(target.redis);
    expect(await target.redis.get("n")).toBe("35");
  });

  test("P18: a signal ends a stream whose batches are in flight, with the truth", async () => {
    for (const raiseOnError of [true, false]) {
      await target.redis.flushall();
      target.forget();
      const controller = new AbortController();
      const { signal } = controller;
      const source = new CountingSource();
      target.proxy.hold("toClient");
      const options = { batch: 10, inFlight: 2, signal, raiseOnError };
      const stream = target.redis.stream(source, options, (pipe) => pipe.incr("n"));
      const seen: unknown[] = [];
      const loop = async (): Promise<void> => {
        for await (const n of stream) seen.push(n);
      };
      const ended = rejection(loop());
      await expect.poll(() => target.written.match(/INCR/g)?.length).toBe(20);
      controller.abort("enough");
      const error = await ended;
      target.proxy.release();
      expect(error).toMatchObject({ name: "PipelineStreamError", code: "ABORTED" });
      // What was sent is unknown; the first that was not is where the stream ends otherwise.
      expect(error).toMatchObject(
        raiseOnError ? { item: 0, applied: "unknown" } : { item: 20, applied: false },
      );
      expect(seen).toHaveLength(raiseOnError ? 0 : 20);
      expect(source.end).toBe("closed");
      expect(getEventListeners(signal, "abort")).toEqual([]);
      await checkThousand(target.redis);
      expect(await target.redis.get("n")).toBe("20");
    }
  });

  test("P18: a signal ends a stream that waits for its source", async () => {
    const inbox = new Inbox<number>();
    inbox.push(1);
    const controller = new AbortController();
    const { signal } = controller;
    const stream = target.redis.stream(inbox, { signal }, (pipe) => pipe.incr("n"));
    const ended = rejection(stream.run());
    await expect.poll(() => stream.progress.items).toBe(1);
    controller.abort("enough");
    expect(await ended).toMatchObject({
      item: 1,
      applied: false,
      cause: { code: "ABORTED", cause: "enough" },
      progress: { items: 1 },
    });
    expect(inbox.isClosed).toBe(true);
  });

  test("P18: a signal ends a stream without end whose body queues nothing", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (): void => void setTimeout(() => controller.abort("enough"));
    const stream = target.redis.stream(new CountingSource(), { signal, onProgress }, () => 1);
    expect(await rejection(stream.run())).toMatchObject({ code: "ABORTED" });
  });

  test("P18: a signal that has fired, also a view's, lets nothing be pulled", async () => {
    const signal = AbortSignal.abort("before");
    const source = new CountingSource();
    const view = target.redis.with({ signal });
    for (const stream of [
      target.redis.stream(source, { signal }, (pipe) => pipe.incr("n")),
      view.stream(source, (pipe) => pipe.incr("n")),
    ]) {
      expect(await rejection(stream.run())).toMatchObject({ item: 0, code: "ABORTED" });
    }
    expect(source.pulled).toBe(0);
  });

  test("a client that is destroyed ends its streams, also those that keep errors", async () => {
    const redis = await target.connect();
    const source = new CountingSource();
    const stream = redis.stream(source, { raiseOnError: false }, (pipe) => pipe.incr("n"));
    const ended = rejection(stream.run());
    await expect.poll(() => stream.progress.items).toBeGreaterThan(0);
    redis.destroy();
    const error = await ended;
    expect(error).toMatchObject({ code: "CLOSED", cause: expect.any(ClosedError) });
    expect(source.end).toBe("closed");
  });
});
