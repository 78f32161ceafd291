/** Where commands and replies begin and end in a stream of bytes. */
import type { Ring } from "../base/ring.ts";
import * as wire from "../protocol/wire.ts";
import type { Direction } from "./faults.ts";

/**
 * A boundary of a command or reply: `offset` is that of its first byte in the chunk, or behind its
 * last one.
 */
export interface Boundary {
  readonly type: "start" | "end";
  readonly offset: number;
  /** The command's name in upper case, a reply's too; `""` if it cannot be told. */
  readonly name: string;
}

/** What a scanner has seen in a chunk. */
export interface Scanned {
  readonly boundaries: readonly Boundary[];
  /** Where a command begins whose name has not arrived yet: to be scanned again, with more. */
  readonly end: number;
}

// Constants of this module: looking into another one for each byte takes most of the time.
const { ARRAY, CR, LF, PUSH } = wire;
/** So far the name of a command is looked for. */
const MAX_HEADER = 128;
/** What follows a line with a length. An attribute is no value of its own. */
const SHAPES: ReadonlyMap<number, "bytes" | "items" | "pairs" | "attribute"> = new Map([
  [wire.BULK, "bytes"],
  [wire.BLOB_ERROR, "bytes"],
  [wire.VERBATIM, "bytes"],
  [ARRAY, "items"],
  [wire.SET, "items"],
  [PUSH, "items"],
  [wire.MAP, "pairs"],
  [wire.ATTRIBUTE, "attribute"],
]);
const MINUS = 0x2d;
const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Follows a conversation in RESP2 or RESP3 in one direction. It skims: what is in a value is
 * skipped, and behind a length that is none (streamed values have such) it sees nothing any more.
 * Pushes are passed over.
 *
 * | `#values` | `#skip` | the next byte is                                                        |
 * | --------- | ------- | ----------------------------------------------------------------------- |
 * | 0         | 0       | the first one of a frame                                                |
 * | > 0       | 0       | the first one of a value, or, if `#line` is not 0, in its line          |
 * | > 0       | > 0     | in a bulk string                                                        |
 */
export class FrameScanner {
  readonly #isForCommands: boolean;
  /** The names of the commands that are owed replies, which come in the same order. */
  readonly #owed: Ring<string>;
  #isPush = false;
  #name = "";
  /** How many values the open frame still lacks. */
  #values = 0;
  #skip = 0;
  /** The byte that began the line. */
  #line = 0;
  #isNegative = false;
  #length = 0;
  #isLost = false;

  constructor(direction: Direction, owed: Ring<string>) {
    this.#isForCommands = direction === "toServer";
    this.#owed = owed;
  }

  /** @param isWatched whether the boundaries are asked for; else it only keeps its place */
  scan(chunk: Buffer, isWatched: boolean): Scanned {
    const boundaries: Boundary[] = [];
    let at = 0;
    while (at < chunk.length && !this.#isLost) {
      if (this.#values === 0) {
        if (!this.#begin(chunk, at)) return { boundaries, end: at };
        if (isWatched && !this.#isPush) {
          boundaries.push({ type: "start", offset: at, name: this.#name });
        }
      }
      at = this.#skip > 0 ? this.#skipBytes(chunk, at) : this.#readLine(chunk, at);
      if (this.#values > 0 || this.#isPush) continue;
      if (isWatched) boundaries.push({ type: "end", offset: at, name: this.#name });
      if (!this.#isForCommands) this.#owed.shift();
    }
    return { boundaries, end: chunk.length };
  }

  /** Begins a frame; `false` if the command's name is not there yet. */
  #begin(chunk: Buffer, at: number): boolean {
    if (this.#isForCommands) {
      const name = commandName(chunk, at, this.#name);
      if (name === undefined) return false;
      this.#name = name;
      this.#owed.push(name);
    } else {
      this.#isPush = (chunk[at] ?? 0) === PUSH;
      this.#name = this.#owed.peek() ?? "";
    }
    this.#values = 1;
    return true;
  }

  #skipBytes(chunk: Buffer, at: number): number {
    const length = Math.min(this.#skip, chunk.length - at);
    this.#skip -= length;
    if (this.#skip === 0) this.#values -= 1;
    return at + length;
  }

  #readLine(chunk: Buffer, start: number): number {
    let at = start;
    if (this.#line === 0) {
      this.#line = chunk[at] ?? 0;
      this.#length = 0;
      this.#isNegative = false;
      at += 1;
    }
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === LF) {
        this.#take(this.#line, this.#isNegative ? -1 : this.#length);
        this.#line = 0;
        return at + 1;
      }
      if (byte === MINUS) this.#isNegative = true;
      else if (byte !== CR) this.#length = this.#length * 10 + digit(byte);
    }
    return at;
  }

  /** Takes the line that begins a value; `length`: the number in it. */
  #take(kind: number, length: number): void {
    const shape = SHAPES.get(kind);
    if (shape !== undefined && Number.isNaN(length)) this.#isLost = true;
    else if (shape === "bytes" && length >= 0) this.#skip = length + 2;
    else if (shape === "items") this.#values += Math.max(length, 0) - 1;
    else if (shape === "pairs") this.#values += 2 * length - 1;
    else if (shape === "attribute") this.#values += 2 * length;
    else this.#values -= 1;
  }
}

function digit(byte: number): number {
  return byte >= ZERO && byte < ZERO + 10 ? byte - ZERO : Number.NaN;
}

/**
 * The name of the command at `start`; `undefined` if that is still to come.
 *
 * @param last the name before: mostly it is the same one, and costs no new string
 */
function commandName(chunk: Buffer, start: number, last: string): string | undefined {
  const limit = Math.min(start + MAX_HEADER, chunk.length);
  const whatIsMissing = chunk.length - start < MAX_HEADER ? undefined : "";
  let at = start;
  // What people type has no lengths: the line begins with the name.
  if ((chunk[at] ?? 0) === ARRAY) {
    for (let lines = 2; lines > 0; at += 1) {
      if (at === limit) return whatIsMissing;
      if ((chunk[at] ?? 0) === LF) lines -= 1;
    }
  }
  const atName = at;
  let isLast = true;
  for (; at < limit; at += 1) {
    const byte = chunk[at] ?? 0;
    if (byte <= SPACE) break;
    isLast &&= byte === last.charCodeAt(at - atName);
  }
  if (at === limit) return whatIsMissing;
  if (isLast && at - atName === last.length) return last;
  return chunk.toString("latin1", atName, at).toUpperCase();
}
