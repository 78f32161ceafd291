import { SeededRandom } from "../../src/testing/random.ts";

/**
 * Every decision of a run, in order. They come from a seed, or are given: then the same run happens
 * again, and a run that makes more decisions than are given takes 0, the most harmless one, for
 * each of them.
 */
export class Choices {
  readonly made: number[] = [];
  readonly #source: (at: number, end: number) => number;

  constructor(source: number | readonly number[]) {
    if (typeof source === "number") {
      const random = new SeededRandom(source);
      this.#source = (_, end) => random.below(end);
    } else {
      this.#source = (at, end) => Math.min(source[at] ?? 0, end - 1);
    }
  }

  /** A whole number from 0 to `end - 1`. */
  below(end: number): number {
    const choice = this.#source(this.made.length, end);
    this.made.push(choice);
    return choice;
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.below(1_000) >= 1_000 - probability * 1_000;
  }

  /** From 0 to below 1. */
  fraction(): number {
    return this.below(1_000) / 1_000;
  }

  /** One of `items`, which are not none. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** Any of `items`; `undefined` if there are none. */
  any<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.below(items.length)];
  }
}
