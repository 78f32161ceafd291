import { type OneOrMany, pushAll, pushCounted } from "../command/arguments.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import {
  array,
  bulk,
  bulkOrNull,
  bulks,
  bulksOrNull,
  integer,
  integerOrNull,
  integers,
  ok,
} from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** An end of a list: `"LEFT"` is its head, `"RIGHT"` its tail. */
export type ListSide = "LEFT" | "RIGHT";

/** Which ends of two lists an element leaves and enters. */
export interface MoveSides {
  /** The end of the source that the element is taken from. */
  readonly from: ListSide;
  /** The end of the destination that the element is put to. */
  readonly to: ListSide;
}

/** Where {@link ListCommands.linsert} puts an element: beside the first one equal to a pivot. */
export type InsertPlace =
  | {
      /** Insert before this element (`BEFORE`). */
      readonly before: Value;
      readonly after?: undefined;
    }
  | {
      readonly before?: undefined;
      /** Insert after this element (`AFTER`). */
      readonly after: Value;
    };

/** Options of {@link ListCommands.lmpop}. */
export interface LmpopOptions {
  /** Take at most this many elements, 1 unless given (`COUNT`). */
  readonly count?: number | undefined;
}

/** Options of {@link ListCommands.lpos}. */
export interface LposOptions {
  /** Start at this match (`RANK`): 1 is the first, 2 the second; -1 the last, going backwards. */
  readonly rank?: number | undefined;
  /** Give the positions of this many matches; 0 gives all (`COUNT`). */
  readonly count?: number | undefined;
  /** Compare at most this many elements; 0, the default, compares all (`MAXLEN`). */
  readonly maxComparisons?: number | undefined;
}

/** Elements taken from one of several lists. */
export interface PoppedElements<B extends Bulk> {
  /** The list they were taken from. */
  readonly key: B;
  /** The elements, the first one taken first. */
  readonly values: B[];
}

/** Commands on lists: elements in order, quick to reach at both ends. */
export abstract class ListCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the element at a position of a list.
   *
   * @param index from 0 at the head; negative from -1 at the tail
   * @returns the element, or `null` if the list does not reach there or does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b", "c"]);
   * const last = await redis.lindex("queue", -1); // "c"
   * ```
   * @see https://redis.io/commands/lindex
   * @since 1.0.0
   */
  lindex(key: Key, index: number): Reply<M, B | null> {
    return this.send(["LINDEX", key, index], bulkOrNull<B>);
  }

  /**
   * Insert an element into a list, before or after another one.
   *
   * @param place the pivot: the first element equal to it counts, from the head
   * @returns the new length; -1 if the list has no such pivot, 0 if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "c"]);
   * const length = await redis.linsert("queue", "b", { before: "c" }); // 3
   * ```
   * @see https://redis.io/commands/linsert
   * @since 2.2.0
   */
  linsert(key: Key, element: Value, place: InsertPlace): Reply<M, number> {
    const argv: Argument[] = ["LINSERT", key];
    if (place.before !== undefined) argv.push("BEFORE", place.before, element);
    else argv.push("AFTER", place.after, element);
    return this.send(argv, integer);
  }

  /**
   * Count the elements of a list.
   *
   * @returns the length; 0 if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b"]);
   * const length = await redis.llen("queue"); // 2
   * ```
   * @see https://redis.io/commands/llen
   * @since 1.0.0
   */
  llen(key: Key): Reply<M, number> {
    return this.send(["LLEN", key], integer);
  }

  /**
   * Move an element from one end of a list to an end of the same or another list, as one step.
   *
   * @returns the element, or `null` if `source` does not exist
   * @throws {WrongTypeError} if a key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("waiting", ["a", "b"]);
   * const job = await redis.lmove("waiting", "running", { from: "LEFT", to: "RIGHT" }); // "a"
   * ```
   * @see https://redis.io/commands/lmove
   * @since 6.2.0
   */
  lmove(source: Key, destination: Key, sides: MoveSides): Reply<M, B | null> {
    return this.send(["LMOVE", source, destination, sides.from, sides.to], bulkOrNull<B>);
  }

  /**
   * Remove elements from the first list that has any, and get them.
   *
   * @param keys lists, asked in this order
   * @param side the end to take from
   * @returns the list and its elements, or `null` if none of the lists exists
   * @throws {WrongTypeError} if a key holds something other than a list
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.rpush("later", ["a", "b", "c"]);
   * const jobs = await redis.lmpop(["now", "later"], "LEFT", { count: 2 });
   * // { key: "later", values: ["a", "b"] }
   * ```
   * @see https://redis.io/commands/lmpop
   * @since 7.0.0
   */
  lmpop(
    keys: OneOrMany<Key>,
    side: ListSide,
    options?: LmpopOptions,
  ): Reply<M, PoppedElements<B> | null> {
    const argv: Argument[] = ["LMPOP"];
    pushCounted(argv, keys, "keys");
    argv.push(side);
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, poppedElements<B>);
  }

  /**
   * Remove the first element of a list and get it.
   *
   * @returns the element, or `null` if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b"]);
   * const first = await redis.lpop("queue"); // "a"
   * ```
   * @see https://redis.io/commands/lpop
   * @since 1.0.0
   */
  lpop(key: Key): Reply<M, B | null>;
  /**
   * Remove several elements from the head of a list and get them.
   *
   * @param count how many; all if the list has no more
   * @returns the elements, the first one first, or `null` if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b", "c"]);
   * const firstTwo = await redis.lpop("queue", 2); // ["a", "b"]
   * ```
   * @see https://redis.io/commands/lpop
   * @since 6.2.0
   */
  lpop(key: Key, count: number): Reply<M, B[] | null>;
  lpop(key: Key, count?: number): Reply<M, B | B[] | null> {
    if (count === undefined) return this.send<B | B[] | null>(["LPOP", key], bulkOrNull<B>);
    return this.send<B | B[] | null>(["LPOP", key, count], bulksOrNull<B>);
  }

  /**
   * Find the position of an element in a list.
   *
   * @returns the position, from 0 at the head also when searching backwards; `null` if there is no
   *   match
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ServerError} if `rank` is 0
   * @example
   * ```ts
   * await redis.rpush("letters", ["a", "b", "a"]);
   * const position = await redis.lpos("letters", "b"); // 1
   * ```
   * @see https://redis.io/commands/lpos
   * @since 6.0.6
   */
  lpos(
    key: Key,
    element: Value,
    options?: LposOptions & { readonly count?: undefined },
  ): Reply<M, number | null>;
  /**
   * Find the positions of several elements in a list that are equal to one.
   *
   * @returns the positions, in the order they were found; empty if there is no match
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ServerError} if `rank` is 0
   * @example
   * ```ts
   * await redis.rpush("letters", ["a", "b", "a"]);
   * const positions = await redis.lpos("letters", "a", { count: 0 }); // [0, 2]
   * ```
   * @see https://redis.io/commands/lpos
   * @since 6.0.6
   */
  lpos(
    key: Key,
    element: Value,
    options: LposOptions & { readonly count: number },
  ): Reply<M, number[]>;
  lpos(key: Key, element: Value, options?: LposOptions): Reply<M, number | null | number[]> {
    const argv: Argument[] = ["LPOS", key, element];
    if (options?.rank !== undefined) argv.push("RANK", options.rank);
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    if (options?.maxComparisons !== undefined) argv.push("MAXLEN", options.maxComparisons);
    if (options?.count === undefined) {
      return this.send<number | null | number[]>(argv, integerOrNull);
    }
    return this.send<number | null | number[]>(argv, integers);
  }

  /**
   * Put one or several elements to the head of a list, which is made if the key does not exist.
   *
   * @param elements are put one after the other, so the last one becomes the head
   * @returns the new length
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ArgumentError} if `elements` is empty
   * @example
   * ```ts
   * await redis.lpush("stack", ["a", "b"]); // 2
   * const top = await redis.lindex("stack", 0); // "b"
   * ```
   * @see https://redis.io/commands/lpush
   * @since 1.0.0
   */
  lpush(key: Key, elements: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["LPUSH", key];
    pushAll(argv, elements, "elements");
    return this.send(argv, integer);
  }

  /**
   * Put one or several elements to the head of a list, if the list exists.
   *
   * @param elements are put one after the other, so the last one becomes the head
   * @returns the new length; 0 if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ArgumentError} if `elements` is empty
   * @example
   * ```ts
   * const length = await redis.lpushx("missing", "a"); // 0
   * ```
   * @see https://redis.io/commands/lpushx
   * @since 2.2.0
   */
  lpushx(key: Key, elements: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["LPUSHX", key];
    pushAll(argv, elements, "elements");
    return this.send(argv, integer);
  }

  /**
   * Get a part of a list.
   *
   * @param start the first position, from 0 at the head; negative from -1 at the tail
   * @param stop the last position, which is included; -1 is the tail
   * @returns the elements; empty if there are none, or no list
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b", "c"]);
   * const all = await redis.lrange("queue", 0, -1); // ["a", "b", "c"]
   * ```
   * @see https://redis.io/commands/lrange
   * @since 1.0.0
   */
  lrange(key: Key, start: number, stop: number): Reply<M, B[]> {
    return this.send(["LRANGE", key, start, stop], bulks<B>);
  }

  /**
   * Remove the elements of a list that are equal to one.
   *
   * @param count how many: positive from the head, negative from the tail, 0 for all
   * @returns how many were removed; 0 if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("letters", ["a", "b", "a"]);
   * const removed = await redis.lrem("letters", 0, "a"); // 2
   * ```
   * @see https://redis.io/commands/lrem
   * @since 1.0.0
   */
  lrem(key: Key, count: number, element: Value): Reply<M, number> {
    return this.send(["LREM", key, count, element], integer);
  }

  /**
   * Replace the element at a position of a list.
   *
   * @param index from 0 at the head; negative from -1 at the tail
   * @returns `true`
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ServerError} if the list does not reach there or does not exist
   * @example
   * ```ts
   * await redis.rpush("queue", ["a", "b"]);
   * await redis.lset("queue", 0, "A"); // true
   * ```
   * @see https://redis.io/commands/lset
   * @since 1.0.0
   */
  lset(key: Key, index: number, element: Value): Reply<M, true> {
    return this.send(["LSET", key, index, element], ok);
  }

  /**
   * Keep a part of a list and remove the rest; a list without elements is gone.
   *
   * @param start the first position to keep, from 0 at the head; negative from -1 at the tail
   * @param stop the last position to keep; -1 is the tail
   * @returns `true`, also if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.lpush("news", ["old", "new", "newest"]);
   * await redis.ltrim("news", 0, 1); // true: "newest" and "new" are left
   * ```
   * @see https://redis.io/commands/ltrim
   * @since 1.0.0
   */
  ltrim(key: Key, start: number, stop: number): Reply<M, true> {
    return this.send(["LTRIM", key, start, stop], ok);
  }

  /**
   * Remove the last element of a list and get it.
   *
   * @returns the element, or `null` if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("stack", ["a", "b"]);
   * const top = await redis.rpop("stack"); // "b"
   * ```
   * @see https://redis.io/commands/rpop
   * @since 1.0.0
   */
  rpop(key: Key): Reply<M, B | null>;
  /**
   * Remove several elements from the tail of a list and get them.
   *
   * @param count how many; all if the list has no more
   * @returns the elements, the last one first, or `null` if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("stack", ["a", "b", "c"]);
   * const topTwo = await redis.rpop("stack", 2); // ["c", "b"]
   * ```
   * @see https://redis.io/commands/rpop
   * @since 6.2.0
   */
  rpop(key: Key, count: number): Reply<M, B[] | null>;
  rpop(key: Key, count?: number): Reply<M, B | B[] | null> {
    if (count === undefined) return this.send<B | B[] | null>(["RPOP", key], bulkOrNull<B>);
    return this.send<B | B[] | null>(["RPOP", key, count], bulksOrNull<B>);
  }

  /**
   * Move the last element of a list to the head of the same or another list.
   *
   * @deprecated Use {@link ListCommands.lmove} with `{ from: "RIGHT", to: "LEFT" }`.
   * @returns the element, or `null` if `source` does not exist
   * @throws {WrongTypeError} if a key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("waiting", ["a", "b"]);
   * const job = await redis.rpoplpush("waiting", "running"); // "b"
   * ```
   * @see https://redis.io/commands/rpoplpush
   * @since 1.2.0
   */
  rpoplpush(source: Key, destination: Key): Reply<M, B | null> {
    return this.send(["RPOPLPUSH", source, destination], bulkOrNull<B>);
  }

  /**
   * Put one or several elements to the tail of a list, which is made if the key does not exist.
   *
   * @param elements are put one after the other, so the last one becomes the tail
   * @returns the new length
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ArgumentError} if `elements` is empty
   * @example
   * ```ts
   * const length = await redis.rpush("queue", ["a", "b"]); // 2
   * ```
   * @see https://redis.io/commands/rpush
   * @since 1.0.0
   */
  rpush(key: Key, elements: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["RPUSH", key];
    pushAll(argv, elements, "elements");
    return this.send(argv, integer);
  }

  /**
   * Put one or several elements to the tail of a list, if the list exists.
   *
   * @param elements are put one after the other, so the last one becomes the tail
   * @returns the new length; 0 if the list does not exist
   * @throws {WrongTypeError} if the key holds something other than a list
   * @throws {ArgumentError} if `elements` is empty
   * @example
   * ```ts
   * const length = await redis.rpushx("missing", "a"); // 0
   * ```
   * @see https://redis.io/commands/rpushx
   * @since 2.2.0
   */
  rpushx(key: Key, elements: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["RPUSHX", key];
    pushAll(argv, elements, "elements");
    return this.send(argv, integer);
  }
}

/** The reply of `LMPOP` and `BLMPOP`. */
export function poppedElements<B extends Bulk>(reply: RespValue): PoppedElements<B> | null {
  if (reply === null) return null;
  const [key = null, values = null] = array(reply);
  return { key: bulk<B>(key), values: bulks<B>(values) };
}
