import type { Bulk } from "../../src/command/command.ts";
import type { ClusterCommands } from "../../src/commands/cluster.ts";
import type { ClusterAdminCommands } from "../../src/commands/cluster_admin.ts";
import type { ReplicationCommands } from "../../src/commands/replication.ts";
import type { SlotMigrationCommands } from "../../src/commands/slot_migration.ts";
import type { SamplesOf } from "./sample.ts";

/** An id that no node has. */
const NODE = "0123456789012345678901234567890123456789";

/** Where nobody listens. */
const NOBODY = { host: "127.0.0.1", port: 1 } as const;

export const clusterSamples: SamplesOf<ClusterCommands<"command", Bulk>> = {
  clusterCountFailureReports: [(on) => on.clusterCountFailureReports(NODE)],
  clusterCountkeysinslot: [(on) => on.clusterCountkeysinslot(1)],
  clusterGetkeysinslot: [(on) => on.clusterGetkeysinslot(16_022, 10)],
  clusterInfo: [(on) => on.clusterInfo()],
  clusterKeyslot: [(on) => on.clusterKeyslot("str")],
  clusterLinks: [(on) => on.clusterLinks()],
  clusterMyid: [(on) => on.clusterMyid()],
  clusterMyshardid: [(on) => on.clusterMyshardid()],
  clusterNodes: [(on) => on.clusterNodes()],
  clusterReplicas: [(on) => on.clusterReplicas(NODE)],
  clusterSlaves: [(on) => on.clusterSlaves(NODE)],
  clusterShards: [(on) => on.clusterShards()],
  clusterSlotStats: [
    (on) => on.clusterSlotStats({ start: 0, end: 2 }),
    (on) => on.clusterSlotStats("KEY-COUNT"),
    (on) => on.clusterSlotStats("KEY-COUNT", { limit: 2, order: "ASC" }),
    (on) => on.clusterSlotStats("KEY-COUNT", { limit: 2, order: "DESC" }),
  ],
  clusterSlots: [(on) => on.clusterSlots()],
  clusterscan: [
    (on) => on.clusterscan(0),
    (on) => on.clusterscan("0", { match: "s*", count: 100, type: "string", slot: 1 }),
  ],
};

export const clusterAdminSamples: SamplesOf<ClusterAdminCommands<"command">> = {
  clusterAddslots: [(on) => on.clusterAddslots(16_383), (on) => on.clusterAddslots([1, 2])],
  clusterAddslotsrange: [
    (on) => on.clusterAddslotsrange({ start: 16_383, end: 16_383 }),
    (on) =>
      on.clusterAddslotsrange([
        { start: 0, end: 1 },
        { start: 3, end: 4 },
      ]),
  ],
  clusterBumpepoch: [(on) => on.clusterBumpepoch()],
  clusterDelslots: [(on) => on.clusterDelslots(1), (on) => on.clusterDelslots([1, 2])],
  clusterDelslotsrange: [
    (on) => on.clusterDelslotsrange({ start: 0, end: 1 }),
    (on) =>
      on.clusterDelslotsrange([
        { start: 0, end: 1 },
        { start: 3, end: 4 },
      ]),
  ],
  clusterFailover: [
    (on) => on.clusterFailover(),
    (on) => on.clusterFailover({ mode: "FORCE" }),
    (on) => on.clusterFailover({ mode: "TAKEOVER" }),
  ],
  clusterFlushslots: [(on) => on.clusterFlushslots()],
  clusterForget: [(on) => on.clusterForget(NODE)],
  clusterMeet: [
    (on) => on.clusterMeet("127.0.0.1", 1),
    (on) => on.clusterMeet("127.0.0.1", 1, { busPort: 2 }),
  ],
  clusterReplicate: [(on) => on.clusterReplicate(NODE), (on) => on.clusterReplicate("NO ONE")],
  clusterReset: [
    (on) => on.clusterReset(),
    (on) => on.clusterReset({ mode: "SOFT" }),
    (on) => on.clusterReset({ mode: "HARD" }),
  ],
  clusterSaveconfig: [(on) => on.clusterSaveconfig()],
  clusterSetConfigEpoch: [(on) => on.clusterSetConfigEpoch(5)],
  clusterSetslot: [
    (on) => on.clusterSetslot(16_383, { importingFrom: NODE }),
    (on) => on.clusterSetslot(1, { migratingTo: NODE }),
    (on) => on.clusterSetslot(1, { node: NODE }),
    (on) => on.clusterSetslot(1, { stable: true }),
    (on) => on.clusterSetslot(1, { node: NODE }, { timeout: 100 }),
  ],
};

export const slotMigrationSamples: SamplesOf<SlotMigrationCommands<"command">> = {
  clusterCancelslotmigrations: [(on) => on.clusterCancelslotmigrations()],
  clusterFlushslot: [
    (on) => on.clusterFlushslot(1),
    (on) => on.clusterFlushslot(1, { mode: "ASYNC" }),
    (on) => on.clusterFlushslot(1, { mode: "SYNC" }),
  ],
  clusterGetslotmigrations: [(on) => on.clusterGetslotmigrations()],
  clusterMigrateslots: [
    (on) => on.clusterMigrateslots({ slots: { start: 0, end: 1 }, node: NODE }),
    (on) =>
      on.clusterMigrateslots([
        { slots: [{ start: 0, end: 1 }], node: NODE },
        { slots: { start: 3, end: 4 }, node: NODE },
      ]),
  ],
  clusterMigrationCancel: [
    (on) => on.clusterMigrationCancel("ALL"),
    (on) => on.clusterMigrationCancel({ id: NODE }),
  ],
  clusterMigrationImport: [(on) => on.clusterMigrationImport({ start: 0, end: 1 })],
  clusterMigrationStatus: [
    (on) => on.clusterMigrationStatus("ALL"),
    (on) => on.clusterMigrationStatus({ id: NODE }),
  ],
};

export const replicationSamples: SamplesOf<ReplicationCommands<"command">> = {
  failover: [
    (on) => on.failover(),
    (on) => on.failover("ABORT"),
    (on) => on.failover({ to: NOBODY, timeout: 100 }),
    (on) => on.failover({ to: NOBODY, timeout: 100, force: true }),
  ],
  replicaof: [(on) => on.replicaof("NO ONE"), (on) => on.replicaof("127.0.0.1", 1)],
  slaveof: [(on) => on.slaveof("NO ONE"), (on) => on.slaveof("127.0.0.1", 1)],
  shutdown: [
    (on) => on.shutdown("ABORT"),
    (on) => on.shutdown(),
    (on) => on.shutdown({ save: "NOSAVE", now: true, force: true }),
    (on) => on.shutdown({ save: "SAVE" }),
    (on) => on.shutdown({ safe: true, failover: true }),
  ],
};
