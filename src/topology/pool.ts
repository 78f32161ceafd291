import { endListening, listenTo, type Signal } from "../base/aborts.ts";
import { backoffDelay } from "../base/backoff.ts";
import { Bell } from "../base/bell.ts";
import { now, STALL_MS } from "../base/clock.ts";
import { type Deferred, deferred } from "../base/deferred.ts";
import type { CallLimits } from "../connection/call.ts";
import type { Connection } from "../connection/connection.ts";
import { type Credentials, reauthenticate } from "../connection/credentials.ts";
import type { Deadlines } from "../connection/deadlines.ts";
import { failureOf, settleUnfinished } from "../connection/failures.ts";
import { connect } from "../connection/handshake.ts";
import type { Settings } from "../connection/options.ts";
import {
  AbortError,
  ClosedError,
  QueueFullError,
  TimeoutError,
  TransportError,
} from "../errors.ts";

/** Until when somebody waits for a connection. */
export interface Patience {
  /** On the clock of `base/clock.ts`; 0: for ever. */
  readonly deadline: number;
  readonly signal?: Signal | undefined;
  /**
   * What the connection is for, which decides what `close()` does: it waits for a watch block,
   * unblocks a blocking command, and ends a session.
   */
  readonly use: "watch" | "blocking" | "session";
}

/** Who waits for a connection, and what for. */
interface Waiter extends Deferred<Connection>, Pick<Patience, "use"> {}

/**
 * Makes the server answer the blocking command of a client id, without loss. @returns whether it
 * is any use to ask again
 */
export type Unblock = (clientId: number) => Promise<boolean>;

const UNBLOCK_EVERY_MS = 20;

/** A connection of one's own, until it is released. */
export interface Lease {
  readonly connection: Connection;
  /**
   * Gives the connection back. One that is closed, owes replies or is said to be dirty (`false`:
   * it may hold a WATCH or the like) is closed instead.
   */
  release(isClean: boolean): void;
}

/**
 * The connections that are leased: for WATCH and for blocking commands. At most `poolMax` are open;
 * who comes then waits in order of arrival.
 *
 * Invariant: `#size` = connections leased + idle + being opened (`#opening`), and
 * `#size <= poolMax`. Somebody waits only while no connection is idle, and either `#size = poolMax`
 * or as many are being opened as wait.
 */
export class Pool {
  readonly #settings: Settings;
  readonly #deadlines: Deadlines;
  /** The most recently used comes last. */
  readonly #idle: { readonly connection: Connection; readonly since: number }[] = [];
  readonly #leased = new Map<Connection, Patience["use"]>();
  /** Counts the changes of credentials, and with which of them each connection authenticated. */
  #era = 0;
  readonly #eras = new WeakMap<Connection, number>();
  readonly #waiting = new Set<Waiter>();
  readonly #closing = new AbortController();
  readonly #returned = new Bell();
  #size = 0;
  #opening = 0;
  /** Tries to connect that failed since the last that did not; the last such failure. */
  #failures = 0;
  #lastError: TransportError | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed: ClosedError | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(settings: Settings, deadlines: Deadlines) {
    this.#settings = settings;
    this.#deadlines = deadlines;
  }

  /**
   * Leases a connection, waiting for one if need be.
   *
   * @throws {TimeoutError | AbortError | ClosedError | QueueFullError} with `applied: false`
   * @throws {AuthenticationError} if a new connection is refused
   */
  async lease(patience: Patience): Promise<Lease> {
    const connection = await this.#take(patience);
    // Closed while the connection was on its way to here: what begins now would be waited for.
    if (this.#closed !== undefined) {
      this.#release(connection, true);
      throw refusal(this.#closed);
    }
    this.#deadlines.add(connection);
    connection.onClose = (reason, unfinished) => settleUnfinished(unfinished, failureOf(reason));
    return { connection, release: (isClean) => this.#release(connection, isClean) };
  }

  /**
   * Authenticates the open connections again, but for those of sessions: what these have begun is
   * theirs. They are closed when they come back, as are those that are being opened.
   */
  async reauthenticate(credentials: Credentials, limits: CallLimits): Promise<void> {
    this.#era += 1;
    const idle = this.#idle.map(({ connection }) => connection);
    const leased = [...this.#leased].filter(([, use]) => use !== "session");
    await Promise.all(
      [...idle, ...leased.map(([connection]) => connection)].map((connection) => {
        this.#eras.set(connection, this.#era);
        return reauthenticate(connection, credentials, limits);
      }),
    );
  }

  /**
   * Closes what is idle, and waits for the leases that are out, at most `timeoutMs`; they close
   * when they come back. Sessions end at once.
   *
   * @param unblock see {@link Unblock}
   */
  async close(reason: ClosedError, timeoutMs: number, unblock: Unblock): Promise<void> {
    this.#end(reason);
    for (const [connection, use] of this.#leased) {
      if (use === "session") this.#revoke(connection, reason);
      if (use === "blocking") void this.#unblock(connection, unblock);
    }
    await this.#returned.until(() => this.#leased.size === 0, timeoutMs);
  }

  /** More than once: the command may be on its way still, and in a pipeline others follow it. */
  async #unblock(connection: Connection, unblock: Unblock): Promise<void> {
    const { clientId } = connection;
    if (clientId === undefined) return;
    const hasReturned = (): boolean => !this.#leased.has(connection);
    while (!hasReturned() && (await unblock(clientId))) {
      await this.#returned.until(hasReturned, UNBLOCK_EVERY_MS);
    }
  }

  /** Closes everything, leases that are out included. */
  destroy(reason: ClosedError): void {
    this.#end(reason);
    for (const connection of this.#leased.keys()) this.#revoke(connection, reason);
  }

  /** Ends a lease that is out: there is nothing left to wait for. */
  #revoke(connection: Connection, reason: ClosedError): void {
    connection.destroy(reason);
    this.#release(connection, false);
  }

  #end(reason: ClosedError): void {
    this.#closed ??= reason;
    this.#closing.abort(reason);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#retryTimer);
    for (const { connection } of this.#idle.splice(0)) this.#discard(connection);
    for (const waiter of this.#waiting) waiter.reject(refusal(reason));
    this.#waiting.clear();
  }

  async #take(patience: Patience): Promise<Connection> {
    if (this.#closed !== undefined) throw refusal(this.#closed);
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.connection.isOpen) {
        this.#leased.set(idle.connection, patience.use);
        return idle.connection;
      }
      this.#size -= 1;
    }
    const { address, poolMax, poolMaxWaiting } = this.#settings;
    if (this.#waiting.size >= poolMaxWaiting) {
      const why = `${poolMaxWaiting} wait already for one of ${poolMax} connections to ${address}`;
      const message = `No connection of the pool: ${why}; raise pool.max or pool.maxWaiting`;
      throw new QueueFullError(message, { address, attempts: 0 });
    }
    const arrival = this.#wait(patience);
    this.#openIfNeeded();
    return arrival;
  }

  async #wait({ deadline, signal, use }: Patience): Promise<Connection> {
    const waiter = { ...deferred<Connection>(), use };
    this.#waiting.add(waiter);
    const { address, poolMax } = this.#settings;
    const details = { address, applied: false, attempts: 0 } as const;
    const giveUp = (error: Error): void => {
      // At once, not when the promise's users hear of it: no connection may come to him any more.
      this.#waiting.delete(waiter);
      waiter.reject(error);
    };
    const onAbort = (): void => {
      const message = "The wait for a connection was aborted by its signal; nothing was sent";
      giveUp(new AbortError(message, { ...details, cause: signal?.reason }));
    };
    if (signal?.aborted === true) onAbort();
    const onTimeout = (): void => {
      const cause = this.#lastError;
      const inUse =
        `All ${poolMax} pooled connections to ${address} stayed in use; ` +
        "raise pool.max, or hold WATCH and blocking commands for a shorter time";
      const why = cause === undefined ? "" : `: ${cause.message}`;
      const lateMs = Math.round(now() - deadline);
      const stall =
        lateMs < STALL_MS ? "" : `; this process's event loop was blocked for ${lateMs} ms`;
      const notOpened = `No connection to ${address} could be opened in time${why}${stall}`;
      const message = this.#leased.size >= poolMax ? inUse : notOpened;
      giveUp(new TimeoutError(message, { ...details, cause }));
    };
    const timer = deadline === 0 ? undefined : setTimeout(onTimeout, Math.max(1, deadline - now()));
    listenTo(signal, onAbort);
    try {
      return await waiter.promise;
    } finally {
      clearTimeout(timer);
      endListening(signal, onAbort);
    }
  }

  #release(connection: Connection, isClean: boolean): void {
    if (!this.#leased.delete(connection)) return;
    this.#returned.ring();
    this.#deadlines.delete(connection);
    if (isClean && connection.isOpen && connection.isIdle) return this.#give(connection);
    this.#discard(connection);
    this.#openIfNeeded();
  }

  /** A connection is free: it goes to whoever has waited longest, or stays for later. */
  #give(connection: Connection): void {
    if (this.#closed !== undefined) return this.#discard(connection);
    if (this.#eras.get(connection) !== this.#era) {
      this.#discard(connection);
      return this.#openIfNeeded();
    }
    const waiter = this.#nextWaiter();
    if (waiter === undefined) {
      this.#idle.push({ connection, since: now() });
      this.#closeIdleLater();
    } else {
      this.#leased.set(connection, waiter.use);
      waiter.resolve(connection);
    }
  }

  #nextWaiter(): Waiter | undefined {
    const [waiter] = this.#waiting;
    if (waiter !== undefined) this.#waiting.delete(waiter);
    return waiter;
  }

  /** Opens a connection for each who waits and for whom none is being opened, up to the limit. */
  #openIfNeeded(): void {
    if (this.#retryTimer !== undefined) return;
    while (this.#opening < this.#waiting.size && this.#size < this.#settings.poolMax) this.#open();
  }

  #open(): void {
    this.#size += 1;
    this.#opening += 1;
    const era = this.#era;
    connect(this.#settings, this.#closing.signal).then(
      (connection) => {
        this.#eras.set(connection, era);
        this.#opening -= 1;
        this.#failures = 0;
        this.#lastError = undefined;
        return this.#give(connection);
      },
      (error: unknown) => {
        this.#opening -= 1;
        this.#size -= 1;
        this.#refused(error);
      },
    );
  }

  /** An outage is waited out, as by ordinary commands; anything else fails who waits longest. */
  #refused(error: unknown): void {
    if (!(error instanceof TransportError) || this.#closed !== undefined) {
      this.#nextWaiter()?.reject(error);
      this.#openIfNeeded();
      return;
    }
    this.#failures += 1;
    this.#lastError = error;
    this.#retryTimer ??= setTimeout(
      () => {
        this.#retryTimer = undefined;
        this.#openIfNeeded();
      },
      backoffDelay(this.#failures, this.#settings.backoff),
    );
  }

  #discard(connection: Connection): void {
    this.#size -= 1;
    const { address } = connection;
    connection.destroy(new ClosedError("The pool closed this connection", { address }));
  }

  #closeIdleLater(): void {
    if (this.#idleTimer !== undefined) return;
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = undefined;
      const oldest = now() - this.#settings.poolIdleMs;
      while (this.#idle[0] !== undefined && this.#idle[0].since <= oldest) {
        const idle = this.#idle.shift();
        if (idle !== undefined) this.#discard(idle.connection);
      }
      if (this.#idle.length > 0) this.#closeIdleLater();
    }, this.#settings.poolIdleMs);
    this.#idleTimer.unref();
  }
}

function refusal(reason: ClosedError): ClosedError {
  const { message, address } = reason;
  return new ClosedError(message, { address, applied: false, attempts: 0, cause: reason });
}
