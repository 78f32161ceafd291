import type { RespValue } from "../protocol/resp.ts";
import type { Decoder } from "./command.ts";
import { emptyRecord, list, text } from "./decoders.ts";
import type { SlotRange } from "./decoders_cluster.ts";

/** A slot whose keys move from one node to another. */
export interface MovingSlot {
  readonly slot: number;
  /** Whether the node gives the slot away (`"migrating"`) or gets it (`"importing"`). */
  readonly state: "migrating" | "importing";
  /** The id of the other node. */
  readonly node: string;
}

/** A node as another one knows it. */
export interface ClusterNode {
  readonly id: string;
  /** The IP address; empty if the node does not know its own yet. */
  readonly host: string;
  readonly port: number;
  /** The port by which nodes speak with one another. */
  readonly busPort: number;
  /** The name of its host, or `""`. @since 7.0.0 */
  readonly hostname: string;
  /** What else is told along with the address (`"shard-id"`, `"nodename"`). @since 7.2.0 */
  readonly auxiliary: Readonly<Record<string, string>>;
  /** `"myself"`, `"master"`, `"slave"`, `"fail?"`, `"fail"`, `"handshake"`, `"noaddr"` … */
  readonly flags: Set<string>;
  /** The id of its primary; `null` for a primary. */
  readonly primary: string | null;
  /** When the ping was sent whose answer is still out: Unix time in milliseconds, or 0. */
  readonly pingSentAtMilliseconds: number;
  /** When it answered last: Unix time in milliseconds. */
  readonly pongReceivedAtMilliseconds: number;
  /** The configuration epoch of the node, or of its primary. */
  readonly configEpoch: number;
  /** Whether the node that was asked has a connection to it. */
  readonly linkState: "connected" | "disconnected";
  /** The slots it owns. */
  readonly slots: SlotRange[];
  /** Slots that are on the move; only the node that was asked tells its own. */
  readonly movingSlots: MovingSlot[];
}

/** The lines of `CLUSTER NODES`. */
export function clusterNodes(reply: RespValue): ClusterNode[] {
  const lines = text(reply).split("\n");
  return lines.filter((line) => line !== "").map(parseNode);
}

/** The lines of `CLUSTER REPLICAS`, each an item. */
export const clusterNodeList: Decoder<ClusterNode[]> = list((line) => parseNode(text(line)));

function parseNode(line: string): ClusterNode {
  const [id = "", address = "", flags = "", primary = "-", ping, pong, epoch, link, ...slots] = line
    .trimEnd()
    .split(" ");
  return {
    id,
    ...parseAddress(address),
    flags: new Set(flags === "noflags" ? [] : flags.split(",")),
    primary: primary === "-" ? null : primary,
    pingSentAtMilliseconds: Number(ping),
    pongReceivedAtMilliseconds: Number(pong),
    configEpoch: Number(epoch),
    linkState: link === "connected" ? "connected" : "disconnected",
    slots: slots.filter((item) => !item.startsWith("[")).map(parseRange),
    movingSlots: slots.filter((item) => item.startsWith("[")).map(parseMovingSlot),
  };
}

type Address = Pick<ClusterNode, "host" | "port" | "busPort" | "hostname" | "auxiliary">;

/** `host:port@bus-port`, then perhaps `,hostname` and `,name=value`; an IPv6 host has colons. */
function parseAddress(address: string): Address {
  const [endpoint = "", hostname = "", ...others] = address.split(",");
  const [socket = "", busPort] = endpoint.split("@");
  const colon = socket.lastIndexOf(":");
  const auxiliary = emptyRecord<string>();
  for (const other of others) {
    const equals = other.indexOf("=");
    auxiliary[other.slice(0, equals)] = other.slice(equals + 1);
  }
  return {
    host: socket.slice(0, colon),
    port: Number(socket.slice(colon + 1)),
    busPort: Number(busPort),
    hostname,
    auxiliary,
  };
}

/** `5` or `5-10`. */
export function parseRange(range: string): SlotRange {
  const [start, end = start] = range.split("-");
  return { start: Number(start), end: Number(end) };
}

/** `[7->-node]`: the slot goes to the node; `[7-<-node]`: it comes from there. */
function parseMovingSlot(item: string): MovingSlot {
  const [, slot, arrow, node = ""] = /^\[(\d+)-([<>])-(.*)\]$/.exec(item) ?? [];
  return { slot: Number(slot), state: arrow === ">" ? "migrating" : "importing", node };
}
