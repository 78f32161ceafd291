import {
  type AtMostOne,
  type FieldValues,
  type Many,
  pushAll,
  pushFields,
  unixMilliseconds,
  unixSeconds,
} from "../command/arguments.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import { bulkOrNull, bulksOrNulls, integer, ok, okOrNil } from "../command/decoders.ts";
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
  /** Set only if the key does not exist (`NX`), or only if it exists (`XX`). */
  readonly when?: "NX" | "XX" | undefined;
  /** Reply with the value that the key had before (`GET`). @since 6.2.0 */
  readonly get?: boolean | undefined;
};

/** Commands on strings: text, bytes and numbers. */
export abstract class StringCommands<M extends Mode, B extends Bulk> extends Executor<M> {
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
   * Set a key to a value, whatever type it held; its time to live is dropped unless `keepTtl` is set.
   *
   * @returns `true`, or `false` if the condition of `when` was not met
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
    const argv: Argument[] = ["SET", key, value];
    if (options.when !== undefined) argv.push(options.when);
    if (options.get === true) argv.push("GET");
    if (options.keepTtl === true) argv.push("KEEPTTL");
    pushExpiry(argv, options);
    if (options.get === true) return this.send<boolean | B | null>(argv, bulkOrNull<B>);
    return this.send<boolean | B | null>(argv, okOrNil);
  }

  /**
   * Get the values of several keys.
   *
   * @returns the values in the order of the keys; `null` where a key does not exist or holds no string
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
  mset(values: FieldValues): Reply<M, true> {
    const argv: Argument[] = ["MSET"];
    pushFields(argv, values, "keys with values");
    return this.send(argv, ok);
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
  incr(key: Key): Reply<M, number> {
    return this.send(["INCR", key], integer);
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
