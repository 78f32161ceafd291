/** The whole numbers below `count`. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Numbers from 0, counted as they are pulled; without a count they never end. */
export class CountingSource implements Iterable<number> {
  /** How many were pulled so far. */
  pulled = 0;
  end: "used up" | "closed" | undefined;
  readonly #count: number;

  constructor(count: number = Number.POSITIVE_INFINITY) {
    this.#count = count;
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    let end: "used up" | "closed" = "closed";
    try {
      while (this.pulled < this.#count) {
        this.pulled += 1;
        yield this.pulled - 1;
      }
      end = "used up";
    } finally {
      this.end = end;
    }
  }

  /** The same, one turn of the event loop after the other. */
  async *slowly(): AsyncGenerator<number, void, undefined> {
    for (const item of this) {
      await new Promise(setImmediate);
      yield item;
    }
  }
}

/** A source that has only what it is given, until it is closed. */
export class Inbox<T> implements AsyncIterableIterator<T> {
  isClosed = false;
  readonly #items: T[] = [];
  #deliver: ((step: IteratorResult<T, undefined>) => void) | undefined;

  push(item: T): void {
    if (this.#deliver === undefined) this.#items.push(item);
    else this.#deliver({ done: false, value: item });
    this.#deliver = undefined;
  }

  /** Whether somebody waits for an item. */
  get isAwaited(): boolean {
    return this.#deliver !== undefined;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    return new Promise((resolve) => {
      this.#deliver = resolve;
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.isClosed = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** All results of a stream. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const results: T[] = [];
  for await (const result of stream) results.push(result);
  return results;
}
