import {
  type FieldsOf,
  type FieldValues,
  type OneOrMany,
  pushAll,
  pushCounted,
  pushFields,
} from "../command/arguments.ts";
import {
  type Idempotency,
  pushPositions,
  pushReferences,
  pushTrim,
  type ReferenceOptions,
  type StreamId,
  type StreamPositions,
  type StreamTrim,
} from "../command/arguments_streams.ts";
import type { Bulk, Key } from "../command/command.ts";
import { integer, ok, text, textOrNull } from "../command/decoders.ts";
import {
  type EntryDeletion,
  entryDeletions,
  readEntries,
  type StreamEntry,
  type StreamRead,
  streamEntries,
} from "../command/decoders_streams.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { BLOCKING, PLAIN } from "../command/traits.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of {@link StreamCommands.xadd}. */
export type XaddOptions = {
  /**
   * Make the stream if the key does not exist; it is made unless this is `false` (`NOMKSTREAM`).
   * @since 6.2.0
   */
  readonly createStream?: boolean | undefined;
  /** Delete old entries afterwards. */
  readonly trim?: StreamTrim | undefined;
} & (
  | {
      /**
       * The id of the entry, higher than that of all others: the server chooses one (`"*"`) unless
       * it is given. `"<milliseconds>-*"` leaves the number to the server (since 7.0.0).
       */
      readonly id?: StreamId | undefined;
      readonly idempotent?: undefined;
    }
  | {
      readonly id?: "*" | undefined;
      /**
       * Add the entry only if this producer has not added it before (`IDMP`, `IDMPAUTO`); the reply
       * is then the id of the entry that is there. @since Redis 8.6.0
       */
      readonly idempotent: Idempotency;
    }
);

/** Options of {@link StreamCommands.xrange} and {@link StreamCommands.xrevrange}. */
export interface XrangeOptions {
  /** Give at most this many entries (`COUNT`). */
  readonly count?: number | undefined;
}

/** Options of {@link StreamCommands.xread}. */
export interface XreadOptions {
  /** Give at most this many entries of each stream; all unless given (`COUNT`). */
  readonly count?: number | undefined;
  /**
   * Wait at most this long for an entry if there is none; 0 waits for ever, and unless given the
   * command does not wait (`BLOCK`).
   */
  readonly blockInMilliseconds?: number | undefined;
}

/** Options of {@link StreamCommands.xsetid}. */
export interface XsetidOptions {
  /** How many entries were ever added to the stream (`ENTRIESADDED`). @since 7.0.0 */
  readonly entriesAdded?: number | undefined;
  /** The highest id of a deleted entry (`MAXDELETEDID`). @since 7.0.0 */
  readonly maxDeletedId?: StreamId | undefined;
}

/** Options of {@link StreamCommands.xcfgset}: one or both. */
export type XcfgsetOptions =
  | {
      /** How long to remember idempotent entries, in seconds (`IDMP-DURATION`). */
      readonly idmpDurationInSeconds: number;
      /** How many idempotent entries of each producer to remember (`IDMP-MAXSIZE`). */
      readonly idmpMaxSize?: number | undefined;
    }
  | { readonly idmpDurationInSeconds?: undefined; readonly idmpMaxSize: number };

/**
 * Commands on streams: entries, each with an id and fields, in the order in which they were added.
 * Groups of consumers have commands of their own.
 */
export abstract class StreamCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Add an entry to a stream, which is made if the key does not exist.
   *
   * @param fields an object, a `Map`, or pairs, in which a field may come more than once
   * @returns the id of the entry
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if `id` is not higher than that of the last entry
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * const id = await redis.xadd("orders", { item: "book", price: 12 }, { id: "1-1" }); // "1-1"
   * ```
   * @see https://redis.io/commands/xadd
   * @since 5.0.0
   */
  xadd<T extends object>(
    key: Key,
    fields: FieldValues | FieldsOf<T>,
    options?: XaddOptions & { readonly createStream?: true | undefined },
  ): Reply<M, string>;
  /**
   * Add an entry to a stream if there is the stream.
   *
   * @param fields an object, a `Map`, or pairs, in which a field may come more than once
   * @returns the id of the entry, or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if `id` is not higher than that of the last entry
   * @throws {ArgumentError} if `fields` is empty
   * @example
   * ```ts
   * const id = await redis.xadd("missing", { item: "book" }, { createStream: false }); // null
   * ```
   * @see https://redis.io/commands/xadd
   * @since 6.2.0
   */
  xadd<T extends object>(
    key: Key,
    fields: FieldValues | FieldsOf<T>,
    options: XaddOptions,
  ): Reply<M, string | null>;
  xadd<T extends object>(
    key: Key,
    fields: FieldValues | FieldsOf<T>,
    options?: XaddOptions,
  ): Reply<M, string | null> {
    const argv: Argument[] = ["XADD", key];
    if (options?.createStream === false) argv.push("NOMKSTREAM");
    if (options?.idempotent !== undefined) pushIdempotency(argv, options.idempotent);
    if (options?.trim !== undefined) pushTrim(argv, options.trim);
    argv.push(options?.id ?? "*");
    pushFields(argv, fields);
    if (options?.createStream === false) return this.send(argv, textOrNull);
    return this.send<string | null>(argv, text);
  }

  /**
   * Set for how long, and how many, idempotent entries a stream remembers.
   *
   * @returns `true`
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist or a number is out of range
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" });
   * await redis.xcfgset("orders", { idmpDurationInSeconds: 600 }); // true
   * ```
   * @see https://redis.io/commands/xcfgset
   * @since Redis 8.6.0
   */
  xcfgset(key: Key, options: XcfgsetOptions): Reply<M, true> {
    const argv: Argument[] = ["XCFGSET", key];
    const { idmpDurationInSeconds, idmpMaxSize } = options;
    if (idmpDurationInSeconds !== undefined) argv.push("IDMP-DURATION", idmpDurationInSeconds);
    if (idmpMaxSize !== undefined) argv.push("IDMP-MAXSIZE", idmpMaxSize);
    return this.send(argv, ok);
  }

  /**
   * Delete entries of a stream. Groups that have them pending keep their ids.
   *
   * @returns how many of the entries existed
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * const id = await redis.xadd("orders", { item: "book" });
   * const deleted = await redis.xdel("orders", [id, "1-1"]); // 1
   * ```
   * @see https://redis.io/commands/xdel
   * @since 5.0.0
   */
  xdel(key: Key, ids: OneOrMany<StreamId>): Reply<M, number> {
    const argv: Argument[] = ["XDEL", key];
    pushAll(argv, ids, "ids");
    return this.send(argv, integer);
  }

  /**
   * Delete entries of a stream, and say what becomes of the references that groups hold to them.
   *
   * @returns what became of each entry, in their order
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * const id = await redis.xadd("orders", { item: "book" });
   * const results = await redis.xdelex("orders", [id, "1-1"], { references: "DELREF" });
   * // ["deleted", "missing"]
   * ```
   * @see https://redis.io/commands/xdelex
   * @since Redis 8.2.0
   */
  xdelex(
    key: Key,
    ids: OneOrMany<StreamId>,
    options?: ReferenceOptions,
  ): Reply<M, EntryDeletion[]> {
    const argv: Argument[] = ["XDELEX", key];
    pushReferences(argv, options);
    argv.push("IDS");
    pushCounted(argv, ids, "ids");
    return this.send(argv, entryDeletions);
  }

  /**
   * Count the entries of a stream.
   *
   * @returns the number of entries; 0 if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" });
   * const length = await redis.xlen("orders"); // 1
   * ```
   * @see https://redis.io/commands/xlen
   * @since 5.0.0
   */
  xlen(key: Key): Reply<M, number> {
    return this.send(["XLEN", key], integer);
  }

  /**
   * Get the entries between two ids, from the lowest to the highest.
   *
   * @param start the lowest id; `"-"` is below all, `"(1-1"` leaves the id itself out (since 6.2.0)
   * @param end the highest id; `"+"` is above all, `"(1-1"` leaves the id itself out (since 6.2.0)
   * @returns the entries; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * const orders = await redis.xrange("orders", "-", "+", { count: 10 });
   * // [{ id: "1-1", fields: [["item", "book"]] }]
   * ```
   * @see https://redis.io/commands/xrange
   * @since 5.0.0
   */
  xrange(
    key: Key,
    start: StreamId,
    end: StreamId,
    options?: XrangeOptions,
  ): Reply<M, StreamEntry<B>[]> {
    const argv: Argument[] = ["XRANGE", key, start, end];
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, streamEntries<B>);
  }

  /**
   * Read the entries of streams behind given ids; wait for some if asked to. In a transaction the
   * command never waits.
   *
   * @param streams for each stream the id behind which to read: `"0"` reads from the start, `"$"`
   *   only what is added while the command waits, `"+"` the last entry (since Redis 7.4.0, Valkey
   *   8.0.0)
   * @returns the streams that have such entries, with the entries, or `null` if none has
   * @throws {WrongTypeError} if a key holds something other than a stream
   * @throws {ArgumentError} if `streams` is empty
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * const read = await redis.xread({ orders: "0" }, { count: 10, blockInMilliseconds: 100 });
   * // [{ key: "orders", entries: [{ id: "1-1", fields: [["item", "book"]] }] }]
   * ```
   * @see https://redis.io/commands/xread
   * @since 5.0.0
   */
  xread(streams: StreamPositions, options?: XreadOptions): Reply<M, StreamRead<B>[] | null> {
    const argv: Argument[] = ["XREAD"];
    const { count, blockInMilliseconds } = options ?? {};
    if (count !== undefined) argv.push("COUNT", count);
    if (blockInMilliseconds !== undefined) argv.push("BLOCK", blockInMilliseconds);
    pushPositions(argv, streams);
    const traits = blockInMilliseconds === undefined ? PLAIN : BLOCKING;
    return this.send(argv, readEntries<B>, traits);
  }

  /**
   * Get the entries between two ids, from the highest to the lowest.
   *
   * @param end the highest id; `"+"` is above all, `"(1-1"` leaves the id itself out (since 6.2.0)
   * @param start the lowest id; `"-"` is below all, `"(1-1"` leaves the id itself out (since 6.2.0)
   * @returns the entries; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xadd("orders", { item: "lamp" }, { id: "2-1" });
   * const [last] = await redis.xrevrange("orders", "+", "-", { count: 1 });
   * const id = last?.id; // "2-1"
   * ```
   * @see https://redis.io/commands/xrevrange
   * @since 5.0.0
   */
  xrevrange(
    key: Key,
    end: StreamId,
    start: StreamId,
    options?: XrangeOptions,
  ): Reply<M, StreamEntry<B>[]> {
    const argv: Argument[] = ["XREVRANGE", key, end, start];
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    return this.send(argv, streamEntries<B>);
  }

  /**
   * Set what a stream takes for the id of its last entry; servers use it to replicate.
   *
   * @param lastId not lower than that of any entry, deleted ones included
   * @returns `true`
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist or `lastId` is too low
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * await redis.xsetid("orders", "2-0"); // true
   * ```
   * @see https://redis.io/commands/xsetid
   * @since 5.0.0
   */
  xsetid(key: Key, lastId: StreamId, options?: XsetidOptions): Reply<M, true> {
    const argv: Argument[] = ["XSETID", key, lastId];
    if (options?.entriesAdded !== undefined) argv.push("ENTRIESADDED", options.entriesAdded);
    if (options?.maxDeletedId !== undefined) argv.push("MAXDELETEDID", options.maxDeletedId);
    return this.send(argv, ok);
  }

  /**
   * Delete the oldest entries of a stream.
   *
   * @returns how many entries were deleted
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" });
   * await redis.xadd("orders", { item: "lamp" });
   * const deleted = await redis.xtrim("orders", { maxLength: 1 }); // 1
   * ```
   * @see https://redis.io/commands/xtrim
   * @since 5.0.0
   */
  xtrim(key: Key, trim: StreamTrim): Reply<M, number> {
    const argv: Argument[] = ["XTRIM", key];
    pushTrim(argv, trim);
    return this.send(argv, integer);
  }
}

function pushIdempotency(argv: Argument[], { producer, entry }: Idempotency): void {
  if (entry === undefined) argv.push("IDMPAUTO", producer);
  else argv.push("IDMP", producer, entry);
}
