import { type Ending, endListening, listenTo } from "../base/aborts.ts";
import { deadlineIn, nextTurn, now } from "../base/clock.ts";
import { within } from "../base/within.ts";
import { type OneOrMany, pushAll } from "../command/arguments.ts";
import { type Bulk, Command, type Counter, type Key } from "../command/command.ts";
import { ok } from "../command/decoders.ts";
import { describeCommand } from "../command/describe.ts";
import { PLAIN } from "../command/traits.ts";
import { call } from "../connection/call.ts";
import type { Connection } from "../connection/connection.ts";
import {
  abortFailure,
  asRedisError,
  failureOf,
  settleUnfinished,
  timeoutFailure,
} from "../connection/failures.ts";
import type { Failure } from "../connection/request.ts";
import type { TransactionBatch } from "../connection/transaction_batch.ts";
import {
  AbortError,
  ClosedError,
  type ErrorDetails,
  TimeoutError,
  TransportError,
  WatchError,
} from "../errors.ts";
import { type Argument, type ReplyForm, TEXT } from "../protocol/resp.ts";
import type { Lease } from "../topology/pool.ts";
import { type Core, type Limits, leaseFor, Turn } from "./core.ts";
import { loadLibraries } from "./load_libraries.ts";
import { discardBatch, type Returned, runBody, throwFailure } from "./outcome.ts";
import type { PipelineOptions } from "./pipeline_options.ts";
import { resolveReplies } from "./resolve.ts";
import { WatchedClient } from "./watched_client.ts";

/** One watch block. */
export interface WatchJob<B extends Bulk, N extends Counter, R> {
  readonly core: Core;
  readonly form: ReplyForm;
  readonly options: PipelineOptions;
  /** The WATCH. */
  readonly command: Command<unknown>;
  /** Ends the block when it fires, with the error that is its reason. */
  readonly ending: Ending;
  /** Tells that the body was left behind while it still runs. */
  readonly abandon: () => void;
  readonly body: (watched: WatchedClient<B, N>) => R | Promise<R>;
  /** Takes what the body queues. */
  readonly batch: TransactionBatch;
}

/** Where a watch block is: decides in which state its connection goes back. */
interface Progress {
  readonly connection: Connection;
  readonly deadline: number;
  /** Whether the connection holds no WATCH any more, and nobody uses it. */
  isClean: boolean;
}

/** @throws {ArgumentError} for no keys, or what is no key */
export function watchCommand(keys: OneOrMany<Key>): Command<unknown> {
  const argv: Argument[] = ["WATCH"];
  pushAll(argv, keys, "keys");
  return new Command(argv, ok, TEXT, PLAIN);
}

/**
 * Runs a watch block on a leased connection: WATCH, the body, then MULTI … EXEC in one write, or
 * UNWATCH. EXEC is only ever written on the connection that got the WATCH. The connection goes back
 * clean, or is closed.
 *
 * @returns makes the block's result
 */
export async function runWatch<B extends Bulk, N extends Counter, R>(
  job: WatchJob<B, N, R>,
): Promise<() => unknown> {
  const { core, options, batch, ending } = job;
  const { signal, timeout } = options;
  const deadline = timeout === undefined ? 0 : deadlineIn(timeout);
  let attempts = 0;
  const onAbort = (): void => {
    const message = "was aborted by its signal; nothing that it queued was applied";
    const cause = signal?.reason as unknown;
    const details = { ...ofBlock(job, attempts), cause };
    ending.abort(new AbortError(`The watch block (${details.command}) ${message}`, details));
  };
  listenTo(signal, onAbort);
  try {
    if (signal?.aborted === true) onAbort();
    ending.throwIfAborted();
    const lease = await leaseForBlock(job, deadline || deadlineIn(core.settings.commandTimeoutMs));
    attempts = 1;
    const progress: Progress = { connection: lease.connection, deadline, isClean: false };
    try {
      return await watchOn(job, progress);
    } finally {
      lease.release(progress.isClean);
    }
  } finally {
    endListening(signal, onAbort);
    if (batch.phase === "open") discardBatch(batch);
  }
}

async function leaseForBlock<B extends Bulk, N extends Counter, R>(
  { core, command, ending }: WatchJob<B, N, R>,
  deadline: number,
): Promise<Lease> {
  try {
    return await leaseFor(core, command.argv, { deadline, signal: ending, use: "watch" });
  } catch (error) {
    ending.throwIfAborted();
    throw error;
  }
}

async function watchOn<B extends Bulk, N extends Counter, R>(
  job: WatchJob<B, N, R>,
  progress: Progress,
): Promise<() => unknown> {
  const { core, form, options, batch, body, command, ending } = job;
  const { connection, deadline } = progress;
  connection.onClose = (reason, unfinished) => {
    settleUnfinished(unfinished, watchFailure(reason));
  };
  const limits = limitsOf(core, deadline, options.retry);
  const watched = new WatchedClient<B, N>(core, form, connection, limits);
  try {
    const { returned } = await runWithin(job, progress, async () => {
      await call(connection, command, limits.limitsFor(command));
      ending.throwIfAborted();
      return runBody(() => body(watched));
    });
    watched.end();
    ending.throwIfAborted();
    if (batch.commands.length === 0) await unwatch(progress, limits);
    else await commit(job, progress);
    throwFailure(batch, options);
    if (returned === undefined) return () => batch.results();
    return () => resolveReplies(returned, options.raiseOnError === false);
  } catch (error) {
    watched.end();
    // Who was left behind may use the connection still, and who got no reply in time waits for it.
    const isLeft = ending.aborted || error instanceof TimeoutError;
    if (!batch.hasBegun && !isLeft) await unwatch(progress, limits);
    throw error;
  }
}

async function runWithin<B extends Bulk, N extends Counter, R>(
  job: WatchJob<B, N, R>,
  progress: Progress,
  run: () => Promise<Returned<R>>,
): Promise<Returned<R>> {
  const { connection, deadline } = progress;
  const signal = job.ending;
  const onTimeout = (): Error => {
    const message = "did not return in time; nothing that it queued was applied";
    const details = ofBlock(job, 1);
    return new TimeoutError(`The body of the watch block (${details.command}) ${message}`, details);
  };
  const onAbort = (reason: unknown): Error => asRedisError(reason);
  const limits = { deadline, signal, onTimeout, onAbort };
  let isRunning = true;
  const running = run().finally(() => {
    isRunning = false;
  });
  try {
    return await within(running, limits);
  } catch (error) {
    if (isRunning && !signal.aborted) await giveUpCommands(connection, deadline);
    if (!isRunning) return await running;
    job.abandon();
    throw error;
  }
}

/** What a command says of why it has no reply is more than that the time of its block is up. */
async function giveUpCommands(connection: Connection, deadline: number): Promise<void> {
  const failure = timeoutFailure(connection.address);
  // Replies that have arrived are read first; afterwards the body hears of what is given up.
  await nextTurn();
  connection.sweep(Math.max(deadline, now()), (request) => request.fail(failure));
  await nextTurn();
}

/** Executes what the body queued. The batch settles with the truth, whatever happens. */
async function commit<B extends Bulk, N extends Counter, R>(
  job: WatchJob<B, N, R>,
  progress: Progress,
): Promise<void> {
  const { core, batch, options, ending } = job;
  const { connection, deadline } = progress;
  const onAbort = (): void => batch.fail(abortFailure(connection.address, options.signal?.reason));
  if (batch.hasScripts) {
    await loadLibraries(core, batch, deadline || deadlineIn(core.settings.commandTimeoutMs));
    batch.needScripts(core.topology.knownScripts);
    ending.throwIfAborted();
  }
  batch.begin(deadline || deadlineIn(core.settings.commandTimeoutMs));
  core.topology.note(batch.deadline);
  if (deadline !== 0 && now() >= deadline) return batch.fail(timeoutFailure(connection.address));
  listenTo(options.signal, onAbort);
  connection.send(batch);
  await batch.whenSettled();
  endListening(options.signal, onAbort);
  // EXEC, also one that was refused, has ended the WATCH. What was given up may not be written.
  const fatal = batch.fatalIndex === undefined ? undefined : batch.outcome(batch.fatalIndex);
  progress.isClean = batch.owed === 0 && !(fatal instanceof TransportError);
}

/** DISCARD would not do: without MULTI it does not end a WATCH. */
async function unwatch(progress: Progress, limits: Limits): Promise<void> {
  const { connection } = progress;
  if (!connection.isOpen) return;
  try {
    const command = new Command(["UNWATCH"], ok, TEXT, PLAIN);
    await call(connection, command, limits.limitsFor(command));
    progress.isClean = true;
  } catch {
    // The connection is not clean, so that it will be closed: nothing is left to be undone.
  }
}

function limitsOf(core: Core, deadline: number, retry: PipelineOptions["retry"]): Limits {
  if (deadline === 0) return new Turn(core, { retry });
  const limits = { deadline, maxRetries: 0, retry, address: core.topology.address };
  return {
    limitsFor() {
      // For each call: between them nobody waits, and the deadline is forgotten.
      core.topology.note(deadline);
      return limits;
    },
  };
}

/** Lost between WATCH and EXEC: what cannot have been applied may be tried again from the start. */
function watchFailure(reason: TransportError): Failure {
  const failure = failureOf(reason);
  return (about) => {
    if (about.applied === "unknown" || reason instanceof ClosedError) return failure(about);
    const why = reason.message;
    const message = `The connection that held the WATCH was lost: ${why}. Nothing was applied`;
    const details = { ...about, address: reason.address, applied: false, cause: reason };
    return new WatchError(message, { ...details, reason: "connection-lost" });
  };
}

/** What errors say of a block that did not come to its end. */
function ofBlock<B extends Bulk, N extends Counter, R>(
  { core, command }: WatchJob<B, N, R>,
  attempts: number,
): ErrorDetails & { readonly command: string } {
  const { address } = core.topology;
  return { command: describeCommand(command.argv), address, applied: false, attempts };
}
