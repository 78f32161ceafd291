/** A Node `Buffer` as it is: `@types/node` does not tell of this method. */
interface Latin1 {
  latin1Slice(start: number, end: number): string;
}

interface Frame {
  readonly items: unknown[];
  readonly size: number;
}

const CR = 13;

/**
 * The least that can be called a parser of RESP2: right for well-formed replies of ASCII text, and
 * nothing more. It is here as a limit for the other clients, not as an example. An array that is
 * not complete is kept, so that the cost of a large one does not depend on how it was cut.
 */
export class MinimalParser {
  /** Complete replies since the last `take`. */
  #replies: unknown[] = [];
  /** Bulk strings as `Buffer`s. */
  areBytes = false;
  readonly #open: Frame[] = [];
  #rest: Buffer | undefined;

  get count(): number {
    return this.#replies.length;
  }

  take(): unknown[] {
    const replies = this.#replies;
    this.#replies = [];
    return replies;
  }

  push(chunk: Buffer): void {
    const data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const next = this.#readOne(data, at);
      if (next < 0) break;
      at = next;
    }
    this.#rest = at === data.length ? undefined : data.subarray(at);
  }

  /** Reads a scalar or an array's head; returns where it ends, or -1 if it is not all there. */
  #readOne(data: Buffer & Partial<Latin1>, start: number): number {
    let end = start + 1;
    const { length } = data;
    while (end < length && data[end] !== CR) end += 1;
    if (end + 1 >= length) return -1;
    switch (data[start]) {
      case 0x24: {
        const size = toNumber(data, start + 1, end);
        if (size < 0) return this.#add(null, end + 2);
        const from = end + 2;
        const to = from + size;
        if (to + 2 > length) return -1;
        return this.#add(this.#bulk(data, from, to), to + 2);
      }
      case 0x2a: {
        const size = toNumber(data, start + 1, end);
        if (size <= 0) return this.#add(size < 0 ? null : [], end + 2);
        this.#open.push({ items: [], size });
        return end + 2;
      }
      case 0x3a:
        return this.#add(toNumber(data, start + 1, end), end + 2);
      case 0x2d:
        throw new Error(data.toString("latin1", start, end));
      default:
        return this.#add(data.toString("latin1", start + 1, end), end + 2);
    }
  }

  #bulk(data: Buffer & Partial<Latin1>, from: number, to: number): unknown {
    if (this.areBytes) return data.subarray(from, to);
    return data.latin1Slice?.(from, to) ?? data.toString("latin1", from, to);
  }

  #add(value: unknown, end: number): number {
    let complete = value;
    for (;;) {
      const frame = this.#open.at(-1);
      if (frame === undefined) break;
      frame.items.push(complete);
      if (frame.items.length < frame.size) return end;
      complete = frame.items;
      this.#open.pop();
    }
    this.#replies.push(complete);
    return end;
  }
}

function toNumber(data: Buffer, start: number, end: number): number {
  const isNegative = data[start] === 0x2d;
  let result = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at += 1) {
    result = result * 10 + (data[at] ?? 0) - 48;
  }
  return isNegative ? -result : result;
}
