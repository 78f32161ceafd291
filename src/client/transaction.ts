import { type BackoffOptions, backoffDelay } from "../base/backoff.ts";
import { now, sleep } from "../base/clock.ts";
import type { OneOrMany } from "../command/arguments.ts";
import type { Key } from "../command/command.ts";
import { BACKOFF, checkNames, whole } from "../connection/options.ts";
import { WatchError } from "../errors.ts";
import { checkPipelineOptions, type PipelineOptions } from "./pipeline_options.ts";

/** How a transaction runs, and how often it is tried. */
export interface TransactionOptions extends Omit<PipelineOptions, "transaction"> {
  /** Keys to watch: the body gets a client to read them with, and runs again if one was changed. */
  readonly watch?: OneOrMany<Key> | undefined;
  /** How often the body runs again after a `WatchError`; default 16. */
  readonly retries?: number | undefined;
  /**
   * Delay before each repetition, in milliseconds, with full jitter; default `{ base: 1, cap: 100
   * }`.
   */
  readonly backoff?: Partial<BackoffOptions> | undefined;
}

const KNOWN: ReadonlySet<string> = new Set(
  "watch retries backoff raiseOnError timeout signal retry".split(" "),
);

/** @throws {OptionsError} for an option that is not known or of the wrong type */
export function checkTransactionOptions(options: TransactionOptions): void {
  checkPipelineOptions(options, KNOWN);
  if (options.backoff !== undefined) checkNames(options.backoff, "backoff", BACKOFF);
  whole(options.retries, "retries", 0);
  whole(options.backoff?.base, "backoff.base", 0);
  whole(options.backoff?.cap, "backoff.cap", 0);
}

/**
 * Runs `attempt` until it ends otherwise than with a `WatchError`, or the retries are used up. The
 * timeout covers all attempts; each gets what is left of it.
 */
export async function retryWatch<T>(
  options: TransactionOptions,
  attempt: (options: PipelineOptions) => Promise<T>,
): Promise<T> {
  const { retries = 16, backoff, timeout, signal, retry, raiseOnError } = options;
  const delays = { base: backoff?.base ?? 1, cap: backoff?.cap ?? 100 };
  const until = timeout === undefined || timeout === 0 ? Number.POSITIVE_INFINITY : now() + timeout;
  for (let attempts = 1; ; attempts += 1) {
    const left = Number.isFinite(until) ? Math.max(1, Math.ceil(until - now())) : timeout;
    try {
      return await attempt({ timeout: left, signal, retry, raiseOnError });
    } catch (error) {
      if (!(error instanceof WatchError)) throw error;
      if (attempts > retries) throw giveUp(error, attempts);
      const delay = backoffDelay(attempts, delays);
      const isLast = delay >= until - now();
      await sleep(Math.min(delay, until - now()), signal);
      // The timer may have been late: what is over must not begin again.
      const isOver = isLast || now() >= until;
      if (isOver && signal?.aborted !== true) throw giveUp(error, attempts);
    }
  }
}

function giveUp(error: WatchError, attempts: number): WatchError {
  const times = attempts === 1 ? "once" : `${attempts} times`;
  const { reason, command, index, address } = error;
  const details = { reason, command, index, address, attempts, cause: error };
  return new WatchError(`${error.message} (tried ${times})`, details);
}
