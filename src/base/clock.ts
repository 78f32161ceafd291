import { endListening, listenTo } from "./aborts.ts";

/** A timer that comes so much too late was held up by this process, not by a server. */
export const STALL_MS = 100;

/** Milliseconds on a clock that never goes back; only differences mean anything. */
export function now(): number {
  return performance.now();
}

/**
 * Waits `delayMs`, or less: it ends early, without an error, when `signal` fires. The timer keeps
 * the process alive.
 */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      endListening(signal, done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    listenTo(signal, done);
  });
}

/** Waits until the event loop has been round once: what has arrived meanwhile has been read. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The point in time `timeoutMs` from now; 0 (no deadline) for 0 and `Infinity`. */
export function deadlineIn(timeoutMs: number): number {
  return timeoutMs === 0 || timeoutMs === Number.POSITIVE_INFINITY ? 0 : now() + timeoutMs;
}
