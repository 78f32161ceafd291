/**
 * The grammar of RESP's simple strings, numbers and booleans. Each function gets the range between
 * the type byte and CRLF, and throws a ProtocolError for everything that is not exactly in the
 * grammar.
 */
import { ProtocolError } from "../errors.ts";
import { byteAt, readAscii, readText } from "./text.ts";
import { CR, LF } from "./wire.ts";

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** A sign and the digits of the longest 64-bit integer. */
const MAX_INTEGER_BYTES = 20;
/** Any number of so many digits is exact as a double. */
const EXACT_DIGITS = 15;
/** Powers of ten, all exact as doubles. */
const POWERS: readonly number[] = Array.from({ length: EXACT_DIGITS }, (_, at) =>
  Number(`1e${at}`),
);

/** Whether `+OK` and CRLF stand at `at`: most of what writes are answered. */
export function isOk(buffer: Buffer, at: number, end: number): boolean {
  return (
    at + 4 < end &&
    byteAt(buffer, at + 1) === 0x4f &&
    byteAt(buffer, at + 2) === 0x4b &&
    byteAt(buffer, at + 3) === CR &&
    byteAt(buffer, at + 4) === LF
  );
}

/** `+` text; the one that fills transactions is not made anew each time. */
export function parseSimple(buffer: Buffer, start: number, end: number): string {
  return isQueued(buffer, start, end) ? "QUEUED" : readText(buffer, start, end);
}

function isQueued(buffer: Buffer, start: number, end: number): boolean {
  return (
    end - start === 6 &&
    byteAt(buffer, start) === 0x51 &&
    byteAt(buffer, start + 1) === 0x55 &&
    byteAt(buffer, start + 2) === 0x45 &&
    byteAt(buffer, start + 3) === 0x55 &&
    byteAt(buffer, start + 4) === 0x45 &&
    byteAt(buffer, start + 5) === 0x44
  );
}

/** `:` a signed 64-bit integer, as a `number` where that is exact. */
export function parseInteger(buffer: Buffer, start: number, end: number): number | bigint {
  const digits = afterSign(buffer, start, end);
  let value = 0;
  for (let i = digits; i < end; i++) {
    const digit = byteAt(buffer, i) - 0x30;
    if (digit < 0 || digit > 9) throw new ProtocolError("an integer reply holds something else");
    value = value * 10 + digit;
  }
  if (end === digits) throw new ProtocolError("an integer reply has no digits");
  if (end - digits > EXACT_DIGITS) return parseLongInteger(buffer, start, end);
  return byteAt(buffer, start) === MINUS ? 0 - value : value;
}

function parseLongInteger(buffer: Buffer, start: number, end: number): number | bigint {
  if (end - start > MAX_INTEGER_BYTES) throw new ProtocolError("an integer reply is too long");
  const value = BigInt(readAscii(buffer, start, end));
  if (value < MIN_INT64 || value > MAX_INT64) {
    throw new ProtocolError("an integer reply exceeds 64 bits");
  }
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

/** `(` an integer of any size. */
export function parseBigNumber(buffer: Buffer, start: number, end: number): bigint {
  const digits = afterSign(buffer, start, end);
  if (digits === end || afterDigits(buffer, digits, end) !== end) {
    throw new ProtocolError("a big number reply is no integer");
  }
  return BigInt(readAscii(buffer, start, end));
}

/** `,` a double: decimal with fraction and exponent, `inf`, `-inf` or `nan`. */
export function parseDouble(buffer: Buffer, start: number, end: number): number {
  const digits = afterSign(buffer, start, end);
  const short = shortDecimal(buffer, digits, end);
  if (short >= 0) return byteAt(buffer, start) === MINUS ? -short : short;
  if (end - digits === 3) {
    const word = readAscii(buffer, digits, end).toLowerCase();
    if (word === "nan") return Number.NaN;
    if (word === "inf") {
      return byteAt(buffer, start) === MINUS ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    }
  }
  if (!isDecimal(buffer, digits, end)) throw new ProtocolError("a double reply is no number");
  return Number(readAscii(buffer, start, end));
}

/**
 * `digits [. digits]` where the digits are few: then both they and the power of ten that divides
 * them are exact, and division rounds correctly. -1 for everything else.
 */
function shortDecimal(buffer: Buffer, start: number, end: number): number {
  if (start === end || end - start > EXACT_DIGITS) return -1;
  let value = 0;
  let point = end - 1;
  for (let at = start; at < end; at++) {
    const digit = byteAt(buffer, at) - 0x30;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === POINT - 0x30 && point === end - 1 && at > start && at < point) point = at;
    else return -1;
  }
  const fraction = end - 1 - point;
  return fraction === 0 ? value : value / (POWERS[fraction] ?? 1);
}

/** `#` either `t` or `f`. */
export function parseBoolean(buffer: Buffer, start: number, end: number): boolean {
  const letter = start + 1 === end ? byteAt(buffer, start) : 0;
  if (letter === 0x74) return true;
  if (letter === 0x66) return false;
  throw new ProtocolError("a boolean reply is neither t nor f");
}

/** `digits [. digits] [e [sign] digits]`, where one side of the point may be empty. */
function isDecimal(buffer: Buffer, start: number, end: number): boolean {
  const point = afterDigits(buffer, start, end);
  let digits = point - start;
  let at = point;
  if (at < end && byteAt(buffer, at) === POINT) {
    at = afterDigits(buffer, point + 1, end);
    digits += at - point - 1;
  }
  if (digits === 0) return false;
  if (at === end) return true;
  if ((byteAt(buffer, at) | 0x20) !== 0x65) return false;
  const exponent = afterSign(buffer, at + 1, end);
  return exponent < end && afterDigits(buffer, exponent, end) === end;
}

function afterSign(buffer: Buffer, start: number, end: number): number {
  if (start >= end) return start;
  const first = byteAt(buffer, start);
  return first === PLUS || first === MINUS ? start + 1 : start;
}

function afterDigits(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && byteAt(buffer, at) >= 0x30 && byteAt(buffer, at) <= 0x39) at++;
  return at;
}
