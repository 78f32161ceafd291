import { expect, test } from "vitest";
import { proxied } from "../support/proxied.ts";

const it = proxied({ commandTimeout: 0, reconnect: { base: 1, cap: 1 }, maxRetries: 1_000_000 });
const READS = 4_000;

/** How often the server has run GET. */
async function reads(): Promise<number> {
  const [info = ""] = await it.ask(["INFO", "commandstats"]);
  return Number(/cmdstat_get:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

test("R10: reads whose replies are lost again and again multiply no load", async () => {
  await it.ask(["CONFIG", "RESETSTAT"]);
  it.proxy.faults = [{ kind: "cut", at: { reply: 1, of: "GET" }, times: Infinity }];
  const outcomes = await Promise.allSettled(
    Array.from({ length: READS }, (_, i) => it.redis.get(`key ${i}`)),
  );
  const lost = outcomes.flatMap((outcome): unknown[] =>
    outcome.status === "rejected" ? [outcome.reason] : [],
  );
  expect(lost).toHaveLength(READS);
  for (const error of lost)
    expect(error).toMatchObject({ code: "CONNECTION_LOST", applied: false });
  expect(await reads()).toBeLessThanOrEqual(READS + 10_000);
  it.proxy.faults = [];
  expect(await it.redis.get("key")).toBeNull();
});

test("R2: a loss is followed by the repetition of all reads, if it is the only one", async () => {
  it.proxy.faults = [{ kind: "cut", at: { reply: 1, of: "GET" } }];
  const values = await Promise.all(
    Array.from({ length: READS }, (_, i) => it.redis.get(`key ${i}`)),
  );
  expect(values).toHaveLength(READS);
  expect(it.proxy.accepted).toBe(2);
});
