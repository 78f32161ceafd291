import { Readable } from "node:stream";
import { expect, test } from "vitest";
import {
  ArgumentError,
  date,
  integer,
  OptionsError,
  PipelineStateError,
  type PipelineStreamOptions,
  type PipelineStreamProgress,
  script,
  WrongTypeError,
} from "../../src/index.ts";
import { onEvery, onNewest, rejection, thrown } from "./pipeline_target.ts";
import { all, CountingSource, numbers } from "./stream_sources.ts";

onEvery("streams", (target) => {
  test("P12: an item's result is what its body returned, with replies for handles", async () => {
    const { redis } = target;
    const stream = redis.stream(numbers(5), { batch: 2 }, (pipe, item, index) => ({
      item,
      index,
      n: pipe.incrby("n", item),
      is: [pipe.exists("n")],
    }));
    expect(await all(stream)).toEqual([
      { item: 0, index: 0, n: 0, is: [1] },
      { item: 1, index: 1, n: 1, is: [1] },
      { item: 2, index: 2, n: 3, is: [1] },
      { item: 3, index: 3, n: 6, is: [1] },
      { item: 4, index: 4, n: 10, is: [1] },
    ]);
  });

  test("P20: the first item that fails ends the stream, and says how far that got", async () => {
    const { redis } = target;
    await redis.set("text", "text");
    const source = new CountingSource(100);
    const seen: number[] = [];
    const failing = async (): Promise<void> => {
      const stream = redis.stream(
        source,
        { batch: 6, inFlight: 3 },
        (pipe, item) => [pipe.incr("n"), pipe.incr(item === 7 ? "text" : "m")] as const,
      );
      for await (const [n] of stream) seen.push(n);
    };
    const error = await rejection(failing());
    // Of nine items, in three batches, the one with 7 is in the third; a fourth is never sent.
    expect(error).toMatchObject({
      name: "PipelineStreamError",
      item: 7,
      code: "ERR",
      command: "INCR text",
      index: 15,
      progress: { items: 9, commands: 18, batches: 3, errors: 1 },
      cause: { index: 15, command: "INCR text" },
    });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/^Item 7 of the stream failed: /),
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await redis.get("n")).toBe("9");
    expect(source.end).toBe("closed");
  });

  test("P20: with raiseOnError false each item has its reply or its error", async () => {
    const { redis } = target;
    await redis.rpush("list", "element");
    const options = { raiseOnError: false, batch: 1 } as const;
    const stream = redis.stream(["a", "list", "b"], options, (pipe, key) => pipe.get(key));
    const results = await all(stream);
    expect(results).toEqual([null, expect.any(WrongTypeError), null]);
    expect(results[1]).toMatchObject({ index: 1, command: "GET list" });
    expect(stream.progress).toEqual({ items: 3, commands: 3, batches: 3, errors: 1 });
  });

  test("P16: with transaction each batch is one MULTI and EXEC, and fails alone", async () => {
    const { redis } = target;
    target.forget();
    const stream = redis.stream(
      numbers(4),
      { transaction: true, batch: 2, raiseOnError: false },
      (pipe, item) => (item === 2 ? pipe.call("NOSUCH") : pipe.incr("n")),
    );
    const results = await all(stream);
    expect(results).toEqual([1, 2, expect.any(Error), expect.any(Error)]);
    expect(results[3]).toMatchObject({ code: "EXECABORT", applied: false });
    expect(target.written.match(/MULTI/g)).toHaveLength(2);
    expect(target.written.match(/EXEC/g)).toHaveLength(2);
    expect(await redis.get("n")).toBe("2");
  });
});

onNewest("streams", (target) => {
  test("P12: an item whose body returns nothing has all replies of its commands", async () => {
    const stream = target.redis.stream(numbers(3), (pipe, item) => {
      for (let count = 0; count < item; count += 1) pipe.incr("n");
    });
    expect(await all(stream)).toEqual([[], [1], [2, 3]]);
  });

  test("P12: a body may be asynchronous, and use other replies", async () => {
    const { redis } = target;
    await redis.mset({ 0: "zero", 1: "one" });
    const stream = redis.stream(numbers(2), async (pipe, item) => {
      const name = await redis.get(String(item));
      return { name, set: pipe.set(`copy:${name}`, item) };
    });
    expect(await all(stream)).toEqual([
      { name: "zero", set: true },
      { name: "one", set: true },
    ]);
    expect(await redis.mget(["copy:zero", "copy:one"])).toEqual(["0", "1"]);
  });

  test("P2: nothing is pulled or sent until somebody iterates or awaits", async () => {
    const source = new CountingSource(10);
    target.forget();
    const stream = target.redis.stream(source, (pipe, item) => pipe.set("key", item));
    await target.redis.ping();
    expect(source.pulled).toBe(0);
    expect(await stream).toEqual({ items: 10, commands: 10, batches: 1, errors: 0 });
    expect(target.written.match(/SET/g)).toHaveLength(10);
  });

  test("P14: a stream is used once; awaiting it again gives the same summary", async () => {
    const stream = target.redis.stream([1], (pipe) => pipe.incr("n"));
    const summary = await stream;
    expect(await stream.run()).toBe(summary);
    expect(await stream).toBe(summary);
    expect(thrown(() => stream[Symbol.asyncIterator]())).toBeInstanceOf(PipelineStateError);
    expect(await target.redis.get("n")).toBe("1");
    const other = target.redis.stream([1], (pipe) => pipe.incr("n"));
    expect(await all(other)).toEqual([2]);
    expect(thrown(() => other.run())).toBeInstanceOf(PipelineStateError);
  });

  test("P15: a source without items, and items without commands, send nothing", async () => {
    target.forget();
    const { redis } = target;
    expect(await all(redis.stream([], (pipe) => pipe.incr("n")))).toEqual([]);
    const squares = redis.stream(numbers(5), { batch: 2 }, (_, item) => item * item);
    expect(await all(squares)).toEqual([0, 1, 4, 9, 16]);
    expect(squares.progress).toEqual({ items: 5, commands: 0, batches: 3, errors: 0 });
    expect(target.written).toBe("");
  });

  test("every kind of source is read: sets, generators, Node streams, other streams", async () => {
    const { redis } = target;
    async function* later(): AsyncGenerator<string> {
      yield* ["a", "b", "c"];
    }
    const expected = ["a", "b", "c"];
    for (const source of [new Set(expected), expected.values(), later(), Readable.from(expected)]) {
      const echoed = redis.stream(source as Iterable<string>, (pipe, item) => pipe.echo(item));
      const twice = redis.stream(echoed, { batch: 2 }, (pipe, item) => pipe.echo(item));
      expect(await all(twice)).toEqual(expected);
    }
  });

  test("a text is a source of its characters", async () => {
    const stream = target.redis.stream("abc", (pipe, character) => pipe.echo(character));
    expect(await all(stream)).toEqual(["a", "b", "c"]);
  });

  test("a batch is full with so many commands; an item is never divided", async () => {
    const sizes: number[] = [];
    const stream = target.redis.stream(
      [1, 1, 1, 5, 0, 0, 0, 3, 1],
      { batch: 3, inFlight: 1, onProgress: ({ commands }) => sizes.push(commands) },
      (pipe, count) => {
        for (let done = 0; done < count; done += 1) pipe.incr("n");
      },
    );
    expect(await stream).toEqual({ items: 9, commands: 12, batches: 5, errors: 0 });
    // | 1 1 1 | 5 | 0 0 0 | 3 | 1 |
    expect(sizes).toEqual([3, 8, 8, 11, 12]);
  });

  test("a batch is full with a mebibyte of arguments, however few commands these are", async () => {
    const value = Buffer.alloc(300 * 1024);
    const stream = target.redis.stream(numbers(10), (pipe) => pipe.set("key", value));
    expect(await stream).toEqual({ items: 10, commands: 10, batches: 3, errors: 0 });
  });

  test("progress is told after each batch, in order", async () => {
    const told: PipelineStreamProgress[] = [];
    await target.redis.stream(
      numbers(5),
      { batch: 4, inFlight: 1, onProgress: (progress) => told.push(progress) },
      (pipe) => [pipe.incr("n"), pipe.get("n")],
    );
    expect(told).toEqual([
      { items: 2, commands: 4, batches: 1, errors: 0 },
      { items: 4, commands: 8, batches: 2, errors: 0 },
      { items: 5, commands: 10, batches: 3, errors: 0 },
    ]);
  });

  test("P12: views, scripts and conversions are those of a pipeline", async () => {
    const { redis } = target;
    await redis.mset({ when: "2020-01-01T00:00:00Z", bytes: Buffer.from([255]) });
    const double = script("return ARGV[1] * 2", { keys: [], args: ["n"], reply: integer });
    expect(await all(redis.stream([1, 2], (pipe, n) => pipe.run(double, [], [n])))).toEqual([2, 4]);
    const dates = redis.stream(["when"], (pipe, key) => pipe.get(key).as(date));
    expect(await all(dates)).toEqual([new Date("2020-01-01T00:00:00Z")]);
    const bytes = redis.bytes.stream(["bytes"], (pipe, key) => pipe.get(key));
    expect(await all(bytes)).toEqual([Buffer.from([255])]);
    const exact = redis.with({ integers: "bigint" }).stream([1], (pipe) => pipe.incr("n"));
    expect(await all(exact)).toEqual([1n]);
  });

  test("P10: a conversion that fails is its item's error, also if no result is kept", async () => {
    const { redis } = target;
    await redis.set("bad", "no date");
    const read = (options: PipelineStreamOptions) =>
      redis.stream(["none", "bad"], options, (pipe, key) => pipe.get(key).as(toDate));
    for (const stream of [all(read({})), read({}).run()]) {
      expect(await rejection(stream)).toMatchObject({ item: 1, code: "DECODE", applied: true });
    }
    const kept = await all(read({ raiseOnError: false }));
    expect(kept).toEqual([undefined, expect.objectContaining({ code: "DECODE" })]);
  });

  test("R13: what is no source, body or option is refused at the call", () => {
    const { redis } = target;
    const body = (): void => undefined;
    const noBody: unknown = 5;
    for (const source of [null, undefined, 5, {}, { [Symbol.iterator]: 1 }] as unknown[]) {
      const call = (): unknown => redis.stream(source as Iterable<number>, body);
      expect(thrown(call)).toBeInstanceOf(ArgumentError);
    }
    for (const call of [
      () => redis.stream([], noBody as typeof body),
      () => redis.stream([], {}, noBody as typeof body),
    ]) {
      expect(thrown(call)).toBeInstanceOf(ArgumentError);
    }
    const wrong = [
      { batch: 0 },
      { inFlight: 1.5 },
      { onProgress: 1 },
      { timeout: -1 },
      { bach: 1 },
    ];
    for (const options of wrong) {
      const call = (): unknown => redis.stream([], options as PipelineStreamOptions, body);
      expect(thrown(call)).toBeInstanceOf(OptionsError);
    }
  });
});

function toDate(text: string | null): Date | undefined {
  if (text === null) return undefined;
  throw new TypeError("no date");
}
