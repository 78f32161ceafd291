import type { RespValue } from "../protocol/resp.ts";
import type { Decoder } from "./command.ts";
import { array, integer, list, record, text, textOrNull, trust } from "./decoders.ts";
import { fieldsOf } from "./decoders_fields.ts";
import { infoFields } from "./decoders_server.ts";

/** Slots that follow one another, both ends included; the highest of all is 16383. */
export interface SlotRange {
  readonly start: number;
  readonly end: number;
}

/** What a node knows of its cluster. A number that the server leaves out is `NaN`. */
export interface ClusterInfo {
  /** Whether the node answers for its keys: `"ok"` or `"fail"`. */
  readonly state: "ok" | "fail";
  /** How many slots belong to a node. */
  readonly slotsAssigned: number;
  /** How many of these belong to a node that works. */
  readonly slotsOk: number;
  /** How many belong to a node that this one cannot reach. */
  readonly slotsPfail: number;
  /** How many belong to a node that the cluster holds to be down. */
  readonly slotsFail: number;
  /** How many nodes are known, those included that are not in the cluster yet. */
  readonly knownNodes: number;
  /** How many primaries own slots. */
  readonly size: number;
  /** The highest configuration epoch that is known. */
  readonly currentEpoch: number;
  /** The configuration epoch of the node, or of its primary. */
  readonly myEpoch: number;
  /** Everything as the server sent it, by the server's names (`"cluster_state"`). */
  readonly fields: Readonly<Record<string, string>>;
}

export function clusterInfo(reply: RespValue): ClusterInfo {
  const fields = infoFields(reply);
  const number = (name: string): number => Number(fields[`cluster_${name}`] ?? Number.NaN);
  return {
    state: trust<"ok" | "fail">(fields["cluster_state"] ?? "fail"),
    slotsAssigned: number("slots_assigned"),
    slotsOk: number("slots_ok"),
    slotsPfail: number("slots_pfail"),
    slotsFail: number("slots_fail"),
    knownNodes: number("known_nodes"),
    size: number("size"),
    currentEpoch: number("current_epoch"),
    myEpoch: number("my_epoch"),
    fields,
  };
}

/** A node as `CLUSTER SLOTS` names it. */
export interface SlotNode {
  /** Where to connect to: a name or IP address; `null` for the host that was asked. */
  readonly endpoint: string | null;
  readonly port: number;
  /** The id of the node. */
  readonly id: string;
  /** Its other addresses (`"ip"`, `"hostname"`, `"availability-zone"`). @since 7.0.0 */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Slots and the nodes that have their keys. */
export interface SlotOwners extends SlotRange {
  readonly primary: SlotNode;
  readonly replicas: SlotNode[];
}

export const slotOwners: Decoder<SlotOwners[]> = list((reply) => {
  const [start = null, end = null, primary = null, ...replicas] = array(reply);
  return {
    start: integer(start),
    end: integer(end),
    primary: slotNode(primary),
    replicas: replicas.map(slotNode),
  };
});

const metadata: Decoder<Record<string, string>> = record(text);

function slotNode(reply: RespValue): SlotNode {
  const [endpoint = null, port = null, id = "", other = null] = array(reply);
  return {
    endpoint: textOrNull(endpoint),
    port: integer(port),
    id: text(id),
    metadata: metadata(other ?? []),
  };
}

/** A node as `CLUSTER SHARDS` describes it. */
export interface ShardNode {
  readonly id: string;
  /** The port without TLS, or `null` if there is none. */
  readonly port: number | null;
  /** The port with TLS, or `null` if there is none. */
  readonly tlsPort: number | null;
  /** The IP address; empty if the node does not know its own yet. */
  readonly ip: string;
  /** Where to connect to: a name or IP address; `null` for the host that was asked. */
  readonly endpoint: string | null;
  /** The name of its host, or `null`. */
  readonly hostname: string | null;
  readonly role: "master" | "replica";
  /** How many bytes of the replication stream it has. */
  readonly replicationOffset: number;
  readonly health: "online" | "loading" | "fail" | "failed";
  /** Where the node stands, or `null`. @since Valkey 9.1.0 */
  readonly availabilityZone: string | null;
}

/** A primary and its replicas, which all have the same slots. */
export interface Shard {
  /** The slots, perhaps none. */
  readonly slots: SlotRange[];
  readonly nodes: ShardNode[];
  /** The id of the shard; `null` from a server that does not tell. @since Valkey 9.1.0 */
  readonly id: string | null;
}

export const shards: Decoder<Shard[]> = list((reply) => {
  const fields = fieldsOf(reply);
  return {
    slots: slotPairs(fields["slots"] ?? []),
    nodes: array(fields["nodes"] ?? []).map(shardNode),
    id: textOrNull(fields["id"] ?? null),
  };
});

/** `[0, 10, 20, 20]`: starts and ends by turns. */
function slotPairs(reply: RespValue): SlotRange[] {
  const numbers = array(reply).map(integer);
  const ranges: SlotRange[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    ranges.push({ start: numbers[index] ?? 0, end: numbers[index + 1] ?? 0 });
  }
  return ranges;
}

function shardNode(reply: RespValue): ShardNode {
  const fields = fieldsOf(reply);
  const word = (name: string): string | null => textOrNull(fields[name] ?? null);
  const number = (name: string): number | null =>
    name in fields ? integer(fields[name] ?? null) : null;
  return {
    id: word("id") ?? "",
    port: number("port"),
    tlsPort: number("tls-port"),
    ip: word("ip") ?? "",
    endpoint: word("endpoint"),
    hostname: word("hostname"),
    role: trust<"master" | "replica">(word("role")),
    replicationOffset: number("replication-offset") ?? 0,
    health: trust<ShardNode["health"]>(word("health")),
    availabilityZone: word("availability-zone"),
  };
}

/** A connection between the node that was asked and another one. */
export interface ClusterLink {
  /** Whether this node made it (`"to"`) or the other one (`"from"`). */
  readonly direction: "to" | "from";
  /** The id of the other node. */
  readonly node: string;
  /** When it was made: Unix time in milliseconds. */
  readonly createdAtMilliseconds: number;
  /** What the node waits for on the socket: `"r"`, `"w"` or both. */
  readonly events: string;
  /** Size of the buffer for sending, in bytes. */
  readonly sendBufferAllocated: number;
  /** How much of it is in use, in bytes. */
  readonly sendBufferUsed: number;
}

export const clusterLinks: Decoder<ClusterLink[]> = list((reply) => {
  const fields = fieldsOf(reply);
  const field = (name: string): RespValue => fields[name] ?? null;
  return {
    direction: trust<"to" | "from">(text(field("direction"))),
    node: text(field("node")),
    createdAtMilliseconds: integer(field("create-time")),
    events: text(field("events")),
    sendBufferAllocated: integer(field("send-buffer-allocated")),
    sendBufferUsed: integer(field("send-buffer-used")),
  };
});

/** How much a slot is used. What the server does not count is `null`. */
export interface SlotStats {
  readonly slot: number;
  /** How many keys it has. */
  readonly keyCount: number;
  /** How long its commands took. */
  readonly cpuMicroseconds: number | null;
  /** How many bytes came in for its commands. */
  readonly networkBytesIn: number | null;
  /** How many bytes went out for its commands. */
  readonly networkBytesOut: number | null;
  /** How many bytes its keys take. @since Redis 8.6.0 */
  readonly memoryBytes: number | null;
}

export const slotStats: Decoder<SlotStats[]> = list((reply) => {
  const [slot = null, counts = null] = array(reply);
  const fields = fieldsOf(counts);
  const number = (name: string): number | null =>
    name in fields ? integer(fields[name] ?? null) : null;
  return {
    slot: integer(slot),
    keyCount: number("key-count") ?? 0,
    cpuMicroseconds: number("cpu-usec"),
    networkBytesIn: number("network-bytes-in"),
    networkBytesOut: number("network-bytes-out"),
    memoryBytes: number("memory-bytes"),
  };
});

/** What became of the configuration epoch of a node. */
export interface EpochBump {
  /** Whether it was raised; if not, it was the highest already. */
  readonly wasRaised: boolean;
  /** The epoch it has now. */
  readonly epoch: number;
}

/** `BUMPED 3` or `STILL 3`. */
export function epochBump(reply: RespValue): EpochBump {
  const [word, epoch] = text(reply).split(" ");
  return { wasRaised: word === "BUMPED", epoch: Number(epoch) };
}
