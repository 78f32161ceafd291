import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ask } from "./ask.ts";
import { quote } from "./configuration.ts";
import { ServerStartError } from "./errors.ts";
import { findServer } from "./find_server.ts";
import {
  freePorts,
  isAddressInUse,
  type ServerOptions,
  startServerAt,
  type TestServer,
} from "./server.ts";

/** Settings of {@link startCluster}. All are optional. */
export interface ClusterOptions extends Omit<ServerOptions, "username" | "tls" | "unixSocket"> {
  /** How many primaries share the slots. Default: 3. */
  readonly primaries?: number | undefined;
  /** How many replicas each primary has. Default: 0. */
  readonly replicas?: number | undefined;
}

const SLOTS = 16_384;
const MAX_ATTEMPTS = 5;

/**
 * Starts a cluster of real servers for a test, in about two seconds (the servers themselves wait
 * that long). The slots are split evenly and in order: of three primaries, the first has 0-5460,
 * the second 5461-10922, the third 10923-16383.
 *
 * @throws {ServerNotFoundError} if no server program is found.
 * @throws {ServerStartError} if the cluster does not get ready.
 * @example
 * ```ts
 * const cluster = await startCluster({ version: "valkey-9.1", replicas: 1 });
 * console.log(cluster.urls); // six of them, primaries first
 * await cluster.stop();
 * ```
 */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const { primaries = 3, replicas = 0 } = options;
  const hasShardIds = await knowsShardIds(findServer(options));
  for (let attempt = 1; ; attempt += 1) {
    const places = await placeNodes(primaries, replicas, hasShardIds);
    const starts = await Promise.allSettled(places.map((_, i) => startNode(places, i, options)));
    const nodes = starts.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
    const cluster = new TestCluster(nodes, primaries);
    try {
      for (const start of starts) if (start.status === "rejected") throw start.reason;
      await untilReady(cluster, options.startTimeout ?? 10_000);
      return cluster;
    } catch (error) {
      await cluster.stop();
      // Somebody took a port between our look and the server's start: try other ones.
      if (!isAddressInUse(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** A cluster of real servers for tests. Made by {@link startCluster}. */
export class TestCluster {
  /** All nodes: the first primaries, in the order of their slots, then their first replicas. */
  readonly nodes: readonly TestServer[];
  /** The nodes that were primaries at the start, in the order of their slots. */
  readonly primaries: readonly TestServer[];
  /** The nodes that were replicas at the start: of the first primary, of the second … */
  readonly replicas: readonly TestServer[];

  /** @internal */
  constructor(nodes: readonly TestServer[], primaries: number) {
    this.nodes = nodes;
    this.primaries = nodes.slice(0, primaries);
    this.replicas = nodes.slice(primaries);
  }

  /** Where clients connect to: the URL of each node. */
  get urls(): string[] {
    return this.nodes.map((node) => node.url);
  }

  /** Kills all nodes and removes their directories. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  /** Same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What is known of a node before it starts. */
interface Place {
  readonly id: string;
  readonly port: number;
  readonly busPort: number;
  /** The slots of a primary; the primary of a replica. */
  readonly role: string | { readonly of: Place };
  readonly epoch: number;
  /** The shard's id, which a primary and its replicas share; empty on servers before 7.2. */
  readonly shard: string;
}

/** Without the ids in its file, Valkey leaves nodes out of CLUSTER SHARDS. */
async function knowsShardIds(binary: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(binary, ["--version"]);
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 2);
}

async function placeNodes(
  primaryCount: number,
  replicaCount: number,
  hasShardIds: boolean,
): Promise<Place[]> {
  const ports = await freePorts(2 * primaryCount * (1 + replicaCount));
  // Fresh ids: a cluster that had these ports before must not take our nodes for its own.
  const id = (): string => randomBytes(20).toString("hex");
  const place = (role: Place["role"], epoch: number, shard: string): Place => ({
    id: id(),
    port: ports.pop() ?? 0,
    busPort: ports.pop() ?? 0,
    role,
    epoch,
    shard,
  });
  const border = (i: number): number => Math.round((i * SLOTS) / primaryCount);
  const primaries = Array.from({ length: primaryCount }, (_, i) =>
    place(`${border(i)}-${border(i + 1) - 1}`, i + 1, hasShardIds ? id() : ""),
  );
  const replicas = Array.from({ length: replicaCount }, () =>
    primaries.map((primary) => place({ of: primary }, primary.epoch, primary.shard)),
  );
  return [...primaries, ...replicas.flat()];
}

function startNode(
  places: readonly Place[],
  index: number,
  { password, config, ...options }: ClusterOptions,
): Promise<TestServer> {
  const { port = 0, busPort = 0 } = places[index] ?? {};
  const cluster = {
    "cluster-enabled": "yes",
    "cluster-config-file": "nodes.conf",
    "cluster-node-timeout": 2000,
    "cluster-port": busPort,
    "repl-diskless-sync-delay": 0,
    ...(password === undefined ? {} : { masterauth: quote(password) }),
  };
  const placement = { port, files: { "nodes.conf": nodesFile(places, index) } };
  return startServerAt(placement, { ...options, password, config: { ...cluster, ...config } });
}

/**
 * The file in which a node keeps what it knows of the cluster, as if it had been there for long.
 */
function nodesFile(places: readonly Place[], self: number): string {
  const lines = places.map(({ id, port, busPort, role, epoch, shard }, i) => {
    const myself = i === self ? "myself," : "";
    const isPrimary = typeof role === "string";
    const kind = isPrimary ? `${myself}master -` : `${myself}slave ${role.of.id}`;
    const slots = isPrimary ? ` ${role}` : "";
    const address = `127.0.0.1:${port}@${busPort}${shard === "" ? "" : `,,shard-id=${shard}`}`;
    return `${id} ${address} ${kind} 0 0 ${epoch} connected${slots}`;
  });
  const lastEpoch = Math.max(...places.map(({ epoch }) => epoch));
  return `${[...lines, `vars currentEpoch ${lastEpoch} lastVoteEpoch 0`].join("\n")}\n`;
}

/** Waits until every node finds the cluster whole, and every replica is linked to its primary. */
async function untilReady(cluster: TestCluster, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  await Promise.all(
    cluster.nodes.map(async (node) => {
      while (!(await isReady(node, cluster.replicas.includes(node)))) {
        if (Date.now() > deadline || !node.isRunning) {
          const message = `the cluster was not ready after ${timeoutMs} ms. The log of a node:\n`;
          throw new ServerStartError(message + node.log());
        }
        await delay(20);
      }
    }),
  );
}

async function isReady(node: TestServer, isReplica: boolean): Promise<boolean> {
  const questions = [
    ["CLUSTER", "INFO"],
    ["INFO", "replication"],
  ];
  const [state = "", replication = ""] = await ask(node, questions);
  const isLinked = !isReplica || replication.includes("master_link_status:up");
  return state.includes("cluster_state:ok") && isLinked;
}
