/** What the servers of tests need of sockets. */
import type { Server, Socket } from "node:net";

export const HOST = "127.0.0.1";

/** Listens on the loopback address, at a free port if it is 0. @returns the port */
export async function listen(listener: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, HOST, () => {
      listener.off("error", reject);
      resolve();
    });
  });
  const address = listener.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Ends a socket, with RST or, unless bytes of its are unread, FIN. */
export function destroy(socket: Socket, withReset: boolean): void {
  // In the callback of a write Node sends FIN all the same. And whoever finds a reset together with
  // bytes reads the bytes and then sees an orderly end; a turn later the bytes have been read.
  if (withReset) setImmediate(() => setImmediate(() => socket.resetAndDestroy()));
  else socket.destroy();
}
