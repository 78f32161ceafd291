import { maskMessage } from "../command/describe.ts";
import type { AboutCommand } from "../command/reply.ts";
import {
  type ServerError,
  serverErrorClass,
  TransactionAbortedError,
  WatchError,
} from "../errors.ts";
import type { Encoder } from "../protocol/encode.ts";
import { EACH, ErrorReply, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import { isPassingRefusal } from "./applied.ts";
import { Batch, type BatchSettings } from "./batch.ts";
import { decodeFailure } from "./call.ts";
import { subject } from "./failures.ts";
import type { Failure } from "./request.ts";
import { serverError } from "./server_error.ts";

const MULTI = ["MULTI"] as const;
const EXEC = ["EXEC"] as const;
const DISCARD = ["DISCARD"] as const;

/**
 * A transaction: all commands or none.
 *
 * `| MULTI | command 0 | … | command n-1 | EXEC |`, one step each. Given up while only a part has
 * been encoded, it ends with DISCARD instead, so that the connection is never left inside of a
 * MULTI.
 */
export class TransactionBatch extends Batch {
  readonly #isWatched: boolean;
  #multiError: ErrorReply | undefined;
  readonly #refused = new Map<number, ErrorReply>();
  #hasDiscard = false;
  #exec: ErrorReply | undefined;

  /**
   * @param isWatched whether the connection holds a WATCH: then nothing may be repeated elsewhere
   */
  constructor(settings: BatchSettings, isWatched: boolean) {
    super(settings);
    this.#isWatched = isWatched;
  }

  encode(encoder: Encoder, limit: number): boolean {
    if (this.isSettled) return this.#encodeDiscard(encoder);
    if (this.encoded === 0) {
      this.#multiError = undefined;
      this.#refused.clear();
      this.beginAttempt(encoder);
    }
    const last = this.commands.length + 1;
    while (this.encoded <= last) {
      const step = this.encoded;
      encoder.command(step === 0 ? MULTI : step === last ? EXEC : this.argv(step - 1));
      this.encoded = step + 1;
      if (encoder.size >= limit) break;
    }
    return this.encoded > last;
  }

  form(element?: number): ReplyForm {
    return element === undefined ? EACH : this.commands.form(element);
  }

  reply(value: RespValue): boolean {
    if (this.loadsOwed > 0) return this.takeLoad(value);
    const step = this.replied;
    this.replied = step + 1;
    if (!this.isSettled) this.#take(step, value);
    if (this.refusal !== undefined) return true;
    return this.owed === 0 && (this.#isWritten() || this.#hasDiscard);
  }

  interrupt(failure: Failure, canRepeat = true): boolean {
    if (this.isSettled) return false;
    const { maxRetries, retry } = this.settings;
    const isRepeated = canRepeat && retry === "always" && !this.#isWatched;
    const mayHaveRun = this.#isWritten() && !isRepeated;
    if (mayHaveRun || this.attempts > maxRetries) {
      this.fail(failure);
      return false;
    }
    if (this.#isWatched) {
      this.failWatch("connection-lost", failure({ command: "WATCH", applied: false, attempts: 1 }));
      return false;
    }
    if (this.#isWritten()) for (const index of this.commands.keys()) this.doubt(index);
    this.rewind();
    return true;
  }

  fail(failure: Failure): void {
    if (this.isSettled) return;
    this.storeFailure([...this.commands.keys()], this.#isWritten(), failure);
    this.fatalIndex = 0;
    this.settle();
  }

  /** Nothing was applied, because the WATCH no longer holds. */
  failWatch(reason: WatchError["reason"], cause?: unknown): void {
    this.settleAll((index) => {
      const message =
        reason === "conflict"
          ? "A watched key was changed by another client; nothing was applied"
          : "The connection that held the WATCH was lost before EXEC; nothing was applied";
      return new WatchError(message, { ...this.about(index), reason, cause });
    });
    this.fatalIndex = 0;
  }

  surrender(): void {
    if (this.isSettled || this.#exec === undefined) return;
    this.refusal = undefined;
    this.#aborted(this.#exec);
  }

  /** All or none: reads share the doubt, for the first command's error stands for the whole. */
  protected override appliedUnanswered(index: number, wasWritten: boolean): false | "unknown" {
    return wasWritten || this.isDoubtful(index) ? "unknown" : false;
  }

  #encodeDiscard(encoder: Encoder): true {
    if (this.encoded > 0 && !this.#isWritten() && !this.#hasDiscard) {
      encoder.command(DISCARD);
      this.encoded += 1;
      this.#hasDiscard = true;
    }
    return true;
  }

  #isWritten(): boolean {
    return this.encoded === this.commands.length + 2;
  }

  #take(step: number, value: RespValue): void {
    if (step === this.commands.length + 1) this.#executed(value);
    else if (!(value instanceof ErrorReply)) return;
    else if (step === 0) this.#multiError = value;
    else this.#refused.set(step - 1, value);
  }

  #executed(value: RespValue): void {
    if (Array.isArray(value) && value.length === this.commands.length) {
      for (let index = 0; index < value.length; index += 1) this.store(index, value[index] ?? null);
      // Too late for this one: its other commands have been applied.
      if (this.hasFailed) this.lacking();
      this.settle();
    } else if (value === null) {
      this.failWatch("conflict");
    } else if (this.#multiError !== undefined) {
      this.#withoutMulti(this.#multiError);
    } else if (value instanceof ErrorReply) {
      if (!this.#isPutOff(value)) this.#aborted(value);
    } else {
      const error = new TypeError("EXEC's reply does not have one element per command");
      this.#failAll((index) => decodeFailure(error, this.about(index)));
    }
  }

  /** Whether it was refused as a whole for a state of the server that passes. */
  #isPutOff(exec: ErrorReply): boolean {
    if (this.#isWatched || this.settings.retry === "never" || exec.code !== "EXECABORT")
      return false;
    for (const [index, reply] of this.#refused) {
      if (!isPassingRefusal(this.argv(index), reply)) return false;
    }
    const [first] = this.#refused.values();
    if (first === undefined) return false;
    this.refusal = first;
    this.#exec = exec;
    this.rewind();
    return true;
  }

  /**
   * EXEC was refused: each refused command has its own error, the others name the first of them.
   */
  #aborted(reply: ErrorReply): void {
    const exec = serverError(reply, EXEC, this.#aboutWhole("EXEC"), this.isDoubtful(0));
    const [first] = this.#refused;
    this.#failAll((index) => {
      const details = this.about(index);
      const own = this.#refused.get(index);
      if (own !== undefined) return this.#refusal(index, own, exec);
      if (first === undefined) {
        const what = subject(details.command, details.index);
        const message = `${what} was not applied: ${reply.message}`;
        return new (serverErrorClass(reply.code))(message, {
          ...details,
          code: reply.code,
          applied: exec.applied,
          cause: exec,
        });
      }
      const [position, refusal] = first;
      const message = maskMessage(this.argv(position), refusal.message);
      const culprit = subject(this.describe(position), this.position(position));
      const text = `Not applied: ${culprit} made the server abort the transaction: ${message}`;
      const { applied } = exec;
      return new TransactionAbortedError(text, { ...details, applied, cause: exec });
    });
    if (first !== undefined) this.fatalIndex = first[0];
  }

  #refusal(index: number, reply: ErrorReply, exec: ServerError): ServerError {
    const { code, message } = this.refused(index, reply);
    const applied = this.isDoubtful(index) ? ("unknown" as const) : false;
    const details = { ...this.about(index), code, applied, cause: exec };
    return new (serverErrorClass(code))(message, details);
  }

  /** MULTI was refused, so that the commands ran one by one, if they were not refused as well. */
  #withoutMulti(reply: ErrorReply): void {
    const { code } = reply;
    const cause = serverError(reply, MULTI, this.#aboutWhole("MULTI"));
    this.#failAll((index) => {
      const about = this.about(index);
      const what = subject(about.command, about.index);
      const message = `${what} is in no transaction, because MULTI was refused: ${reply.message}`;
      const wasRefused = this.#refused.has(index) && !this.isDoubtful(index);
      const applied = wasRefused ? (false as const) : ("unknown" as const);
      return new (serverErrorClass(code))(message, { ...about, code, applied, cause });
    });
  }

  /** What the error of MULTI or EXEC says, which has no place among the commands. */
  #aboutWhole(command: string): AboutCommand {
    return { command, index: undefined, address: this.settings.address, attempts: this.attempts };
  }

  #failAll(makeError: (index: number) => Error): void {
    this.settleAll(makeError);
    this.fatalIndex = 0;
  }
}
