/**
 * The programs on which the cost of the types is measured.
 */

/** What a beginner writes on the first day. */
export const HELLO = `import { Redis } from "typedis";

const redis = await Redis.connect("redis://127.0.0.1:6379");
await redis.set("greeting", "hello");
const greeting: string | null = await redis.get("greeting");
const [count, fields] = await redis.pipeline((pipe) => [pipe.incr("n"), pipe.hgetall("h")]);
export const answer: [string | null, number, Record<string, string>] = [greeting, count, fields];
`;

/** Calls that programs are full of, on a surface named `on`. */
const CALLS = [
  `get("k")`,
  `set("k", "v")`,
  `set("k", "v", { expireInSeconds: 60 })`,
  `incr("k")`,
  `incrby("k", 2)`,
  `del("k")`,
  `exists("k")`,
  `expire("k", 60)`,
  `ttl("k")`,
  `mget(["a", "b"])`,
  `hget("h", "f")`,
  `hset("h", { a: 1, b: "2" })`,
  `hgetall("h")`,
  `hdel("h", "f")`,
  `hincrby("h", "f", 1)`,
  `lpush("l", "a")`,
  `rpop("l")`,
  `lrange("l", 0, -1)`,
  `llen("l")`,
  `sadd("s", "a")`,
  `smembers("s")`,
  `sismember("s", "a")`,
  `scard("s")`,
  `zscore("z", "m")`,
  `zrank("z", "m")`,
  `zcard("z")`,
  `zrange("z", 0, -1)`,
  `strlen("k")`,
  `keys("*")`,
  `ping()`,
] as const;

const CLIENT_FUNCTIONS = 50;
const PIPELINES_PER_ROUND = 3;

/** About 3,000 calls: half on the client, half in pipelines of ten. */
export function largeProgram(): string {
  const parts = [`import type { Redis } from "typedis";\n`];
  for (let round = 0; round < CLIENT_FUNCTIONS; round += 1) {
    const calls = CALLS.map((call) => `await redis.${call}`).join(",\n    ");
    parts.push(
      `export async function client${round}(redis: Redis) {\n  return [${calls}] as const;\n}\n`,
    );
    for (let part = 0; part < PIPELINES_PER_ROUND; part += 1) {
      parts.push(pipeline(`pipeline${round}_${part}`, part));
    }
  }
  return parts.join("\n");
}

function pipeline(name: string, part: number): string {
  const calls = CALLS.filter((_, index) => index % PIPELINES_PER_ROUND === part);
  const queued = calls.map((call) => `pipe.${call}`).join(",\n    ");
  return `export async function ${name}(redis: Redis) {
  return redis.pipeline((pipe) => [${queued}]);
}
`;
}
