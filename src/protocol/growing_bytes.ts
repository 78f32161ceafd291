/**
 * Bytes that arrive in parts and are wanted in one piece: an append-only buffer. It is no queue:
 * nothing is taken from its front.
 *
 * Invariants: `length <= capacity <= max(4 MiB, 4 * length)`, so memory follows what came, never
 * what was announced; the work is linear in the bytes, however small the parts.
 */
export class GrowingBytes {
  #buffer: Buffer = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes so far are `[0, length)` of this. The next `append` may replace it. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /**
   * Appends a copy of a range of `source`; no more than `expected` bytes are to come altogether.
   */
  append(source: Buffer, start: number, end: number, expected: number): void {
    const length = this.#length + end - start;
    if (length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(expected, Math.max(MIN_CAPACITY, GROWTH * length)),
      );
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    source.copy(this.#buffer, this.#length, start, end);
    this.#length = length;
  }

  /** Forgets the bytes; keeps the memory, if it is little, or was used and is not too much. */
  clear(): void {
    const capacity = this.#buffer.length;
    const isInUse = capacity <= MAX_KEPT_BYTES && this.#length * GROWTH >= capacity;
    if (capacity > SMALL_BYTES && !isInUse) this.#buffer = EMPTY;
    this.#length = 0;
  }
}

const EMPTY = Buffer.alloc(0);
const MIN_CAPACITY = 1024;
const SMALL_BYTES = 256 * 1024;
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
/** Large, as each time everything is copied; what is too much is never written to. */
const GROWTH = 4;
