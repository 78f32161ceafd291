/**
 * The clients that are tried, each as its documentation shows it and in its default settings.
 */
import { Redis as IORedis } from "ioredis";
import { createClient } from "redis";
import { Redis } from "typedis";
import type { Candidate, Subject } from "./subject.ts";

/** In the order of the table. */
export const CANDIDATES: readonly Candidate[] = [
  { name: "typedis", connect: typedis },
  { name: "redis", connect: nodeRedis },
  { name: "ioredis", connect: ioredis },
];

/** What a program without types, or with wrong ones, gives for a value. */
const NOTHING = ([] as string[])[0] as string;

async function typedis(url: string): Promise<Subject> {
  const redis = await Redis.connect(url);
  return {
    incr: (key) => redis.incr(key),
    incrTwice: (key) => redis.pipeline({ transaction: true }, (tx) => [tx.incr(key), tx.incr(key)]),
    increment: async (key, between) => {
      const pipe = redis.pipeline();
      await pipe.watch(key, async (watched) => {
        const next = Number(await watched.get(key)) + 1;
        await between();
        pipe.set(key, next);
      });
    },
    setWithoutValue: ([one, two, three]) =>
      redis.pipeline({ transaction: true }, (tx) => [
        tx.set(one, "1"),
        tx.set(two, NOTHING),
        tx.set(three, "3"),
      ]),
    end: () => redis.destroy(),
  };
}

async function nodeRedis(url: string): Promise<Subject> {
  // Without a listener, an `error` event would end the process.
  const client = createClient({ url }).on("error", () => undefined);
  await client.connect();
  return chained(client, () => client.destroy());
}

async function ioredis(url: string): Promise<Subject> {
  // Without a listener, `error` events would be printed.
  const client = new IORedis(url).on("error", () => undefined);
  await client.ping();
  return chained(client, () => client.disconnect());
}

/** What `redis` and `ioredis` have in common: transactions are chains of calls. */
interface Chained {
  incr(key: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  watch(key: string): Promise<unknown>;
  multi(): Chain;
}

interface Chain {
  incr(key: string): Chain;
  set(key: string, value: string): Chain;
  exec(): Promise<unknown>;
}

function chained(client: Chained, end: () => void): Subject {
  return {
    incr: (key) => client.incr(key),
    incrTwice: (key) => client.multi().incr(key).incr(key).exec(),
    increment: async (key, between) => {
      await client.watch(key);
      const next = Number(await client.get(key)) + 1;
      await between();
      return client.multi().set(key, String(next)).exec();
    },
    setWithoutValue: async ([one, two, three]) =>
      client.multi().set(one, "1").set(two, NOTHING).set(three, "3").exec(),
    end,
  };
}
