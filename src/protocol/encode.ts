/** Commands to bytes: RESP arrays of bulk strings, and nothing else. */
import type { Argument } from "./resp.ts";
import { writeText } from "./text.ts";
import { ARRAY, BULK, CR, LF } from "./wire.ts";

/** The size of a new buffer. */
const BUFFER_BYTES = 64 * 1024;
/** A larger buffer is not kept: the next batch is probably smaller. */
const MAX_KEPT_BYTES = 4 * BUFFER_BYTES;
/** Byte arguments of this length and more are not copied. */
export const PASS_THROUGH_BYTES = 16 * 1024;
/** Up to here text is written character by character: calling into native code costs more. */
const SHORT_TEXT = 32;
/** Room for a type byte, any length in decimal and CRLF; twice, as CRLF ends the argument too. */
const HEADER_BYTES = 24;
const MAX_SMALL_INTEGER = 999_999_999;

const EMPTY = Buffer.alloc(0);

/**
 * Appends commands to a growing output buffer, whose contents are then taken and written to a socket.
 * It validates nothing: arguments are checked where the caller passes them.
 *
 * | written by the receiver, or being so | encoded, not yet taken | free   |
 * 0                                   #start                   #end     #buffer.length
 *
 * Before that, in order, come `#pieces`. Invariants: `0 <= #start <= #end <= #buffer.length`; bytes
 * below `#start` are never written to until `recycle`; each command is appended as a whole or not.
 */
export class Encoder {
  #buffer: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  /** Bytes encoded and not yet taken. */
  get size(): number {
    return this.#pieceBytes + this.#end - this.#start;
  }

  /**
   * Appends one command. Byte arguments of {@link PASS_THROUGH_BYTES} and more are not copied: they
   * must stay as they are until written.
   */
  command(argv: readonly Argument[]): void {
    const buffer = this.#buffer;
    const start = this.#start;
    const end = this.#end;
    const pieces = this.#pieces.length;
    const pieceBytes = this.#pieceBytes;
    try {
      this.#reserve(HEADER_BYTES);
      this.#header(ARRAY, argv.length);
      for (let i = 0; i < argv.length; i++) this.#argument(argv[i] ?? "");
    } catch (error) {
      // No memory: what was encoded before this command is still intact, and stays valid.
      this.#buffer = buffer;
      this.#start = start;
      this.#end = end;
      this.#pieces.length = pieces;
      this.#pieceBytes = pieceBytes;
      throw error;
    }
  }

  /**
   * Takes what is encoded so far: buffers to be written in this order, usually one. They belong to the
   * receiver until `recycle`.
   */
  take(): Buffer[] {
    this.#cut();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pieceBytes = 0;
    return pieces;
  }

  /** Says that everything taken is in the kernel's hands: its memory may be used again. */
  recycle(): void {
    if (this.#start !== this.#end || this.#pieces.length > 0) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#buffer.length > MAX_KEPT_BYTES) this.#buffer = EMPTY;
  }

  #argument(value: Argument): void {
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#text(value.toString());
    else this.#bytes(value);
  }

  #text(text: string): void {
    const { length } = text;
    if (length > SHORT_TEXT) {
      this.#longText(text);
      return;
    }
    this.#reserve(length + HEADER_BYTES);
    const begin = this.#end;
    this.#header(BULK, length);
    const buffer = this.#buffer;
    let at = this.#end;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#end = begin;
        this.#longText(text);
        return;
      }
      buffer[at++] = code;
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.#end = at + 2;
  }

  #longText(text: string): void {
    const length = Buffer.byteLength(text);
    this.#reserve(length + HEADER_BYTES);
    this.#header(BULK, length);
    writeText(this.#buffer, text, this.#end, length);
    this.#end += length;
    this.#lineEnd();
  }

  #number(value: number): void {
    if (value >= 0 && value <= MAX_SMALL_INTEGER && Number.isInteger(value)) {
      this.#reserve(HEADER_BYTES);
      const digits = countDigits(value);
      this.#header(BULK, digits);
      writeDigits(this.#buffer, this.#end, digits, value);
      this.#end += digits;
      this.#lineEnd();
    } else if (value === Number.POSITIVE_INFINITY) this.#text("inf");
    else if (value === Number.NEGATIVE_INFINITY) this.#text("-inf");
    else this.#text(String(value));
  }

  #bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    const isPassed = length >= PASS_THROUGH_BYTES;
    this.#reserve(isPassed ? HEADER_BYTES : length + HEADER_BYTES);
    this.#header(BULK, length);
    if (isPassed) {
      this.#cut();
      this.#pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, length));
      this.#pieceBytes += length;
    } else {
      this.#buffer.set(bytes, this.#end);
      this.#end += length;
    }
    this.#lineEnd();
  }

  /** Writes a type byte, a length and CRLF; the room is reserved. */
  #header(kind: number, length: number): void {
    const buffer = this.#buffer;
    let at = this.#end;
    buffer[at++] = kind;
    if (length < 10) {
      buffer[at++] = 0x30 + length;
    } else {
      const digits = countDigits(length);
      writeDigits(buffer, at, digits, length);
      at += digits;
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.#end = at + 2;
  }

  #lineEnd(): void {
    const at = this.#end;
    this.#buffer[at] = CR;
    this.#buffer[at + 1] = LF;
    this.#end = at + 2;
  }

  /** Makes room, in a new buffer if need be; bytes already taken stay where they are. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const used = this.#end - this.#start;
    const grown = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, 2 * used + bytes));
    this.#buffer.copy(grown, 0, this.#start, this.#end);
    this.#buffer = grown;
    this.#start = 0;
    this.#end = used;
  }

  /** Ends the current piece of the output, if it holds anything. */
  #cut(): void {
    if (this.#start === this.#end) return;
    this.#pieces.push(this.#buffer.subarray(this.#start, this.#end));
    this.#pieceBytes += this.#end - this.#start;
    this.#start = this.#end;
  }
}

function countDigits(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
}

function writeDigits(buffer: Buffer, offset: number, digits: number, value: number): void {
  let rest = value;
  for (let at = offset + digits - 1; at >= offset; at--) {
    const quotient = Math.floor(rest / 10);
    buffer[at] = 0x30 + rest - quotient * 10;
    rest = quotient;
  }
}
