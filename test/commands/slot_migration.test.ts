import { expect, test } from "vitest";
import type { Redis } from "../../src/client/redis.ts";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { type ClusterNodes, nth, onEveryCluster, testWhere } from "../support/cluster_nodes.ts";

onEveryCluster("moving slots", { primaries: 2 }, (nodes) => {
  const first = (): Redis => nth(nodes.primaries, 0);
  const second = (): Redis => nth(nodes.primaries, 1);
  /** Slots of the first primary that no other test moves. */
  const start = nodes.protocol * 100;
  const slots = [
    { start, end: start + 9 },
    { start: start + 20, end: start + 20 },
  ];
  redisMigrations(nodes, { first, second, slots });
  valkeyMigrations(nodes, { first, second, slots });
  flushing(nodes, second);

  test("no slots at all are refused", async () => {
    const redis = first();
    await expect(async () => redis.clusterMigrationImport([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.clusterMigrateslots([])).rejects.toThrow(ArgumentError);
    const empty = { slots: [], node: "0".repeat(40) };
    await expect(async () => redis.clusterMigrateslots(empty)).rejects.toThrow(ArgumentError);
  });
});

interface Move {
  readonly first: () => Redis;
  readonly second: () => Redis;
  readonly slots: readonly { readonly start: number; readonly end: number }[];
}

function redisMigrations(nodes: ClusterNodes, { first, second, slots }: Move): void {
  const isThere = nodes.kind === "redis";
  testWhere(isThere, "CLUSTER MIGRATION IMPORT moves slots, STATUS tells of it", async () => {
    const redis = second();
    const id = await redis.clusterMigrationImport(slots);
    const state = async () => (await redis.clusterMigrationStatus({ id }))[0]?.state;
    await expect.poll(state).toBe("completed");
    const task = {
      id,
      slots,
      source: await first().clusterMyid(),
      destination: await redis.clusterMyid(),
      operation: "import",
      state: "completed",
      lastError: "",
      retries: 0,
      createdAtMilliseconds: expect.any(Number),
      startedAtMilliseconds: expect.any(Number),
      endedAtMilliseconds: expect.any(Number),
      writePauseInMilliseconds: expect.any(Number),
    };
    for (const commands of [redis, redis.bytes]) {
      expect(await commands.clusterMigrationStatus({ id })).toEqual([task]);
      expect(await commands.clusterMigrationStatus("ALL")).toContainEqual(task);
      expect(await commands.clusterMigrationStatus({ id: "0".repeat(40) })).toEqual([]);
      expect(await commands.clusterMigrationCancel({ id })).toBe(0);
      expect(await commands.clusterMigrationCancel("ALL")).toBe(0);
    }
    const both = first().clusterMigrationImport({ start: 0, end: 16_383 });
    await expect(both).rejects.toThrow(ServerError);
  });
}

function valkeyMigrations(nodes: ClusterNodes, { first, second, slots }: Move): void {
  const isThere = nodes.kind === "valkey";
  testWhere(
    isThere,
    "CLUSTER MIGRATESLOTS moves slots, GETSLOTMIGRATIONS tells of it",
    async () => {
      const redis = first();
      const node = await second().clusterMyid();
      expect(await redis.clusterMigrateslots([{ slots, node }])).toBe(true);
      const state = async () => (await redis.clusterGetslotmigrations())[0]?.state;
      await expect.poll(state).toBe("success");
      for (const commands of [redis, redis.bytes]) {
        const [migration] = await commands.clusterGetslotmigrations();
        expect(migration).toEqual({
          name: expect.stringMatching(/^[0-9a-f]{40}$/),
          operation: "EXPORT",
          slots,
          targetNode: node,
          sourceNode: await redis.clusterMyid(),
          createdAtSeconds: expect.any(Number),
          updatedAtSeconds: expect.any(Number),
          acknowledgedAtSeconds: expect.any(Number),
          state: "success",
          message: "",
          copyOnWriteBytes: expect.any(Number),
          remainingBytes: expect.any(Number),
        });
        await expect(commands.clusterCancelslotmigrations()).rejects.toThrow(
          "No migrations ongoing",
        );
      }
      const back = redis.clusterMigrateslots({ slots, node });
      await expect(back).rejects.toThrow(ServerError);
    },
  );
}

function flushing(nodes: ClusterNodes, second: () => Redis): void {
  testWhere(nodes.kind === "valkey", "CLUSTER FLUSHSLOT deletes the keys of a slot", async () => {
    const redis = second();
    const slot = await redis.clusterKeyslot("{tag}");
    for (const options of [undefined, {}, { mode: "ASYNC" }, { mode: "SYNC" }] as const) {
      await redis.set("{tag}", "value");
      expect(await redis.clusterFlushslot(slot, options)).toBe(true);
      expect(await redis.exists("{tag}")).toBe(0);
    }
  });
}
