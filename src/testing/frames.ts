/** Where commands and replies begin and end in a stream of bytes. */
import {
  ARRAY,
  ATTRIBUTE,
  BLOB_ERROR,
  BULK,
  LF,
  MAP,
  PUSH,
  SET,
  VERBATIM,
} from "../protocol/wire.ts";
import type { Direction } from "./faults.ts";

/** A boundary in a chunk: `offset` is that of the frame's first byte, or behind its last one. */
export interface Boundary {
  readonly type: "start" | "end";
  readonly offset: number;
  /** The frame's first byte. */
  readonly kind: number;
  /** At the start of a command: its name in upper case, `""` if it cannot be told. */
  readonly name: string;
}

/** What a scanner has seen in a chunk. */
export interface Scanned {
  readonly boundaries: readonly Boundary[];
  /** Where a command begins whose name has not arrived yet: to be scanned again, with more. */
  readonly end: number;
}

/** A longer line is no length, and a longer header no command's. */
const MAX_LINE = 64;
const WITH_BYTES = new Set([BULK, BLOB_ERROR, VERBATIM]);
const WITH_ITEMS = new Set([ARRAY, SET, PUSH]);
const WITH_PAIRS = new Set([MAP, ATTRIBUTE]);

/**
 * Follows a conversation in RESP2 or RESP3 in one direction. It skims: what is in a value is
 * skipped, and behind a length that is none (streamed values have such) it sees nothing any more.
 *
 * | `#values` | `#skip` | the next byte is                                                 |
 * | --------- | ------- | ---------------------------------------------------------------- |
 * | 0         | 0       | the first one of a frame                                         |
 * | > 0       | 0       | in the line that begins a value; `#line` is what there is of it  |
 * | > 0       | > 0     | in a bulk string                                                 |
 */
export class FrameScanner {
  readonly #isForCommands: boolean;
  /** How many values the open frame still lacks. */
  #values = 0;
  #skip = 0;
  #line = "";
  #isLost = false;
  #kind = 0;

  constructor(direction: Direction) {
    this.#isForCommands = direction === "toServer";
  }

  scan(chunk: Buffer): Scanned {
    const boundaries: Boundary[] = [];
    let at = 0;
    while (at < chunk.length && !this.#isLost) {
      if (this.#values === 0) {
        const name = this.#isForCommands ? commandName(chunk, at) : "";
        if (name === undefined) return { boundaries, end: at };
        this.#kind = chunk[at] ?? 0;
        this.#values = 1;
        boundaries.push({ type: "start", offset: at, kind: this.#kind, name });
      }
      at = this.#skip > 0 ? this.#skipBytes(chunk, at) : this.#readLine(chunk, at);
      if (this.#values > 0) continue;
      boundaries.push({ type: "end", offset: at, kind: this.#kind, name: "" });
    }
    return { boundaries, end: chunk.length };
  }

  #skipBytes(chunk: Buffer, at: number): number {
    const length = Math.min(this.#skip, chunk.length - at);
    this.#skip -= length;
    if (this.#skip === 0) this.#values -= 1;
    return at + length;
  }

  #readLine(chunk: Buffer, at: number): number {
    const feed = chunk.indexOf(LF, at);
    const end = feed < 0 ? chunk.length : feed + 1;
    this.#line += chunk.toString("latin1", at, Math.min(end, at + MAX_LINE - this.#line.length));
    if (feed < 0) return end;
    this.#take(this.#line);
    this.#line = "";
    return end;
  }

  #take(line: string): void {
    const kind = line.charCodeAt(0);
    const hasLength = WITH_BYTES.has(kind) || WITH_ITEMS.has(kind) || WITH_PAIRS.has(kind);
    const length = hasLength ? Number(line.slice(1)) : 0;
    if (!Number.isSafeInteger(length)) this.#isLost = true;
    else if (WITH_BYTES.has(kind) && length >= 0) this.#skip = length + 2;
    else if (WITH_ITEMS.has(kind)) this.#values += Math.max(length, 0) - 1;
    // An attribute is no value of its own.
    else if (WITH_PAIRS.has(kind)) this.#values += 2 * length - (kind === MAP ? 1 : 0);
    else this.#values -= 1;
  }
}

/** The name of the command at `at`; `undefined` if that is still to come. */
function commandName(chunk: Buffer, at: number): string | undefined {
  const text = chunk.toString("latin1", at, at + 2 * MAX_LINE);
  if (chunk[at] !== ARRAY) return /^\w*/.exec(text)?.[0].toUpperCase();
  const [header, length] = /^\*\d+\r\n\$(\d+)\r\n/.exec(text) ?? [];
  const name = header && text.slice(header.length, header.length + Number(length));
  const isThere = name !== undefined && name.length === Number(length);
  return isThere || text.length >= MAX_LINE ? (name ?? "").toUpperCase() : undefined;
}
