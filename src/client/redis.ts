import { deadlineIn, nextTurn } from "../base/clock.ts";
import { Events } from "../base/events.ts";
import { inspectAsText } from "../base/inspect.ts";
import { within } from "../base/within.ts";
import { blockingTimeoutMs } from "../command/blocking.ts";
import type { Bulk, Command, Counter } from "../command/command.ts";
import { PLAIN, SCRIPT, STATEFUL } from "../command/traits.ts";
import { call } from "../connection/call.ts";
import type { ConnectionEvents } from "../connection/link.ts";
import { checkNames, type RedisOptions, resolveSettings, whole } from "../connection/options.ts";
import { AbortError, ClosedError, OptionsError, TimeoutError } from "../errors.ts";
import { BIGINT, BYTES, type ReplyForm, TEXT } from "../protocol/resp.ts";
import { Standalone } from "../topology/standalone.ts";
import {
  type Core,
  type CounterOf,
  leaseDeadline,
  leaseFor,
  Turn,
  type ViewOptions,
} from "./core.ts";
import { runScript } from "./execute.ts";
import { MONITOR, Monitor, type MonitorStream } from "./monitor.ts";
import { Pipeline } from "./pipeline.ts";
import { checkView, defined, type PipelineOptions } from "./pipeline_options.ts";
import { PipeliningClient } from "./pipelining.ts";
import { checkBody, refuseStateful } from "./refuse.ts";
import { Session } from "./session.ts";

const MONITOR_OPTIONS: ReadonlySet<string> = new Set(["maxBuffered"]);

/**
 * A client of one server. Every command is a method that returns a promise; commands issued in one
 * turn of the event loop travel in one write. `B` is what bulk strings are: `string`, or `Buffer`
 * on the {@link Redis.bytes} view.
 *
 * @example
 * ```ts
 * const redis = await Redis.connect("redis://127.0.0.1:6379");
 * await redis.set("greeting", "hello");
 * await redis.get("greeting"); // "hello"
 * await redis.close();
 * ```
 */
export class Redis<B extends Bulk = string, N extends Counter = number> extends PipeliningClient<
  B,
  N
> {
  protected override readonly form: ReplyForm;
  protected override readonly view: ViewOptions;
  readonly #core: Core;
  readonly #turn: Turn;
  #bytes: Redis<Buffer, N> | undefined;

  /** Not for use: clients come from {@link Redis.connect}. */
  private constructor(core: Core, form: ReplyForm, view: ViewOptions) {
    super();
    // Plain JavaScript can call it as that of other clients.
    if (typeof view !== "object") throw new OptionsError("Make a client by await Redis.connect()");
    this.#core = core;
    this.form = form;
    this.view = view;
    this.#turn = new Turn(core, view);
  }

  /**
   * Connects to a server. Fails fast; once connected, the client reconnects by itself.
   *
   * @param options a URL (`redis://`, `rediss://` for TLS, `unix://`) or options; default
   *   `redis://127.0.0.1:6379`
   * @throws {OptionsError} for a wrong URL or option, at once
   * @throws {ConnectError | TimeoutError | AuthenticationError} saying what to check
   * @example
   * ```ts
   * const redis = await Redis.connect({ host: "127.0.0.1", port: 6379, clientName: "web" });
   * ```
   */
  static connect(options: string | RedisOptions = {}): Promise<Redis> {
    const settings = resolveSettings(options);
    const events = new Events<ConnectionEvents>();
    const topology = new Standalone(settings, events);
    const redis = new Redis({ topology, settings, events }, TEXT, {});
    return redis.#connect();
  }

  /**
   * A view of this client whose bulk strings are `Buffer`s: nothing is lost of values that are no
   * text.
   *
   * @example
   * ```ts
   * await redis.set("image", Buffer.from([0xff, 0x00]));
   * const image = await redis.bytes.get("image"); // Buffer | null
   * ```
   */
  get bytes(): Redis<Buffer, N> {
    this.#bytes ??= new Redis<Buffer, N>(this.#core, this.form | BYTES, this.view);
    return this.#bytes;
  }

  /**
   * A view of this client with other limits, or other integers; same connection.
   *
   * @throws {OptionsError} for a wrong option
   * @example
   * ```ts
   * const value = await redis.with({ timeout: 50 }).get("key");
   * ```
   */
  with<const I extends "number" | "bigint" | undefined = undefined>(
    view: ViewOptions & { readonly integers?: I },
  ): Redis<B, CounterOf<I, N>> {
    checkView(view);
    const { integers = this.form & BIGINT ? "bigint" : "number" } = view;
    const form = integers === "bigint" ? this.form | BIGINT : this.form & ~BIGINT;
    return new Redis<B, CounterOf<I, N>>(this.#core, form, { ...this.view, ...defined(view) });
  }

  protected override newPipeline(
    options: PipelineOptions,
    firstIndex?: number,
  ): Pipeline<B, never, N> {
    const { timeout, signal, retry } = this.view;
    const merged = { retry, timeout, signal, ...defined(options) };
    return new Pipeline<B, never, N>(this.#core, this.form, merged, firstIndex);
  }

  protected override deliver<T>(command: Command<T>): Promise<T> {
    if (command.traits !== PLAIN) return this.#runAlone(command);
    return call(this.#core.topology, command, this.#turn.limits);
  }

  /**
   * Makes a client with a connection of its own, for commands that change the connection's state.
   *
   * @throws {TimeoutError} if no connection of the pool becomes free in time
   * @example
   * ```ts
   * const session = await redis.session();
   * await session.select(1);
   * session.end();
   * ```
   */
  session(): Promise<Session<B, N>>;
  /** The same for the time of `body`: the session ends with it, whatever happens. */
  session<R>(body: (session: Session<B, N>) => R | Promise<R>): Promise<R>;
  session<R>(body?: (session: Session<B, N>) => R | Promise<R>): Promise<Session<B, N> | R> {
    if (body === undefined) return this.#session();
    checkBody(body, "session()");
    return this.#within(body);
  }

  /**
   * Watch every command that the server runs (MONITOR), on a connection of its own. It costs the
   * server dearly: for finding errors, not for production. The view's signal ends it.
   *
   * @param options `maxBuffered`: so many commands may wait to be read (default 10000) before it
   *   ends with a `QueueFullError`
   * @throws {PermissionError} if the user may not
   * @example
   * ```ts
   * const monitor = await redis.monitor();
   * await redis.ping();
   * for await (const { argv } of monitor) if (argv[0]?.toLowerCase() === "ping") break;
   * ```
   */
  monitor(options: { readonly maxBuffered?: number } = {}): Promise<MonitorStream> {
    checkNames(options, "the options of monitor()", MONITOR_OPTIONS);
    return this.#monitor(whole(options.maxBuffered, "maxBuffered", 1) ?? 10_000);
  }

  /**
   * Waits until everything that was issued so far has left this process, at once if nothing waits:
   * who produces commands faster than the network or the server takes them stays in bounded memory.
   * Replies may be owed still.
   *
   * @throws {TimeoutError | AbortError} within the limits of the view
   * @throws {ClosedError} if the client ends first
   * @example
   * ```ts
   * const writes: Promise<boolean>[] = [];
   * for (let i = 0; i < 5_000; i += 1) {
   *   writes.push(redis.set(`key ${i}`, i));
   *   if (i % 1_000 === 0) await redis.drained();
   * }
   * await Promise.all(writes);
   * ```
   */
  async drained(): Promise<void> {
    const { topology } = this.#core;
    const details = { address: topology.address, applied: false } as const;
    // Scripts called in this turn are queued at its end. And replies are read between turns: a
    // producer that never waits for one would only pile them up.
    const drained = nextTurn().then(() => topology.drained());
    await within(drained, {
      deadline: this.#deadline(),
      signal: this.view.signal,
      onTimeout: () => new TimeoutError("Commands still wait to be written", details),
      onAbort: (cause) =>
        new AbortError("The wait was aborted by its signal", { ...details, cause }),
    });
  }

  /**
   * Calls `listener` at every event `name`: `"connect"`, `"disconnect"`, `"reconnecting"`,
   * `"error"`. No event needs a listener.
   *
   * @returns ends the listening
   */
  on<E extends keyof ConnectionEvents>(
    name: E,
    listener: (...payload: ConnectionEvents[E]) => void,
  ): () => void {
    return this.#core.events.on(name, listener);
  }

  /**
   * Closes the client: waits for replies that are owed and for watch blocks, up to `closeTimeout`,
   * then ends all connections. Blocking commands answer as if their time were up, and sessions end.
   * Later commands reject with a `ClosedError`. Views share the client's fate.
   */
  close(): Promise<void> {
    const { topology, settings } = this.#core;
    return topology.close(this.#closedError("closed"), settings.closeTimeoutMs);
  }

  /** Ends all connections now; commands without a reply reject with a `ClosedError`. */
  destroy(): void {
    this.#core.topology.destroy(this.#closedError("destroyed"));
  }

  /** As `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Shows where the client is connected to; no password. */
  override toString(): string {
    return `Redis(${this.#core.topology.address})`;
  }

  async #connect(): Promise<this> {
    try {
      await this.#core.topology.connect();
      return this;
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /** A command that needs more than a place in the shared conversation, or is refused there. */
  #runAlone<T>(command: Command<T>): Promise<T> {
    if (command.traits & STATEFUL) throw refuseStateful(command, "a shared connection");
    if ((command.traits & SCRIPT) === 0) return this.#runOnLease(command);
    const { signal, retry } = this.view;
    return runScript(this.#core, command, { deadline: this.#deadline(), signal, retry });
  }

  async #runOnLease<T>(command: Command<T>): Promise<T> {
    const { topology, settings } = this.#core;
    const { timeout, signal, retry } = this.view;
    const { commandTimeoutMs } = settings;
    const byDefault = commandTimeoutMs && commandTimeoutMs + blockingTimeoutMs(command.argv);
    const deadline = deadlineIn(timeout ?? byDefault);
    const patience = leaseDeadline(this.#core, deadline);
    const limit = { deadline: patience, signal, use: "blocking" } as const;
    const lease = await leaseFor(this.#core, command.argv, limit);
    topology.note(deadline);
    try {
      const limits = { deadline, maxRetries: 0, retry, address: topology.address, signal };
      return await call(lease.connection, command, limits);
    } finally {
      // Closed instead of kept if the reply is still owed.
      lease.release(true);
    }
  }

  async #session(): Promise<Session<B, N>> {
    const { signal } = this.view;
    const { topology } = this.#core;
    const lease = await topology.lease({ deadline: this.#deadline(), signal, use: "session" });
    return new Session<B, N>(this.#core, this.form, lease, this.#turn);
  }

  async #within<R>(body: (session: Session<B, N>) => R | Promise<R>): Promise<R> {
    const session = await this.#session();
    try {
      return await body(session);
    } finally {
      session.end();
    }
  }

  async #monitor(maxBuffered: number): Promise<MonitorStream> {
    const { topology } = this.#core;
    const deadline = this.#deadline();
    const { signal } = this.view;
    const lease = await leaseFor(this.#core, MONITOR, { deadline, signal, use: "session" });
    const monitor = new Monitor(lease, { maxBuffered, deadline, signal });
    topology.note(deadline);
    await monitor.begin();
    return monitor;
  }

  #deadline(): number {
    return deadlineIn(this.view.timeout ?? this.#core.settings.commandTimeoutMs);
  }

  #closedError(how: string): ClosedError {
    const { address } = this.#core.topology;
    return new ClosedError(`The client of ${address} was ${how}`, { address });
  }
}

inspectAsText(Redis);
