import { backoffDelay } from "../base/backoff.ts";
import { now, sleep } from "../base/clock.ts";
import { type Deferred, deferred } from "../base/deferred.ts";
import type { Events } from "../base/events.ts";
import {
  type ClosedError,
  QueueFullError,
  type RedisError,
  type TransportError,
} from "../errors.ts";
import { Backlog, sweepRequests } from "./backlog.ts";
import type { CallLimits } from "./call.ts";
import type { Connection } from "./connection.ts";
import { type Credentials, reauthenticate } from "./credentials.ts";
import type { Deadlines, Sweepable } from "./deadlines.ts";
import { asRedisError, failureOf, subject, timeoutFailure } from "./failures.ts";
import { connect } from "./handshake.ts";
import type { Settings } from "./options.ts";
import type { Failure, Request } from "./request.ts";
import { RetryBudget } from "./retry_budget.ts";

/** What a client tells about its connection. */
export interface ConnectionEvents {
  /** A connection is ready for commands: the first one, and each after a loss. */
  readonly connect: readonly [event: { readonly address: string }];
  /** The connection was lost, or closed. */
  readonly disconnect: readonly [event: { readonly address: string; readonly reason: RedisError }];
  /** A try to reconnect begins after `delay` milliseconds. */
  readonly reconnecting: readonly [
    event: { readonly address: string; readonly attempt: number; readonly delay: number },
  ];
  /** A try to reconnect failed and the next will follow; or new credentials were refused. */
  readonly error: readonly [error: RedisError];
}

/**
 * A connection that comes back. Requests go to the open connection at once, and wait in order while
 * there is none. After a loss it sends again only what cannot have been applied, and reads.
 *
 * States: `| new | connected ⇄ reconnecting | closed |`. Requests wait in `#waiting` only while
 * there is no connection.
 */
export class Link implements Sweepable {
  readonly #settings: Settings;
  readonly #events: Events<ConnectionEvents>;
  readonly #waiting = new Backlog();
  /** To be done on the next connection: its credentials may have changed while it was opened. */
  #changed: (() => Promise<void>) | undefined;
  readonly #budget = new RetryBudget();
  readonly #drains = new Set<Deferred<void>>();
  readonly #closing = new AbortController();
  #connection: Connection | undefined;
  #closed: ClosedError | undefined;
  #lastError: unknown;
  /** Tries to reconnect since a connection last was of use; and since when there is one. */
  #tries = 0;
  #connectedAt = 0;

  constructor(settings: Settings, events: Events<ConnectionEvents>, deadlines: Deadlines) {
    this.#settings = settings;
    this.#events = events;
    deadlines.add(this);
  }

  /**
   * Connects for the first time; fails fast. @throws {ConnectError | TimeoutError |
   * AuthenticationError}
   */
  async connect(): Promise<void> {
    this.#attach(await connect(this.#settings));
  }

  send(request: Request): void {
    const connection = this.#connection;
    if (connection === undefined || this.#closed !== undefined) this.#wait(request);
    else if (connection.isFull(this.#settings)) this.#refuse(request);
    else connection.send(request);
  }

  /** Authenticates the connection again: the open one, or else that which is being opened. */
  async reauthenticate(credentials: Credentials, limits: CallLimits): Promise<void> {
    if (this.#connection !== undefined) {
      await reauthenticate(this.#connection, credentials, limits);
    } else {
      this.#changed = () => this.reauthenticate(credentials, limits);
    }
  }

  /** Waits until the kernel has taken everything. @throws {ClosedError} */
  drained(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (this.#connection?.isDrained === true) return Promise.resolve();
    const waiter = deferred<void>();
    this.#drains.add(waiter);
    this.#watchDrain();
    return waiter.promise;
  }

  #watchDrain(): void {
    if (this.#connection === undefined) return;
    this.#connection.onDrained = () => {
      if (this.#connection !== undefined) this.#connection.onDrained = undefined;
      for (const waiter of this.#drains) waiter.resolve();
      this.#drains.clear();
    };
  }

  sweep(time: number, fail: (request: Request) => void): number {
    const connected = this.#connection?.sweep(time, fail) ?? Number.POSITIVE_INFINITY;
    const failure = timeoutFailure(this.#settings.address, 0, this.#lastError);
    const { next } = sweepRequests(this.#waiting, time, (request) => request.fail(failure));
    // What is given up leaves the queue: it must not use up the limit while there is no connection.
    this.#waiting.dropSettled();
    return Math.min(connected, next);
  }

  /**
   * Takes nothing more, and waits until no reply is owed, at most `timeoutMs`. It ends at once if
   * there is no connection, else with `destroy`.
   */
  async close(reason: ClosedError, timeoutMs: number): Promise<void> {
    this.#closed ??= reason;
    if (this.#connection === undefined) this.destroy(reason);
    else await this.#connection.idle(timeoutMs);
  }

  /** As `send`, but also while it closes. */
  sendLast(request: Request): void {
    if (this.#connection === undefined) this.#wait(request);
    else this.#connection.send(request);
  }

  /** Ends now; everything unfinished fails with `reason`. */
  destroy(reason: ClosedError): void {
    this.#closed ??= reason;
    this.#closing.abort(reason);
    this.#connection?.destroy(reason);
    for (const request of this.#waiting.drain()) request.fail(failureOf(reason));
    for (const waiter of this.#drains) waiter.reject(reason);
    this.#drains.clear();
  }

  #wait(request: Request): void {
    if (this.#closed !== undefined) {
      request.fail(failureOf(this.#closed));
    } else if (this.#waiting.isFull(this.#settings)) {
      this.#refuse(request);
    } else {
      this.#waiting.pushCounted(request);
    }
  }

  #refuse(request: Request): void {
    const { address, maxQueued, maxQueuedBytes } = this.#settings;
    request.fail(({ command, attempts, index }) => {
      const why = `${maxQueued} commands, or ${maxQueuedBytes} bytes of them, wait already`;
      const advice = "await redis.drained() before more, or raise maxQueued and maxQueuedBytes";
      const message = `${subject(command, index)} was not queued: ${why}; ${advice}`;
      return new QueueFullError(message, { command, attempts, index, address });
    });
  }

  #attach(connection: Connection): void {
    if (this.#closed !== undefined) {
      connection.destroy(this.#closed);
      return;
    }
    this.#connection = connection;
    this.#connectedAt = now();
    this.#lastError = undefined;
    connection.onClose = (reason, unfinished) => this.#lost(connection, reason, unfinished);
    if (!connection.isOpen) return;
    for (const request of this.#waiting.drain()) connection.send(request);
    if (this.#drains.size > 0) this.#watchDrain();
    this.#changed?.().catch((error: unknown) => this.#events.emit("error", asRedisError(error)));
    this.#changed = undefined;
    this.#events.emit("connect", { address: connection.address });
  }

  #lost(connection: Connection, reason: TransportError, unfinished: readonly Request[]): void {
    const wasCurrent = this.#connection === connection;
    if (wasCurrent) this.#connection = undefined;
    this.#lastError = reason;
    const failure = failureOf(reason);
    this.#budget.earn(connection.answered);
    if (connection.answered > 0 || this.#hasLasted) this.#tries = 0;
    for (const request of unfinished) {
      if (this.#closed !== undefined) request.fail(failure);
      else this.#keep(request, failure);
    }
    if (!wasCurrent) return;
    this.#events.emit("disconnect", { address: connection.address, reason });
    if (this.#closed === undefined) void this.#reconnect();
  }

  /** A server that greets, and then ends each connection, is asked ever more seldom as well. */
  get #hasLasted(): boolean {
    return now() - this.#connectedAt > this.#settings.backoff.cap;
  }

  /** What may be sent again waits for the next connection. */
  #keep(request: Request, failure: Failure): void {
    const isRepeat = request.owed > 0;
    if (!request.interrupt(failure, !isRepeat || !this.#budget.isSpent)) return;
    if (isRepeat) this.#budget.spend();
    this.#waiting.pushCounted(request);
  }

  async #reconnect(): Promise<void> {
    const { address, backoff } = this.#settings;
    while (this.#closed === undefined) {
      this.#tries += 1;
      const attempt = this.#tries;
      const delay = backoffDelay(attempt, backoff);
      this.#events.emit("reconnecting", { address, attempt, delay });
      await sleep(delay, this.#closing.signal);
      if (this.#closed !== undefined) return;
      try {
        this.#attach(await connect(this.#settings, this.#closing.signal));
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#lastError = error;
        this.#events.emit("error", asRedisError(error));
      }
    }
  }
}
