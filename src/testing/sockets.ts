/** What the servers of tests need of sockets. */
import { randomInt } from "node:crypto";
import type { Server, Socket } from "node:net";

export const HOST = "127.0.0.1";

/**
 * Where free ports are looked for: below those that systems give to connections, and to listeners
 * that name none. So nobody takes one that is left for a moment, such as a restarted server's.
 */
const PORTS = [10_000, 32_768] as const;
const MAX_ATTEMPTS = 100;

/** Listens on the loopback address, at a free port if none is given. @returns the port */
export async function listen(listener: Server, port?: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const tried = port ?? randomInt(...PORTS);
    try {
      await listenAt(listener, tried);
      return tried;
    } catch (error) {
      if (port !== undefined || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function listenAt(listener: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, HOST, () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

/** Ends a socket, with RST or, unless bytes of its are unread, FIN. */
export function destroy(socket: Socket, withReset: boolean): void {
  // In the callback of a write Node sends FIN all the same. And whoever finds a reset together with
  // bytes reads the bytes and then sees an orderly end; a turn later the bytes have been read.
  if (withReset) setImmediate(() => setImmediate(() => socket.resetAndDestroy()));
  else socket.destroy();
}
