/**
 * A queue of jobs: workers wait in BLPOP, a producer pushes. A blocking command takes a connection
 * of its own from a pool, so the client's other commands go on.
 */
import { Redis } from "typedis";

await using redis = await Redis.connect(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");
const QUEUE = "example:jobs";
const STOP = "stop";
const done: string[] = [];

/** Takes jobs until it is told to stop. */
async function work(): Promise<number> {
  for (let count = 0; ; count += 1) {
    const job = await redis.blpop(QUEUE, 5); // { key: string; value: string } | null after 5 s
    if (job === null || job.value === STOP) return count;
    done.push(job.value);
    await redis.incr("example:done");
  }
}

await redis.unlink([QUEUE, "example:done"]);
const workers = [work(), work(), work()];
await redis.rpush(QUEUE, ["mail ann", "mail bob", "resize photo", "send report"]);
await redis.rpush(
  QUEUE,
  workers.map(() => STOP),
);

const counts = await Promise.all(workers);
const total = counts.reduce((sum, count) => sum + count, 0);
console.log(`${workers.length} workers did ${total} jobs`);
console.log(done.sort().join(", "));
console.log("counted by the server:", await redis.getdel("example:done"));
