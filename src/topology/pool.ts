import { now } from "../base/clock.ts";
import { type Deferred, deferred } from "../base/deferred.ts";
import type { Connection } from "../connection/connection.ts";
import type { Deadlines } from "../connection/deadlines.ts";
import { failureOf } from "../connection/failures.ts";
import { connect } from "../connection/handshake.ts";
import type { Settings } from "../connection/options.ts";
import { AbortError, ClosedError, TimeoutError } from "../errors.ts";

/** Until when somebody waits for a connection. */
export interface Patience {
  /** On the clock of `base/clock.ts`; 0: for ever. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

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
 * Invariant: `#size` = connections leased + idle + being opened, and `#size <= poolMax`. Somebody
 * waits only while no connection is idle and `#size = poolMax`, or while one is on its way to him.
 */
export class Pool {
  readonly #settings: Settings;
  readonly #deadlines: Deadlines;
  /** The most recently used comes last. */
  readonly #idle: { readonly connection: Connection; readonly since: number }[] = [];
  readonly #leased = new Set<Connection>();
  readonly #waiting = new Set<Deferred<Connection>>();
  #size = 0;
  #closed: ClosedError | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(settings: Settings, deadlines: Deadlines) {
    this.#settings = settings;
    this.#deadlines = deadlines;
  }

  /** Connections that a lease could be given at once, without waiting for another's release. */
  get free(): number {
    return this.#settings.poolMax - this.#leased.size;
  }

  /**
   * Leases a connection, waiting for one if need be.
   *
   * @throws {TimeoutError | AbortError | ClosedError} with `applied: false`
   * @throws {ConnectError | AuthenticationError} if a new connection is refused
   */
  async lease(patience: Patience): Promise<Lease> {
    const connection = await this.#take(patience);
    this.#leased.add(connection);
    this.#deadlines.add(connection);
    connection.onClose = (reason, unfinished) => {
      const failure = failureOf(reason);
      for (const request of unfinished) if (request.interrupt(failure)) request.fail(failure);
    };
    return { connection, release: (isClean) => this.#release(connection, isClean) };
  }

  /** Closes what is idle; leases that are out close when they come back. */
  close(reason: ClosedError): void {
    this.#closed ??= reason;
    clearTimeout(this.#idleTimer);
    for (const { connection } of this.#idle.splice(0)) this.#discard(connection);
    for (const waiter of this.#waiting) waiter.reject(reason);
    this.#waiting.clear();
  }

  /** Closes everything, leases that are out included. */
  destroy(reason: ClosedError): void {
    this.close(reason);
    for (const connection of this.#leased) connection.destroy(reason);
  }

  async #take(patience: Patience): Promise<Connection> {
    if (this.#closed !== undefined) throw this.#closed;
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.connection.isOpen) return idle.connection;
      this.#size -= 1;
    }
    if (this.#size >= this.#settings.poolMax) return this.#wait(patience);
    return this.#open();
  }

  async #open(): Promise<Connection> {
    this.#size += 1;
    try {
      const connection = await connect(this.#settings);
      if (this.#closed === undefined) return connection;
      connection.destroy(this.#closed);
      throw this.#closed;
    } catch (error) {
      this.#size -= 1;
      this.#serveNext();
      throw error;
    }
  }

  async #wait({ deadline, signal }: Patience): Promise<Connection> {
    const waiter = deferred<Connection>();
    this.#waiting.add(waiter);
    const { address, poolMax } = this.#settings;
    const details = { address, applied: false } as const;
    const onAbort = (): void => {
      const message = "The wait for a connection was aborted by its signal; nothing was sent";
      waiter.reject(new AbortError(message, { ...details, cause: signal?.reason }));
    };
    const onTimeout = (): void => {
      const message =
        `All ${poolMax} pooled connections to ${address} stayed in use; ` +
        "raise pool.max, or hold WATCH and blocking commands for a shorter time";
      waiter.reject(new TimeoutError(message, details));
    };
    const timer = deadline === 0 ? undefined : setTimeout(onTimeout, Math.max(1, deadline - now()));
    signal?.addEventListener("abort", onAbort);
    try {
      return await waiter.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(waiter);
    }
  }

  #release(connection: Connection, isClean: boolean): void {
    if (!this.#leased.delete(connection)) return;
    this.#deadlines.delete(connection);
    const isUsable = isClean && connection.isOpen && connection.isIdle;
    if (!isUsable || this.#closed !== undefined) {
      this.#discard(connection);
      this.#serveNext();
      return;
    }
    const [waiter] = this.#waiting;
    if (waiter === undefined) {
      this.#idle.push({ connection, since: now() });
      this.#closeIdleLater();
    } else {
      this.#waiting.delete(waiter);
      waiter.resolve(connection);
    }
  }

  #discard(connection: Connection): void {
    this.#size -= 1;
    const { address } = connection;
    connection.destroy(new ClosedError("The pool closed this connection", { address }));
  }

  /** There is room for one more connection: opens it for whoever has waited longest. */
  #serveNext(): void {
    const [waiter] = this.#waiting;
    if (waiter === undefined || this.#size >= this.#settings.poolMax) return;
    this.#waiting.delete(waiter);
    this.#open().then(waiter.resolve, waiter.reject);
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
