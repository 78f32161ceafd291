/** Commands to bytes: RESP arrays of bulk strings, and nothing else. */
import type { Argument } from "./resp.ts";
import { writeAscii, writeUtf8 } from "./text.ts";
import * as wire from "./wire.ts";

/** As constants of this file V8 compiles them in; imported ones it would load at each use. */
const { ARRAY, BULK, CR, LF } = wire;

/** The size of a new buffer. */
const BUFFER_BYTES = 64 * 1024;
/** A larger buffer is kept as long as it is used: new memory costs more than writing to it. */
const SMALL_BYTES = 4 * BUFFER_BYTES;
const MAX_KEPT_BYTES = 64 * BUFFER_BYTES;
/** A large buffer of which less than this part was used is given up. */
const LEAST_USE = 1 / 4;
/** Byte arguments of this length and more are not copied. */
export const PASS_THROUGH_BYTES: number = 16 * 1024;
/** Up to here text is written character by character: calling into native code costs more. */
const SHORT_TEXT = 32;
const LONGEST_CHARACTER = 4;
/**
 * Text of this length is measured first: it mostly turns out to be ASCII, which is written much
 * faster. Shorter text does not repay the call, nor does longer text, read from memory twice.
 */
const MIN_MEASURED_TEXT = 1024;
const MAX_MEASURED_TEXT = 128 * 1024;
/** Room for a type byte, any length in decimal and CRLF; twice, as CRLF ends the argument too. */
const HEADER_BYTES = 24;
const MAX_SMALL_INTEGER = 999_999_999;

/** In place of a position: nothing was written. */
const UNFIT = -1;

const EMPTY = Buffer.alloc(0);

/**
 * Appends commands to a growing output buffer, whose contents are then taken and written to a
 * socket. It validates nothing: arguments are checked where the caller passes them.
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
    const { length } = argv;
    this.#end = this.#reserve(this.#end, HEADER_BYTES);
    const buffer = this.#buffer;
    let at = writeHeader(buffer, this.#end, ARRAY, length);
    for (let i = 0; i < length; i++) {
      const after = writeShortText(buffer, at, argv[i]);
      if (after === UNFIT) return this.#rest(argv, i, at);
      at = after;
    }
    this.#end = at;
  }

  /** The arguments from the first one on that is not short text. */
  #rest(argv: readonly Argument[], first: number, from: number): void {
    const buffer = this.#buffer;
    const start = this.#start;
    const end = this.#end;
    const pieces = this.#pieces.length;
    const pieceBytes = this.#pieceBytes;
    try {
      let at = from;
      for (let i = first; i < argv.length; i++) at = this.#argument(at, argv[i] ?? "");
      this.#end = at;
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
   * Takes what is encoded so far: buffers to be written in this order, usually one. They belong to
   * the receiver until `recycle`.
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
    const { length } = this.#buffer;
    const isInUse = length <= MAX_KEPT_BYTES && this.#end >= length * LEAST_USE;
    if (length > SMALL_BYTES && !isInUse) this.#buffer = EMPTY;
    this.#start = 0;
    this.#end = 0;
  }

  #text(from: number, text: string): number {
    const isMeasured = text.length >= MIN_MEASURED_TEXT && text.length <= MAX_MEASURED_TEXT;
    return isMeasured ? this.#measuredText(from, text) : this.#guessedText(from, text);
  }

  /**
   * Writes first and measures afterwards. For short text there is room for the longest UTF-8, which
   * has three bytes per code unit.
   */
  #guessedText(from: number, text: string): number {
    const { length } = text;
    const room = (length < MIN_MEASURED_TEXT ? 3 * length : length) + LONGEST_CHARACTER;
    const begin = this.#reserve(from, room + HEADER_BYTES);
    const buffer = this.#buffer;
    const guess = begin + 3 + countDigits(length);
    const written = writeUtf8(buffer, text, guess, room);
    // Where less than one character's room is left, the rest of the text may be missing.
    if (written > room - LONGEST_CHARACTER) return this.#measuredText(begin, text);
    const at = begin + 3 + countDigits(written);
    if (at !== guess) buffer.copyWithin(at, guess, guess + written);
    writeHeader(buffer, begin, BULK, written);
    return writeLineEnd(buffer, at + written);
  }

  #measuredText(from: number, text: string): number {
    const length = Buffer.byteLength(text);
    const begin = this.#reserve(from, length + HEADER_BYTES);
    const at = writeHeader(this.#buffer, begin, BULK, length);
    if (length === text.length) writeAscii(this.#buffer, text, at);
    else writeUtf8(this.#buffer, text, at, length);
    return writeLineEnd(this.#buffer, at + length);
  }

  #argument(at: number, value: Argument): number {
    const after = writeShortText(this.#buffer, at, value);
    if (after !== UNFIT) return after;
    if (typeof value === "string") return this.#text(at, value);
    if (typeof value === "number") return this.#number(at, value);
    if (typeof value === "bigint") return this.#text(at, value.toString());
    return this.#bytes(at, value);
  }

  #number(from: number, value: number): number {
    if (value >= 0 && value <= MAX_SMALL_INTEGER && Number.isInteger(value)) {
      const begin = this.#reserve(from, HEADER_BYTES);
      const digits = countDigits(value);
      const at = writeHeader(this.#buffer, begin, BULK, digits);
      return writeLineEnd(this.#buffer, writeDigits(this.#buffer, at, digits, value));
    }
    if (value === Number.POSITIVE_INFINITY) return this.#text(from, "inf");
    if (value === Number.NEGATIVE_INFINITY) return this.#text(from, "-inf");
    return this.#text(from, String(value));
  }

  #bytes(from: number, bytes: Uint8Array): number {
    const { length } = bytes;
    const isPassed = length >= PASS_THROUGH_BYTES;
    const begin = this.#reserve(from, isPassed ? HEADER_BYTES : length + HEADER_BYTES);
    const at = writeHeader(this.#buffer, begin, BULK, length);
    if (!isPassed) {
      this.#buffer.set(bytes, at);
      return writeLineEnd(this.#buffer, at + length);
    }
    this.#end = at;
    this.#cut();
    this.#pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, length));
    this.#pieceBytes += length;
    return writeLineEnd(this.#buffer, at);
  }

  /**
   * Makes room for `bytes` after `at`, which is then at the returned place: in another buffer, if
   * need be. Bytes already taken stay where they are.
   */
  #reserve(at: number, bytes: number): number {
    return at + bytes <= this.#buffer.length ? at : this.#grow(at, bytes);
  }

  #grow(at: number, bytes: number): number {
    const used = at - this.#start;
    const grown = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, 2 * used + bytes));
    this.#buffer.copy(grown, 0, this.#start, at);
    this.#buffer = grown;
    this.#start = 0;
    return used;
  }

  /** Ends the current piece of the output, if it holds anything. */
  #cut(): void {
    if (this.#start === this.#end) return;
    this.#pieces.push(this.#buffer.subarray(this.#start, this.#end));
    this.#pieceBytes += this.#end - this.#start;
    this.#start = this.#end;
  }
}

/** Writes short ASCII text as an argument, if there is room without looking closely. */
function writeShortText(buffer: Buffer, offset: number, text: Argument | undefined): number {
  if (typeof text !== "string") return UNFIT;
  const { length } = text;
  if (length > SHORT_TEXT || offset + SHORT_TEXT + HEADER_BYTES > buffer.length) return UNFIT;
  const at = writeHeader(buffer, offset, BULK, length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return UNFIT;
    buffer[at + i] = code;
  }
  return writeLineEnd(buffer, at + length);
}

/** Writes a type byte, a length and CRLF; like the others, returns the place after it. */
function writeHeader(buffer: Buffer, offset: number, kind: number, length: number): number {
  buffer[offset] = kind;
  if (length < 10) {
    buffer[offset + 1] = 0x30 + length;
    return writeLineEnd(buffer, offset + 2);
  }
  if (length < 100) {
    const tens = (length / 10) | 0;
    buffer[offset + 1] = 0x30 + tens;
    buffer[offset + 2] = 0x30 + length - 10 * tens;
    return writeLineEnd(buffer, offset + 3);
  }
  return writeLineEnd(buffer, writeDigits(buffer, offset + 1, countDigits(length), length));
}

function writeLineEnd(buffer: Buffer, offset: number): number {
  buffer[offset] = CR;
  buffer[offset + 1] = LF;
  return offset + 2;
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

function writeDigits(buffer: Buffer, offset: number, digits: number, value: number): number {
  let rest = value;
  for (let at = offset + digits - 1; at >= offset; at--) {
    const quotient = Math.floor(rest / 10);
    buffer[at] = 0x30 + rest - quotient * 10;
    rest = quotient;
  }
  return offset + digits;
}
