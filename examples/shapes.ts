/**
 * The five shapes of a pipeline: scope, explicit, `await using`, WATCH, and a transaction with the
 * retries done by the library. Needs an empty server: the first shape flushes the database.
 */
// oxlint-disable no-shadow -- each shape is read by itself
import { Redis, WatchError } from "typedis";

await using redis = await Redis.connect(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");

// 1. Scope: the body queues, the scope executes once when the body returns.
// Returns what the body returned, resolved and typed.
const [flushed, foo, bar, keys] = await redis.pipeline({ transaction: true }, (pipe) => [
  pipe.flushdb(),
  pipe.set("foo", "bar"),
  pipe.set("bar", "foo"),
  pipe.keys("*"),
]); // [boolean, boolean, boolean, Set<string>] = [true, true, true, Set{"foo","bar"}]
console.log("transaction:", flushed, foo, bar, [...keys].sort());

const { user, posts } = await redis.pipeline((pipe) => ({
  user: pipe.hgetall("user:1"), // Record<string, string>
  posts: pipe.lrange("posts:1", 0, 9), // string[]
}));
console.log("record:", Object.keys(user).length, posts.length);

// 2. Explicit: queue, execute, then await the handles or read .results.
const pipe = redis.pipeline({ raiseOnError: false });
pipe.set("foo", 1);
const value = pipe.incr("foo"); // PipelineReply<number>
await pipe.execute();
const v: number = await value; // 2
const all = pipe.results; // readonly unknown[]
console.log("explicit:", v, all); // 2 [true, 2]

// 3. `await using`: leaving the block without execute() discards what was queued (like a database
// transaction's rollback).
{
  await using pipe = redis.pipeline({ transaction: true });
  pipe.set("a", 1);
  await pipe.execute();
}
console.log("await using:", await redis.get("a"));

// 4. WATCH: an atomic increment without INCR.
async function increment(redis: Redis, key: string): Promise<number> {
  while (true) {
    try {
      const pipe = redis.pipeline();
      let next = 0;
      // watched: a client on the very connection that holds the WATCH
      await pipe.watch(key, async (watched) => {
        next = Number((await watched.get(key)) ?? 0) + 1;
        pipe.set(key, next);
      }); // MULTI … EXEC happens here
      return next;
    } catch (error) {
      if (error instanceof WatchError) continue; // the key was changed: nothing was applied
      throw error;
    }
  }
}
const increments = Array.from({ length: 5 }, () => increment(redis, "counter"));
console.log(
  "watch:",
  (await Promise.all(increments)).sort((a, b) => a - b),
);

// 5. The same with the retry loop, back-off and an attempt limit done by the library.
const [, next] = await redis.transaction({ watch: "counter" }, async (tx, watched) => {
  const n = Number((await watched.get("counter")) ?? 0) + 1;
  return [tx.set("counter", n), n] as const; // handles resolve, plain values pass through
});
console.log("transaction with watch:", next, await redis.get("counter"));
