import type { RespValue } from "../protocol/resp.ts";
import { array, eachPair, integer, text } from "./decoders.ts";

/** A part of a value, in bytes. */
export interface ByteRange {
  /** The position of the first byte, from 0. */
  readonly start: number;
  /** The position of the last byte, itself included. */
  readonly end: number;
}

/** Two ranges with the same content. */
export interface LcsMatch {
  /** Where it is in the value of the first key. */
  readonly first: ByteRange;
  /** Where it is in the value of the second key. */
  readonly second: ByteRange;
  /** How many bytes match. */
  readonly length: number;
}

/** The longest common subsequence of two values, by position. */
export interface LcsMatches {
  /** The matching ranges, from the last to the first. */
  readonly matches: LcsMatch[];
  /** The length of the whole subsequence, in bytes; short matches that were left out count. */
  readonly length: number;
}

/** The reply of `LCS … IDX WITHMATCHLEN`. */
export function lcsMatches(reply: RespValue): LcsMatches {
  let matches: LcsMatch[] = [];
  let length = 0;
  eachPair(reply, (name, value) => {
    if (text(name) === "matches") matches = array(value).map(lcsMatch);
    else if (text(name) === "len") length = integer(value);
  });
  return { matches, length };
}

function lcsMatch(reply: RespValue): LcsMatch {
  const [first = null, second = null, length = null] = array(reply);
  return { first: byteRange(first), second: byteRange(second), length: integer(length) };
}

function byteRange(reply: RespValue): ByteRange {
  const [start = null, end = null] = array(reply);
  return { start: integer(start), end: integer(end) };
}
