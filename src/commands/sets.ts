import { type OneOrMany, pushAll, pushCounted } from "../command/arguments.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import { bulkOrNull, bulkSet, bulks, flag, flags, integer } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { type Cursor, pushScanOptions, type ScanOptions, scanPage } from "../command/scan.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** Options of {@link SetCommands.sintercard}. */
export interface SintercardOptions {
  /** Stop counting at this number; 0, the default, counts all (`LIMIT`). */
  readonly limit?: number | undefined;
}

/** One page of {@link SetCommands.sscan}. */
export interface SscanPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The members of this page. A member may come more than once in a whole scan. */
  readonly members: B[];
}

/** Commands on sets: members without order and without duplicates. */
export abstract class SetCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Add one or several members to a set, which is made if the key does not exist.
   *
   * @returns how many members are new
   * @throws {WrongTypeError} if the key holds something other than a set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * const added = await redis.sadd("tags", ["new", "sale", "new"]); // 2
   * ```
   * @see https://redis.io/commands/sadd
   * @since 1.0.0
   */
  sadd(key: Key, members: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["SADD", key];
    pushAll(argv, members, "members");
    return this.send(argv, integer);
  }

  /**
   * Count the members of a set.
   *
   * @returns the number of members; 0 if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tags", ["new", "sale"]);
   * const size = await redis.scard("tags"); // 2
   * ```
   * @see https://redis.io/commands/scard
   * @since 1.0.0
   */
  scard(key: Key): Reply<M, number> {
    return this.send(["SCARD", key], integer);
  }

  /**
   * Get the members of the first set that are in none of the others.
   *
   * @param keys sets; one that does not exist counts as empty
   * @returns the members
   * @throws {WrongTypeError} if a key holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("all", ["a", "b"]);
   * await redis.sadd("done", "a");
   * const open = await redis.sdiff(["all", "done"]); // Set { "b" }
   * ```
   * @see https://redis.io/commands/sdiff
   * @since 1.0.0
   */
  sdiff(keys: OneOrMany<Key>): Reply<M, Set<B>> {
    const argv: Argument[] = ["SDIFF"];
    pushAll(argv, keys, "keys");
    return this.send(argv, bulkSet<B>);
  }

  /**
   * Store the members of the first set that are in none of the others.
   *
   * @param destination is overwritten, whatever it held; removed if the result is empty
   * @param keys sets; one that does not exist counts as empty
   * @returns the number of members stored
   * @throws {WrongTypeError} if one of `keys` holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("all", ["a", "b"]);
   * await redis.sadd("done", "a");
   * const open = await redis.sdiffstore("open", ["all", "done"]); // 1
   * ```
   * @see https://redis.io/commands/sdiffstore
   * @since 1.0.0
   */
  sdiffstore(destination: Key, keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["SDIFFSTORE", destination];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Get the members that are in every one of the sets.
   *
   * @param keys sets; one that does not exist counts as empty
   * @returns the members
   * @throws {WrongTypeError} if a key holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("mine", ["a", "b"]);
   * await redis.sadd("yours", ["b", "c"]);
   * const shared = await redis.sinter(["mine", "yours"]); // Set { "b" }
   * ```
   * @see https://redis.io/commands/sinter
   * @since 1.0.0
   */
  sinter(keys: OneOrMany<Key>): Reply<M, Set<B>> {
    const argv: Argument[] = ["SINTER"];
    pushAll(argv, keys, "keys");
    return this.send(argv, bulkSet<B>);
  }

  /**
   * Count the members that are in every one of the sets.
   *
   * @param keys sets; one that does not exist counts as empty
   * @returns the number of members, at most `limit`
   * @throws {WrongTypeError} if a key holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("mine", ["a", "b"]);
   * await redis.sadd("yours", ["b", "c"]);
   * const shared = await redis.sintercard(["mine", "yours"]); // 1
   * ```
   * @see https://redis.io/commands/sintercard
   * @since 7.0.0
   */
  sintercard(keys: OneOrMany<Key>, options?: SintercardOptions): Reply<M, number> {
    const argv: Argument[] = ["SINTERCARD"];
    pushCounted(argv, keys, "keys");
    if (options?.limit !== undefined) argv.push("LIMIT", options.limit);
    return this.send(argv, integer);
  }

  /**
   * Store the members that are in every one of the sets.
   *
   * @param destination is overwritten, whatever it held; removed if the result is empty
   * @param keys sets; one that does not exist counts as empty
   * @returns the number of members stored
   * @throws {WrongTypeError} if one of `keys` holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("mine", ["a", "b"]);
   * await redis.sadd("yours", ["b", "c"]);
   * const shared = await redis.sinterstore("shared", ["mine", "yours"]); // 1
   * ```
   * @see https://redis.io/commands/sinterstore
   * @since 1.0.0
   */
  sinterstore(destination: Key, keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["SINTERSTORE", destination];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Tell whether a set has a member.
   *
   * @returns `true` if it is a member, `false` if it is not or the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tags", "new");
   * const isNew = await redis.sismember("tags", "new"); // true
   * ```
   * @see https://redis.io/commands/sismember
   * @since 1.0.0
   */
  sismember(key: Key, member: Value): Reply<M, boolean> {
    return this.send(["SISMEMBER", key, member], flag);
  }

  /**
   * Get all members of a set.
   *
   * @returns the members; empty if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tags", ["new", "sale"]);
   * const tags = await redis.smembers("tags"); // Set { "new", "sale" }
   * ```
   * @see https://redis.io/commands/smembers
   * @since 1.0.0
   */
  smembers(key: Key): Reply<M, Set<B>> {
    return this.send(["SMEMBERS", key], bulkSet<B>);
  }

  /**
   * Tell of one or several values whether they are members of a set.
   *
   * @returns an answer for each, in the order of `members`
   * @throws {WrongTypeError} if the key holds something other than a set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.sadd("tags", "new");
   * const known = await redis.smismember("tags", ["new", "sale"]); // [true, false]
   * ```
   * @see https://redis.io/commands/smismember
   * @since 6.2.0
   */
  smismember(key: Key, members: OneOrMany<Value>): Reply<M, boolean[]> {
    const argv: Argument[] = ["SMISMEMBER", key];
    pushAll(argv, members, "members");
    return this.send(argv, flags);
  }

  /**
   * Move a member from one set to another, as one atomic step.
   *
   * @returns `true` if it was moved, `false` if `source` does not have it
   * @throws {WrongTypeError} if a key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("open", "letter");
   * const moved = await redis.smove("open", "done", "letter"); // true
   * ```
   * @see https://redis.io/commands/smove
   * @since 1.0.0
   */
  smove(source: Key, destination: Key, member: Value): Reply<M, boolean> {
    return this.send(["SMOVE", source, destination, member], flag);
  }

  /**
   * Remove a member of a set, chosen at random, and get it.
   *
   * @returns the member, or `null` if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tickets", "A7");
   * const winner = await redis.spop("tickets"); // "A7"
   * ```
   * @see https://redis.io/commands/spop
   * @since 1.0.0
   */
  spop(key: Key): Reply<M, B | null>;
  /**
   * Remove several members of a set, chosen at random, and get them.
   *
   * @param count how many; all if the set has no more
   * @returns the members; empty if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tickets", ["A7", "B1"]);
   * const winners = await redis.spop("tickets", 2); // Set { "A7", "B1" }
   * ```
   * @see https://redis.io/commands/spop
   * @since 3.2.0
   */
  spop(key: Key, count: number): Reply<M, Set<B>>;
  spop(key: Key, count?: number): Reply<M, B | null | Set<B>> {
    if (count === undefined) return this.send<B | null | Set<B>>(["SPOP", key], bulkOrNull<B>);
    return this.send<B | null | Set<B>>(["SPOP", key, count], bulkSet<B>);
  }

  /**
   * Pick a member of a set at random.
   *
   * @returns the member, or `null` if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("colours", "red");
   * const colour = await redis.srandmember("colours"); // "red"
   * ```
   * @see https://redis.io/commands/srandmember
   * @since 1.0.0
   */
  srandmember(key: Key): Reply<M, B | null>;
  /**
   * Pick several members of a set at random.
   *
   * @param count at most this many different members; if negative, exactly that many, of which some
   *   may be the same
   * @returns the members; empty if the set does not exist
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("colours", "red");
   * const colours = await redis.srandmember("colours", -2); // ["red", "red"]
   * ```
   * @see https://redis.io/commands/srandmember
   * @since 2.6.0
   */
  srandmember(key: Key, count: number): Reply<M, B[]>;
  srandmember(key: Key, count?: number): Reply<M, B | null | B[]> {
    if (count === undefined) return this.send<B | null | B[]>(["SRANDMEMBER", key], bulkOrNull<B>);
    return this.send<B | null | B[]>(["SRANDMEMBER", key, count], bulks<B>);
  }

  /**
   * Remove one or several members from a set; a set without members is gone.
   *
   * @returns how many of them were members
   * @throws {WrongTypeError} if the key holds something other than a set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.sadd("tags", ["new", "sale"]);
   * const removed = await redis.srem("tags", ["sale", "missing"]); // 1
   * ```
   * @see https://redis.io/commands/srem
   * @since 1.0.0
   */
  srem(key: Key, members: OneOrMany<Value>): Reply<M, number> {
    const argv: Argument[] = ["SREM", key];
    pushAll(argv, members, "members");
    return this.send(argv, integer);
  }

  /**
   * Get one page of the members of a set.
   *
   * A set that changes meanwhile is no problem: members that are there from the first page to the
   * last are given at least once.
   *
   * @param cursor `"0"` for the first page, then the `cursor` of the page before
   * @returns the page; the scan is over when its `cursor` is `"0"`, even if some page was empty
   * @throws {WrongTypeError} if the key holds something other than a set
   * @example
   * ```ts
   * await redis.sadd("tags", ["new", "sale"]);
   * const page = await redis.sscan("tags", "0", { match: "n*" });
   * // { cursor: "0", members: ["new"] }
   * ```
   * @see https://redis.io/commands/sscan
   * @since 2.8.0
   */
  sscan(key: Key, cursor: Cursor, options?: ScanOptions): Reply<M, SscanPage<B>> {
    const argv: Argument[] = ["SSCAN", key, cursor];
    pushScanOptions(argv, options);
    return this.send(argv, memberPage<B>);
  }

  /**
   * Get the members that are in at least one of the sets.
   *
   * @param keys sets; one that does not exist counts as empty
   * @returns the members
   * @throws {WrongTypeError} if a key holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("mine", "a");
   * await redis.sadd("yours", ["a", "b"]);
   * const ours = await redis.sunion(["mine", "yours"]); // Set { "a", "b" }
   * ```
   * @see https://redis.io/commands/sunion
   * @since 1.0.0
   */
  sunion(keys: OneOrMany<Key>): Reply<M, Set<B>> {
    const argv: Argument[] = ["SUNION"];
    pushAll(argv, keys, "keys");
    return this.send(argv, bulkSet<B>);
  }

  /**
   * Store the members that are in at least one of the sets.
   *
   * @param destination is overwritten, whatever it held; removed if the result is empty
   * @param keys sets; one that does not exist counts as empty
   * @returns the number of members stored
   * @throws {WrongTypeError} if one of `keys` holds something other than a set
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.sadd("mine", "a");
   * await redis.sadd("yours", ["a", "b"]);
   * const ours = await redis.sunionstore("ours", ["mine", "yours"]); // 2
   * ```
   * @see https://redis.io/commands/sunionstore
   * @since 1.0.0
   */
  sunionstore(destination: Key, keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["SUNIONSTORE", destination];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }
}

function memberPage<B extends Bulk>(reply: RespValue): SscanPage<B> {
  const [cursor, members] = scanPage(reply);
  return { cursor, members: bulks<B>(members) };
}
