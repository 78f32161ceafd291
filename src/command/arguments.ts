import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import type { Key, Value } from "./command.ts";
import { isThenable, kindOf } from "./kind_of.ts";

/** Several items: an array, or a set such as `SMEMBERS` and `KEYS` give. */
export type Many<T> = readonly T[] | ReadonlySet<T>;

/** One item or several. */
export type OneOrMany<T> = T | Many<T>;

/** Fields with values: an object, a `Map`, or pairs (whose field names may be bytes). */
export type FieldValues =
  | Readonly<Record<string, Value>>
  | ReadonlyMap<Key, Value>
  | readonly (readonly [field: Key, value: Value])[];

/**
 * An object of fields with values whose type may be an interface: `FieldsOf<User>` takes a `User`,
 * if each of its properties is a {@link Value} and none is optional.
 */
export type FieldsOf<T extends object> = { readonly [K in keyof T]-?: Value } & {
  readonly [Symbol.iterator]?: never;
};

/** A bound or value of a score: a number; infinities are sent as `inf` and `-inf`. */
export type Score = number;

/** Appends one item or several. @returns how many there were */
export function pushAll<T extends Argument>(
  argv: Argument[],
  items: OneOrMany<T>,
  what: string,
): number {
  if (!isMany(items)) {
    argv.push(items);
    return 1;
  }
  const before = argv.length;
  for (const item of items) argv.push(item);
  return requireSome(argv, argv.length - before, what);
}

/** Appends the number of items and then the items, as `numkeys key [key …]` wants it. */
export function pushCounted<T extends Argument>(
  argv: Argument[],
  items: OneOrMany<T>,
  what: string,
): number {
  const at = argv.push(0) - 1;
  const count = pushAll(argv, items, what);
  argv[at] = count;
  return count;
}

/** Appends `field value` for every field. @returns the number of fields */
export function pushFields<T extends object>(
  argv: Argument[],
  fields: FieldValues | FieldsOf<T>,
  what: string = "fields",
): number {
  const before = argv.length;
  // Of an interface's type it is not known that it has nothing else; the command looks at all.
  for (const [field, value] of pairsOf(argv, fields as FieldValues, what)) argv.push(field, value);
  return requireSome(argv, (argv.length - before) / 2, what);
}

/**
 * The pairs that an object, a `Map` or a list of pairs holds.
 *
 * @throws {ArgumentError} for anything else, of which `Object.entries` would make pairs, too: text
 *   has its characters, bytes have numbers
 */
export function pairsOf<K, V>(
  argv: readonly Argument[],
  pairs: Readonly<Record<string, V>> | ReadonlyMap<K, V> | readonly (readonly [K, V])[],
  what: string,
): Iterable<readonly [K | string, V]> {
  if (pairs instanceof Map) return pairs as ReadonlyMap<K, V>;
  if (Array.isArray(pairs)) {
    const stranger: unknown = pairs.find((pair) => !Array.isArray(pair));
    if (stranger === undefined) return pairs as readonly (readonly [K, V])[];
    throw noPairs(argv, what, `an array of ${typeof stranger}s`);
  }
  if (isRecord(pairs)) return Object.entries<V>(pairs);
  throw noPairs(argv, what, kindOf(pairs));
}

function isRecord<V>(pairs: unknown): pairs is Readonly<Record<string, V>> {
  if (typeof pairs !== "object" || pairs === null) return false;
  return !(Symbol.iterator in pairs || isThenable(pairs));
}

function noPairs(argv: readonly Argument[], what: string, got: string): ArgumentError {
  const command = String(argv[0]);
  const message = `${command} takes ${what} as an object, a Map or pairs, but got ${got}`;
  return new ArgumentError(message, { command });
}

/**
 * Refuses options that would be ignored: a program in plain JavaScript has no compiler to tell it.
 *
 * @throws {ArgumentError} for an unknown name, and for what is no object
 */
export function checkOptions(command: string, options: object, known: ReadonlySet<string>): void {
  if (typeof options !== "object" || options === null) {
    const message = `${command} takes its options as an object, but got ${kindOf(options)}`;
    throw new ArgumentError(message, { command });
  }
  for (const name in options) {
    if (known.has(name)) continue;
    const message = `${command} has no option "${name}"; there are: ${[...known].join(", ")}`;
    throw new ArgumentError(message, { command });
  }
}

function isMany<T>(items: OneOrMany<T>): items is Many<T> {
  return Array.isArray(items) || items instanceof Set;
}

function requireSome(argv: readonly Argument[], count: number, what: string): number {
  if (count > 0) return count;
  throw new ArgumentError(`${String(argv[0])} needs at least one of ${what}, but got none`, {
    command: String(argv[0]),
  });
}

/** A score or increment as the server reads it: infinities have a name of their own. */
export function formatDouble(value: number): Argument {
  if (value === Number.POSITIVE_INFINITY) return "+inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return value;
}

/** A point in time in whole seconds: a `Date`, or Unix time in seconds. */
export function unixSeconds(time: Date | number): Argument {
  return time instanceof Date ? Math.floor(time.getTime() / 1_000) : time;
}

/** A point in time in milliseconds: a `Date`, or Unix time in milliseconds. */
export function unixMilliseconds(time: Date | number): Argument {
  return time instanceof Date ? time.getTime() : time;
}

/**
 * Options of which at most one may be given; two together do not compile.
 *
 * @example `AtMostOne<{ a: 1; b: 2 }>` is `{ a: 1; b?: undefined } | { a?: undefined; b: 2 } | {
 * a?: undefined; b?: undefined }`
 */
export type AtMostOne<T> =
  | { readonly [K in keyof T]?: undefined }
  | { [K in keyof T]: Pick<T, K> & { readonly [O in Exclude<keyof T, K>]?: undefined } }[keyof T];

/** A part of a result. */
export interface Limit {
  /** How many items to leave out at the start. */
  readonly offset: number;
  /** How many items to give then; a negative number gives all. */
  readonly count: number;
}

/** Appends `LIMIT offset count`, if given. */
export function pushLimit(argv: Argument[], limit: Limit | undefined): void {
  if (limit !== undefined) argv.push("LIMIT", limit.offset, limit.count);
}

/**
 * Options of which exactly one must be given; none, or two together, do not compile.
 *
 * @example `ExactlyOne<{ a: 1; b: 2 }>` is `{ a: 1; b?: undefined } | { a?: undefined; b: 2 }`
 */
export type ExactlyOne<T> = {
  [K in keyof T]: Pick<T, K> & { readonly [O in Exclude<keyof T, K>]?: undefined };
}[keyof T];
