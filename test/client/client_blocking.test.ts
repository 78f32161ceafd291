/** R9: blocking commands have connections of their own, from a pool with a limit. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { AbortError, ConnectionLostError, TimeoutError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 2 } });

/** Waits until so many clients are blocked in the server. */
async function blocked(count: number): Promise<void> {
  await expect
    .poll(() => it.ask(["INFO", "clients"]))
    .toEqual([expect.stringContaining(`blocked_clients:${count}\r\n`)]);
}

test("a blocking command does not delay others, whatever surface issues it", async () => {
  const popped = it.redis.blpop("queue", 0);
  const pipe = it.redis.pipeline();
  pipe.set("a", 1);
  pipe.blpop("other", 0);
  const executed = pipe.execute();
  await blocked(2);
  expect(await it.redis.set("key", "value")).toBe(true);
  expect(await it.redis.pipeline((p) => [p.get("key")])).toEqual(["value"]);
  await it.redis.rpush("queue", "item");
  await it.redis.rpush("other", "item");
  expect(await popped).toMatchObject({ value: "item" });
  expect(await executed).toMatchObject([true, { value: "item" }]);
});

test("no more than pool.max connections are open; who comes then is served in order", async () => {
  const connections = it.proxy.accepted;
  const waiting = [1, 2, 3, 4, 5].map((n) => it.redis.blpop(`queue:${n}`, 0));
  await blocked(2);
  for (const n of [1, 2, 3, 4, 5]) await it.ask(["RPUSH", `queue:${n}`, String(n)]);
  const values = await Promise.all(waiting);
  expect(values.map((value) => value?.value)).toEqual(["1", "2", "3", "4", "5"]);
  const order = it.wire.named("BLPOP").map(({ argv }) => argv[1]);
  expect(order).toEqual([1, 2, 3, 4, 5].map((n) => `queue:${n}`));
  expect(it.proxy.accepted - connections).toBe(2);
});

test("a command may block longer than commandTimeout", async () => {
  const redis = await it.connect({ commandTimeout: 1_000 });
  const popped = [redis.blpop("queue:1", 0), redis.blpop("queue:2", 30)];
  await sleep(1_500);
  for (const n of [1, 2]) await it.ask(["RPUSH", `queue:${n}`, "item"]);
  expect(await Promise.all(popped)).toMatchObject([{ value: "item" }, { value: "item" }]);
});

test("a server that does not answer in its own time and the deadline is given up", async () => {
  const redis = await it.connect({ commandTimeout: 1_000 });
  await redis.blpop("nothing", 0.01);
  it.proxy.hold("toClient");
  const error = await failureOf(redis.blpop("nothing", 0.1));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ applied: "unknown", command: "BLPOP nothing 0.1" });
});

test("a timeout of the view holds for a blocking command as it is", async () => {
  const error = await failureOf(it.redis.with({ timeout: 50 }).blpop("nothing", 0));
  expect(error).toBeInstanceOf(TimeoutError);
  await blocked(0);
});

test("R8: a signal ends a blocking command and frees its place", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = [1, 2].map(() => failureOf(it.redis.with({ signal }).blpop("queue", 0)));
  const next = it.redis.blpop("queue", 0);
  await blocked(2);
  controller.abort("enough");
  for (const error of await Promise.all(waiting)) {
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ applied: "unknown", cause: "enough" });
  }
  await blocked(1);
  await it.ask(["RPUSH", "queue", "item"]);
  expect(await next).toMatchObject({ value: "item" });
  expect(await it.ask(["LLEN", "queue"])).toEqual(["0"]);
});

test("R8: a signal that has fired sends nothing", async () => {
  const error = await failureOf(it.redis.with({ signal: AbortSignal.abort() }).blpop("queue", 0));
  expect(error).toMatchObject({ code: "ABORTED", applied: false });
  expect(it.wire.count("BLPOP")).toBe(0);
});

test("a lost connection says that the command may have popped something", async () => {
  const popped = failureOf(it.redis.blpop("queue", 0));
  await blocked(1);
  it.proxy.cut();
  const error = await popped;
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(error).toMatchObject({ applied: "unknown", command: "BLPOP queue 0" });
});

test("blocking commands by call() and run() have connections of their own, too", async () => {
  const popped = it.redis.call("blpop", "queue", "0");
  const read = it.redis.call("XREAD", "BLOCK", "0", "STREAMS", "stream", "$");
  await blocked(2);
  expect(await it.redis.ping()).toBe("PONG");
  await it.ask(["RPUSH", "queue", "item"], ["XADD", "stream", "1-1", "field", "value"]);
  expect(await popped).toEqual(["queue", "item"]);
  expect(await read).toBeInstanceOf(Map);
});

test("a command that may block for ever tells when it cannot even begin", async () => {
  const impatient = await it.connect({ pool: { max: 1 }, commandTimeout: 1_000 });
  const popped = impatient.blpop("queue", 0);
  await blocked(1);
  const error = await failureOf(impatient.blpop("queue", 0));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toHaveProperty("applied", false);
  await it.redis.rpush("queue", "item");
  expect(await popped).toMatchObject({ value: "item" });
});
