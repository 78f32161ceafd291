/** R1, R2: what waited in a lost connection was never written, and is sent on the next. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { integer, script } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 5 } });
const one = script("return 1", { keys: [], args: [], reply: integer });

test("a transaction that waited in a lost connection loads its scripts on the next", async () => {
  expect(await it.redis.run(one, [], [])).toBe(1);
  await it.ask(["SCRIPT", "FLUSH"]);
  // More than the kernel takes: what comes after it is not written.
  const blocked = failureOf(it.redis.set("big", Buffer.alloc(48 * 1024 * 1024)));
  await setImmediate();
  const tx = it.redis.pipeline({ transaction: true });
  tx.set("key", "mine");
  tx.run(one, [], []);
  const executing = tx.execute();
  await setImmediate();
  it.proxy.cut();
  expect(await blocked).toMatchObject({ applied: "unknown" });
  expect(await executing).toEqual([true, 1]);
});

test("a write that waited in a lost connection is sent on the next, once", async () => {
  const blocked = failureOf(it.redis.set("big", Buffer.alloc(48 * 1024 * 1024)));
  await setImmediate();
  const waiting = it.redis.incr("n");
  await setImmediate();
  it.proxy.cut();
  expect(await blocked).toMatchObject({ applied: "unknown" });
  expect(await waiting).toBe(1);
  expect(await it.ask(["GET", "n"])).toEqual(["1"]);
});
