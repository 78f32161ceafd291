import { type Limit, pushLimit } from "../command/arguments.ts";
import { formatBound, type LexBound, type ScoreBound } from "../command/arguments_sorted_sets.ts";
import type { Bulk, Key } from "../command/command.ts";
import { bulks, integer, type Scored, scoredMembers } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** What the ends of a range are, by what the range goes by. */
export interface RangeEnds {
  /** Positions: 0 is the first member, -1 the last. */
  readonly RANK: number;
  /** Scores: `1.5`, `"(1.5"` to leave 1.5 out, `Infinity`. */
  readonly SCORE: ScoreBound;
  /** Members, where all have the same score: `"[a"`, `"(a"`, `"-"`, `"+"`. */
  readonly LEX: LexBound;
}

/** What a range of a sorted set can go by. */
export type RangeBy = keyof RangeEnds;

/** Options of {@link SortedSetRangeCommands.zrange}. */
export interface ZrangeOptions<By extends RangeBy> {
  /** What the ends of the range are: positions unless given (`BYSCORE`, `BYLEX`). @since 6.2.0 */
  readonly by?: By | undefined;
  /**
   * Go from the highest score to the lowest; `start` is then the upper end (`REV`). @since 6.2.0
   */
  readonly reverse?: boolean | undefined;
  /** Only a part of the range; not with positions. @since 6.2.0 */
  readonly limit?: (By extends "RANK" ? undefined : Limit | undefined) | undefined;
}

/** A range of positions, of scores or of members. */
export type ZrangestoreRange = {
  [By in RangeBy]: {
    /** The first position or the lower end; with `reverse` the upper end. */
    readonly start: RangeEnds[By];
    /** The last position or the upper end; with `reverse` the lower end. */
    readonly stop: RangeEnds[By];
  } & ZrangeOptions<By> &
    (By extends "RANK" ? unknown : { readonly by: By });
}[RangeBy];

/** Options of {@link SortedSetRangeCommands.zrangebyscore}. */
export interface ZrangebyscoreOptions {
  /** Reply with the scores, too (`WITHSCORES`). @since 2.0.0 */
  readonly withScores?: boolean | undefined;
  /** Only a part of the range. */
  readonly limit?: Limit | undefined;
}

/**
 * Commands on ranges of sorted sets: by position, by score, or by member where scores are equal.
 */
export abstract class SortedSetRangeCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Count the members whose scores lie between two bounds.
   *
   * @returns the number of members; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const good = await redis.zcount("board", "(20", Infinity); // 1
   * ```
   * @see https://redis.io/commands/zcount
   * @since 2.0.0
   */
  zcount(key: Key, min: ScoreBound, max: ScoreBound): Reply<M, number> {
    return this.send(["ZCOUNT", key, formatBound(min), formatBound(max)], integer);
  }

  /**
   * Count the members between two bounds, in a sorted set whose scores are all equal.
   *
   * @returns the number of members; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("names", { ann: 0, bob: 0, eve: 0 });
   * const count = await redis.zlexcount("names", "[b", "+"); // 2
   * ```
   * @see https://redis.io/commands/zlexcount
   * @since 2.8.9
   */
  zlexcount(key: Key, min: LexBound, max: LexBound): Reply<M, number> {
    return this.send(["ZLEXCOUNT", key, min, max], integer);
  }

  /**
   * Get a range of members, by position unless `by` says otherwise.
   *
   * @param start the first position, from 0 or from -1 backwards; with `by` the lower end
   * @param stop the last position, which belongs to the range; with `by` the upper end
   * @returns the members in order; none if the key does not exist or the range is empty
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20, eve: 10 });
   * const best = await redis.zrange("board", 0, 1, { reverse: true }); // ["ann", "bob"]
   * const some = await redis.zrange("board", "(10", Infinity, { by: "SCORE" }); // ["bob", "ann"]
   * ```
   * @see https://redis.io/commands/zrange
   * @since 1.2.0
   */
  zrange<By extends RangeBy = "RANK">(
    key: Key,
    start: RangeEnds[By],
    stop: RangeEnds[By],
    options?: ZrangeOptions<By> & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get a range of members with their scores.
   *
   * @param start the first position, from 0 or from -1 backwards; with `by` the lower end
   * @param stop the last position, which belongs to the range; with `by` the upper end
   * @returns members and scores in order; none if the key does not exist or the range is empty
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const all = await redis.zrange("board", 0, -1, { withScores: true });
   * // [{ member: "bob", score: 20 }, { member: "ann", score: 30 }]
   * ```
   * @see https://redis.io/commands/zrange
   * @since 1.2.0
   */
  zrange<By extends "RANK" | "SCORE" = "RANK">(
    key: Key,
    start: RangeEnds[By],
    stop: RangeEnds[By],
    options: ZrangeOptions<By> & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zrange(
    key: Key,
    start: RangeEnds[RangeBy],
    stop: RangeEnds[RangeBy],
    options?: ZrangeOptions<RangeBy> & { readonly withScores?: boolean | undefined },
  ): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZRANGE", key, formatBound(start), formatBound(stop)];
    if (options !== undefined) pushRangeOptions(argv, options);
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Get the members between two bounds, in a sorted set whose scores are all equal.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "LEX" }`.
   * @returns the members in order
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("names", { ann: 0, bob: 0, eve: 0 });
   * const names = await redis.zrangebylex("names", "-", "(eve"); // ["ann", "bob"]
   * ```
   * @see https://redis.io/commands/zrangebylex
   * @since 2.8.9
   */
  zrangebylex(
    key: Key,
    min: LexBound,
    max: LexBound,
    options?: { readonly limit?: Limit | undefined },
  ): Reply<M, B[]> {
    const argv: Argument[] = ["ZRANGEBYLEX", key, min, max];
    pushLimit(argv, options?.limit);
    return this.send(argv, bulks<B>);
  }

  /**
   * Get the members whose scores lie between two bounds.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "SCORE" }`.
   * @returns the members, lowest score first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const good = await redis.zrangebyscore("board", 25, "+inf"); // ["ann"]
   * ```
   * @see https://redis.io/commands/zrangebyscore
   * @since 1.0.5
   */
  zrangebyscore(
    key: Key,
    min: ScoreBound,
    max: ScoreBound,
    options?: ZrangebyscoreOptions & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members whose scores lie between two bounds, with their scores.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "SCORE", withScores: true }`.
   * @returns members and scores, lowest first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const good = await redis.zrangebyscore("board", 25, "+inf", { withScores: true });
   * // [{ member: "ann", score: 30 }]
   * ```
   * @see https://redis.io/commands/zrangebyscore
   * @since 2.0.0
   */
  zrangebyscore(
    key: Key,
    min: ScoreBound,
    max: ScoreBound,
    options: ZrangebyscoreOptions & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zrangebyscore(
    key: Key,
    min: ScoreBound,
    max: ScoreBound,
    options?: ZrangebyscoreOptions,
  ): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZRANGEBYSCORE", key, formatBound(min), formatBound(max)];
    pushLimit(argv, options?.limit);
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Store a range of a sorted set under another key, in place of what that held.
   *
   * @param range the ends, and the options of {@link SortedSetRangeCommands.zrange}
   * @returns how many members were stored; with 0 the destination does not exist afterwards
   * @throws {WrongTypeError} if the source holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20, eve: 10 });
   * const stored = await redis.zrangestore("best", "board", { start: 0, stop: 1, reverse: true });
   * // 2
   * ```
   * @see https://redis.io/commands/zrangestore
   * @since 6.2.0
   */
  zrangestore(destination: Key, source: Key, range: ZrangestoreRange): Reply<M, number> {
    const { start, stop } = range;
    const argv = ["ZRANGESTORE", destination, source, formatBound(start), formatBound(stop)];
    pushRangeOptions(argv, range);
    return this.send(argv, integer);
  }

  /**
   * Remove the members between two bounds, in a sorted set whose scores are all equal.
   *
   * @returns how many members were removed
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("names", { ann: 0, bob: 0, eve: 0 });
   * const removed = await redis.zremrangebylex("names", "[ann", "[bob"); // 2
   * ```
   * @see https://redis.io/commands/zremrangebylex
   * @since 2.8.9
   */
  zremrangebylex(key: Key, min: LexBound, max: LexBound): Reply<M, number> {
    return this.send(["ZREMRANGEBYLEX", key, min, max], integer);
  }

  /**
   * Remove the members between two positions.
   *
   * @param start the first position, from 0 or from -1 backwards
   * @param stop the last position, which is removed, too
   * @returns how many members were removed
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20, eve: 10 });
   * const removed = await redis.zremrangebyrank("board", 0, -2); // 2
   * ```
   * @see https://redis.io/commands/zremrangebyrank
   * @since 2.0.0
   */
  zremrangebyrank(key: Key, start: number, stop: number): Reply<M, number> {
    return this.send(["ZREMRANGEBYRANK", key, start, stop], integer);
  }

  /**
   * Remove the members whose scores lie between two bounds.
   *
   * @returns how many members were removed
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const removed = await redis.zremrangebyscore("board", -Infinity, "(30"); // 1
   * ```
   * @see https://redis.io/commands/zremrangebyscore
   * @since 1.2.0
   */
  zremrangebyscore(key: Key, min: ScoreBound, max: ScoreBound): Reply<M, number> {
    return this.send(["ZREMRANGEBYSCORE", key, formatBound(min), formatBound(max)], integer);
  }

  /**
   * Get the members between two positions, counted from the highest score.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ reverse: true }`.
   * @param start the first position, from 0 or from -1 backwards
   * @param stop the last position, which belongs to the range
   * @returns the members, highest score first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const best = await redis.zrevrange("board", 0, 0); // ["ann"]
   * ```
   * @see https://redis.io/commands/zrevrange
   * @since 1.2.0
   */
  zrevrange(
    key: Key,
    start: number,
    stop: number,
    options?: { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members between two positions, counted from the highest score, with their scores.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ reverse: true, withScores: true
   *   }`.
   * @param start the first position, from 0 or from -1 backwards
   * @param stop the last position, which belongs to the range
   * @returns members and scores, highest first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const best = await redis.zrevrange("board", 0, 0, { withScores: true });
   * // [{ member: "ann", score: 30 }]
   * ```
   * @see https://redis.io/commands/zrevrange
   * @since 1.2.0
   */
  zrevrange(
    key: Key,
    start: number,
    stop: number,
    options: { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zrevrange(
    key: Key,
    start: number,
    stop: number,
    options?: { readonly withScores?: boolean | undefined },
  ): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZREVRANGE", key, start, stop];
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Get the members between two bounds backwards, in a sorted set whose scores are all equal.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "LEX", reverse: true }`.
   * @param max the upper end, which comes first here
   * @returns the members in reverse order
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("names", { ann: 0, bob: 0, eve: 0 });
   * const names = await redis.zrevrangebylex("names", "+", "[bob"); // ["eve", "bob"]
   * ```
   * @see https://redis.io/commands/zrevrangebylex
   * @since 2.8.9
   */
  zrevrangebylex(
    key: Key,
    max: LexBound,
    min: LexBound,
    options?: { readonly limit?: Limit | undefined },
  ): Reply<M, B[]> {
    const argv: Argument[] = ["ZREVRANGEBYLEX", key, max, min];
    pushLimit(argv, options?.limit);
    return this.send(argv, bulks<B>);
  }

  /**
   * Get the members whose scores lie between two bounds, highest score first.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "SCORE", reverse: true }`.
   * @param max the upper end, which comes first here
   * @returns the members, highest score first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const players = await redis.zrevrangebyscore("board", Infinity, 20); // ["ann", "bob"]
   * ```
   * @see https://redis.io/commands/zrevrangebyscore
   * @since 2.2.0
   */
  zrevrangebyscore(
    key: Key,
    max: ScoreBound,
    min: ScoreBound,
    options?: ZrangebyscoreOptions & { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get the members whose scores lie between two bounds with their scores, highest score first.
   *
   * @deprecated Use {@link SortedSetRangeCommands.zrange} with `{ by: "SCORE", reverse: true,
   *   withScores: true }`.
   * @param max the upper end, which comes first here
   * @returns members and scores, highest first
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const best = await redis.zrevrangebyscore("board", Infinity, 25, { withScores: true });
   * // [{ member: "ann", score: 30 }]
   * ```
   * @see https://redis.io/commands/zrevrangebyscore
   * @since 2.2.0
   */
  zrevrangebyscore(
    key: Key,
    max: ScoreBound,
    min: ScoreBound,
    options: ZrangebyscoreOptions & { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zrevrangebyscore(
    key: Key,
    max: ScoreBound,
    min: ScoreBound,
    options?: ZrangebyscoreOptions,
  ): Reply<M, B[] | Scored<B>[]> {
    const argv: Argument[] = ["ZREVRANGEBYSCORE", key, formatBound(max), formatBound(min)];
    pushLimit(argv, options?.limit);
    if (options?.withScores !== true) return this.send<B[] | Scored<B>[]>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.sendFlat<B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }
}

/** Appends `BYSCORE` or `BYLEX`, `REV` and `LIMIT`, those that are given. */
function pushRangeOptions(argv: Argument[], options: ZrangeOptions<RangeBy>): void {
  if (options.by === "SCORE") argv.push("BYSCORE");
  if (options.by === "LEX") argv.push("BYLEX");
  if (options.reverse === true) argv.push("REV");
  pushLimit(argv, options.limit);
}
