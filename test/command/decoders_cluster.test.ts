import { describe, expect, test } from "vitest";
import { clusterInfo, epochBump, shards, slotOwners } from "../../src/command/decoders_cluster.ts";
import { clusterNodes } from "../../src/command/decoders_cluster_nodes.ts";
import { hotKeysOrNull } from "../../src/command/decoders_hotkeys.ts";
import { slotMigrations } from "../../src/command/decoders_slot_migration.ts";
import type { RespValue } from "../../src/protocol/resp.ts";

const ID = "07c37dfeb235213a872192d90877d0cd55635b91";
const OTHER = "67ed2db8d677e59ec4a4cefb06858cf2a1a89fa1";

/** Replies that the clusters of the other tests do not give. */
describe("CLUSTER NODES", () => {
  const [v6, named, lost, old] = clusterNodes(
    [
      `${ID} ::1:6379@16379 myself,master - 0 1426238317239 4 connected 5 7-9 [93-<-${OTHER}]`,
      `${ID} 10.0.0.1:6379@16379,host-1,nodename=a,shard-id=x slave ${OTHER} 1 2 3 connected`,
      `${ID} :0@0 master,noaddr,fail - 1 2 0 disconnected [93->-${OTHER}]`,
      `${ID} 10.0.0.1:6379 noflags - 0 0 0 disconnected`,
      "",
    ].join("\n"),
  );

  test("reads addresses of IPv6", () => {
    expect(v6).toMatchObject({ host: "::1", port: 6379, busPort: 16_379, hostname: "" });
  });

  test("reads single slots, ranges, and slots on the move", () => {
    expect(v6?.slots).toEqual([
      { start: 5, end: 5 },
      { start: 7, end: 9 },
    ]);
    expect(v6?.movingSlots).toEqual([{ slot: 93, state: "importing", node: OTHER }]);
    expect(lost?.movingSlots).toEqual([{ slot: 93, state: "migrating", node: OTHER }]);
  });

  test("reads the name of the host and what else comes along", () => {
    expect(named).toMatchObject({ host: "10.0.0.1", hostname: "host-1", primary: OTHER });
    expect({ ...named?.auxiliary }).toEqual({ nodename: "a", "shard-id": "x" });
    expect(named).toMatchObject({ pingSentAtMilliseconds: 1, pongReceivedAtMilliseconds: 2 });
  });

  test("reads nodes without address, flags, or port of the bus", () => {
    expect(lost).toMatchObject({ host: "", port: 0, linkState: "disconnected" });
    expect(lost?.flags).toEqual(new Set(["master", "noaddr", "fail"]));
    expect(old?.flags).toEqual(new Set());
    expect(old?.busPort).toBeNaN();
  });
});

test("CLUSTER SLOTS may name no endpoint, and more of the addresses", () => {
  const primary = [null, 6379, ID, ["ip", "10.0.0.1", "hostname", "host-1"]];
  const [owners] = slotOwners([[0, 5, primary, [Buffer.from("10.0.0.2"), 6380, OTHER, []]]]);
  expect(owners?.primary).toMatchObject({ endpoint: null, port: 6379, id: ID });
  expect({ ...owners?.primary.metadata }).toEqual({ ip: "10.0.0.1", hostname: "host-1" });
  expect(owners?.replicas).toMatchObject([{ endpoint: "10.0.0.2", port: 6380, id: OTHER }]);
});

test("CLUSTER SHARDS may name ports of TLS, hosts and zones", () => {
  const address: RespValue[] = ["ip", "10.0.0.1", "endpoint", null, "hostname", "host-1"];
  const node: RespValue[] = ["id", ID, "tls-port", 6380, ...address, "availability-zone", "b"];
  const state: RespValue[] = ["role", "replica", "replication-offset", 7, "health", "loading"];
  const [shard] = shards([["slots", [], "nodes", [[...node, ...state]], "id", OTHER]]);
  expect(shard).toEqual({
    slots: [],
    nodes: [
      {
        id: ID,
        port: null,
        tlsPort: 6380,
        ip: "10.0.0.1",
        endpoint: null,
        hostname: "host-1",
        role: "replica",
        replicationOffset: 7,
        health: "loading",
        availabilityZone: "b",
      },
    ],
    id: OTHER,
  });
});

test("CLUSTER INFO gives NaN for numbers that are missing", () => {
  const info = clusterInfo("cluster_state:fail\r\ncluster_size:0\r\n");
  expect(info).toMatchObject({ state: "fail", size: 0 });
  expect(info.knownNodes).toBeNaN();
});

test("CLUSTER BUMPEPOCH tells whether it did", () => {
  expect(epochBump("BUMPED 12")).toEqual({ wasRaised: true, epoch: 12 });
  expect(epochBump(Buffer.from("STILL 3"))).toEqual({ wasRaised: false, epoch: 3 });
});

test("CLUSTER GETSLOTMIGRATIONS may leave out what remains, as Valkey 9.0 does", () => {
  const times: RespValue[] = ["create_time", 1, "last_update_time", 2, "last_ack_time", 3];
  const [migration] = slotMigrations([
    ["name", ID, "operation", "IMPORT", "slot_ranges", "0-1 5-5", ...times, "cow_size", 0],
  ]);
  expect(migration).toMatchObject({ operation: "IMPORT", remainingBytes: null });
  expect(migration?.slots).toEqual([
    { start: 0, end: 1 },
    { start: 5, end: 5 },
  ]);
});

test("HOTKEYS GET in a cluster counts for selected slots", () => {
  const hot = hotKeysOrNull<string>([
    [
      ...["tracking-active", 0, "sample-ratio", 3, "selected-slots", [[3], [5, 7]]],
      ...["sampled-commands-selected-slots-us", 1, "all-commands-selected-slots-us", 2],
      ...["net-bytes-sampled-commands-selected-slots", 3],
      ...["net-bytes-all-commands-selected-slots", 4],
      ...["collection-start-time-unix-ms", 5, "collection-duration-ms", 6],
      ...["by-cpu-time-us", ["a", 9, "b", 8]],
    ],
  ]);
  expect(hot).toMatchObject({
    isActive: false,
    selectedSlots: [
      { start: 3, end: 3 },
      { start: 5, end: 7 },
    ],
    sampledCpuMicroseconds: 1,
    selectedCpuMicroseconds: 2,
    sampledNetworkBytes: 3,
    selectedNetworkBytes: 4,
    byCpuMicroseconds: [
      { key: "a", amount: 9 },
      { key: "b", amount: 8 },
    ],
    byNetworkBytes: null,
  });
});
