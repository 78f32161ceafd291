import { formatDouble, type OneOrMany, pushAll } from "../command/arguments.ts";
import { type MemberScores, pushMemberScores } from "../command/arguments_sorted_sets.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import {
  bulkOrNull,
  bulks,
  double,
  doubleOrNull,
  integer,
  integerOrNull,
  type Scored,
  scoredMembers,
} from "../command/decoders.ts";
import {
  doublesOrNulls,
  membersPage,
  type Ranked,
  rankedOrNull,
  scoredPage,
  type ZscanMembersPage,
  type ZscanPage,
} from "../command/decoders_sorted_sets.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { type Cursor, pushScanOptions, type ScanOptions } from "../command/scan.ts";
import type { Argument } from "../protocol/resp.ts";

/** Which members {@link SortedSetCommands.zadd} writes. */
export type ZaddCondition =
  | {
      /** Only add new members (`NX`), or only change those that are there (`XX`). @since 3.0.2 */
      readonly when?: "NX" | "XX" | undefined;
      readonly updateIf?: undefined;
    }
  | {
      /** Only change members that are there, never add (`XX`). @since 3.0.2 */
      readonly when?: "XX" | undefined;
      /**
       * Change a member that is there only if its new score is greater (`GT`) or less (`LT`) than
       * the one it has; new members are added all the same. @since 6.2.0
       */
      readonly updateIf?: "GT" | "LT" | undefined;
    };

/** Options of {@link SortedSetCommands.zadd}. */
export type ZaddOptions = ZaddCondition & {
  /** Count the members that got another score, too, not only the new ones (`CH`). @since 3.0.2 */
  readonly countChanged?: boolean | undefined;
};

/** Options of {@link SortedSetCommands.zadd} that make it add to the score of one member. */
export type ZaddIncrementOptions = ZaddCondition & {
  /** Add to the score that the member has, and reply with the sum (`INCR`). @since 3.0.2 */
  readonly increment: true;
  readonly countChanged?: undefined;
};

/** Options of a {@link SortedSetCommands.zscan} that gives only members. */
export interface ZscanMembersOptions extends ScanOptions {
  /** Leave out the scores (`NOSCORES`). @since Valkey 8.0.0 */
  readonly withScores: false;
}

/**
 * Commands on sorted sets: members with scores, ordered by score. Ranges and pops are groups of
 * their own.
 */
export abstract class SortedSetCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Add members to a sorted set, or give them another score.
   *
   * @param members an object, a `Map`, or a list of `{ member, score }`
   * @returns how many members are new; with `countChanged` how many are new or have another score
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ArgumentError} if `members` is empty or a score is `NaN`
   * @example
   * ```ts
   * const added = await redis.zadd("board", { ann: 30, bob: 20 }); // 2
   * ```
   * @see https://redis.io/commands/zadd
   * @since 1.2.0
   */
  zadd(
    key: Key,
    members: MemberScores,
    options?: ZaddOptions & { readonly increment?: false | undefined },
  ): Reply<M, number>;
  /**
   * Add to the score of one member, under a condition.
   *
   * @param members exactly one member, with what to add to its score
   * @returns the new score, or `null` if the condition was not met
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * const score = await redis.zadd("board", { ann: 5 }, { increment: true }); // 5
   * ```
   * @see https://redis.io/commands/zadd
   * @since 3.0.2
   */
  zadd(key: Key, members: MemberScores, options: ZaddIncrementOptions): Reply<M, number | null>;
  zadd(
    key: Key,
    members: MemberScores,
    options?: ZaddCondition & {
      readonly countChanged?: boolean | undefined;
      readonly increment?: boolean | undefined;
    },
  ): Reply<M, number | null> {
    const argv: Argument[] = ["ZADD", key];
    if (options?.when !== undefined) argv.push(options.when);
    if (options?.updateIf !== undefined) argv.push(options.updateIf);
    if (options?.countChanged === true) argv.push("CH");
    if (options?.increment === true) argv.push("INCR");
    pushMemberScores(argv, members);
    if (options?.increment === true) return this.send(argv, doubleOrNull);
    return this.send<number | null>(argv, integer);
  }

  /**
   * Count the members of a sorted set.
   *
   * @returns the number of members; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const players = await redis.zcard("board"); // 2
   * ```
   * @see https://redis.io/commands/zcard
   * @since 1.2.0
   */
  zcard(key: Key): Reply<M, number> {
    return this.send(["ZCARD", key], integer);
  }

  /**
   * Add to the score of a member; a missing member counts as 0 and is added.
   *
   * @param increment what to add, negative to subtract
   * @returns the new score
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const score = await redis.zincrby("board", 2.5, "ann"); // 32.5
   * ```
   * @see https://redis.io/commands/zincrby
   * @since 1.2.0
   */
  zincrby(key: Key, increment: number, member: Value): Reply<M, number> {
    return this.send(["ZINCRBY", key, formatDouble(increment), member], double);
  }

  /**
   * Get the scores of several members.
   *
   * @returns the scores in the order of the members; `null` for one that is not in the sorted set
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const scores = await redis.zmscore("board", ["bob", "eve"]); // [20, null]
   * ```
   * @see https://redis.io/commands/zmscore
   * @since 6.2.0
   */
  zmscore(key: Key, members: OneOrMany<Value>): Reply<M, (number | null)[]> {
    const argv: Argument[] = ["ZMSCORE", key];
    pushAll(argv, members, "members");
    return this.send(argv, doublesOrNulls);
  }

  /**
   * Get a member at random; it stays in the sorted set.
   *
   * @returns the member, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const player = await redis.zrandmember("board"); // "ann"
   * ```
   * @see https://redis.io/commands/zrandmember
   * @since 6.2.0
   */
  zrandmember(key: Key): Reply<M, B | null>;
  /**
   * Get several members at random.
   *
   * @param count at most so many different members; if negative, exactly so many, and the same
   *   member may come several times
   * @returns the members, none if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const draws = await redis.zrandmember("board", -2); // ["ann", "ann"]
   * ```
   * @see https://redis.io/commands/zrandmember
   * @since 6.2.0
   */
  zrandmember(
    key: Key,
    count: number,
    options?: { readonly withScores?: false | undefined },
  ): Reply<M, B[]>;
  /**
   * Get several members at random, with their scores.
   *
   * @param count at most so many different members; if negative, exactly so many, and the same
   *   member may come several times
   * @returns members and scores, none if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const draws = await redis.zrandmember("board", 1, { withScores: true });
   * // [{ member: "ann", score: 30 }]
   * ```
   * @see https://redis.io/commands/zrandmember
   * @since 6.2.0
   */
  zrandmember(
    key: Key,
    count: number,
    options: { readonly withScores: true },
  ): Reply<M, Scored<B>[]>;
  zrandmember(
    key: Key,
    count?: number,
    options?: { readonly withScores?: boolean | undefined },
  ): Reply<M, B | null | B[] | Scored<B>[]> {
    if (count === undefined) {
      return this.send<B | null | B[] | Scored<B>[]>(["ZRANDMEMBER", key], bulkOrNull<B>);
    }
    const argv: Argument[] = ["ZRANDMEMBER", key, count];
    if (options?.withScores !== true) {
      return this.send<B | null | B[] | Scored<B>[]>(argv, bulks<B>);
    }
    argv.push("WITHSCORES");
    return this.sendFlat<B | null | B[] | Scored<B>[]>(argv, scoredMembers<B>);
  }

  /**
   * Find the position of a member, counted from the lowest score.
   *
   * @returns the rank, 0 for the lowest score, or `null` if the member is not in the sorted set
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const rank = await redis.zrank("board", "ann"); // 1
   * ```
   * @see https://redis.io/commands/zrank
   * @since 2.0.0
   */
  zrank(
    key: Key,
    member: Value,
    options?: { readonly withScore?: false | undefined },
  ): Reply<M, number | null>;
  /**
   * Find the position of a member, counted from the lowest score, and its score.
   *
   * @returns the position, from 0, with the score; `null` if the member or the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const place = await redis.zrank("board", "ann", { withScore: true });
   * // { rank: 1, score: 30 }
   * ```
   * @see https://redis.io/commands/zrank
   * @since 7.2.0
   */
  zrank(key: Key, member: Value, options: { readonly withScore: true }): Reply<M, Ranked | null>;
  zrank(
    key: Key,
    member: Value,
    options?: { readonly withScore?: boolean | undefined },
  ): Reply<M, number | Ranked | null> {
    const argv: Argument[] = ["ZRANK", key, member];
    if (options?.withScore !== true) return this.send<number | Ranked | null>(argv, integerOrNull);
    argv.push("WITHSCORE");
    return this.send<number | Ranked | null>(argv, rankedOrNull);
  }

  /**
   * Remove members from a sorted set.
   *
   * @returns how many members were removed; missing ones do not count
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const removed = await redis.zrem("board", ["bob", "eve"]); // 1
   * ```
   * @see https://redis.io/commands/zrem
   * @since 1.2.0
   */
  zrem(key: Key, members: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["ZREM", key];
    pushAll(argv, members, "members");
    return this.send(argv, integer);
  }

  /**
   * Find the position of a member, counted from the highest score.
   *
   * @returns the rank, 0 for the highest score, or `null` if the member is not in the sorted set
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const place = await redis.zrevrank("board", "ann"); // 0
   * ```
   * @see https://redis.io/commands/zrevrank
   * @since 2.0.0
   */
  zrevrank(
    key: Key,
    member: Value,
    options?: { readonly withScore?: false | undefined },
  ): Reply<M, number | null>;
  /**
   * Find the position of a member, counted from the highest score, and its score.
   *
   * @returns the position, from 0, with the score; `null` if the member or the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const place = await redis.zrevrank("board", "ann", { withScore: true });
   * // { rank: 0, score: 30 }
   * ```
   * @see https://redis.io/commands/zrevrank
   * @since 7.2.0
   */
  zrevrank(key: Key, member: Value, options: { readonly withScore: true }): Reply<M, Ranked | null>;
  zrevrank(
    key: Key,
    member: Value,
    options?: { readonly withScore?: boolean | undefined },
  ): Reply<M, number | Ranked | null> {
    const argv: Argument[] = ["ZREVRANK", key, member];
    if (options?.withScore !== true) return this.send<number | Ranked | null>(argv, integerOrNull);
    argv.push("WITHSCORE");
    return this.send<number | Ranked | null>(argv, rankedOrNull);
  }

  /**
   * Read a sorted set page by page, without stopping the server for long.
   *
   * A member that is there during the whole scan comes at least once, and may come again.
   *
   * @param cursor `"0"` to begin, then the `cursor` of the page before
   * @returns a page of members with scores, possibly empty, and the cursor of the next page
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const page = await redis.zscan("board", "0");
   * // { cursor: "0", members: [{ member: "ann", score: 30 }] }
   * ```
   * @see https://redis.io/commands/zscan
   * @since 2.8.0
   */
  zscan(
    key: Key,
    cursor: Cursor,
    options?: ScanOptions & { readonly withScores?: true | undefined },
  ): Reply<M, ZscanPage<B>>;
  /**
   * Read the members of a sorted set page by page, without their scores.
   *
   * A member that is there during the whole scan comes at least once, and may come again.
   *
   * @param cursor `"0"` for the first page, then the `cursor` of the page before
   * @returns the page; the scan is over when its `cursor` is `"0"`, even if some page was empty
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const page = await redis.zscan("board", "0", { withScores: false });
   * // { cursor: "0", members: ["ann"] }
   * ```
   * @see https://valkey.io/commands/zscan
   * @since Valkey 8.0.0
   */
  zscan(key: Key, cursor: Cursor, options: ZscanMembersOptions): Reply<M, ZscanMembersPage<B>>;
  zscan(
    key: Key,
    cursor: Cursor,
    options?: ScanOptions & { readonly withScores?: boolean | undefined },
  ): Reply<M, ZscanPage<B> | ZscanMembersPage<B>> {
    const argv: Argument[] = ["ZSCAN", key, cursor];
    pushScanOptions(argv, options);
    if (options?.withScores !== false) {
      return this.send<ZscanPage<B> | ZscanMembersPage<B>>(argv, scoredPage<B>);
    }
    argv.push("NOSCORES");
    return this.send<ZscanPage<B> | ZscanMembersPage<B>>(argv, membersPage<B>);
  }

  /**
   * Get the score of a member.
   *
   * @returns the score, or `null` if the member is not in the sorted set
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30 });
   * const score = await redis.zscore("board", "ann"); // 30
   * ```
   * @see https://redis.io/commands/zscore
   * @since 1.2.0
   */
  zscore(key: Key, member: Value): Reply<M, number | null> {
    return this.send(["ZSCORE", key, member], doubleOrNull);
  }
}
