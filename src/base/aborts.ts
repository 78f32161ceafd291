/**
 * What an `AbortController` and its signal are, without their events: those took 13 of the 29
 * microseconds that a watch block costs besides input and output.
 */
export class Ending {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  /** Fires, unless it has. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  add(listener: () => void): void {
    this.#listeners.add(listener);
  }

  delete(listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

/** Fires once, with a reason. */
export type Signal = AbortSignal | Ending;

/** Who is told when one signal fires. */
class Listeners {
  readonly #all = new Set<() => void>();
  readonly #signal: AbortSignal;
  readonly #fire = (): void => {
    for (const listener of [...this.#all]) listener();
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: () => void): void {
    if (this.#all.size === 0) this.#signal.addEventListener("abort", this.#fire);
    this.#all.add(listener);
  }

  /** The last one takes the real listener with him: a signal with listeners may never be freed. */
  delete(listener: () => void): void {
    this.#all.delete(listener);
    if (this.#all.size === 0) this.#signal.removeEventListener("abort", this.#fire);
  }
}

const BY_SIGNAL = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls `listener` when `signal` fires. However many wait for one signal, it has one real listener:
 * Node warns of more than ten, and for each that is added it looks through all the others.
 *
 * @param listener a function of one's own: adding it twice counts once
 */
export function listenTo(signal: Signal | undefined, listener: () => void): void {
  if (signal === undefined) return;
  if (signal instanceof Ending) return signal.add(listener);
  let listeners = BY_SIGNAL.get(signal);
  if (listeners === undefined) {
    listeners = new Listeners(signal);
    BY_SIGNAL.set(signal, listeners);
  }
  listeners.add(listener);
}

/** Ends what {@link listenTo} began. */
export function endListening(signal: Signal | undefined, listener: () => void): void {
  if (signal instanceof Ending) signal.delete(listener);
  else if (signal !== undefined) BY_SIGNAL.get(signal)?.delete(listener);
}
