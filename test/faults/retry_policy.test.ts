/** R2: what is sent again after a lost reply, for each policy, and what is said of the rest. */
import { describe, expect, test } from "vitest";
import { OptionsError, type Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";
import { cutRepliesOf } from "./cuts.ts";

const it = proxied({ reconnect: { base: 1, cap: 20 } });

const POLICIES = ["never", "reads", "idempotent", "always"] as const;
type Policy = (typeof POLICIES)[number];

interface Case {
  readonly name: string;
  readonly run: (redis: Redis) => Promise<unknown>;
  /** The policies with which it is sent again, and its value then. */
  readonly repeatedBy: readonly Policy[];
  readonly value: unknown;
}

const CASES: readonly Case[] = [
  { name: "GET", run: (r) => r.get("text"), repeatedBy: POLICIES.slice(1), value: "old" },
  { name: "SET", run: (r) => r.set("text", 1), repeatedBy: POLICIES.slice(2), value: true },
  {
    name: "SET",
    run: (r) => r.set("new", 1, { when: "NX" }),
    repeatedBy: ["always"],
    value: false,
  },
  { name: "INCR", run: (r) => r.incr("n"), repeatedBy: ["always"], value: 2 },
  { name: "DEL", run: (r) => r.del("text"), repeatedBy: ["always"], value: 0 },
  { name: "LPUSH", run: (r) => r.lpush("list", "x"), repeatedBy: ["always"], value: 2 },
];

/** Runs a command alone, as the only one of a pipeline, and in a pipeline of another policy. */
const WAYS: readonly {
  readonly way: string;
  readonly on: (policy: Policy, run: Case["run"]) => Promise<unknown>;
}[] = [
  { way: "alone", on: (retry, run) => run(it.redis.with({ retry })) },
  {
    way: "in a pipeline of a view",
    on: (retry, run) => inPipeline(it.redis.with({ retry }), {}, run),
  },
  {
    way: "in a pipeline with the option",
    on: (retry, run) =>
      inPipeline(it.redis.with({ retry: retry === "never" ? "always" : "never" }), { retry }, run),
  },
];

async function inPipeline(
  redis: Redis,
  options: { readonly retry?: Policy },
  run: Case["run"],
): Promise<unknown> {
  const pipe = redis.pipeline(options);
  // A pipeline has the methods of the client; its handles settle as promises do.
  const handle = Reflect.apply(run, undefined, [pipe]);
  await pipe.execute();
  return handle;
}

describe.each(WAYS)("one command $way", ({ on }) => {
  const all = CASES.flatMap((one) => POLICIES.map((policy) => ({ ...one, policy })));
  test.each(all)("R2: $name, retry: $policy", async ({ name, run, repeatedBy, value, policy }) => {
    await it.ask(["SET", "text", "old"]);
    const cuts = cutRepliesOf(it, name);
    const outcome = on(policy, run);
    const isRepeated = repeatedBy.includes(policy);
    const applied = name === "GET" ? false : "unknown";
    const lost = { code: "CONNECTION_LOST", applied, attempts: 1 };
    const expected = isRepeated ? { value } : { reason: lost };
    expect(await Promise.allSettled([outcome])).toMatchObject([expected]);
    expect(await it.redis.ping()).toBe("PONG");
    expect(it.wire.count(name)).toBe(isRepeated ? 2 : 1);
    expect(cuts()).toBe(1);
  });
});

test.each(POLICIES)("R2: a pipeline is repeated command by command, retry: %s", async (retry) => {
  const cuts = cutRepliesOf(it, "INCR");
  const pipe = it.redis.pipeline({ retry, raiseOnError: false });
  const handles = { set: pipe.set("text", 1), incr: pipe.incr("n"), get: pipe.get("text") };
  await pipe.execute();
  const unknown = expect.objectContaining({ code: "CONNECTION_LOST", applied: "unknown" });
  const lost = expect.objectContaining({ code: "CONNECTION_LOST", applied: false });
  const rank = POLICIES.indexOf(retry);
  expect(handles.get.outcome).toEqual(rank >= 1 ? "1" : lost);
  expect(handles.set.outcome).toEqual(rank >= 2 ? true : unknown);
  expect(handles.incr.outcome).toEqual(rank >= 3 ? 2 : unknown);
  expect(["GET", "SET", "INCR"].map((name) => it.wire.count(name))).toEqual([
    rank >= 1 ? 2 : 1,
    rank >= 2 ? 2 : 1,
    rank >= 3 ? 2 : 1,
  ]);
  expect(cuts()).toBe(1);
});

describe.each(POLICIES)("a transaction, retry: %s", (retry) => {
  const ways = {
    "pipeline({ transaction })": () =>
      it.redis.pipeline({ transaction: true, retry }, (tx) => [tx.incr("n"), tx.get("n")]),
    "transaction()": () => it.redis.transaction({ retry }, (tx) => [tx.incr("n"), tx.get("n")]),
    "transaction() of a view": () =>
      it.redis.with({ retry }).transaction({}, (tx) => [tx.incr("n"), tx.get("n")]),
  };
  test.each(Object.entries(ways))("R2: %s is repeated by always alone", async (_, run) => {
    const cuts = cutRepliesOf(it, "EXEC");
    const lost = { reason: { applied: "unknown", attempts: 1 } };
    const expected = retry === "always" ? { value: [2, "2"] } : lost;
    expect(await Promise.allSettled([run()])).toMatchObject([expected]);
    expect(await it.redis.ping()).toBe("PONG");
    expect(it.wire.count("EXEC")).toBe(retry === "always" ? 2 : 1);
    expect(cuts()).toBe(1);
  });

  test("R2: one with a WATCH is never sent again", async () => {
    const cuts = cutRepliesOf(it, "EXEC");
    const run = it.redis.transaction({ watch: "n", retry }, (tx) => [tx.incr("n")]);
    expect(await failureOf(run)).toMatchObject({ code: "CONNECTION_LOST", applied: "unknown" });
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
    expect(it.wire.count("EXEC")).toBe(1);
    expect(cuts()).toBe(1);
  });
});

test.each(POLICIES)("R2: a script that only reads, retry: %s", async (retry) => {
  const redis = it.redis.with({ retry });
  const cuts = cutRepliesOf(it, "EVAL_RO");
  const reply = redis.call("EVAL_RO", "return 1", 0);
  const expected = retry === "never" ? { reason: { applied: false } } : { value: 1 };
  expect(await Promise.allSettled([reply])).toMatchObject([expected]);
  expect(it.wire.count("EVAL_RO")).toBe(retry === "never" ? 1 : 2);
  expect(cuts()).toBe(1);
});

describe("R1: what was sent twice is never said to be not applied", () => {
  /** Waits, after the reply of `name` was cut, until the client has tried to come back. */
  async function cutAndStayAway(name: string): Promise<void> {
    const cuts = cutRepliesOf(it, name, () => {
      it.proxy.accepting = false;
    });
    await expect.poll(() => cuts()).toBe(1);
  }

  const runs = {
    "a command": (redis: Redis) => redis.incr("n"),
    "a pipeline": (redis: Redis) => redis.pipeline((pipe) => [pipe.incr("n")]),
    "a transaction": (redis: Redis) => redis.transaction({}, (tx) => [tx.incr("n")]),
  };

  test.each(Object.entries(runs))("%s that times out before its second try", async (_, run) => {
    const name = _ === "a transaction" ? "EXEC" : "INCR";
    const error = failureOf(run(it.redis.with({ retry: "always", timeout: 300 })));
    await cutAndStayAway(name);
    expect(await error).toMatchObject({ code: "TIMEOUT", applied: "unknown" });
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
  });

  test.each(Object.entries(runs))("%s that is given up by destroy()", async (_, run) => {
    const redis = await it.connect();
    const error = failureOf(run(redis.with({ retry: "always" })));
    await cutAndStayAway(_ === "a transaction" ? "EXEC" : "INCR");
    redis.destroy();
    expect(await error).toMatchObject({ code: "CLOSED", applied: "unknown" });
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
  });

  test.each(Object.entries(runs))("%s that the server refuses then", async (_, run) => {
    const cuts = cutRepliesOf(it, _ === "a transaction" ? "EXEC" : "INCR", () => {
      it.proxy.accepting = false;
    });
    const error = failureOf(run(it.redis.with({ retry: "always" })));
    await expect.poll(() => cuts()).toBe(1);
    await it.ask(["CONFIG", "SET", "min-replicas-to-write", "1"]);
    try {
      it.proxy.accepting = true;
      expect(await error).toMatchObject({ code: "NOREPLICAS", applied: "unknown" });
    } finally {
      await it.ask(["CONFIG", "SET", "min-replicas-to-write", "0"]);
    }
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
  });

  test("a blocking pipeline, which is not repeated", async () => {
    const cuts = cutRepliesOf(it, "BLPOP");
    const pipe = it.redis.pipeline({ retry: "always", raiseOnError: false });
    const [incr, pop] = [pipe.incr("n"), pipe.blpop("none", 0.01)];
    await pipe.execute();
    expect(incr.outcome).toMatchObject({ applied: "unknown" });
    expect(pop.outcome).toMatchObject({ applied: "unknown" });
    expect(await it.ask(["GET", "n"])).toEqual(["1"]);
    expect(cuts()).toBe(1);
  });
});

test("R2: a policy that does not exist is an OptionsError", async () => {
  for (const retry of ["", "NEVER", "writes", true, 3, null]) {
    const wrong = { retry } as { readonly retry: "never" };
    expect(() => it.redis.with(wrong)).toThrow(OptionsError);
    expect(() => it.redis.pipeline(wrong)).toThrow(OptionsError);
    expect(() => it.redis.pipeline(wrong, () => 0)).toThrow(OptionsError);
    expect(() => it.redis.transaction(wrong, () => 0)).toThrow(OptionsError);
  }
  expect(it.wire.seen).toEqual([]);
});
