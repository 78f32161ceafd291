import { deadlineIn } from "../base/clock.ts";
import type { Events } from "../base/events.ts";
import { blockingTimeoutMs } from "../command/blocking.ts";
import type { Command } from "../command/command.ts";
import { describeCommand } from "../command/describe.ts";
import type { RetryPolicy } from "../command/repeat.ts";
import { BLOCKING } from "../command/traits.ts";
import type { CallLimits } from "../connection/call.ts";
import { unsentFailure } from "../connection/failures.ts";
import type { ConnectionEvents } from "../connection/link.ts";
import type { Settings } from "../connection/options.ts";
import type { Argument } from "../protocol/resp.ts";
import type { Lease, Patience } from "../topology/pool.ts";
import type { Topology } from "../topology/topology.ts";

/** What all views of one client share. */
export interface Core {
  readonly topology: Topology;
  readonly settings: Settings;
  readonly events: Events<ConnectionEvents>;
}

/** What a view of a client changes for each of its calls. */
export interface ViewOptions {
  /**
   * What is sent again when its reply was lost: `"never"`, `"reads"` (default), `"idempotent"`
   * (also writes such as SET and MSET, whose repetition changes neither data nor reply as long as
   * nobody else writes the key) or `"always"` (a write may be applied twice). What the server
   * refuses for a state that passes, such as LOADING, is sent again unless it is `"never"`.
   */
  readonly retry?: RetryPolicy | undefined;
  /**
   * How counters (INCR, INCRBY, DECR, DECRBY, HINCRBY) come back: `"number"` (default; one beyond
   * 2^53-1 is a `DecodeError`, never a rounded value), or `"bigint"`.
   */
  readonly integers?: "number" | "bigint" | undefined;
  /**
   * Milliseconds a command may take, waiting included; 0: no limit. Default: the client's
   * `commandTimeout`.
   */
  readonly timeout?: number | undefined;
  /** Cancels: what has not been written never is; what has been written has its reply dropped. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What counters are on a view with the option `integers`, which is `I`, of a client where they are
 * `N`: `CounterOf<"bigint", number>` is `bigint`.
 */
export type CounterOf<I, N> = I extends "bigint" ? bigint : I extends "number" ? number : N;

/** Where the limits of a call on a connection of one's own come from. */
export interface Limits {
  limitsFor(command: Command<unknown>): CallLimits;
}

/**
 * The limits of the calls that are made in one turn of the event loop. They share one object, so
 * that a call reads no clock and allocates none.
 */
export class Turn implements Limits {
  readonly #core: Core;
  readonly #timeoutMs: number;
  readonly #isDefault: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #retry: RetryPolicy | undefined;
  #limits: CallLimits | undefined;
  readonly #end = (): void => {
    this.#limits = undefined;
  };

  constructor(core: Core, { timeout, signal, retry }: ViewOptions) {
    this.#core = core;
    this.#isDefault = timeout === undefined;
    this.#timeoutMs = timeout ?? core.settings.commandTimeoutMs;
    this.#signal = signal;
    this.#retry = retry;
  }

  get limits(): CallLimits {
    return this.#limits ?? this.#begin();
  }

  /** The client's default leaves a command that blocks the time that it asks for, and is added. */
  limitsFor({ argv, traits }: Command<unknown>): CallLimits {
    const { limits } = this;
    if ((traits & BLOCKING) === 0 || !this.#isDefault || limits.deadline === 0) return limits;
    const deadline = limits.deadline + blockingTimeoutMs(argv);
    if (!Number.isFinite(deadline)) return { ...limits, deadline: 0 };
    this.#core.topology.note(deadline);
    return { ...limits, deadline };
  }

  #begin(): CallLimits {
    const { topology, settings } = this.#core;
    const { maxRetries } = settings;
    const deadline = deadlineIn(this.#timeoutMs);
    const { address } = topology;
    const limits = { deadline, maxRetries, address, signal: this.#signal, retry: this.#retry };
    topology.note(deadline);
    this.#limits = limits;
    process.nextTick(this.#end);
    return limits;
  }
}

/**
 * Leases a connection to run a command on.
 *
 * @throws {RedisError} saying why the command was not sent
 */
export async function leaseFor(
  { topology }: Core,
  argv: readonly Argument[],
  patience: Patience,
): Promise<Lease> {
  try {
    return await topology.lease(patience);
  } catch (error) {
    const about = { command: describeCommand(argv), applied: false, attempts: 0 } as const;
    throw unsentFailure(topology.address, error)(about);
  }
}

/**
 * Until when a command waits for a connection of its own: its deadline, or the client's default if
 * that is earlier. Also a command that may block for ever tells when it cannot even begin.
 */
export function leaseDeadline(core: Core, deadline: number): number {
  const byDefault = deadlineIn(core.settings.commandTimeoutMs);
  return deadline === 0 || byDefault === 0 ? deadline || byDefault : Math.min(deadline, byDefault);
}
