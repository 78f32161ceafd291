import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  BusyError,
  ClusterDownError,
  LoadingError,
  MasterDownError,
  QueueFullError,
  ReadOnlyError,
  Redis,
  type RedisOptions,
  script,
  TimeoutError,
  TryAgainError,
} from "../../src/index.ts";
import { keySlot } from "../../src/protocol/slot.ts";
import {
  type ServerOptions,
  startCluster,
  startServer,
  type TestServer,
} from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

let server: TestServer;
let redis: Redis;
/** Brings the server into its states, over a connection that is never refused. */
let admin: Redis;
const open: AsyncDisposable[] = [];

async function start(options: ServerOptions = {}, client: RedisOptions = {}): Promise<void> {
  server = await startServer(options);
  redis = await connect(client);
  admin = await connect({});
}

async function connect(options: RedisOptions): Promise<Redis> {
  const client = await Redis.connect({
    url: server.url,
    reconnect: { base: 2, cap: 10 },
    ...options,
  });
  open.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((it) => it[Symbol.asyncDispose]()));
  await server.stop();
});

/** A back-off that is never over, whatever chance makes of it: waits end at their deadlines. */
const NEVER = { base: 2_000_000_000, cap: 2_000_000_000 };

/** What the client rejects with when it does not repeat, so that the state is known to hold. */
async function refused(client: Redis): Promise<unknown> {
  for (;;) {
    try {
      await client.with({ retry: "never" }).exists("probe");
    } catch (error) {
      return error;
    }
  }
}

/** How often the server has answered CLUSTERDOWN. */
async function refusals(): Promise<number> {
  const info = await admin.info("errorstats");
  return Number(/count=(\d+)/.exec(info["errorstat_CLUSTERDOWN"] ?? "")?.[1] ?? 0);
}

/** Makes the server load its data, for so long that many commands are refused meanwhile. */
async function reload(): Promise<{ readonly done: Promise<unknown> }> {
  await admin.pipeline((pipe) => {
    for (let i = 0; i < 300; i += 1) pipe.set(`filler ${i}`, "x".repeat(2_000));
  });
  await admin.configSet({
    "key-load-delay": 1_000,
    "loading-process-events-interval-bytes": 1_024,
  });
  return { done: admin.with({ timeout: 30_000 }).call("DEBUG", "RELOAD") };
}

describe("R2: LOADING", () => {
  beforeEach(() => start({ config: { "enable-debug-command": "yes" } }));

  test("commands, a pipeline and a transaction wait until the data are loaded", async () => {
    const { done } = await startReload();
    const outcomes = Promise.all([
      redis.incr("single"),
      redis.pipeline((pipe) => [pipe.incr("piped"), pipe.incr("piped")]),
      redis.pipeline({ transaction: true }, (tx) => [tx.incr("n"), tx.incr("n")]),
      redis.incr("single"),
    ]);
    expect(await outcomes).toEqual([1, [1, 2], [1, 2], 2]);
    await done;
  });

  test("with retry: never the error comes at once, and says that nothing was applied", async () => {
    const { done } = await startReload();
    const error = await failureOf(redis.with({ retry: "never" }).incr("n"));
    await done;
    expect(error).toBeInstanceOf(LoadingError);
    expect(error).toMatchObject({ code: "LOADING", applied: false, attempts: 1 });
    expect(await redis.get("n")).toBeNull();
  });

  test("an aborted command leaves the queue; those behind it are executed", async () => {
    const { done } = await startReload();
    const controller = new AbortController();
    const aborted = failureOf(redis.with({ signal: controller.signal }).incr("n"));
    const behind = redis.incr("n");
    await refused(redis);
    controller.abort();
    expect(await aborted).toMatchObject({ code: "ABORTED", applied: false });
    expect(await behind).toBe(1);
    await done;
  });

  test("close() rejects what still waits, as not applied", async () => {
    const { done } = await startReload();
    const waiting = failureOf(redis.incr("n"));
    await refused(redis);
    redis.destroy();
    expect(await waiting).toMatchObject({ code: "CLOSED", applied: false });
    await done;
  });

  /** @returns when the server has been seen loading; resolves to the end of it */
  async function startReload(): Promise<{ readonly done: Promise<unknown> }> {
    const { done } = await reload();
    expect(await refused(redis)).toBeInstanceOf(LoadingError);
    return { done };
  }
});

describe("R2: BUSY", () => {
  beforeEach(() => start({ config: { "busy-reply-threshold": 1 } }));

  test("commands wait until the script has ended", async () => {
    const spinning = failureOf(admin.eval("while true do end"));
    expect(await refused(redis)).toBeInstanceOf(BusyError);
    const waiting = Promise.all([redis.incr("n"), redis.incr("n")]);
    await (await connect({})).scriptKill();
    expect(await waiting).toEqual([1, 2]);
    await spinning;
  });

  test("SCRIPT KILL does not wait behind what the script makes the server refuse", async () => {
    const spinning = failureOf(admin.eval("while true do end"));
    expect(await refused(redis)).toBeInstanceOf(BusyError);
    const waiting = Promise.all([redis.incr("n"), redis.incr("n")]);
    await failureOf(redis.with({ retry: "never" }).get("key"));
    expect(await redis.scriptKill()).toBe(true);
    expect(await waiting).toEqual([1, 2]);
    await spinning;
  });
});

describe("R2: MASTERDOWN", () => {
  beforeEach(() => start({ config: { "replica-serve-stale-data": "no" } }));

  test("commands wait until the server has data to serve", async () => {
    await admin.set("key", "value");
    await admin.replicaof("127.0.0.1", 1);
    expect(await refused(redis)).toBeInstanceOf(MasterDownError);
    const waiting = redis.get("key");
    await admin.replicaof("NO ONE");
    expect(await waiting).toBe("value");
  });

  test("R7: who waited behind a refused command is told why when the deadline passes", async () => {
    await admin.replicaof("127.0.0.1", 1);
    const patient = await connect({ reconnect: NEVER });
    const limited = patient.with({ timeout: 1_500 });
    expect(await failureOf(limited.get("key"))).toBeInstanceOf(MasterDownError);
    const error = await failureOf(limited.get("key"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ applied: false, attempts: 0 });
    expect(error).toHaveProperty("message", expect.stringMatching(/waiting.*MASTERDOWN/));
  });

  test("R10: close() does not wait for what was given up while the server refused it", async () => {
    await admin.replicaof("127.0.0.1", 1);
    const patient = await connect({
      closeTimeout: 1_000_000,
      reconnect: NEVER,
    });
    const given = failureOf(patient.with({ timeout: 1_500 }).get("key"));
    expect(await given).toBeInstanceOf(MasterDownError);
    await patient.close();
  });

  test("past the deadline a command rejects with what the server said", async () => {
    await admin.replicaof("127.0.0.1", 1);
    const patient = await connect({ reconnect: NEVER });
    const error = await failureOf(patient.with({ timeout: 1_500 }).get("key"));
    expect(error).toBeInstanceOf(MasterDownError);
    expect(error).toMatchObject({ applied: false, code: "MASTERDOWN", attempts: 1 });
  });
});

describe("R2: CLUSTERDOWN", () => {
  beforeEach(() => start({ config: { "cluster-enabled": "yes" } }));

  test("with retry: never it is told at once on connections of one's own, too", async () => {
    const view = redis.with({ retry: "never" });
    const text = script("return redis.call('GET', KEYS[1])", { keys: ["key"], args: [] });
    const once = { code: "CLUSTERDOWN", attempts: 1 };
    expect(await failureOf(view.blpop("queue", 1))).toMatchObject(once);
    await view.session(async (session) => {
      expect(await failureOf(session.get("key"))).toMatchObject(once);
      expect(await failureOf(session.run(text, ["key"], []))).toMatchObject(once);
    });
    const watch = { watch: "key", retry: "never" } as const;
    expect(await failureOf(redis.transaction(watch, () => 0))).toMatchObject(once);
    expect(await failureOf(view.transaction({ watch: "key" }, () => 0))).toMatchObject(once);
  });

  test("commands wait until the slots are served", async () => {
    expect(await refused(redis)).toBeInstanceOf(ClusterDownError);
    const waiting = redis.incr("n");
    await admin.clusterAddslotsrange({ start: 0, end: 16_383 });
    expect(await waiting).toBe(1);
  });
});

test("R2: a command over keys that are being moved waits until they are together", async () => {
  await using cluster = await startCluster({ primaries: 2 });
  const [source, target] = cluster.nodes;
  if (source === undefined || target === undefined) throw new Error("two nodes were asked for");
  await using client = await Redis.connect({ url: source.url, reconnect: { base: 2, cap: 10 } });
  await using other = await Redis.connect(target.url);
  const tag = ["a", "b", "c", "d"].find((it) => keySlot(it) < 8_192) ?? "";
  const keys = [`{${tag}}1`, `{${tag}}2`];
  await client.set(`{${tag}}1`, "here");
  await client.call("CLUSTER", "SETSLOT", keySlot(tag), "MIGRATING", await other.clusterMyid());
  const error = await failureOf(client.with({ retry: "never" }).mget(keys));
  expect(error).toBeInstanceOf(TryAgainError);
  const waiting = client.mget(keys);
  await client.call("CLUSTER", "SETSLOT", keySlot(tag), "STABLE");
  expect(await waiting).toEqual(["here", null]);
});

describe("R2: READONLY", () => {
  let primary: TestServer;

  beforeEach(async () => {
    await start();
    primary = await startServer();
  });
  afterEach(() => primary.stop());

  test("a primary that became a replica is left for the one that the name now means", async () => {
    let port = server.port;
    const moving = await connect({
      openStream: ({ host }) => createConnection({ host, port }),
    });
    await moving.set("key", "old");
    port = primary.port;
    await admin.replicaof(primary.host, primary.port);
    expect(await moving.set("key", "new")).toBe(true);
    await using there = await Redis.connect(primary.url);
    expect(await there.get("key")).toBe("new");
  });

  test("R6: a write that a read has overtaken is not sent again behind it", async () => {
    await redis.set("key", "old");
    await admin.replicaof(primary.host, primary.port);
    const written = failureOf(redis.set("key", "new"));
    const read = redis.exists("other");
    expect(await written).toBeInstanceOf(ReadOnlyError);
    expect(await written).toMatchObject({ applied: false, attempts: 1 });
    await read;
  });

  test("a primary that became a replica is left also while others read from it", async () => {
    let port = server.port;
    const moving = await connect({ openStream: ({ host }) => createConnection({ host, port }) });
    await moving.set("key", "old");
    port = primary.port;
    await admin.replicaof(primary.host, primary.port);
    const moved = new Promise((resolve) => moving.on("connect", resolve));
    const written = failureOf(moving.set("key", "new"));
    const read = moving.exists("other");
    expect(await written).toMatchObject({ code: "READONLY", applied: false });
    await read;
    await moved;
    expect(await moving.set("key", "new")).toBe(true);
  });

  test("a blocking write on its own connection rejects with what the server said", async () => {
    await redis.blpop("queue", 0.01);
    await admin.replicaof(primary.host, primary.port);
    const error = await failureOf(redis.blpop("queue", 1));
    expect(error).toBeInstanceOf(ReadOnlyError);
    expect(error).toMatchObject({ applied: false });
  });

  test("who connected to a replica is told at once", async () => {
    await admin.replicaof(primary.host, primary.port);
    const late = await connect({});
    let losses = 0;
    late.on("disconnect", () => {
      losses += 1;
    });
    expect(await failureOf(late.set("key", "value"))).toBeInstanceOf(ReadOnlyError);
    expect(losses).toBe(0);
  });
});

test("R7: nothing is sent again after its deadline, however late the back-off ends", async () => {
  await start({ config: { "cluster-enabled": "yes" } });
  const chance = vi.spyOn(Math, "random").mockReturnValue(0.9);
  onTestFinished(() => chance.mockRestore());
  const patient = await connect({ reconnect: { base: 1_000, cap: 1_000 } });
  const before = await refusals();
  const given = failureOf(patient.with({ timeout: 800 }).incr("n"));
  await expect.poll(refusals).toBeGreaterThan(before);
  await sleep(100); // the client has read it, too
  // The deadline passes, and then the back-off ends, before anybody can look at either.
  for (const end = performance.now() + 1_000; performance.now() < end; );
  const error = await given;
  expect(error).toBeInstanceOf(ClusterDownError);
  expect(error).toMatchObject({ applied: false, attempts: 1 });
});

describe("R6: while the server refuses", () => {
  beforeEach(() => start({ config: { "cluster-enabled": "yes" } }));

  test("commands that were sent later stay behind, whatever they are", async () => {
    expect(await refused(redis)).toBeInstanceOf(ClusterDownError);
    const all: Promise<unknown>[] = [];
    for (let place = 0; place < 40; place += 1) {
      if (place % 3 === 0) {
        const pipe = redis.pipeline({ transaction: place % 2 === 0 });
        pipe.rpush("list", place);
        all.push(pipe.execute());
      } else {
        all.push(redis.rpush("list", place));
      }
      if (place % 10 === 0) await failureOf(admin.with({ retry: "never" }).get("key"));
    }
    await admin.clusterAddslotsrange({ start: 0, end: 16_383 });
    await Promise.all(all);
    expect(await redis.lrange("list", 0, -1)).toEqual([...all.keys()].map(String));
  });

  test("R11: what waits counts towards maxQueuedBytes, however often it was tried", async () => {
    const value = "x".repeat(64 * 1024);
    const limited = await connect({ maxQueuedBytes: 3 * value.length });
    const held = limited.incr("n");
    const others = await refusals();
    await expect.poll(() => refusals()).toBeGreaterThan(others);
    const waiting = [0, 1, 2].map((n) => limited.set(`key ${n}`, value));
    const tried = await refusals();
    await expect.poll(() => refusals()).toBeGreaterThan(tried + 2);
    expect(await failureOf(limited.set("one too many", value))).toBeInstanceOf(QueueFullError);
    await admin.clusterAddslotsrange({ start: 0, end: 16_383 });
    expect(await Promise.all([held, ...waiting])).toEqual([1, true, true, true]);
  });

  test("S1: replies keep to their commands, with aborts and deadlines in between", async () => {
    expect(await refused(redis)).toBeInstanceOf(ClusterDownError);
    const outcomes: Promise<unknown>[] = [];
    for (let i = 0; i < 300; i += 1) {
      const view = i % 5 === 0 ? redis.with({ timeout: 1 + (i % 40) }) : redis;
      outcomes.push(
        view.getset(`key ${i}`, i).then(
          () => view.get(`key ${i}`),
          () => undefined,
        ),
      );
      if (i % 50 === 0) await failureOf(admin.with({ retry: "never" }).get("key"));
    }
    await admin.clusterAddslotsrange({ start: 0, end: 16_383 });
    const values = await Promise.all(outcomes);
    values.forEach((value, i) => expect([undefined, String(i)]).toContain(value));
    expect(values.filter((value) => value !== undefined).length).toBeGreaterThanOrEqual(240);
  });
});
