import { connect, createServer, type Server, type Socket } from "node:net";

/** The way bytes go. */
export type Direction = "toServer" | "toClient";

/** What becomes of a chunk: it goes on, it vanishes, or the connection is destroyed instead. */
export type Verdict = "forward" | "drop" | "cut";

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

/**
 * Starts a TCP proxy in front of a server, to disturb the conversation at a chosen place.
 *
 * @example
 * ```ts
 * await using server = await startServer();
 * await using proxy = await startProxy(server);
 * proxy.onServerBytes = () => "cut"; // the command was executed, its reply is lost
 * ```
 */
export async function startProxy(target: ProxyTarget): Promise<TestProxy> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });
  return new TestProxy(listener, target);
}

/**
 * A TCP proxy with real sockets on both sides. It sees bytes, not commands, so TLS passes, too.
 * Each side's end or failure reaches the other side. Made by {@link startProxy}.
 */
export class TestProxy {
  readonly host: string = "127.0.0.1";
  readonly port: number;
  /** Decides about each chunk from the server. Default: all are forwarded. */
  onServerBytes: ChunkHook | undefined;
  /** Decides about each chunk from a client. Default: all are forwarded. */
  onClientBytes: ChunkHook | undefined;
  /** While `false`, a new connection is closed as soon as it is made. */
  accepting = true;
  readonly #listener: Server;
  readonly #target: ProxyTarget;
  readonly #live = new Set<ProxyConnection>();
  readonly #held = new Set<Direction>();
  #accepted = 0;

  /** @internal */
  constructor(listener: Server, target: ProxyTarget) {
    const address = listener.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
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

  /** How many connections are open now. */
  get connections(): number {
    return this.#live.size;
  }

  /** How many connections were accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Destroys all connections now, on both sides. What was held is lost. */
  cut(): void {
    for (const connection of this.#live) connection.cut();
  }

  /**
   * Stops forwarding in one direction, for connections to come, too. Nothing is lost: the bytes
   * wait in the proxy and the kernel, and then the sender feels it. An end of the stream waits,
   * too.
   */
  hold(direction: Direction): void {
    this.#held.add(direction);
    for (const connection of this.#live) connection.hold(direction);
  }

  /** Forwards again in one direction, by default in both. */
  release(direction?: Direction): void {
    for (const it of direction ? [direction] : [...this.#held]) {
      this.#held.delete(it);
      for (const connection of this.#live) connection.release(it);
    }
  }

  /** Destroys all connections and stops listening. */
  async stop(): Promise<void> {
    if (!this.#listener.listening) return;
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    this.cut();
    await closed;
  }

  /** Same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(client: Socket): void {
    if (!this.accepting) {
      client.on("error", ignore).destroy();
      return;
    }
    this.#accepted += 1;
    const { host, port } = this.#target;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const connection = new ProxyConnection(this.#accepted, client, server, {
      toServer: (chunk) => this.onClientBytes?.(chunk, connection) ?? "forward",
      toClient: (chunk) => this.onServerBytes?.(chunk, connection) ?? "forward",
    });
    this.#live.add(connection);
    client.once("close", () => this.#live.delete(connection));
    for (const direction of this.#held) connection.hold(direction);
  }
}

/** One client's connection through a {@link TestProxy}: a socket on each side. */
export class ProxyConnection {
  /** 1 for the first connection that the proxy accepted, and so on. */
  readonly id: number;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #held = new Set<Direction>();

  /** @internal */
  constructor(
    id: number,
    client: Socket,
    server: Socket,
    decide: Readonly<Record<Direction, (chunk: Buffer) => Verdict>>,
  ) {
    this.id = id;
    this.#client = client;
    this.#server = server;
    this.#pump("toServer", decide.toServer);
    this.#pump("toClient", decide.toClient);
  }

  /** Sends bytes of one's own to one side, such as the first half of a chunk that is then cut. */
  send(direction: Direction, bytes: Uint8Array): void {
    const socket = direction === "toServer" ? this.#server : this.#client;
    if (socket.writable) socket.write(bytes);
  }

  /** Destroys both sides now. */
  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  /** Stops forwarding in one direction. */
  hold(direction: Direction): void {
    this.#held.add(direction);
    this.#source(direction).pause();
  }

  /** Forwards again in one direction. */
  release(direction: Direction): void {
    this.#held.delete(direction);
    this.#source(direction).resume();
  }

  #source(direction: Direction): Socket {
    return direction === "toServer" ? this.#client : this.#server;
  }

  #pump(direction: Direction, decide: (chunk: Buffer) => Verdict): void {
    const from = this.#source(direction);
    const to = from === this.#client ? this.#server : this.#client;
    from.on("data", (chunk: Buffer) => {
      const verdict = decide(chunk);
      if (verdict === "cut") this.cut();
      else if (verdict === "forward" && to.writable && !to.write(chunk)) from.pause();
    });
    // A slow receiver slows the sender down, as it would without a proxy.
    to.on("drain", () => {
      if (!this.#held.has(direction)) from.resume();
    });
    from.on("end", () => to.end());
    // A broken side breaks the other; "close" follows each error.
    from.on("error", ignore);
    from.on("close", (hadError) => {
      if (hadError) to.destroy();
    });
  }
}

/** The failure of a socket is told by its "close", which follows. */
function ignore(): void {}
