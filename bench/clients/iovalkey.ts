import type { Redis } from "ioredis";
import type { Connection } from "../client.ts";
import { requirePeer } from "../peers.ts";
import { connect } from "./ioredis.ts";

/** Connects `iovalkey`, which is a fork of `ioredis`, with its defaults. */
export function open(port: number): Promise<Connection> {
  const { Redis: Client } = requirePeer("iovalkey") as { readonly Redis: typeof Redis };
  return connect(Client, port);
}
