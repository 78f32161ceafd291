import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import { ServerError } from "../../src/errors.ts";
import { ask } from "../../src/testing/ask.ts";
import { type ClusterOptions, startCluster, type TestCluster } from "../../src/testing/index.ts";
import { SERVERS } from "./surfaces.ts";

/** The nodes of a cluster, each asked by a client of its own. Read its members inside of tests. */
export interface ClusterNodes {
  readonly protocol: 2 | 3;
  readonly primaries: readonly Redis[];
  readonly replicas: readonly Redis[];
  /** `"redis"` is Redis 8 or newer. */
  readonly kind: "redis-7.0" | "redis" | "valkey";
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
      const newer = version.startsWith("redis") ? "redis" : "valkey";
      const kind = version === "redis-7.0" ? version : newer;
      beforeAll(async () => {
        const config = kind === "redis-7.0" ? {} : { "cluster-slot-stats-enabled": "yes" };
        cluster = await startCluster({ ...layout, version, config });
        // Nobody is to be replaced because the machine was too busy for a while.
        const patience = ["CONFIG", "SET", "cluster-node-timeout", "30000"];
        await Promise.all(cluster.nodes.map((node) => ask(node, [patience])));
      });
      afterAll(() => cluster.stop());
      for (const protocol of [2, 3] as const) onNodes(protocol, kind, suite, () => cluster);
    });
  }
}

function onNodes(
  protocol: 2 | 3,
  kind: ClusterNodes["kind"],
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
      kind,
      get primaries() {
        return clients.slice(0, cluster().primaries.length);
      },
      get replicas() {
        return clients.slice(cluster().primaries.length);
      },
    });
  });
}

/** A test whose body must fail with a `ServerError` where the servers have not what it is about. */
export function testWhere(isThere: boolean, name: string, body: () => Promise<void>): void {
  test(name, () => (isThere ? body() : isRefused(body)));
}

async function isRefused(body: () => Promise<void>): Promise<void> {
  await expect(body()).rejects.toThrow(ServerError);
}

/** The one of several clients that must be there. */
export function nth(clients: readonly Redis[], index: number): Redis {
  const client = clients[index];
  if (client === undefined) throw new Error(`there is no client ${index}`);
  return client;
}
