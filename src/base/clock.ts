import { endListening, listenTo } from "./aborts.ts";

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
