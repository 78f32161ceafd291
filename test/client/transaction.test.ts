/** P29: transactions that are tried again. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { retryWatch } from "../../src/client/transaction.ts";
import { OptionsError, type Redis, WatchError, WrongTypeError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 5 } });

/** Increments without INCR. */
function increment(redis: Redis, key: string): Promise<readonly [boolean, number]> {
  return redis.transaction(
    { watch: key, retries: 1_000, backoff: { base: 1, cap: 4 } },
    async (tx, watched) => {
      const next = Number((await watched.get(key)) ?? 0) + 1;
      return [tx.set(key, next), next] as const;
    },
  );
}

/** A back-off that is never over, whatever chance makes of it. */
const NEVER = { base: 2_000_000_000, cap: 2_000_000_000 };

/** When the client has read what is on its way to it now. */
async function afterReading(): Promise<void> {
  await sleep(50);
  // The event loop may have stood still for all of it.
  await nextTurn();
  await nextTurn();
}

/** A body that meets a conflict in its first `times` runs. */
function conflicting(times: number, runs: { count: number }) {
  return async (): Promise<void> => {
    runs.count += 1;
    if (runs.count <= times) await it.ask(["INCR", "key"]);
  };
}

test("P29: resolves to the body's result, handles replaced by replies", async () => {
  const [done, next] = await increment(it.redis, "counter");
  expectTypeOf(done).toEqualTypeOf<boolean>();
  expectTypeOf(next).toEqualTypeOf<number>();
  expect([done, next]).toEqual([true, 1]);
  const results = await it.redis.transaction({ watch: ["a", "b"] }, (tx) => {
    tx.incr("counter");
    tx.get("counter");
  });
  expect(results).toEqual([2, "2"]);
  const bare = await it.redis.transaction({ watch: "a" }, (tx) => tx.incr("counter"));
  expect(bare).toBe(3);
});

test("P29: a body that queues nothing gives what it returned, or no results", async () => {
  expect(await it.redis.transaction({ watch: "a" }, async () => {})).toEqual([]);
  expect(await it.redis.transaction({ watch: "a" }, () => "nothing to do")).toBe("nothing to do");
  expect(it.wire.count("EXEC")).toBe(0);
});

test("P29: eight tasks that increment one counter fifty times each make 400", async () => {
  const clients = [it.redis, await it.connect(), await it.connect({ protocol: 2 })];
  const tasks = Array.from({ length: 8 }, async (_, task) => {
    const redis = clients[task % clients.length] ?? it.redis;
    for (let i = 0; i < 50; i += 1) await increment(redis, "counter");
  });
  await Promise.all(tasks);
  expect(await it.ask(["GET", "counter"])).toEqual(["400"]);
});

test("P29: with a pool of one, tasks wait for one another and none is lost", async () => {
  const redis = await it.connect({ pool: { max: 1 } });
  await Promise.all(Array.from({ length: 40 }, () => increment(redis, "counter")));
  expect(await it.ask(["GET", "counter"])).toEqual(["40"]);
});

describe("retries", () => {
  test("P29: a conflict runs the body again on a fresh pipeline", async () => {
    const runs = { count: 0 };
    const run = conflicting(2, runs);
    const pipes = new Set<unknown>();
    const result = await it.redis.transaction({ watch: "key" }, async (tx, watched) => {
      pipes.add(tx);
      const seen = await watched.get("key");
      tx.set("mine", String(seen));
      await run();
      return { seen, mine: tx.get("mine") };
    });
    expect(result).toEqual({ seen: "2", mine: "2" });
    expect(runs.count).toBe(3);
    expect(pipes.size).toBe(3);
    expect(it.wire.count("SET")).toBe(3);
    expect(await it.ask(["GET", "mine"])).toEqual(["2"]);
  });

  test.each([0, 1, 3])("P29: after retries: %s the WatchError says how often", async (retries) => {
    const runs = { count: 0 };
    const run = conflicting(Number.POSITIVE_INFINITY, runs);
    const error = await failureOf(
      it.redis.transaction({ watch: "key", retries, backoff: { base: 0 } }, async (tx) => {
        await run();
        tx.set("mine", 1);
      }),
    );
    expect(error).toBeInstanceOf(WatchError);
    expect(error).toMatchObject({ reason: "conflict", attempts: retries + 1, applied: false });
    expect(runs.count).toBe(retries + 1);
    expect(await it.ask(["EXISTS", "mine"])).toEqual(["0"]);
  });

  test("P29: by default there are 16", async () => {
    const runs = { count: 0 };
    const run = conflicting(Number.POSITIVE_INFINITY, runs);
    const error = await failureOf(
      it.redis.transaction({ watch: "key", backoff: { base: 0, cap: 0 } }, async (tx) => {
        await run();
        tx.set("mine", 1);
      }),
    );
    expect(error).toMatchObject({ attempts: 17 });
    expect(runs.count).toBe(17);
  });

  test.each([true, false])("P29: conflicts retry with raiseOnError: %s", async (raiseOnError) => {
    const runs = { count: 0 };
    const run = conflicting(1, runs);
    const result = await it.redis.transaction({ watch: "key", raiseOnError }, async (tx) => {
      const handle = tx.incr("mine");
      await run();
      return [handle];
    });
    expect(result).toEqual([1]);
    expect(runs.count).toBe(2);
  });

  test("P29: a lost connection runs the body again on a new one", async () => {
    let runs = 0;
    const result = await it.redis.transaction({ watch: "key" }, async (tx, watched) => {
      runs += 1;
      if (runs === 1) it.proxy.cut();
      await watched.get("key");
      return [tx.incr("key"), runs];
    });
    expect(result).toEqual([1, 2]);
    expect(it.wire.count("EXEC")).toBe(1);
    expect(await it.ask(["GET", "key"])).toEqual(["1"]);
  });

  test.each([true, false])(
    "P29: an EXEC that may have run is never repeated, reads first: %s",
    async (readsFirst) => {
      let runs = 0;
      let isExecSeen = false;
      it.wire.decide = (names) => {
        isExecSeen ||= names.includes("EXEC");
        return "forward";
      };
      it.proxy.onServerBytes = () => (isExecSeen ? "cut" : "forward");
      const error = await failureOf(
        it.redis.transaction({ watch: "key" }, (tx) => {
          runs += 1;
          if (readsFirst) tx.get("key");
          tx.incr("key");
        }),
      );
      expect(error).toMatchObject({ code: "CONNECTION_LOST", applied: "unknown" });
      expect(runs).toBe(1);
      expect(it.wire.count("EXEC")).toBe(1);
      expect(await it.ask(["GET", "key"])).toEqual(["1"]);
    },
  );

  test("P29: nothing but a WatchError is retried", async () => {
    const problem = new Error("of the body");
    let runs = 0;
    const throwing = it.redis.transaction({ watch: "key" }, () => {
      runs += 1;
      throw problem;
    });
    expect(await failureOf(throwing)).toBe(problem);
    await it.redis.set("text", "x");
    const failing = it.redis.transaction({ watch: "key" }, (tx) => {
      runs += 1;
      return [tx.incr("text")];
    });
    expect(await failureOf(failing)).toMatchObject({ code: "ERR", index: 0 });
    expect(runs).toBe(2);
  });
});

describe("limits", () => {
  test("P29: the timeout covers all attempts and the waits between them", async () => {
    const runs = { count: 0 };
    const run = conflicting(Number.POSITIVE_INFINITY, runs);
    const error = await failureOf(
      it.redis.transaction(
        { watch: "key", timeout: 2_000, retries: 50, backoff: NEVER },
        async (tx) => {
          await run();
          tx.set("mine", 1);
        },
      ),
    );
    expect(error).toBeInstanceOf(WatchError);
    expect(error).toMatchObject({ attempts: runs.count });
  });

  test("P29: the timeout ends a body that hangs", async () => {
    const hanging = it.redis.transaction(
      { watch: "key", timeout: 50 },
      () => new Promise<void>(() => {}),
    );
    expect(await failureOf(hanging)).toMatchObject({ code: "TIMEOUT", applied: false });
  });

  test("P29: the signal ends the wait between attempts", async () => {
    const controller = new AbortController();
    it.proxy.onServerBytes = () => {
      if (it.wire.count("EXEC") > 0) void afterReading().then(() => controller.abort("enough"));
      return "forward";
    };
    const error = await failureOf(
      it.redis.transaction(
        {
          watch: "key",
          signal: controller.signal,
          backoff: NEVER,
        },
        async (tx) => {
          await it.ask(["INCR", "key"]);
          tx.set("mine", 1);
        },
      ),
    );
    expect(error).toMatchObject({ code: "ABORTED", applied: false, cause: "enough" });
    expect(await it.ask(["EXISTS", "mine"])).toEqual(["0"]);
  });

  test("P29: the limits of a view hold for its transactions", async () => {
    const timed = it.redis.with({ timeout: 50 });
    const hang = (): Promise<void> => new Promise<void>(() => {});
    expect(await failureOf(timed.transaction({ watch: "key" }, hang))).toMatchObject({
      code: "TIMEOUT",
    });
    const aborted = it.redis.with({ signal: AbortSignal.timeout(50) });
    expect(await failureOf(aborted.transaction({ watch: "key" }, hang))).toMatchObject({
      code: "ABORTED",
    });
  });
});

describe("without watch", () => {
  test("P29: it is pipeline({ transaction: true })", async () => {
    const [a, b] = await it.redis.transaction({}, (tx) => [tx.set("a", 1), tx.incr("a")] as const);
    expectTypeOf(b).toEqualTypeOf<number>();
    expect([a, b]).toEqual([true, 2]);
    expect(it.wire.names()).toEqual(["MULTI", "SET", "INCR", "EXEC"]);
    expect(it.wire.chunks).toBe(1);
  });

  test("P29: a body alone is a transaction without options", async () => {
    const [a, b] = await it.redis.transaction((tx) => [tx.set("a", 1), tx.incr("a")]);
    expect([a, b]).toEqual([true, 2]);
    expect(it.wire.names()).toEqual(["MULTI", "SET", "INCR", "EXEC"]);
    const error = await it.redis.transaction((tx) => [tx.hget("a", "f")]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WrongTypeError);
  });

  test("P29: raiseOnError: false keeps errors in their places", async () => {
    await it.redis.set("text", "x");
    const [value, error] = await it.redis.transaction({ raiseOnError: false }, (tx) => [
      tx.get("text"),
      tx.incr("text"),
    ]);
    expect(value).toBe("x");
    expect(error).toMatchObject({ code: "ERR", index: 1 });
  });

  test("P29: the body gets no watched client, and its error stops everything", async () => {
    const problem = new Error("of the body");
    const failing = it.redis.transaction({}, (tx, ...rest: unknown[]) => {
      expect(rest).toEqual([]);
      tx.set("a", 1);
      throw problem;
    });
    expect(await failureOf(failing)).toBe(problem);
    expect(it.wire.names()).toEqual([]);
  });
});

test("P18: nothing is tried again after the deadline, however late the back-off ends", async () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0.9);
  const attempt = vi.fn(() => {
    // The back-off has begun by then; this process is busy until after the deadline.
    setImmediate(() => {
      for (const end = performance.now() + 80; performance.now() < end; );
    });
    return Promise.reject(new WatchError("a key was changed", { reason: "conflict" }));
  });
  const options = { timeout: 50, backoff: { base: 20, cap: 20 } };
  expect(await failureOf(retryWatch(options, attempt))).toMatchObject({
    code: "WATCH",
    attempts: 1,
  });
  expect(attempt).toHaveBeenCalledTimes(1);
});

test("P29: wrong options throw at the call and name the option", () => {
  const wrong: [unknown, RegExp][] = [
    [{ retries: -1 }, /retries/],
    [{ retries: 1.5 }, /retries/],
    [{ retries: "2" }, /retries/],
    [{ backoff: { base: -1 } }, /backoff\.base/],
    [{ backoff: { cap: Number.NaN } }, /backoff\.cap/],
    [{ backoff: 5 }, /backoff/],
    [{ backoff: { bse: 5 } }, /bse/],
    [{ timeout: -1 }, /timeout/],
    [{ timeout: "1s" }, /timeout/],
    [{ signal: {} }, /signal/],
    [{ raiseOnError: 1 }, /raiseOnError/],
    [{ transaction: true }, /transaction/],
    [{ wacth: "key" }, /wacth/],
    [null, /null/],
    [undefined, /undefined/],
    ["key", /string/],
  ];
  for (const [options, message] of wrong) {
    // @ts-expect-error these are no options
    const run = (): unknown => it.redis.transaction(options, () => 0);
    expect(run).toThrow(OptionsError);
    expect(run).toThrow(message);
  }
  expect(it.wire.names()).toEqual([]);
});
