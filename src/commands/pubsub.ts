import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import { bulkSet, integer } from "../command/decoders.ts";
import { type Subscribers, subscribers } from "../command/decoders_pubsub.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/**
 * Commands that publish messages, and that tell who listens. To subscribe is not among them: it
 * takes a connection of its own.
 */
export abstract class PubSubCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Send a message to the subscribers of a channel.
   *
   * @returns how many subscribers got it; in a cluster only those of the node that was asked count
   * @example
   * ```ts
   * const receivers = await redis.publish("news", "hello"); // 0
   * ```
   * @see https://redis.io/commands/publish
   * @since 2.0.0
   */
  publish(channel: Key, message: Value): Reply<M, number> {
    return this.send(["PUBLISH", channel, message], integer);
  }

  /**
   * Send a message to the subscribers of a shard channel, which lives in one slot of a cluster.
   *
   * @returns how many subscribers got it
   * @example
   * ```ts
   * const receivers = await redis.spublish("orders", "42 is paid"); // 0
   * ```
   * @see https://redis.io/commands/spublish
   * @since 7.0.0
   */
  spublish(channel: Key, message: Value): Reply<M, number> {
    return this.send(["SPUBLISH", channel, message], integer);
  }

  /**
   * List the channels that have subscribers; those of patterns do not count.
   *
   * @param pattern only channels that match this glob-style pattern
   * @returns the channels
   * @example
   * ```ts
   * const channels = await redis.pubsubChannels("news:*"); // Set {}
   * ```
   * @see https://redis.io/commands/pubsub-channels
   * @since 2.8.0
   */
  pubsubChannels(pattern?: Key): Reply<M, Set<B>> {
    const argv: Argument[] = ["PUBSUB", "CHANNELS"];
    if (pattern !== undefined) argv.push(pattern);
    return this.send(argv, bulkSet<B>);
  }

  /**
   * Count the different patterns that are subscribed to.
   *
   * @returns how many patterns, of all clients
   * @example
   * ```ts
   * const patterns = await redis.pubsubNumpat(); // 0
   * ```
   * @see https://redis.io/commands/pubsub-numpat
   * @since 2.8.0
   */
  pubsubNumpat(): Reply<M, number> {
    return this.send(["PUBSUB", "NUMPAT"], integer);
  }

  /**
   * Count the subscribers of channels; those of patterns do not count.
   *
   * @returns for each channel, how many subscribers; in bytes form a list in the order of
   *   `channels`
   * @throws {ArgumentError} if `channels` is empty
   * @example
   * ```ts
   * const subscribers = await redis.pubsubNumsub(["news", "sport"]); // { news: 0, sport: 0 }
   * ```
   * @see https://redis.io/commands/pubsub-numsub
   * @since 2.8.0
   */
  pubsubNumsub(channels: OneOrMany<Key>): Reply<M, Subscribers<B>> {
    const argv: Argument[] = ["PUBSUB", "NUMSUB"];
    pushAll(argv, channels, "channels");
    return this.send(argv, subscribers<B>(this.form));
  }

  /**
   * List the shard channels that have subscribers.
   *
   * @param pattern only channels that match this glob-style pattern
   * @returns the channels
   * @example
   * ```ts
   * const channels = await redis.pubsubShardchannels(); // Set {}
   * ```
   * @see https://redis.io/commands/pubsub-shardchannels
   * @since 7.0.0
   */
  pubsubShardchannels(pattern?: Key): Reply<M, Set<B>> {
    const argv: Argument[] = ["PUBSUB", "SHARDCHANNELS"];
    if (pattern !== undefined) argv.push(pattern);
    return this.send(argv, bulkSet<B>);
  }

  /**
   * Count the subscribers of shard channels.
   *
   * @returns for each channel, how many subscribers; in bytes form a list in the order of
   *   `channels`
   * @throws {ArgumentError} if `channels` is empty
   * @example
   * ```ts
   * const subscribers = await redis.pubsubShardnumsub("orders"); // { orders: 0 }
   * ```
   * @see https://redis.io/commands/pubsub-shardnumsub
   * @since 7.0.0
   */
  pubsubShardnumsub(channels: OneOrMany<Key>): Reply<M, Subscribers<B>> {
    const argv: Argument[] = ["PUBSUB", "SHARDNUMSUB"];
    pushAll(argv, channels, "channels");
    return this.send(argv, subscribers<B>(this.form));
  }
}
