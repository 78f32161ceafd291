import { now, STALL_MS } from "./clock.ts";

/**
 * A time limit for what others do. While this process is busy their answers wait to be read: what a
 * blocked event loop takes away is added again, up to as much as the limit.
 */
export class FairTime {
  readonly timeoutMs: number;
  #deadline: number;
  #spareMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.#deadline = now() + timeoutMs;
    this.#spareMs = timeoutMs;
  }

  /** On the clock of `clock.ts`. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Calls `onEnd` when the time is over. @returns ends that */
  timer(onEnd: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      this.#extend();
      const fired = (): void => (this.#extend() ? arm() : onEnd());
      timer = setTimeout(fired, Math.max(1, Math.ceil(this.#deadline - now())));
    };
    arm();
    return () => clearTimeout(timer);
  }

  /** @returns whether time was added */
  #extend(): boolean {
    const lateMs = now() - this.#deadline;
    if (lateMs < STALL_MS || this.#spareMs <= 0) return false;
    const moreMs = Math.min(lateMs, this.#spareMs);
    this.#spareMs -= moreMs;
    this.#deadline = now() + moreMs;
    return true;
  }
}
