import { type ChainableCommander, Redis } from "ioredis";
import type { Call } from "../call.ts";
import type { Connection, Replies } from "../client.ts";

/** Connects `ioredis` with its defaults. */
export function open(port: number): Promise<Connection> {
  return connect(Redis, port);
}

/** Connects `ioredis`, or a fork of it. */
export async function connect(Client: typeof Redis, port: number): Promise<Connection> {
  const redis = new Client({ host: "127.0.0.1", port, lazyConnect: true });
  await redis.connect();
  return new IoredisConnection(redis);
}

class IoredisConnection implements Connection {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    const pairs = await this.queue(calls, isTransaction).exec();
    if (pairs === null) throw new Error("EXEC was refused");
    return pairs.map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
  }

  queue(calls: readonly Call[], isTransaction = false): ChainableCommander {
    const pipe = isTransaction ? this.#redis.multi() : this.#redis.pipeline();
    for (const call of calls) issue(pipe, call);
    return pipe;
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return Promise.all(calls.map((call) => this.send(call)));
  }

  send(call: Call): Promise<unknown> {
    return issue(this.#redis, call) as Promise<unknown>;
  }

  async increment(key: string): Promise<number> {
    await this.#redis.watch(key);
    const next = Number(await this.#redis.get(key)) + 1;
    const done = await this.#redis.multi().set(key, next).exec();
    if (done === null) throw new Error("EXEC was refused");
    return next;
  }

  async close(): Promise<void> {
    await this.#redis.quit();
  }
}

/** The client returns promises, its pipeline returns itself. */
function issue(to: Redis | ChainableCommander, call: Call): unknown {
  switch (call.name) {
    case "SET":
      return to.set(call.key, call.value);
    case "GET":
      return to.get(call.key);
    case "GETBYTES":
      return to.getBuffer(call.key);
    case "INCR":
      return to.incr(call.key);
    case "HSET":
      return to.hset(call.key, call.field, call.value);
    case "LPUSH":
      return to.lpush(call.key, call.value);
    case "RPUSH":
      return to.rpush(call.key, ...call.keys);
    case "ZADD":
      return to.zadd(call.key, call.score, call.field);
    case "HGETALL":
      return to.hgetall(call.key);
    case "LRANGE":
      return to.lrange(call.key, 0, -1);
    case "MGET":
      return to.mget([...call.keys]);
    case "ZRANGE":
      return to.zrange(call.key, "0", "-1", "WITHSCORES");
    default:
      return to.del([...call.keys]);
  }
}
