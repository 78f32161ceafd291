/**
 * The demo's work on the server. Everything goes to keys below a prefix, expires within the hour
 * should the demo be killed, and is removed at its end.
 */
import type { Redis } from "typedis";
import type { CountedFile } from "./corpus.ts";
import { Progress } from "./terminal.ts";

/** Commands of one pipeline, at least: more gains little. */
const PIPELINE_COMMANDS = 5_000;
const EXPIRE_SECONDS = 3_600;

/** The keys that the demo makes. */
export class DemoKeys {
  readonly words: string;
  readonly sample: string;
  readonly accounts: readonly [string, string];
  readonly #prefix: string;
  #fileCount = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.words = `${prefix}:words`;
    this.sample = `${prefix}:sample`;
    this.accounts = [`${prefix}:ann`, `${prefix}:bob`];
  }

  /** A key for one more file. */
  nextFile(): string {
    this.#fileCount += 1;
    return this.file(this.#fileCount);
  }

  file(number: number): string {
    return `${this.#prefix}:file:${number}`;
  }

  /** Removes every key that was made, and no other. */
  async removeAll(redis: Redis): Promise<void> {
    const files = Array.from({ length: this.#fileCount }, (_, index) => this.file(index + 1));
    const words = files.map((key) => `${key}:words`);
    const keys = [this.words, this.sample, ...this.accounts, ...files, ...words];
    const pipe = redis.pipeline();
    for (let at = 0; at < keys.length; at += 500) pipe.unlink(keys.slice(at, at + 500));
    await pipe.execute();
  }
}

/** What the storing of words took. */
export interface Stored {
  readonly commands: number;
  readonly pipelines: number;
  readonly milliseconds: number;
}

/** Stores two hashes for each file (about it, and its words), and all words in one sorted set. */
export async function storeWords(
  redis: Redis,
  keys: DemoKeys,
  files: readonly CountedFile[],
): Promise<Stored> {
  const total = files.reduce((sum, { counts }) => sum + 2 * counts.size + 3, 0);
  const progress = new Progress("sending", total, `of ${total.toLocaleString("en-US")} commands`);
  const start = performance.now();
  let [commands, pipelines] = [0, 0];
  let pipe = redis.pipeline();
  for (const [index, { path, bytes, lines, total: words, counts }] of files.entries()) {
    const key = keys.nextFile();
    pipe.hset(key, { path, bytes, lines, words });
    pipe.expire(key, EXPIRE_SECONDS);
    for (const [word, times] of counts) {
      pipe.zincrby(keys.words, times, word);
      pipe.hset(`${key}:words`, word, times);
    }
    pipe.expire(`${key}:words`, EXPIRE_SECONDS);
    if (pipe.length < PIPELINE_COMMANDS && index < files.length - 1) continue;
    await pipe.execute();
    commands += pipe.length;
    pipelines += 1;
    progress.show(commands);
    pipe = redis.pipeline();
  }
  progress.end();
  const milliseconds = performance.now() - start;
  await redis.expire(keys.words, EXPIRE_SECONDS);
  return { commands, pipelines, milliseconds };
}

/** Sends the same kind of command, each awaited before the next. @returns milliseconds for each */
export async function timeRoundTrips(redis: Redis, key: string, times: number): Promise<number> {
  await redis.expire(key, EXPIRE_SECONDS);
  const start = performance.now();
  for (let n = 0; n < times; n += 1) await redis.zincrby(key, 1, `word${n % 100}`);
  const milliseconds = (performance.now() - start) / times;
  await redis.unlink(key);
  return milliseconds;
}

/** How a race of transfers ended. */
export interface Race {
  readonly transfers: number;
  /** How often a task had to begin again, another one having changed an account meanwhile. */
  readonly conflicts: number;
  readonly balances: readonly number[];
}

/** Several tasks move points between two accounts at the same time, each amount read before. */
export async function raceTransfers(
  redis: Redis,
  accounts: readonly [string, string],
  {
    tasks,
    each,
    points,
  }: { readonly tasks: number; readonly each: number; readonly points: number },
): Promise<Race> {
  let runs = 0;
  const transfer = (from: string, to: string): Promise<unknown> =>
    redis.transaction({ watch: accounts, retries: 10_000 }, async (tx, watched) => {
      runs += 1;
      const [source, target] = (await watched.mget([from, to])).map(Number);
      if (source === undefined || target === undefined) throw new Error("an account is missing");
      const amount = Math.min(source, 1 + (runs % 20));
      tx.set(from, source - amount, { expireInSeconds: EXPIRE_SECONDS });
      tx.set(to, target + amount, { expireInSeconds: EXPIRE_SECONDS });
    });
  const work = async (task: number): Promise<void> => {
    const [ann, bob] = accounts;
    for (let n = 0; n < each; n += 1)
      await (task % 2 === 0 ? transfer(ann, bob) : transfer(bob, ann));
  };
  for (const account of accounts) {
    await redis.set(account, points / accounts.length, { expireInSeconds: EXPIRE_SECONDS });
  }
  await Promise.all(Array.from({ length: tasks }, (_, task) => work(task)));
  const balances = (await redis.mget(accounts)).map(Number);
  return { transfers: tasks * each, conflicts: runs - tasks * each, balances };
}
