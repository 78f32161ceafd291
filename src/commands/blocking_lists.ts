import { type OneOrMany, pushAll, pushCounted } from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import { array, bulk, bulkOrNull } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { BLOCKING } from "../command/traits.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";
import { type ListSide, type MoveSides, type PoppedElements, poppedElements } from "./lists.ts";

/** How long a blocking command waits. */
export interface BlockingOptions {
  /** How long to wait, in seconds, fractions included; 0 waits for ever. */
  readonly timeoutInSeconds: number;
}

/** Options of {@link BlockingListCommands.blmove}. */
export interface BlmoveOptions extends MoveSides, BlockingOptions {}

/** Options of {@link BlockingListCommands.blmpop}. */
export interface BlmpopOptions extends BlockingOptions {
  /** Take at most this many elements, 1 unless given (`COUNT`). */
  readonly count?: number | undefined;
}

/** An element taken from one of several lists. */
export interface PoppedElement<B extends Bulk> {
  /** The list it was taken from. */
  readonly key: B;
  /** The element. */
  readonly value: B;
}

/**
 * Commands that wait for an element of a list. Inside of a transaction they do not wait: the reply
 * is `null` at once if there is no element.
 */
export abstract class BlockingListCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Move an element from one end of a list to an end of the same or another list; wait for one if
   * there is none.
   *
   * @returns the element, or `null` if there was none until the timeout
   * @throws {WrongTypeError} if a key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("waiting", ["a", "b"]);
   * const job = await redis.blmove("waiting", "running", {
   *   from: "LEFT",
   *   to: "RIGHT",
   *   timeoutInSeconds: 5,
   * }); // "a"
   * ```
   * @see https://redis.io/commands/blmove
   * @since 6.2.0
   */
  blmove(source: Key, destination: Key, options: BlmoveOptions): Reply<M, B | null> {
    const { from, to, timeoutInSeconds } = options;
    const argv = ["BLMOVE", source, destination, from, to, timeoutInSeconds];
    return this.send(argv, bulkOrNull<B>, BLOCKING);
  }

  /**
   * Remove elements from the first list that has any, and get them; wait for one if there is none.
   *
   * @param keys lists, asked in this order
   * @param side the end to take from
   * @returns the list and its elements, or `null` if there were none until the timeout
   * @throws {WrongTypeError} if a key holds something other than a list
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.rpush("later", ["a", "b", "c"]);
   * const jobs = await redis.blmpop(["now", "later"], "LEFT", {
   *   timeoutInSeconds: 5,
   *   count: 2,
   * }); // { key: "later", values: ["a", "b"] }
   * ```
   * @see https://redis.io/commands/blmpop
   * @since 7.0.0
   */
  blmpop(
    keys: OneOrMany<Key>,
    side: ListSide,
    options: BlmpopOptions,
  ): Reply<M, PoppedElements<B> | null> {
    const argv: Argument[] = ["BLMPOP", options.timeoutInSeconds];
    pushCounted(argv, keys, "keys");
    argv.push(side);
    if (options.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, poppedElements<B>, BLOCKING);
  }

  /**
   * Remove the first element of the first list that has any, and get it; wait for one if there is
   * none.
   *
   * @param keys lists, asked in this order
   * @param timeoutInSeconds how long to wait, fractions included (since 6.0.0); 0 waits for ever
   * @returns the list and its element, or `null` if there was none until the timeout
   * @throws {WrongTypeError} if a key holds something other than a list
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.rpush("later", ["a", "b"]);
   * const job = await redis.blpop(["now", "later"], 5); // { key: "later", value: "a" }
   * ```
   * @see https://redis.io/commands/blpop
   * @since 2.0.0
   */
  blpop(keys: OneOrMany<Key>, timeoutInSeconds: number): Reply<M, PoppedElement<B> | null> {
    const argv: Argument[] = ["BLPOP"];
    pushAll(argv, keys, "keys");
    argv.push(timeoutInSeconds);
    return this.send(argv, poppedElement<B>, BLOCKING);
  }

  /**
   * Remove the last element of the first list that has any, and get it; wait for one if there is
   * none.
   *
   * @param keys lists, asked in this order
   * @param timeoutInSeconds how long to wait, fractions included (since 6.0.0); 0 waits for ever
   * @returns the list and its element, or `null` if there was none until the timeout
   * @throws {WrongTypeError} if a key holds something other than a list
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.rpush("later", ["a", "b"]);
   * const job = await redis.brpop(["now", "later"], 5); // { key: "later", value: "b" }
   * ```
   * @see https://redis.io/commands/brpop
   * @since 2.0.0
   */
  brpop(keys: OneOrMany<Key>, timeoutInSeconds: number): Reply<M, PoppedElement<B> | null> {
    const argv: Argument[] = ["BRPOP"];
    pushAll(argv, keys, "keys");
    argv.push(timeoutInSeconds);
    return this.send(argv, poppedElement<B>, BLOCKING);
  }

  /**
   * Move the last element of a list to the head of the same or another list; wait for one if there
   * is none.
   *
   * @deprecated Use {@link BlockingListCommands.blmove} with `{ from: "RIGHT", to: "LEFT" }`.
   * @param timeoutInSeconds how long to wait, fractions included (since 6.0.0); 0 waits for ever
   * @returns the element, or `null` if there was none until the timeout
   * @throws {WrongTypeError} if a key holds something other than a list
   * @example
   * ```ts
   * await redis.rpush("waiting", ["a", "b"]);
   * const job = await redis.brpoplpush("waiting", "running", 5); // "b"
   * ```
   * @see https://redis.io/commands/brpoplpush
   * @since 2.2.0
   */
  brpoplpush(source: Key, destination: Key, timeoutInSeconds: number): Reply<M, B | null> {
    const argv = ["BRPOPLPUSH", source, destination, timeoutInSeconds];
    return this.send(argv, bulkOrNull<B>, BLOCKING);
  }
}

/** The reply of `BLPOP` and `BRPOP`. */
function poppedElement<B extends Bulk>(reply: RespValue): PoppedElement<B> | null {
  if (reply === null) return null;
  const [key = null, value = null] = array(reply);
  return { key: bulk<B>(key), value: bulk<B>(value) };
}
