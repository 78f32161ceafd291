/**
 * `npm run demo`: counts the words of this project's dependencies through pipelines, and lets eight
 * tasks race for two accounts in WATCH transactions.
 *
 * Starts a server of its own; with `REDIS_URL` it uses that one, below a prefix of its own, and
 * removes what it stored.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Redis } from "typedis";
import { startServer } from "typedis/testing";
import { type CountedFile, countFile, countPackages, findTexts } from "./demo/corpus.ts";
import { DemoKeys, raceTransfers, storeWords, timeRoundTrips } from "./demo/parts.ts";
import { chart, count, line, paint, seconds, title, verdict } from "./demo/terminal.ts";

/** Of the compiled program; its source is one folder less deep. */
const DEPENDENCIES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const MAX_BYTES = 8_000_000;
const SAMPLE = 2_000;
const RACE = { tasks: 8, each: 25, points: 1_000 };

interface Check {
  readonly isTrue: boolean;
  readonly text: string;
}

async function countWords(redis: Redis, keys: DemoKeys): Promise<number> {
  title("1. The words of this project's dependencies, counted through pipelines");
  const start = performance.now();
  const paths = findTexts(DEPENDENCIES, MAX_BYTES);
  const files = paths.map((path) => countFile(DEPENDENCIES, path));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const words = files.reduce((sum, { total }) => sum + total, 0);
  line(
    "read",
    `${count(words)} words in ${count(files.length)} files (${(bytes / 1e6).toFixed(1)} MB) of ` +
      `${countPackages(paths)} packages: ${seconds(performance.now() - start)}`,
  );

  const stored = await storeWords(redis, keys, files);
  const rate = stored.commands / (stored.milliseconds / 1_000);
  line("sent", `${count(stored.commands)} commands in ${stored.pipelines} pipelines`);
  line("took", `${seconds(stored.milliseconds)}: ${paint(`${count(rate)} commands/s`, "bold")}`);
  report(await compareCounts(redis, keys, files));

  console.log();
  const top = await redis.zrevrange(keys.words, 0, 9, { withScores: true });
  chart(top.map(({ member, score }) => ({ label: member, value: score })));
  await timeOneByOne(redis, keys, stored);
  return stored.commands;
}

/** Reads everything back, and compares it with what this process has counted. */
async function compareCounts(
  redis: Redis,
  keys: DemoKeys,
  files: readonly CountedFile[],
): Promise<Check> {
  const expected = new Map<string, number>();
  for (const { counts } of files) {
    for (const [word, times] of counts) expected.set(word, (expected.get(word) ?? 0) + times);
  }
  const { scores, hashes, distinct } = await redis.pipeline((pipe) => ({
    scores: pipe.zrange(keys.words, 0, -1, { withScores: true }),
    hashes: files.map((_, index) => pipe.hgetall(keys.file(index + 1))),
    distinct: files.map((_, index) => pipe.hlen(`${keys.file(index + 1)}:words`)),
  }));
  const isSame =
    scores.length === expected.size &&
    scores.every(({ member, score }) => expected.get(member) === score) &&
    files.every(({ path, total, counts }, index) => {
      const isAbout = hashes[index]?.["path"] === path && hashes[index]["words"] === `${total}`;
      return isAbout && distinct[index] === counts.size;
    });
  const hashCount = count(hashes.length + distinct.length);
  const what = `${count(scores.length)} words and ${hashCount} hashes read back`;
  return { isTrue: isSame, text: `${what}: all as counted` };
}

async function timeOneByOne(
  redis: Redis,
  keys: DemoKeys,
  { commands, milliseconds }: { readonly commands: number; readonly milliseconds: number },
): Promise<void> {
  title("2. The same, one round trip per command");
  const each = await timeRoundTrips(redis, keys.sample, SAMPLE);
  const all = each * commands;
  line(
    "measured",
    `a sample of ${count(SAMPLE)} awaited ZINCRBY: ${(each * 1_000).toFixed(0)} µs each`,
  );
  line("so", `${count(commands)} of them would take about ${seconds(all)} (extrapolated),`);
  line("", `${(all / milliseconds).toFixed(1)} times as long, with a server on this very machine`);
}

async function movePoints(redis: Redis, keys: DemoKeys): Promise<void> {
  title(`3. Points moved between two keys by ${RACE.tasks} tasks at once, under WATCH`);
  const start = performance.now();
  const { transfers, conflicts, balances } = await raceTransfers(redis, keys.accounts, RACE);
  const [ann = 0, bob = 0] = balances;
  line("moved", `${transfers} transfers in ${seconds(performance.now() - start)}`);
  line("retried", `${conflicts} conflicts: another task had changed a key, nothing was applied`);
  const text = `${ann} + ${bob} = ${ann + bob} points, ${RACE.points} before`;
  report({ isTrue: ann + bob === RACE.points && ann >= 0 && bob >= 0, text });
}

function report({ isTrue, text }: Check): void {
  verdict(isTrue, text);
  if (!isTrue) process.exitCode = 1;
}

async function demonstrate(redis: Redis, own: boolean): Promise<void> {
  const { valkey_version, redis_version } = await redis.info("server");
  const name = valkey_version === undefined ? `Redis ${redis_version}` : `Valkey ${valkey_version}`;
  const whose = own ? "started for this demo" : "of REDIS_URL; keys get a prefix";
  console.log(paint("typedis demo", "bold"));
  line("server", `${name}, ${whose}`);

  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const keys = new DemoKeys(`typedis-demo-${randomBytes(4).toString("hex")}`);
  try {
    const session = redis.with({ signal: interrupted.signal });
    await countWords(session, keys);
    await movePoints(session, keys);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    // Our own server goes with all that is in it.
    if (!own) await keys.removeAll(redis);
  }
}

async function main(): Promise<void> {
  const start = performance.now();
  const url = process.env["REDIS_URL"] || undefined;
  const server = url === undefined ? await startServer() : undefined;
  try {
    await using redis = await Redis.connect(url ?? server?.url ?? {});
    await demonstrate(redis, server !== undefined);
  } finally {
    await server?.stop();
  }
  const how = process.exitCode === 130 ? "Interrupted" : "Done";
  title(`${how} after ${seconds(performance.now() - start)}; nothing is left behind.`);
}

await main();
