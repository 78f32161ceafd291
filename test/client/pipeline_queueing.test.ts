import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  ArgumentError,
  CommandBuilder,
  Commands,
  command,
  Pipeline,
  PipelineReply,
  Redis,
  WatchedClient,
} from "../../src/index.ts";
import { onNewest, rejection, thrown, wire } from "./pipeline_target.ts";

const SURFACES = [Redis, Pipeline, CommandBuilder, WatchedClient] as const;
const COMMAND_NAMES = Object.getOwnPropertyNames(Commands.prototype).filter(
  (name) => name !== "constructor",
);

/** Every method that a surface has, its own and inherited ones, by name. */
function methodsOf(surface: (typeof SURFACES)[number]): Map<string, unknown> {
  const methods = new Map<string, unknown>();
  let prototype: object | null = surface.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === "function" && !methods.has(name)) methods.set(name, value);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return methods;
}

test("P1: every surface has the same command methods", () => {
  expect(COMMAND_NAMES.length).toBeGreaterThan(200);
  for (const surface of SURFACES) {
    const names = [...methodsOf(surface).keys()].filter((name) => name in Commands.prototype);
    expect(names).toEqual(expect.arrayContaining(COMMAND_NAMES));
  }
});

test("P1: there is one declaration of each command, which no surface replaces", () => {
  const declared = methodsOf(Redis);
  for (const surface of SURFACES) {
    const methods = methodsOf(surface);
    const replaced = COMMAND_NAMES.filter((name) => methods.get(name) !== declared.get(name));
    expect(replaced).toEqual([]);
    const own = Object.getOwnPropertyNames(surface.prototype);
    expect(own.filter((name) => COMMAND_NAMES.includes(name))).toEqual([]);
  }
});

onNewest("queueing", (target) => {
  test("P1: a command returns a handle on a pipeline and a promise on the client", async () => {
    const pipe = target.redis.pipeline();
    const handle = pipe.set("key", "value", { when: "NX" });
    expect(handle).toBeInstanceOf(PipelineReply);
    const promise = target.redis.get("key");
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBeNull();
    await pipe.execute();
    expect(await handle).toBe(true);
  });

  test("P1: a pipeline runs commands of the builder, any number of times", async () => {
    const increment = command.incr("hits");
    const [first, second] = await target.redis.pipeline((pipe) => [
      pipe.run(increment),
      pipe.run(increment),
    ]);
    expect([first, second]).toEqual([1, 2]);
  });

  test("P1: a pipeline of the bytes view gives Buffers", async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a]);
    const [, value, list] = await target.redis.bytes.pipeline((pipe) => [
      pipe.set("key", bytes),
      pipe.get("key"),
      pipe.mget(["key", "none"]),
    ]);
    expect(value).toEqual(bytes);
    expect(list).toEqual([bytes, null]);
  });

  test("P2: creating a pipeline and queueing write nothing and take no connection", async () => {
    const redis = await target.connect();
    const connections = target.proxy.accepted;
    target.forget();
    const pipe = redis.pipeline();
    const transaction = redis.pipeline({ transaction: true });
    for (let index = 0; index < 1_000; index += 1) {
      pipe.set(`key${index}`, index);
      transaction.incr("n");
    }
    pipe.blpop("list", 0);
    // Whatever had been sent would have come before this.
    await redis.ping();
    expect(target.written).toBe(wire("PING"));
    expect(target.proxy.accepted).toBe(connections);
  });

  const mistakes: Readonly<Record<string, (pipe: Pipeline) => unknown>> = {
    undefined: (pipe) => pipe.set("key", undefined as never),
    null: (pipe) => pipe.get(null as never),
    "an object": (pipe) => pipe.set("key", { a: 1 } as never),
    NaN: (pipe) => pipe.incrby("key", Number.NaN),
    infinity: (pipe) => pipe.expire("key", Number.POSITIVE_INFINITY),
    "a boolean": (pipe) => pipe.set("key", true as never),
    "a symbol": (pipe) => pipe.call("GET", Symbol("key") as never),
    "no keys at all": (pipe) => pipe.del([]),
    "an array in an array": (pipe) => pipe.mget([["key"]] as never),
  };
  for (const [what, mistake] of Object.entries(mistakes)) {
    test(`P2: ${what} as an argument throws at the call, and nothing is harmed`, async () => {
      const inFlight = target.redis.echo("in flight");
      const pipe = target.redis.pipeline();
      const before = pipe.echo("before");
      const error = thrown(() => mistake(pipe));
      const after = pipe.echo("after");
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error).toMatchObject({ code: "ARGUMENT", applied: false });
      expect(pipe.length).toBe(2);
      expect(await pipe.execute()).toEqual(["before", "after"]);
      expect([await before, await after, await inFlight]).toEqual(["before", "after", "in flight"]);
      expect(target.written).toBe(
        wire("ECHO", "in flight") + wire("ECHO", "before") + wire("ECHO", "after"),
      );
    });
  }

  test("P2: the stack of a bad argument shows the caller's line", () => {
    const pipe = target.redis.pipeline();
    function callerOfABadCommand(): unknown {
      return pipe.set("key", undefined as never);
    }
    expect(thrown(callerOfABadCommand)).toHaveProperty(
      "stack",
      expect.stringMatching(/callerOfABadCommand.*pipeline_queueing\.test\.ts/),
    );
  });

  test("P2: a bad argument in a body comes out of the scope, nothing is sent", async () => {
    const scope = target.redis.pipeline((pipe) => [pipe.incr("a"), pipe.get(undefined as never)]);
    expect(await rejection(scope)).toBeInstanceOf(ArgumentError);
    await target.redis.ping();
    expect(target.written).toBe(wire("PING"));
  });

  test("P2: arrays and objects are read at the call, later changes are not sent", async () => {
    const keys = ["a", "b"];
    const values: Record<string, string> = { a: "1" };
    const pipe = target.redis.pipeline();
    pipe.mset(values);
    pipe.mget(keys);
    keys.push("c");
    values["a"] = "2";
    values["b"] = "3";
    expect(await pipe.execute()).toEqual([true, ["1", null]]);
  });

  test("P3: replies come in the order of the calls", async () => {
    const pipe = target.redis.pipeline();
    const handles = Array.from({ length: 500 }, (_, index) => pipe.echo(`${index}`));
    const expected = handles.map((_, index) => `${index}`);
    expect(await pipe.execute()).toEqual(expected);
    expect(await Promise.all(handles)).toEqual(expected);
  });

  test("P3: several tasks may queue on one pipeline", async () => {
    const called: string[] = [];
    const results = await target.redis.pipeline(async (pipe) => {
      const task = async (name: string): Promise<PipelineReply<string>[]> => {
        const handles: PipelineReply<string>[] = [];
        for (let index = 0; index < 20; index += 1) {
          called.push(`${name}${index}`);
          handles.push(pipe.echo(`${name}${index}`));
          await target.redis.ping();
        }
        return handles;
      };
      const tasks = await Promise.all([task("a"), task("b"), task("c")]);
      return { tasks, all: called };
    });
    for (const [index, name] of ["a", "b", "c"].entries()) {
      expect(results.tasks[index]).toEqual(Array.from({ length: 20 }, (_, n) => `${name}${n}`));
    }
    expect(results.all).toHaveLength(60);
  });

  test("P3: two pipelines and the client do not mix their replies up", async () => {
    const [left, right] = [target.redis.pipeline(), target.redis.pipeline()];
    for (let index = 0; index < 50; index += 1) {
      left.echo(`left ${index}`);
      right.echo(`right ${index}`);
    }
    const [l, alone, r] = await Promise.all([
      left.execute(),
      target.redis.echo("alone"),
      right.execute(),
    ]);
    expect(l[49]).toBe("left 49");
    expect(alone).toBe("alone");
    expect(r[49]).toBe("right 49");
  });

  test("P4: length is the number of queued commands, before and after execution", async () => {
    const pipe = target.redis.pipeline();
    expect(pipe).toHaveLength(0);
    pipe.ping();
    pipe.ping();
    expect(pipe).toHaveLength(2);
    await pipe.execute();
    expect(pipe).toHaveLength(2);
    const transaction = target.redis.pipeline({ transaction: true });
    transaction.ping();
    expect(transaction).toHaveLength(1);
    transaction.discard();
    expect(transaction).toHaveLength(1);
  });

  test("P4: toString and inspect show the state and the commands", async () => {
    const pipe = target.redis.pipeline();
    expect(String(pipe)).toBe("Pipeline(open, 0 commands: )");
    pipe.set("foo", "bar");
    pipe.incr("n");
    expect(String(pipe)).toBe("Pipeline(open, 2 commands: SET foo bar; INCR n)");
    expect(inspect(pipe)).toBe(String(pipe));
    expect(inspect({ pipe })).toBe(`{ pipe: ${String(pipe)} }`);
    const execution = pipe.execute();
    expect(String(pipe)).toBe("Pipeline(executing, 2 commands: SET foo bar; INCR n)");
    await execution;
    expect(String(pipe)).toBe("Pipeline(executed, 2 commands: SET foo bar; INCR n)");
    const discarded = target.redis.pipeline({ transaction: true });
    discarded.discard();
    expect(String(discarded)).toMatch(/^Transaction\(discarded, 0 commands/);
  });

  test("P4: what is shown is short, however long values and pipelines are", () => {
    const pipe = target.redis.pipeline();
    for (let index = 0; index < 10_000; index += 1) pipe.set("key", "v".repeat(10_000));
    expect(String(pipe).length).toBeLessThan(1_000);
    expect(String(pipe)).toContain(`SET key ${"v".repeat(64)}…`);
    expect(inspect(pipe)).toContain("10000 commands");
  });

  test("P4: secrets are masked in what is shown", () => {
    const pipe = target.redis.pipeline();
    pipe.call("CONFIG", "SET", "requirepass", "s3cret");
    pipe.call("acl", "setuser", "ann", ">s3cret");
    pipe.call("EVAL", "return 's3cret'", 0);
    pipe.call("migrate", "host", 6379, "key", 0, 10, "AUTH", "s3cret");
    for (const text of [String(pipe), inspect(pipe), inspect([pipe]), JSON.stringify(pipe)]) {
      expect(text).not.toContain("s3cret");
    }
  });

  test("P2: bytes are sent as they were at the call, also if the caller reuses them", async () => {
    const reused = Buffer.from("a");
    const pipe = target.redis.pipeline();
    pipe.set("k", reused);
    reused[0] = 98;
    await pipe.execute();
    expect(await target.redis.get("k")).toBe("a");
  });
});
