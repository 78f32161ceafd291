import type { Bulk, Key } from "../command/command.ts";
import { bulkSet, bulks, integer, text } from "../command/decoders.ts";
import {
  type ClusterInfo,
  type ClusterLink,
  clusterInfo,
  clusterLinks,
  type Shard,
  type SlotOwners,
  type SlotRange,
  type SlotStats,
  shards,
  slotOwners,
  slotStats,
} from "../command/decoders_cluster.ts";
import {
  type ClusterNode,
  clusterNodeList,
  clusterNodes,
} from "../command/decoders_cluster_nodes.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { type Cursor, pushScanOptions, scanPage } from "../command/scan.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";
import type { ScanKeysOptions, ScanPage } from "./keys.ts";

/** Options of {@link ClusterCommands.clusterscan}. */
export interface ClusterscanOptions extends ScanKeysOptions {
  /** Only keys of this slot (`SLOT`). */
  readonly slot?: number | undefined;
}

/** By what {@link ClusterCommands.clusterSlotStats} can put slots in order. */
export type SlotMetric =
  | "KEY-COUNT"
  | "CPU-USEC"
  | "NETWORK-BYTES-IN"
  | "NETWORK-BYTES-OUT"
  | "MEMORY-BYTES";

/** Options of {@link ClusterCommands.clusterSlotStats} with an order. */
export interface SlotStatsOptions {
  /** How many slots at most (`LIMIT`), all unless given. */
  readonly limit?: number | undefined;
  /** The largest first (`"DESC"`, unless given) or the smallest (`"ASC"`). */
  readonly order?: "ASC" | "DESC" | undefined;
}

/** Commands that tell what a node knows of its cluster. They change nothing. */
export abstract class ClusterCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Count how many nodes say of a node that it does not answer.
   *
   * @param nodeId the node they speak of
   * @returns how many say so
   * @throws {ServerError} if the node is not known
   * @example
   * ```ts
   * const reports = await redis
   *   .clusterMyid()
   *   .then((id) => redis.clusterCountFailureReports(id))
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-count-failure-reports
   * @since 3.0.0
   */
  clusterCountFailureReports(nodeId: string): Reply<M, number> {
    return this.send(["CLUSTER", "COUNT-FAILURE-REPORTS", nodeId], integer);
  }

  /**
   * Count the keys that the node that is asked has in a slot.
   *
   * @param slot 0 to 16383
   * @returns how many keys; 0 for a slot of another node
   * @example
   * ```ts
   * const count = await redis.clusterCountkeysinslot(7000).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-countkeysinslot
   * @since 3.0.0
   */
  clusterCountkeysinslot(slot: number): Reply<M, number> {
    return this.send(["CLUSTER", "COUNTKEYSINSLOT", slot], integer);
  }

  /**
   * Get keys that the node that is asked has in a slot.
   *
   * @param slot 0 to 16383
   * @param count how many at most
   * @returns the keys; none for a slot of another node
   * @example
   * ```ts
   * const keys = await redis.clusterGetkeysinslot(7000, 10).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-getkeysinslot
   * @since 3.0.0
   */
  clusterGetkeysinslot(slot: number, count: number): Reply<M, Set<B>> {
    return this.send(["CLUSTER", "GETKEYSINSLOT", slot, count], bulkSet<B>);
  }

  /**
   * Describe the state of the cluster as the node sees it that is asked.
   *
   * @returns the state and some numbers, and everything else in `fields`
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const state = await redis
   *   .clusterInfo()
   *   .then((info) => info.state)
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-info
   * @since 3.0.0
   */
  clusterInfo(): Reply<M, ClusterInfo> {
    return this.send(["CLUSTER", "INFO"], clusterInfo);
  }

  /**
   * Tell to which slot a key belongs.
   *
   * @returns the number of the slot, 0 to 16383
   * @example
   * ```ts
   * const slot = await redis.clusterKeyslot("foo").catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-keyslot
   * @since 3.0.0
   */
  clusterKeyslot(key: Key): Reply<M, number> {
    return this.send(["CLUSTER", "KEYSLOT", key], integer);
  }

  /**
   * Describe the connections between the node that is asked and the others.
   *
   * @returns two for each other node: one made by each of them
   * @example
   * ```ts
   * const links = await redis.clusterLinks().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-links
   * @since 7.0.0
   */
  clusterLinks(): Reply<M, ClusterLink[]> {
    return this.send(["CLUSTER", "LINKS"], clusterLinks);
  }

  /**
   * Get the id of the node that is asked.
   *
   * @returns 40 hexadecimal digits
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const id = await redis.clusterMyid().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-myid
   * @since 3.0.0
   */
  clusterMyid(): Reply<M, string> {
    return this.send(["CLUSTER", "MYID"], text);
  }

  /**
   * Get the id of the shard to which the node belongs that is asked.
   *
   * @returns 40 hexadecimal digits; a primary and its replicas have the same
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const id = await redis.clusterMyshardid().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-myshardid
   * @since 7.2.0
   */
  clusterMyshardid(): Reply<M, string> {
    return this.send(["CLUSTER", "MYSHARDID"], text);
  }

  /**
   * Describe all nodes that the node knows that is asked, itself included.
   *
   * @returns the nodes, in no particular order
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const nodes = await redis.clusterNodes().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-nodes
   * @since 3.0.0
   */
  clusterNodes(): Reply<M, ClusterNode[]> {
    return this.send(["CLUSTER", "NODES"], clusterNodes);
  }

  /**
   * Describe the replicas of a primary.
   *
   * @param nodeId the primary
   * @returns its replicas
   * @throws {ServerError} if the node is not known, or is no primary
   * @example
   * ```ts
   * const replicas = await redis
   *   .clusterMyid()
   *   .then((id) => redis.clusterReplicas(id))
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-replicas
   * @since 5.0.0
   */
  clusterReplicas(nodeId: string): Reply<M, ClusterNode[]> {
    return this.send(["CLUSTER", "REPLICAS", nodeId], clusterNodeList);
  }

  /**
   * Describe the replicas of a primary, by the name that the command had before.
   *
   * @deprecated Use {@link ClusterCommands.clusterReplicas}.
   * @param nodeId the primary
   * @returns its replicas
   * @throws {ServerError} if the node is not known, or is no primary
   * @example
   * ```ts
   * const replicas = await redis
   *   .clusterMyid()
   *   .then((id) => redis.clusterSlaves(id))
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-slaves
   * @since 3.0.0
   */
  clusterSlaves(nodeId: string): Reply<M, ClusterNode[]> {
    return this.send(["CLUSTER", "SLAVES", nodeId], clusterNodeList);
  }

  /**
   * Describe the shards: which nodes have the same slots.
   *
   * @returns the shards, those without slots included
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const shards = await redis.clusterShards().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-shards
   * @since 7.0.0
   */
  clusterShards(): Reply<M, Shard[]> {
    return this.send(["CLUSTER", "SHARDS"], shards);
  }

  /**
   * Tell how much the slots of the node are used that is asked, in the order of one of the numbers.
   *
   * @param orderBy the number that decides; all but the count of keys must be switched on by the
   *   server's `cluster-slot-stats-enabled`
   * @returns the slots in that order
   * @throws {ServerError} if the server does not count it
   * @example
   * ```ts
   * const busiest = await redis
   *   .clusterSlotStats("KEY-COUNT", { limit: 10 })
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-slot-stats
   * @since Redis 8.2.0, Valkey 8.0.0
   */
  clusterSlotStats(orderBy: SlotMetric, options?: SlotStatsOptions): Reply<M, SlotStats[]>;
  /**
   * Tell how much some slots of the node are used that is asked.
   *
   * @returns the slots of the range that the node owns, in order
   * @example
   * ```ts
   * const stats = await redis.clusterSlotStats({ start: 0, end: 9 }).catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-slot-stats
   * @since Redis 8.2.0, Valkey 8.0.0
   */
  clusterSlotStats(slots: SlotRange): Reply<M, SlotStats[]>;
  clusterSlotStats(
    what: SlotMetric | SlotRange,
    options?: SlotStatsOptions,
  ): Reply<M, SlotStats[]> {
    const argv: Argument[] = ["CLUSTER", "SLOT-STATS"];
    if (typeof what === "string") argv.push("ORDERBY", what);
    else argv.push("SLOTSRANGE", what.start, what.end);
    if (options?.limit !== undefined) argv.push("LIMIT", options.limit);
    if (options?.order !== undefined) argv.push(options.order);
    return this.send(argv, slotStats);
  }

  /**
   * Tell which nodes have which slots.
   *
   * @returns the ranges of slots that belong to a node, each with its primary and replicas
   * @throws {ServerError} if the server is no part of a cluster
   * @example
   * ```ts
   * const owners = await redis.clusterSlots().catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-slots
   * @since 3.0.0
   */
  clusterSlots(): Reply<M, SlotOwners[]> {
    return this.send(["CLUSTER", "SLOTS"], slotOwners);
  }

  /**
   * Get some keys of a cluster, slot by slot: one step of going through all of them.
   *
   * @param cursor `"0"` to begin, then the `cursor` of the reply before; it names the slot and so
   *   the node that can answer
   * @returns keys (none in the first step) and the next cursor: `"0"` after the last step
   * @throws {MovedError} if another node has the slot of the cursor
   * @example
   * ```ts
   * const page = await redis.clusterscan("0", { match: "user:*" }).catch(() => "no cluster");
   * ```
   * @see https://valkey.io/commands/clusterscan
   * @since Valkey 9.1.0
   */
  clusterscan(cursor: Cursor, options?: ClusterscanOptions): Reply<M, ScanPage<B>> {
    const argv: Argument[] = ["CLUSTERSCAN", cursor];
    pushScanOptions(argv, options);
    if (options?.type !== undefined) argv.push("TYPE", options.type);
    if (options?.slot !== undefined) argv.push("SLOT", options.slot);
    return this.send(argv, keysPage<B>);
  }
}

function keysPage<B extends Bulk>(reply: RespValue): ScanPage<B> {
  const [cursor, keys] = scanPage(reply);
  return { cursor, keys: bulks<B>(keys) };
}
