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
/** How many operations a round has at most. */
const OPERATIONS = 6_000;
/** The workload goes on beyond its time until all has happened that it is to show, or this long. */
const PATIENCE = 30_000;
const LIMIT = { timeout: 2 * PATIENCE };

/** What the server has in the end: how often it has run each write. */
interface Content {
  readonly times: ReadonlyMap<number, number>;
  readonly watched: number;
}

/** What was told, what is there, and what was done to the connections. */
interface Played {
  readonly ledger: Ledger;
  readonly content: Content;
  readonly chaos: Chaos;
}

type Retry = "reads" | "idempotent" | "always";

describe.each([
  { version: "redis-8.6", protocol: 3 },
  { version: "valkey-9.1", protocol: 2 },
] as const)("$version, RESP$protocol", ({ version, protocol }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version });
  });
  afterAll(() => server.stop());

  /** Runs the workload for a time, and again until all of it has happened. */
  async function play(retry: Retry, seconds: number): Promise<Played> {
    const proxy = await startProxy(server, { seed: SEED });
    onTestFinished(() => proxy.stop());
    const client = await Redis.connect({
      url: proxy.url,
      protocol,
      commandTimeout: 400,
      connectTimeout: 2_000,
      reconnect: { base: 1, cap: 20 },
    });
    onTestFinished(() => client.destroy());
    const direct = await Redis.connect(server.url);
    onTestFinished(() => direct.close());
    await direct.flushall();
    const ledger = new Ledger();
    const chaos = new Chaos(proxy);
    chaos.start();
    const random = new SeededRandom(SEED + 1);
    const outages = setInterval(() => void chaos.refuse(random.below(40)), 500);
    onTestFinished(() => clearInterval(outages));
    const callers = Array.from(
      { length: CALLERS },
      (_, index) => new Caller(client.with({ retry }), new SeededRandom(SEED + 2 + index), ledger),
    );
    const start = performance.now();
    let played: Played;
    do {
      const end = performance.now() + seconds * 1_000;
      const most = ledger.size + OPERATIONS;
      const mayGoOn = (): boolean => performance.now() < end && ledger.size < most;
      await Promise.all(callers.map((caller) => caller.run(mayGoOn)));
      played = { ledger, chaos, content: await contentOf(direct) };
    } while (missing(retry, played).length > 0 && performance.now() - start < PATIENCE);
    clearInterval(outages);
    client.destroy();
    await proxy.stop();
    // The server may still read what reached it.
    await expect.poll(async () => (await direct.clientList()).length).toBe(1);
    return { ledger, chaos, content: await contentOf(direct) };
  }

  test.each([
    ["reads", 3],
    ["idempotent", 1.5],
  ] as const)(
    `R5: acknowledged once, absent never, retry: %s; seed ${SEED}`,
    LIMIT,
    async (retry, seconds) => {
      const played = await play(retry, seconds);
      const { ledger, content } = played;
      expect(ledger.complaints).toEqual([]);
      const wrong = [...ledger.told].filter(([id, told]) => {
        const times = content.times.get(id) ?? 0;
        return told === "unknown" ? times > 1 : times !== (told === "acknowledged" ? 1 : 0);
      });
      expect(wrong).toEqual([]);
      // Each step of the counter is there, and none was lost to another caller's.
      expect(content.watched).toBe(stepsIn(played));
      expectSane(retry, played);
    },
  );

  const repeats = `R5: retry "always" repeats, but not what is said to be absent; seed ${SEED}`;
  test(repeats, LIMIT, async () => {
    const played = await play("always", 1.5);
    const { ledger, content } = played;
    expect(ledger.complaints).toEqual([]);
    const wrong = [...ledger.told].filter(([id, told]) => {
      const times = content.times.get(id) ?? 0;
      return told === "absent" ? times > 0 : told === "acknowledged" && times === 0;
    });
    expect(wrong).toEqual([]);
    expectSane("always", played);
  });
});

/** Nothing is there that nobody wrote, transactions are whole, and enough has happened. */
function expectSane(retry: Retry, played: Played): void {
  const { ledger, chaos } = played;
  const { times } = played.content;
  expect([...times.keys()].filter((id) => !ledger.told.has(id))).toEqual([]);
  const torn = ledger.groups.filter((group) => new Set(group.map((id) => times.has(id))).size > 1);
  expect(torn).toEqual([]);
  expect(missing(retry, played)).toEqual([]);
  if (process.env["TYPEDIS_SEED"] !== undefined) {
    const told = (["acknowledged", "absent", "unknown"] as const).map((it) => ledger.count(it));
    const counts = Object.fromEntries(chaos.counts());
    console.info(JSON.stringify({ told, echoes: ledger.echoes, ...counts }));
  }
}

/** What has not happened yet, of all that makes a workload worth a look. */
function missing(retry: Retry, played: Played): string[] {
  const { ledger, content, chaos } = played;
  const counts = chaos.counts();
  const has: Readonly<Record<string, boolean>> = {
    "a hundred acknowledged writes": ledger.count("acknowledged") > 100,
    "a write of an unknown fate": ledger.count("unknown") > 0,
    "a blocking command that got something": ledger.moves > 0,
    "a step under a WATCH": stepsIn(played) > 0,
    "a stall": (counts.get("freeze") ?? 0) > 0,
    "a cut": (counts.get("cut") ?? 0) + (counts.get("reset") ?? 0) > 0,
    "a repeated write": retry !== "always" || [...content.times.values()].some((it) => it > 1),
  };
  return Object.keys(has).filter((what) => has[what] === false);
}

/** How many steps of the counter are there, by the writes that were made with them. */
function stepsIn({ ledger, content }: Played): number {
  return [...ledger.steps].filter((id) => content.times.has(id)).length;
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
