import {
  type AtMostOne,
  type OneOrMany,
  pushAll,
  pushCounted,
  unixMilliseconds,
} from "../command/arguments.ts";
import {
  areKeys,
  type GroupConsumer,
  pushPositions,
  pushReferences,
  pushUnread,
  type ReferenceOptions,
  type StreamId,
  type StreamPositions,
} from "../command/arguments_streams.ts";
import type { Bulk, Decoder, Key } from "../command/command.ts";
import { flag, integer, ok, texts } from "../command/decoders.ts";
import {
  type ClaimedEntries,
  type ClaimedIds,
  claimedEntries,
  claimedIds,
  type DeliveredStreamEntry,
  type EntryDeletion,
  entryDeletions,
  type PendingDelivery,
  type PendingStreamEntry,
  type PendingSummary,
  pendingDeliveries,
  pendingSummary,
  readDeliveredEntries,
  readEntries,
  readPendingEntries,
  type StreamEntry,
  type StreamRead,
  streamEntries,
} from "../command/decoders_streams.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { BLOCKING, PLAIN } from "../command/traits.ts";
import type { Argument } from "../protocol/resp.ts";
import type { XreadOptions } from "./streams.ts";

/** Options of {@link StreamGroupCommands.xreadgroup}. */
export interface XreadgroupOptions extends XreadOptions {
  /** Take the entries for acknowledged at once, so that they never are pending (`NOACK`). */
  readonly noAck?: boolean | undefined;
}

/** Options of a {@link StreamGroupCommands.xreadgroup} that also claims. */
export interface XreadgroupClaimOptions extends XreadgroupOptions {
  /**
   * First take over pending entries, of any consumer, that were last delivered at least this long
   * ago (`CLAIM`). @since Redis 8.4.0
   */
  readonly claimIdleInMilliseconds: number;
}

/** What both claims have to know. */
export interface ClaimOptions {
  /** Claim only what was last delivered at least this long ago; 0 claims all. */
  readonly minIdleInMilliseconds: number;
  /** Give the ids only, and do not count this as a delivery (`JUSTID`). */
  readonly justId?: boolean | undefined;
}

/** Options of {@link StreamGroupCommands.xautoclaim}. */
export interface XautoclaimOptions extends ClaimOptions {
  /** The lowest id to look at, or the `cursor` of the step before; `"0-0"` unless given. */
  readonly start?: StreamId | undefined;
  /** Claim at most this many entries in this step, 100 unless given (`COUNT`). */
  readonly count?: number | undefined;
}

/** Options of {@link StreamGroupCommands.xclaim}. */
export type XclaimOptions = ClaimOptions &
  AtMostOne<{
    /** How long ago to say that the entries were delivered, 0 unless given (`IDLE`). */
    readonly idleInMilliseconds: number;
    /** When to say that they were: a `Date`, or Unix time in milliseconds (`TIME`). */
    readonly deliveredAtMilliseconds: Date | number;
  }> & {
    /** How often to say that they were delivered; else this counts as once more (`RETRYCOUNT`). */
    readonly deliveries?: number | undefined;
    /** Claim entries that are not pending, too (`FORCE`). */
    readonly force?: boolean | undefined;
    /** Let the group go on behind this id, if that is further than it is (`LASTID`). */
    readonly lastId?: StreamId | undefined;
  };

/** Which pending entries {@link StreamGroupCommands.xpending} gives. */
export interface XpendingRange {
  /** The lowest id; `"-"` is below all, `"(1-1"` leaves the id itself out (since 6.2.0). */
  readonly start: StreamId;
  /** The highest id; `"+"` is above all, `"(1-1"` leaves the id itself out (since 6.2.0). */
  readonly end: StreamId;
  /** Give at most this many. */
  readonly count: number;
  /** Only those of this consumer. */
  readonly consumer?: Key | undefined;
  /** Only what was last delivered at least this long ago (`IDLE`). @since 6.2.0 */
  readonly minIdleInMilliseconds?: number | undefined;
}

/** Options of {@link StreamGroupCommands.xgroupSetid}. */
export interface XgroupSetidOptions {
  /** How many entries the group has read; -1 for not known (`ENTRIESREAD`). @since 7.0.0 */
  readonly entriesRead?: number | undefined;
}

/** Options of {@link StreamGroupCommands.xgroupCreate}. */
export interface XgroupCreateOptions extends XgroupSetidOptions {
  /** Make an empty stream if the key does not exist (`MKSTREAM`). */
  readonly createStream?: boolean | undefined;
}

/**
 * Commands on groups: the consumers of a group share the entries of a stream, each of which stays
 * pending from its delivery until it is acknowledged.
 */
export abstract class StreamGroupCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Acknowledge entries: they are no longer pending.
   *
   * @returns how many of them were pending; 0 if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * const id = await redis.xadd("orders", { item: "book" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const acknowledged = await redis.xack("orders", "packers", id); // 1
   * ```
   * @see https://redis.io/commands/xack
   * @since 5.0.0
   */
  xack(key: Key, group: Key, ids: OneOrMany<StreamId>): Reply<M, number> {
    const argv: Argument[] = ["XACK", key, group];
    pushAll(argv, ids, "ids");
    return this.send(argv, integer);
  }

  /**
   * Acknowledge entries and delete them from the stream.
   *
   * @returns what became of each entry, in their order: `"missing"` was not pending, `"kept"` was
   *   acknowledged but not deleted, because another group still needs it
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * const id = await redis.xadd("orders", { item: "book" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const results = await redis.xackdel("orders", "packers", id, { references: "ACKED" });
   * // ["deleted"]
   * ```
   * @see https://redis.io/commands/xackdel
   * @since Redis 8.2.0
   */
  xackdel(
    key: Key,
    group: Key,
    ids: OneOrMany<StreamId>,
    options?: ReferenceOptions,
  ): Reply<M, EntryDeletion[]> {
    const argv: Argument[] = ["XACKDEL", key, group];
    pushReferences(argv, options);
    argv.push("IDS");
    pushCounted(argv, ids, "ids");
    return this.send(argv, entryDeletions);
  }

  /**
   * Take over entries that other consumers have had pending for long, and get them.
   *
   * @returns the entries, and the `cursor` that is the `start` of the next step: `"0-0"` after the
   *   last one. Ids of entries that were deleted are given apart and are no longer pending.
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const bob = { group: "packers", consumer: "bob" };
   * const step = await redis.xautoclaim("orders", bob, { minIdleInMilliseconds: 0 });
   * // { cursor: "0-0", entries: [{ id: "1-1", fields: [["item", "book"]] }], deletedIds: [] }
   * ```
   * @see https://redis.io/commands/xautoclaim
   * @since 6.2.0
   */
  xautoclaim(
    key: Key,
    consumer: GroupConsumer,
    options: XautoclaimOptions & { readonly justId?: false | undefined },
  ): Reply<M, ClaimedEntries<B>>;
  /**
   * Take over entries that other consumers have had pending for long, and get their ids.
   *
   * @returns the ids, and the `cursor` that is the `start` of the next step: `"0-0"` after the last
   *   one. Ids of entries that were deleted are given apart and are no longer pending.
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const bob = { group: "packers", consumer: "bob" };
   * const options = { minIdleInMilliseconds: 0, justId: true } as const;
   * const step = await redis.xautoclaim("orders", bob, options);
   * // { cursor: "0-0", ids: ["1-1"], deletedIds: [] }
   * ```
   * @see https://redis.io/commands/xautoclaim
   * @since 6.2.0
   */
  xautoclaim(
    key: Key,
    consumer: GroupConsumer,
    options: XautoclaimOptions & { readonly justId: true },
  ): Reply<M, ClaimedIds>;
  xautoclaim(
    key: Key,
    { group, consumer }: GroupConsumer,
    options: XautoclaimOptions,
  ): Reply<M, ClaimedEntries<B> | ClaimedIds> {
    const { minIdleInMilliseconds, start = "0-0", count, justId } = options;
    const argv: Argument[] = ["XAUTOCLAIM", key, group, consumer, minIdleInMilliseconds, start];
    if (count !== undefined) argv.push("COUNT", count);
    if (justId !== true) return this.send<ClaimedEntries<B> | ClaimedIds>(argv, claimedEntries<B>);
    argv.push("JUSTID");
    return this.send<ClaimedEntries<B> | ClaimedIds>(argv, claimedIds);
  }

  /**
   * Take over pending entries from other consumers, and get them.
   *
   * @returns the entries that were claimed; not those that are not pending, were delivered too
   *   lately, or were deleted, which are then no longer pending
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const bob = { group: "packers", consumer: "bob" };
   * const claimed = await redis.xclaim("orders", bob, "1-1", { minIdleInMilliseconds: 0 });
   * // [{ id: "1-1", fields: [["item", "book"]] }]
   * ```
   * @see https://redis.io/commands/xclaim
   * @since 5.0.0
   */
  xclaim(
    key: Key,
    consumer: GroupConsumer,
    ids: OneOrMany<StreamId>,
    options: XclaimOptions & { readonly justId?: false | undefined },
  ): Reply<M, StreamEntry<B>[]>;
  /**
   * Take over pending entries from other consumers, and get their ids.
   *
   * @returns the ids of the entries that were claimed; not of those that are not pending, were
   *   delivered too lately, or were deleted, which are then no longer pending
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const bob = { group: "packers", consumer: "bob" };
   * const options = { minIdleInMilliseconds: 0, justId: true } as const;
   * const claimed = await redis.xclaim("orders", bob, ["1-1", "2-1"], options); // ["1-1"]
   * ```
   * @see https://redis.io/commands/xclaim
   * @since 5.0.0
   */
  xclaim(
    key: Key,
    consumer: GroupConsumer,
    ids: OneOrMany<StreamId>,
    options: XclaimOptions & { readonly justId: true },
  ): Reply<M, string[]>;
  xclaim(
    key: Key,
    { group, consumer }: GroupConsumer,
    ids: OneOrMany<StreamId>,
    options: XclaimOptions,
  ): Reply<M, StreamEntry<B>[] | string[]> {
    const argv: Argument[] = ["XCLAIM", key, group, consumer, options.minIdleInMilliseconds];
    pushAll(argv, ids, "ids");
    pushClaim(argv, options);
    if (options.justId !== true) {
      return this.send<StreamEntry<B>[] | string[]>(argv, streamEntries<B>);
    }
    argv.push("JUSTID");
    return this.send<StreamEntry<B>[] | string[]>(argv, texts);
  }

  /**
   * Make a group of consumers on a stream.
   *
   * @param start the id behind which the group reads: `"0"` for the whole stream, `"$"` for what is
   *   added from now on
   * @returns `true`
   * @throws {BusyGroupError} if the group exists
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist and `createStream` is not set
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true }); // true
   * ```
   * @see https://redis.io/commands/xgroup-create
   * @since 5.0.0
   */
  xgroupCreate(
    key: Key,
    group: Key,
    start: StreamId,
    options?: XgroupCreateOptions,
  ): Reply<M, true> {
    const argv: Argument[] = ["XGROUP", "CREATE", key, group, start];
    if (options?.createStream === true) argv.push("MKSTREAM");
    if (options?.entriesRead !== undefined) argv.push("ENTRIESREAD", options.entriesRead);
    return this.send(argv, ok);
  }

  /**
   * Make a consumer of a group; the first read of a consumer does so, too.
   *
   * @returns `true` if the consumer is new, `false` if it existed
   * @throws {NoGroupError} if the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true });
   * const isNew = await redis.xgroupCreateconsumer("orders", "packers", "ann"); // true
   * ```
   * @see https://redis.io/commands/xgroup-createconsumer
   * @since 6.2.0
   */
  xgroupCreateconsumer(key: Key, group: Key, consumer: Key): Reply<M, boolean> {
    return this.send(["XGROUP", "CREATECONSUMER", key, group, consumer], flag);
  }

  /**
   * Remove a consumer of a group. What it has pending is lost to the group: claim it first.
   *
   * @returns how many entries the consumer had pending; 0 if it does not exist
   * @throws {NoGroupError} if the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const lost = await redis.xgroupDelconsumer("orders", "packers", "ann"); // 1
   * ```
   * @see https://redis.io/commands/xgroup-delconsumer
   * @since 5.0.0
   */
  xgroupDelconsumer(key: Key, group: Key, consumer: Key): Reply<M, number> {
    return this.send(["XGROUP", "DELCONSUMER", key, group, consumer], integer);
  }

  /**
   * Remove a group with its consumers and with what they have pending.
   *
   * @returns `true` if the group existed
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true });
   * const existed = await redis.xgroupDestroy("orders", "packers"); // true
   * ```
   * @see https://redis.io/commands/xgroup-destroy
   * @since 5.0.0
   */
  xgroupDestroy(key: Key, group: Key): Reply<M, boolean> {
    return this.send(["XGROUP", "DESTROY", key, group], flag);
  }

  /**
   * Let a group go on at another place of its stream.
   *
   * @param start the id behind which the group reads: `"0"` for the whole stream, `"$"` for what is
   *   added from now on
   * @returns `true`
   * @throws {NoGroupError} if the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true });
   * await redis.xgroupSetid("orders", "packers", "0"); // true
   * ```
   * @see https://redis.io/commands/xgroup-setid
   * @since 5.0.0
   */
  xgroupSetid(key: Key, group: Key, start: StreamId, options?: XgroupSetidOptions): Reply<M, true> {
    const argv: Argument[] = ["XGROUP", "SETID", key, group, start];
    if (options?.entriesRead !== undefined) argv.push("ENTRIESREAD", options.entriesRead);
    return this.send(argv, ok);
  }

  /**
   * Get what a group has pending, in short.
   *
   * @returns how many entries, their lowest and highest id, and how many each consumer has
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * const pending = await redis.xpending("orders", "packers");
   * // { count: 0, smallestId: null, greatestId: null, consumers: [] }
   * ```
   * @see https://redis.io/commands/xpending
   * @since 5.0.0
   */
  xpending(key: Key, group: Key): Reply<M, PendingSummary<B>>;
  /**
   * Get entries that a group has pending: who has them, since when, and how often delivered.
   *
   * @returns the entries, from the lowest id on
   * @throws {NoGroupError} if the key or the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xreadgroup({ group: "packers", consumer: "ann" }, "orders");
   * const range = { start: "-", end: "+", count: 10 };
   * const [first] = await redis.xpending("orders", "packers", range);
   * const consumer = first?.consumer; // "ann"
   * ```
   * @see https://redis.io/commands/xpending
   * @since 5.0.0
   */
  xpending(key: Key, group: Key, range: XpendingRange): Reply<M, PendingDelivery<B>[]>;
  xpending(
    key: Key,
    group: Key,
    range?: XpendingRange,
  ): Reply<M, PendingSummary<B> | PendingDelivery<B>[]> {
    type Pending = PendingSummary<B> | PendingDelivery<B>[];
    const argv: Argument[] = ["XPENDING", key, group];
    if (range === undefined) return this.send<Pending>(argv, pendingSummary<B>);
    const { start, end, count, consumer, minIdleInMilliseconds } = range;
    if (minIdleInMilliseconds !== undefined) argv.push("IDLE", minIdleInMilliseconds);
    argv.push(start, end, count);
    if (consumer !== undefined) argv.push(consumer);
    return this.send<Pending>(argv, pendingDeliveries<B>);
  }

  /**
   * Read entries that no consumer of the group has got yet; wait for some if asked to. In a
   * transaction the command never waits.
   *
   * @param streams one stream or several, each of which has the group
   * @returns the streams that have such entries, with the entries, or `null` if none has
   * @throws {NoGroupError} if a key does not exist or does not have the group
   * @throws {WrongTypeError} if a key holds something other than a stream
   * @throws {ArgumentError} if `streams` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * const ann = { group: "packers", consumer: "ann" };
   * const read = await redis.xreadgroup(ann, "orders", { count: 10, blockInMilliseconds: 100 });
   * // [{ key: "orders", entries: [{ id: "1-1", fields: [["item", "book"]] }] }]
   * ```
   * @see https://redis.io/commands/xreadgroup
   * @since 5.0.0
   */
  xreadgroup(
    consumer: GroupConsumer,
    streams: OneOrMany<Key>,
    options?: XreadgroupOptions & { readonly claimIdleInMilliseconds?: undefined },
  ): Reply<M, StreamRead<B>[] | null>;
  /**
   * Take over entries that were pending for long, and read entries that no consumer has got yet.
   *
   * @param streams one stream or several, each of which has the group
   * @returns the streams that have such entries, with the entries, or `null` if none has
   * @throws {NoGroupError} if a key does not exist or does not have the group
   * @throws {WrongTypeError} if a key holds something other than a stream
   * @throws {ArgumentError} if `streams` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" });
   * const ann = { group: "packers", consumer: "ann" };
   * const read = await redis.xreadgroup(ann, "orders", { claimIdleInMilliseconds: 60_000 });
   * const deliveries = read?.[0]?.entries[0]?.deliveries; // 0
   * ```
   * @see https://redis.io/commands/xreadgroup
   * @since Redis 8.4.0
   */
  xreadgroup(
    consumer: GroupConsumer,
    streams: OneOrMany<Key>,
    options: XreadgroupClaimOptions,
  ): Reply<M, StreamRead<B, DeliveredStreamEntry<B>>[] | null>;
  /**
   * Read again what a consumer has got and not yet acknowledged.
   *
   * @param streams for each stream the id behind which to read: `"0"` for all that is pending;
   *   `">"` reads entries that no consumer has got yet
   * @returns each stream, even without such entries, with the entries
   * @throws {NoGroupError} if a key does not exist or does not have the group
   * @throws {WrongTypeError} if a key holds something other than a stream
   * @throws {ArgumentError} if `streams` is empty
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * const ann = { group: "packers", consumer: "ann" };
   * await redis.xreadgroup(ann, "orders");
   * const again = await redis.xreadgroup(ann, { orders: "0" });
   * // [{ key: "orders", entries: [{ id: "1-1", fields: [["item", "book"]] }] }]
   * ```
   * @see https://redis.io/commands/xreadgroup
   * @since 5.0.0
   */
  xreadgroup(
    consumer: GroupConsumer,
    streams: StreamPositions,
    options?: XreadgroupOptions & { readonly claimIdleInMilliseconds?: undefined },
  ): Reply<M, StreamRead<B, PendingStreamEntry<B>>[] | null>;
  xreadgroup(
    { group, consumer }: GroupConsumer,
    streams: OneOrMany<Key> | StreamPositions,
    options?: AnyReadOptions,
  ): Reply<M, AnyRead<B>[] | null> {
    const argv: Argument[] = ["XREADGROUP", "GROUP", group, consumer];
    pushReadOptions(argv, options);
    const traits = options?.blockInMilliseconds === undefined ? PLAIN : BLOCKING;
    let decode: Decoder<AnyRead<B>[] | null> = readPendingEntries<B>;
    if (!areKeys(streams)) {
      pushPositions(argv, streams);
    } else {
      pushUnread(argv, streams);
      const isClaim = options?.claimIdleInMilliseconds !== undefined;
      decode = isClaim ? readDeliveredEntries<B> : readEntries<B>;
    }
    return this.send(argv, decode, traits);
  }
}

type AnyReadOptions = XreadgroupOptions & {
  readonly claimIdleInMilliseconds?: number | undefined;
};

type AnyRead<B extends Bulk> = StreamRead<B, PendingStreamEntry<B>>;

function pushReadOptions(argv: Argument[], options: AnyReadOptions | undefined): void {
  const { count, blockInMilliseconds, claimIdleInMilliseconds, noAck } = options ?? {};
  if (count !== undefined) argv.push("COUNT", count);
  if (blockInMilliseconds !== undefined) argv.push("BLOCK", blockInMilliseconds);
  if (claimIdleInMilliseconds !== undefined) argv.push("CLAIM", claimIdleInMilliseconds);
  if (noAck === true) argv.push("NOACK");
}

function pushClaim(argv: Argument[], options: XclaimOptions): void {
  const { idleInMilliseconds, deliveredAtMilliseconds, deliveries, force, lastId } = options;
  if (idleInMilliseconds !== undefined) argv.push("IDLE", idleInMilliseconds);
  if (deliveredAtMilliseconds !== undefined) {
    argv.push("TIME", unixMilliseconds(deliveredAtMilliseconds));
  }
  if (deliveries !== undefined) argv.push("RETRYCOUNT", deliveries);
  if (force === true) argv.push("FORCE");
  if (lastId !== undefined) argv.push("LASTID", lastId);
}
