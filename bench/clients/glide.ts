import type { Call } from "../call.ts";
import type { Connection, Replies } from "../client.ts";
import { requirePeer } from "../peers.ts";

/** The commands that the client and its batches have in common. */
interface Commands<R> {
  set(key: string, value: string | Buffer): R;
  get(key: string): R;
  incr(key: string): R;
  hset(key: string, fields: Readonly<Record<string, string | Buffer>>): R;
  hgetall(key: string): R;
  lpush(key: string, elements: readonly (string | Buffer)[]): R;
  rpush(key: string, elements: readonly string[]): R;
  lrange(key: string, start: number, end: number): R;
  zadd(key: string, members: Readonly<Record<string, number>>): R;
  zrangeWithScores(key: string, range: { readonly start: number; readonly end: number }): R;
  mget(keys: readonly string[]): R;
  del(keys: readonly string[]): R;
}

interface GlideBatch extends Commands<unknown> {}

interface Glide extends Omit<Commands<Promise<unknown>>, "get"> {
  get(key: string, options?: { readonly decoder: unknown }): Promise<unknown>;
  watch(keys: readonly string[]): Promise<unknown>;
  exec(batch: GlideBatch, raiseOnError: boolean): Promise<unknown[] | null>;
  close(): void;
}

interface GlideModule {
  readonly GlideClient: {
    createClient(options: {
      readonly addresses: readonly { readonly host: string; readonly port: number }[];
      readonly requestTimeout: number;
    }): Promise<Glide>;
  };
  readonly Batch: new (isAtomic: boolean) => GlideBatch;
  readonly Decoder: { readonly Bytes: unknown };
}

/** Its default, 250 ms, is less than a pipeline of 100,000 takes it. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Connects `@valkey/valkey-glide`. */
export async function open(port: number): Promise<Connection> {
  const glide = requirePeer("@valkey/valkey-glide") as GlideModule;
  const client = await glide.GlideClient.createClient({
    addresses: [{ host: "127.0.0.1", port }],
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  return new GlideConnection(glide, client);
}

class GlideConnection implements Connection {
  readonly #glide: GlideModule;
  readonly #client: Glide;

  constructor(glide: GlideModule, client: Glide) {
    this.#glide = glide;
    this.#client = client;
  }

  async pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    const replies = await this.#client.exec(this.queue(calls, isTransaction), true);
    if (replies === null) throw new Error("EXEC was refused");
    return replies;
  }

  queue(calls: readonly Call[], isTransaction = false): GlideBatch {
    const batch = new this.#glide.Batch(isTransaction);
    for (const call of calls) issue(batch, call);
    return batch;
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return Promise.all(calls.map((call) => this.send(call)));
  }

  send(call: Call): Promise<unknown> {
    if (call.name !== "GETBYTES") return issue(this.#client, call);
    return this.#client.get(call.key, { decoder: this.#glide.Decoder.Bytes });
  }

  async increment(key: string): Promise<number> {
    await this.#client.watch([key]);
    const next = Number(await this.#client.get(key)) + 1;
    const batch = new this.#glide.Batch(true);
    batch.set(key, String(next));
    if ((await this.#client.exec(batch, true)) === null) throw new Error("EXEC was refused");
    return next;
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

function issue<R>(to: Commands<R>, call: Call): R {
  switch (call.name) {
    case "SET":
      return to.set(call.key, call.value);
    case "GET":
    case "GETBYTES":
      return to.get(call.key);
    case "INCR":
      return to.incr(call.key);
    case "HSET":
      return to.hset(call.key, { [call.field]: call.value });
    case "LPUSH":
      return to.lpush(call.key, [call.value]);
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
      return to.zrangeWithScores(call.key, { start: 0, end: -1 });
    default:
      return to.del(call.keys);
  }
}
