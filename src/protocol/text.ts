/**
 * Bytes to text and back, by whichever way is fastest for the length. All functions take a range of
 * a buffer, never a view of it, and nothing they return keeps the buffer alive.
 */
import { constants, isAscii } from "node:buffer";
import { ProtocolError } from "../errors.ts";

/** Node's own conversions, without the dispatch on the encoding's name that `toString` does. */
type Slice = (this: Buffer, start: number, end: number) => string;
type Write = (this: Buffer, text: string, offset: number, length: number) => number;

const utf8Slice: Slice =
  (Reflect.get(Buffer.prototype, "utf8Slice") as Slice | undefined) ??
  function (this: Buffer, start: number, end: number): string {
    return this.toString("utf8", start, end);
  };

const latin1Slice: Slice =
  (Reflect.get(Buffer.prototype, "latin1Slice") as Slice | undefined) ??
  function (this: Buffer, start: number, end: number): string {
    return this.toString("latin1", start, end);
  };

const latin1Write: Write =
  (Reflect.get(Buffer.prototype, "latin1Write") as Write | undefined) ??
  function (this: Buffer, text: string, offset: number, length: number): number {
    return this.write(text, offset, length, "latin1");
  };

const utf8Write: Write =
  (Reflect.get(Buffer.prototype, "utf8Write") as Write | undefined) ??
  function (this: Buffer, text: string, offset: number, length: number): number {
    return this.write(text, offset, length, "utf8");
  };

/** Up to here a string is made from its character codes: calling into native code costs more. */
const SHORT_TEXT = 16;
/** From here testing for ASCII first pays, as copying bytes is much cheaper than decoding UTF-8. */
const LONG_TEXT = 4096;

const fromCharCode: (...codes: number[]) => string = String.fromCharCode;

/** The byte at `index`, which the caller knows to lie inside of `buffer`. */
export function byteAt(buffer: Uint8Array, index: number): number {
  return buffer[index] as number;
}

/** Decodes UTF-8; every invalid sequence becomes U+FFFD. */
export function readText(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length <= SHORT_TEXT) {
    const text = length <= 8 ? ascii8(buffer, start, length) : ascii16(buffer, start, length);
    if (text !== undefined) return text;
  } else if (length >= LONG_TEXT) {
    if (length > constants.MAX_STRING_LENGTH) {
      throw new ProtocolError(`${length} bytes are too long for a string: read them as bytes`);
    }
    if (isAscii(buffer.subarray(start, end))) return latin1Slice.call(buffer, start, end);
  }
  return utf8Slice.call(buffer, start, end);
}

/** Reads bytes that are known to be ASCII. */
export function readAscii(buffer: Buffer, start: number, end: number): string {
  return latin1Slice.call(buffer, start, end);
}

/** Writes text that is known to be ASCII where there is room for it. */
export function writeAscii(buffer: Buffer, text: string, offset: number): void {
  latin1Write.call(buffer, text, offset, text.length);
}

/** Writes text as UTF-8, as many whole characters as fit `room` bytes, and returns their bytes. */
export function writeUtf8(buffer: Buffer, text: string, offset: number, room: number): number {
  return utf8Write.call(buffer, text, offset, room);
}

/**
 * Text of up to 8 bytes if they, and the bytes that happen to follow, are ASCII. Every length has
 * its own call, as spreading an array of codes costs more than `utf8Slice`.
 */
function ascii8(bytes: Buffer, start: number, length: number): string | undefined {
  if (length === 0) return "";
  if (start + 8 > bytes.length) return undefined;
  const a = byteAt(bytes, start);
  const b = byteAt(bytes, start + 1);
  const c = byteAt(bytes, start + 2);
  const d = byteAt(bytes, start + 3);
  const e = byteAt(bytes, start + 4);
  const f = byteAt(bytes, start + 5);
  const g = byteAt(bytes, start + 6);
  const h = byteAt(bytes, start + 7);
  if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
  switch (length) {
    case 1:
      return fromCharCode(a);
    case 2:
      return fromCharCode(a, b);
    case 3:
      return fromCharCode(a, b, c);
    case 4:
      return fromCharCode(a, b, c, d);
    case 5:
      return fromCharCode(a, b, c, d, e);
    case 6:
      return fromCharCode(a, b, c, d, e, f);
    case 7:
      return fromCharCode(a, b, c, d, e, f, g);
    default:
      return fromCharCode(a, b, c, d, e, f, g, h);
  }
}

/** The same for 9 to 16 bytes. */
function ascii16(bytes: Buffer, start: number, length: number): string | undefined {
  if (start + 16 > bytes.length) return undefined;
  const a = byteAt(bytes, start);
  const b = byteAt(bytes, start + 1);
  const c = byteAt(bytes, start + 2);
  const d = byteAt(bytes, start + 3);
  const e = byteAt(bytes, start + 4);
  const f = byteAt(bytes, start + 5);
  const g = byteAt(bytes, start + 6);
  const h = byteAt(bytes, start + 7);
  const i = byteAt(bytes, start + 8);
  const j = byteAt(bytes, start + 9);
  const k = byteAt(bytes, start + 10);
  const l = byteAt(bytes, start + 11);
  const m = byteAt(bytes, start + 12);
  const n = byteAt(bytes, start + 13);
  const o = byteAt(bytes, start + 14);
  const p = byteAt(bytes, start + 15);
  const bits = a | b | c | d | e | f | g | h | i | j | k | l | m | n | o | p;
  if (bits > 0x7f) return undefined;
  switch (length) {
    case 9:
      return fromCharCode(a, b, c, d, e, f, g, h, i);
    case 10:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j);
    case 11:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k);
    case 12:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l);
    case 13:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m);
    case 14:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
    case 15:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
    default:
      return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  }
}
