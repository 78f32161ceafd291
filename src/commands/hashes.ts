import {
  type FieldsOf,
  type FieldValues,
  type OneOrMany,
  pushAll,
  pushFields,
} from "../command/arguments.ts";
import type { Bulk, Counter, Key, Value } from "../command/command.ts";
import {
  bulk,
  bulkOrNull,
  bulks,
  bulksOrNulls,
  counter,
  double,
  eachPair,
  type Field,
  flag,
  type Hash,
  hash,
  integer,
  ok,
  trust,
} from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { type Cursor, pushScanOptions, type ScanOptions, scanPage } from "../command/scan.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** Options of {@link HashCommands.hrandfield}. */
export interface HrandfieldOptions {
  /** Give each field together with its value (`WITHVALUES`). */
  readonly withValues?: boolean | undefined;
}

/** Options of a {@link HashCommands.hscan} that gives only the names of fields. */
export interface HscanNamesOptions extends ScanOptions {
  /** Leave out the values (`NOVALUES`). @since Redis 7.4.0, Valkey 8.0.0 */
  readonly withValues: false;
}

/** One page of {@link HashCommands.hscan}, without values. */
export interface HscanNamesPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The names of the fields of this page. One may come more than once in a whole scan. */
  readonly fields: B[];
}

/** One page of {@link HashCommands.hscan}. */
export interface HscanPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The fields of this page. A field may come more than once in a whole scan. */
  readonly fields: Field<B>[];
}

/** Commands on hashes: fields with values under one key. */
export abstract class HashCommands<
  M extends Mode,
  B extends Bulk,
  N extends Counter = number,
> extends Executor<M> {
  /**
   * Remove one or several fields from a hash; a hash without fields is gone.
   *
   * @returns how many of the fields existed
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const removed = await redis.hdel("user", ["age", "missing"]); // 1
   * ```
   * @see https://redis.io/commands/hdel
   * @since 2.0.0
   */
  hdel(key: Key, fields: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["HDEL", key];
    pushAll(argv, fields, "fields");
    return this.send(argv, integer);
  }

  /**
   * Tell whether a hash has a field.
   *
   * @returns `true` if the field exists, `false` if it or the hash does not
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", "name", "Ada");
   * const known = await redis.hexists("user", "name"); // true
   * ```
   * @see https://redis.io/commands/hexists
   * @since 2.0.0
   */
  hexists(key: Key, field: Key): Reply<M, boolean> {
    return this.send(["HEXISTS", key, field], flag);
  }

  /**
   * Get the value of one field of a hash.
   *
   * @returns the value, or `null` if the field or the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", "name", "Ada");
   * const name = await redis.hget("user", "name"); // "Ada"
   * ```
   * @see https://redis.io/commands/hget
   * @since 2.0.0
   */
  hget(key: Key, field: Key): Reply<M, B | null> {
    return this.send(["HGET", key, field], bulkOrNull<B>);
  }

  /**
   * Get all fields of a hash with their values.
   *
   * @returns an object without prototype, empty if the hash does not exist; on a bytes surface a
   *   list of `{ field, value }`, because an object's property names cannot be bytes
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const user = await redis.hgetall("user"); // { name: "Ada", age: "36" }
   * ```
   * @see https://redis.io/commands/hgetall
   * @since 2.0.0
   */
  hgetall(key: Key): Reply<M, Hash<B>> {
    return this.send(["HGETALL", key], hash<B>(this.form));
  }

  /**
   * Add to the integer in a field of a hash; a missing field or hash counts as 0.
   *
   * @param increment an integer, which may be negative
   * @returns the value after the increment
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ServerError} if the field holds no integer, or the sum does not fit 64 bits
   * @throws {DecodeError} if the new value is beyond 2^53-1
   * @example
   * ```ts
   * await redis.hset("user", "visits", 41);
   * const visits = await redis.hincrby("user", "visits", 1); // 42
   * ```
   * @see https://redis.io/commands/hincrby
   * @since 2.0.0
   */
  hincrby(key: Key, field: Key, increment: number | bigint): Reply<M, N> {
    return this.send(["HINCRBY", key, field, increment], counter<N>(this.form));
  }

  /**
   * Add to the floating-point number in a field of a hash; a missing field or hash counts as 0.
   *
   * @param increment a finite number, which may be negative
   * @returns the value after the increment
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ServerError} if the field holds no number
   * @example
   * ```ts
   * await redis.hset("account", "balance", 10.5);
   * const balance = await redis.hincrbyfloat("account", "balance", -0.25); // 10.25
   * ```
   * @see https://redis.io/commands/hincrbyfloat
   * @since 2.6.0
   */
  hincrbyfloat(key: Key, field: Key, increment: number): Reply<M, number> {
    return this.send(["HINCRBYFLOAT", key, field, increment], double);
  }

  /**
   * Get the names of all fields of a hash.
   *
   * @returns the names, in no particular order; empty if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const fields = await redis.hkeys("user"); // ["name", "age"]
   * ```
   * @see https://redis.io/commands/hkeys
   * @since 2.0.0
   */
  hkeys(key: Key): Reply<M, B[]> {
    return this.send(["HKEYS", key], bulks<B>);
  }

  /**
   * Count the fields of a hash.
   *
   * @returns the number of fields; 0 if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const size = await redis.hlen("user"); // 2
   * ```
   * @see https://redis.io/commands/hlen
   * @since 2.0.0
   */
  hlen(key: Key): Reply<M, number> {
    return this.send(["HLEN", key], integer);
  }

  /**
   * Get the values of one or several fields of a hash.
   *
   * @returns the values in the order of the fields; `null` where a field does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const values = await redis.hmget("user", ["name", "missing"]); // ["Ada", null]
   * ```
   * @see https://redis.io/commands/hmget
   * @since 2.0.0
   */
  hmget(key: Key, fields: OneOrMany<Key>): Reply<M, (B | null)[]> {
    const argv: Argument[] = ["HMGET", key];
    pushAll(argv, fields, "fields");
    return this.send(argv, bulksOrNulls<B>);
  }

  /**
   * Set fields of a hash.
   *
   * @deprecated Use {@link HashCommands.hset}, which also tells how many fields are new.
   * @param fields an object, a `Map`, or pairs of field and value
   * @returns `true`
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * await redis.hmset("user", { name: "Ada", age: 36 }); // true
   * ```
   * @see https://redis.io/commands/hmset
   * @since 2.0.0
   */
  hmset<T extends object>(key: Key, fields: FieldValues | FieldsOf<T>): Reply<M, true> {
    const argv: Argument[] = ["HMSET", key];
    pushFields(argv, fields);
    return this.send(argv, ok);
  }

  /**
   * Pick a field of a hash at random.
   *
   * @returns the name of a field, or `null` if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("coin", "heads", 1);
   * const side = await redis.hrandfield("coin"); // "heads"
   * ```
   * @see https://redis.io/commands/hrandfield
   * @since 6.2.0
   */
  hrandfield(key: Key): Reply<M, B | null>;
  /**
   * Pick several fields of a hash at random.
   *
   * @param count at most this many different fields; if negative, exactly that many, of which some
   *   may be the same
   * @returns the names of the fields; empty if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("coin", "heads", 1);
   * const sides = await redis.hrandfield("coin", -2); // ["heads", "heads"]
   * ```
   * @see https://redis.io/commands/hrandfield
   * @since 6.2.0
   */
  hrandfield(
    key: Key,
    count: number,
    options?: HrandfieldOptions & { readonly withValues?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Pick several fields of a hash at random, with their values.
   *
   * @param count at most this many different fields; if negative, exactly that many, of which some
   *   may be the same
   * @returns the fields with their values; empty if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("coin", "heads", 1);
   * const sides = await redis.hrandfield("coin", 2, { withValues: true });
   * // [{ field: "heads", value: "1" }]
   * ```
   * @see https://redis.io/commands/hrandfield
   * @since 6.2.0
   */
  hrandfield(
    key: Key,
    count: number,
    options: HrandfieldOptions & { readonly withValues: true },
  ): Reply<M, Field<B>[]>;
  hrandfield(
    key: Key,
    count?: number,
    options?: HrandfieldOptions,
  ): Reply<M, B | null | B[] | Field<B>[]> {
    type Picked = B | null | B[] | Field<B>[];
    if (count === undefined) return this.send<Picked>(["HRANDFIELD", key], bulkOrNull<B>);
    const argv: Argument[] = ["HRANDFIELD", key, count];
    if (options?.withValues !== true) return this.send<Picked>(argv, bulks<B>);
    argv.push("WITHVALUES");
    return this.send<Picked>(argv, fieldList<B>);
  }

  /**
   * Get one page of the fields of a hash, with their values.
   *
   * A hash that changes meanwhile is no problem: fields that are there from the first page to the
   * last are given at least once.
   *
   * @param cursor `"0"` for the first page, then the `cursor` of the page before
   * @returns the page; the scan is over when its `cursor` is `"0"`, even if some page was empty
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const page = await redis.hscan("user", "0", { match: "n*" });
   * // { cursor: "0", fields: [{ field: "name", value: "Ada" }] }
   * ```
   * @see https://redis.io/commands/hscan
   * @since 2.8.0
   */
  hscan(
    key: Key,
    cursor: Cursor,
    options?: ScanOptions & { readonly withValues?: true | undefined },
  ): Reply<M, HscanPage<B>>;
  /**
   * Get one page of the names of the fields of a hash, without their values.
   *
   * A hash that changes meanwhile is no problem: fields that are there from the first page to the
   * last are given at least once.
   *
   * @param cursor `"0"` for the first page, then the `cursor` of the page before
   * @returns the page; the scan is over when its `cursor` is `"0"`, even if some page was empty
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const page = await redis.hscan("user", "0", { withValues: false });
   * // { cursor: "0", fields: ["name", "age"] }
   * ```
   * @see https://redis.io/commands/hscan
   * @since Redis 7.4.0, Valkey 8.0.0
   */
  hscan(key: Key, cursor: Cursor, options: HscanNamesOptions): Reply<M, HscanNamesPage<B>>;
  hscan(
    key: Key,
    cursor: Cursor,
    options?: ScanOptions & { readonly withValues?: boolean | undefined },
  ): Reply<M, HscanPage<B> | HscanNamesPage<B>> {
    const argv: Argument[] = ["HSCAN", key, cursor];
    pushScanOptions(argv, options);
    if (options?.withValues !== false) {
      return this.send<HscanPage<B> | HscanNamesPage<B>>(argv, fieldPage<B>);
    }
    argv.push("NOVALUES");
    return this.send<HscanPage<B> | HscanNamesPage<B>>(argv, fieldNamesPage<B>);
  }

  /**
   * Set fields of a hash, which is made if the key does not exist.
   *
   * @param fields an object, a `Map`, or pairs of field and value
   * @returns how many fields are new; those that got another value do not count
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * const added = await redis.hset("user", { name: "Ada", age: 36 }); // 2
   * ```
   * @see https://redis.io/commands/hset
   * @since 4.0.0
   */
  hset<T extends object>(key: Key, fields: FieldValues | FieldsOf<T>): Reply<M, number>;
  /**
   * Set one field of a hash, which is made if the key does not exist.
   *
   * @returns 1 if the field is new, 0 if it got another value
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * const added = await redis.hset("user", "name", "Ada"); // 1
   * ```
   * @see https://redis.io/commands/hset
   * @since 2.0.0
   */
  hset(key: Key, field: Key, value: Value): Reply<M, number>;
  hset(key: Key, fields: FieldValues | Key, value?: Value): Reply<M, number> {
    if (typeof fields === "string" || fields instanceof Uint8Array) {
      // The overload demands a value; the command refuses `undefined`.
      return this.send(["HSET", key, fields, trust<Value>(value)], integer);
    }
    const argv: Argument[] = ["HSET", key];
    pushFields(argv, fields);
    return this.send(argv, integer);
  }

  /**
   * Set a field of a hash unless it exists.
   *
   * @returns `true` if the field was set, `false` if it existed and was left as it is
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * const first = await redis.hsetnx("user", "name", "Ada"); // true
   * const second = await redis.hsetnx("user", "name", "Bob"); // false
   * ```
   * @see https://redis.io/commands/hsetnx
   * @since 2.0.0
   */
  hsetnx(key: Key, field: Key, value: Value): Reply<M, boolean> {
    return this.send(["HSETNX", key, field, value], flag);
  }

  /**
   * Get the length of the value of a field of a hash.
   *
   * @returns the length in bytes; 0 if the field or the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", "name", "Zoë");
   * const length = await redis.hstrlen("user", "name"); // 4
   * ```
   * @see https://redis.io/commands/hstrlen
   * @since 3.2.0
   */
  hstrlen(key: Key, field: Key): Reply<M, number> {
    return this.send(["HSTRLEN", key, field], integer);
  }

  /**
   * Get the values of all fields of a hash.
   *
   * @returns the values, in no particular order; empty if the hash does not exist
   * @throws {WrongTypeError} if the key holds something other than a hash
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada", age: 36 });
   * const values = await redis.hvals("user"); // ["Ada", "36"]
   * ```
   * @see https://redis.io/commands/hvals
   * @since 2.0.0
   */
  hvals(key: Key): Reply<M, B[]> {
    return this.send(["HVALS", key], bulks<B>);
  }
}

/** Fields with values, flat or as pairs; a field may be there more than once. */
function fieldList<B extends Bulk>(reply: RespValue): Field<B>[] {
  const fields: Field<B>[] = [];
  eachPair(reply, (field, value) => {
    fields.push({ field: bulk<B>(field), value: bulk<B>(value) });
  });
  return fields;
}

function fieldNamesPage<B extends Bulk>(reply: RespValue): HscanNamesPage<B> {
  const [cursor, fields] = scanPage(reply);
  return { cursor, fields: bulks<B>(fields) };
}

function fieldPage<B extends Bulk>(reply: RespValue): HscanPage<B> {
  const [cursor, fields] = scanPage(reply);
  return { cursor, fields: fieldList<B>(fields) };
}
