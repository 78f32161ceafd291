import { afterAll, beforeAll, describe } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import { type ClusterOptions, startCluster, type TestCluster } from "../../src/testing/index.ts";
import { SERVERS } from "./surfaces.ts";

/** The nodes of a cluster, each asked by a client of its own. Read its members inside of tests. */
export interface ClusterNodes {
  readonly protocol: 2 | 3;
  readonly primaries: readonly Redis[];
  readonly replicas: readonly Redis[];
  readonly version: { readonly kind: "redis" | "valkey"; readonly version: string };
  /** Whether the servers are Redis 8 or newer, or Valkey. */
  readonly isNew: boolean;
}

type Layout = Pick<ClusterOptions, "primaries" | "replicas">;

/** Runs a suite on a cluster of each tested server, over RESP2 and RESP3. */
export function onEveryCluster(
  name: string,
  layout: Layout,
  suite: (nodes: ClusterNodes) => void,
): void {
  for (const version of SERVERS) {
    describe(`${name} on a cluster of ${version}`, () => {
      let cluster: TestCluster;
      const isNew = version !== "redis-7.0";
      beforeAll(async () => {
        const config = isNew ? { "cluster-slot-stats-enabled": "yes" } : {};
        cluster = await startCluster({ ...layout, version, config });
      });
      afterAll(() => cluster.stop());
      for (const protocol of [2, 3] as const) onNodes(protocol, isNew, suite, () => cluster);
    });
  }
}

function onNodes(
  protocol: 2 | 3,
  isNew: boolean,
  suite: (nodes: ClusterNodes) => void,
  cluster: () => TestCluster,
): void {
  describe(`RESP${protocol}`, () => {
    let clients: readonly Redis[] = [];
    beforeAll(async () => {
      clients = await Promise.all(cluster().urls.map((url) => Redis.connect({ url, protocol })));
    });
    afterAll(() => Promise.all(clients.map((client) => client.close())));
    suite({
      protocol,
      isNew,
      get primaries() {
        return clients.slice(0, cluster().primaries.length);
      },
      get replicas() {
        return clients.slice(cluster().primaries.length);
      },
      get version() {
        const [node] = cluster().nodes;
        return { kind: node?.kind ?? "redis", version: node?.version ?? "" };
      },
    });
  });
}

/** The one of several clients that must be there. */
export function nth(clients: readonly Redis[], index: number): Redis {
  const client = clients[index];
  if (client === undefined) throw new Error(`there is no client ${index}`);
  return client;
}
