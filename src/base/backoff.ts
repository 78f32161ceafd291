/** How long to wait between tries, in milliseconds. */
export interface BackoffOptions {
  /** Upper bound of the first delay. */
  readonly base: number;
  /** Upper bound of every delay. */
  readonly cap: number;
}

/**
 * The delay before try number `attempt` (1 is the first repetition): exponential with full jitter,
 * so that clients which failed together do not come back together.
 */
export function backoffDelay(attempt: number, options: BackoffOptions): number {
  const ceiling = Math.min(options.cap, options.base * 2 ** Math.min(attempt - 1, 30));
  return Math.random() * ceiling;
}
