import type { RespValue } from "../protocol/resp.ts";
import type { Decoder } from "./command.ts";
import { array, emptyRecord, integer, list, text, texts, trust, unexpected } from "./decoders.ts";

/**
 * All fields of the sections of `INFO`. A name that comes again (`module`) has a line for each
 * value.
 */
export function infoFields(reply: RespValue): Record<string, string> {
  const fields = emptyRecord<string>();
  for (const line of text(reply).split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0 || line.startsWith("#")) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trimEnd();
    fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
  }
  return fields;
}

/** A point in time as the server's clock shows it. */
export interface ServerTime {
  /** Whole seconds since 1970. */
  readonly unixSeconds: number;
  /** Microseconds of the second that has begun. */
  readonly microseconds: number;
}

export function serverTime(reply: RespValue): ServerTime {
  const [seconds = null, microseconds = null] = array(reply);
  return { unixSeconds: Number(text(seconds)), microseconds: Number(text(microseconds)) };
}

/** Whether a save in the background began at once, or waits for another process to end. */
export type BackgroundSave = "started" | "scheduled";

/** The last word of "Background saving started" and of its like. */
export function backgroundSave(reply: RespValue): BackgroundSave {
  const status = text(reply);
  if (status.endsWith("started")) return "started";
  if (status.endsWith("scheduled")) return "scheduled";
  throw unexpected("how the save goes", reply);
}

/** "Background saving cancelled", and the like of a save that was only scheduled. */
export function cancelled(reply: RespValue): true {
  if (text(reply).endsWith("cancelled")) return true;
  throw unexpected("that the save is cancelled", reply);
}

/** A replica that is connected to a primary. */
export interface ConnectedReplica {
  /** Its address. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** How many bytes of the replication stream it has acknowledged. */
  readonly offset: number;
}

/** How far a replica is in connecting to its primary. */
export type ReplicationState =
  | "none"
  | "connect"
  | "connecting"
  | "handshake"
  | "sync"
  | "connected"
  | "unknown";

/** What part a server plays in replication, in the server's words. */
export type Role =
  | {
      readonly role: "master";
      /** How many bytes of the replication stream it has produced. */
      readonly offset: number;
      readonly replicas: ConnectedReplica[];
    }
  | {
      readonly role: "slave";
      /** The address of its primary. */
      readonly host: string;
      /** The port of its primary. */
      readonly port: number;
      readonly state: ReplicationState;
      /** How many bytes of the replication stream it has received; -1 before it is connected. */
      readonly offset: number;
    }
  | {
      readonly role: "sentinel";
      /** The names of the primaries that it watches. */
      readonly masters: string[];
    };

export function role(reply: RespValue): Role {
  const [name = null, first = null, second = null, third = null, fourth = null] = array(reply);
  switch (text(name)) {
    case "master":
      return { role: "master", offset: integer(first), replicas: connectedReplicas(second) };
    case "slave":
      return {
        role: "slave",
        host: text(first),
        port: integer(second),
        state: trust<ReplicationState>(text(third)),
        offset: integer(fourth),
      };
    case "sentinel":
      return { role: "sentinel", masters: texts(first) };
    default:
      throw unexpected("a role", reply);
  }
}

const connectedReplicas: Decoder<ConnectedReplica[]> = list((reply) => {
  const [host = null, port = null, offset = null] = array(reply);
  return { host: text(host), port: Number(text(port)), offset: Number(text(offset)) };
});
