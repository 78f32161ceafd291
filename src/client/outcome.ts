import { PipelineReply } from "../command/reply.ts";
import type { Batch } from "../connection/batch.ts";
import { AbortError, PipelineStateError } from "../errors.ts";
import type { PipelineOptions } from "./pipeline_options.ts";

/** Rejects the handles of commands that will never be sent. */
export function discardBatch(batch: Batch): void {
  batch.settleAll((index) => {
    const command = batch.describe(index);
    const message = `${command} was never sent: the pipeline was discarded`;
    return new PipelineStateError(message, { command });
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

/**
 * Runs a scope's body. What it returned comes in a box: a handle is thenable, and must not be
 * awaited on the way.
 */
export async function runBody<R>(body: () => R | Promise<R>): Promise<{ readonly returned: R }> {
  const returned = body();
  if (returned instanceof PipelineReply) return { returned };
  return { returned: await returned };
}
