import { createClient, RESP_TYPES, type RedisClientOptions } from "redis";
import type { Call } from "../call.ts";
import type { Connection, Replies } from "../client.ts";

/** Connects `redis` with its defaults, which are a timeout of 5 seconds for each command. */
export function open(port: number): Promise<Connection> {
  return connect(port, {});
}

/** Connects `redis` without its timeout: the cheapest it can be. */
export function openTuned(port: number): Promise<Connection> {
  return connect(port, { commandOptions: { timeout: 0 } });
}

async function connect(port: number, options: RedisClientOptions): Promise<Connection> {
  const client = makeClient(port, options);
  client.on("error", (error: unknown) => {
    throw error;
  });
  await client.connect();
  return new RedisConnection(client);
}

function makeClient(port: number, options: RedisClientOptions) {
  return createClient({ socket: { host: "127.0.0.1", port }, ...options });
}

type RedisClient = ReturnType<typeof makeClient>;

function makeMulti(client: RedisClient) {
  return client.multi();
}

class RedisConnection implements Connection {
  readonly #client: RedisClient;
  readonly #bytes;

  constructor(client: RedisClient) {
    this.#client = client;
    this.#bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  }

  pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    const multi = this.queue(calls);
    return isTransaction ? multi.exec() : multi.execAsPipeline();
  }

  queue(calls: readonly Call[]) {
    const multi = makeMulti(this.#client);
    for (const call of calls) queue(multi, call);
    return multi;
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return Promise.all(calls.map((call) => this.send(call)));
  }

  send(call: Call): Promise<unknown> {
    return call.name === "GETBYTES" ? this.#bytes.get(call.key) : issue(this.#client, call);
  }

  async increment(key: string): Promise<number> {
    await this.#client.watch(key);
    const next = Number(await this.#client.get(key)) + 1;
    await this.#client.multi().set(key, next).exec();
    return next;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function issue(client: RedisClient, call: Call): Promise<unknown> {
  switch (call.name) {
    case "SET":
      return client.set(call.key, call.value);
    case "GET":
    case "GETBYTES":
      return client.get(call.key);
    case "INCR":
      return client.incr(call.key);
    case "HSET":
      return client.hSet(call.key, call.field, call.value);
    case "LPUSH":
      return client.lPush(call.key, call.value);
    case "RPUSH":
      return client.rPush(call.key, [...call.keys]);
    case "ZADD":
      return client.zAdd(call.key, { score: call.score, value: call.field });
    case "HGETALL":
      return client.hGetAll(call.key);
    case "LRANGE":
      return client.lRange(call.key, 0, -1);
    case "MGET":
      return client.mGet([...call.keys]);
    case "ZRANGE":
      return client.zRangeWithScores(call.key, 0, -1);
    default:
      return client.del([...call.keys]);
  }
}

/** The same for what pipelines of scenarios hold: the two have no type in common. */
function queue(multi: ReturnType<typeof makeMulti>, call: Call): unknown {
  switch (call.name) {
    case "SET":
      return multi.set(call.key, call.value);
    case "GET":
      return multi.get(call.key);
    case "INCR":
      return multi.incr(call.key);
    case "HSET":
      return multi.hSet(call.key, call.field, call.value);
    case "LPUSH":
      return multi.lPush(call.key, call.value);
    case "ZADD":
      return multi.zAdd(call.key, { score: call.score, value: call.field });
    case "HGETALL":
      return multi.hGetAll(call.key);
    default:
      throw new Error(`${call.name} is not in any pipeline`);
  }
}
