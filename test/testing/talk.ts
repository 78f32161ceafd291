import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection by hand that remembers what it received. */
export interface Talk {
  readonly socket: Socket;
  /** Sends a line. */
  readonly send: (text: string) => void;
  readonly received: () => string;
  /** What was received, as it arrived. */
  readonly chunks: readonly string[];
  /** The code of the error that ended it, `"ended"` after an orderly end. */
  readonly closed: Promise<string>;
}

/** Connects to a proxy or server. */
export async function talkTo(target: {
  readonly port: number;
  readonly host?: string;
}): Promise<Talk> {
  const socket = connect({ port: target.port, host: target.host ?? "127.0.0.1", noDelay: true });
  const chunks: string[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk.toString("latin1")));
  let reason = "ended";
  socket.on("error", ({ code }: NodeJS.ErrnoException) => {
    reason = code ?? "error";
  });
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(reason)));
  await once(socket, "connect");
  return {
    socket,
    send: (line) => socket.write(`${line}\r\n`),
    received: () => chunks.join(""),
    chunks,
    closed,
  };
}
