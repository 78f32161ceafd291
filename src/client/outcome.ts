import { PipelineReply } from "../command/reply.ts";
import type { Batch } from "../connection/batch.ts";
import { AbortError, PipelineStateError } from "../errors.ts";
import type { PipelineOptions } from "./pipeline_options.ts";

/** Rejects the handles of commands that will never be sent. */
export function discardBatch(batch: Batch): void {
  batch.settleAll((index) => {
    const about = batch.about(index);
    const message = `${about.command} was never sent: the pipeline was discarded`;
    return new PipelineStateError(message, about);
  });
}

/** Throws what execution rejects with, if anything. All handles have settled. */
export function throwFailure(batch: Batch, { raiseOnError, signal }: PipelineOptions): void {
  if (!batch.hasFailed) return;
  const fatal = batch.fatalIndex === undefined ? undefined : batch.outcome(batch.fatalIndex);
  if (fatal instanceof Error) throw fatal;
  const error = batch.firstError();
  if (error === undefined) return;
  if (raiseOnError !== false) throw error;
  if (signal?.aborted === true) {
    const abort = batch.results().find((outcome) => outcome instanceof AbortError);
    if (abort !== undefined) throw abort;
  }
}

/** What a body returned, in a box: a handle is thenable, and must not be awaited on the way. */
export interface Returned<R> {
  readonly returned: R;
}

/**
 * Runs a scope's body. One that is not asynchronous is not waited for, so that what it queued keeps
 * its place in the order of the calls.
 */
export function runBody<R>(body: () => R | Promise<R>): Returned<R> | Promise<Returned<R>> {
  const returned = body();
  return isLater(returned) ? box(returned) : { returned };
}

async function box<R>(later: PromiseLike<R>): Promise<Returned<R>> {
  return { returned: await later };
}

/** A handle is thenable, too, but has its reply only when the batch has executed. */
export function isLater<R>(returned: R | PromiseLike<R>): returned is PromiseLike<R> {
  if (typeof returned !== "object" || returned === null) return false;
  if (returned instanceof PipelineReply) return false;
  return "then" in returned && typeof returned.then === "function";
}
