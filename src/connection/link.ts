import { backoffDelay } from "../base/backoff.ts";
import { now, sleep } from "../base/clock.ts";
import type { Events } from "../base/events.ts";
import { Ring } from "../base/ring.ts";
import { type ClosedError, QueueFullError, RedisError, type TransportError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import type { Deadlines, Sweepable } from "./deadlines.ts";
import { failureOf, timeoutFailure } from "./failures.ts";
import { connect } from "./handshake.ts";
import type { Settings } from "./options.ts";
import type { Request } from "./request.ts";

/** A full queue is looked through for requests that were given up, not more often than this. */
const LOOK_EVERY_MS = 10;

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
  /** A try to reconnect failed; the next will follow. */
  readonly error: readonly [error: RedisError];
}

/**
 * A connection that comes back. Requests go to the open connection at once, and wait in order while
 * there is none. After a loss it sends again only what cannot have been applied, and reads.
 *
 * States: `| new | connected ⇄ reconnecting | closed |`. Requests wait in `#waiting` only while
 * there
 * is no connection.
 */
export class Link implements Sweepable {
  readonly #settings: Settings;
  readonly #events: Events<ConnectionEvents>;
  readonly #waiting = new Ring<Request>();
  readonly #closing = new AbortController();
  #connection: Connection | undefined;
  #closed: ClosedError | undefined;
  #lastError: unknown;
  #lookedAt = 0;

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
    if (this.#connection !== undefined && this.#closed === undefined)
      this.#connection.send(request);
    else this.#wait(request);
  }

  sweep(time: number, fail: (request: Request) => void): number {
    let next = this.#connection?.sweep(time, fail) ?? Number.POSITIVE_INFINITY;
    const failure = timeoutFailure(this.#settings.address, 0, this.#lastError);
    // What is given up leaves the queue: it must not use up the limit while there is no connection.
    for (const request of this.#waiting.drain()) {
      const { deadline } = request;
      if (deadline !== 0 && deadline <= time) request.fail(failure);
      if (request.isSettled) continue;
      this.#waiting.push(request);
      if (deadline !== 0) next = Math.min(next, deadline);
    }
    return next;
  }

  /** Waits until no reply is owed, at most `timeoutMs`; then ends as `destroy`. */
  async close(reason: ClosedError, timeoutMs: number): Promise<void> {
    this.#closed ??= reason;
    const until = now() + timeoutMs;
    while (this.#connection?.isIdle === false && now() < until) await sleep(1);
    this.destroy(reason);
  }

  /** Ends now; everything unfinished fails with `reason`. */
  destroy(reason: ClosedError): void {
    this.#closed ??= reason;
    this.#closing.abort();
    this.#connection?.destroy(reason);
    for (const request of this.#waiting.drain()) request.fail(failureOf(reason));
  }

  #wait(request: Request): void {
    const { address, maxQueued } = this.#settings;
    if (this.#closed !== undefined) {
      request.fail(failureOf(this.#closed));
    } else if (this.#waiting.size >= maxQueued && !this.#dropSettled()) {
      request.fail(({ command, attempts, index }) => {
        const why = `${maxQueued} commands wait already for a connection to ${address}`;
        const message = `${command} was not queued: ${why}`;
        return new QueueFullError(message, { command, attempts, index, address });
      });
    } else {
      this.#waiting.push(request);
    }
  }

  /** Forgets requests that were given up. @returns whether there is room now */
  #dropSettled(): boolean {
    // Not at every refusal: who floods a full queue must not pay for looking through it each time.
    const time = now();
    if (time - this.#lookedAt < LOOK_EVERY_MS) return false;
    this.#lookedAt = time;
    for (const request of this.#waiting.drain()) {
      if (!request.isSettled) this.#waiting.push(request);
    }
    return this.#waiting.size < this.#settings.maxQueued;
  }

  #attach(connection: Connection): void {
    if (this.#closed !== undefined) {
      connection.destroy(this.#closed);
      return;
    }
    this.#connection = connection;
    this.#lastError = undefined;
    connection.onClose = (reason, unfinished) => this.#lost(connection, reason, unfinished);
    if (!connection.isOpen) return;
    for (const request of this.#waiting.drain()) connection.send(request);
    this.#events.emit("connect", { address: connection.address });
  }

  #lost(connection: Connection, reason: TransportError, unfinished: readonly Request[]): void {
    const wasCurrent = this.#connection === connection;
    if (wasCurrent) this.#connection = undefined;
    this.#lastError = reason;
    const failure = failureOf(reason);
    for (const request of unfinished) {
      if (this.#closed !== undefined) request.fail(failure);
      else if (request.interrupt(failure)) this.#waiting.push(request);
    }
    if (!wasCurrent) return;
    this.#events.emit("disconnect", { address: connection.address, reason });
    if (this.#closed === undefined) void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { address, backoff } = this.#settings;
    for (let attempt = 1; this.#closed === undefined; attempt += 1) {
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
        const wrapped = error instanceof RedisError ? error : new RedisError(String(error));
        this.#events.emit("error", wrapped);
      }
    }
  }
}
