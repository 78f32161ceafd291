import { mayRepeat } from "../command/repeat.ts";
import type { Encoder } from "../protocol/encode.ts";
import { ErrorReply, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import { isPassingRefusal } from "./applied.ts";
import { Batch } from "./batch.ts";
import type { Failure } from "./request.ts";

/** A pipeline without MULTI: every command stands for itself. Each step is one command. */
export class PlainBatch extends Batch {
  /**
   * After a lost connection: the indexes of the commands that are to be sent again. Before: all.
   */
  #rest: readonly number[] | undefined;

  encode(encoder: Encoder, limit: number): boolean {
    if (this.isSettled) return true;
    if (this.encoded === 0) this.beginAttempt(encoder);
    const steps = this.#steps();
    let step = this.encoded;
    while (step < steps) {
      encoder.command(this.argv(this.#at(step)));
      step += 1;
      if (encoder.size >= limit) break;
    }
    this.encoded = step;
    return step === steps;
  }

  form(): ReplyForm {
    return this.commands.form(this.#at(this.replied));
  }

  reply(value: RespValue): boolean {
    if (this.loadsOwed > 0) return this.takeLoad(value);
    const step = this.replied;
    this.replied = step + 1;
    if (this.isSettled) return this.owed === 0;
    this.store(this.#at(step), value);
    if (this.replied < this.#steps()) return false;
    if (!this.hasFailed || !(this.#repair() || this.#isPutOff())) this.settle();
    return true;
  }

  interrupt(failure: Failure, canRepeat = true): boolean {
    if (this.isSettled) return false;
    const { maxRetries, retry } = this.settings;
    const hasTriesLeft = canRepeat && this.attempts <= maxRetries;
    const lost: number[] = [];
    const rest: number[] = [];
    for (let step = this.replied; step < this.#steps(); step += 1) {
      const index = this.#at(step);
      const wasWritten = step < this.encoded;
      if (wasWritten && !(hasTriesLeft && mayRepeat(this.argv(index), retry))) lost.push(index);
      else rest.push(index);
      if (wasWritten && this.appliedUnanswered(index, true) === "unknown") this.doubt(index);
    }
    this.storeFailure(lost, true, failure);
    this.#rest = rest;
    this.rewind();
    if (rest.length === 0) this.settle();
    return rest.length > 0;
  }

  fail(failure: Failure): void {
    if (this.isSettled) return;
    const written: number[] = [];
    const unwritten: number[] = [];
    for (let step = this.replied; step < this.#steps(); step += 1) {
      (step < this.encoded ? written : unwritten).push(this.#at(step));
    }
    this.storeFailure(written, true, failure);
    this.storeFailure(unwritten, false, failure);
    this.settle();
  }

  surrender(): void {
    if (this.isSettled) return;
    this.refusal = undefined;
    this.settle();
  }

  /**
   * Whether the last commands were refused for a state of the server that passes, and none behind
   * the first of them was run: then they are to be sent again, in their order.
   */
  #isPutOff(): boolean {
    if (this.settings.retry === "never") return false;
    const refused: number[] = [];
    for (let step = 0; step < this.#steps(); step += 1) {
      const index = this.#at(step);
      const outcome = this.outcomes[index];
      if (outcome instanceof ErrorReply && isPassingRefusal(this.argv(index), outcome)) {
        this.refusal ??= outcome;
        refused.push(index);
      } else if (refused.length > 0) {
        this.refusal = undefined;
        return false;
      }
    }
    if (refused.length === 0) return false;
    this.#rest = refused;
    this.rewind();
    return true;
  }

  /** Sends commands again whose script the server had lost (SCRIPT FLUSH, restart), once. */
  #repair(): boolean {
    const missing = this.lacking();
    const { resend } = this;
    if (resend === undefined || missing.length === 0) return false;
    for (const index of missing) this.outcomes[index] = undefined;
    this.hasFailed = [...this.commands.keys()].some((index) => this.isFailure(index));
    this.#rest = missing;
    this.rewind();
    this.resend = undefined;
    resend();
    return true;
  }

  #steps(): number {
    return this.#rest === undefined ? this.commands.length : this.#rest.length;
  }

  #at(step: number): number {
    return this.#rest === undefined ? step : (this.#rest[step] ?? -1);
  }
}
