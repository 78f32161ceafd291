/** R3 and R4, as the contract words them. */
import { describe, expect, test } from "vitest";
import { ConnectionLostError, type Redis, WatchError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";
import { SERVERS } from "../support/surfaces.ts";
import { cutRepliesOf } from "./cuts.ts";

const KINDS: readonly (readonly [kind: string, run: (redis: Redis) => PromiseLike<unknown>])[] = [
  ["INCR", (redis) => redis.incr("n")],
  ["a pipeline of INCR", (redis) => redis.pipeline((pipe) => [pipe.incr("n")])],
  ["a MULTI/EXEC of INCR", (redis) => redis.transaction({}, (tx) => [tx.incr("n")])],
];

describe.each(SERVERS)("%s", (version) => {
  const it = proxied({ reconnect: { base: 1, cap: 5 } }, { version });

  describe.each(KINDS)("%s", (_, run) => {
    test("R3: its reply is cut up to three times: it runs once and is unknown", async () => {
      const cuts = cutRepliesOf(it, "INCR", undefined, 3);
      const error = await failureOf(run(it.redis));
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({ applied: "unknown", attempts: 1, command: "INCR n" });
      // The next one comes over a new connection, and everything has been sent by then.
      expect(await it.redis.echo("after")).toBe("after");
      expect(await it.ask(["GET", "n"])).toEqual(["1"]);
      expect(it.wire.count("INCR")).toBe(1);
      expect(cuts()).toBe(1);
    });

    test("R3: called three times, each reply cut: it runs three times, no more", async () => {
      const cuts = cutRepliesOf(it, "INCR", undefined, 3);
      for (const times of ["1", "2", "3"]) {
        expect(await failureOf(run(it.redis))).toMatchObject({ applied: "unknown", attempts: 1 });
        expect(await it.redis.echo("after")).toBe("after");
        expect(await it.ask(["GET", "n"])).toEqual([times]);
      }
      expect(cuts()).toBe(3);
      expect(it.wire.count("INCR")).toBe(3);
    });
  });

  test.each([
    ["the proxy cuts", async () => it.proxy.cut()],
    ["the server kills", () => it.ask(["CLIENT", "KILL", "TYPE", "normal"])],
  ])("R4: %s between WATCH and EXEC while another client writes", async (_, kill) => {
    await it.redis.set("key", "before");
    const body = async (): Promise<void> => {
      await kill();
      await it.ask(["SET", "key", "theirs"]);
    };
    const pipe = it.redis.pipeline();
    const error = await failureOf(
      pipe.watch("key", async () => {
        await body();
        pipe.set("key", "mine");
      }),
    );
    expect(error).toBeInstanceOf(WatchError);
    expect(error).toMatchObject({ applied: false });
    expect(await it.ask(["GET", "key"])).toEqual(["theirs"]);
    const once = it.redis.transaction({ watch: "key", retries: 0 }, async (tx) => {
      await body();
      return [tx.set("key", "mine")];
    });
    expect(await failureOf(once)).toBeInstanceOf(WatchError);
    expect(await it.ask(["GET", "key"])).toEqual(["theirs"]);
  });

  test("R4: with retries the body runs again, and sees what the other client wrote", async () => {
    await it.redis.set("n", 1);
    let runs = 0;
    const [, seen] = await it.redis.transaction({ watch: "n" }, async (tx, watched) => {
      runs += 1;
      const n = Number(await watched.get("n"));
      if (runs === 1) {
        it.proxy.cut();
        await it.ask(["SET", "n", "10"]);
      }
      return [tx.set("n", n + 1), n] as const;
    });
    expect([runs, seen]).toEqual([2, 10]);
    expect(await it.ask(["GET", "n"])).toEqual(["11"]);
  });
});
