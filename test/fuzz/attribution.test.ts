/**
 * S1, R6: tags that come back through a proxy, while connections are killed, cut and spoilt, and
 * callers give up. The seed is in the name of the test: `TYPEDIS_SEED=…` makes the same decisions.
 */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { Redis, RedisError } from "../../src/index.ts";
import type { ProxyConnection } from "../../src/testing/index.ts";
import { SeededRandom } from "../../src/testing/random.ts";
import { proxied } from "../support/proxied.ts";

const SEED = Number(process.env["TYPEDIS_SEED"] ?? randomInt(2 ** 32));
const CALLERS = 8;
/** How many rounds each caller asks at least, and at most until each trouble has happened. */
const ROUNDS = 60;
const MAX_ROUNDS = 3_000;

/** Bytes that no server sends: nothing of them can be taken for a reply. */
const WRONG = ["\0", "*1e3\r\n", "$-2\r\n", "HTTP/1.1 400 Bad Request\r\n", "%-1\r\n", "+a\n"];
/** What a server may send at any time; it is nobody's reply. */
const PUSH = ">2\r\n+invalidate\r\n*1\r\n$3\r\nkey\r\n";

const it = proxied({ commandTimeout: 2_000, reconnect: { base: 1, cap: 5 }, pool: { max: 4 } });

/** Counts how often what happened. */
type Counts = Record<"answered" | "failed" | "killed" | "cut" | "spoilt", number>;

test(`S1, R6: every value that resolves is the caller's own; seed ${SEED}`, async () => {
  const counts: Counts = { answered: 0, failed: 0, killed: 0, cut: 0, spoilt: 0 };
  const direct = await Redis.connect(it.server.url);
  onTestFinished(() => direct.close());
  const callers = Array.from({ length: CALLERS }, (_, id) => call(id, counts));
  const ended = Promise.all(callers);
  const stop = disturb(direct, counts);
  const complaints = (await ended).flat();
  await stop();
  expect(complaints).toEqual([]);
  expect(missing(counts)).toEqual([]);
  const tags = Array.from({ length: 500 }, (_, index) => `last ${index}`);
  expect(await Promise.all(tags.map((tag) => it.redis.with({ timeout: 0 }).echo(tag)))).toEqual(
    tags,
  );
});

/** What has not happened yet. */
function missing(counts: Counts): string[] {
  return Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [what] : []));
}

/** Asks for tags, in every way, and gives some of them up. @returns what was wrong */
async function call(id: number, counts: Counts): Promise<string[]> {
  const random = new SeededRandom(SEED + id);
  const complaints: string[] = [];
  const mustGoOn = (): boolean => missing(counts).length > 0;
  for (let round = 0; round < ROUNDS || (round < MAX_ROUNDS && mustGoOn()); round += 1) {
    const tags = Array.from({ length: 1 + random.below(8) }, (_, index) => {
      const padding = random.happens(0.1) ? "p".repeat(random.below(100_000)) : "";
      return `caller ${id}, round ${round}, ${index}${padding}`;
    });
    const view = impatient(random);
    const outcomes = await Promise.allSettled(ask(view, random, tags));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") counts.failed += 1;
      else counts.answered += 1;
      const isRight =
        outcome.status === "fulfilled"
          ? outcome.value === tags[index]
          : outcome.reason instanceof RedisError;
      if (!isRight) complaints.push(`${tags[index]?.slice(0, 50)}: ${outcome.status}`);
    }
  }
  return complaints;
}

/** A view that may give up soon. */
function impatient(random: SeededRandom): Redis {
  const way = random.below(4);
  if (way === 0) return it.redis.with({ timeout: 1 + random.below(10) });
  if (way === 1) return it.redis.with({ signal: AbortSignal.timeout(random.below(10)) });
  return it.redis;
}

/** One promise for each tag. */
function ask(redis: Redis, random: SeededRandom, tags: readonly string[]): Promise<string>[] {
  const way = random.below(5);
  if (way === 0) return tags.map((tag) => redis.echo(tag));
  if (way === 1) return tags.map((tag) => redis.session((session) => session.echo(tag)));
  if (way === 2) {
    return tags.map((tag) => redis.pipeline().watch("key", (watched) => watched.echo(tag)));
  }
  const pipe = redis.pipeline({ transaction: way === 3 });
  const handles = tags.map((tag) => pipe.echo(tag));
  const executed = pipe.execute();
  return handles.map(async (handle) => {
    await executed.catch(() => {});
    return handle;
  });
}

/** Disturbs until it is stopped. */
function disturb(direct: Redis, counts: Counts): () => Promise<void> {
  const random = new SeededRandom(SEED + 1_000);
  const end = new AbortController();
  spoil(new SeededRandom(SEED + 2_000), counts);
  const running = (async () => {
    while (!end.signal.aborted) {
      await sleep(20 + random.below(40));
      if (random.happens(0.5)) {
        counts.killed += await direct.clientKill({ type: "normal", skipMe: true });
      } else {
        it.proxy.cut();
        counts.cut += 1;
      }
    }
  })();
  return async () => {
    end.abort();
    it.proxy.onServerBytes = undefined;
    await running;
  };
}

/** Puts pushes and wrong bytes ahead of some of what the server sends. */
function spoil(random: SeededRandom, counts: Counts): void {
  const lost = new WeakSet<ProxyConnection>();
  it.proxy.onServerBytes = (_, connection) => {
    if (lost.has(connection)) return "forward";
    if (random.happens(0.1)) connection.send("toClient", Buffer.from(PUSH));
    if (!random.happens(0.03)) return "forward";
    counts.spoilt += 1;
    lost.add(connection);
    const wrong = WRONG[random.below(WRONG.length)] ?? "";
    connection.send("toClient", Buffer.from(wrong, "latin1"));
    return "forward";
  };
}
