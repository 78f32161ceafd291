import { createServer, type Server, type Socket } from "node:net";
import { now } from "../base/clock.ts";
import { type Deferred, deferred } from "../base/deferred.ts";
import { within } from "../base/within.ts";
import { ScriptError } from "./errors.ts";
import type { ScriptStep } from "./script.ts";
import { ScriptedConnection } from "./scripted_connection.ts";
import { HOST, listen } from "./sockets.ts";

/** What a scripted server does. */
export interface ScriptedServerOptions {
  /** The steps of the first connection, of the second one, and so on. Default: none. */
  readonly scripts?: readonly (readonly ScriptStep[])[] | undefined;
  /**
   * What to send for a command that no step expects, in RESP: `""` says nothing, `undefined`
   * leaves it to the server, which knows what clients say first (HELLO, AUTH, PING, SELECT, CLIENT)
   * and takes everything else for a mistake. Default: `undefined` for all.
   *
   * @param command name and arguments
   */
  readonly answer?: ((command: readonly string[]) => string | Uint8Array | undefined) | undefined;
}

/**
 * Starts a server that follows a script, for what no real server does when a test wants it: half a
 * reply and then nothing, an answer of a version that is long gone, two things in an exact order.
 *
 * @example
 * ```ts
 * await using server = await startScriptedServer({
 *   scripts: [[
 *     { expect: ["GET", "key"], reply: "$5\r\nva" },
 *     { wait: 20 },
 *     { send: "lue\r\n" },
 *     { expect: ["INCR", /^visits:/] },
 *     { close: "reset" },
 *   ]],
 * });
 * await using redis = await Redis.connect(server.url);
 * await redis.get("key"); // "value"
 * await redis.incr("visits:1").catch((error: RedisError) => error.applied); // "unknown"
 * await server.done();
 * ```
 */
export async function startScriptedServer(
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const listener = createServer({ noDelay: true });
  return new ScriptedServer(listener, await listen(listener), options);
}

/** A server that follows a script. Made by {@link startScriptedServer}. */
export class ScriptedServer {
  readonly host: string = HOST;
  readonly port: number;
  readonly #listener: Server;
  readonly #options: ScriptedServerOptions;
  readonly #commands: (readonly string[])[] = [];
  readonly #conversations: ScriptedConnection[] = [];
  readonly #outcome: Deferred<void> = deferred();
  /** The first one, also if it came when all was done. */
  #failure: ScriptError | undefined;
  #open = 0;
  #done = 0;

  /** @internal */
  constructor(listener: Server, port: number, options: ScriptedServerOptions) {
    this.port = port;
    this.#listener = listener;
    this.#options = options;
    // Nobody has to ask for the outcome.
    this.#outcome.promise.catch(() => {});
    // A server that nobody talks to keeps no process alive.
    listener.unref();
    listener.on("connection", (socket) => this.#accept(socket));
    if (this.#scripts.length === 0) this.#outcome.resolve();
  }

  /** Where clients connect to. */
  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  /** All commands that came, of all connections: name and arguments. */
  get commands(): readonly (readonly string[])[] {
    return this.#commands;
  }

  /** How many connections are open now. */
  get connections(): number {
    return this.#open;
  }

  /**
   * Waits until every script has come to its end.
   *
   * @param timeoutMs how long at most, in milliseconds. Default: 5,000.
   * @throws {ScriptError} if a client sent something else than was expected, on any connection so
   *   far (it was cut then), or ended the connection too early; or if it takes too long.
   */
  async done(timeoutMs = 5_000): Promise<void> {
    const late = (): ScriptError => {
      const missing = this.#scripts.length - this.#conversations.length;
      const states = this.#conversations.map(String);
      if (missing > 0) states.push(`${missing} more connections were never made`);
      return new ScriptError(`not done after ${timeoutMs} ms: ${states.join("; ")}`);
    };
    if (this.#failure !== undefined) throw this.#failure;
    const deadline = now() + timeoutMs;
    await within(this.#outcome.promise, { deadline, onTimeout: late, onAbort: late });
  }

  /** Destroys all connections and stops listening. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const conversation of this.#conversations) conversation.destroy();
    await closed;
  }

  /** Same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #scripts(): readonly (readonly ScriptStep[])[] {
    return this.#options.scripts ?? [];
  }

  #accept(socket: Socket): void {
    this.#open += 1;
    socket.once("close", () => {
      this.#open -= 1;
    });
    const index = this.#conversations.length;
    const conversation = new ScriptedConnection(index + 1, socket, this.#scripts[index] ?? [], {
      saw: (command) => this.#commands.push(command),
      answer: (command) => this.#options.answer?.(command) ?? handshakeReply(command),
      onDone: () => {
        if (index < this.#scripts.length) this.#done += 1;
        if (this.#done === this.#scripts.length) this.#outcome.resolve();
      },
      onFailure: (error) => {
        this.#failure ??= error;
        this.#outcome.reject(error);
      },
    });
    this.#conversations.push(conversation);
  }
}

/** What a server says to the commands that clients begin with. */
function handshakeReply([name = "", version]: readonly string[]): string | undefined {
  switch (name.toUpperCase()) {
    case "HELLO":
      return `${version === "3" ? "%1" : "*2"}\r\n+proto\r\n:${version ?? 2}\r\n`;
    case "PING":
      return "+PONG\r\n";
    case "AUTH":
    case "CLIENT":
    case "SELECT":
      return "+OK\r\n";
    default:
      return undefined;
  }
}
