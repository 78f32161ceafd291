import { beforeEach, expect, test } from "vitest";
import type { Redis } from "../../src/client/redis.ts";
import { MovedError, ServerError } from "../../src/errors.ts";
import { type ClusterNodes, nth, onEveryCluster, testWhere } from "../support/cluster_nodes.ts";

const ID = /^[0-9a-f]{40}$/;
/** A key of the second primary, and its slot. */
const KEY = "{tag}";
const SLOT = 8_338;

onEveryCluster("what a node knows", { primaries: 2, replicas: 1 }, (nodes) => {
  const first = (): Redis => nth(nodes.primaries, 0);
  const second = (): Redis => nth(nodes.primaries, 1);
  beforeEach(async () => {
    await Promise.all(nodes.primaries.map((primary) => primary.flushall()));
  });
  itself(nodes, first);
  slotKeys(first, second);
  nodeLists(nodes, first);
  shardLists(nodes, first);
  statistics(nodes, second);
  scans(nodes);
});

function itself(nodes: ClusterNodes, first: () => Redis): void {
  test("CLUSTER INFO tells state and numbers", async () => {
    for (const commands of [first(), first().bytes]) {
      const info = await commands.clusterInfo();
      expect(info).toMatchObject({ state: "ok", slotsAssigned: 16_384, slotsOk: 16_384 });
      expect(info).toMatchObject({ slotsPfail: 0, slotsFail: 0, knownNodes: 4, size: 2 });
      expect(info.currentEpoch).toBeGreaterThanOrEqual(info.myEpoch);
      expect(info.fields["cluster_state"]).toBe("ok");
    }
  });

  test("CLUSTER MYID gives the id of the node", async () => {
    for (const commands of [first(), first().bytes]) {
      expect(await commands.clusterMyid()).toMatch(ID);
    }
  });

  testWhere(nodes.kind !== "redis-7.0", "CLUSTER MYSHARDID gives the same to all", async () => {
    const id = await first().clusterMyshardid();
    expect(id).toMatch(ID);
    expect(await nth(nodes.replicas, 0).bytes.clusterMyshardid()).toBe(id);
  });

  test("CLUSTER COUNT-FAILURE-REPORTS counts for a known node", async () => {
    const id = await first().clusterMyid();
    expect(await first().clusterCountFailureReports(id)).toBe(0);
    const unknown = first().clusterCountFailureReports("0".repeat(40));
    await expect(unknown).rejects.toThrow(ServerError);
  });
}

function slotKeys(first: () => Redis, second: () => Redis): void {
  test("CLUSTER KEYSLOT, COUNTKEYSINSLOT and GETKEYSINSLOT find keys", async () => {
    const redis = second();
    expect(await redis.clusterKeyslot(KEY)).toBe(SLOT);
    expect(await redis.bytes.clusterKeyslot(Buffer.from(KEY))).toBe(SLOT);
    expect(await redis.clusterGetkeysinslot(SLOT, 10)).toEqual(new Set());
    await redis.mset({ [`${KEY}1`]: "a", [`${KEY}2`]: "b" });
    expect(await redis.clusterCountkeysinslot(SLOT)).toBe(2);
    expect(await redis.clusterGetkeysinslot(SLOT, 10)).toEqual(new Set([`${KEY}1`, `${KEY}2`]));
    expect((await redis.clusterGetkeysinslot(SLOT, 1)).size).toBe(1);
    expect((await redis.clusterGetkeysinslot(SLOT, 0)).size).toBe(0);
    const [key] = await redis.bytes.clusterGetkeysinslot(SLOT, 1);
    expect(Buffer.isBuffer(key)).toBe(true);
    await expect(redis.clusterCountkeysinslot(99_999)).rejects.toThrow(ServerError);
    await expect(first().get(KEY)).rejects.toThrow(MovedError);
  });
}

function nodeLists(nodes: ClusterNodes, first: () => Redis): void {
  test("CLUSTER NODES describes all nodes", async () => {
    const id = await first().clusterMyid();
    for (const commands of [first(), first().bytes]) {
      const known = await commands.clusterNodes();
      expect(known).toHaveLength(4);
      const myself = known.find((node) => node.flags.has("myself"));
      expect(myself).toMatchObject({
        id,
        host: "127.0.0.1",
        hostname: "",
        primary: null,
        linkState: "connected",
        slots: [{ start: 0, end: 8_191 }],
        movingSlots: [],
      });
      for (const { port, busPort, ...node } of known) {
        expect(node.id).toMatch(ID);
        expect(port).toBeGreaterThan(0);
        expect(busPort).not.toBe(port);
        expect(node.flags.has("master")).toBe(node.primary === null);
        expect(node.configEpoch).toBeGreaterThan(0);
        expect(node.pingSentAtMilliseconds).not.toBeNaN();
        expect(node.pongReceivedAtMilliseconds).not.toBeNaN();
      }
    }
  });

  test("CLUSTER REPLICAS and SLAVES describe the replicas of one primary", async () => {
    const id = await first().clusterMyid();
    const replica = { id: await nth(nodes.replicas, 0).clusterMyid(), primary: id, slots: [] };
    for (const commands of [first(), first().bytes]) {
      expect(await commands.clusterReplicas(id)).toEqual([expect.objectContaining(replica)]);
      expect(await commands.clusterSlaves(id)).toEqual([expect.objectContaining(replica)]);
    }
    await expect(first().clusterReplicas("0".repeat(40))).rejects.toThrow(ServerError);
  });

  test("CLUSTER LINKS describes connections", async () => {
    for (const commands of [first(), first().bytes]) {
      const links = await commands.clusterLinks();
      expect(new Set(links.map((link) => link.direction))).toEqual(new Set(["to", "from"]));
      for (const link of links) {
        expect(link.node).toMatch(ID);
        expect(link.createdAtMilliseconds).toBeGreaterThan(1_600_000_000_000);
        expect(link.events).toMatch(/^r?w?$/);
        expect(link.sendBufferAllocated).toBeGreaterThanOrEqual(link.sendBufferUsed);
      }
    }
  });
}

function shardLists(nodes: ClusterNodes, first: () => Redis): void {
  test("CLUSTER SLOTS names the owners of slots", async () => {
    const id = await first().clusterMyid();
    const replicaId = await nth(nodes.replicas, 0).clusterMyid();
    // A replica is left out until it is known how much data it has.
    const replicas = async () => (await first().clusterSlots()).map((it) => it.replicas.length);
    await expect.poll(replicas).toEqual([1, 1]);
    for (const commands of [first(), first().bytes]) {
      const owners = await commands.clusterSlots();
      const mine = owners.find(({ start }) => start === 0);
      expect(owners).toHaveLength(2);
      expect(mine).toEqual({
        start: 0,
        end: 8_191,
        primary: { endpoint: "127.0.0.1", port: expect.any(Number), id, metadata: {} },
        replicas: [expect.objectContaining({ endpoint: "127.0.0.1", id: replicaId })],
      });
    }
  });

  test("CLUSTER SHARDS describes shards and their nodes", async () => {
    const id = await first().clusterMyid();
    for (const commands of [first(), first().bytes]) {
      const shards = await commands.clusterShards();
      const mine = shards.find((shard) => shard.nodes.some((node) => node.id === id));
      expect(mine?.slots).toEqual([{ start: 0, end: 8_191 }]);
      expect(mine?.nodes.find((node) => node.id === id)).toEqual({
        id,
        port: expect.any(Number),
        tlsPort: null,
        ip: "127.0.0.1",
        endpoint: "127.0.0.1",
        hostname: null,
        role: "master",
        replicationOffset: expect.any(Number),
        health: "online",
        availabilityZone: null,
      });
      expect(mine?.id).toBe(nodes.kind === "valkey" ? await first().clusterMyshardid() : null);
      expect(shards.flatMap((shard) => shard.nodes)).toHaveLength(4);
    }
  });
}

function statistics(nodes: ClusterNodes, second: () => Redis): void {
  const isThere = nodes.kind !== "redis-7.0";
  testWhere(isThere, "CLUSTER SLOT-STATS tells how much slots are used", async () => {
    const redis = second();
    await redis.clusterSlotStats("KEY-COUNT");
    await redis.set(KEY, "value");
    for (const commands of [redis, redis.bytes]) {
      const [used, unused, ...others] = await commands.clusterSlotStats("KEY-COUNT", { limit: 2 });
      expect(used).toEqual({
        slot: SLOT,
        keyCount: 1,
        cpuMicroseconds: expect.any(Number),
        networkBytesIn: expect.any(Number),
        networkBytesOut: expect.any(Number),
        memoryBytes: used?.memoryBytes,
      });
      expect(used?.memoryBytes === null).toBe(nodes.kind === "valkey");
      expect(unused).toMatchObject({ keyCount: 0 });
      expect(others).toEqual([]);
      const stats = await commands.clusterSlotStats({ start: SLOT - 1, end: SLOT });
      expect(stats.map(({ slot, keyCount }) => [slot, keyCount])).toEqual([
        [SLOT - 1, 0],
        [SLOT, 1],
      ]);
    }
    const [least] = await redis.clusterSlotStats("NETWORK-BYTES-IN", { limit: 1, order: "ASC" });
    expect(least?.networkBytesIn).toBe(0);
    const [most] = await redis.clusterSlotStats("NETWORK-BYTES-IN", { order: "DESC" });
    expect(most?.networkBytesIn).toBeGreaterThan(0);
    await expect(redis.clusterSlotStats("KEY-COUNT", { limit: 0 })).rejects.toThrow(ServerError);
  });
}

function scans(nodes: ClusterNodes): void {
  testWhere(nodes.kind === "valkey", "CLUSTERSCAN goes through the keys of all nodes", async () => {
    const [first, second] = [nth(nodes.primaries, 0), nth(nodes.primaries, 1)];
    await second.clusterscan("0", { slot: SLOT });
    await second.mset({ [`${KEY}1`]: "a", [`${KEY}2`]: "b" });
    await second.sadd(`${KEY}3`, "c");
    await first.set("b", "d");
    const match = `${KEY}*`;
    const options = { match, count: 10_000, type: "string" } as const;
    expect(await scanAll([first, second], options)).toEqual([`${KEY}1`, `${KEY}2`]);
    expect(await scanAll([first, second], { count: 10_000 })).toHaveLength(4);
    const { cursor } = await second.bytes.clusterscan("0", { slot: SLOT });
    const page = await second.bytes.clusterscan(cursor, { slot: SLOT, count: 100 });
    expect(page.keys.map(String).sort()).toEqual([`${KEY}1`, `${KEY}2`, `${KEY}3`]);
    expect(page.cursor).toBe("0");
  });
}

/** Asks the other node where one says that it has not the slot of the cursor. */
async function scanAll(
  nodes: readonly Redis[],
  options: Parameters<Redis["clusterscan"]>[1],
): Promise<string[]> {
  const found: string[] = [];
  let cursor = "0";
  do {
    const pages = await Promise.allSettled(nodes.map((node) => node.clusterscan(cursor, options)));
    const page = pages.find((it) => it.status === "fulfilled")?.value;
    if (page === undefined) throw new Error("no node has the slot");
    found.push(...page.keys);
    cursor = page.cursor;
  } while (cursor !== "0");
  return found.sort();
}
