/** The lengths of strings and aggregates: lines of a type byte, a number and CRLF. */
import { ProtocolError } from "../errors.ts";
import { byteAt } from "./text.ts";
import * as wire from "./wire.ts";

/** As constants of this file V8 compiles them in; imported ones it would load at each use. */
const { CR, LF } = wire;

/** What stands in place of a length: nil. */
export const NULL_LENGTH = -1;
/** In place of a length: the end will be told. */
export const STREAMED = -2;
/** What `shortLength` finds is not more than this. */
export const MAX_SHORT_LENGTH = 9999;
/** `shortLength` looks at so many bytes. */
export const SHORT_LENGTH_BYTES = 7;
/** Longer lengths could be inexact. */
export const MAX_LENGTH_DIGITS = 15;

const NOT_SHORT = -1;
const MINUS = 0x2d;
const QUESTION_MARK = 0x3f;

/**
 * The length in the line that begins at `at`, if it has at most four digits; below zero for all
 * else. The caller knows that `SHORT_LENGTH_BYTES` can be read.
 */
export function shortLength(buffer: Buffer, at: number): number {
  const first = byteAt(buffer, at + 1) - 0x30;
  if (first < 0 || first > 9) return NOT_SHORT;
  const second = byteAt(buffer, at + 2);
  if (second === CR) return byteAt(buffer, at + 3) === LF ? first : NOT_SHORT;
  if (first === 0 || second < 0x30 || second > 0x39) return NOT_SHORT;
  const tens = first * 10 + second - 0x30;
  const third = byteAt(buffer, at + 3);
  if (third === CR) return byteAt(buffer, at + 4) === LF ? tens : NOT_SHORT;
  if (third < 0x30 || third > 0x39) return NOT_SHORT;
  const hundreds = tens * 10 + third - 0x30;
  const fourth = byteAt(buffer, at + 4);
  if (fourth === CR) return byteAt(buffer, at + 5) === LF ? hundreds : NOT_SHORT;
  if (fourth < 0x30 || fourth > 0x39) return NOT_SHORT;
  const isEnded = byteAt(buffer, at + 5) === CR && byteAt(buffer, at + 6) === LF;
  return isEnded ? hundreds * 10 + fourth - 0x30 : NOT_SHORT;
}

/** How many bytes the line of such a length has. */
export function lineBytes(length: number): number {
  if (length < 100) return length < 10 ? 4 : 5;
  return length < 1000 ? 6 : 7;
}

/** The length that the range between the type byte and CRLF holds, or one of the negative codes. */
export function parseLength(buffer: Buffer, start: number, end: number): number {
  const digits = end - start;
  const first = byteAt(buffer, start);
  if (digits === 1 && first === QUESTION_MARK) return STREAMED;
  if (digits === 2 && first === MINUS && byteAt(buffer, start + 1) === 0x31) return NULL_LENGTH;
  if (digits === 0 || digits > MAX_LENGTH_DIGITS || (digits > 1 && first === 0x30)) {
    throw invalidLength();
  }
  let length = 0;
  for (let at = start; at < end; at++) {
    const digit = byteAt(buffer, at) - 0x30;
    if (digit < 0 || digit > 9) throw invalidLength();
    length = length * 10 + digit;
  }
  return length;
}

export function invalidLength(): ProtocolError {
  return new ProtocolError(
    "a length is neither a decimal integer, nor -1 or ? where they may stand",
  );
}
