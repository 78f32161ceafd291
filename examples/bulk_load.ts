/**
 * Bulk work: loads rows in constant memory, with a progress bar, reads them back, and removes them.
 * Then the same rows go through `redis-cli --pipe`, if there is one in the PATH.
 *
 *     node bulk_load.js                   20,000 rows
 *     node bulk_load.js --rows 10000000   ten million: the server needs about 1 GB for them
 */
import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { Redis } from "typedis";
import { count, line, Progress, verdict } from "./demo/terminal.ts";

interface Row {
  readonly key: string;
  readonly name: string;
  readonly points: number;
}

const URL = process.env["REDIS_URL"] || "redis://127.0.0.1:6379";
const { values } = parseArgs({ options: { rows: { type: "string", default: "20000" } } });
const total = Number(values.rows);

/** Rows as a file or a database would give them, one after the other. */
function* rows(): Generator<Row, void, undefined> {
  for (let id = 1; id <= total; id += 1) {
    yield { key: `example:row:${id}`, name: `row number ${id}`, points: id % 1_000 };
  }
}

function report(name: string, startedAt: number): void {
  const ms = performance.now() - startedAt;
  line(name, `${count(total)} rows in ${count(ms)} ms: ${count((total / ms) * 1_000)} rows/s`);
}

async function load(redis: Redis): Promise<void> {
  const progress = new Progress("loading", total, "rows");
  const startedAt = performance.now();
  await redis.stream(
    rows(),
    { onProgress: ({ items }) => progress.show(items) },
    (pipe, { key, name, points }) => pipe.hset(key, { name, points }),
  );
  progress.end();
  report("typedis", startedAt);
}

/** Results come in the order of the rows, while the next batches are on their way. */
async function readBack(redis: Redis): Promise<void> {
  const points = redis.stream(rows(), (pipe, row) => ({
    expected: row.points,
    found: pipe.hget(row.key, "points"),
  }));
  let right = 0;
  for await (const { expected, found } of points) if (Number(found) === expected) right += 1;
  verdict(right === total, `${count(right)} rows read back`);
}

async function remove(redis: Redis): Promise<void> {
  const { items } = await redis.stream(rows(), (pipe, { key }) => pipe.unlink(key));
  line("removed", `${count(items)} rows`);
}

/** The rows as `redis-cli --pipe` wants them: the protocol itself. */
function* protocol(): Generator<string, void, undefined> {
  let text = "";
  for (const { key, name, points } of rows()) {
    const argv = ["HSET", key, "name", name, "points", String(points)];
    text += `*${argv.length}\r\n`;
    for (const word of argv) text += `$${Buffer.byteLength(word)}\r\n${word}\r\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

/** @returns whether there is a redis-cli, and it has loaded all rows */
async function loadByCommandLine(): Promise<boolean> {
  const startedAt = performance.now();
  const cli = spawn("redis-cli", ["--no-auth-warning", "-u", URL, "--pipe"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<boolean>((resolve) => {
    cli.once("error", () => resolve(false));
    cli.once("close", (code) => resolve(code === 0));
  });
  // If it ends early, its exit code says enough.
  await pipeline(Readable.from(protocol()), cli.stdin).catch(() => undefined);
  const isLoaded = await ended;
  if (isLoaded) report("redis-cli", startedAt);
  return isLoaded;
}

await using redis = await Redis.connect(URL);
await load(redis);
await readBack(redis);
await remove(redis);
line("memory", `${count(process.resourceUsage().maxRSS / 1024)} MB at most`);
if (await loadByCommandLine()) await remove(redis);
else line("redis-cli", "is not there to compare with");
