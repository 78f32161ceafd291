import { type Deferred, deferred } from "./deferred.ts";

/** Something to wait for that happens again and again. */
export class Bell {
  #next: Deferred<void> | undefined;

  /** Resolves when it rings for the next time. */
  rings(): Promise<void> {
    this.#next ??= deferred<void>();
    return this.#next.promise;
  }

  /** Waits until `isOver()` holds, which is asked at every ring, or until `timeoutMs` are over. */
  async until(isOver: () => boolean, timeoutMs: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.ring();
    }, timeoutMs);
    const mayEnd = (): boolean => isLate || isOver();
    while (!mayEnd()) await this.rings();
    clearTimeout(timer);
  }

  /** Wakes all who wait. */
  ring(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
