import { endListening, listenTo, type Signal } from "./aborts.ts";
import { now } from "./clock.ts";

/** Ends of a wait other than the awaited promise's own. */
export interface WaitLimits {
  /** On the clock of `clock.ts`; 0: none. */
  readonly deadline: number;
  readonly signal?: Signal | undefined;
  /** The error for a deadline that passed. */
  readonly onTimeout: () => Error;
  /** The error for a signal that fired. */
  readonly onAbort: (reason: unknown) => Error;
}

/** Waits for `promise`, but no longer than the limits allow. Costs nothing where there are none. */
export async function within<T>(promise: Promise<T>, limits: WaitLimits): Promise<T> {
  const { deadline, signal } = limits;
  if (deadline === 0 && signal === undefined) return promise;
  let cleanUp = (): void => {};
  const limit = new Promise<never>((_, reject) => {
    const abort = (): void => reject(limits.onAbort(signal?.reason));
    const expire = (): void => reject(limits.onTimeout());
    const timer =
      deadline === 0 ? undefined : setTimeout(expire, Math.max(0, Math.ceil(deadline - now())));
    listenTo(signal, abort);
    if (signal?.aborted === true) abort();
    cleanUp = () => {
      clearTimeout(timer);
      endListening(signal, abort);
    };
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    cleanUp();
  }
}
