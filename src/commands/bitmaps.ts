import { type Many, type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Key } from "../command/command.ts";
import { array, integer, integerOrNull, trust } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { ArgumentError } from "../errors.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** One bit. */
export type Bit = 0 | 1;

/** What the ends of a range count. `"BIT"` needs a server of 7.0.0. */
export type BitUnit = "BYTE" | "BIT";

/** Which part of a value {@link BitmapCommands.bitcount} looks at. */
export interface BitcountRange {
  /** The first position, 0 unless given; a negative one counts from the end. */
  readonly start?: number | undefined;
  /** The last position, itself included, -1 (the last of all) unless given. */
  readonly end?: number | undefined;
  /** What `start` and `end` count, `"BYTE"` unless given. @since 7.0.0 */
  readonly unit?: BitUnit | undefined;
}

/** Which part of a value {@link BitmapCommands.bitpos} looks at. */
export type BitposRange =
  | {
      /** The first byte, 0 unless given; a negative position counts from the end. */
      readonly start?: number | undefined;
      readonly end?: undefined;
      readonly unit?: undefined;
    }
  | {
      /** The first position, 0 unless given; a negative one counts from the end. */
      readonly start?: number | undefined;
      /** The last position, itself included. */
      readonly end: number;
      /** What `start` and `end` count, `"BYTE"` unless given. @since 7.0.0 */
      readonly unit?: BitUnit | undefined;
    };

/** An integer inside of a bitmap: signed (`i1` to `i64`) or unsigned (`u1` to `u63`), by bits. */
export type BitfieldType = `i${number}` | `u${number}`;

/** Where an integer begins: a bit, or with `#` a multiple of the integer's own width. */
export type BitfieldOffset = number | `#${number}`;

/**
 * What happens to a value that its type cannot hold: it wraps around, it stays at the largest or
 * smallest possible, or the operation fails and its reply is `null`.
 */
export type BitfieldOverflow = "WRAP" | "SAT" | "FAIL";

/** Read an integer. */
export interface BitfieldGet {
  /** The integer's type. */
  readonly get: BitfieldType;
  /** Where it begins. */
  readonly offset: BitfieldOffset;
  readonly set?: undefined;
  readonly incrby?: undefined;
  readonly overflow?: undefined;
}

/** Write an integer; the reply is what was there before. */
export interface BitfieldSet {
  /** The integer's type. */
  readonly set: BitfieldType;
  /** Where it begins. */
  readonly offset: BitfieldOffset;
  /** What to write. */
  readonly value: number | bigint;
  /** If the type cannot hold `value`; `"WRAP"` unless given. */
  readonly overflow?: BitfieldOverflow | undefined;
  readonly get?: undefined;
  readonly incrby?: undefined;
}

/** Add to an integer; the reply is the sum. */
export interface BitfieldIncrby {
  /** The integer's type. */
  readonly incrby: BitfieldType;
  /** Where it begins. */
  readonly offset: BitfieldOffset;
  /** What to add; may be negative. */
  readonly increment: number | bigint;
  /** If the type cannot hold the sum; `"WRAP"` unless given. */
  readonly overflow?: BitfieldOverflow | undefined;
  readonly get?: undefined;
  readonly set?: undefined;
}

/** One step of a {@link BitmapCommands.bitfield}. */
export type BitfieldOperation = BitfieldGet | BitfieldSet | BitfieldIncrby;

/** What one operation replies: `null` is possible only where `overflow` can be `"FAIL"`. */
export type BitfieldResult<O> = O extends { readonly get: unknown }
  ? number
  : O extends { readonly overflow?: infer V }
    ? OverflowResult<"overflow" extends keyof O ? V : undefined>
    : number;

type OverflowResult<V> = "FAIL" extends V ? number | null : number;

/**
 * What a list of operations replies.
 *
 * @example
 * `BitfieldResults<[{ get: "u8"; offset: 0 }, { incrby: "u8"; offset: 0; increment: 1; overflow:
 * "FAIL" }]>` is `[number, number | null]`
 */
export type BitfieldResults<O extends readonly unknown[]> = {
  -readonly [I in keyof O]: BitfieldResult<O[I]>;
};

/** Commands on strings as rows of bits; bit 0 is the highest bit of the first byte. */
export abstract class BitmapCommands<M extends Mode> extends Executor<M> {
  /**
   * Get one bit.
   *
   * @param offset the bit's position, from 0
   * @returns `0` or `1`; `0` beyond the value's end, or if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.setbit("online", 7, 1);
   * const bit = await redis.getbit("online", 7); // 1
   * ```
   * @see https://redis.io/commands/getbit
   * @since 2.2.0
   */
  getbit(key: Key, offset: number): Reply<M, Bit> {
    return this.send(["GETBIT", key, offset], bit);
  }

  /**
   * Set or clear one bit; the value grows as needed, with zeros.
   *
   * @param offset the bit's position, from 0 to 2^32-1
   * @returns the bit that was there before
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * const before = await redis.setbit("online", 7, 1); // 0
   * ```
   * @see https://redis.io/commands/setbit
   * @since 2.2.0
   */
  setbit(key: Key, offset: number, value: Bit): Reply<M, Bit> {
    return this.send(["SETBIT", key, offset, value], bit);
  }

  /**
   * Count the bits that are set, in a whole value or a part of it.
   *
   * @returns the number of bits; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("word", "foobar");
   * const all = await redis.bitcount("word"); // 26
   * const inFirstByte = await redis.bitcount("word", { start: 0, end: 0 }); // 4
   * ```
   * @see https://redis.io/commands/bitcount
   * @since 2.6.0
   */
  bitcount(key: Key, range?: BitcountRange): Reply<M, number> {
    const argv: Argument[] = ["BITCOUNT", key];
    if (range !== undefined) argv.push(range.start ?? 0, range.end ?? -1);
    if (range?.unit !== undefined) argv.push(range.unit);
    return this.send(argv, integer);
  }

  /**
   * Find the first bit that is set, or that is clear.
   *
   * Without an `end` the value counts as followed by zeros: a search for 0 in bytes that are all
   * ones finds the position after them.
   *
   * @returns the bit's position counted from the start of the value, or -1 if there is none
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.setbit("slots", 3, 1);
   * const taken = await redis.bitpos("slots", 1); // 3
   * ```
   * @see https://redis.io/commands/bitpos
   * @since 2.8.7
   */
  bitpos(key: Key, value: Bit, range?: BitposRange): Reply<M, number> {
    const argv: Argument[] = ["BITPOS", key, value];
    if (range?.start !== undefined || range?.end !== undefined) argv.push(range.start ?? 0);
    if (range?.end !== undefined) argv.push(range.end);
    if (range?.unit !== undefined) argv.push(range.unit);
    return this.send(argv, integer);
  }

  /**
   * Combine values bit by bit and store the result; shorter and missing values count as zeros.
   *
   * @param operation a bit is set where it is in all sources (`"AND"`), in at least one (`"OR"`),
   *   in an odd number of them (`"XOR"`) or in exactly one (`"ONE"`, since Redis 8.2.0)
   * @returns the length of the result in bytes; with 0 the destination is deleted
   * @throws {WrongTypeError} if a source holds something other than a string
   * @throws {ArgumentError} if `sources` is empty
   * @example
   * ```ts
   * await redis.mset({ first: "abc", second: "abd" });
   * const length = await redis.bitop("AND", "both", ["first", "second"]); // 3
   * ```
   * @see https://redis.io/commands/bitop
   * @since 2.6.0
   */
  bitop(
    operation: "AND" | "OR" | "XOR" | "ONE",
    destination: Key,
    sources: OneOrMany<Key>,
  ): Reply<M, number>;
  /**
   * Compare a value bit by bit with several others and store the result.
   *
   * @param operation a bit is set where it is in the first source and in none of the others
   *   (`"DIFF"`), in at least one of the others but not in the first (`"DIFF1"`), or in the first
   *   and at least one of the others (`"ANDOR"`)
   * @param sources at least two
   * @returns the length of the result in bytes; with 0 the destination is deleted
   * @throws {WrongTypeError} if a source holds something other than a string
   * @throws {ServerError} if there is only one source
   * @throws {ArgumentError} if `sources` is empty
   * @example
   * ```ts
   * await redis.mset({ first: "abc", second: "abd" });
   * const length = await redis.bitop("DIFF", "lost", ["first", "second"]); // 3
   * ```
   * @see https://redis.io/commands/bitop
   * @since Redis 8.2.0
   */
  bitop(
    operation: "DIFF" | "DIFF1" | "ANDOR",
    destination: Key,
    sources: Many<Key>,
  ): Reply<M, number>;
  /**
   * Invert every bit of a value and store the result.
   *
   * @returns the length of the result in bytes; with 0 the destination is deleted
   * @throws {WrongTypeError} if the source holds something other than a string
   * @example
   * ```ts
   * await redis.setbit("online", 7, 1);
   * const length = await redis.bitop("NOT", "offline", "online"); // 1
   * ```
   * @see https://redis.io/commands/bitop
   * @since 2.6.0
   */
  bitop(operation: "NOT", destination: Key, source: Key): Reply<M, number>;
  bitop(operation: string, destination: Key, sources: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["BITOP", operation, destination];
    pushAll(argv, sources, "sources");
    return this.send(argv, integer);
  }

  /**
   * Read and write integers of any width inside of a value, in order and as one atomic step.
   *
   * @returns one number for each operation: what was read, what was there before a `set`, or the
   *   sum of an `incrby`; `null` for one that `overflow: "FAIL"` stopped
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {ArgumentError} if `operations` is empty
   * @throws {DecodeError} if a reply is beyond 2^53-1
   * @example
   * ```ts
   * const [level, coins] = await redis.bitfield("player", [
   *   { incrby: "u8", offset: 0, increment: 1 },
   *   { incrby: "u4", offset: 8, increment: 20, overflow: "SAT" },
   * ]); // 1, 15
   * ```
   * @see https://redis.io/commands/bitfield
   * @since 3.2.0
   */
  bitfield<const O extends readonly BitfieldOperation[]>(
    key: Key,
    operations: O,
  ): Reply<M, BitfieldResults<O>> {
    const argv: Argument[] = ["BITFIELD", key];
    let overflow: BitfieldOverflow = "WRAP";
    for (const operation of operations) overflow = pushOperation(argv, operation, overflow);
    return this.send(requireOperations(argv), bitfieldResults<O>);
  }

  /**
   * Read integers of any width inside of a value; replicas may answer.
   *
   * @returns one number for each operation; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @throws {ArgumentError} if `operations` is empty
   * @throws {DecodeError} if a reply is beyond 2^53-1
   * @example
   * ```ts
   * await redis.set("word", "foobar");
   * const [code] = await redis.bitfield_ro("word", [{ get: "u8", offset: "#1" }]); // 111
   * ```
   * @see https://redis.io/commands/bitfield_ro
   * @since 6.0.0
   */
  bitfield_ro<const O extends readonly BitfieldGet[]>(
    key: Key,
    operations: O,
  ): Reply<M, BitfieldResults<O>> {
    const argv: Argument[] = ["BITFIELD_RO", key];
    for (const { get, offset } of operations) argv.push("GET", get, offset);
    return this.send(requireOperations(argv), bitfieldResults<O>);
  }
}

function bit(reply: RespValue): Bit {
  return integer(reply) === 0 ? 0 : 1;
}

/** One result for each operation: the server keeps to the list. */
function bitfieldResults<O extends readonly unknown[]>(reply: RespValue): BitfieldResults<O> {
  return trust(array(reply).map(integerOrNull));
}

/** `OVERFLOW` holds for all that follows: it is sent where it changes. @returns what now holds */
function pushOperation(
  argv: Argument[],
  operation: BitfieldOperation,
  current: BitfieldOverflow,
): BitfieldOverflow {
  if (operation.get !== undefined) {
    argv.push("GET", operation.get, operation.offset);
    return current;
  }
  const overflow = operation.overflow ?? "WRAP";
  if (overflow !== current) argv.push("OVERFLOW", overflow);
  if (operation.set !== undefined) {
    argv.push("SET", operation.set, operation.offset, operation.value);
  } else {
    argv.push("INCRBY", operation.incrby, operation.offset, operation.increment);
  }
  return overflow;
}

function requireOperations(argv: Argument[]): Argument[] {
  if (argv.length > 2) return argv;
  const command = String(argv[0]);
  throw new ArgumentError(`${command} needs at least one operation, but got none`, { command });
}
