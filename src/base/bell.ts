import { type Deferred, deferred } from "./deferred.ts";

/** Something to wait for that happens again and again. */
export class Bell {
  #next: Deferred<void> | undefined;

  /** Resolves when it rings for the next time. */
  rings(): Promise<void> {
    this.#next ??= deferred<void>();
    return this.#next.promise;
  }

  /** Wakes all who wait. */
  ring(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
