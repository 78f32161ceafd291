import { type OneOrMany, pushAll, pushCounted } from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import { type Scored, scoredMembers } from "../command/decoders.ts";
import {
  type PoppedMember,
  type PoppedMembers,
  poppedMemberOrNull,
  poppedMembersOrNull,
  scoredMemberOrNull,
} from "../command/decoders_sorted_sets.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { BLOCKING } from "../command/traits.ts";
import type { Argument } from "../protocol/resp.ts";
import type { BlockingOptions } from "./blocking_lists.ts";

/** Options of {@link SortedSetPopCommands.zmpop}. */
export interface ZmpopOptions {
  /** How many members to take at most, 1 unless given (`COUNT`). */
  readonly count?: number | undefined;
}

/** Options of {@link SortedSetPopCommands.bzmpop}. */
export interface BzmpopOptions extends BlockingOptions, ZmpopOptions {}

/**
 * Commands that take the members with the lowest or highest scores out of sorted sets. Those that
 * wait do not wait inside of a transaction: the reply is `null` at once if there is no member.
 */
export abstract class SortedSetPopCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Take the members with the lowest or highest scores out of the first sorted set that has any;
   * wait if none has.
   *
   * @param from `"MIN"` takes the lowest scores, `"MAX"` the highest
   * @returns the key and what was taken from it, or `null` if nothing came in time
   * @throws {WrongTypeError} if a key that is looked at holds something other than a sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("jobs", { mail: 1, report: 2 });
   * const popped = await redis.bzmpop("jobs", "MIN", { timeoutInSeconds: 1 });
   * // { key: "jobs", members: [{ member: "mail", score: 1 }] }
   * ```
   * @see https://redis.io/commands/bzmpop
   * @since 7.0.0
   */
  bzmpop(
    keys: OneOrMany<Key>,
    from: "MIN" | "MAX",
    options: BzmpopOptions,
  ): Reply<M, PoppedMembers<B> | null> {
    const argv: Argument[] = ["BZMPOP", options.timeoutInSeconds];
    pushCounted(argv, keys, "keys");
    argv.push(from);
    if (options.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, poppedMembersOrNull<B>, BLOCKING);
  }

  /**
   * Take the member with the highest score out of the first sorted set that has any; wait if none
   * has.
   *
   * @param timeoutInSeconds how long to wait, fractions included (since 6.0.0); 0 waits for ever
   * @returns the key, the member and its score, or `null` if nothing came in time
   * @throws {WrongTypeError} if a key that is looked at holds something other than a sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("jobs", { mail: 1, report: 2 });
   * const popped = await redis.bzpopmax("jobs", 1); // { key: "jobs", member: "report", score: 2 }
   * ```
   * @see https://redis.io/commands/bzpopmax
   * @since 5.0.0
   */
  bzpopmax(keys: OneOrMany<Key>, timeoutInSeconds: number): Reply<M, PoppedMember<B> | null> {
    const argv: Argument[] = ["BZPOPMAX"];
    pushAll(argv, keys, "keys");
    argv.push(timeoutInSeconds);
    return this.send(argv, poppedMemberOrNull<B>, BLOCKING);
  }

  /**
   * Take the member with the lowest score out of the first sorted set that has any; wait if none
   * has.
   *
   * @param timeoutInSeconds how long to wait, fractions included (since 6.0.0); 0 waits for ever
   * @returns the key, the member and its score, or `null` if nothing came in time
   * @throws {WrongTypeError} if a key that is looked at holds something other than a sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("jobs", { mail: 1, report: 2 });
   * const popped = await redis.bzpopmin("jobs", 1); // { key: "jobs", member: "mail", score: 1 }
   * ```
   * @see https://redis.io/commands/bzpopmin
   * @since 5.0.0
   */
  bzpopmin(keys: OneOrMany<Key>, timeoutInSeconds: number): Reply<M, PoppedMember<B> | null> {
    const argv: Argument[] = ["BZPOPMIN"];
    pushAll(argv, keys, "keys");
    argv.push(timeoutInSeconds);
    return this.send(argv, poppedMemberOrNull<B>, BLOCKING);
  }

  /**
   * Take the members with the lowest or highest scores out of the first sorted set that has any.
   *
   * @param from `"MIN"` takes the lowest scores, `"MAX"` the highest
   * @returns the key and what was taken from it, or `null` if no key has members
   * @throws {WrongTypeError} if a key that is looked at holds something other than a sorted set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.zadd("jobs", { mail: 1, report: 2 });
   * const popped = await redis.zmpop(["urgent", "jobs"], "MIN");
   * // { key: "jobs", members: [{ member: "mail", score: 1 }] }
   * ```
   * @see https://redis.io/commands/zmpop
   * @since 7.0.0
   */
  zmpop(
    keys: OneOrMany<Key>,
    from: "MIN" | "MAX",
    options?: ZmpopOptions,
  ): Reply<M, PoppedMembers<B> | null> {
    const argv: Argument[] = ["ZMPOP"];
    pushCounted(argv, keys, "keys");
    argv.push(from);
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, poppedMembersOrNull<B>);
  }

  /**
   * Take the member with the highest score out of a sorted set.
   *
   * @returns the member and its score, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const best = await redis.zpopmax("board"); // { member: "ann", score: 30 }
   * ```
   * @see https://redis.io/commands/zpopmax
   * @since 5.0.0
   */
  zpopmax(key: Key): Reply<M, Scored<B> | null>;
  /**
   * Take the members with the highest scores out of a sorted set.
   *
   * @param count how many to take at most
   * @returns members and scores, highest first; none if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const best = await redis.zpopmax("board", 5);
   * // [{ member: "ann", score: 30 }, { member: "bob", score: 20 }]
   * ```
   * @see https://redis.io/commands/zpopmax
   * @since 5.0.0
   */
  zpopmax(key: Key, count: number): Reply<M, Scored<B>[]>;
  zpopmax(key: Key, count?: number): Reply<M, Scored<B> | null | Scored<B>[]> {
    if (count === undefined) {
      return this.send<Scored<B> | null | Scored<B>[]>(["ZPOPMAX", key], scoredMemberOrNull<B>);
    }
    return this.sendFlat<Scored<B> | null | Scored<B>[]>(["ZPOPMAX", key, count], scoredMembers<B>);
  }

  /**
   * Take the member with the lowest score out of a sorted set.
   *
   * @returns the member and its score, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const last = await redis.zpopmin("board"); // { member: "bob", score: 20 }
   * ```
   * @see https://redis.io/commands/zpopmin
   * @since 5.0.0
   */
  zpopmin(key: Key): Reply<M, Scored<B> | null>;
  /**
   * Take the members with the lowest scores out of a sorted set.
   *
   * @param count how many to take at most
   * @returns members and scores, lowest first; none if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.zadd("board", { ann: 30, bob: 20 });
   * const last = await redis.zpopmin("board", 1); // [{ member: "bob", score: 20 }]
   * ```
   * @see https://redis.io/commands/zpopmin
   * @since 5.0.0
   */
  zpopmin(key: Key, count: number): Reply<M, Scored<B>[]>;
  zpopmin(key: Key, count?: number): Reply<M, Scored<B> | null | Scored<B>[]> {
    if (count === undefined) {
      return this.send<Scored<B> | null | Scored<B>[]>(["ZPOPMIN", key], scoredMemberOrNull<B>);
    }
    return this.sendFlat<Scored<B> | null | Scored<B>[]>(["ZPOPMIN", key, count], scoredMembers<B>);
  }
}
