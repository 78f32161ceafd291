/**
 * Listeners of typed events. An event without a listener is nothing special, also `"error"`; what a
 * listener throws is reported as an uncaught exception of the listener, and harms nobody else.
 */
export class Events<E extends Record<keyof E, readonly unknown[]>> {
  readonly #listeners = new Map<keyof E, Set<(...payload: never) => void>>();

  /** Calls `listener` at every event `name`; the returned function ends that. */
  on<N extends keyof E>(name: N, listener: (...payload: E[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<N extends keyof E>(name: N, ...payload: E[N]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (...payload: E[N]) => void)(...payload);
      } catch (error) {
        // Thrown where Node reports it, outside of the connection that happened to emit.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
