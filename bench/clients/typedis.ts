import { type Commands, type Mode, type Pipeline, Redis, type Reply } from "typedis";
import type { Call } from "../call.ts";
import { type Connection, Counted, type Replies } from "../client.ts";

/** Connects typedis, with its defaults. */
export async function open(port: number): Promise<Connection> {
  return new TypedisConnection(await Redis.connect({ port }));
}

class TypedisConnection implements Connection {
  readonly #redis: Redis;
  readonly #bytes: Redis<Buffer>;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#bytes = redis.bytes;
  }

  pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    return this.queue(calls, isTransaction).execute();
  }

  queue(calls: readonly Call[], isTransaction = false): Pipeline {
    const pipe = this.#redis.pipeline(isTransaction ? { transaction: true } : {});
    for (const call of calls) void issue<"queued">(pipe, call);
    return pipe;
  }

  async stream(calls: readonly Call[]): Promise<Counted> {
    const done = await this.#redis.stream(calls, (pipe, call) => issue<"queued">(pipe, call));
    return new Counted(done.commands);
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return Promise.all(calls.map((call) => this.send(call)));
  }

  send(call: Call): Promise<unknown> {
    return call.name === "GETBYTES"
      ? this.#bytes.get(call.key)
      : issue<"promise">(this.#redis, call);
  }

  async increment(key: string): Promise<number> {
    const pipe = this.#redis.pipeline();
    let next = 0;
    await pipe.watch(key, async (watched) => {
      next = Number(await watched.get(key)) + 1;
      pipe.set(key, next);
    });
    return next;
  }

  close(): Promise<void> {
    return this.#redis.close();
  }
}

function issue<M extends Mode>(to: Commands<M, string>, call: Call): Reply<M, unknown> {
  switch (call.name) {
    case "SET":
      return to.set(call.key, call.value);
    case "GET":
    case "GETBYTES":
      return to.get(call.key);
    case "INCR":
      return to.incr(call.key);
    case "HSET":
      return to.hset(call.key, call.field, call.value);
    case "LPUSH":
      return to.lpush(call.key, call.value);
    case "RPUSH":
      return to.rpush(call.key, call.keys);
    case "ZADD":
      return to.zadd(call.key, { [call.field]: call.score });
    case "HGETALL":
      return to.hgetall(call.key);
    case "LRANGE":
      return to.lrange(call.key, 0, -1);
    case "MGET":
      return to.mget(call.keys);
    case "ZRANGE":
      return to.zrange(call.key, 0, -1, { withScores: true });
    default:
      return to.del(call.keys);
  }
}
