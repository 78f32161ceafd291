import type { Bulk, Key } from "../command/command.ts";
import {
  type ConsumerInfo,
  consumerInfos,
  type GroupInfo,
  groupInfos,
  type StreamDetails,
  type StreamInfo,
  streamDetails,
  streamInfo,
} from "../command/decoders_stream_info.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of an {@link StreamInfoCommands.xinfoStream} that tells everything. */
export interface XinfoStreamOptions {
  /** Tell the entries, groups, consumers and what they have pending, too (`FULL`). @since 6.0.0 */
  readonly full: true;
  /** Tell at most this many of each, 10 unless given; 0 for all (`COUNT`). @since 6.0.0 */
  readonly count?: number | undefined;
}

/** Commands that tell about streams, groups and consumers. */
export abstract class StreamInfoCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get what is known of the consumers of a group.
   *
   * @returns the consumers; empty if there are none
   * @throws {NoGroupError} if the group does not exist
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true });
   * await redis.xgroupCreateconsumer("orders", "packers", "ann");
   * const [ann] = await redis.xinfoConsumers("orders", "packers");
   * const pending = ann?.pending; // 0
   * ```
   * @see https://redis.io/commands/xinfo-consumers
   * @since 5.0.0
   */
  xinfoConsumers(key: Key, group: Key): Reply<M, ConsumerInfo<B>[]> {
    return this.send(["XINFO", "CONSUMERS", key, group], consumerInfos<B>);
  }

  /**
   * Get what is known of the groups of a stream.
   *
   * @returns the groups; empty if there are none
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "0", { createStream: true });
   * await redis.xadd("orders", { item: "book" });
   * const [packers] = await redis.xinfoGroups("orders");
   * const lag = packers?.lag; // 1
   * ```
   * @see https://redis.io/commands/xinfo-groups
   * @since 5.0.0
   */
  xinfoGroups(key: Key): Reply<M, GroupInfo<B>[]> {
    return this.send(["XINFO", "GROUPS", key], groupInfos<B>);
  }

  /**
   * Get what is known of a stream, in short.
   *
   * @returns how long it is, its first and last entry, and more
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xadd("orders", { item: "book" }, { id: "1-1" });
   * const info = await redis.xinfoStream("orders");
   * const last = info.lastEntry; // { id: "1-1", fields: [["item", "book"]] }
   * ```
   * @see https://redis.io/commands/xinfo-stream
   * @since 5.0.0
   */
  xinfoStream(key: Key): Reply<M, StreamInfo<B>>;
  /**
   * Get what is known of a stream, of its groups and of their consumers.
   *
   * @returns entries, groups and consumers, as many as were asked for
   * @throws {WrongTypeError} if the key holds something other than a stream
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.xgroupCreate("orders", "packers", "$", { createStream: true });
   * const info = await redis.xinfoStream("orders", { full: true, count: 5 });
   * const name = info.groups[0]?.name; // "packers"
   * ```
   * @see https://redis.io/commands/xinfo-stream
   * @since 6.0.0
   */
  xinfoStream(key: Key, options: XinfoStreamOptions): Reply<M, StreamDetails<B>>;
  xinfoStream(key: Key, options?: XinfoStreamOptions): Reply<M, StreamInfo<B> | StreamDetails<B>> {
    const argv: Argument[] = ["XINFO", "STREAM", key];
    if (options?.full !== true) {
      return this.send<StreamInfo<B> | StreamDetails<B>>(argv, streamInfo<B>);
    }
    argv.push("FULL");
    if (options.count !== undefined) argv.push("COUNT", options.count);
    return this.send<StreamInfo<B> | StreamDetails<B>>(argv, streamDetails<B>);
  }
}
