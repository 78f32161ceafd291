import {
  type AtMostOne,
  checkOptions,
  type FieldsOf,
  type FieldValues,
  type Many,
  pushAll,
  pushFields,
  unixMilliseconds,
  unixSeconds,
} from "../command/arguments.ts";
import { pushValueCondition, type ValueCondition } from "../command/arguments_strings.ts";
import type { Bulk, Counter, Key, Value } from "../command/command.ts";
import {
  bulk,
  bulkOrNull,
  bulksOrNulls,
  counter,
  double,
  flag,
  integer,
  ok,
  okOrNil,
} from "../command/decoders.ts";
import { type LcsMatches, lcsMatches } from "../command/decoders_lcs.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** When a key expires; at most one of them. */
export type Expiry = AtMostOne<{
  /** Expire after this many seconds (`EX`). */
  readonly expireInSeconds: number;
  /** Expire after this many milliseconds (`PX`). */
  readonly expireInMilliseconds: number;
  /** Expire at this time: a `Date`, or Unix time in seconds (`EXAT`). @since 6.2.0 */
  readonly expireAt: Date | number;
  /** Expire at this time: a `Date`, or Unix time in milliseconds (`PXAT`). @since 6.2.0 */
  readonly expireAtMilliseconds: Date | number;
}>;

/** When the key of a {@link StringCommands.set} expires; at most one of them. */
export type SetExpiry =
  | (Expiry & { readonly keepTtl?: undefined })
  | ({ readonly [K in keyof Expiry]?: undefined } & {
      /** Keep the time to live that the key has (`KEEPTTL`). @since 6.0.0 */
      readonly keepTtl: boolean;
    });

/** Options of {@link StringCommands.set}. */
export type SetOptions = SetExpiry & {
  /**
   * Set only if the key does not exist (`"NX"`), only if it exists (`"XX"`), or only if its value
   * is, or is not, a certain one: `{ equals: "old" }`. @since Redis 8.4.0, Valkey 8.1.0
   */
  readonly when?: "NX" | "XX" | ValueCondition | undefined;
  /** Reply with the value that the key had before (`GET`). @since 6.2.0 */
  readonly get?: boolean | undefined;
};

/** Without EX a key stays, without NX a lock is no lock: a SET ignores nothing that it is told. */
const SET_OPTIONS: ReadonlySet<string> = new Set([
  "when",
  "get",
  "keepTtl",
  "expireInSeconds",
  "expireInMilliseconds",
  "expireAt",
  "expireAtMilliseconds",
]);

/** What {@link StringCommands.getex} does to the time to live; at most one of them. */
export type GetexOptions =
  | (Expiry & { readonly persist?: undefined })
  | ({ readonly [K in keyof Expiry]?: undefined } & {
      /** Remove the time to live, so that the key stays for good (`PERSIST`). */
      readonly persist: boolean;
    });

/** Options of {@link StringCommands.lcs} that ask for matching ranges. */
export interface LcsMatchesOptions {
  /** Reply with the ranges that match instead of the text (`IDX`). */
  readonly matches: true;
  /** Leave out matches that are shorter than this many bytes (`MINMATCHLEN`). */
  readonly minMatchLength?: number | undefined;
  readonly length?: undefined;
}

/** Options of {@link StringCommands.lcs} that ask for the length. */
export interface LcsLengthOptions {
  /** Reply with the length of the subsequence instead of the text (`LEN`). */
  readonly length: true;
  readonly matches?: undefined;
  readonly minMatchLength?: undefined;
}

/** Commands on strings: text, bytes and numbers. */
export abstract class StringCommands<
  M extends Mode,
  B extends Bulk,
  N extends Counter = number,
> extends Executor<M> {
  /**
   * Get the value of a key.
   *
   * @returns the value, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("greeting", "hello");
   * const greeting = await redis.get("greeting"); // "hello"
   * ```
   * @see https://redis.io/commands/get
   * @since 1.0.0
   */
  get(key: Key): Reply<M, B | null> {
    return this.send(["GET", key], bulkOrNull<B>);
  }

  /**
   * Get the value of a key and delete the key.
   *
   * @returns the value, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string; it is not deleted then
   * @example
   * ```ts
   * await redis.set("ticket", "A7");
   * const ticket = await redis.getdel("ticket"); // "A7"
   * ```
   * @see https://redis.io/commands/getdel
   * @since 6.2.0
   */
  getdel(key: Key): Reply<M, B | null> {
    return this.send(["GETDEL", key], bulkOrNull<B>);
  }

  /**
   * Get the value of a key and change when it expires; without options the expiry stays as it is.
   *
   * @returns the value, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("session", "ann");
   * const user = await redis.getex("session", { expireInSeconds: 600 }); // "ann"
   * ```
   * @see https://redis.io/commands/getex
   * @since 6.2.0
   */
  getex(key: Key, options?: GetexOptions): Reply<M, B | null> {
    const argv: Argument[] = ["GETEX", key];
    if (options?.persist === true) argv.push("PERSIST");
    else if (options !== undefined) pushExpiry(argv, options);
    return this.send(argv, bulkOrNull<B>);
  }

  /**
   * Set a key to a value and get the value it had before; its time to live is dropped.
   *
   * @deprecated Use {@link StringCommands.set} with `{ get: true }`.
   * @returns the old value, or `null` if the key did not exist
   * @throws {WrongTypeError} if the key holds something other than a string; it is not set then
   * @example
   * ```ts
   * const before = await redis.getset("state", "done"); // null
   * ```
   * @see https://redis.io/commands/getset
   * @since 1.0.0
   */
  getset(key: Key, value: Value): Reply<M, B | null> {
    return this.send(["GETSET", key, value], bulkOrNull<B>);
  }

  /**
   * Set a key to a value, whatever type it held; its time to live ends unless `keepTtl` is set.
   *
   * @returns `true`, or `false` if the condition of `when` was not met
   * @throws {WrongTypeError} if `when` is about the value and the key holds no string
   * @example
   * ```ts
   * const taken = await redis.set("lock", "me", { when: "NX", expireInSeconds: 30 }); // true
   * ```
   * @see https://redis.io/commands/set
   * @since 1.0.0
   */
  set(
    key: Key,
    value: Value,
    options?: SetOptions & { readonly get?: false | undefined },
  ): Reply<M, boolean>;
  /**
   * Set a key to a value and get the value it had before.
   *
   * @returns the old value, or `null` if the key did not exist; with `when` this does not tell
   *   whether the key was set
   * @throws {WrongTypeError} if the key holds something other than a string; it is not set then
   * @example
   * ```ts
   * const before = await redis.set("state", "done", { get: true }); // null
   * ```
   * @see https://redis.io/commands/set
   * @since 6.2.0
   */
  set(key: Key, value: Value, options: SetOptions & { readonly get: true }): Reply<M, B | null>;
  set(key: Key, value: Value, options?: SetOptions): Reply<M, boolean | B | null> {
    if (options === undefined) return this.send(["SET", key, value], ok);
    checkOptions("SET", options, SET_OPTIONS);
    const argv: Argument[] = ["SET", key, value];
    if (typeof options.when === "string") argv.push(options.when);
    else if (options.when !== undefined) pushValueCondition(argv, options.when);
    if (options.get === true) argv.push("GET");
    if (options.keepTtl === true) argv.push("KEEPTTL");
    pushExpiry(argv, options);
    if (options.get === true) return this.send<boolean | B | null>(argv, bulkOrNull<B>);
    return this.send<boolean | B | null>(argv, okOrNil);
  }

  /**
   * Set a key to a value that expires after a number of seconds.
   *
   * @deprecated Use {@link StringCommands.set} with `expireInSeconds`.
   * @param seconds the time to live, at least 1
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.setex("code", 60, "4711"); // true
   * ```
   * @see https://redis.io/commands/setex
   * @since 2.0.0
   */
  setex(key: Key, seconds: number, value: Value): Reply<M, true> {
    return this.send(["SETEX", key, seconds, value], ok);
  }

  /**
   * Set a key to a value that expires after a number of milliseconds.
   *
   * @deprecated Use {@link StringCommands.set} with `expireInMilliseconds`.
   * @param milliseconds the time to live, at least 1
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.psetex("code", 60_000, "4711"); // true
   * ```
   * @see https://redis.io/commands/psetex
   * @since 2.6.0
   */
  psetex(key: Key, milliseconds: number, value: Value): Reply<M, true> {
    return this.send(["PSETEX", key, milliseconds, value], ok);
  }

  /**
   * Set a key to a value if the key does not exist.
   *
   * @deprecated Use {@link StringCommands.set} with `{ when: "NX" }`.
   * @returns `true`, or `false` if the key exists, whatever its type
   * @example
   * ```ts
   * const won = await redis.setnx("leader", "node-1"); // true
   * ```
   * @see https://redis.io/commands/setnx
   * @since 1.0.0
   */
  setnx(key: Key, value: Value): Reply<M, boolean> {
    return this.send(["SETNX", key, value], flag);
  }

  /**
   * Get the values of several keys.
   *
   * @returns the values in the order of the keys; `null` for a key that is missing or no string
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.mset({ a: 1, b: 2 });
   * const values = await redis.mget(["a", "b", "missing"]); // ["1", "2", null]
   * ```
   * @see https://redis.io/commands/mget
   * @since 1.0.0
   */
  mget(keys: Many<Key>): Reply<M, (B | null)[]> {
    const argv: Argument[] = ["MGET"];
    pushAll(argv, keys, "keys");
    return this.send(argv, bulksOrNulls<B>);
  }

  /**
   * Set several keys at once, as one atomic step.
   *
   * @param values an object, a `Map`, or pairs of key and value
   * @returns `true`: it cannot fail half-way
   * @throws {ArgumentError} if `values` is empty
   * @example
   * ```ts
   * await redis.mset({ first: "1", second: "2" }); // true
   * ```
   * @see https://redis.io/commands/mset
   * @since 1.0.1
   */
  mset<T extends object>(values: FieldValues | FieldsOf<T>): Reply<M, true> {
    const argv: Argument[] = ["MSET"];
    pushFields(argv, values, "keys with values");
    return this.send(argv, ok);
  }

  /**
   * Set several keys at once if none of them exists, as one atomic step.
   *
   * @param values an object, a `Map`, or pairs of key and value
   * @returns `true`, or `false` if at least one key exists; nothing is set then
   * @throws {ArgumentError} if `values` is empty
   * @example
   * ```ts
   * const wereNew = await redis.msetnx({ first: 1, second: 2 }); // true
   * ```
   * @see https://redis.io/commands/msetnx
   * @since 1.0.1
   */
  msetnx<T extends object>(values: FieldValues | FieldsOf<T>): Reply<M, boolean> {
    const argv: Argument[] = ["MSETNX"];
    pushFields(argv, values, "keys with values");
    return this.send(argv, flag);
  }

  /**
   * Add 1 to the integer at a key; a missing key counts as 0.
   *
   * @returns the value after the increment
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {DecodeError} if the new value is beyond 2^53-1
   * @example
   * ```ts
   * await redis.set("visits", 41);
   * const visits = await redis.incr("visits"); // 42
   * ```
   * @see https://redis.io/commands/incr
   * @since 1.0.0
   */
  incr(key: Key): Reply<M, N> {
    return this.send(["INCR", key], counter<N>(this.form));
  }

  /**
   * Add an integer to the integer at a key; a missing key counts as 0.
   *
   * @returns the value after the increment
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {DecodeError} if the new value is beyond 2^53-1
   * @example
   * ```ts
   * const stock = await redis.incrby("stock", 12); // 12
   * ```
   * @see https://redis.io/commands/incrby
   * @since 1.0.0
   */
  incrby(key: Key, increment: number | bigint): Reply<M, N> {
    return this.send(["INCRBY", key, increment], counter<N>(this.form));
  }

  /**
   * Add a floating-point number to the number at a key; a missing key counts as 0.
   *
   * @returns the value after the increment; the server keeps it as decimal text
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {ArgumentError} if `increment` is not finite
   * @example
   * ```ts
   * await redis.set("balance", 10);
   * const balance = await redis.incrbyfloat("balance", -0.5); // 9.5
   * ```
   * @see https://redis.io/commands/incrbyfloat
   * @since 2.6.0
   */
  incrbyfloat(key: Key, increment: number): Reply<M, number> {
    return this.send(["INCRBYFLOAT", key, increment], double);
  }

  /**
   * Subtract 1 from the integer at a key; a missing key counts as 0.
   *
   * @returns the value after the decrement
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {DecodeError} if the new value is beyond -(2^53-1)
   * @example
   * ```ts
   * await redis.set("lives", 3);
   * const lives = await redis.decr("lives"); // 2
   * ```
   * @see https://redis.io/commands/decr
   * @since 1.0.0
   */
  decr(key: Key): Reply<M, N> {
    return this.send(["DECR", key], counter<N>(this.form));
  }

  /**
   * Subtract an integer from the integer at a key; a missing key counts as 0.
   *
   * @returns the value after the decrement
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {DecodeError} if the new value is beyond -(2^53-1)
   * @example
   * ```ts
   * await redis.set("stock", 12);
   * const stock = await redis.decrby("stock", 5); // 7
   * ```
   * @see https://redis.io/commands/decrby
   * @since 1.0.0
   */
  decrby(key: Key, decrement: number | bigint): Reply<M, N> {
    return this.send(["DECRBY", key, decrement], counter<N>(this.form));
  }

  /**
   * Append to the value of a key; a missing key is created.
   *
   * @returns the length of the value after that, in bytes
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("log", "one");
   * const length = await redis.append("log", ",two"); // 7
   * ```
   * @see https://redis.io/commands/append
   * @since 2.0.0
   */
  append(key: Key, value: Value): Reply<M, number> {
    return this.send(["APPEND", key, value], integer);
  }

  /**
   * Get the length of a value.
   *
   * @returns the length in bytes (not in characters); 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("drink", "café");
   * const length = await redis.strlen("drink"); // 5
   * ```
   * @see https://redis.io/commands/strlen
   * @since 2.2.0
   */
  strlen(key: Key): Reply<M, number> {
    return this.send(["STRLEN", key], integer);
  }

  /**
   * Get a part of a value.
   *
   * @param start position of the first byte; a negative one counts from the end, -1 being the last
   * @param end position of the last byte, itself included; may be negative, too
   * @returns the bytes of the range that exist; an empty string if there are none
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("greeting", "hello world");
   * const word = await redis.getrange("greeting", 0, 4); // "hello"
   * ```
   * @see https://redis.io/commands/getrange
   * @since 2.4.0
   */
  getrange(key: Key, start: number, end: number): Reply<M, B> {
    return this.send(["GETRANGE", key, start, end], bulk<B>);
  }

  /**
   * Get a part of a value, by the name that Redis used before 2.0.
   *
   * @deprecated Use {@link StringCommands.getrange}.
   * @param start position of the first byte; a negative one counts from the end, -1 being the last
   * @param end position of the last byte, itself included; may be negative, too
   * @returns the bytes of the range that exist; an empty string if there are none
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("greeting", "hello world");
   * const word = await redis.substr("greeting", -5, -1); // "world"
   * ```
   * @see https://redis.io/commands/substr
   * @since 1.0.0
   */
  substr(key: Key, start: number, end: number): Reply<M, B> {
    return this.send(["SUBSTR", key, start, end], bulk<B>);
  }

  /**
   * Overwrite a part of a value; what is missing before `offset` is filled with zero bytes.
   *
   * @param offset position of the first byte to overwrite, from 0
   * @returns the length of the value after that, in bytes
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("greeting", "hello world");
   * const length = await redis.setrange("greeting", 6, "redis"); // 11
   * ```
   * @see https://redis.io/commands/setrange
   * @since 2.2.0
   */
  setrange(key: Key, offset: number, value: Value): Reply<M, number> {
    return this.send(["SETRANGE", key, offset, value], integer);
  }

  /**
   * Find the longest common subsequence of two values: the bytes they share, in order, with gaps.
   *
   * @returns the subsequence; a missing key counts as an empty value
   * @throws {ServerError} if a key holds something other than a string
   * @example
   * ```ts
   * await redis.mset({ first: "ohmytext", second: "mynewtext" });
   * const common = await redis.lcs("first", "second"); // "mytext"
   * ```
   * @see https://redis.io/commands/lcs
   * @since 7.0.0
   */
  lcs(first: Key, second: Key): Reply<M, B>;
  /**
   * Measure the longest common subsequence of two values.
   *
   * @returns the length of the subsequence, in bytes
   * @throws {ServerError} if a key holds something other than a string
   * @example
   * ```ts
   * await redis.mset({ first: "ohmytext", second: "mynewtext" });
   * const length = await redis.lcs("first", "second", { length: true }); // 6
   * ```
   * @see https://redis.io/commands/lcs
   * @since 7.0.0
   */
  lcs(first: Key, second: Key, options: LcsLengthOptions): Reply<M, number>;
  /**
   * Locate the longest common subsequence of two values.
   *
   * @returns the length of the subsequence, and the ranges it consists of, last range first
   * @throws {ServerError} if a key holds something other than a string
   * @example
   * ```ts
   * await redis.mset({ first: "ohmytext", second: "mynewtext" });
   * const { matches } = await redis.lcs("first", "second", { matches: true, minMatchLength: 4 });
   * matches; // [{ first: { start: 4, end: 7 }, second: { start: 5, end: 8 }, length: 4 }]
   * ```
   * @see https://redis.io/commands/lcs
   * @since 7.0.0
   */
  lcs(first: Key, second: Key, options: LcsMatchesOptions): Reply<M, LcsMatches>;
  lcs(
    first: Key,
    second: Key,
    options?: LcsLengthOptions | LcsMatchesOptions,
  ): Reply<M, B | number | LcsMatches> {
    const argv: Argument[] = ["LCS", first, second];
    if (options?.length === true) {
      argv.push("LEN");
      return this.send<B | number | LcsMatches>(argv, integer);
    }
    if (options?.matches !== true) return this.send<B | number | LcsMatches>(argv, bulk<B>);
    argv.push("IDX", "WITHMATCHLEN");
    if (options.minMatchLength !== undefined) argv.push("MINMATCHLEN", options.minMatchLength);
    return this.send<B | number | LcsMatches>(argv, lcsMatches);
  }
}

/** Appends the expiry option that is given, if any. */
export function pushExpiry(argv: Argument[], expiry: Expiry | SetExpiry): void {
  if (expiry.expireInSeconds !== undefined) argv.push("EX", expiry.expireInSeconds);
  else if (expiry.expireInMilliseconds !== undefined) argv.push("PX", expiry.expireInMilliseconds);
  else if (expiry.expireAt !== undefined) argv.push("EXAT", unixSeconds(expiry.expireAt));
  else if (expiry.expireAtMilliseconds !== undefined) {
    argv.push("PXAT", unixMilliseconds(expiry.expireAtMilliseconds));
  }
}
