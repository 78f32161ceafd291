/** R12: every class of error says which command, where, how often it was tried, whether it ran. */
import { describe, expect, test } from "vitest";
import * as errors from "../../src/errors.ts";
import { Command, library, type Redis, script } from "../../src/index.ts";
import { startScriptedServer } from "../../src/testing/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 5 } });

type ErrorClass = abstract new (...args: never) => errors.RedisError;

/** Where a command can be sent, and which position its errors name. */
type Surface = (redis: Redis, command: Command<unknown>) => PromiseLike<unknown>;
const SURFACES: readonly [string, Surface, index?: number][] = [
  ["a client", (redis, command) => redis.run(command)],
  ["a pipeline", (redis, command) => redis.pipeline((pipe) => [pipe.run(command)]), 0],
  [
    "a transaction",
    (redis, command) => redis.pipeline({ transaction: true }, (pipe) => [pipe.run(command)]),
    0,
  ],
  [
    "what a watch block queues",
    (redis, command) => {
      const pipe = redis.pipeline();
      return pipe.watch("watched", () => [pipe.run(command)]);
    },
    0,
  ],
  [
    "a watched client",
    (redis, command) => redis.pipeline().watch("watched", (watched) => watched.run(command)),
  ],
  ["a session", (redis, command) => redis.session((session) => session.run(command))],
  ["a stream", (redis, command) => redis.stream([1], (pipe) => pipe.run(command)).run(), 0],
];

const CODES: Readonly<Record<string, ErrorClass>> = {
  ASK: errors.AskError,
  BUSY: errors.BusyError,
  BUSYGROUP: errors.BusyGroupError,
  BUSYKEY: errors.BusyKeyError,
  CLUSTERDOWN: errors.ClusterDownError,
  CROSSSLOT: errors.CrossSlotError,
  DENIED: errors.AuthenticationError,
  EXECABORT: errors.ExecAbortError,
  LOADING: errors.LoadingError,
  MASTERDOWN: errors.MasterDownError,
  MISCONF: errors.PersistenceError,
  MOVED: errors.MovedError,
  NOAUTH: errors.AuthenticationError,
  NOGROUP: errors.NoGroupError,
  NOPERM: errors.PermissionError,
  NOREPLICAS: errors.NoReplicasError,
  NOSCRIPT: errors.NoScriptError,
  OOM: errors.OutOfMemoryError,
  READONLY: errors.ReadOnlyError,
  TRYAGAIN: errors.TryAgainError,
  UNBLOCKED: errors.UnblockedError,
  WHATEVER: errors.ServerError,
  WRONGPASS: errors.AuthenticationError,
  WRONGTYPE: errors.WrongTypeError,
};

function address(): string {
  return `${it.proxy.host}:${it.proxy.port}`;
}

describe.each(SURFACES)("%s", (name, send, index) => {
  test.each(Object.entries(CODES))("R12: an error of the server: %s", async (code, type) => {
    const lua = "return redis.error_reply(ARGV[1])";
    const command = new Command(["EVAL", lua, 0, `${code} for a reason`], String);
    const error = await failureOf(send(it.redis, command));
    expect(error).toMatchObject({ code, command: "EVAL ***", index, address: address() });
    expect(error).toMatchObject({ attempts: 1, applied: expect.toBeOneOf([false, "unknown"]) });
    const own = name === "a stream" && error instanceof Error ? error.cause : error;
    expect(own).toBeInstanceOf(type);
    expect(own).toMatchObject({ cause: expect.stringContaining("for a reason") });
  });

  test("R12: a reply that cannot be read", async () => {
    const command = new Command(["INCR", "n"], () => {
      throw new TypeError("no");
    });
    const error = await failureOf(send(it.redis, command));
    const says = { code: "DECODE", command: "INCR n", index, attempts: 1, applied: true };
    expect(error).toMatchObject({ ...says, address: address(), cause: expect.any(Error) });
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
  });

  test("R12: bytes that are no RESP", async () => {
    await using server = await startScriptedServer({
      answer: ([command]) => ({ WATCH: "+OK\r\n", INCR: "?", MULTI: "?" })[command ?? ""],
    });
    const redis = await it.connect({ url: server.url });
    const error = await failureOf(send(redis, new Command(["INCR", "n"], String)));
    const says = { code: "PROTOCOL", command: "INCR n", index, attempts: 1 };
    expect(error).toMatchObject({ ...says, applied: "unknown", address: redisAddress(server) });
    redis.destroy();
  });
});

function redisAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

/** A row with the name of its class in front, for the name of its test. */
function named<F>(row: readonly [ErrorClass, string, F, object]) {
  const [type, title, act, says] = row;
  return [type.name, title, type, act, says] as const;
}

/** The other classes: how they come about, and what they say beside the address. */
const OTHERS: readonly [ErrorClass, string, () => PromiseLike<unknown>, says: object][] = [
  [
    errors.TransactionAbortedError,
    "a command that another one aborts",
    async () => {
      const pipe = it.redis.pipeline({ transaction: true });
      const handle = pipe.incr("n");
      pipe.call("NOSUCHCOMMAND");
      await failureOf(pipe.execute());
      return failureOf(handle);
    },
    { code: "EXECABORT", command: "INCR n", index: 0, attempts: 1, applied: false },
  ],
  [
    errors.ServerError,
    "a command that the server refuses to queue",
    () =>
      failureOf(
        it.redis.pipeline({ transaction: true }, (pipe) => [
          pipe.incr("n"),
          pipe.call("NOSUCHCOMMAND"),
        ]),
      ),
    { code: "ERR", command: "NOSUCHCOMMAND", index: 1, attempts: 1, applied: false },
  ],
  [
    errors.WatchError,
    "a conflict",
    () => {
      const pipe = it.redis.pipeline();
      return failureOf(
        pipe.watch("n", async () => {
          await it.ask(["INCR", "n"]);
          pipe.incr("n");
        }),
      );
    },
    { reason: "conflict", command: "INCR n", index: 0, attempts: 1, applied: false },
  ],
  [
    errors.WatchError,
    "a conflict in all tries",
    () =>
      failureOf(
        it.redis.transaction({ watch: "n", retries: 2, backoff: { base: 0 } }, async (tx) => {
          await it.ask(["INCR", "n"]);
          tx.incr("n");
        }),
      ),
    { reason: "conflict", command: "INCR n", index: 0, attempts: 3, applied: false },
  ],
  [
    errors.WatchError,
    "a connection that is lost before EXEC",
    () => {
      const pipe = it.redis.pipeline();
      return failureOf(
        pipe.watch("n", (watched) => {
          it.wire.decide = (names) => (names.includes("GET") ? "cut" : "forward");
          return watched.get("n");
        }),
      );
    },
    { reason: "connection-lost", command: "GET n", attempts: 1, applied: false },
  ],
  [
    errors.LibraryMismatchError,
    "another program of the library's name",
    async () => {
      const of = (n: number): string =>
        `#!lua name=mine\nredis.register_function('mine', function() return ${n} end)`;
      await it.redis.functionLoad(of(1), { replace: true });
      const mine = library(of(2)).function("mine", { keys: [], args: ["n"] });
      return failureOf(it.redis.run(mine, [], [3]));
    },
    { command: "FCALL mine 0 3", attempts: 0, applied: false },
  ],
  [
    errors.NoScriptError,
    "a script that a transaction lacks",
    async () => {
      const one = script("return 1", { keys: [], args: [] });
      await it.redis.run(one, [], []);
      await it.ask(["SCRIPT", "FLUSH"]);
      return failureOf(it.redis.pipeline({ transaction: true }, (tx) => [tx.run(one, [], [])]));
    },
    {
      command: expect.stringMatching(/^EVALSHA \w{40} 0$/),
      index: 0,
      attempts: 1,
      // A script may meet it itself, after it has written.
      applied: "unknown",
    },
  ],
  [
    errors.QueueFullError,
    "a queue that is full",
    async () => {
      const redis = await it.connect({ maxQueued: 1 });
      const lost = new Promise((resolve) => redis.on("disconnect", resolve));
      it.proxy.accepting = false;
      it.proxy.cut();
      await lost;
      redis.incr("first").catch(() => {});
      return failureOf(redis.incr("n"));
    },
    { command: "INCR n", attempts: 0, applied: false },
  ],
  [
    errors.WrongTypeError,
    "a step of a scan",
    async () => {
      await it.ask(["SET", "text", "x"]);
      return failureOf(it.redis.hscanIterator("text").next());
    },
    { command: "HSCAN text 0", attempts: 1, applied: false },
  ],
  [
    errors.DecodeError,
    "a conversion of a handle",
    () =>
      failureOf(
        it.redis.pipeline((pipe) => [
          pipe.get("n"),
          pipe.incr("n").as(() => {
            throw new TypeError("no");
          }),
        ]),
      ),
    { command: "INCR n", index: 1, attempts: 1, applied: true },
  ],
  [
    errors.PipelineStateError,
    "a handle that is awaited too early",
    () => failureOf(it.redis.pipeline().incr("n")),
    { command: "INCR n", index: 0, attempts: 0, applied: false },
  ],
  [
    errors.PipelineStateError,
    "a handle of a discarded pipeline",
    () => {
      const pipe = it.redis.pipeline();
      const handle = pipe.incr("n");
      pipe.discard();
      return failureOf(handle);
    },
    { command: "INCR n", index: 0, attempts: 0, applied: false },
  ],
  [
    errors.PipelineStateError,
    "a value that is read while the pipeline executes",
    async () => {
      const pipe = it.redis.pipeline();
      const handle = pipe.incr("n");
      const executing = pipe.execute();
      const { outcome } = handle;
      await executing;
      return outcome;
    },
    { command: "INCR n", index: 0, applied: "unknown" },
  ],
];

test.each(OTHERS.map(named))("R12: %s: %s", async (_name, _, type, bringAbout, says) => {
  const error = await bringAbout();
  expect(error).toBeInstanceOf(type);
  expect(error).toMatchObject({ address: address(), ...says });
});

/** Thrown at the call, before anything is sent anywhere. */
const THROWN: readonly [ErrorClass, string, () => unknown, says: object][] = [
  [errors.ArgumentError, "of no type", () => it.redis.get(null as never), { command: "GET" }],
  [
    errors.PipelineStateError,
    "on a pipeline that has ended",
    () => {
      const pipe = it.redis.pipeline();
      pipe.discard();
      return pipe.incr("n");
    },
    { command: "INCR n", applied: false },
  ],
  [errors.OptionsError, "for an option", () => it.redis.with({ timeout: -1 }), { code: "OPTIONS" }],
];

test.each(THROWN.map(named))("R13: %s %s", (_name, _, type, act, says) => {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(type);
  expect(thrown).toMatchObject(says);
});

test("R12: a command on what has ended names itself", async () => {
  const session = await it.redis.session();
  session.end();
  let watched: Pick<Redis, "incr"> | undefined;
  await it.redis.pipeline().watch("n", (client) => {
    watched = client;
  });
  for (const ended of [session, watched]) {
    const error = await failureOf((async () => ended?.incr("n"))());
    expect(error).toMatchObject({ code: "PIPELINE_STATE", command: "INCR n", applied: false });
  }
});

test.each(["GET", "WATCH"])(
  "R12: a watch block whose time is up says what the server said of %s",
  async (refused) => {
    const refusal = "-LOADING Redis is loading the dataset in memory\r\n";
    const others: Readonly<Record<string, string>> = { WATCH: "+OK\r\n" };
    await using server = await startScriptedServer({
      answer: ([name = ""]) => (name === refused ? refusal : others[name]),
    });
    // So patient that the deadline finds it waiting.
    const reconnect = { base: 1_000_000, cap: 1_000_000 };
    const redis = await it.connect({ url: server.url, reconnect });
    await redis.session(() => {});
    const pipe = redis.pipeline({ timeout: 800 });
    const error = await failureOf(pipe.watch("n", (watched) => watched.get("n")));
    const command = `${refused} n`;
    expect(error).toMatchObject({ code: "LOADING", command, attempts: 1, applied: false });
    redis.destroy();
  },
);

test("R12: no class of error is without a row in these tables", () => {
  // Told of in error_details.test.ts and error_leases.test.ts, a stream's and those of RESP above.
  const elsewhere: ErrorClass[] = [
    errors.TimeoutError,
    errors.AbortError,
    errors.ConnectionLostError,
    errors.ClosedError,
    errors.ConnectError,
    errors.PipelineStreamError,
    errors.ProtocolError,
  ];
  const abstract: ErrorClass[] = [errors.RedisError, errors.TransportError];
  const rows = [...OTHERS, ...THROWN].map(([type]) => type);
  const known = new Set([...Object.values(CODES), ...rows, ...elsewhere, ...abstract]);
  const all = Object.values(errors).filter((type) => type.prototype instanceof Error);
  expect(all.filter((type) => !known.has(type as ErrorClass))).toEqual([]);
});
