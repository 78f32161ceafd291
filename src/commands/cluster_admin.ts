import { type OneOrMany, pushAll } from "../command/arguments.ts";
import { pushSlotRanges } from "../command/arguments_cluster.ts";
import { ok } from "../command/decoders.ts";
import { type EpochBump, epochBump, type SlotRange } from "../command/decoders_cluster.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** What {@link ClusterAdminCommands.clusterSetslot} makes of a slot; one of them. */
export type SlotState =
  | {
      /** The node that is told gets the keys of the slot from this one (`IMPORTING`). */
      readonly importingFrom: string;
      readonly migratingTo?: undefined;
      readonly node?: undefined;
      readonly stable?: undefined;
    }
  | {
      /** The node that is told gives the keys of the slot to this one (`MIGRATING`). */
      readonly migratingTo: string;
      readonly importingFrom?: undefined;
      readonly node?: undefined;
      readonly stable?: undefined;
    }
  | {
      /** The slot belongs to this node (`NODE`). */
      readonly node: string;
      readonly importingFrom?: undefined;
      readonly migratingTo?: undefined;
      readonly stable?: undefined;
    }
  | {
      /** The slot is not on the move any more (`STABLE`). */
      readonly stable: true;
      readonly importingFrom?: undefined;
      readonly migratingTo?: undefined;
      readonly node?: undefined;
    };

/** Options of {@link ClusterAdminCommands.clusterSetslot}. */
export interface SetslotOptions {
  /** Milliseconds to wait for the node's replicas (`TIMEOUT`). @since Valkey 8.0.0 */
  readonly timeout?: number | undefined;
}

/**
 * Commands that change the node they are sent to, and so its cluster. They are sent to one node; a
 * server that is no part of a cluster refuses them.
 */
export abstract class ClusterAdminCommands<M extends Mode> extends Executor<M> {
  /**
   * Give slots that no node owns to the node that is told.
   *
   * @param slots numbers from 0 to 16383
   * @returns `true`, always
   * @throws {ServerError} if a slot has an owner already; none is given then
   * @throws {ArgumentError} if `slots` is empty
   * @example
   * ```ts
   * const done = await redis.clusterAddslots([1, 2, 3]).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-addslots
   * @since 3.0.0
   */
  clusterAddslots(slots: OneOrMany<number>): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "ADDSLOTS"];
    pushAll(argv, slots, "slots");
    return this.send(argv, ok);
  }

  /**
   * Give ranges of slots that no node owns to the node that is told.
   *
   * @returns `true`, always
   * @throws {ServerError} if a slot has an owner already; none is given then
   * @throws {ArgumentError} if `ranges` is empty
   * @example
   * ```ts
   * const done = await redis
   *   .clusterAddslotsrange({ start: 0, end: 5460 })
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-addslotsrange
   * @since 7.0.0
   */
  clusterAddslotsrange(ranges: OneOrMany<SlotRange>): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "ADDSLOTSRANGE"];
    pushSlotRanges(argv, ranges);
    return this.send(argv, ok);
  }

  /**
   * Raise the configuration epoch of the node, so that it wins against every other one.
   *
   * @returns the epoch, and whether it was raised
   * @example
   * ```ts
   * const bump = await redis.clusterBumpepoch().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-bumpepoch
   * @since 3.0.0
   */
  clusterBumpepoch(): Reply<M, EpochBump> {
    return this.send(["CLUSTER", "BUMPEPOCH"], epochBump);
  }

  /**
   * Let the node that is told forget who owns slots; the other nodes still know.
   *
   * @param slots numbers from 0 to 16383
   * @returns `true`, always
   * @throws {ServerError} if the node knows no owner of a slot
   * @throws {ArgumentError} if `slots` is empty
   * @example
   * ```ts
   * const done = await redis.clusterDelslots([1, 2, 3]).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-delslots
   * @since 3.0.0
   */
  clusterDelslots(slots: OneOrMany<number>): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "DELSLOTS"];
    pushAll(argv, slots, "slots");
    return this.send(argv, ok);
  }

  /**
   * Let the node that is told forget who owns ranges of slots; the other nodes still know.
   *
   * @returns `true`, always
   * @throws {ServerError} if the node knows no owner of a slot
   * @throws {ArgumentError} if `ranges` is empty
   * @example
   * ```ts
   * const done = await redis
   *   .clusterDelslotsrange({ start: 0, end: 5460 })
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-delslotsrange
   * @since 7.0.0
   */
  clusterDelslotsrange(ranges: OneOrMany<SlotRange>): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "DELSLOTSRANGE"];
    pushSlotRanges(argv, ranges);
    return this.send(argv, ok);
  }

  /**
   * Let the replica that is told take the place of its primary.
   *
   * @param options `mode`: do not ask the primary, as it may be down (`"FORCE"`), nor the other
   *   nodes (`"TAKEOVER"`)
   * @returns `true`: it has begun; it may still fail
   * @throws {ServerError} if the node is no replica
   * @example
   * ```ts
   * const begun = await redis.clusterFailover().catch(() => "no replica in a cluster");
   * ```
   * @see https://redis.io/commands/cluster-failover
   * @since 3.0.0
   */
  clusterFailover(options?: { readonly mode?: "FORCE" | "TAKEOVER" | undefined }): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "FAILOVER"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * Let the node that is told forget all slots that it owns; its database must be empty.
   *
   * @returns `true`, always
   * @throws {ServerError} if it has keys
   * @example
   * ```ts
   * const done = await redis.clusterFlushslots().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-flushslots
   * @since 3.0.0
   */
  clusterFlushslots(): Reply<M, true> {
    return this.send(["CLUSTER", "FLUSHSLOTS"], ok);
  }

  /**
   * Let the node that is told forget another one, and not learn of it again for a minute.
   *
   * @returns `true`, always
   * @throws {ServerError} if it does not know the node, or is the node or its replica
   * @example
   * ```ts
   * const done = await redis.clusterForget("0".repeat(40)).catch(() => "no such node");
   * ```
   * @see https://redis.io/commands/cluster-forget
   * @since 3.0.0
   */
  clusterForget(nodeId: string): Reply<M, true> {
    return this.send(["CLUSTER", "FORGET", nodeId], ok);
  }

  /**
   * Make the node that is told known to another one: they become one cluster.
   *
   * @param host an IP address
   * @param port its port for clients
   * @param options `busPort`: its port for other nodes, `port + 10000` unless given (since 4.0.0)
   * @returns `true`: they will meet, if the other one answers
   * @throws {ServerError} if `host` is no IP address, or a port is wrong
   * @example
   * ```ts
   * const done = await redis.clusterMeet("192.0.2.1", 6379).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-meet
   * @since 3.0.0
   */
  clusterMeet(
    host: string,
    port: number,
    options?: { readonly busPort?: number | undefined },
  ): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "MEET", host, port];
    if (options?.busPort !== undefined) argv.push(options.busPort);
    return this.send(argv, ok);
  }

  /**
   * Make the node that is told a replica of another one, or, on Valkey, a primary without slots.
   *
   * @param nodeId the primary; `"NO ONE"` for none (since Valkey 9.0.0)
   * @returns `true`, always
   * @throws {ServerError} if the primary is not known or a replica itself, or the node has slots or
   *   keys
   * @example
   * ```ts
   * const done = await redis.clusterReplicate("0".repeat(40)).catch(() => "no such node");
   * ```
   * @see https://redis.io/commands/cluster-replicate
   * @since 3.0.0
   */
  clusterReplicate(nodeId: string): Reply<M, true> {
    const words = nodeId === "NO ONE" ? ["NO", "ONE"] : [nodeId];
    return this.send(["CLUSTER", "REPLICATE", ...words], ok);
  }

  /**
   * Let the node that is told forget its cluster; a replica becomes an empty primary.
   *
   * @param options `mode`: keep its id (`"SOFT"`, unless given), or take a new one and forget
   *   epochs, too (`"HARD"`)
   * @returns `true`, always
   * @throws {ServerError} if it is a primary that has keys
   * @example
   * ```ts
   * const done = await redis.clusterReset({ mode: "SOFT" }).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-reset
   * @since 3.0.0
   */
  clusterReset(options?: { readonly mode?: "HARD" | "SOFT" | undefined }): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "RESET"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * Write what the node knows of its cluster to its file.
   *
   * @returns `true`: it is written
   * @throws {ServerError} if it cannot be written
   * @example
   * ```ts
   * const done = await redis.clusterSaveconfig().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-saveconfig
   * @since 3.0.0
   */
  clusterSaveconfig(): Reply<M, true> {
    return this.send(["CLUSTER", "SAVECONFIG"], ok);
  }

  /**
   * Set the configuration epoch of a new node, which does not know any other one yet.
   *
   * @returns `true`, always
   * @throws {ServerError} if the node knows other ones, or has an epoch
   * @example
   * ```ts
   * const done = await redis.clusterSetConfigEpoch(1).catch(() => "not a new node");
   * ```
   * @see https://redis.io/commands/cluster-set-config-epoch
   * @since 3.0.0
   */
  clusterSetConfigEpoch(epoch: number): Reply<M, true> {
    return this.send(["CLUSTER", "SET-CONFIG-EPOCH", epoch], ok);
  }

  /**
   * Change what the node that is told knows of a slot: its owner, or that it is on the move.
   *
   * @param slot 0 to 16383
   * @returns `true`, always
   * @throws {ServerError} if a node is not known, or the slot is not where it must be
   * @example
   * ```ts
   * const done = await redis.clusterSetslot(7, { stable: true }).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-setslot
   * @since 3.0.0
   */
  clusterSetslot(slot: number, state: SlotState, options?: SetslotOptions): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "SETSLOT", slot];
    if (state.importingFrom !== undefined) argv.push("IMPORTING", state.importingFrom);
    else if (state.migratingTo !== undefined) argv.push("MIGRATING", state.migratingTo);
    else if (state.node !== undefined) argv.push("NODE", state.node);
    else argv.push("STABLE");
    if (options?.timeout !== undefined) argv.push("TIMEOUT", options.timeout);
    return this.send(argv, ok);
  }
}
