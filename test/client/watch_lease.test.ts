/** P23: a watch block has a connection of its own, and gives back what its body returned. */
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { ArgumentError } from "../../src/index.ts";
import { proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 } });

test("P23: watched is on the leased connection, that of WATCH, MULTI and EXEC", async () => {
  const shared = await it.redis.clientId();
  const pipe = it.redis.pipeline();
  const leased = await pipe.watch("key", async (watched) => {
    const id = await watched.clientId();
    pipe.set("key", 1);
    return id;
  });
  expect(leased).not.toBe(shared);
  const [watch] = it.wire.named("WATCH");
  expect(watch?.argv).toEqual(["WATCH", "key"]);
  const names = it.wire.names(watch?.connection).slice(-5);
  expect(names).toEqual(["WATCH", "CLIENT", "MULTI", "SET", "EXEC"]);
  expect(watch?.connection).not.toBe(it.wire.named("CLIENT")[0]?.connection);
});

test("P23: the body waits for WATCH's OK", async () => {
  await it.redis.pipeline().watch("key", () => 0); // the pool's connection is open now
  it.wire.clear();
  it.proxy.hold("toClient");
  const body = vi.fn(() => 0);
  const watching = it.redis.pipeline().watch("key", body);
  await expect.poll(() => it.wire.count("WATCH")).toBe(1);
  await it.ask(["PING"]);
  expect(body).not.toHaveBeenCalled();
  it.proxy.release();
  await watching;
  expect(body).toHaveBeenCalledOnce();
});

test("P23: all keys go in one WATCH, as one key, an array or a Set", async () => {
  await it.redis.pipeline().watch("a", () => 0);
  await it.redis.pipeline().watch(["a", Buffer.from("b")], () => 0);
  await it.redis.pipeline().watch(new Set(["a", "b", "c"]), () => 0);
  expect(it.wire.named("WATCH").map(({ argv }) => argv.slice(1))).toEqual([
    ["a"],
    ["a", "b"],
    ["a", "b", "c"],
  ]);
});

test("P23: no keys, or what is no key, throws at the call and sends nothing", async () => {
  const pipe = it.redis.pipeline();
  const wrong = [[], new Set<string>(), [undefined], undefined, null, {}, Number.NaN, [["a"]]];
  for (const keys of wrong) {
    // @ts-expect-error these are no keys, all but the empty ones
    expect(() => pipe.watch(keys, () => 0)).toThrow(ArgumentError);
  }
  expect(await pipe.watch("key", (watched) => watched.get("key"))).toBeNull();
  expect(it.wire.names().filter((name) => name !== "HELLO" && name !== "CLIENT")).toEqual([
    "WATCH",
    "GET",
    "UNWATCH",
  ]);
});

test("P23: a body that is no function throws at the call and sends nothing", () => {
  const pipe = it.redis.pipeline();
  // @ts-expect-error the body is missing
  expect(() => pipe.watch("key")).toThrow(ArgumentError);
  // @ts-expect-error the body is no function
  expect(() => it.redis.transaction({ watch: "key" }, "body")).toThrow(ArgumentError);
  expect(() => it.redis.transaction({ watch: [] }, () => 0)).toThrow(ArgumentError);
  expect(it.wire.names()).toEqual([]);
  expect(pipe.isOpen).toBe(true);
});

test("P23: reads through watched and through the ordinary client are both guarded", async () => {
  await it.redis.mset({ a: "1", b: "2" });
  const pipe = it.redis.pipeline();
  const read = await pipe.watch(["a", "b"], async (watched) => {
    const both = [await watched.get("a"), await it.redis.get("b")];
    pipe.set("sum", Number(both[0]) + Number(both[1]));
    return both;
  });
  expect(read).toEqual(["1", "2"]);
  expect(await it.redis.get("sum")).toBe("3");
  const conflict = it.redis.pipeline();
  const failing = conflict.watch(["a", "b"], async () => {
    await it.redis.get("b");
    await it.ask(["SET", "b", "9"]);
    conflict.set("sum", 0);
  });
  await expect(failing).rejects.toMatchObject({ reason: "conflict" });
  expect(await it.redis.get("sum")).toBe("3");
});

describe.each([undefined, false, true])("with transaction: %s", (transaction) => {
  test("P23: what the body queued executes as MULTI/EXEC", async () => {
    const pipe = it.redis.pipeline({ transaction });
    await pipe.watch("key", () => {
      pipe.set("key", 1);
      pipe.incr("key");
    });
    expect(it.wire.names().slice(-5)).toEqual(["WATCH", "MULTI", "SET", "INCR", "EXEC"]);
    expect(pipe.results).toEqual([true, 2]);
  });
});

test("P23: MULTI to EXEC is one write", async () => {
  const pipe = it.redis.pipeline();
  await pipe.watch("key", () => {
    it.wire.clear();
    for (let i = 0; i < 100; i += 1) pipe.incr("key");
  });
  expect(it.wire.names()).toEqual(["MULTI", ...Array(100).fill("INCR"), "EXEC"]);
  expect(it.wire.chunks).toBe(1);
});

test("P23: resolves to what the body returned, handles replaced by replies", async () => {
  await it.redis.set("hits", 1);
  const pipe = it.redis.pipeline();
  const tuple = await pipe.watch("k", async () => [pipe.incr("hits"), pipe.get("hits"), "plain"]);
  expect(tuple).toEqual([2, "2", "plain"]);
  const record = await pipe.watch("k", () => ({ n: pipe.incr("hits"), deep: [[pipe.ping()]] }));
  expectTypeOf(record.n).toEqualTypeOf<number>();
  expect(record).toEqual({ n: 3, deep: [["PONG"]] });
  const bare = await pipe.watch("k", () => pipe.incr("hits"));
  expectTypeOf(bare).toEqualTypeOf<number>();
  expect(bare).toBe(4);
  const converted = await pipe.watch("k", () => [pipe.get("hits").as(Number)] as const);
  expectTypeOf(converted).toEqualTypeOf<[number]>();
  expect(converted).toEqual([4]);
  const date = new Date(0);
  expect(await pipe.watch("k", () => date)).toBe(date);
  const nothing = await pipe.watch("k", () => {
    pipe.set("hits", 0);
    pipe.get("hits");
  });
  expectTypeOf(nothing).toEqualTypeOf<readonly unknown[]>();
  expect(nothing).toEqual([true, "0"]);
});

test("P23: nothing queued means UNWATCH only", async () => {
  const id = await it.redis.pipeline().watch("key", (watched) => watched.clientId());
  expect(it.wire.names().slice(-3)).toEqual(["WATCH", "CLIENT", "UNWATCH"]);
  expect(it.wire.count("MULTI") + it.wire.count("EXEC")).toBe(0);
  const [list] = await it.ask(["CLIENT", "LIST", "ID", String(id)]);
  expect(list).toMatch(/ watch=0 /);
});

test("P23: the server counts the watched keys of the leased connection only", async () => {
  const pipe = it.redis.pipeline();
  await pipe.watch(["a", "b"], async (watched) => {
    const [mine, all] = [await watched.clientId(), await it.ask(["CLIENT", "LIST"])];
    const lines = String(all).split("\n");
    expect(lines.filter((line) => line.includes(" watch=2 "))).toHaveLength(1);
    expect(lines.find((line) => line.includes(" watch=2 "))).toContain(`id=${mine} `);
  });
});

test("P23: watched of a bytes view reads bytes", async () => {
  const bytes = Buffer.from([0xff, 0, 0x0d, 0x0a]);
  await it.redis.set("raw", bytes);
  const pipe = it.redis.bytes.pipeline();
  const [before, after] = await pipe.watch("raw", async (watched) => {
    const value = await watched.get("raw");
    expectTypeOf(value).toEqualTypeOf<Buffer | null>();
    return [value, pipe.get("raw")] as const;
  });
  expect([before, after]).toEqual([bytes, bytes]);
});

test("P23: watched refuses what would end the watch, and ends with its block", async () => {
  const pipe = it.redis.pipeline();
  const watched = await pipe.watch("key", async (client) => {
    expect(() => client.call("SELECT", 1)).toThrow(ArgumentError);
    pipe.set("key", 1);
    return () => client;
  });
  expect(() => watched().get("key")).toThrow(/watch block of this client has ended/);
});
