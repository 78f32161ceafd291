import { endListening, listenTo } from "../base/aborts.ts";
import type { Command } from "../command/command.ts";
import { PipelineReply } from "../command/reply.ts";
import type { Batch, BatchSettings } from "../connection/batch.ts";
import { abortFailure, unsentFailure } from "../connection/failures.ts";
import { PlainBatch } from "../connection/plain_batch.ts";
import { type Core, leaseDeadline } from "./core.ts";
import { loadLibraries } from "./load_libraries.ts";

/** What takes batches: a connection, or a topology. */
interface Carrier {
  send(batch: Batch): void;
}

/** A batch on its way. */
export interface Execution {
  readonly core: Core;
  readonly batch: Batch;
  /** On the clock of `base/clock.ts`; 0: none. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  /** The connection that it must use; `"lease"`: one of its own, because it may block. */
  readonly on?: Carrier | "lease" | undefined;
}

/** Sends a batch and waits until it has settled, which it does with the truth, whatever happens. */
export async function executeBatch(execution: Execution): Promise<void> {
  const { core, batch, deadline, signal, on = core.topology } = execution;
  const onAbort = (): void => batch.fail(abortFailure(core.topology.address, signal?.reason));
  batch.begin(deadline);
  if (signal?.aborted === true) return onAbort();
  listenTo(signal, onAbort);
  core.topology.note(deadline);
  try {
    const loading = batch.hasScripts ? loadLibraries(core, batch, deadline) : undefined;
    if (loading !== undefined) await loading;
    if (on === "lease") await sendOnLease(execution);
    else send(execution, on);
  } catch (error) {
    batch.fail(unsentFailure(core.topology.address, error));
  }
  await batch.whenSettled();
  endListening(signal, onAbort);
}

async function sendOnLease(execution: Execution): Promise<void> {
  const { core, batch, deadline, signal } = execution;
  const patience = leaseDeadline(core, deadline);
  const lease = await core.topology.lease({ deadline: patience, signal, use: "blocking" });
  send(execution, lease.connection);
  await batch.whenSettled();
  lease.release(batch.owed === 0);
}

function send(execution: Execution, carrier: Carrier): void {
  const { core, batch, deadline } = execution;
  const dispatch = (): void => {
    // Again: while it was in no queue, the deadline may have been forgotten.
    core.topology.note(deadline);
    carrier.send(batch);
  };
  if (batch.hasScripts) {
    batch.needScripts(core.topology.knownScripts);
    // Once, if the server turns out to have lost a script or a library.
    batch.resend = () => {
      Promise.resolve(loadLibraries(core, batch, deadline)).then(dispatch, (error: unknown) =>
        batch.fail(unsentFailure(core.topology.address, error)),
      );
    };
  }
  dispatch();
}

/**
 * Runs one script or function, as a batch of one: its program may have to be loaded before, or
 * again.
 */
export async function runScript<T>(
  core: Core,
  command: Command<T>,
  execution: Pick<Execution, "deadline" | "signal" | "on"> & Pick<BatchSettings, "retry">,
): Promise<T> {
  const { retry } = execution;
  const { maxRetries } = core.settings;
  const batch = new PlainBatch({ maxRetries, retry, address: core.topology.address });
  batch.commands.push(command);
  batch.hasScripts = true;
  await executeBatch({ ...execution, core, batch });
  return new PipelineReply<T>(batch, 0).value;
}
