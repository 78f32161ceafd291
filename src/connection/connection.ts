import type { BackoffOptions } from "../base/backoff.ts";
import { Bell } from "../base/bell.ts";
import { now } from "../base/clock.ts";
import type { FairTime } from "../base/fair_time.ts";
import { Ring } from "../base/ring.ts";
import { ConnectionLostError, ProtocolError, type TransportError } from "../errors.ts";
import { Decoder, type DecoderLimits, type ReplySink } from "../protocol/decode.ts";
import { Encoder } from "../protocol/encode.ts";
import { ErrorReply, type ReplyForm, type RespValue, TEXT } from "../protocol/resp.ts";
import { isPassing } from "./applied.ts";
import { Backlog, type BacklogLimits, sweepRequests } from "./backlog.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureOf, subject, timeoutFailure } from "./failures.ts";
import { Hold } from "./hold.ts";
import type { Request } from "./request.ts";
import { openTransport, type Transport } from "./transport.ts";

/** So much is encoded before it is written: the server begins while the rest is being encoded. */
const CHUNK_BYTES = 64 * 1024;

/** So long a server that missed a deadline may be silent before its connection is given up. */
const SILENCE_MS = 1_000;

/** What a connection must know. */
export interface ConnectionSettings extends Endpoint {
  /** Of what the server refuses for now. */
  readonly backoff: BackoffOptions;
  readonly limits: Partial<DecoderLimits>;
}

/** Who is told that a connection has ended. */
export type OnClose = (reason: TransportError, unfinished: readonly Request[]) => void;

/**
 * One socket, one ordered conversation: requests go out in the order of `send`, replies come back
 * in that order. It does not reconnect, and repeats nothing. Whoever owns it gets back what was
 * left when it ends.
 *
 * `| in flight: encoded, replies owed | waiting: not encoded |`; a large request may stand in both,
 * as the last of the one and the first of the other (`#partial`).
 *
 * States: open → closed, never back. After a protocol error it is closed at once: a connection that
 * lost count of its replies is never used again.
 */
export class Connection implements ReplySink {
  readonly address: string;
  readonly pushForm: ReplyForm = TEXT;
  /** What the server calls this connection in CLIENT LIST; `undefined` if it did not tell. */
  clientId: number | undefined;
  /** Whether the server was a primary when this began; `undefined` if it did not tell. */
  wasPrimary: boolean | undefined;
  /** Gets the pushes. What it throws is its own affair: it must not throw. */
  onPush: ((message: readonly RespValue[]) => void) | undefined;
  /** Requests whose replies have all come, since the handshake. */
  answered = 0;
  /** Called whenever the kernel has taken everything. */
  onDrained: (() => void) | undefined;
  #transport: Transport | undefined;
  readonly #decoder: Decoder;
  readonly #encoder = new Encoder();
  readonly #inflight = new Ring<Request>();
  readonly #waiting = new Backlog();
  #partial: Request | undefined;
  readonly #hold: Hold;
  #isFlushScheduled = false;
  #isBlocked = false;
  /** The server is a replica now: nothing new is written, and when all is answered this ends. */
  #isDemoted = false;
  /** When a deadline passed while replies were owed, how long that is borne, when bytes came. */
  #suspectedAt: number | undefined;
  #toleratedUntil = 0;
  #receivedAt = 0;
  #closed: TransportError | undefined;
  #onClose: OnClose | undefined;
  /** Rings when nothing may be in flight any more, or waiting. */
  readonly #quiet = new Bell();

  private constructor({ address, backoff, limits }: ConnectionSettings) {
    this.address = address;
    this.#decoder = new Decoder(this, limits);
    this.#hold = new Hold(backoff);
  }

  /**
   * Opens a connection, which has not shaken hands yet.
   *
   * @throws {ConnectError | TimeoutError} as `openTransport`
   */
  static async open(
    settings: ConnectionSettings,
    time: FairTime,
    closing?: AbortSignal,
  ): Promise<Connection> {
    const connection = new Connection(settings);
    const listener = {
      received: (chunk: Buffer): void => connection.#received(chunk),
      drained: (): void => connection.#drained(),
      closed: (error: Error | undefined): void => connection.#lost(error),
    };
    connection.#transport = await openTransport(settings, { time, closing }, listener);
    return connection;
  }

  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  /** Whether nothing is owed in either direction. */
  get isIdle(): boolean {
    return this.#inflight.size === 0 && this.#waiting.size === 0 && this.#hold.isEmpty;
  }

  /**
   * Whether nothing is written for now, because of what the server said. No getter: private ones
   * are not inlined.
   */
  #isHolding(): boolean {
    return this.#hold.isOn || this.#isDemoted;
  }

  /** Waits until nothing is owed in either direction, or this has ended; at most `timeoutMs`. */
  idle(timeoutMs: number): Promise<void> {
    return this.#quiet.until(() => this.isIdle || !this.isOpen, timeoutMs);
  }

  /** Says who is told of the end; told at once if it has come already. */
  set onClose(onClose: OnClose) {
    this.#onClose = onClose;
    if (this.#closed !== undefined) onClose(this.#closed, this.#takeUnfinished());
  }

  /** Whether nothing more may be sent: what waits reaches the limits, and cannot be written now. */
  isFull(limits: BacklogLimits): boolean {
    return (this.#isBlocked || this.#isHolding()) && this.#waiting.isFull(limits, this.#partial);
  }

  /** Whether the kernel has taken everything. */
  get isDrained(): boolean {
    return this.#waiting.size === 0 && !this.#isBlocked && !this.#isHolding();
  }

  /** Takes a request; it is written at the end of this turn of the event loop, with all others. */
  send(request: Request): void {
    if (this.#hold.isOn && !this.#isBlocked && request.isRemedy) return this.#overtake(request);
    if (this.#isBlocked || this.#isHolding()) this.#waiting.pushCounted(request);
    else this.#waiting.push(request);
    if (!this.#isFlushScheduled) this.#scheduleFlush();
    if (this.#closed !== undefined) this.#onClose?.(this.#closed, this.#takeUnfinished());
  }

  /** Writes at once what waits for nothing that the server refuses. */
  #overtake(request: Request): void {
    this.#waiting.putBack([request]);
    this.flush();
  }

  /** Ends the connection now. What is in flight or waiting goes to the owner. */
  destroy(reason: TransportError): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#transport?.destroy();
    this.#quiet.ring();
    this.#onClose?.(reason, this.#takeUnfinished());
  }

  /**
   * Gives up every request whose deadline has passed.
   *
   * @returns the next deadline; `Infinity` if there is none
   */
  sweep(time: number, fail: (request: Request) => void): number {
    const giveUp = this.#hold.isOn ? this.#failRefused() : fail;
    const inflight = sweepRequests(this.#inflight, time, giveUp);
    const waiting = sweepRequests(this.#waiting, time, giveUp);
    const held = sweepRequests(this.#hold.requests, time, giveUp);
    if (waiting.hasExpired) this.#waiting.dropSettled(this.#partial);
    if (inflight.hasExpired && this.#suspectedAt === undefined) this.#suspect(time);
    this.#quiet.ring();
    return Math.min(inflight.next, waiting.next, held.next, this.#judge(time));
  }

  /** Who waited behind what the server refuses, or is being tried again, is told what it said. */
  #failRefused(): (request: Request) => void {
    const failure = timeoutFailure(this.address, 0, new Error(this.#hold.reason));
    return (request) => request.fail(failure);
  }

  /**
   * A short deadline must not cost others their replies: the server may be busy with what it was
   * asked for first, whose caller has more patience.
   */
  #suspect(time: number): void {
    this.#suspectedAt = time;
    this.#toleratedUntil = time + SILENCE_MS;
    for (const { isSettled, deadline } of this.#inflight) {
      if (isSettled) continue;
      this.#toleratedUntil = Math.max(this.#toleratedUntil, deadline);
      return;
    }
  }

  /**
   * A server that let a deadline pass, and then sends no byte for a while though it owes replies,
   * is taken to be frozen: the connection ends, so that the next can lead to one that answers.
   *
   * @returns when to look again
   */
  #judge(time: number): number {
    if (this.#suspectedAt === undefined) return Number.POSITIVE_INFINITY;
    if (this.#receivedAt > this.#suspectedAt || this.#inflight.size === 0) {
      this.#suspectedAt = undefined;
      return Number.POSITIVE_INFINITY;
    }
    if (time < this.#toleratedUntil) return this.#toleratedUntil;
    const { address } = this;
    const what = `${address} owes replies, but has sent nothing for more than ${SILENCE_MS} ms`;
    this.destroy(new ConnectionLostError(`${what} after a command timed out`, { address }));
    return Number.POSITIVE_INFINITY;
  }

  form(element?: number): ReplyForm {
    return this.#inflight.peek()?.form(element) ?? TEXT;
  }

  reply(value: RespValue): void {
    const request = this.#inflight.peek();
    if (request === undefined) throw new ProtocolError("A reply came that nobody asked for");
    const wasGivenUp = request.isSettled;
    if (!request.reply(value)) return;
    this.#inflight.shift();
    this.answered += 1;
    if (this.#isHolding() || request.refusal !== undefined) {
      this.#answered(request, wasGivenUp || isRefusal(value) || request.isRemedy);
    }
    if (this.#inflight.size === 0) this.#quiet.ring();
  }

  /**
   * Keeps the order: what was refused is sent again only if nothing behind it has been run.
   *
   * @param isNeutral whether the answer does not show that the server runs commands again
   */
  #answered(request: Request, isNeutral: boolean): void {
    const { refusal } = request;
    if (refusal?.code === "READONLY" && this.wasPrimary !== true) {
      request.surrender();
    } else if (refusal !== undefined) {
      this.#hold.add(request);
      this.#isDemoted ||= refusal.code === "READONLY";
    } else if (!isNeutral) {
      for (const held of this.#hold.take()) held.surrender();
      this.#hold.end();
      this.#scheduleFlush();
    }
    this.#retryWhenDrained();
  }

  #retryWhenDrained(): void {
    if (!this.#isHolding() || this.#inflight.size > 0 || this.#closed !== undefined) return;
    if (this.#isDemoted) {
      const message = `${this.address} was a primary and is a replica now`;
      return this.destroy(new ConnectionLostError(message, { address: this.address }));
    }
    this.#hold.drained(() => {
      // This process may have been busy beyond deadlines: nothing is sent after its own.
      this.sweep(now(), this.#failRefused());
      this.#waiting.putBack(this.#hold.take());
      if (this.#waiting.size === 0) this.#hold.end();
      this.flush();
    });
  }

  /** Hands a push to whoever asked for them; on an ordinary connection nobody does. */
  push(message: readonly RespValue[]): void {
    this.onPush?.(message);
  }

  /** Encodes and writes what is waiting, until the socket is full. */
  flush(): void {
    this.#isFlushScheduled = false;
    // Nothing may count as written, and be in doubt, of which not a byte leaves this process.
    if (this.#transport?.hasEnded === true) return;
    while (!this.#isBlocked && this.#closed === undefined) {
      const request = this.#waiting.peek();
      if (request === undefined || (this.#isHolding() && this.#mustWait(request))) break;
      try {
        this.#encode(request);
      } catch (error) {
        return this.#unencodable(request, error);
      }
      if (this.#encoder.size >= CHUNK_BYTES) this.#write();
    }
    if (this.#encoder.size > 0) this.#write();
    if (this.#isHolding()) this.#retryWhenDrained();
    if (this.onDrained !== undefined && this.isDrained) this.onDrained();
    if (this.#inflight.size === 0) this.#quiet.ring();
  }

  #mustWait(request: Request): boolean {
    if (request === this.#partial || request.isSettled) return false;
    return this.#isDemoted || !(request.isRemedy || this.#hold.takeProbe());
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    process.nextTick(flush, this);
  }

  #encode(request: Request): void {
    if (request !== this.#partial) {
      if (request.isSettled) {
        this.#waiting.shift();
        return;
      }
      this.#inflight.push(request);
      this.#partial = request;
    }
    if (!request.encode(this.#encoder, CHUNK_BYTES)) return;
    this.#partial = undefined;
    this.#waiting.shift();
    // Given up half-way, when all that had been written was answered already.
    if (request.owed === 0 && this.#inflight.peek() === request) this.#inflight.shift();
  }

  /**
   * No memory for its bytes: the request fails, and the connection, which may hold a part of it.
   */
  #unencodable(request: Request, cause: unknown): void {
    const { address } = this;
    request.fail(({ command, applied, attempts, index }) => {
      const details = { command, applied, attempts, index, address, cause };
      return new ConnectionLostError(`${subject(command, index)} could not be encoded`, details);
    });
    const message = `The connection to ${address} was given up: a command could not be encoded`;
    this.destroy(new ConnectionLostError(message, { address, cause }));
  }

  #write(): void {
    if (this.#transport?.write(this.#encoder.take()) === true) this.#encoder.recycle();
    else this.#isBlocked = true;
  }

  #drained(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.#encoder.recycle();
    this.flush();
  }

  #received(chunk: Buffer): void {
    if (this.#closed !== undefined) return;
    if (this.#suspectedAt !== undefined) this.#receivedAt = now();
    try {
      this.#decoder.write(chunk);
    } catch (error) {
      const reason = protocolFailure(error, this.address);
      // Not sent again: its reply may be what cannot be read, on the next connection as well.
      this.#inflight.peek()?.fail(failureOf(reason));
      this.destroy(reason);
    }
  }

  #lost(cause: Error | undefined): void {
    if (this.#closed !== undefined) return;
    const why = cause === undefined ? "the server closed it" : cause.message;
    const { address } = this;
    this.destroy(
      new ConnectionLostError(`The connection to ${address} was lost: ${why}`, { address, cause }),
    );
  }

  #takeUnfinished(): Request[] {
    const unfinished = [...this.#hold.take(), ...this.#inflight.drain()];
    this.#hold.end();
    for (const request of this.#waiting.drain()) {
      if (request !== this.#partial) unfinished.push(request);
    }
    this.#partial = undefined;
    return unfinished;
  }
}

function isRefusal(value: RespValue): boolean {
  return value instanceof ErrorReply && isPassing(value);
}

function flush(connection: Connection): void {
  connection.flush();
}

function protocolFailure(error: unknown, address: string): ProtocolError {
  const text = error instanceof Error ? error.message : String(error);
  return new ProtocolError(`${address} does not speak RESP, or lost its place: ${text}`, {
    address,
    cause: error,
  });
}
