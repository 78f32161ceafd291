import { DecodeError } from "../errors.ts";
import { BIGINT, BYTES, ErrorReply, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import type { Bulk, Counter, Decoder } from "./command.ts";

/**
 * Decoders of the replies that many commands share. Each takes what a RESP2 and what a RESP3 server
 * sends, in text or bytes form, and gives the same value. Type assertions in this file are backed
 * by the check beside them: `B` is `string` in text form and `Buffer` in bytes form.
 */

/** Takes the server at its word, where the type depends on a surface's form. */
export function trust<T>(value: unknown): T {
  return value as T;
}

/** A decoder's complaint: what was expected, and what kind of reply came. */
export function unexpected(expected: string, reply: RespValue): DecodeError {
  return new DecodeError(`Expected ${expected}, but the server replied with ${kindOf(reply)}`);
}

function kindOf(reply: RespValue): string {
  if (reply === null) return "nil";
  if (Array.isArray(reply)) return `an array of ${reply.length}`;
  if (reply instanceof ErrorReply) return "an error inside of an array";
  if (Buffer.isBuffer(reply)) return "bytes";
  return typeof reply === "string" ? "a string" : `a ${typeof reply}`;
}

/** A string as text, whatever the form. */
export function text(reply: RespValue): string {
  if (typeof reply === "string") return reply;
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (typeof reply === "number" || typeof reply === "bigint") return String(reply);
  throw unexpected("a string", reply);
}

export function textOrNull(reply: RespValue): string | null {
  return reply === null ? null : text(reply);
}

/** A bulk string: `string` or `Buffer` as the surface wants it. */
export function bulk<B extends Bulk>(reply: RespValue): B {
  if (typeof reply === "string" || Buffer.isBuffer(reply)) return reply as B;
  throw unexpected("a string", reply);
}

export function bulkOrNull<B extends Bulk>(reply: RespValue): B | null {
  return reply === null ? null : bulk<B>(reply);
}

/** An integer that fits a number exactly. */
export function integer(reply: RespValue): number {
  if (typeof reply === "number") return reply;
  if (typeof reply === "bigint") {
    throw new DecodeError(
      "The reply is an integer beyond 2^53-1, which a number cannot hold exactly; " +
        'use redis.with({ integers: "bigint" })',
    );
  }
  throw unexpected("an integer", reply);
}

export function integerOrNull(reply: RespValue): number | null {
  return reply === null ? null : integer(reply);
}

/** An integer that may be too large for a number; the decoder behind `integers: "bigint"`. */
export function wideInteger(reply: RespValue): bigint {
  if (typeof reply === "number" || typeof reply === "bigint") return BigInt(reply);
  throw unexpected("an integer", reply);
}

/** The decoder of a counter, which may exceed what a number holds, for a surface's form. */
export function counter<N extends Counter>(form: ReplyForm): Decoder<N> {
  return trust(form & BIGINT ? wideInteger : integer);
}

/** A floating-point number: a RESP3 double, or text such as `"3.5"`, `"inf"`, `"-inf"`, `"nan"`. */
export function double(reply: RespValue): number {
  if (typeof reply === "number") return reply;
  const digits = text(reply);
  const value = Number(digits);
  if (!Number.isNaN(value) && digits !== "") return value;
  switch (digits.toLowerCase()) {
    case "inf":
    case "+inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    case "nan":
    case "-nan":
      return Number.NaN;
    default:
      throw unexpected("a floating-point number", reply);
  }
}

export function doubleOrNull(reply: RespValue): number | null {
  return reply === null ? null : double(reply);
}

/** `1` or `#t` is `true`, `0` or `#f` is `false`. */
export function flag(reply: RespValue): boolean {
  if (reply === 1 || reply === true) return true;
  if (reply === 0 || reply === false) return false;
  throw unexpected("0 or 1", reply);
}

export function flags(reply: RespValue): boolean[] {
  return array(reply).map(flag);
}

/** `OK`, always: the command either succeeds or fails. */
export function ok(reply: RespValue): true {
  if (reply === "OK") return true;
  throw unexpected("OK", reply);
}

/** `OK` is `true`; nil is `false`: a condition was not met. */
export function okOrNil(reply: RespValue): boolean {
  return reply === null ? false : ok(reply);
}

/** The reply as it is. */
export function raw(reply: RespValue): RespValue {
  return reply;
}

/** The elements of an array, set or flat map. */
export function array(reply: RespValue): RespValue[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected("an array", reply);
}

/** An array of what `element` decodes. Make it once, as a constant, not per call. */
export function list<T>(element: Decoder<T>): Decoder<T[]> {
  return (reply) => array(reply).map(element);
}

/** What `decode` makes, or `null` for nil. Make it once, as a constant, not per call. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (reply) => (reply === null ? null : decode(reply));
}

/** An array of bulk strings: the very array the decoder of the protocol built. */
export function bulks<B extends Bulk>(reply: RespValue): B[] {
  return array(reply) as B[];
}

export function bulksOrNulls<B extends Bulk>(reply: RespValue): (B | null)[] {
  return array(reply) as (B | null)[];
}

export function bulksOrNull<B extends Bulk>(reply: RespValue): B[] | null {
  return reply === null ? null : bulks<B>(reply);
}

/** An array of strings as text, whatever the form. */
export function texts(reply: RespValue): string[] {
  return array(reply).map(text);
}

export function integers(reply: RespValue): number[] {
  return array(reply).map(integer);
}

/** A set of bulk strings; in bytes form `has()` compares identity, as JavaScript does. */
export function bulkSet<B extends Bulk>(reply: RespValue): Set<B> {
  return new Set(bulks<B>(reply));
}

/** A flat list of pairs; a first without its second is not dropped in silence. */
export function evenArray(reply: RespValue): RespValue[] {
  const items = array(reply);
  if (items.length % 2 !== 0) throw unexpected("pairs", reply);
  return items;
}

/**
 * Calls `visit` with the pairs of a map: flat (`[k, v, k, v]`, RESP2 and our RESP3 maps) or nested
 * (`[[k, v], [k, v]]`, as RESP3 sends some replies).
 */
export function eachPair(
  reply: RespValue,
  visit: (first: RespValue, second: RespValue) => void,
): void {
  const items = array(reply);
  if (Array.isArray(items[0])) {
    for (const item of items) {
      const [first = null, second = null] = array(item);
      visit(first, second);
    }
    return;
  }
  evenArray(items);
  for (let index = 0; index < items.length; index += 2) {
    visit(items[index] ?? null, items[index + 1] ?? null);
  }
}

/**
 * An object without a prototype: any server-controlled name is safe in it, `__proto__` included.
 */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** A map as a record whose values `value` decodes. Make it once, as a constant, not per call. */
export function record<T>(value: Decoder<T>): Decoder<Record<string, T>> {
  return (reply) => {
    const result = emptyRecord<T>();
    eachPair(reply, (name, item) => {
      result[text(name)] = value(item);
    });
    return result;
  };
}

/** One field of a hash, in bytes form. */
export interface Field<B extends Bulk> {
  readonly field: B;
  readonly value: B;
}

/**
 * A whole hash: a record without prototype in text form. In bytes form a list of fields, because a
 * field name can be any bytes and an object's key cannot.
 */
export type Hash<B extends Bulk> = B extends string ? Record<string, string> : Field<B>[];

/** The decoder of a hash for a surface's form. */
export function hash<B extends Bulk>(form: ReplyForm): Decoder<Hash<B>> {
  return trust(form & BYTES ? hashFields : hashRecord);
}

function hashRecord(reply: RespValue): Record<string, string> {
  const items = evenArray(reply);
  const result = emptyRecord<string>();
  for (let index = 0; index < items.length; index += 2) {
    result[items[index] as string] = items[index + 1] as string;
  }
  return result;
}

function hashFields(reply: RespValue): Field<Buffer>[] {
  const items = evenArray(reply);
  const result: Field<Buffer>[] = [];
  for (let index = 0; index < items.length; index += 2) {
    result.push({ field: items[index] as Buffer, value: items[index + 1] as Buffer });
  }
  return result;
}

/** A member of a sorted set with its score. */
export interface Scored<B extends Bulk> {
  readonly member: B;
  readonly score: number;
}

/** Members with scores, flat or as pairs. */
export function scoredMembers<B extends Bulk>(reply: RespValue): Scored<B>[] {
  const items = array(reply);
  const result: Scored<B>[] = [];
  if (Array.isArray(items[0])) {
    eachPair(items, (member, score) => {
      result.push({ member: bulk<B>(member), score: double(score) });
    });
    return result;
  }
  evenArray(items);
  for (let index = 0; index < items.length; index += 2) {
    const score = double(items[index + 1] ?? null);
    result.push({ member: bulk<B>(items[index] ?? null), score });
  }
  return result;
}
