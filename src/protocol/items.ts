/**
 * The quick way through the items of an aggregate: loops over what nearly all of them are, which is
 * short strings, and pairs of one and a double. They read what is whole and plain, stop before all
 * else (bytes that are no RESP included), and leave that to the decoder's general way. Each appends
 * to the items of its room and returns the position where it stopped.
 */
import { copyBytes } from "./blob.ts";
import { lineBytes, SHORT_LENGTH_BYTES, shortLength } from "./lengths.ts";
import { BYTES, type ReplyForm, type RespValue } from "./resp.ts";
import { parseDouble } from "./scalars.ts";
import { byteAt, readText } from "./text.ts";
import * as wire from "./wire.ts";

/** As constants of this file V8 compiles them in; imported ones it would load at each use. */
const { ARRAY, BULK, CR, DOUBLE, LF } = wire;

/** An aggregate that takes items one after the other, and nobody is asked about them. */
export interface Room {
  readonly items: RespValue[];
  /** How many items it lacks, or arrays of items. The last of them is not read here. */
  readonly remaining: number;
  /** How strings are built. */
  readonly form: ReplyForm;
}

/** `*2` and CRLF. */
const PAIR_BYTES = 4;
/** The longest double in full, `-2.2250738585072014e-308`, is shorter. */
export const DOUBLE_BYTES = 32;

/** Reads bulk strings. */
export function readBulks(buffer: Buffer, pos: number, end: number, room: Room): number {
  const { items, remaining, form } = room;
  const isText = (form & BYTES) === 0;
  const last = end - SHORT_LENGTH_BYTES;
  let at = pos;
  for (let left = remaining; left > 1 && at <= last && byteAt(buffer, at) === BULK; left--) {
    const length = shortLength(buffer, at);
    const start = at + lineBytes(length);
    const stop = start + length;
    if (length < 0 || !isLineEnd(buffer, stop, end)) break;
    items.push(isText ? readText(buffer, start, stop) : copyBytes(buffer, start, stop));
    at = stop + 2;
  }
  return at;
}

/** Reads arrays of a bulk string and a double; what is in them becomes items. */
export function readPairs(buffer: Buffer, pos: number, end: number, room: Room): number {
  const { items, remaining, form } = room;
  const isText = (form & BYTES) === 0;
  const last = end - SHORT_LENGTH_BYTES - PAIR_BYTES;
  let at = pos;
  for (let left = remaining; left > 1 && at <= last && beginsPair(buffer, at); left--) {
    const length = shortLength(buffer, at + PAIR_BYTES);
    const start = at + PAIR_BYTES + lineBytes(length);
    const stop = start + length;
    if (length < 0 || !isLineEnd(buffer, stop, end)) break;
    const double = stop + 3;
    const doubleEnd = endOfDouble(buffer, double, end);
    if (doubleEnd < 0) break;
    items.push(isText ? readText(buffer, start, stop) : copyBytes(buffer, start, stop));
    items.push(parseDouble(buffer, double, doubleEnd));
    at = doubleEnd + 2;
  }
  return at;
}

function isLineEnd(buffer: Buffer, at: number, end: number): boolean {
  return at + 1 < end && byteAt(buffer, at) === CR && byteAt(buffer, at + 1) === LF;
}

/** Whether an array of two, and in it a bulk string, begins at `at`; there are bytes enough. */
function beginsPair(buffer: Buffer, at: number): boolean {
  return (
    byteAt(buffer, at) === ARRAY &&
    byteAt(buffer, at + 1) === 0x32 &&
    byteAt(buffer, at + 2) === CR &&
    byteAt(buffer, at + 3) === LF &&
    byteAt(buffer, at + PAIR_BYTES) === BULK
  );
}

/** Where the digits of a double end that begin at `start`; -1 if it is none, or not all there. */
function endOfDouble(buffer: Buffer, start: number, end: number): number {
  if (start >= end || byteAt(buffer, start - 1) !== DOUBLE) return -1;
  const last = Math.min(start + DOUBLE_BYTES, end - 2);
  let at = start;
  while (at <= last && byteAt(buffer, at) !== CR) at++;
  return at <= last && byteAt(buffer, at + 1) === LF ? at : -1;
}
