import type { Batch } from "../connection/batch.ts";
import { abortFailure, unsentFailure } from "../connection/failures.ts";
import { PlainBatch } from "../connection/plain_batch.ts";
import type { Core } from "./core.ts";

/** A batch on its way. */
export interface Execution {
  readonly core: Core;
  readonly batch: Batch;
  /** On the clock of `base/clock.ts`; 0: none. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  /** Whether it must have a connection of its own: it may block. */
  readonly needsLease: boolean;
}

/** Sends a batch and waits until it has settled, which it does with the truth, whatever happens. */
export async function executeBatch(execution: Execution): Promise<void> {
  const { core, batch, deadline, signal, needsLease } = execution;
  const onAbort = (): void => batch.fail(abortFailure(signal?.reason));
  batch.begin(deadline);
  if (signal?.aborted === true) return onAbort();
  signal?.addEventListener("abort", onAbort);
  core.topology.note(deadline);
  try {
    if (needsLease) await sendOnLease(execution);
    else send(execution, core.topology);
    await batch.whenSettled();
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function sendOnLease(execution: Execution): Promise<void> {
  const { core, batch, deadline, signal } = execution;
  try {
    const lease = await core.topology.lease({ deadline, signal });
    send(execution, lease.connection);
    await batch.whenSettled();
    lease.release(batch.owed === 0);
  } catch (error) {
    batch.fail(unsentFailure(error));
  }
}

function send({ core, batch }: Execution, carrier: { send(batch: Batch): void }): void {
  if (batch.needScripts(core.topology.knownScripts) && batch instanceof PlainBatch) {
    batch.resend = () => carrier.send(batch);
  }
  carrier.send(batch);
}
