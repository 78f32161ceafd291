import { expect, test } from "vitest";
import {
  Command,
  ConnectionLostError,
  DecodeError,
  type Pipeline,
  RedisError,
  ServerError,
  WrongTypeError,
} from "../../src/index.ts";
import { cutAfterReplies, onEvery, onNewest, rejection } from "./pipeline_target.ts";

const NOT_INTEGER = "ERR value is not an integer or out of range";
const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";

/** Queues two good and two bad commands on a key that holds text. */
function queueFour(pipe: Pipeline<string, RedisError> | Pipeline) {
  return [pipe.set("foo", "x"), pipe.incr("foo"), pipe.lpush("foo", "y"), pipe.get("foo")] as const;
}

onEvery("errors", (target) => {
  for (const transaction of [false, true]) {
    const kind = transaction ? "a transaction" : "a pipeline";

    test(`P20: one failing command of ${kind} never stops the others`, async () => {
      const pipe = target.redis.pipeline({ transaction, raiseOnError: false });
      const [set, incr, lpush, get] = queueFour(pipe);
      const results = await pipe.execute();
      expect(results).toEqual([true, expect.any(ServerError), expect.any(WrongTypeError), "x"]);
      expect([await set, await get]).toEqual([true, "x"]);
      expect(await rejection(incr)).toBe(results[1]);
      expect(await rejection(lpush)).toBe(results[2]);
    });

    test(`P20: ${kind} rejects with the first error, after all handles have settled`, async () => {
      const pipe = target.redis.pipeline({ transaction });
      const [set, incr, lpush, get] = queueFour(pipe);
      let settled: unknown[] = [];
      const execution = pipe.execute().catch((error: unknown) => {
        settled = [set, incr, lpush, get].map((handle) => handle.outcome);
        return error;
      });
      expect(await execution).toBe(incr.outcome);
      expect(settled).toEqual([true, expect.any(ServerError), expect.any(WrongTypeError), "x"]);
    });

    test(`P20: a scope of ${kind} rejects, or has errors in their places`, async () => {
      const scope = target.redis.pipeline({ transaction }, queueFour);
      expect(await rejection(scope)).toMatchObject({ code: "ERR", index: 1 });
      const lenient = await target.redis.pipeline({ transaction, raiseOnError: false }, queueFour);
      expect(lenient).toEqual([true, expect.any(ServerError), expect.any(WrongTypeError), "x"]);
      const results = await target.redis.pipeline({ transaction, raiseOnError: false }, (pipe) => {
        queueFour(pipe);
      });
      expect(results).toEqual(lenient);
    });

    test(`P20: a scope of ${kind} rejects even if the failed handle was not returned`, async () => {
      const scope = target.redis.pipeline({ transaction }, (pipe) => [queueFour(pipe)[0]]);
      expect(await rejection(scope)).toMatchObject({ code: "ERR", index: 1 });
      const lenient = { transaction, raiseOnError: false };
      expect(await target.redis.pipeline(lenient, (pipe) => [queueFour(pipe)[0]])).toEqual([true]);
    });

    test(`P21: every error of ${kind} has command, index, code and cause`, async () => {
      const pipe = target.redis.pipeline({ transaction, raiseOnError: false });
      queueFour(pipe);
      const [, incr, lpush] = await pipe.execute();
      expect(incr).toMatchObject({
        message: `Command #2 (INCR foo) of the pipeline failed: ${NOT_INTEGER}`,
        command: "INCR foo",
        index: 1,
        code: "ERR",
        cause: NOT_INTEGER,
        applied: false,
        address: `${target.proxy.host}:${target.proxy.port}`,
      });
      expect(lpush).toMatchObject({
        message: `Command #3 (LPUSH foo y) of the pipeline failed: ${WRONG_TYPE}`,
        name: "WrongTypeError",
        command: "LPUSH foo y",
        index: 2,
        code: "WRONGTYPE",
        cause: WRONG_TYPE,
      });
    });
  }
});

onNewest("errors", (target) => {
  /** The error of one failing command, as a pipeline tells it. */
  async function failureOf(queue: (pipe: Pipeline<string, RedisError>) => unknown) {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    queue(pipe);
    const [error] = await pipe.execute();
    if (!(error instanceof RedisError)) throw new Error("the command did not fail");
    return error;
  }

  test("P20: replies that cannot be read fail their own handle only", async () => {
    const mistake = new TypeError("not what I want");
    const refuse = new Command(["ECHO", "x"], (): never => {
      throw mistake;
    });
    const pipe = target.redis.pipeline({ raiseOnError: false });
    pipe.echo("before");
    const bad = pipe.run(refuse);
    pipe.echo("after");
    expect(await pipe.execute()).toEqual(["before", expect.any(DecodeError), "after"]);
    expect(await rejection(bad)).toMatchObject({
      command: "ECHO x",
      index: 1,
      code: "DECODE",
      applied: true,
      cause: mistake,
    });
    const strict = target.redis.pipeline((inner) => [inner.ping(), inner.run(refuse)]);
    expect(await rejection(strict)).toBeInstanceOf(DecodeError);
  });

  for (const transaction of [false, true]) {
    test(`P20: a lost transport fails every handle (transaction: ${transaction})`, async () => {
      const redis = await target.connect();
      const pipe = redis.pipeline({ raiseOnError: false, transaction });
      const handles = [pipe.incr("n"), pipe.get("n")];
      const execution = pipe.execute().catch((error: unknown) => [error]);
      redis.destroy();
      const [first] = await execution;
      expect(first).toMatchObject({ code: "CLOSED", index: 0 });
      for (const handle of handles) expect(handle.outcome).toMatchObject({ code: "CLOSED" });
    });
  }

  test("P20: raiseOnError: false resolves with errors of every kind", async () => {
    await target.redis.set("text", "x");
    const redis = await target.connect();
    cutAfterReplies(target, "INCR", 2);
    const results = await redis.pipeline({ raiseOnError: false }, (pipe) => {
      pipe.incr("text");
      pipe.lpush("text", "y");
      pipe.set("n", 1);
      pipe.get("text");
    });
    expect(results).toEqual([
      expect.objectContaining({ code: "ERR", index: 0 }),
      expect.objectContaining({ code: "WRONGTYPE", index: 1 }),
      expect.objectContaining({ code: "CONNECTION_LOST", index: 2, applied: "unknown" }),
      "x",
    ]);
    expect(results[2]).toBeInstanceOf(ConnectionLostError);
  });

  test("P21: the first, the last and the hundredth command are named by their places", async () => {
    await target.redis.set("text", "x");
    const pipe = target.redis.pipeline({ raiseOnError: false });
    for (let index = 0; index < 100; index += 1) pipe.incr("text");
    const results = await pipe.execute();
    for (const [index, error] of results.entries()) {
      expect(error).toMatchObject({
        message: `Command #${index + 1} (INCR text) of the pipeline failed: ${NOT_INTEGER}`,
        index,
      });
    }
  });

  test("P21: the same error on the client has no place", async () => {
    await target.redis.set("text", "x");
    const error = await rejection(target.redis.incr("text"));
    expect(error).toMatchObject({ message: `INCR text failed: ${NOT_INTEGER}`, index: undefined });
  });

  test("P21: at most five arguments are shown, more are told by an ellipsis", async () => {
    await target.redis.set("text", "x");
    const five = await failureOf((pipe) => pipe.rpush("text", ["a", "b", "c", "d"]));
    expect(five.command).toBe("RPUSH text a b c d");
    const six = await failureOf((pipe) => pipe.rpush("text", ["a", "b", "c", "d", "e"]));
    expect(six.command).toBe("RPUSH text a b c d …");
    expect(six.message).toContain("Command #1 (RPUSH text a b c d …) of the pipeline failed: ");
  });

  test("P21: each argument is shown up to 64 characters", async () => {
    await target.redis.set("text", "x");
    const [fits, long] = ["a".repeat(64), "b".repeat(65)];
    const error = await failureOf((pipe) => pipe.rpush("text", [fits, long, "c".repeat(100_000)]));
    expect(error.command).toBe(`RPUSH text ${fits} ${"b".repeat(64)}… ${"c".repeat(64)}…`);
    const bytes = await failureOf((pipe) => pipe.rpush("text", Buffer.from(long)));
    expect(bytes.command).toBe(`RPUSH text ${"b".repeat(64)}…`);
    const numbers = await failureOf((pipe) => pipe.rpush("text", [1, 2n, 0.5]));
    expect(numbers.command).toBe("RPUSH text 1 2 0.5");
  });

  const secret = "s3cret";
  const masked: Readonly<Record<string, readonly [shown: string, ...argv: string[]]>> = {
    "CONFIG SET": ["CONFIG SET ***", "CONFIG", "SET", "no-such-parameter", secret],
    "config set in lower case": ["config set ***", "config", "set", "no-such-parameter", secret],
    "ACL SETUSER": ["ACL SETUSER ann ***", "ACL", "SETUSER", "ann", "+nosuch", `>${secret}`],
    MIGRATE: [
      "MIGRATE localhost 1 ***",
      ...["MIGRATE", "localhost", "1", "key", "x", "y", "AUTH", secret],
    ],
    EVAL: ["EVAL ***", "EVAL", `return redis.error_reply('no') -- ${secret}`, "0"],
    EVAL_RO: ["eval_ro ***", "eval_ro", `return redis.error_reply('no') -- ${secret}`, "0"],
    "SCRIPT LOAD": ["SCRIPT LOAD ***", "SCRIPT", "LOAD", `-- ${secret}`, secret],
    "FUNCTION LOAD": ["FUNCTION LOAD ***", "FUNCTION", "LOAD", "NOSUCH", `-- ${secret}`],
  };
  for (const [name, [shown, first = "", ...rest]] of Object.entries(masked)) {
    test(`P21: secrets of ${name} are masked, in text and as bytes`, async () => {
      const text = await failureOf((pipe) => pipe.call(first, ...rest));
      const argv = [first, ...rest].map((word) => Buffer.from(word));
      const bytes = await failureOf((pipe) => pipe.run(new Command(argv, String)));
      for (const error of [text, bytes]) {
        expect(error.command).toBe(shown);
        expect(error.message).toContain(`Command #1 (${shown}) of the pipeline failed: `);
        const all = [error.message, error.command, error.stack, JSON.stringify(error)].join("\n");
        expect(all).not.toContain(secret);
      }
    });
  }

  for (const [name, shown, argv] of [
    ["AUTH", "AUTH ***", ["AUTH", "ann", secret]],
    ["HELLO", "HELLO ***", ["HELLO", "3", "AUTH", "ann", secret]],
  ] as const) {
    test(`P21: secrets of ${name}, which a pipeline refuses, are masked`, async () => {
      const pipe = target.redis.pipeline();
      const [first, ...rest] = argv;
      const error = await rejection(
        // A refusal is thrown at the call.
        Promise.resolve().then(() => pipe.call(first, ...rest)),
      );
      expect(error).toMatchObject({ command: shown });
      expect(String(error)).not.toContain(secret);
    });
  }
});
