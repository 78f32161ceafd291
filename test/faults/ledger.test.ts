/**
 * R5: numbered writes through a proxy that delays, splits, drips, cuts, resets and swallows, and
 * then a look at what the server has. The seed is in the name of each test: `TYPEDIS_SEED=… npx
 * vitest run test/faults/ledger.test.ts` makes the same decisions again.
 */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Redis } from "../../src/index.ts";
import { startProxy, startServer, type TestServer } from "../../src/testing/index.ts";
import { SeededRandom } from "../../src/testing/random.ts";
import { Chaos } from "./chaos.ts";
import { Caller, Ledger, PLACES, WATCHED } from "./workload.ts";

const SEED = Number(process.env["TYPEDIS_SEED"] ?? randomInt(2 ** 32));
const CALLERS = 16;
const OPERATIONS = 6_000;

/** What the server has in the end: how often it has run each write. */
interface Content {
  readonly times: ReadonlyMap<number, number>;
  readonly watched: number;
}

describe.each([
  { version: "redis-8.6", protocol: 3 },
  { version: "valkey-9.1", protocol: 2 },
] as const)("$version, RESP$protocol", ({ version, protocol }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version });
  });
  afterAll(() => server.stop());

  /** Runs the workload. @returns what was told, and what is there */
  async function play(
    retry: "reads" | "idempotent" | "always",
    seconds: number,
  ): Promise<{ ledger: Ledger; content: Content; chaos: Chaos }> {
    const proxy = await startProxy(server, { seed: SEED });
    onTestFinished(() => proxy.stop());
    const client = await Redis.connect({
      url: proxy.url,
      protocol,
      commandTimeout: 400,
      connectTimeout: 300,
      reconnect: { base: 1, cap: 20 },
    });
    onTestFinished(() => client.destroy());
    const direct = await Redis.connect(server.url);
    onTestFinished(() => direct.close());
    await direct.flushall();
    const ledger = new Ledger();
    const chaos = new Chaos(proxy);
    chaos.start();
    const end = performance.now() + seconds * 1_000;
    const mayGoOn = (): boolean => performance.now() < end && ledger.size < OPERATIONS;
    const random = new SeededRandom(SEED + 1);
    const outages = setInterval(() => void chaos.refuse(random.below(40)), 500);
    const callers = Array.from(
      { length: CALLERS },
      (_, index) => new Caller(client.with({ retry }), new SeededRandom(SEED + 2 + index), ledger),
    );
    await Promise.all(callers.map((caller) => caller.run(mayGoOn)));
    clearInterval(outages);
    client.destroy();
    await proxy.stop();
    // The server may still read what reached it.
    await expect.poll(async () => (await direct.clientList()).length).toBe(1);
    return { ledger, content: await contentOf(direct), chaos };
  }

  test.each([
    ["reads", 3],
    ["idempotent", 1.5],
  ] as const)(
    `R5: acknowledged once, absent never, retry: %s; seed ${SEED}`,
    async (retry, seconds) => {
      const { ledger, content, chaos } = await play(retry, seconds);
      expect(ledger.complaints).toEqual([]);
      const wrong = [...ledger.told].filter(([id, told]) => {
        const times = content.times.get(id) ?? 0;
        return told === "unknown" ? times > 1 : times !== (told === "acknowledged" ? 1 : 0);
      });
      expect(wrong).toEqual([]);
      expectSane(ledger, content, chaos);
      const steps = [...ledger.steps].filter((id) => content.times.has(id));
      // Each step of the counter is there, and none was lost to another caller's.
      expect(steps.length).toBeGreaterThan(0);
      expect(content.watched).toBe(steps.length);
    },
  );

  test(`R5: retry "always" repeats, but not what is said to be absent; seed ${SEED}`, async () => {
    const { ledger, content, chaos } = await play("always", 1.5);
    expect(ledger.complaints).toEqual([]);
    const wrong = [...ledger.told].filter(([id, told]) => {
      const times = content.times.get(id) ?? 0;
      return told === "absent" ? times > 0 : told === "acknowledged" && times === 0;
    });
    expect(wrong).toEqual([]);
    expect([...content.times.values()].some((times) => times > 1)).toBe(true);
    expectSane(ledger, content, chaos);
  });
});

/** Nothing is there that nobody wrote, transactions are whole, and enough has happened. */
function expectSane(ledger: Ledger, { times }: Content, chaos: Chaos): void {
  expect([...times.keys()].filter((id) => !ledger.told.has(id))).toEqual([]);
  const torn = ledger.groups.filter((group) => new Set(group.map((id) => times.has(id))).size > 1);
  expect(torn).toEqual([]);
  expect(ledger.count("acknowledged")).toBeGreaterThan(100);
  expect(ledger.count("unknown")).toBeGreaterThan(0);
  expect(ledger.moves).toBeGreaterThan(0);
  const counts = chaos.counts();
  expect(counts.get("freeze")).toBeGreaterThan(0);
  expect((counts.get("cut") ?? 0) + (counts.get("reset") ?? 0)).toBeGreaterThan(0);
  if (process.env["TYPEDIS_SEED"] !== undefined) {
    const told = (["acknowledged", "absent", "unknown"] as const).map((it) => ledger.count(it));
    console.info(JSON.stringify({ told, echoes: ledger.echoes, ...Object.fromEntries(counts) }));
  }
}

async function contentOf(redis: Redis): Promise<Content> {
  const times = new Map<number, number>();
  const add = (id: number, count: number): void => void times.set(id, (times.get(id) ?? 0) + count);
  for (const place of PLACES) {
    for (const value of await redis.lrange(place, 0, -1)) add(Number.parseInt(value, 10), 1);
  }
  for (const key of await redis.keys("set:*")) add(Number(key.slice(4)), 1);
  for (const key of await redis.keys("incr:*"))
    add(Number(key.slice(5)), Number(await redis.get(key)));
  return { times, watched: Number(await redis.get(WATCHED)) };
}
