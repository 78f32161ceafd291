const INITIAL_CAPACITY = 16;
/** A ring that has grown beyond this gives its memory back when it runs empty. */
const KEPT_CAPACITY = 4_096;

/**
 * A first-in, first-out queue in one array that grows by doubling. Not bounded: whoever fills it
 * sets the limit.
 *
 * Invariant: the items are at `head, head + 1, … head + size - 1` (modulo capacity), the capacity
 * is a power of two, and every other place is `undefined`.
 */
export class Ring<T> {
  #items: (T | undefined)[] = new Array<T | undefined>(INITIAL_CAPACITY);
  #mask = INITIAL_CAPACITY - 1;
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size > this.#mask) this.#grow();
    this.#items[(this.#head + this.#size) & this.#mask] = item;
    this.#size += 1;
  }

  /** The oldest item, which stays; `undefined` if there is none. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the oldest item out; `undefined` if there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    if (this.#size === 0 && this.#mask >= KEPT_CAPACITY) this.#reset();
    return item;
  }

  /** Takes everything out, oldest first. */
  drain(): T[] {
    const items = [...this];
    this.#reset();
    return items;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let offset = 0; offset < this.#size; offset += 1) {
      const item = this.#items[(this.#head + offset) & this.#mask];
      if (item !== undefined) yield item;
    }
  }

  #reset(): void {
    this.#items = new Array<T | undefined>(INITIAL_CAPACITY);
    this.#mask = INITIAL_CAPACITY - 1;
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const items = this.#items;
    const capacity = items.length;
    const grown = new Array<T | undefined>(capacity * 2);
    for (let offset = 0; offset < this.#size; offset += 1) {
      grown[offset] = items[(this.#head + offset) & this.#mask];
    }
    this.#items = grown;
    this.#mask = capacity * 2 - 1;
    this.#head = 0;
  }
}
