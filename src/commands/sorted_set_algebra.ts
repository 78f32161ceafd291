import { type OneOrMany, pushCounted } from "../command/arguments.ts";
import { type AggregateOptions, pushAggregate } from "../command/arguments_sorted_sets.ts";
import type { Bulk, Key } from "../command/command.ts";
import { bulks, integer, type Scored, scoredMembers } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of {@link SortedSetAlgebraCommands.zdiff}. */
export interface ZdiffOptions {
  /** Reply with the scores, too (`WITHSCORES`). */
  readonly withScores?: boolean | undefined;
}

/**
 * Options of {@link SortedSetAlgebraCommands.zinter} and {@link SortedSetAlgebraCommands.zunion}.
 */
export interface ZunionOptions extends AggregateOptions {
  /** Reply with the scores, too (`WITHSCORES`). */
  readonly withScores?: boolean | undefined;
}

/** Options of {@link SortedSetAlgebraCommands.zintercard}. */
export interface ZintercardOptions {
  /** Stop counting at this many; 0 is no limit (`LIMIT`). */
  readonly limit?: number | undefined;
}

/**
 * Commands that combine sorted sets: differences, intersections, unions. A missing key is empty,
 * and a plain set counts as a sorted set whose scores are all 1.
 */
export abstract class SortedSetAlgebraCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the members of the first sorted set that none of the others has.
   *
   * @returns the members, by ascending score
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("all", { ann: 1, bob: 2 });
   * await redis.zadd("away", { bob: 1 });
   * const here = await redis.zdiff(["all", "away"]); // ["ann"]
   * ```
   * @see https://redis.io/commands/zdiff
   * @since 6.2.0
   */
  zdiff(
    keys: OneOrMany<Key>,
    options?: ZdiffOptions & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members of the first sorted set that none of the others has, with their scores.
   *
   * @returns members and the scores that they have in the first sorted set, ascending
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("all", { ann: 1, bob: 2 });
   * const here = await redis.zdiff(["all", "away"], { withScores: true });
   * // [{ member: "ann", score: 1 }, { member: "bob", score: 2 }]
   * ```
   * @see https://redis.io/commands/zdiff
   * @since 6.2.0
   */
  zdiff(
    keys: OneOrMany<Key>,
    options: ZdiffOptions & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zdiff(keys: OneOrMany<Key>, options?: ZdiffOptions): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZDIFF"];
    pushCounted(argv, keys, "keys");
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Store the members of the first sorted set that none of the others has, in place of what a key
   * held.
   *
   * @returns how many members were stored; with 0 the destination does not exist afterwards
   * @throws {WrongTypeError} if one of `keys` holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("all", { ann: 1, bob: 2 });
   * await redis.zadd("away", { bob: 1 });
   * const stored = await redis.zdiffstore("here", ["all", "away"]); // 1
   * ```
   * @see https://redis.io/commands/zdiffstore
   * @since 6.2.0
   */
  zdiffstore(destination: Key, keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["ZDIFFSTORE", destination];
    pushCounted(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Get the members that all of the sorted sets have.
   *
   * @returns the members, by ascending combined score
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const both = await redis.zinter(["math", "art"]); // ["ann"]
   * ```
   * @see https://redis.io/commands/zinter
   * @since 6.2.0
   */
  zinter(
    keys: OneOrMany<Key>,
    options?: ZunionOptions & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members that all of the sorted sets have, with their combined scores.
   *
   * @returns members and scores, ascending
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const both = await redis.zinter(["math", "art"], { withScores: true });
   * // [{ member: "ann", score: 7 }]
   * ```
   * @see https://redis.io/commands/zinter
   * @since 6.2.0
   */
  zinter(
    keys: OneOrMany<Key>,
    options: ZunionOptions & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zinter(keys: OneOrMany<Key>, options?: ZunionOptions): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZINTER"];
    pushAggregate(argv, pushCounted(argv, keys, "keys"), options);
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Count the members that all of the sorted sets have.
   *
   * @returns the number of members, at most `limit`
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const both = await redis.zintercard(["math", "art"]); // 1
   * ```
   * @see https://redis.io/commands/zintercard
   * @since 7.0.0
   */
  zintercard(keys: OneOrMany<Key>, options?: ZintercardOptions): Reply<M, number> {
    const argv: Argument[] = ["ZINTERCARD"];
    pushCounted(argv, keys, "keys");
    if (options?.limit !== undefined) argv.push("LIMIT", options.limit);
    return this.send(argv, integer);
  }

  /**
   * Store the members that all of the sorted sets have, in place of what a key held.
   *
   * @returns how many members were stored; with 0 the destination does not exist afterwards
   * @throws {WrongTypeError} if one of `keys` holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const stored = await redis.zinterstore("both", ["math", "art"], { weights: [2, 1] }); // 1
   * ```
   * @see https://redis.io/commands/zinterstore
   * @since 2.0.0
   */
  zinterstore(
    destination: Key,
    keys: OneOrMany<Key>,
    options?: AggregateOptions,
  ): Reply<M, number> {
    const argv: Argument[] = ["ZINTERSTORE", destination];
    pushAggregate(argv, pushCounted(argv, keys, "keys"), options);
    return this.send(argv, integer);
  }

  /**
   * Get the members that at least one of the sorted sets has.
   *
   * @returns the members, by ascending combined score
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const all = await redis.zunion(["math", "art"]); // ["bob", "ann"]
   * ```
   * @see https://redis.io/commands/zunion
   * @since 6.2.0
   */
  zunion(
    keys: OneOrMany<Key>,
    options?: ZunionOptions & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members that at least one of the sorted sets has, with their combined scores.
   *
   * @returns members and scores, ascending
   * @throws {WrongTypeError} if a key holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5 });
   * await redis.zadd("art", { ann: 2 });
   * const all = await redis.zunion(["math", "art"], { aggregate: "MAX", withScores: true });
   * // [{ member: "ann", score: 5 }]
   * ```
   * @see https://redis.io/commands/zunion
   * @since 6.2.0
   */
  zunion(
    keys: OneOrMany<Key>,
    options: ZunionOptions & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zunion(keys: OneOrMany<Key>, options?: ZunionOptions): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZUNION"];
    pushAggregate(argv, pushCounted(argv, keys, "keys"), options);
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Store the members that at least one of the sorted sets has, in place of what a key held.
   *
   * @returns how many members were stored; with 0 the destination does not exist afterwards
   * @throws {WrongTypeError} if one of `keys` holds something other than a set or sorted set
   * @throws {ArgumentError} if `keys` is empty, or `weights` has another length than `keys`
   * @example
   * ```ts
   * await redis.zadd("math", { ann: 5, bob: 3 });
   * await redis.zadd("art", { ann: 2 });
   * const stored = await redis.zunionstore("points", ["math", "art"]); // 2
   * ```
   * @see https://redis.io/commands/zunionstore
   * @since 2.0.0
   */
  zunionstore(
    destination: Key,
    keys: OneOrMany<Key>,
    options?: AggregateOptions,
  ): Reply<M, number> {
    const argv: Argument[] = ["ZUNIONSTORE", destination];
    pushAggregate(argv, pushCounted(argv, keys, "keys"), options);
    return this.send(argv, integer);
  }
}
