import {
  type FieldsOf,
  type FieldValues,
  type OneOrMany,
  pushCounted,
  pushFields,
  unixMilliseconds,
  unixSeconds,
} from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import { bulksOrNulls, flag, integer, integers, list, unexpected } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";
import { type GetexOptions, pushExpiry, type SetExpiry } from "./strings.ts";

/** Options of {@link HashExpiryCommands.hexpire} and its like. */
export interface HexpireOptions {
  /**
   * A condition on the time to live that the field has: `"NX"` there is none, `"XX"` there is one,
   * `"GT"` the new one is later, `"LT"` the new one is earlier. To `"GT"` and `"LT"` a field
   * without one lives for ever.
   */
  readonly when?: "NX" | "XX" | "GT" | "LT" | undefined;
}

/**
 * What became of a field: it got the time to live; the condition of `when` was not met; it was
 * deleted, because the time has passed; or there is no such field.
 */
export type FieldExpiry = "set" | "condition-not-met" | "deleted" | "missing";

/**
 * What became of a field: it lost its time to live and stays for good; it had none; or there is no
 * such field.
 */
export type FieldPersistence = "persisted" | "no-expiry" | "missing";

/** Options of {@link HashExpiryCommands.hsetex}. */
export type HsetexOptions = SetExpiry & {
  /** Set only if none of the fields exists (`FNX`), or only if all of them do (`FXX`). */
  readonly when?: "FNX" | "FXX" | undefined;
  /** Set only if the hash does not exist (`NX`), or only if it does (`XX`). @since Valkey 9.0.0 */
  readonly whenKey?: "NX" | "XX" | undefined;
};

/** Commands on the time to live of single fields of a hash. */
export abstract class HashExpiryCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Let fields of a hash expire after a number of seconds.
   *
   * @param seconds the time to live; 0 deletes the fields now
   * @returns what became of each field, in their order
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const results = await redis.hexpire("user", 600, ["token", "missing"]); // ["set", "missing"]
   * ```
   * @see https://redis.io/commands/hexpire
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hexpire(
    key: Key,
    seconds: number,
    fields: OneOrMany<Key>,
    options?: HexpireOptions,
  ): Reply<M, FieldExpiry[]> {
    return this.send(withFields(["HEXPIRE", key, seconds], fields, options), fieldExpiries);
  }

  /**
   * Let fields of a hash expire at a time, in whole seconds.
   *
   * @param time a `Date` (its milliseconds are cut off), or Unix time in seconds; a time that has
   *   passed deletes the fields now
   * @returns what became of each field, in their order
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const results = await redis.hexpireat("user", new Date("2099-12-31"), "token"); // ["set"]
   * ```
   * @see https://redis.io/commands/hexpireat
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hexpireat(
    key: Key,
    time: Date | number,
    fields: OneOrMany<Key>,
    options?: HexpireOptions,
  ): Reply<M, FieldExpiry[]> {
    const argv: Argument[] = ["HEXPIREAT", key, unixSeconds(time)];
    return this.send(withFields(argv, fields, options), fieldExpiries);
  }

  /**
   * Get the times at which fields of a hash expire, in seconds.
   *
   * @returns Unix time in seconds for each field, in their order; -1 for one that does not expire,
   *   -2 for one that does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * await redis.hexpireat("user", 4_102_358_400, "token");
   * const times = await redis.hexpiretime("user", ["token", "name"]); // [4102358400, -1]
   * ```
   * @see https://redis.io/commands/hexpiretime
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hexpiretime(key: Key, fields: OneOrMany<Key>): Reply<M, number[]> {
    return this.send(withFields(["HEXPIRETIME", key], fields), integers);
  }

  /**
   * Get the values of fields of a hash and delete the fields; a hash without fields is gone.
   *
   * @returns the values in the order of the fields; `null` where a field does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const values = await redis.hgetdel("user", ["token", "missing"]); // ["s3cret", null]
   * ```
   * @see https://redis.io/commands/hgetdel
   * @since Redis 8.0.0, Valkey 9.1.0
   */
  hgetdel(key: Key, fields: OneOrMany<Key>): Reply<M, (B | null)[]> {
    return this.send(withFields(["HGETDEL", key], fields), bulksOrNulls<B>);
  }

  /**
   * Get the values of fields of a hash and change when the fields expire; without options the
   * expiry stays as it is.
   *
   * @returns the values in the order of the fields; `null` where a field does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const values = await redis.hgetex("user", "token", { expireInSeconds: 600 }); // ["s3cret"]
   * ```
   * @see https://redis.io/commands/hgetex
   * @since Redis 8.0.0, Valkey 9.0.0
   */
  hgetex(key: Key, fields: OneOrMany<Key>, options?: GetexOptions): Reply<M, (B | null)[]> {
    const argv: Argument[] = ["HGETEX", key];
    if (options?.persist === true) argv.push("PERSIST");
    else if (options !== undefined) pushExpiry(argv, options);
    return this.send(withFields(argv, fields), bulksOrNulls<B>);
  }

  /**
   * Remove the time to live of fields of a hash, so that they stay for good.
   *
   * @returns what became of each field, in their order
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * await redis.hexpire("user", 600, "token");
   * const results = await redis.hpersist("user", ["token", "name"]); // ["persisted", "no-expiry"]
   * ```
   * @see https://redis.io/commands/hpersist
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hpersist(key: Key, fields: OneOrMany<Key>): Reply<M, FieldPersistence[]> {
    return this.send(withFields(["HPERSIST", key], fields), fieldPersistences);
  }

  /**
   * Let fields of a hash expire after a number of milliseconds.
   *
   * @param milliseconds the time to live; 0 deletes the fields now
   * @returns what became of each field, in their order
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const results = await redis.hpexpire("user", 600_000, "token", { when: "NX" }); // ["set"]
   * ```
   * @see https://redis.io/commands/hpexpire
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hpexpire(
    key: Key,
    milliseconds: number,
    fields: OneOrMany<Key>,
    options?: HexpireOptions,
  ): Reply<M, FieldExpiry[]> {
    return this.send(withFields(["HPEXPIRE", key, milliseconds], fields, options), fieldExpiries);
  }

  /**
   * Let fields of a hash expire at a time, to the millisecond.
   *
   * @param time a `Date`, or Unix time in milliseconds; a time that has passed deletes the fields
   *   now
   * @returns what became of each field, in their order
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const results = await redis.hpexpireat("user", new Date("2099-12-31"), "token"); // ["set"]
   * ```
   * @see https://redis.io/commands/hpexpireat
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hpexpireat(
    key: Key,
    time: Date | number,
    fields: OneOrMany<Key>,
    options?: HexpireOptions,
  ): Reply<M, FieldExpiry[]> {
    const argv: Argument[] = ["HPEXPIREAT", key, unixMilliseconds(time)];
    return this.send(withFields(argv, fields, options), fieldExpiries);
  }

  /**
   * Get the times at which fields of a hash expire, in milliseconds.
   *
   * @returns Unix time in milliseconds for each field, in their order; -1 for one that does not
   *   expire, -2 for one that does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * await redis.hpexpireat("user", new Date("2099-12-31"), "token");
   * const times = await redis.hpexpiretime("user", "token"); // [4102358400000]
   * ```
   * @see https://redis.io/commands/hpexpiretime
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hpexpiretime(key: Key, fields: OneOrMany<Key>): Reply<M, number[]> {
    return this.send(withFields(["HPEXPIRETIME", key], fields), integers);
  }

  /**
   * Get how long fields of a hash still live, in milliseconds.
   *
   * @returns milliseconds for each field, in their order; -1 for one that does not expire, -2 for
   *   one that does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * const left = await redis.hpttl("user", ["name", "missing"]); // [-1, -2]
   * ```
   * @see https://redis.io/commands/hpttl
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  hpttl(key: Key, fields: OneOrMany<Key>): Reply<M, number[]> {
    return this.send(withFields(["HPTTL", key], fields), integers);
  }

  /**
   * Set fields of a hash and when they expire, all or none of them.
   *
   * Without an option of expiry the fields stay for good, even those that had a time to live.
   *
   * @param fields an object, a `Map`, or pairs of field and value
   * @returns `true`, or `false` if a condition was not met; nothing is set then
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * const isSet = await redis.hsetex("user", { token: "x" }, { expireInSeconds: 600 }); // true
   * ```
   * @see https://redis.io/commands/hsetex
   * @since Redis 8.0.0, Valkey 9.0.0
   */
  hsetex<T extends object>(
    key: Key,
    fields: FieldValues | FieldsOf<T>,
    options: HsetexOptions = {},
  ): Reply<M, boolean> {
    const argv: Argument[] = ["HSETEX", key];
    if (options.whenKey !== undefined) argv.push(options.whenKey);
    if (options.when !== undefined) argv.push(options.when);
    if (options.keepTtl === true) argv.push("KEEPTTL");
    else pushExpiry(argv, options);
    argv.push("FIELDS", 0);
    const at = argv.length - 1;
    argv[at] = pushFields(argv, fields);
    return this.send(argv, flag);
  }

  /**
   * Get how long fields of a hash still live, in seconds.
   *
   * @returns seconds, rounded, for each field, in their order; -1 for one that does not expire, -2
   *   for one that does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", token: "s3cret" });
   * await redis.hexpire("user", 600, "token");
   * const left = await redis.httl("user", ["token", "name"]); // [600, -1]
   * ```
   * @see https://redis.io/commands/httl
   * @since Redis 7.4.0, Valkey 9.0.0
   */
  httl(key: Key, fields: OneOrMany<Key>): Reply<M, number[]> {
    return this.send(withFields(["HTTL", key], fields), integers);
  }
}

/** Appends the condition, if any, and `FIELDS count field …`. */
function withFields(
  argv: Argument[],
  fields: OneOrMany<Key>,
  options?: HexpireOptions,
): Argument[] {
  if (options?.when !== undefined) argv.push(options.when);
  argv.push("FIELDS");
  pushCounted(argv, fields, "fields");
  return argv;
}

function fieldExpiry(reply: RespValue): FieldExpiry {
  switch (integer(reply)) {
    case 1:
      return "set";
    case 0:
      return "condition-not-met";
    case 2:
      return "deleted";
    case -2:
      return "missing";
    default:
      throw unexpected("what became of a field", reply);
  }
}

function fieldPersistence(reply: RespValue): FieldPersistence {
  switch (integer(reply)) {
    case 1:
      return "persisted";
    case -1:
      return "no-expiry";
    case -2:
      return "missing";
    default:
      throw unexpected("what became of a field", reply);
  }
}

const fieldExpiries = list(fieldExpiry);
const fieldPersistences = list(fieldPersistence);
