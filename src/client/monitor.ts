import { endListening, listenTo } from "../base/aborts.ts";
import { type Deferred, deferred } from "../base/deferred.ts";
import { Ring } from "../base/ring.ts";
import type { AboutCommand } from "../command/reply.ts";
import { abortFailure } from "../connection/failures.ts";
import type { Failure, Request } from "../connection/request.ts";
import { serverError } from "../connection/server_error.ts";
import { ClosedError, QueueFullError, type RedisError } from "../errors.ts";
import type { Encoder } from "../protocol/encode.ts";
import { ErrorReply, type ReplyForm, type RespValue, TEXT } from "../protocol/resp.ts";
import type { Lease } from "../topology/pool.ts";

/** The command, as it is sent. */
export const MONITOR = ["MONITOR"] as const;

/** One command that the server ran, as MONITOR shows it. */
export interface MonitoredCommand {
  /** When it ran: Unix time in seconds, with microseconds behind the point. */
  readonly time: number;
  readonly db: number;
  /** Address of the client; `"lua"` for a script; `"unix:"` and the path for a unix socket. */
  readonly source: string;
  /** Name and arguments; bytes that are no printable ASCII as `latin1`. */
  readonly argv: readonly string[];
}

/** The commands that a server runs, as they come; leaving a `for await` loop ends it. */
export type MonitorStream = AsyncIterableIterator<MonitoredCommand> & AsyncDisposable;

/** What ends a monitor early. */
export interface MonitorLimits {
  readonly maxBuffered: number;
  /** Until when the server must have agreed, on the clock of `base/clock.ts`. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * MONITOR on a connection of its own: a request whose replies never end. States: waiting for OK →
 * flowing → ended.
 */
export class Monitor implements Request, MonitorStream {
  /** Until it has begun. */
  deadline: number;
  isSettled = false;
  owed = 0;
  readonly refusal: undefined;
  readonly isRemedy = false;
  readonly size = 1;
  queuedBytes = 0;
  readonly #lease: Lease;
  readonly #maxBuffered: number;
  readonly #signal: AbortSignal | undefined;
  readonly #lines = new Ring<string>();
  readonly #begun: Deferred<void> = deferred();
  #hasBegun = false;
  #waiting: Deferred<void> | undefined;
  #error: RedisError | undefined;
  readonly #onAbort = (): void => {
    this.#lines.drain();
    this.fail(abortFailure(this.#lease.connection.address, this.#signal?.reason));
  };

  constructor(lease: Lease, { maxBuffered, deadline, signal }: MonitorLimits) {
    this.deadline = deadline;
    this.#lease = lease;
    this.#maxBuffered = maxBuffered;
    this.#signal = signal;
  }

  /** Sends MONITOR. @throws {ServerError} if the user may not */
  begin(): Promise<void> {
    listenTo(this.#signal, this.#onAbort);
    if (this.#signal?.aborted === true) this.#onAbort();
    else this.#lease.connection.send(this);
    return this.#begun.promise;
  }

  surrender(): void {}

  measure(): number {
    return 0;
  }

  encode(encoder: Encoder): boolean {
    encoder.command(MONITOR);
    this.owed = 1;
    return true;
  }

  form(): ReplyForm {
    return TEXT;
  }

  reply(value: RespValue): boolean {
    if (value instanceof ErrorReply) {
      this.#end(serverError(value, MONITOR, this.#about));
      return true;
    }
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.deadline = 0;
      this.#begun.resolve();
    } else if (typeof value === "string") this.#take(value);
    return false;
  }

  interrupt(failure: Failure): boolean {
    this.fail(failure);
    return false;
  }

  fail(failure: Failure): void {
    this.#end(failure({ ...this.#about, applied: false }));
  }

  /** It is sent once, and then owed something until it ends. */
  get #about(): AboutCommand {
    const { address } = this.#lease.connection;
    return { command: "MONITOR", index: undefined, address, attempts: this.owed };
  }

  /** The next command that the server ran; it waits for one. */
  async next(): Promise<IteratorResult<MonitoredCommand, undefined>> {
    while (this.#lines.size === 0 && !this.isSettled) {
      this.#waiting ??= deferred();
      await this.#waiting.promise;
    }
    const line = this.#lines.shift();
    if (line !== undefined) return { done: false, value: parseMonitorLine(line) };
    if (this.#error !== undefined) throw this.#error;
    return { done: true, value: undefined };
  }

  /** Ends it; a `for await` loop does this when it is left. */
  return(): Promise<IteratorResult<MonitoredCommand, undefined>> {
    this.#end(undefined);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** As `return()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(line: string): void {
    this.#lines.push(line);
    if (this.#lines.size > this.#maxBuffered) {
      const message = `MONITOR ended: ${this.#maxBuffered} commands wait to be read`;
      this.#end(new QueueFullError(message, this.#about));
    }
    this.#wake();
  }

  #end(error: RedisError | undefined): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#error = error;
    // Without effect once it has begun: then next() tells.
    this.#begun.reject(error ?? new ClosedError("MONITOR ended before it began"));
    endListening(this.#signal, this.#onAbort);
    this.#lease.release(false);
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

/** Reads a line such as `1700000000.123456 [0 127.0.0.1:50000] "set" "k" "v"`. */
export function parseMonitorLine(line: string): MonitoredCommand {
  const open = line.indexOf("[");
  const close = line.indexOf("] ", open);
  const [db = "", source = ""] = line.slice(open + 1, close).split(" ", 2);
  return {
    time: Number(line.slice(0, open)),
    db: Number(db),
    source,
    argv: parseQuoted(line, close + 2),
  };
}

function parseQuoted(line: string, start: number): string[] {
  const words: string[] = [];
  for (let at = start; at < line.length; at += 2) {
    let word = "";
    for (at += 1; at < line.length && line[at] !== '"'; at += 1) {
      const escape = line[at] === "\\" ? line[at + 1] : undefined;
      if (escape === undefined) word += line[at];
      else if (escape === "x") {
        word += String.fromCharCode(Number.parseInt(line.slice(at + 2, at + 4), 16));
        at += 3;
      } else {
        word += ESCAPES[escape] ?? escape;
        at += 1;
      }
    }
    words.push(word);
  }
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" };
