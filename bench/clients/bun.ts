import { argvOf, type Call } from "../call.ts";
import type { Connection, Replies } from "../client.ts";

/** What is used of the client that is built into Bun; its other commands go through `send`. */
interface BunClient {
  connect(): Promise<void>;
  close(): void;
  get(key: string): Promise<unknown>;
  getBuffer(key: string): Promise<unknown>;
  set(key: string, value: string | Uint8Array): Promise<unknown>;
  incr(key: string): Promise<unknown>;
  hgetall(key: string): Promise<unknown>;
  mget(...keys: readonly string[]): Promise<unknown>;
  lrange(key: string, start: number, stop: number): Promise<unknown>;
  send(command: string, args: readonly string[]): Promise<unknown>;
}

interface BunModule {
  readonly RedisClient: new (url: string) => BunClient;
}

/** Connects the client that is built into Bun, with its defaults. Runs under Bun only. */
export async function open(port: number): Promise<Connection> {
  const name = "bun";
  const { RedisClient } = (await import(name)) as BunModule;
  const client = new RedisClient(`redis://127.0.0.1:${port}`);
  await client.connect();
  return new BunConnection(client);
}

/** It has no pipelines: what is issued in one turn of the event loop goes out together. */
class BunConnection implements Connection {
  readonly #client: BunClient;

  constructor(client: BunClient) {
    this.#client = client;
  }

  async pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    if (!isTransaction) return this.concurrent(calls);
    const multi = this.#client.send("MULTI", []);
    const queued = calls.map((call) => this.send(call));
    const exec = this.#client.send("EXEC", []);
    await Promise.all([multi, ...queued]);
    return (await exec) as unknown[];
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return Promise.all(calls.map((call) => this.send(call)));
  }

  send(call: Call): Promise<unknown> {
    const client = this.#client;
    switch (call.name) {
      case "SET":
        return client.set(call.key, call.value);
      case "GET":
        return client.get(call.key);
      case "GETBYTES":
        return client.getBuffer(call.key);
      case "INCR":
        return client.incr(call.key);
      case "HGETALL":
        return client.hgetall(call.key);
      case "LRANGE":
        return client.lrange(call.key, 0, -1);
      case "MGET":
        return client.mget(...call.keys);
      default: {
        const [command = "", ...args] = argvOf(call);
        return client.send(String(command), args.map(String));
      }
    }
  }

  async increment(key: string): Promise<number> {
    await this.#client.send("WATCH", [key]);
    const next = Number(await this.#client.get(key)) + 1;
    const multi = this.#client.send("MULTI", []);
    const set = this.#client.set(key, String(next));
    const replies = await this.#client.send("EXEC", []);
    await Promise.all([multi, set]);
    if (replies === null) throw new Error("EXEC was refused");
    return next;
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}
