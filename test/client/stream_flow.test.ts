import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  type PipelineReply,
  PipelineStateError,
  type PipelineStreamOptions,
  type StreamSource,
} from "../../src/index.ts";
import { onNewest, rejection, wire } from "./pipeline_target.ts";
import { all, CountingSource, Inbox, numbers } from "./stream_sources.ts";

onNewest("streams: back-pressure", (target) => {
  /** The most items by which a source is ahead of who takes the results. */
  async function furthestAhead(
    source: CountingSource,
    items: StreamSource<number>,
    options: PipelineStreamOptions,
  ): Promise<number> {
    let taken = 0;
    let ahead = 0;
    for await (const _ of target.redis.stream(items, options, (pipe) => pipe.incr("n"))) {
      ahead = Math.max(ahead, source.pulled - taken);
      taken += 1;
      if (taken % 13 === 0) await nextTurn();
    }
    expect(taken).toBe(500);
    return ahead;
  }

  const shapes = [
    { batch: 10, inFlight: 1 },
    { batch: 7, inFlight: 3 },
    { batch: 100, inFlight: 2 },
  ];

  test.each(shapes)("R11: the source is batch * inFlight items ahead: %o", async (options) => {
    const source = new CountingSource(500);
    const ahead = await furthestAhead(source, source, options);
    expect(ahead).toBe(options.batch * options.inFlight);
  });

  test.each(shapes)("R11: a slow source is never further ahead: %o", async (options) => {
    const source = new CountingSource(500);
    const ahead = await furthestAhead(source, source.slowly(), options);
    expect(ahead).toBeLessThanOrEqual(options.batch * options.inFlight);
  });

  test("R11: while nothing is acknowledged, no more than inFlight batches are sent", async () => {
    const source = new CountingSource();
    target.proxy.hold("toClient");
    target.forget();
    const options = { batch: 10, inFlight: 3 };
    const stream = target.redis.stream(source, options, (pipe, item) => pipe.set("key", item));
    const ended = rejection(stream.run());
    await expect.poll(() => target.written.match(/SET/g)?.length).toBe(30);
    await nextTurn();
    expect(source.pulled).toBe(30);
    target.proxy.release();
    await expect.poll(() => source.pulled).toBeGreaterThan(60);
    target.proxy.cut();
    expect(await ended).toMatchObject({ code: "CONNECTION_LOST", applied: "unknown" });
  });

  test("a source that waits for a result gets it, though no batch is full", async () => {
    const inbox = new Inbox<number>();
    inbox.push(1);
    const seen: number[] = [];
    for await (const reply of target.redis.stream(inbox, (pipe, by) => pipe.incrby("n", by))) {
      seen.push(reply);
      if (reply < 8) inbox.push(reply);
      else break;
    }
    expect(seen).toEqual([1, 2, 4, 8]);
    expect(inbox.isClosed).toBe(true);
  });

  test("a slow source fills the next batch while another is in flight", async () => {
    const source = new CountingSource(200);
    target.proxy.hold("toClient");
    const options = { batch: 100, inFlight: 8 };
    const stream = target.redis.stream(source.slowly(), options, (pipe) => pipe.incr("n"));
    const summary = stream.run();
    await expect.poll(() => source.pulled).toBe(200);
    target.proxy.release();
    // One with what there was after a turn, then full ones, and the rest.
    expect((await summary).batches).toBeLessThanOrEqual(3);
  });
});

onNewest("streams: their end", (target) => {
  test("a loop that breaks closes the source, and what is in flight settles", async () => {
    const source = new CountingSource();
    const options = { batch: 10, inFlight: 4 };
    const stream = target.redis.stream(source, options, (pipe, item) =>
      pipe.set(`key${item}`, item),
    );
    let taken = 0;
    for await (const _ of stream) {
      taken += 1;
      if (taken === 25) break;
    }
    expect(source.end).toBe("closed");
    const { items } = stream.progress;
    expect(items).toBeGreaterThanOrEqual(30);
    expect(await target.redis.dbsize()).toBe(items);
    const { pulled } = source;
    await nextTurn();
    expect(source.pulled).toBe(pulled);
    expect(await target.redis.dbsize()).toBe(items);
  });

  test("a loop that throws closes the source, and its error comes out", async () => {
    const source = new CountingSource();
    const thrown = new TypeError("mine");
    const stream = target.redis.stream(source, { batch: 5 }, (pipe) => pipe.incr("n"));
    const loop = async (): Promise<void> => {
      for await (const n of stream) {
        if (n === 3) throw thrown;
      }
    };
    expect(await rejection(loop())).toBe(thrown);
    expect(source.end).toBe("closed");
  });

  test("a loop that breaks does not wait for a source that gives nothing", async () => {
    const inbox = new Inbox<number>();
    inbox.push(1);
    for await (const reply of target.redis.stream(inbox, (pipe) => pipe.incr("n"))) {
      expect(reply).toBe(1);
      expect(inbox.isAwaited).toBe(true);
      break;
    }
    expect(inbox.isClosed).toBe(true);
  });

  test("an error of the source comes unchanged, behind the results of all before it", async () => {
    const broken = new RangeError("no more rows");
    function* rows(): Generator<number> {
      yield* numbers(25);
      throw broken;
    }
    async function* later(): AsyncGenerator<number> {
      yield* rows();
    }
    for (const source of [rows(), later()]) {
      await target.redis.del("n");
      const seen: number[] = [];
      const stream = target.redis.stream(source, { batch: 10 }, (pipe) => pipe.incr("n"));
      const loop = async (): Promise<void> => {
        for await (const n of stream) seen.push(n);
      };
      expect(await rejection(loop())).toBe(broken);
      expect(seen).toHaveLength(25);
      expect(stream.progress).toEqual({ items: 25, commands: 25, batches: 3, errors: 0 });
    }
  });

  test("P11: an error of the body comes unchanged; what was before its item is sent", async () => {
    const broken = new RangeError("a bad row");
    for (const isAsync of [false, true]) {
      await target.redis.flushall();
      const source = new CountingSource();
      let handle: PipelineReply<number> | undefined;
      const stream = target.redis.stream(source, { batch: 10 }, (pipe, item): unknown => {
        const reply = pipe.incr("n");
        if (item !== 25) return isAsync ? Promise.resolve([reply]) : [reply];
        handle = pipe.incr("bad");
        if (isAsync) return Promise.reject(broken);
        throw broken;
      });
      expect(await rejection(stream.run())).toBe(broken);
      expect(stream.progress.items).toBe(25);
      expect(await target.redis.mget(["n", "bad"])).toEqual(["25", null]);
      expect(await rejection(Promise.resolve(handle))).toBeInstanceOf(PipelineStateError);
      expect(source.end).toBe("closed");
    }
  });

  test("P6: an async body that returns a bare handle is told what to do instead", async () => {
    const stream = target.redis.stream([1], async (pipe) => pipe.incr("n"));
    const error = await rejection(stream.run());
    expect(error).toBeInstanceOf(PipelineStateError);
    expect(error).toHaveProperty("message", expect.stringContaining("in an array or object"));
    expect(await target.redis.exists("n")).toBe(0);
  });

  test("P14: a body that executes the pipeline is refused; what it sent settles", async () => {
    let execution: Promise<readonly unknown[]> | undefined;
    const stream = target.redis.stream([1, 2], (pipe, item) => {
      pipe.incr("n");
      if (item === 2) execution = pipe.execute();
    });
    expect(await rejection(stream.run())).toBeInstanceOf(PipelineStateError);
    expect(await execution).toEqual([1, 2]);
    expect(stream.progress).toMatchObject({ items: 1, errors: 0 });
  });

  test("a source that cannot be closed does not hide the error of an item", async () => {
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 1 }),
        return: () => {
          throw new TypeError("cannot be closed");
        },
      }),
    };
    await target.redis.set("text", "text");
    const stream = target.redis.stream(source, { batch: 2 }, (pipe) => pipe.incr("text"));
    expect(await rejection(stream.run())).toMatchObject({ item: 0, code: "ERR" });
  });

  test("what onProgress throws ends the stream", async () => {
    const broken = new RangeError("no terminal");
    const source = new CountingSource();
    const onProgress = (): never => {
      throw broken;
    };
    const stream = target.redis.stream(source, { onProgress }, (pipe) => pipe.incr("n"));
    expect(await rejection(stream.run())).toBe(broken);
    expect(source.end).toBe("closed");
    expect(await target.redis.get("n")).toBe(String(stream.progress.items));
  });

  test("an early end of a stream that nobody has begun touches no source", async () => {
    const source = new CountingSource();
    const results = target.redis.stream(source, (pipe) => pipe.incr("n"))[Symbol.asyncIterator]();
    await results.return();
    expect(source.end).toBeUndefined();
    expect(await all(results)).toEqual([]);
    expect(target.written).not.toContain(wire("INCR", "n"));
  });
});
