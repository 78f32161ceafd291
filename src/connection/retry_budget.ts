/** Repeats that are allowed before anything has been answered. */
const MAX_TOKENS = 10_000;
/** What an answered request adds: in the long run one repeat for five answers. */
const EARNED_PER_ANSWER = 0.2;

/**
 * How many requests whose reply was lost may be sent again: so many at once, but in the long run
 * only a share of those that were answered. A server that fails again and again is not asked for
 * more than it would be without repeats.
 */
export class RetryBudget {
  #tokens = MAX_TOKENS;

  get isSpent(): boolean {
    return this.#tokens < 1;
  }

  /** So many requests were answered since the last call. */
  earn(answers: number): void {
    this.#tokens = Math.min(MAX_TOKENS, this.#tokens + answers * EARNED_PER_ANSWER);
  }

  /** A request is sent again. */
  spend(): void {
    this.#tokens -= 1;
  }
}
