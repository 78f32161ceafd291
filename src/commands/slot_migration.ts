import type { OneOrMany } from "../command/arguments.ts";
import { pushSlotRanges } from "../command/arguments_cluster.ts";
import { integer, ok, text } from "../command/decoders.ts";
import type { SlotRange } from "../command/decoders_cluster.ts";
import {
  type SlotMigration,
  type SlotMigrationTask,
  slotMigrations,
  slotMigrationTasks,
} from "../command/decoders_slot_migration.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";

/** Slots and the node they shall belong to. */
export interface SlotDestination {
  /** Slots that the node that is told owns. */
  readonly slots: OneOrMany<SlotRange>;
  /** The id of the node that gets them. */
  readonly node: string;
}

/** Options of {@link SlotMigrationCommands.clusterFlushslot}. */
export interface FlushslotOptions {
  /** Whether memory is freed behind the scenes (`"ASYNC"`) or before the reply (`"SYNC"`). */
  readonly mode?: "ASYNC" | "SYNC" | undefined;
}

/** Which migrations are meant: the one of this `id`, or all of them. */
export type MigrationChoice = "ALL" | { readonly id: string };

/**
 * Commands that let the servers of a cluster move slots and their keys by themselves. Redis and
 * Valkey each have their own.
 */
export abstract class SlotMigrationCommands<M extends Mode> extends Executor<M> {
  /**
   * End all migrations from the node that is told.
   *
   * @returns `true`: they will end
   * @throws {ServerError} if there are none
   * @example
   * ```ts
   * const done = await redis.clusterCancelslotmigrations().catch(() => "no migrations");
   * ```
   * @see https://valkey.io/commands/cluster-cancelslotmigrations
   * @since Valkey 9.0.0
   */
  clusterCancelslotmigrations(): Reply<M, true> {
    return this.send(["CLUSTER", "CANCELSLOTMIGRATIONS"], ok);
  }

  /**
   * Delete all keys of a slot.
   *
   * @param slot 0 to 16383
   * @returns `true`, always
   * @example
   * ```ts
   * const done = await redis.clusterFlushslot(7).catch(() => "no cluster, or no Valkey");
   * ```
   * @see https://valkey.io/commands/cluster-flushslot
   * @since Valkey 9.0.0
   */
  clusterFlushslot(slot: number, options?: FlushslotOptions): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "FLUSHSLOT", slot];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * Describe the migrations from and to the node that is asked, those that ended lately included.
   *
   * @returns the migrations, the latest first
   * @example
   * ```ts
   * const migrations = await redis.clusterGetslotmigrations().catch(() => "no cluster");
   * ```
   * @see https://valkey.io/commands/cluster-getslotmigrations
   * @since Valkey 9.0.0
   */
  clusterGetslotmigrations(): Reply<M, SlotMigration[]> {
    return this.send(["CLUSTER", "GETSLOTMIGRATIONS"], slotMigrations);
  }

  /**
   * Let the node that is told give slots with their keys to other nodes.
   *
   * @returns `true`: it has begun; see {@link SlotMigrationCommands.clusterGetslotmigrations}
   * @throws {ServerError} if it does not own a slot, or a node is not known
   * @throws {ArgumentError} if `destinations` or the slots of one are empty
   * @example
   * ```ts
   * const begun = await redis
   *   .clusterMigrateslots({ slots: { start: 0, end: 9 }, node: "0".repeat(40) })
   *   .catch(() => "no such node");
   * ```
   * @see https://valkey.io/commands/cluster-migrateslots
   * @since Valkey 9.0.0
   */
  clusterMigrateslots(destinations: OneOrMany<SlotDestination>): Reply<M, true> {
    const argv: Argument[] = ["CLUSTER", "MIGRATESLOTS"];
    for (const { slots, node } of "node" in destinations ? [destinations] : destinations) {
      argv.push("SLOTSRANGE");
      pushSlotRanges(argv, slots);
      argv.push("NODE", node);
    }
    if (argv.length > 2) return this.send(argv, ok);
    throw new ArgumentError("CLUSTER MIGRATESLOTS needs at least one destination", {
      command: "CLUSTER MIGRATESLOTS",
    });
  }

  /**
   * End migrations to the node that is told (`CLUSTER MIGRATION CANCEL`).
   *
   * @returns how many were ended
   * @example
   * ```ts
   * const ended = await redis.clusterMigrationCancel("ALL").catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-migration
   * @since Redis 8.4.0
   */
  clusterMigrationCancel(which: MigrationChoice): Reply<M, number> {
    return this.send(["CLUSTER", "MIGRATION", "CANCEL", ...wordsOf(which)], integer);
  }

  /**
   * Let the node that is told get slots with their keys from their owner (`CLUSTER MIGRATION
   * IMPORT`).
   *
   * @param slots all of one and the same other node
   * @returns the id of the task; see {@link SlotMigrationCommands.clusterMigrationStatus}
   * @throws {ServerError} if the slots belong to several nodes, or to this one
   * @throws {ArgumentError} if `slots` is empty
   * @example
   * ```ts
   * const task = await redis
   *   .clusterMigrationImport({ start: 0, end: 9 })
   *   .catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-migration
   * @since Redis 8.4.0
   */
  clusterMigrationImport(slots: OneOrMany<SlotRange>): Reply<M, string> {
    const argv: Argument[] = ["CLUSTER", "MIGRATION", "IMPORT"];
    pushSlotRanges(argv, slots);
    return this.send(argv, text);
  }

  /**
   * Describe migrations from and to the node that is asked (`CLUSTER MIGRATION STATUS`).
   *
   * @returns the migrations, those that ended lately included; none if there is none of this `id`
   * @example
   * ```ts
   * const tasks = await redis.clusterMigrationStatus("ALL").catch(() => "no cluster");
   * ```
   * @see https://redis.io/commands/cluster-migration
   * @since Redis 8.4.0
   */
  clusterMigrationStatus(which: MigrationChoice): Reply<M, SlotMigrationTask[]> {
    return this.send(["CLUSTER", "MIGRATION", "STATUS", ...wordsOf(which)], slotMigrationTasks);
  }
}

function wordsOf(which: MigrationChoice): string[] {
  return which === "ALL" ? ["ALL"] : ["ID", which.id];
}
