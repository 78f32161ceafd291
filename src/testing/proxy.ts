import { randomInt } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Direction, Fault, PlacedFault } from "./faults.ts";
import {
  type CutOptions,
  type FaultPlan,
  ProxyConnection,
  type Verdict,
} from "./proxy_connection.ts";
import { HOST, listen } from "./sockets.ts";

/** Decides about a chunk that is about to go on. Chunks are as the network made them. */
export type ChunkHook = (chunk: Buffer, connection: ProxyConnection) => Verdict;

/** Where a proxy leads to. A `TestServer` is one. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  /**
   * The URL of the target, to take scheme and credentials from. Default: `redis://` without any.
   */
  readonly url?: string | undefined;
}

/** How to start a proxy. */
export interface ProxyOptions {
  /**
   * A whole number from 0 to 2^32 - 1 that every random decision follows from. Default: a random
   * one, see `TestProxy.seed`.
   */
  readonly seed?: number | undefined;
  /** The same as setting `faults` before the first connection. Default: none. */
  readonly faults?: readonly Fault[] | FaultPlan | undefined;
}

/**
 * Starts a TCP proxy in front of a server, to disturb the conversation at a chosen place.
 *
 * @example
 * ```ts
 * await using server = await startServer();
 * await using proxy = await startProxy(server);
 * await using redis = await Redis.connect(proxy.url);
 * // The command is executed, and its reply is lost.
 * proxy.faults = [{ kind: "cut", at: { reply: 1, of: "INCR" } }];
 * await redis.incr("visits").catch((error: RedisError) => error.applied); // "unknown"
 * await redis.get("visits"); // "1"
 * ```
 */
export async function startProxy(
  target: ProxyTarget,
  { seed = randomInt(2 ** 32), faults = [] }: ProxyOptions = {},
): Promise<TestProxy> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true });
  const port = await listen(listener);
  const proxy = new TestProxy(listener, port, target, seed);
  proxy.faults = faults;
  return proxy;
}

/**
 * A TCP proxy with real sockets on both sides. It does to conversations what its `faults` say, and
 * forwards everything else as it is, TLS included. Each side's end or failure reaches the other
 * side. Made by {@link startProxy}.
 */
export class TestProxy {
  readonly host: string = HOST;
  readonly port: number;
  /** What random decisions follow from: jitter, corrupt bytes, fault plans. */
  readonly seed: number;
  /** Decides about each chunk from the server, before any fault. Default: all are forwarded. */
  onServerBytes: ChunkHook | undefined;
  /** Decides about each chunk from a client, before any fault. Default: all are forwarded. */
  onClientBytes: ChunkHook | undefined;
  /** While `false`, a new connection is closed as soon as it is made. */
  accepting = true;
  readonly #listener: Server;
  readonly #target: ProxyTarget;
  readonly #live = new Set<ProxyConnection>();
  readonly #held = new Set<Direction>();
  #faults: readonly Fault[] | FaultPlan = [];
  #happened = new Map<PlacedFault, number>();
  #accepted = 0;
  #isStopped = false;

  /** @internal */
  constructor(listener: Server, port: number, target: ProxyTarget, seed: number) {
    this.port = port;
    this.seed = seed;
    this.#listener = listener;
    this.#target = target;
    // A proxy that nobody talks to keeps no process alive.
    listener.unref();
    listener.on("connection", (client) => this.#accept(client));
  }

  /** Where clients connect to: the target's URL with the address of the proxy. */
  get url(): string {
    const url = new URL(this.#target.url ?? "redis://target");
    const isTcp = url.protocol === "redis:" || url.protocol === "rediss:";
    const login = url.password === "" ? "" : `${url.username}:${url.password}@`;
    return `${isTcp ? url.protocol : "redis:"}//${login}${this.host}:${this.port}`;
  }

  /**
   * What is done to conversations: the same for every connection, or a plan that says it for each.
   * Setting it counts anew, on open connections, too: `{ reply: 1 }` is the next reply. Bytes that
   * are late already stay so. `[]` ends all faults but a connection's that is frozen (see
   * {@link release}), swallowed or cut.
   */
  get faults(): readonly Fault[] | FaultPlan {
    return this.#faults;
  }

  set faults(faults: readonly Fault[] | FaultPlan) {
    this.#faults = faults;
    this.#happened = new Map();
    for (const connection of this.#live) connection.setFaults(this.#faultsOf(connection));
  }

  /** How many connections are open now, on either side. */
  get connections(): number {
    return this.#live.size;
  }

  /** How many connections were accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How often a fault of {@link faults} has happened at its place, over all connections. */
  timesOf(fault: Fault): number {
    return this.#happened.get(fault as PlacedFault) ?? 0;
  }

  /** Destroys all connections now, on both sides. What was held or late is lost. */
  cut(options?: CutOptions): void {
    for (const connection of this.#live) connection.cut(options);
  }

  /**
   * Stops forwarding in one direction, by default in both, for connections to come, too. Nothing is
   * lost: the bytes wait in the proxy and the kernel, and then the sender feels it. An end of the
   * stream waits, too.
   */
  hold(direction?: Direction): void {
    for (const it of some(direction)) this.#held.add(it);
    for (const connection of this.#live) connection.hold(direction);
  }

  /** Forwards again in one direction, by default in both; also what a fault has frozen. */
  release(direction?: Direction): void {
    for (const it of some(direction)) this.#held.delete(it);
    for (const connection of this.#live) connection.release(direction);
  }

  /**
   * Refuses new connections, as if no server ran there (`ECONNREFUSED`), until {@link accept}. Open
   * ones live on.
   */
  refuse(): void {
    if (this.#listener.listening) this.#listener.close();
  }

  /** Accepts new connections again, at the same port. A proxy that was stopped stays so. */
  async accept(): Promise<void> {
    if (this.#listener.listening || this.#isStopped) return;
    await listen(this.#listener, this.port);
    this.#listener.unref();
  }

  /** Destroys all connections and stops listening. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    const ends = [...this.#live].map((connection) => connection.closed);
    this.cut();
    await Promise.all([closed, ...ends]);
  }

  /** Same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(client: Socket): void {
    if (!this.accepting) {
      client.on("error", () => {}).destroy();
      return;
    }
    this.#accepted += 1;
    const { host, port } = this.#target;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const connection = new ProxyConnection(this.#accepted, client, server, {
      seed: this.seed,
      decide: (direction, chunk, own) => {
        const hook = direction === "toServer" ? this.onClientBytes : this.onServerBytes;
        return hook?.(chunk, own) ?? "forward";
      },
      mayHappen: (fault) => this.#mayHappen(fault),
    });
    this.#live.add(connection);
    void connection.closed.then(() => this.#live.delete(connection));
    connection.setFaults(this.#faultsOf(connection));
    for (const direction of this.#held) connection.hold(direction);
  }

  #faultsOf(connection: ProxyConnection): readonly Fault[] {
    return typeof this.#faults === "function" ? this.#faults(connection) : this.#faults;
  }

  #mayHappen(fault: PlacedFault): boolean {
    const times = this.#happened.get(fault) ?? 0;
    if (times >= (fault.times ?? 1)) return false;
    this.#happened.set(fault, times + 1);
    return true;
  }
}

function some(direction: Direction | undefined): readonly Direction[] {
  return direction ? [direction] : ["toServer", "toClient"];
}
