import { createConnection, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nextTurn } from "../../src/base/clock.ts";
import { deferred } from "../../src/base/deferred.ts";
import { Redis } from "../../src/client/redis.ts";
import { integer, text } from "../../src/command/decoders.ts";
import { library } from "../../src/command/library.ts";
import { script } from "../../src/command/script.ts";
import {
  ArgumentError,
  LibraryMismatchError,
  NoScriptError,
  ServerError,
} from "../../src/errors.ts";
import { startProxy, startServer, type TestServer } from "../../src/testing/index.ts";
import { SERVERS } from "../support/surfaces.ts";

const add = script("return redis.call('INCRBY', KEYS[1], ARGV[1])", {
  keys: ["counter"],
  args: ["by"],
  reply: integer,
});
const broken = script("return redis.call(", { keys: [], args: [] });
const MATH = `#!lua name=math
redis.register_function('twice', function(_, args) return args[1] * 2 end)
redis.register_function('bump', function(keys) return redis.call('INCR', keys[1]) end)`;

describe.each(SERVERS)("scripts on %s", (version) => {
  let server: TestServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startServer({ version });
  });
  beforeEach(async () => {
    redis = await Redis.connect(server.url);
    await redis.flushall();
    await redis.scriptFlush();
    await redis.functionFlush();
    return () => redis.close();
  });
  afterAll(() => server.stop());

  test("P30: a script gives the value of its reply, loaded on the way", async () => {
    const n: number = await redis.run(add, ["n"], [2]);
    expect(n).toBe(2);
    expect(await redis.run(add, ["n"], [3])).toBe(5);
  });

  test("P30: pipe.run queues a script exactly as redis.run runs it", async () => {
    const [before, sum, after] = await redis.pipeline((pipe) => [
      pipe.set("n", 1),
      pipe.run(add, ["n"], [4]),
      pipe.get("n"),
    ]);
    expect([before, sum, after]).toEqual([true, 5, "5"]);
  });

  test("P30: the load goes in the same write, ahead of MULTI, and only once", async () => {
    const proxy = await startProxy(server);
    const proxied = await Redis.connect(proxy.url);
    const writes: string[] = [];
    proxy.onClientBytes = (chunk) => {
      writes.push(chunk.toString("latin1"));
      return "forward";
    };
    const results = await proxied.pipeline({ transaction: true }, (pipe) => [
      pipe.run(add, ["n"], [1]),
      pipe.run(add, ["n"], [1]),
    ]);
    expect(results).toEqual([1, 2]);
    expect(writes).toHaveLength(1);
    const words = ["LOAD", "MULTI", "EVALSHA", "EXEC"].map(
      (word) => writes[0]?.indexOf(word) ?? -1,
    );
    expect(words).toEqual(words.toSorted((a, b) => a - b));
    expect(words).not.toContain(-1);
    expect(writes[0]?.split("LOAD")).toHaveLength(2);
    await proxied.pipeline((pipe) => pipe.run(add, ["n"], [1]));
    expect(writes).toHaveLength(2);
    expect(writes[1]).not.toContain("LOAD");
    await proxied.close();
    await proxy.stop();
  });

  test("P30: after SCRIPT FLUSH only the scripts that failed are sent again, once", async () => {
    await redis.run(add, ["n"], [1]);
    await redis.scriptFlush();
    const results = await redis.pipeline((pipe) => [
      pipe.incr("other"),
      pipe.run(add, ["n"], [1]),
      pipe.incr("other"),
      pipe.run(add, ["n"], [1]),
    ]);
    expect(results).toEqual([1, 2, 2, 3]);
    await redis.scriptFlush();
    expect(await redis.run(add, ["n"], [1])).toBe(4);
  });

  test("P30: a transaction is not repaired: its script alone fails", async () => {
    await redis.run(add, ["n"], [1]);
    await redis.scriptFlush();
    const options = { transaction: true, raiseOnError: false } as const;
    const [set, sum] = await redis.pipeline(options, (pipe) => [
      pipe.set("a", 1),
      pipe.run(add, ["n"], [1]),
    ]);
    expect(set).toBe(true);
    expect(sum).toBeInstanceOf(NoScriptError);
    expect(await redis.get("n")).toBe("1");
  });

  test("P30: what a leased connection loaded during an outage is not taken as known", async () => {
    const opened = deferred<Duplex>();
    const socket = (): Socket => createConnection({ host: server.host, port: server.port });
    const first = socket();
    // In this order: the client, its reconnect, and the connection that is leased.
    const streams = [first, opened.promise, socket()];
    const openStream = (): Duplex | Promise<Duplex> => streams.shift() ?? socket();
    await using client = await Redis.connect({ openStream, reconnect: { base: 1, cap: 1 } });
    first.destroy();
    while (streams.length > 1) await nextTurn();
    const results = await client.pipeline((pipe) => [
      pipe.blpop("nothing", 0.01),
      pipe.run(add, ["n"], [1]),
    ]);
    expect(results).toEqual([null, 1]);
    // As a restart would do it.
    await redis.scriptFlush();
    const transaction = client.transaction({}, (tx) => [tx.run(add, ["n"], [1])]);
    opened.resolve(socket());
    expect(await transaction).toEqual([2]);
  });

  test("P30: what the server of a transaction has forgotten goes with the next one", async () => {
    const twice = library(MATH).function("twice", { keys: [], args: ["n"], reply: integer });
    const run = (): Promise<unknown> =>
      redis.transaction({ raiseOnError: false }, (tx) => [
        tx.run(add, ["n"], [1]),
        tx.run(twice, [], [21]),
      ]);
    expect(await run()).toEqual([1, 42]);
    await redis.scriptFlush();
    await redis.functionFlush();
    expect(await run()).toEqual([expect.any(NoScriptError), expect.any(ServerError)]);
    expect(await run()).toEqual([2, 42]);
  });

  test("R2: a script that makes up the error of a missing script is not run again", async () => {
    const lua = "redis.call('INCR', KEYS[1]) return redis.error_reply('NOSCRIPT of my own')";
    const coined = script(lua, { keys: ["n"], args: [] });
    await expect(redis.run(coined, ["n"], [])).rejects.toThrow(NoScriptError);
    expect(await redis.get("n")).toBe("1");
  });

  test("a script runs in a watch block, on the connection that holds the WATCH", async () => {
    const [sum] = await redis.transaction({ watch: "n" }, async (tx, watched) => {
      expect(await watched.run(add, ["seen"], [1])).toBe(1);
      return [tx.run(add, ["n"], [7])];
    });
    expect(sum).toBe(7);
  });

  test("a script that does not compile fails with the compiler's words", async () => {
    await expect(redis.run(broken, [], [])).rejects.toThrow(/compiling script/i);
    const failing = redis.pipeline((pipe) => [pipe.incr("a"), pipe.run(broken, [], [])]);
    await expect(failing).rejects.toThrow(/compiling script/i);
    expect(await redis.get("a")).toBe("1");
  });

  test("keys and arguments must be as many as were declared", () => {
    // @ts-expect-error one key, not two
    expect(() => redis.run(add, ["a", "b"], [1])).toThrow(ArgumentError);
    // @ts-expect-error one argument, not none
    expect(() => redis.run(add, ["a"], [])).toThrow(/wants 1 \(by\) arguments, but got 0/);
  });

  test("a reply without a conversion is raw, and a read-only script says so", async () => {
    const table = script("return {1, 'two', false}", { keys: [], args: [], isReadOnly: true });
    const reply: unknown = await redis.run(table, [], []);
    expect(reply).toEqual([1, "two", null]);
    expect(await redis.bytes.run(table, [], [])).toEqual([1, Buffer.from("two"), null]);
  });

  test("a function's library is loaded on demand, and again when it was flushed", async () => {
    const math = library(MATH);
    const twice = math.function("twice", { keys: [], args: ["n"], reply: integer });
    const bump = math.function("bump", { keys: ["key"], args: [], reply: integer });
    expect(await redis.run(twice, [], [21])).toBe(42);
    expect(await redis.pipeline((pipe) => [pipe.run(bump, ["k"], []), pipe.get("k")])).toEqual([
      1,
      "1",
    ]);
    await redis.functionFlush();
    expect(await redis.run(bump, ["k"], [])).toBe(2);
    const both = await redis.pipeline({ transaction: true }, (pipe) => [pipe.run(bump, ["k"], [])]);
    expect(both).toEqual([3]);
  });

  test("another program under the library's name is refused, or replaced if wanted", async () => {
    await redis.functionLoad(MATH);
    const other = `${MATH}\nredis.register_function('name', function() return 'other' end)`;
    const refused = library(other).function("name", { keys: [], args: [], reply: text });
    const error: unknown = await redis.run(refused, [], []).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LibraryMismatchError);
    expect(error).toHaveProperty("applied", false);
    const replacing = library(other, { onMismatch: "replace" });
    const name = replacing.function("name", { keys: [], args: [], reply: text });
    expect(await redis.run(name, [], [])).toBe("other");
  });

  test("a library that does not compile, or without a name, is a clear error", async () => {
    const wrong = library("#!lua name=wrong\nthis is no lua").function("f");
    await expect(redis.run(wrong, [], [])).rejects.toThrow(ServerError);
    expect(() => library("return 1")).toThrow(/name=mylib/);
  });
});
