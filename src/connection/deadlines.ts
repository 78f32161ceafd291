import { now, STALL_MS } from "../base/clock.ts";
import { timeoutFailure } from "./failures.ts";
import type { Request } from "./request.ts";

/** What Node's timers can wait for at most; what is later is looked at again then. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Holds requests that can pass their deadline. */
export interface Sweepable {
  /**
   * Gives up, through `fail`, each request whose deadline is not after `time`. @returns the next
   * deadline, or `Infinity`
   */
  sweep(time: number, fail: (request: Request) => void): number;
}

/**
 * The deadlines of all requests of one client, with one timer: it is set to the earliest, and when
 * it fires those who hold requests look through them. A request costs one comparison.
 */
export class Deadlines {
  readonly #sweepables = new Set<Sweepable>();
  readonly #address: string;
  #next = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  add(sweepable: Sweepable): void {
    this.#sweepables.add(sweepable);
  }

  delete(sweepable: Sweepable): void {
    this.#sweepables.delete(sweepable);
  }

  /** Says that a request with this deadline is under way; 0 means none. */
  note(deadline: number): void {
    if (deadline !== 0 && deadline < this.#next) this.#arm(deadline);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#next = Number.POSITIVE_INFINITY;
  }

  #arm(deadline: number): void {
    clearTimeout(this.#timer);
    this.#next = deadline;
    const delay = Math.min(MAX_DELAY_MS, Math.max(1, Math.ceil(deadline - now())));
    this.#timer = setTimeout(() => this.#fired(deadline), delay);
    this.#timer.unref();
  }

  #fired(deadline: number): void {
    const lateMs = now() - deadline;
    // First let the event loop read the replies that have arrived: it may have been blocked.
    if (lateMs < STALL_MS) setImmediate(() => this.#sweep(0));
    else setImmediate(() => setImmediate(() => this.#sweep(lateMs)));
  }

  #sweep(stallMs: number): void {
    const time = now();
    const failure = timeoutFailure(this.#address, stallMs);
    let next = Number.POSITIVE_INFINITY;
    for (const sweepable of this.#sweepables) {
      next = Math.min(
        next,
        sweepable.sweep(time, (request) => request.fail(failure)),
      );
    }
    this.#next = Number.POSITIVE_INFINITY;
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next);
  }
}
