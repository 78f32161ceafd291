import { expect, test } from "vitest";
import {
  ArgumentError,
  Command,
  type CommandBuilder,
  command,
  type Pipeline,
  type RespValue,
} from "../../src/index.ts";
import { onNewest, thrown, wire } from "./pipeline_target.ts";

const REFUSED: readonly (readonly string[])[] = [
  ["SELECT", "1"],
  ["AUTH", "user", "pw"],
  ["HELLO", "3"],
  ["RESET"],
  ["QUIT"],
  ["MONITOR"],
  ["MULTI"],
  ["EXEC"],
  ["DISCARD"],
  ["WATCH", "key"],
  ["UNWATCH"],
  ["SUBSCRIBE", "channel"],
  ["PSUBSCRIBE", "pattern"],
  ["SSUBSCRIBE", "channel"],
  ["UNSUBSCRIBE"],
  ["PUNSUBSCRIBE"],
  ["SUNSUBSCRIBE"],
  ["SYNC"],
  ["PSYNC", "?", "-1"],
  ["READONLY"],
  ["READWRITE"],
  ["ASKING"],
  ["CLIENT", "REPLY", "OFF"],
  ["CLIENT", "TRACKING", "ON"],
  ["CLIENT", "CACHING", "YES"],
  ["CLIENT", "NO-EVICT", "ON"],
  ["CLIENT", "NO-TOUCH", "ON"],
  ["CLIENT", "SETNAME", "name"],
  ["CLIENT", "SETINFO", "LIB-NAME", "x"],
  ["SCRIPT", "DEBUG", "YES"],
];

const raw = (reply: RespValue): RespValue => reply;
const upper = (words: readonly string[]): string[] => words.map((word) => word.toUpperCase());
const lower = (words: readonly string[]): string[] => words.map((word) => word.toLowerCase());
const mixed = (words: readonly string[]): string[] =>
  words.map((word) => word.charAt(0) + word.slice(1).toLowerCase());
const bytesOf = (words: readonly string[]): Buffer[] => words.map((word) => Buffer.from(word));

function callAll(pipe: Pipeline, [name = "", ...args]: readonly string[]): unknown {
  return pipe.call(name, ...args);
}

/** Every way to write a command that no method declares. */
const SPELLINGS: Readonly<Record<string, (pipe: Pipeline, words: readonly string[]) => unknown>> = {
  "in upper case": (pipe, words) => callAll(pipe, upper(words)),
  "in lower case": (pipe, words) => callAll(pipe, lower(words)),
  "in mixed case": (pipe, words) => callAll(pipe, mixed(words)),
  "as a Command": (pipe, words) => pipe.run(new Command(words, raw)),
  "as bytes": (pipe, words) => pipe.run(new Command(bytesOf(words), raw)),
  "as bytes in lower case": (pipe, words) => pipe.run(new Command(bytesOf(lower(words)), raw)),
  "by the builder": (pipe, [name = "", ...args]) => pipe.run(command.call(name, ...args)),
};

/** Commands that would wait, for 10 ms at most: nothing is there to be had. */
const BLOCKING: Readonly<Record<string, (on: CommandBuilder) => Command<unknown>>> = {
  blpop: (on) => on.blpop("list", 0.01),
  brpop: (on) => on.brpop("list", 0.01),
  blmove: (on) => on.call("BLMOVE", "list", "other", "LEFT", "RIGHT", "0.01"),
  brpoplpush: (on) => on.brpoplpush("list", "other", 0.01),
  blmpop: (on) => on.call("blmpop", "0.01", "1", "list", "LEFT"),
  bzmpop: (on) => on.call("BZMPOP", "0.01", "1", "zset", "MIN"),
  bzpopmin: (on) => on.bzpopmin("zset", 0.01),
  bzpopmax: (on) => on.bzpopmax("zset", 0.01),
  "XREAD BLOCK": (on) => on.call("XREAD", "COUNT", "1", "BLOCK", "10", "STREAMS", "stream", "$"),
  "xread block": (on) => on.call("xread", "block", "10", "streams", "stream", "$"),
  XREADGROUP: (on) =>
    on.call("XREADGROUP", "GROUP", "g", "me", "BLOCK", "10", "STREAMS", "stream", ">"),
  "XREADGROUP with the group STREAMS": (on) =>
    on.call("XREADGROUP", "GROUP", "streams", "me", "BLOCK", "10", "STREAMS", "stream", ">"),
  WAIT: (on) => on.call("WAIT", 1, 10),
  WAITAOF: (on) => on.call("waitaof", 0, 1, 10),
  "BLPOP as bytes": () =>
    new Command([Buffer.from("blpop"), Buffer.from("list"), Buffer.from("0.01")], raw),
};

const NOT_BLOCKING: Readonly<Record<string, readonly string[]>> = {
  "XREAD without BLOCK": ["XREAD", "STREAMS", "stream", "0"],
  "XREAD of a stream named BLOCK": ["XREAD", "STREAMS", "BLOCK", "0"],
  "XREADGROUP of a group named BLOCK": [
    "XREADGROUP",
    "GROUP",
    "BLOCK",
    "x",
    "STREAMS",
    "stream",
    ">",
  ],
  LPOP: ["LPOP", "list"],
};

onNewest("refusals", (target) => {
  for (const words of REFUSED) {
    test(`P19: ${words.join(" ")} is refused in every spelling, and nothing is sent`, async () => {
      for (const transaction of [false, true]) {
        const pipe = target.redis.pipeline({ transaction });
        for (const spell of Object.values(SPELLINGS)) {
          const error = thrown(() => spell(pipe, words));
          expect(error).toBeInstanceOf(ArgumentError);
          expect(error).toHaveProperty(
            "message",
            expect.stringMatching(new RegExp(`^${words[0]} cannot be sent on a pipeline: .*; `)),
          );
        }
        expect(pipe.length).toBe(0);
        const after = pipe.echo("after");
        await pipe.execute();
        expect(await after).toBe("after");
      }
      const echo = wire("ECHO", "after");
      expect(target.written).toBe(echo + wire("MULTI") + echo + wire("EXEC"));
    });
  }

  test("P19: a session is advised only for what a session takes", async () => {
    await target.redis.session((session) => {
      for (const [name = "", ...args] of REFUSED) {
        const error = thrown(() => target.redis.pipeline().call(name, ...args));
        if (!String(error).includes("redis.session()")) continue;
        expect(() => void session.call(name, ...args).catch(() => {})).not.toThrow();
      }
    });
  });

  test("P19: harmless commands of the same containers are not refused", async () => {
    const pipe = target.redis.pipeline();
    pipe.call("CLIENT", "GETNAME");
    pipe.call("CLIENT", "ID");
    pipe.call("SCRIPT", "EXISTS", "0".repeat(40));
    pipe.call("PUBSUB", "CHANNELS");
    expect(await pipe.execute()).toEqual([null, expect.any(Number), [0], []]);
  });

  /** The connection that carried a text. */
  function carrierOf(text: string): number | undefined {
    return target.chunks.find((chunk) => chunk.text.includes(text))?.connection;
  }

  async function makeGroups(): Promise<void> {
    for (const group of ["g", "streams", "BLOCK"]) {
      await target.redis.call("XGROUP", "CREATE", "stream", group, "$", "MKSTREAM");
    }
    target.forget();
  }

  for (const [name, make] of Object.entries(BLOCKING)) {
    test(`P19: ${name} makes a pipeline use a lease, and blocks nobody else`, async () => {
      await makeGroups();
      const pipe = target.redis.pipeline({ raiseOnError: false });
      pipe.echo("leased");
      pipe.run(make(command));
      const execution = pipe.execute();
      expect(await target.redis.echo("shared")).toBe("shared");
      expect((await execution)[0]).toBe("leased");
      expect(carrierOf(wire("ECHO", "leased"))).not.toBe(carrierOf(wire("ECHO", "shared")));
    });

    test(`P19: ${name} in a transaction does not block, and needs no lease`, async () => {
      await makeGroups();
      const pipe = target.redis.pipeline({ transaction: true, raiseOnError: false });
      pipe.echo("transaction");
      pipe.run(make(command));
      expect((await pipe.execute())[0]).toBe("transaction");
      expect(await target.redis.echo("shared")).toBe("shared");
      expect(carrierOf(wire("ECHO", "transaction"))).toBe(carrierOf(wire("ECHO", "shared")));
    });
  }

  for (const [name, [first = "", ...rest]] of Object.entries(NOT_BLOCKING)) {
    test(`P19: ${name} stays on the shared connection`, async () => {
      await makeGroups();
      await target.redis.pipeline((pipe) => [pipe.echo("pipe"), pipe.call(first, ...rest)]);
      await target.redis.echo("shared");
      expect(carrierOf(wire("ECHO", "pipe"))).toBe(carrierOf(wire("ECHO", "shared")));
    });
  }

  test("P19: a pipeline that blocks for ever waits until it is served, in one write", async () => {
    const pipe = target.redis.pipeline();
    pipe.incr("n");
    const popped = pipe.blpop("list", 0);
    pipe.incr("n");
    const execution = pipe.execute();
    // The server has got it: its first command is applied.
    await expect.poll(() => target.redis.get("n")).toBe("1");
    await target.redis.lpush("list", "served");
    expect(await execution).toEqual([1, await popped, 2]);
    expect(await popped).toMatchObject({ key: "list" });
    const incr = wire("INCR", "n");
    const whole = incr + wire("BLPOP", "list", 0) + incr;
    expect(target.chunks.map(({ text }) => text)).toContain(whole);
  });
});
