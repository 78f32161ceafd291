import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { Redis, type RedisOptions } from "../../src/index.ts";
import { ask } from "../../src/testing/ask.ts";
import {
  type ServerOptions,
  startProxy,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";
import { WireLog } from "./wire_log.ts";

/** A server, a proxy before it, and a client that goes through the proxy. Read inside of tests. */
export interface Proxied {
  readonly server: TestServer;
  readonly proxy: TestProxy;
  /** What went through the proxy. */
  readonly wire: WireLog;
  readonly redis: Redis;
  /** Another client through the proxy; it ends with the test. */
  connect(options?: RedisOptions): Promise<Redis>;
  /** Talks to the server without the proxy and without our client. */
  ask(...commands: (readonly string[])[]): Promise<string[]>;
}

/** Starts one server for all tests of this block, and for each test a fresh proxy and client. */
export function proxied(options: RedisOptions = {}, serverOptions: ServerOptions = {}): Proxied {
  let server: TestServer;
  let proxy: TestProxy;
  let wire: WireLog;
  let redis: Redis;
  let clients: Redis[] = [];
  const connect = async (more: RedisOptions = {}): Promise<Redis> => {
    const client = await Redis.connect({ url: proxy.url, ...options, ...more });
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    server = await startServer(serverOptions);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await ask(server, [["FLUSHALL"]]);
    proxy = await startProxy(server);
    wire = new WireLog(proxy);
    redis = await connect();
    wire.clear();
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    clients = [];
    await proxy.stop();
  });
  return {
    get server() {
      return server;
    },
    get proxy() {
      return proxy;
    },
    get wire() {
      return wire;
    },
    get redis() {
      return redis;
    },
    connect,
    ask: (...commands) => ask(server, commands),
  };
}

/** What `promise` rejects with; fails if it does not. */
export async function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, but got ${String(value)}`);
}
