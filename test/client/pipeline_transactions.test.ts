import { expect, test } from "vitest";
import {
  ExecAbortError,
  OutOfMemoryError,
  PermissionError,
  ServerError,
  TransactionAbortedError,
  WrongTypeError,
} from "../../src/index.ts";
import { checkThousand, onEvery, onNewest, rejection, wire } from "./pipeline_target.ts";

onEvery("transactions", (target) => {
  for (const raiseOnError of [true, false]) {
    const name = `raiseOnError: ${raiseOnError}`;

    test(`P22: a command refused at queue time aborts the transaction (${name})`, async () => {
      await target.redis.set("n", 1);
      const pipe = target.redis.pipeline({ transaction: true, raiseOnError });
      const before = pipe.incr("n");
      const guilty = pipe.call("NOSUCH", "command");
      const after = pipe.set("other", 1);
      const error = await rejection(pipe.execute());

      expect(error).toBeInstanceOf(ServerError);
      expect(error).toBe(await rejection(guilty));
      expect(error).toMatchObject({
        command: "NOSUCH ***",
        index: 1,
        code: "ERR",
        applied: false,
        cause: expect.any(ExecAbortError),
      });
      expect(error).toHaveProperty(
        "message",
        expect.stringMatching(
          /^Command #2 \(NOSUCH \*\*\*\) of the pipeline failed: ERR unknown command/,
        ),
      );
      for (const [index, handle] of [before, guilty, after].entries()) {
        if (handle === guilty) continue;
        const aborted = await rejection(handle);
        expect(aborted).toBeInstanceOf(TransactionAbortedError);
        expect(aborted).toMatchObject({ index, code: "EXECABORT", applied: false });
        expect(aborted).toHaveProperty(
          "message",
          expect.stringMatching(/Command #2 \(NOSUCH \*\*\*\) .*: ERR unknown command/),
        );
      }
      expect(pipe.results).toEqual([before, guilty, after].map((handle) => handle.outcome));
      expect(await target.redis.mget(["n", "other"])).toEqual(["1", null]);
      await checkThousand(target.redis);
    });

    test(`P22: each refused command has its own error, the first is thrown (${name})`, async () => {
      const pipe = target.redis.pipeline({ transaction: true, raiseOnError });
      const handles = [pipe.incr("n"), pipe.call("GET"), pipe.incr("n"), pipe.call("NOSUCH")];
      const error = await rejection(pipe.execute());
      const [first, arity, second, unknown] = await Promise.all(handles.map(rejection));
      expect(error).toBe(arity);
      expect(arity).toMatchObject({ index: 1, command: "GET", cause: expect.any(ExecAbortError) });
      expect(arity).toHaveProperty("message", expect.stringContaining("wrong number of arguments"));
      expect(unknown).toMatchObject({ index: 3, command: "NOSUCH" });
      expect(unknown).toHaveProperty("message", expect.stringContaining("unknown command"));
      for (const aborted of [first, second]) {
        expect(aborted).toBeInstanceOf(TransactionAbortedError);
        expect(aborted).toHaveProperty("message", expect.stringContaining("Command #2 (GET)"));
      }
      expect(await target.redis.exists("n")).toBe(0);
    });

    test(`P22: a scope rejects with the first refused command's error (${name})`, async () => {
      const scope = target.redis.pipeline({ transaction: true, raiseOnError }, (pipe) => ({
        n: pipe.incr("n"),
        bad: pipe.call("NOSUCH"),
      }));
      expect(await rejection(scope)).toMatchObject({ command: "NOSUCH", index: 1 });
      const transaction = target.redis.transaction({ raiseOnError }, (tx) => [tx.call("NOSUCH")]);
      expect(await rejection(transaction)).toMatchObject({ command: "NOSUCH", index: 0 });
      expect(await target.redis.exists("n")).toBe(0);
    });
  }

  test("P22: a command that fails in EXEC has its own error, others are applied", async () => {
    await target.redis.set("text", "x");
    const pipe = target.redis.pipeline({ transaction: true, raiseOnError: false });
    const [first, bad, second] = [pipe.incr("n"), pipe.lpush("text", "y"), pipe.incr("n")];
    const results = await pipe.execute();
    expect(results).toEqual([1, expect.any(WrongTypeError), 2]);
    expect([await first, await second]).toEqual([1, 2]);
    expect(await rejection(bad)).toBe(results[1]);
    expect(await target.redis.get("n")).toBe("2");
  });

  test("P22: a transaction decodes every kind of reply as the client does", async () => {
    await target.redis.hset("hash", { a: "1" });
    await target.redis.zadd("zset", [{ member: "m", score: 1.5 }]);
    await target.redis.sadd("set", ["x"]);
    const tx = await target.redis.transaction({}, (pipe) => ({
      hash: pipe.hgetall("hash"),
      scores: pipe.zrange("zset", 0, -1, { withScores: true }),
      set: pipe.smembers("set"),
      none: pipe.get("none"),
      list: pipe.lrange("none", 0, -1),
    }));
    expect({ ...tx.hash }).toEqual({ a: "1" });
    expect(tx.scores).toEqual([{ member: "m", score: 1.5 }]);
    expect(tx.set).toEqual(new Set(["x"]));
    expect([tx.none, tx.list]).toEqual([null, []]);
    const bytes = await target.redis.bytes.transaction({}, (pipe) => [pipe.hgetall("hash")]);
    expect(bytes[0]).toEqual([{ field: Buffer.from("a"), value: Buffer.from("1") }]);
  });

  test("P16: nothing of another client comes between the commands of a transaction", async () => {
    const other = await target.connectDirectly();
    const rounds = { left: 20 };
    const noise = (async (): Promise<void> => {
      while (rounds.left > 0) await other.incr("n");
    })();
    for (; rounds.left > 0; rounds.left -= 1) {
      const pipe = target.redis.pipeline({ transaction: true });
      for (let index = 0; index < 100; index += 1) pipe.incr("n");
      const results = await pipe.execute();
      const first = Number(results[0]);
      expect(results).toEqual(Array.from({ length: 100 }, (_, index) => first + index));
    }
    await noise;
  });
});

onNewest("transactions", (target) => {
  test("P22: out of memory at queue time aborts, and is told as such", async () => {
    const { redis } = target;
    await redis.configSet({ maxmemory: 1 });
    try {
      const pipe = redis.pipeline({ transaction: true });
      const get = pipe.get("a");
      const set = pipe.set("a", 1);
      const error = await rejection(pipe.execute());
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect(error).toBe(await rejection(set));
      expect(error).toMatchObject({ applied: false, cause: expect.any(ExecAbortError) });
      expect(await rejection(get)).toBeInstanceOf(TransactionAbortedError);
    } finally {
      await redis.configSet({ maxmemory: 0 });
    }
    expect(await redis.exists("a")).toBe(0);
  });

  test("P22: a command that the user may not run aborts, and is told as such", async () => {
    await target.redis.call("ACL", "SETUSER", "ann", "on", ">pw", "~*", "+@all", "-get");
    const ann = await target.connect({ username: "ann", password: "pw" });
    const pipe = ann.pipeline({ transaction: true });
    const set = pipe.set("a", 1);
    pipe.get("a");
    expect(await rejection(pipe.execute())).toBeInstanceOf(PermissionError);
    expect(await rejection(set)).toBeInstanceOf(TransactionAbortedError);
    expect(await target.redis.exists("a")).toBe(0);
    await checkThousand(ann);
  });

  test("P22: an EXEC that is refused leaves nothing applied", async () => {
    await target.redis.call("ACL", "SETUSER", "bob", "on", ">pw", "~*", "+@all", "-exec");
    const bob = await target.connect({ username: "bob", password: "pw" });
    const pipe = bob.pipeline({ transaction: true, raiseOnError: false });
    const handles = [pipe.set("a", 1), pipe.incr("n")];
    const error = await rejection(pipe.execute());
    expect(error).toMatchObject({ index: 0, command: "SET a 1", applied: false });
    for (const handle of handles) {
      const own = await rejection(handle);
      expect(own).toBeInstanceOf(ExecAbortError);
      expect(own).toHaveProperty("message", expect.stringContaining("exec"));
    }
    await checkThousand(bob);
    expect(await target.redis.exists(["a", "n"])).toBe(0);
  });

  test("P22: a MULTI that is refused is no transaction, and nobody is told so", async () => {
    await target.redis.call("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "-multi", "-get");
    const eve = await target.connect({ username: "eve", password: "pw" });
    const pipe = eve.pipeline({ transaction: true, raiseOnError: false });
    const incr = pipe.incr("n");
    const get = pipe.get("n");
    const error = await rejection(pipe.execute());
    expect(error).toBe(await rejection(incr));
    expect(error).toBeInstanceOf(PermissionError);
    expect(error).toMatchObject({ index: 0, command: "INCR n", applied: "unknown" });
    expect(error).toHaveProperty("message", expect.stringContaining("MULTI was refused"));
    expect(await rejection(get)).toMatchObject({ index: 1, applied: false });
    await checkThousand(eve);
  });

  test("P22: errors of aborted transactions in one write stay apart", async () => {
    const transactions = [0, 1].map(() => {
      const pipe = target.redis.pipeline({ transaction: true });
      pipe.incr("n");
      pipe.call("NOSUCH");
      return pipe.execute().catch((error: unknown) => error);
    });
    const between = target.redis.echo("between");
    expect(await Promise.all([...transactions, between])).toEqual([
      expect.objectContaining({ code: "ERR", index: 1 }),
      expect.objectContaining({ code: "ERR", index: 1 }),
      "between",
    ]);
    const aborted = wire("MULTI") + wire("INCR", "n") + wire("NOSUCH") + wire("EXEC");
    expect(target.written).toBe(aborted + aborted + wire("ECHO", "between"));
    expect(target.chunks).toHaveLength(1);
  });
});
