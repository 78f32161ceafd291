/** R13, R12: a caller's mistake throws at the call; errors show the caller's line. */
import { describe, expect, test } from "vitest";
import { ArgumentError, Command, OptionsError, type RedisError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied();

/** What `act` throws synchronously; fails if it does not. */
function thrownBy(act: () => unknown): unknown {
  try {
    void act();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error at the call");
}

const WRONG: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["true", true],
  ["an object", { a: 1 }],
  ["an object without prototype", Object.create(null)],
  ["a Date", new Date(0)],
  ["a Map", new Map([["a", 1]])],
  ["an array", ["a"]],
  ["an empty array", []],
  ["a nested array", [["a"]]],
  ["a function", () => "a"],
  ["a symbol", Symbol("a")],
  ["a promise", Promise.resolve("a")],
  ["an ArrayBuffer", new ArrayBuffer(1)],
];

describe.each(WRONG)("%s", (_, wrong) => {
  test("R13: as a key or a value throws at the call, and nothing is sent", async () => {
    const value = wrong as never;
    const inFlight = [it.redis.incr("n"), it.redis.incr("n")];
    const calls = [
      () => it.redis.get(value),
      () => it.redis.set("key", value),
      () => it.redis.set(value, "value"),
      () => it.redis.bytes.get(value),
      () => it.redis.with({ timeout: 100 }).get(value),
      () => it.redis.call("GET", value),
      () => it.redis.pipeline().get(value),
      () => it.redis.hset("hash", { field: value }),
      () => it.redis.blpop([value], 1),
      () => it.redis.run(new Command(["GET", value], (reply) => reply)),
    ];
    for (const call of calls) {
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error).toMatchObject({ code: "ARGUMENT", applied: false });
      expect((error as RedisError).stack).toContain("client_arguments.test.ts");
    }
    expect(await Promise.all(inFlight)).toEqual([1, 2]);
    expect(it.wire.names()).toEqual(["INCR", "INCR"]);
  });
});

test("empty lists throw an ArgumentError that names the command", () => {
  const { redis } = it;
  const calls: (readonly [string, () => unknown])[] = [
    ["DEL", () => redis.del([])],
    ["DEL", () => redis.del(new Set<string>())],
    ["MGET", () => redis.mget([])],
    ["MSET", () => redis.mset({})],
    ["HSET", () => redis.hset("hash", new Map())],
    ["LPUSH", () => redis.lpush("list", [])],
    ["SADD", () => redis.sadd("set", [])],
    ["BLPOP", () => redis.blpop([], 1)],
  ];
  for (const [name, call] of calls) {
    expect(thrownBy(call)).toMatchObject({ code: "ARGUMENT", command: name });
  }
  expect(it.wire.names()).toEqual([]);
});

const NO_FIELDS: readonly (readonly [RegExp, unknown])[] = [
  [/undefined/, undefined],
  [/null/, null],
  [/a string/, "field"],
  [/5/, 5],
  [/an object \(Buffer\)/, Buffer.from("ab")],
  [/an object \(Set\)/, new Set(["field"])],
  [/Promise.*await/, Promise.resolve({ field: "value" })],
  [/array of strings/, ["field", "value"]],
];

test.each(NO_FIELDS)(
  "R13: fields that are %s throw at the call, and nothing is sent",
  (kind, wrong) => {
    const fields = wrong as never;
    const calls = [
      () => it.redis.hmset("hash", fields),
      () => it.redis.mset(fields),
      () => it.redis.xadd("stream", fields),
      () => it.redis.pipeline().hmset("hash", fields),
    ];
    for (const call of calls) {
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error).toHaveProperty("message", expect.stringMatching(kind));
    }
    expect(it.wire.names()).toEqual([]);
  },
);

test("R13: members and streams that are no object throw at the call, and are named", () => {
  const wrong = "text" as never;
  const calls = [
    () => it.redis.zadd("board", 1 as never),
    () => it.redis.zadd("board", wrong),
    () => it.redis.geoadd("places", wrong),
    () => it.redis.xread(wrong),
  ];
  for (const call of calls) {
    const error = thrownBy(call);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error).toHaveProperty("message", expect.stringMatching(/but got (a string|1)/));
  }
  expect(it.wire.names()).toEqual([]);
});

test("R13: options of SET that would be ignored throw at the call, and nothing is sent", () => {
  const wrong: (readonly [string, unknown])[] = [
    ['SET has no option "EX"', { EX: 60 }],
    ['SET has no option "NX"', { NX: true }],
    ["SET takes its options as an object, but got a string", "EX"],
    ["SET takes its options as an object, but got null", null],
  ];
  for (const [message, options] of wrong) {
    const error = thrownBy(() => it.redis.set("lock", "me", options as never));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  }
  expect(it.wire.names()).toEqual([]);
});

test("what must be awaited first is told as such", () => {
  const handle = it.redis.pipeline().get("key");
  const wrong: (readonly [string, unknown])[] = [
    ["Argument 2 of SET is a Promise, which must be awaited first", Promise.resolve("a")],
    ["Argument 2 of SET is a PipelineReply, which must be awaited first", handle],
  ];
  for (const [message, value] of wrong) {
    const error = thrownBy(() => it.redis.set("key", value as never));
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  }
});

test("an ArgumentError says what came and what was expected, and shows no value", () => {
  const error = thrownBy(() => it.redis.set("key", { password: "hunter2" } as never));
  const { message } = error as Error;
  expect(message).toMatch(/^Argument 2 of SET is an object \(Object\); convert it first/);
  expect(message).toMatch(/expected a string, a finite number, a bigint or bytes/);
  expect(message).not.toContain("hunter2");
});

test("commands that change a connection's state are refused at the call, with what to do", () => {
  const refused: (readonly [RegExp, string, ...string[]])[] = [
    [/option `db`/, "SELECT", "1"],
    [/transaction: true/, "MULTI"],
    [/redis\.transaction/, "watch", "key"],
    [/redis\.close/, "QUIT"],
    [/username/, "AUTH", "pw"],
    [/protocol/, "HELLO", "2"],
    [/MONITOR/, "MONITOR"],
    [/RESET/, "RESET"],
    [/SUBSCRIBE/, "SUBSCRIBE", "channel"],
    [/CLIENT/, "CLIENT", "REPLY", "OFF"],
  ];
  for (const [message, name, ...args] of refused) {
    const error = thrownBy(() => it.redis.call(name, ...args));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
    expect(error).not.toHaveProperty("message", expect.stringContaining(" pw"));
  }
  expect(it.wire.names()).toEqual([]);
});

test("wrong options of a view or pipeline throw at the call, and are named", () => {
  const wrong: (readonly [RegExp, unknown])[] = [
    [/timout/, { timout: 5 }],
    [/timeout/, { timeout: "5" }],
    [/timeout/, { timeout: -1 }],
    [/signal/, { signal: "abort" }],
    [/null/, null],
    [/number/, 5],
    [/undefined/, undefined],
  ];
  for (const [message, options] of wrong) {
    const error = thrownBy(() => it.redis.with(options as never));
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
    if (options === undefined) continue;
    expect(thrownBy(() => it.redis.pipeline(options as never))).toBeInstanceOf(OptionsError);
  }
  expect(thrownBy(() => it.redis.pipeline({}, "body" as never))).toBeInstanceOf(ArgumentError);
  expect(thrownBy(() => it.redis.session("body" as never))).toBeInstanceOf(ArgumentError);
  for (const options of [null, { max: 1 }, { maxBuffered: 0 }]) {
    expect(thrownBy(() => it.redis.monitor(options as never))).toBeInstanceOf(OptionsError);
  }
});

describe("R12: the stack of a rejection shows the caller's line", () => {
  /** Awaits as users do; the name is looked for in the stack. */
  async function callerOfRedis<T>(act: () => Promise<T>): Promise<T> {
    const value = await act();
    return value;
  }

  async function expectCaller(act: () => Promise<unknown>): Promise<void> {
    const error = await failureOf(callerOfRedis(act));
    const { stack } = error as Error;
    expect(stack).toContain("callerOfRedis");
    expect(stack).toContain("client_arguments.test.ts");
  }

  test("of a server error, on each kind of view", async () => {
    await it.redis.set("text", "x");
    await expectCaller(() => it.redis.lpush("text", "y"));
    await expectCaller(() => it.redis.bytes.lpush("text", "y"));
    await expectCaller(() => it.redis.with({ timeout: 10_000 }).incr("text"));
    const { signal } = new AbortController();
    await expectCaller(() => it.redis.with({ signal }).incr("text"));
  });

  test("of a reply that cannot be read", async () => {
    const command = new Command(["PING"], () => {
      throw new Error("cannot be read");
    });
    await expectCaller(() => it.redis.run(command));
  });

  test("of a blocking command", async () => {
    await it.redis.set("text", "x");
    await expectCaller(() => it.redis.blpop("text", 1));
  });

  test("of a pipeline and a transaction", async () => {
    await it.redis.set("text", "x");
    await expectCaller(() => it.redis.pipeline((pipe) => [pipe.incr("text")]));
    await expectCaller(() => it.redis.transaction({}, (tx) => [tx.incr("text")]));
    await expectCaller(() => it.redis.transaction({ watch: "k" }, (tx) => [tx.incr("text")]));
    const pipe = it.redis.pipeline();
    pipe.incr("text");
    await expectCaller(() => pipe.execute());
  });

  test("of a timeout, an abort, a lost connection and a closed client", async () => {
    it.proxy.hold("toClient");
    await expectCaller(() => it.redis.with({ timeout: 30 }).incr("n"));
    await expectCaller(() => it.redis.with({ signal: AbortSignal.timeout(30) }).incr("n"));
    it.proxy.release();
    it.wire.decide = (names) => (names.includes("INCRBY") ? "cut" : "forward");
    await expectCaller(() => it.redis.incrby("n", 5));
    await it.redis.close();
    await expectCaller(() => it.redis.incr("n"));
  });
});

test("S12: an error shows no secret of the command it is about", async () => {
  const secrets = [
    it.redis.call("ACL", "SETUSER", "alice", ">hunter2", "wrong-rule"),
    it.redis.call("CONFIG", "SET", "no-such-setting", "hunter2"),
    it.redis.call("MIGRATE", "host", "1", "key", "0", "bad-timeout", "AUTH", "hunter2"),
    it.redis.call("EVAL", "return redis.call('hunter2')", "0"),
  ];
  for (const promise of secrets) {
    const error = (await failureOf(promise)) as RedisError;
    expect(error.command).toContain("***");
    expect(error.command).not.toContain("hunter2");
  }
});
