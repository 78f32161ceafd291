import { expect, test } from "vitest";
import {
  ArgumentError,
  type Pipeline,
  type PipelineReply,
  PipelineStateError,
  type Redis,
  WrongTypeError,
} from "../../src/index.ts";
import { onEvery, onNewest, rejection, thrown, wire } from "./pipeline_target.ts";

onEvery("execution", (target) => {
  test("P11: a scope executes once, and gives what its body returned", async () => {
    const [flushed, foo, bar, keys] = await target.redis.pipeline((pipe) => [
      pipe.flushdb(),
      pipe.set("foo", "bar"),
      pipe.set("bar", "foo"),
      pipe.keys("*"),
    ]);
    expect([flushed, foo, bar]).toEqual([true, true, true]);
    expect(keys).toEqual(new Set(["foo", "bar"]));
  });

  test("P11: a scope executes when the body's promise resolves, and not before", async () => {
    const { n } = await target.redis.pipeline(async (pipe) => {
      const handle = pipe.incr("n");
      expect(await target.redis.get("n")).toBeNull();
      return { n: handle };
    });
    expect(n).toBe(1);
    expect(await target.redis.get("n")).toBe("1");
  });

  test("P12: a scope resolves tuples, records and what is nested in them", async () => {
    await target.redis.mset({ a: "1", b: "2" });
    const date = new Date();
    const result = await target.redis.pipeline((pipe) => ({
      one: pipe.get("a"),
      both: [pipe.get("a"), pipe.get("b")] as const,
      deep: { list: [{ value: pipe.incr("a") }], plain: "text", nothing: null, date },
      mapped: ["a", "b"].map((key) => pipe.exists(key)),
    }));
    expect(result).toEqual({
      one: "1",
      both: ["1", "2"],
      deep: { list: [{ value: 2 }], plain: "text", nothing: null, date },
      mapped: [1, 1],
    });
    expect(result.deep.date).toBe(date);
  });

  test("P13: execute() resolves to results, which are those of the handles in order", async () => {
    const pipe = target.redis.pipeline();
    pipe.set("foo", 1);
    const value = pipe.incr("foo");
    const results = await pipe.execute();
    expect(results).toEqual([true, 2]);
    expect(pipe.results).toEqual(results);
    expect(await value).toBe(2);
  });

  test("P16: a hundred commands are one write", async () => {
    const pipe = target.redis.pipeline();
    for (let index = 0; index < 100; index += 1) pipe.set(`key${index}`, index);
    await pipe.execute();
    const expected = Array.from({ length: 100 }, (_, index) => wire("SET", `key${index}`, index));
    expect(target.chunks.map(({ text }) => text)).toEqual([expected.join("")]);
  });

  test("P16: MULTI, a hundred commands and EXEC are one write", async () => {
    const pipe = target.redis.pipeline({ transaction: true });
    for (let index = 0; index < 100; index += 1) pipe.incr("n");
    expect((await pipe.execute()).at(-1)).toBe(100);
    const expected = wire("MULTI") + wire("INCR", "n").repeat(100) + wire("EXEC");
    expect(target.chunks.map(({ text }) => text)).toEqual([expected]);
  });

  test("P16: the scope form is one write as well, with or without a transaction", async () => {
    const body = (pipe: Pipeline): PipelineReply<number>[] => [pipe.incr("n"), pipe.incr("n")];
    expect(await target.redis.pipeline(body)).toEqual([1, 2]);
    expect(await target.redis.pipeline({ transaction: true }, body)).toEqual([3, 4]);
    expect(await target.redis.transaction({}, body)).toEqual([5, 6]);
    const commands = wire("INCR", "n").repeat(2);
    const transaction = wire("MULTI") + commands + wire("EXEC");
    expect(target.chunks.map(({ text }) => text)).toEqual([commands, transaction, transaction]);
  });
});

onNewest("execution", (target) => {
  /** Proves that a client has written nothing but the PING that is sent now. */
  async function expectSilence(redis: Redis = target.redis): Promise<void> {
    await redis.ping();
    expect(target.written).toBe(wire("PING"));
  }

  for (const transaction of [false, true]) {
    test(`P11: a body that throws sends nothing (transaction: ${transaction})`, async () => {
      const mistake = new RangeError("mine");
      const handles: PipelineReply<unknown>[] = [];
      const scope = target.redis.pipeline({ transaction }, (pipe) => {
        handles.push(pipe.incr("n"), pipe.blpop("list", 0));
        throw mistake;
      });
      expect(await rejection(scope)).toBe(mistake);
      expect(handles).toHaveLength(2);
      for (const handle of handles) {
        expect(await rejection(handle)).toBeInstanceOf(PipelineStateError);
      }
      await expectSilence();
    });
  }

  test("P11: an async body that rejects sends nothing, whatever the reason", async () => {
    for (const reason of [new TypeError("mine"), "text", undefined]) {
      let handle: PipelineReply<number> | undefined;
      const scope = target.redis.pipeline(async (pipe) => {
        handle = pipe.incr("n");
        await Promise.resolve();
        // oxlint-disable-next-line typescript/only-throw-error -- users may
        throw reason;
      });
      const seen: unknown[] = [];
      await scope.catch((error: unknown) => seen.push(error));
      expect(seen).toEqual([reason]);
      expect(thrown(() => handle?.value)).toBeInstanceOf(PipelineStateError);
    }
    await expectSilence();
  });

  test("P11: a body may execute its pipeline itself; the scope does not do it again", async () => {
    const result = await target.redis.pipeline(async (pipe) => {
      const handle = pipe.incr("n");
      await pipe.execute();
      return [handle, await handle] as const;
    });
    expect(result).toEqual([1, 1]);
    expect(await target.redis.get("n")).toBe("1");
  });

  test("P11: a scope waits for the execution that its body has begun", async () => {
    const result = await target.redis.pipeline((pipe) => {
      const handle = pipe.incr("n");
      void pipe.execute();
      return [handle];
    });
    expect(result).toEqual([1]);
  });

  test("P12: a body that returns undefined gives all results", async () => {
    const sync = await target.redis.pipeline((pipe) => {
      pipe.set("n", 1);
      pipe.incr("n");
    });
    expect(sync).toEqual([true, 2]);
    const later = await target.redis.pipeline(async (pipe) => {
      await target.redis.ping();
      pipe.incr("n");
    });
    expect(later).toEqual([3]);
  });

  test("P12: a body may return a bare handle, or no handle at all", async () => {
    expect(await target.redis.pipeline((pipe) => pipe.incr("n"))).toBe(1);
    expect(await target.redis.pipeline(() => "text")).toBe("text");
    expect(await target.redis.pipeline(() => null)).toBeNull();
    expect(await target.redis.pipeline(() => [])).toEqual([]);
    expect(await target.redis.pipeline(async () => Promise.resolve(0))).toBe(0);
  });

  test("P12: what is no array or plain object stays the very thing that it is", async () => {
    class Box {
      readonly inner: unknown;
      constructor(inner: unknown) {
        this.inner = inner;
      }
    }
    const pipe = target.redis.pipeline();
    const map = new Map([["a", 1]]);
    const kept = { box: new Box(1), map, set: new Set([1]), bytes: Buffer.from("x"), run: () => 1 };
    pipe.discard();
    const result = await target.redis.pipeline((inner) => ({ ...kept, n: inner.incr("n") }));
    expect(result.n).toBe(1);
    for (const key of ["box", "map", "set", "bytes", "run"] as const) {
      expect(result[key]).toBe(kept[key]);
    }
  });

  test("P12: keys such as __proto__ stay ordinary keys, a null prototype stays null", async () => {
    const result = await target.redis.pipeline((pipe) => {
      const bare: Record<string, unknown> = Object.create(null);
      bare["__proto__"] = pipe.incr("n");
      return { bare, ["__proto__"]: pipe.incr("n") };
    });
    expect(Object.keys(result)).toEqual(["bare", "__proto__"]);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(result.bare)).toBeNull();
    expect(result.bare["__proto__"]).toBe(1);
  });

  test("P12: symbols are keys, too", async () => {
    const symbol = Symbol("key");
    const result = await target.redis.pipeline((pipe) => ({ [symbol]: pipe.incr("n") }));
    expect(result[symbol]).toBe(1);
  });

  test("P12: the body's own arrays and objects are left as they are", async () => {
    const returned: { handles: PipelineReply<number>[] } = { handles: [] };
    const result = await target.redis.pipeline((pipe) => {
      returned.handles.push(pipe.incr("n"));
      return Object.freeze(returned);
    });
    expect(result).toEqual({ handles: [1] });
    expect(returned.handles[0]?.value).toBe(1);
  });

  test("P12: with raiseOnError: false an error stands in its handle's place", async () => {
    await target.redis.set("text", "x");
    const result = await target.redis.pipeline({ raiseOnError: false }, (pipe) => ({
      good: pipe.get("text"),
      bad: [pipe.lpush("text", "y")],
    }));
    expect(result.good).toBe("x");
    expect(result.bad[0]).toBeInstanceOf(WrongTypeError);
  });

  test("P13: results throw before execution, while it runs, and after discard()", async () => {
    const pipe = target.redis.pipeline();
    pipe.incr("n");
    expect(thrown(() => pipe.results)).toBeInstanceOf(PipelineStateError);
    const execution = pipe.execute();
    expect(thrown(() => pipe.results)).toBeInstanceOf(PipelineStateError);
    await execution;
    expect(pipe.results).toEqual([1]);
    const other = target.redis.pipeline();
    other.discard();
    expect(thrown(() => other.results)).toBeInstanceOf(PipelineStateError);
  });

  test("P13: results hold the errors, also when execution rejects", async () => {
    for (const raiseOnError of [false, true]) {
      const pipe = target.redis.pipeline({ raiseOnError });
      pipe.set("text", "x");
      const bad = pipe.incr("text");
      pipe.get("text");
      const outcome = await pipe.execute().catch((error: unknown) => error);
      const error = await rejection(bad);
      expect(outcome).toBe(raiseOnError ? error : pipe.results);
      expect(pipe.results).toEqual([true, error, "x"]);
    }
  });

  test("P7: who changes the array of results changes no handle", async () => {
    const pipe = target.redis.pipeline();
    const handles = [pipe.set("n", 1), pipe.incr("n")];
    const results = (await pipe.execute()) as unknown[];
    results.shift();
    expect(await Promise.all(handles)).toEqual([true, 2]);
  });

  const uses: Readonly<Record<string, (pipe: Pipeline) => unknown>> = {
    "a command": (pipe) => pipe.get("key"),
    "call()": (pipe) => pipe.call("GET", "key"),
    "watch()": (pipe) => pipe.watch("key", () => {}),
    "execute()": (pipe) => pipe.execute(),
  };
  const ends: Readonly<Record<string, (redis: Redis) => Promise<Pipeline>>> = {
    "after execute()": async (redis) => {
      const pipe = redis.pipeline();
      pipe.ping();
      await pipe.execute();
      return pipe;
    },
    "after a failed execute()": async (redis) => {
      const pipe = redis.pipeline();
      pipe.call("NOSUCH");
      await rejection(pipe.execute());
      return pipe;
    },
    "after an empty execute()": async (redis) => {
      const pipe = redis.pipeline();
      await pipe.execute();
      return pipe;
    },
    "after its scope": async (redis) => (await redis.pipeline((pipe) => [() => pipe]))[0](),
    "after a scope that threw": async (redis) => {
      const pipes: Pipeline[] = [];
      const scope = redis.pipeline((pipe) => {
        pipes.push(pipe);
        throw new Error("mine");
      });
      await rejection(scope);
      const [pipe] = pipes;
      if (pipe === undefined) throw new Error("the body did not run");
      return pipe;
    },
    "after discard()": async (redis) => {
      const pipe = redis.pipeline();
      pipe.discard();
      return Promise.resolve(pipe);
    },
  };
  for (const [when, end] of Object.entries(ends)) {
    for (const [what, use] of Object.entries(uses)) {
      test(`P14: ${what} throws at the call ${when}, and sends nothing`, async () => {
        const pipe = await end(target.redis);
        target.forget();
        const error = thrown(() => use(pipe));
        expect(error).toBeInstanceOf(PipelineStateError);
        expect(error).toHaveProperty("message", expect.stringContaining("make a new one"));
        await expectSilence();
      });
    }
  }

  test("P14: a pipeline that executes takes no more, and executes only once", async () => {
    const pipe = target.redis.pipeline();
    pipe.incr("n");
    const execution = pipe.execute();
    for (const use of Object.values(uses)) {
      expect(thrown(() => use(pipe))).toBeInstanceOf(PipelineStateError);
    }
    pipe.discard();
    expect(await execution).toEqual([1]);
    expect(await target.redis.get("n")).toBe("1");
  });

  test("P14: a bad argument on a closed pipeline is told as such", () => {
    const pipe = target.redis.pipeline();
    pipe.discard();
    expect(thrown(() => pipe.get(undefined as never))).toBeInstanceOf(ArgumentError);
  });

  test("P14: discard() rejects the handles, sends nothing, may be repeated", async () => {
    const pipe = target.redis.pipeline({ transaction: true });
    const handles = [pipe.incr("n"), pipe.set("a", 1)];
    pipe.discard();
    pipe.discard();
    for (const handle of handles) {
      expect(await rejection(handle)).toBeInstanceOf(PipelineStateError);
    }
    await expectSilence();
  });

  test("P14: leaving an await using block discards, unless it was executed", async () => {
    const handles: PipelineReply<number>[] = [];
    {
      await using pipe = target.redis.pipeline({ transaction: true });
      handles.push(pipe.incr("dropped"));
    }
    await expectSilence();
    {
      await using pipe = target.redis.pipeline({ transaction: true });
      handles.push(pipe.incr("kept"));
      await pipe.execute();
    }
    expect(thrown(() => handles[0]?.value)).toBeInstanceOf(PipelineStateError);
    expect(handles[1]?.value).toBe(1);
  });

  for (const transaction of [false, true]) {
    test(`P15: an empty pipeline needs no connection (transaction: ${transaction})`, async () => {
      const redis = await target.connect();
      const pipe = redis.pipeline({ transaction });
      const connections = target.proxy.accepted;
      target.forget();
      expect(await pipe.execute()).toEqual([]);
      expect(pipe.results).toEqual([]);
      expect(await redis.pipeline({ transaction }, () => {})).toEqual([]);
      expect(await redis.pipeline({ transaction }, async () => {})).toEqual([]);
      await expectSilence(redis);
      expect(target.proxy.accepted).toBe(connections);
      redis.destroy();
      expect(await redis.pipeline({ transaction }).execute()).toEqual([]);
    });
  }

  test("P16: pipelines and commands of one turn share one write, in order", async () => {
    const [a, b] = [target.redis.pipeline(), target.redis.pipeline({ transaction: true })];
    a.incr("n");
    b.incr("n");
    const replies = await Promise.all([a.execute(), target.redis.incr("n"), b.execute()]);
    expect(replies).toEqual([[1], 2, [3]]);
    const incr = wire("INCR", "n");
    expect(target.chunks.map(({ text }) => text)).toEqual([
      incr + incr + wire("MULTI") + incr + wire("EXEC"),
    ]);
  });

  test("P12: an object that holds itself is resolved, too", async () => {
    interface Ring {
      n: unknown;
      self?: Ring;
    }
    const result = await target.redis.pipeline((pipe): Ring => {
      const ring: Ring = { n: pipe.incr("n") };
      ring.self = ring;
      return ring;
    });
    expect(result.n).toBe(1);
    expect(result.self).toBe(result);
  });
});
