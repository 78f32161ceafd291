/** P25: a changed key makes EXEC nil, and the batch a WatchError. */
import { describe, expect, test } from "vitest";
import { type Pipeline, PipelineStateError, type Redis, WatchError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";
import { SERVERS } from "../support/surfaces.ts";

describe.each(SERVERS)("on %s", (version) => {
  describe.each([2, 3] as const)("RESP%s", (protocol) => {
    const it = proxied({ pool: { max: 1 }, protocol }, { version });

    test.each([undefined, true, false])(
      "P25: a conflict rejects with raiseOnError: %s, and applies nothing",
      async (raiseOnError) => {
        const pipe = it.redis.pipeline({ raiseOnError });
        const error = await conflict(pipe, () => it.ask(["SET", "key", "theirs"]));
        expect(error).toBeInstanceOf(WatchError);
        expect(error).toMatchObject({ reason: "conflict", code: "WATCH", applied: false });
        expect(await it.ask(["GET", "key"], ["EXISTS", "other"])).toEqual(["theirs", "0"]);
        expect(it.wire.count("EXEC")).toBe(1);
      },
    );
  });
});

describe("on one server", () => {
  const it = proxied({ pool: { max: 1 } });

  test.each([true, false])(
    "P25: all handles of the batch reject with it, raiseOnError: %s",
    async (raiseOnError) => {
      const pipe = it.redis.pipeline({ raiseOnError });
      const handles: PromiseLike<unknown>[] = [];
      const watching = pipe.watch("key", async () => {
        await it.ask(["SET", "key", "theirs"]);
        handles.push(pipe.set("key", "mine"), pipe.incr("n"), pipe.get("key").as(Number));
      });
      expect(await failureOf(watching)).toMatchObject({ reason: "conflict", index: 0 });
      for (const [index, handle] of handles.entries()) {
        const error = await failureOf(handle);
        expect(error).toBeInstanceOf(WatchError);
        expect(error).toMatchObject({ reason: "conflict", applied: false, index });
      }
      expect(pipe.results).toHaveLength(3);
      for (const result of pipe.results) expect(result).toBeInstanceOf(WatchError);
    },
  );

  test.each<[string, (redis: Redis) => Promise<unknown>]>([
    ["another client's write", () => it.ask(["SET", "key", "theirs"])],
    ["this client's own write on its shared connection", (redis) => redis.set("key", "ours")],
    ["a deletion", () => it.ask(["DEL", "key"])],
    ["FLUSHALL", () => it.ask(["FLUSHALL"])],
    ["a write that restores the value", () => it.ask(["SET", "key", "x"], ["SET", "key", "old"])],
    ["a changed time to live", () => it.ask(["EXPIRE", "key", "100"])],
  ])("P25: %s is a conflict", async (_, change) => {
    await it.redis.set("key", "old");
    const error = await conflict(it.redis.pipeline(), () => change(it.redis));
    expect(error).toMatchObject({ reason: "conflict" });
    expect(await it.redis.exists("other")).toBe(0);
  });

  test("P25: one changed key of several is a conflict", async () => {
    const pipe = it.redis.pipeline();
    const watching = pipe.watch(["a", "b", "c"], async () => {
      await it.ask(["SET", "c", "theirs"]);
      pipe.set("a", 1);
    });
    expect(await failureOf(watching)).toMatchObject({ reason: "conflict" });
    expect(await it.redis.get("a")).toBeNull();
  });

  test("P25: a change of another key, and a read of the watched one, are none", async () => {
    const pipe = it.redis.pipeline();
    await pipe.watch("key", async () => {
      await it.ask(["SET", "unrelated", "1"], ["GET", "key"]);
      pipe.set("key", "mine");
    });
    expect(await it.redis.get("key")).toBe("mine");
  });

  test("P25: a change after the end of the block is none", async () => {
    const pipe = it.redis.pipeline();
    await pipe.watch("key", () => 0);
    await it.ask(["SET", "key", "theirs"]);
    await pipe.watch("other", () => {
      pipe.set("other", 1);
    });
    expect(await it.redis.get("other")).toBe("1");
  });

  test("P25: after a conflict the pipeline watches again on the same connection", async () => {
    const pipe = it.redis.pipeline();
    expect(await conflict(pipe, () => it.ask(["INCR", "key"]))).toBeInstanceOf(WatchError);
    const reply = await pipe.watch("key", () => [pipe.incr("key")] as const);
    expect(reply).toEqual([2]);
    expect(new Set(it.wire.named("WATCH").map(({ connection }) => connection)).size).toBe(1);
  });

  test("P25: a scope rejects with the conflict, and drops what comes after", async () => {
    const late: PromiseLike<unknown>[] = [];
    const scope = it.redis.pipeline(async (pipe) => {
      const watching = conflict(pipe, () => it.ask(["INCR", "key"]));
      const error = await watching;
      late.push(pipe.set("late", 1));
      throw error;
    });
    expect(await failureOf(scope)).toMatchObject({ reason: "conflict" });
    expect(await failureOf(late[0] ?? Promise.resolve())).toBeInstanceOf(PipelineStateError);
    expect(await it.redis.exists("late")).toBe(0);
  });
});

/** A watch block on `key` whose key is changed meanwhile. @returns what it rejects with */
function conflict<E>(pipe: Pipeline<string, E>, change: () => Promise<unknown>): Promise<unknown> {
  return failureOf(
    pipe.watch("key", async (watched) => {
      await watched.get("key");
      await change();
      pipe.set("key", "mine");
      pipe.set("other", "mine");
    }),
  );
}
