import { expect, test } from "vitest";
import type { Redis } from "../../src/client/redis.ts";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { type ClusterNodes, nth, onEveryCluster, testWhere } from "../support/cluster_nodes.ts";

const UNKNOWN = "0".repeat(40);

onEveryCluster("the only node", { primaries: 1 }, (nodes) => {
  const node = (): Redis => nth(nodes.primaries, 0);
  slotsOf(node);
  epochs(node);
  strangers(node);
});

onEveryCluster("one of several nodes", { primaries: 2, replicas: 1 }, (nodes) => {
  moving(nodes);
  replicas(nodes);
});

function slotsOf(node: () => Redis): void {
  const mine = async () => {
    const [myself] = await node().clusterNodes();
    return myself?.slots.map(({ start, end }) => `${start}-${end}`).join(" ");
  };

  test("CLUSTER ADDSLOTS, DELSLOTS and FLUSHSLOTS give and take slots", async () => {
    const redis = node();
    expect(await redis.clusterFlushslots()).toBe(true);
    expect(await mine()).toBe("");
    expect(await redis.clusterAddslots([0, 1, 5])).toBe(true);
    expect(await redis.clusterAddslots(16_383)).toBe(true);
    expect(await mine()).toBe("0-1 5-5 16383-16383");
    await expect(redis.clusterAddslots(0)).rejects.toThrow("already busy");
    expect(await redis.clusterDelslots(new Set([0, 5]))).toBe(true);
    expect(await redis.clusterDelslots(16_383)).toBe(true);
    expect(await mine()).toBe("1-1");
    await expect(redis.clusterDelslots([0])).rejects.toThrow(ServerError);
    await expect(async () => redis.clusterAddslots([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.clusterDelslots([])).rejects.toThrow(ArgumentError);
  });

  test("CLUSTER ADDSLOTSRANGE and DELSLOTSRANGE give and take ranges", async () => {
    const redis = node();
    await redis.clusterFlushslots();
    const ranges = [
      { start: 0, end: 5 },
      { start: 10, end: 10 },
    ];
    expect(await redis.clusterAddslotsrange(ranges)).toBe(true);
    expect(await mine()).toBe("0-5 10-10");
    expect(await redis.clusterDelslotsrange({ start: 1, end: 5 })).toBe(true);
    expect(await mine()).toBe("0-0 10-10");
    expect(await redis.clusterAddslotsrange({ start: 1, end: 2 })).toBe(true);
    expect(await redis.clusterDelslotsrange(new Set([{ start: 10, end: 10 }]))).toBe(true);
    expect(await mine()).toBe("0-2");
    await expect(redis.clusterAddslotsrange({ start: 0, end: 9 })).rejects.toThrow(ServerError);
    await expect(async () => redis.clusterAddslotsrange([])).rejects.toThrow(
      "CLUSTER ADDSLOTSRANGE needs at least one range of slots",
    );
    await expect(async () => redis.clusterDelslotsrange([])).rejects.toThrow(ArgumentError);
  });
}

function epochs(node: () => Redis): void {
  test("CLUSTER RESET forgets, SET-CONFIG-EPOCH and BUMPEPOCH set the epoch", async () => {
    const redis = node();
    const id = await redis.clusterMyid();
    expect(await redis.clusterReset()).toBe(true);
    expect(await redis.clusterReset({ mode: "SOFT" })).toBe(true);
    expect(await redis.clusterMyid()).toBe(id);
    expect(await redis.clusterReset({ mode: "HARD" })).toBe(true);
    expect(await redis.clusterMyid()).not.toBe(id);
    expect(await redis.clusterBumpepoch()).toEqual({ wasRaised: true, epoch: 1 });
    expect(await redis.bytes.clusterBumpepoch()).toEqual({ wasRaised: false, epoch: 1 });
    await expect(redis.clusterSetConfigEpoch(7)).rejects.toThrow(ServerError);
    await redis.clusterReset({ mode: "HARD" });
    expect(await redis.clusterSetConfigEpoch(7)).toBe(true);
    expect((await redis.clusterInfo()).myEpoch).toBe(7);
    expect(await redis.clusterSaveconfig()).toBe(true);
  });
}

function strangers(node: () => Redis): void {
  test("CLUSTER MEET, FORGET and REPLICATE refuse what cannot be", async () => {
    const redis = node();
    const id = await redis.clusterMyid();
    await expect(redis.clusterForget(UNKNOWN)).rejects.toThrow("Unknown node");
    await expect(redis.clusterForget(id)).rejects.toThrow("forget myself");
    await expect(redis.clusterReplicate(UNKNOWN)).rejects.toThrow("Unknown node");
    await expect(redis.clusterReplicate(id)).rejects.toThrow("replicate myself");
    await expect(redis.clusterMeet("nowhere", 1)).rejects.toThrow("Invalid node address");
    await expect(redis.clusterMeet("127.0.0.1", 1, { busPort: 0 })).rejects.toThrow(ServerError);
    expect(await redis.clusterMeet("127.0.0.1", 1, { busPort: 2 })).toBe(true);
    const met = (await redis.clusterNodes()).find((it) => it.flags.has("handshake"));
    expect(met).toMatchObject({ host: "127.0.0.1", port: 1, busPort: 2 });
    await redis.clusterReset();
  });
}

function moving(nodes: ClusterNodes): void {
  test("CLUSTER SETSLOT says that a slot is on the move, or whose it is", async () => {
    const [first, second] = [nth(nodes.primaries, 0), nth(nodes.primaries, 1)];
    const [firstId, secondId] = [await first.clusterMyid(), await second.clusterMyid()];
    expect(await first.clusterSetslot(7, { migratingTo: secondId })).toBe(true);
    expect(await second.clusterSetslot(7, { importingFrom: firstId })).toBe(true);
    expect(await movingSlots(first)).toEqual([{ slot: 7, state: "migrating", node: secondId }]);
    expect(await movingSlots(second)).toEqual([{ slot: 7, state: "importing", node: firstId }]);
    expect(await first.clusterSetslot(7, { node: firstId })).toBe(true);
    expect(await second.clusterSetslot(7, { stable: true })).toBe(true);
    expect(await movingSlots(first)).toEqual([]);
    expect(await movingSlots(second)).toEqual([]);
    await expect(first.clusterSetslot(7, { migratingTo: UNKNOWN })).rejects.toThrow(ServerError);
  });

  testWhere(nodes.kind === "valkey", "CLUSTER SETSLOT waits for replicas", async () => {
    const first = nth(nodes.primaries, 0);
    expect(await first.clusterSetslot(0, { stable: true }, { timeout: 1_000 })).toBe(true);
  });
}

async function movingSlots(redis: Redis): Promise<unknown> {
  const known = await redis.clusterNodes();
  return known.find((node) => node.flags.has("myself"))?.movingSlots;
}

function replicas(nodes: ClusterNodes): void {
  test("CLUSTER REPLICATE makes a replica", async () => {
    const replica = nth(nodes.replicas, 1);
    const primary = await nth(nodes.primaries, 1).clusterMyid();
    expect(await replica.clusterReplicate(primary)).toBe(true);
    expect((await replica.role()).role).toBe("slave");
  });

  test("SHUTDOWN SAFE spares a node that owns slots, as Valkey knows it", async () => {
    const primary = nth(nodes.primaries, 0);
    const end = primary.shutdown({ save: "NOSAVE", now: true, safe: true });
    const reasons = { redis: "syntax error", "redis-7.0": "syntax error", valkey: "SHUTDOWN" };
    await expect(end).rejects.toThrow(reasons[nodes.kind]);
    await expect(end).rejects.toThrow(ServerError);
  });

  testWhere(nodes.kind === "valkey", "CLUSTER REPLICATE NO ONE makes a primary", async () => {
    const replica = nth(nodes.replicas, 1);
    const primary = await nth(nodes.primaries, 1).clusterMyid();
    expect(await replica.clusterReplicate("NO ONE")).toBe(true);
    expect((await replica.role()).role).toBe("master");
    expect(await replica.clusterReplicate(primary)).toBe(true);
  });

  test("CLUSTER FAILOVER makes a replica take over, primaries refuse it", async () => {
    const [primary, replica] = [nth(nodes.primaries, 0), nth(nodes.replicas, 0)];
    const refused = "send CLUSTER FAILOVER to a replica";
    await expect(primary.clusterFailover()).rejects.toThrow(refused);
    await expect(primary.clusterFailover({ mode: "FORCE" })).rejects.toThrow(refused);
    expect(await replica.clusterFailover({ mode: "TAKEOVER" })).toBe(true);
    await untilReplica(nodes, primary);
    expect(await primary.clusterFailover({ mode: "TAKEOVER" })).toBe(true);
    await untilReplica(nodes, replica);
  });
}

/** Waits until all nodes have heard that a node is a replica now. */
async function untilReplica(nodes: ClusterNodes, replica: Redis): Promise<void> {
  const id = await replica.clusterMyid();
  const all = [...nodes.primaries, ...nodes.replicas];
  const opinions = () =>
    Promise.all(
      all.map(async (node) => {
        const known = await node.clusterNodes();
        return known.find((it) => it.id === id)?.flags.has("slave");
      }),
    );
  await expect.poll(opinions).not.toContain(false);
}

/** Never called: what must not compile. */
export function clusterAdminTypes(redis: Redis): void {
  // @ts-expect-error a slot goes one way
  void redis.clusterSetslot(7, { migratingTo: UNKNOWN, importingFrom: UNKNOWN });
  // @ts-expect-error a state is needed
  void redis.clusterSetslot(7, {});
  // @ts-expect-error no such mode
  void redis.clusterReset({ mode: "MEDIUM" });
}
