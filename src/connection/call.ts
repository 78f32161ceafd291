import { endListening, listenTo } from "../base/aborts.ts";
import type { Command } from "../command/command.ts";
import { describeCommand } from "../command/describe.ts";
import { mayRepeat, type RetryPolicy } from "../command/repeat.ts";
import type { AboutCommand } from "../command/reply.ts";
import { DecodeError } from "../errors.ts";
import type { Encoder } from "../protocol/encode.ts";
import { ErrorReply, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import { appliedUnanswered, isPassingRefusal, isRemedy } from "./applied.ts";
import { measureArguments } from "./backlog.ts";
import { abortFailure, subject } from "./failures.ts";
import type { Failure, Request } from "./request.ts";
import { serverError } from "./server_error.ts";

/**
 * Settles the promise of a {@link Call}. Errors go through `resolve` too, as a rejecting promise:
 * see {@link rejectLater}.
 */
export type Settle<T> = (outcome: T | PromiseLike<T>) => void;

/**
 * What holds for all the calls that a client makes in one turn of the event loop: they share one
 * object.
 */
export interface CallLimits {
  readonly deadline: number;
  readonly maxRetries: number;
  /** What may be sent again; default `"reads"`. */
  readonly retry?: RetryPolicy | undefined;
  readonly address: string;
  /** Gives the calls up when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A single command whose caller waits for a promise.
 *
 * States: queued → written → settled; back to queued when its connection is lost and it may be sent
 * again; settled at any time when it is given up.
 */
export class Call<T> implements Request {
  readonly command: Command<T>;
  readonly #settle: Settle<T>;
  readonly #limits: CallLimits;
  #attempts = 0;
  /** Whether an earlier try, whose reply was lost, may have been executed. */
  #isDoubtful = false;
  isSettled = false;
  queuedBytes = 0;
  refusal: ErrorReply | undefined;
  owed = 0;

  constructor(command: Command<T>, settle: Settle<T>, limits: CallLimits) {
    this.command = command;
    this.#settle = settle;
    this.#limits = limits;
  }

  get size(): number {
    return 1;
  }

  measure(): number {
    return measureArguments(this.command.argv);
  }

  get isRemedy(): boolean {
    return isRemedy(this.command.argv);
  }

  get deadline(): number {
    return this.#limits.deadline;
  }

  encode(encoder: Encoder): boolean {
    if (this.isSettled) return true;
    encoder.command(this.command.argv);
    this.refusal = undefined;
    this.owed = 1;
    this.#attempts += 1;
    return true;
  }

  form(): ReplyForm {
    return this.command.form;
  }

  reply(value: RespValue): boolean {
    this.owed = 0;
    if (this.isSettled) return true;
    if (value instanceof ErrorReply) {
      this.refusal = value;
      if (this.#limits.retry === "never" || !isPassingRefusal(this.command.argv, value)) {
        this.surrender();
      }
      return true;
    }
    this.isSettled = true;
    try {
      this.#settle(this.command.decode(value));
    } catch (error) {
      this.#unreadable(error);
    }
    return true;
  }

  /** Not in `reply`: a closure there would have each reply allocate its scope. */
  #unreadable(error: unknown): void {
    this.#settle(rejectLater(() => decodeFailure(error, this.#about)));
  }

  surrender(): void {
    const { refusal } = this;
    if (this.isSettled || refusal === undefined) return;
    this.isSettled = true;
    this.refusal = undefined;
    const { argv } = this.command;
    this.#settle(rejectLater(() => serverError(refusal, argv, this.#about, this.#isDoubtful)));
  }

  interrupt(failure: Failure, canRepeat = true): boolean {
    if (this.isSettled) return false;
    if (this.owed === 0) return true;
    const { maxRetries, retry } = this.#limits;
    if (!canRepeat || this.#attempts > maxRetries || !mayRepeat(this.command.argv, retry)) {
      this.fail(failure);
      return false;
    }
    this.#isDoubtful = true;
    this.owed = 0;
    return true;
  }

  fail(failure: Failure): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const applied = appliedUnanswered(this.command.argv, this.owed > 0 || this.#isDoubtful);
    this.#settle(rejectLater(() => failure({ ...this.#about, applied })));
  }

  get #about(): AboutCommand {
    const command = describeCommand(this.command.argv);
    return { command, index: undefined, address: this.#limits.address, attempts: this.#attempts };
  }
}

/** Sends one command on a connection, or on whatever carries requests, and waits for its reply. */
export function call<T>(
  carrier: { send(request: Request): void },
  command: Command<T>,
  limits: CallLimits,
): Promise<T> {
  if (limits.signal !== undefined) return callAbortably(carrier, command, limits, limits.signal);
  return new Promise((resolve) => {
    carrier.send(new Call(command, resolve, limits));
  });
}

function callAbortably<T>(
  carrier: { send(request: Request): void },
  command: Command<T>,
  limits: CallLimits,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve) => {
    const settle = (outcome: T | PromiseLike<T>): void => {
      endListening(signal, onAbort);
      resolve(outcome);
    };
    const request = new Call<T>(command, settle, limits);
    const onAbort = (): void => request.fail(abortFailure(limits.address, signal.reason));
    if (signal.aborted) return onAbort();
    listenTo(signal, onAbort);
    carrier.send(request);
  });
}

/**
 * Rejects two microtasks from now, so that `makeError` runs while the caller's `await` already
 * hangs on the promise: V8 then adds the caller's lines to the error's stack, and a command that
 * succeeds pays nothing for it.
 */
async function rejectLater(makeError: () => Error): Promise<never> {
  await Promise.resolve();
  await Promise.resolve();
  throw makeError();
}

/** A decoder's complaint, with the command that it is about. */
export function decodeFailure(cause: unknown, about: AboutCommand): DecodeError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const message = `The reply of ${subject(about.command, about.index)} cannot be read: ${text}`;
  return new DecodeError(message, { ...about, applied: true, cause });
}
