import { type Redis, RedisError, TimeoutError } from "../../src/index.ts";
import { Ledger } from "../faults/workload.ts";
import { World } from "./world.ts";

/** The client's default deadline. */
export const COMMAND_TIMEOUT_MS = 200;

/** How long `close()` waits for replies. */
export const CLOSE_TIMEOUT_MS = 20;

/** One for all: making a `DOMException` takes longer than most of what a run does. */
export const REASON: Error = new Error("the caller has lost interest");

/** So late a deadline may be told: a timer's precision, and another turn of the event loop. */
export const SLACK_MS = 3;

/** A promise of the client that has not settled. */
interface Pending {
  readonly what: string;
  /** When it has to have settled. */
  readonly deadline: number;
  /** When it was seen to be late; until the next timers have fired it may be. */
  lateAt?: number;
  /** Whether a body of the caller's runs, which the client's end does not end. */
  readonly isPatient: boolean;
}

/** The client in its world, and what callers share: who pauses, and what has not settled yet. */
export class Scene extends World {
  readonly redis: Redis;
  readonly poolMax: number;
  readonly ledger = new Ledger();
  /** Signals that may fire, and those that have. */
  readonly aborts = new Set<AbortController>();
  readonly aborted: AbortSignal[] = [];
  readonly pending = new Set<Pending>();
  /** Whether the client was told to end. */
  hasEnded = false;
  readonly #paused: (() => void)[] = [];

  constructor(redis: Redis, world: World, poolMax: number) {
    super(world);
    this.redis = redis;
    this.poolMax = poolMax;
  }

  get paused(): number {
    return this.#paused.length;
  }

  /** Waits until the schedule says so. */
  pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#paused.push(resolve);
    });
  }

  resume(): void {
    const at = this.choices.below(this.#paused.length);
    for (const resolve of this.#paused.splice(at, 1)) resolve();
  }

  /** @returns whether anybody had paused */
  resumeAll(): boolean {
    const hasPaused = this.#paused.length > 0;
    for (const resolve of this.#paused.splice(0)) resolve();
    return hasPaused;
  }

  /**
   * Waits for the outcome, which must come in time, and be a value or an error of the client's.
   *
   * @param limitMs `undefined`: any time is right, but not never
   */
  async outcome(what: string, promise: PromiseLike<unknown>, limitMs?: number): Promise<unknown> {
    const startedAt = this.clock.now;
    const deadline = limitMs === undefined ? Number.POSITIVE_INFINITY : startedAt + limitMs;
    const pending: Pending = { what, deadline, isPatient: /watch|increment/.test(what) };
    this.pending.add(pending);
    this.tell(() => `  call ${what}`);
    const outcome = await settled(promise);
    this.pending.delete(pending);
    this.tell(
      () => `  ${what} is ${outcome instanceof Error ? describe(outcome) : String(outcome)}`,
    );
    const earliest = Math.min(deadline, startedAt + COMMAND_TIMEOUT_MS);
    if (outcome instanceof TimeoutError && this.clock.now < earliest - 1) {
      this.record.complain(`R7: ${what} timed out before ${earliest}`);
    }
    if (outcome instanceof Error && !(outcome instanceof RedisError)) {
      this.record.complain(`${what} rejected with ${describe(outcome)}`);
    }
    return outcome;
  }

  /** Writes down what became of a write. */
  told(id: number, outcome: unknown): void {
    this.ledger.record(id, outcome);
    if (!(outcome instanceof RedisError) || outcome.code !== "NOSCRIPT") return;
    // In a transaction nobody can load it when EXEC has said that it is missing; else it is, once.
    if (this.record.flushes > (this.record.guarded.has(id) ? 0 : 1)) return;
    this.record.complain(`the script of write ${id} was not loaded again`);
  }

  /** Complains of what should have settled by now. */
  checkDeadlines(): void {
    const { now } = this.clock;
    for (const pending of this.pending) {
      if (now <= pending.deadline + SLACK_MS) continue;
      // One thing may follow from another that was late because this process was busy.
      pending.lateAt ??= now;
      if (now <= pending.lateAt + SLACK_MS) continue;
      this.record.complain(`R7: ${pending.what} was due at ${pending.deadline}, now it is ${now}`);
    }
  }
}

/** What a promise becomes: its value, or the error that it rejects with. */
export async function settled(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

function describe(error: Error): string {
  const applied = error instanceof RedisError ? `, applied ${String(error.applied)}` : "";
  return `${error.name}: ${error.message}${applied}`;
}
