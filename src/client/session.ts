import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Bulk, Command, Counter, Key } from "../command/command.ts";
import { ok } from "../command/decoders.ts";
import { SCRIPT, STATEFUL } from "../command/traits.ts";
import { call } from "../connection/call.ts";
import { ArgumentError } from "../errors.ts";
import type { Argument, ReplyForm, RespValue } from "../protocol/resp.ts";
import type { Lease } from "../topology/pool.ts";
import type { Core, Limits } from "./core.ts";
import { runScript } from "./execute.ts";
import { refuseLate } from "./refuse.ts";
import { ScanningCommands } from "./scan.ts";

/** Options of {@link Session.clientTracking}. */
export interface TrackingOptions {
  /** Send the invalidations to the connection with this id (`REDIRECT`). */
  readonly redirect?: number | undefined;
  /** Track whatever begins with one of these (`PREFIX`); needs `broadcast`. */
  readonly prefixes?: OneOrMany<Key> | undefined;
  /** Tell of all keys, or those with the prefixes, read before or not (`BCAST`). */
  readonly broadcast?: boolean | undefined;
  /**
   * Track only keys read right after `clientCaching(true)` (`OPTIN`), or all but those after
   * `clientCaching(false)` (`OPTOUT`).
   */
  readonly mode?: "OPTIN" | "OPTOUT" | undefined;
  /** Do not tell of keys that this connection itself changed (`NOLOOP`). */
  readonly noLoop?: boolean | undefined;
}

/** What a session cannot carry: it would end the conversation, or the count of its replies. */
const REFUSED: ReadonlySet<string> = new Set(
  (
    "HELLO MONITOR PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT REPLCONF RESET SSUBSCRIBE SUBSCRIBE " +
    "SUNSUBSCRIBE SYNC UNSUBSCRIBE"
  ).split(" "),
);

/**
 * A client with a connection of its own, for commands that change what later commands mean: SELECT,
 * AUTH, CLIENT TRACKING, and raw MULTI or WATCH through `call()`. It is lost with its connection:
 * nothing is repeated on another. End it, to give the connection back; one whose state was changed
 * is closed.
 */
export class Session<B extends Bulk = string, N extends Counter = number> extends ScanningCommands<
  B,
  N
> {
  protected override readonly form: ReplyForm;
  readonly #core: Core;
  readonly #lease: Lease;
  readonly #limits: Limits;
  #isClean = true;
  #hasEnded = false;

  /** @internal Sessions come from `redis.session()`. */
  constructor(core: Core, form: ReplyForm, lease: Lease, limits: Limits) {
    super();
    this.#core = core;
    this.form = form;
    this.#lease = lease;
    this.#limits = limits;
  }

  /**
   * Choose the database of this session.
   *
   * @returns `true`
   * @throws {ServerError} if there is no database of that number
   * @example
   * ```ts
   * await redis.session(async (session) => {
   *   await session.select(1);
   *   await session.set("elsewhere", 1);
   * });
   * ```
   * @see https://redis.io/commands/select
   * @since 1.0.0
   */
  select(db: number): Promise<true> {
    return this.send(["SELECT", db], ok, STATEFUL);
  }

  /**
   * Become another ACL user for this session.
   *
   * @returns `true`
   * @throws {AuthenticationError} if name or password are wrong
   * @example
   * ```ts
   * await redis.aclSetuser("reader", ["on", "nopass", "~*", "+@read"]);
   * await redis.session((session) => session.auth({ username: "reader", password: "any" }));
   * ```
   * @see https://redis.io/commands/auth
   * @since 1.0.0
   */
  auth(credentials: { readonly username?: string; readonly password: string }): Promise<true> {
    const { username, password } = credentials;
    const user = username === undefined ? [] : [username];
    return this.send(["AUTH", ...user, password], ok, STATEFUL);
  }

  /**
   * Name this session's connection, as CLIENT LIST shows it.
   *
   * @param name printable ASCII without spaces; `""` takes the name away
   * @returns `true`
   * @example
   * ```ts
   * await redis.session((session) => session.clientSetname("import"));
   * ```
   * @see https://redis.io/commands/client-setname
   * @since 2.6.9
   */
  clientSetname(name: string): Promise<true> {
    return this.send(["CLIENT", "SETNAME", name], ok, STATEFUL);
  }

  /**
   * Keep this session's connection when the server must evict clients, or no longer.
   *
   * @returns `true`
   * @example
   * ```ts
   * await redis.session((session) => session.clientNoEvict(true));
   * ```
   * @see https://redis.io/commands/client-no-evict
   * @since 7.0.0
   */
  clientNoEvict(isKept: boolean): Promise<true> {
    return this.send(["CLIENT", "NO-EVICT", isKept ? "ON" : "OFF"], ok, STATEFUL);
  }

  /**
   * Let this session's commands leave no trace in the keys' LRU and LFU data, or no longer.
   *
   * @returns `true`
   * @example
   * ```ts
   * await redis.session((session) => session.clientNoTouch(true));
   * ```
   * @see https://redis.io/commands/client-no-touch
   * @since 7.2.0
   */
  clientNoTouch(isOn: boolean): Promise<true> {
    return this.send(["CLIENT", "NO-TOUCH", isOn ? "ON" : "OFF"], ok, STATEFUL);
  }

  /**
   * Be told of changes to keys that this session reads; see {@link Session.onPush}.
   *
   * @param isOn `false` ends it
   * @returns `true`
   * @example
   * ```ts
   * await redis.session(async (session) => {
   *   await session.clientTracking(true, { noLoop: true });
   *   session.onPush((message) => console.log(message)); // ["invalidate", ["key"]]
   *   await session.get("key");
   * });
   * ```
   * @see https://redis.io/commands/client-tracking
   * @since 6.0.0
   */
  clientTracking(isOn: boolean, options: TrackingOptions = {}): Promise<true> {
    const argv: Argument[] = ["CLIENT", "TRACKING", isOn ? "ON" : "OFF"];
    if (options.redirect !== undefined) argv.push("REDIRECT", options.redirect);
    if (options.prefixes !== undefined) pushPrefixes(argv, options.prefixes);
    if (options.broadcast === true) argv.push("BCAST");
    if (options.mode !== undefined) argv.push(options.mode);
    if (options.noLoop === true) argv.push("NOLOOP");
    return this.send(argv, ok, STATEFUL);
  }

  /**
   * Track the keys of the next command, or not; see the `mode` of {@link Session.clientTracking}.
   *
   * @returns `true`
   * @example
   * ```ts
   * await redis.session(async (session) => {
   *   await session.clientTracking(true, { mode: "OPTIN" });
   *   await session.clientCaching(true);
   *   await session.get("key");
   * });
   * ```
   * @see https://redis.io/commands/client-caching
   * @since 6.0.0
   */
  clientCaching(isTracked: boolean): Promise<true> {
    return this.send(["CLIENT", "CACHING", isTracked ? "YES" : "NO"], ok, STATEFUL);
  }

  /**
   * Calls `listener` with every push message of this session's connection, such as
   * `["invalidate", ["key"]]`. One listener at a time; RESP3 only. What it throws is reported as an
   * uncaught exception, and harms no command.
   */
  onPush(listener: (message: readonly RespValue[]) => void): void {
    this.#lease.connection.onPush = (message) => {
      try {
        listener(message);
      } catch (error) {
        // Thrown where Node reports it, outside of the connection.
        queueMicrotask(() => {
          throw error;
        });
      }
    };
  }

  /** Gives the connection back; it is closed if its state was changed. Later commands throw. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#lease.connection.onPush = undefined;
    this.#lease.release(this.#isClean);
  }

  /** As `end()`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  protected override deliver<T>(command: Command<T>): Promise<T> {
    if (this.#hasEnded) throw refuseLate(command, "The session has ended; make a new one");
    if (command.traits & STATEFUL) this.#admit(command);
    const limits = this.#limits.limitsFor(command);
    const { connection } = this.#lease;
    if ((command.traits & SCRIPT) === 0) return call(connection, command, limits);
    const { deadline, signal, retry } = limits;
    return runScript(this.#core, command, { deadline, signal, retry, on: connection });
  }

  #admit({ argv }: Command<unknown>): void {
    const [name, option] = argv.slice(0, 2).map((word) => String(word).toUpperCase());
    if (REFUSED.has(name ?? "") || (name === "CLIENT" && option === "REPLY")) {
      throw new ArgumentError(
        `${name} cannot be sent on a session: no reply could be told from another after it`,
        { command: name },
      );
    }
    this.#isClean = false;
  }
}

function pushPrefixes(argv: Argument[], prefixes: OneOrMany<Key>): void {
  const words: Argument[] = ["PREFIX"];
  pushAll(words, prefixes, "prefixes");
  for (const prefix of words.slice(1)) argv.push("PREFIX", prefix);
}
