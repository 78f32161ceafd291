import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { Redis, type RedisOptions } from "../../src/index.ts";
import {
  type ChunkHook,
  startProxy,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";

/** A server that pipelines are tested on, and the protocol that is spoken to it. */
export interface Choice {
  readonly version: "redis-7.0" | "redis-8.6" | "valkey-9.1";
  readonly protocol: 2 | 3;
}

/** Bytes that a client has written, as the network brought them. */
interface Chunk {
  /** Which of the proxy's connections brought them: 1 is the first. */
  readonly connection: number;
  readonly text: string;
}

/** What tests of pipelines run on: a server, a proxy, a client. Read it inside of tests. */
export interface Target {
  readonly server: TestServer;
  readonly proxy: TestProxy;
  /** A client whose connections go through the proxy. */
  readonly redis: Redis;
  /** What clients have written since the test began. */
  readonly chunks: readonly Chunk[];
  /** All of {@link chunks}, in one text. */
  readonly written: string;
  /** Forgets what was written so far. */
  forget(): void;
  /** One more client, through the proxy; closed when the test has ended. */
  connect(options?: RedisOptions): Promise<Redis>;
  /** A client that goes straight to the server; closed when the test has ended. */
  connectDirectly(options?: RedisOptions): Promise<Redis>;
}

const DEFAULT: Choice = { version: "redis-8.6", protocol: 3 };

/** The newest server, and where the essential rules are proved as well. */
const EVERY: readonly Choice[] = (["redis-7.0", "redis-8.6", "valkey-9.1"] as const).flatMap(
  (version) => [{ version, protocol: 2 } as const, { version, protocol: 3 } as const],
);

/** Runs tests on the newest Redis over RESP3, each on an empty database. */
export function onNewest(name: string, tests: (target: Target) => void): void {
  onTarget(name, DEFAULT, tests);
}

/** Runs tests on every supported server over RESP2 and RESP3, each on an empty database. */
export function onEvery(name: string, tests: (target: Target) => void): void {
  for (const choice of EVERY) onTarget(name, choice, tests);
}

function onTarget(name: string, choice: Choice, tests: (target: Target) => void): void {
  describe(`${name}, ${choice.version}, RESP${choice.protocol}`, () => {
    const target = new RunningTarget(choice);
    beforeAll(() => target.start());
    beforeEach(() => target.reset());
    afterAll(() => target.stop());
    tests(target);
  });
}

class RunningTarget implements Target {
  readonly #choice: Choice;
  readonly #clients: Redis[] = [];
  #server: TestServer | undefined;
  #proxy: TestProxy | undefined;
  #redis: Redis | undefined;
  #chunks: Chunk[] = [];

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  get server(): TestServer {
    return started(this.#server);
  }

  get proxy(): TestProxy {
    return started(this.#proxy);
  }

  get redis(): Redis {
    return started(this.#redis);
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  get written(): string {
    return this.#chunks.map((chunk) => chunk.text).join("");
  }

  forget(): void {
    this.#chunks = [];
  }

  async connect(options: RedisOptions = {}): Promise<Redis> {
    return this.#connect({ url: this.proxy.url, ...options });
  }

  async connectDirectly(options: RedisOptions = {}): Promise<Redis> {
    return this.#connect({ url: this.server.url, ...options });
  }

  async start(): Promise<void> {
    this.#server = await startServer({ version: this.#choice.version });
    this.#proxy = await startProxy(this.#server);
    this.#watchBytes();
    this.#redis = await this.connect();
    this.#clients.pop();
  }

  async reset(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.destroy();
    this.#watchBytes();
    this.proxy.onServerBytes = undefined;
    this.proxy.accepting = true;
    this.proxy.release();
    await this.redis.flushall();
    this.forget();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.#redis?.destroy();
    await this.#proxy?.stop();
    await this.#server?.stop();
  }

  async #connect(options: RedisOptions): Promise<Redis> {
    const client = await Redis.connect({ protocol: this.#choice.protocol, ...options });
    this.#clients.push(client);
    return client;
  }

  #watchBytes(): void {
    this.proxy.onClientBytes = (chunk, { id }) => {
      this.#chunks.push({ connection: id, text: chunk.toString("latin1") });
      return "forward";
    };
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("read this inside of a test");
  return part;
}

/** What the words look like on the wire. */
export function wire(...argv: readonly (string | number)[]): string {
  const words = argv.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
  return `*${argv.length}\r\n${words.join("")}`;
}

/** The error that a promise or handle rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}

/** What a call throws at once. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

/** Proves that replies reach the commands they belong to: a thousand, each checked. */
export async function checkThousand(redis: Redis): Promise<void> {
  const expected = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);
  const replies = await Promise.all(expected.map((message) => redis.echo(message)));
  if (replies.some((reply, index) => reply !== expected[index])) {
    throw new Error("replies are mixed up");
  }
}

/**
 * Cuts a connection when the server answers what holds `text`: it has run, its reply is lost.
 *
 * @returns how often that has happened so far
 */
export function cutReplies(target: Target, text: string, times = 1): () => number {
  let cuts = 0;
  onReplies(target, text, () => {
    if (cuts >= times) return "forward";
    cuts += 1;
    return "cut";
  });
  return () => cuts;
}

/** Lets `count` one-line replies to what holds `text` through, then cuts the connection. */
export function cutAfterReplies(target: Target, text: string, count: number): void {
  onReplies(target, text, (chunk, connection) => {
    const lines = chunk.toString("latin1").split("\r\n").slice(0, count);
    connection.send("toClient", Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "latin1"));
    target.proxy.onServerBytes = undefined;
    return "cut";
  });
}

/** Decides about what the server sends on connections that have carried `text`. */
function onReplies({ proxy }: Target, text: string, decide: ChunkHook): void {
  const asked = new Set<number>();
  proxy.onClientBytes = (chunk, { id }) => {
    if (chunk.includes(text)) asked.add(id);
    return "forward";
  };
  proxy.onServerBytes = (chunk, connection) =>
    asked.has(connection.id) ? decide(chunk, connection) : "forward";
}
