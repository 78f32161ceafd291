import { createServer, type Server, type Socket } from "node:net";

/** A TCP server that answers as a test says. */
export interface ScriptedServer {
  readonly port: number;
  readonly url: string;
  /** Everything that was received, of all connections. */
  readonly received: () => string;
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** What to send back for a chunk; `undefined`: nothing. */
export type Answer = (chunk: string, socket: Socket) => string | undefined;

/** Starts a server that answers each chunk by `answer`, and each new connection by `greeting`. */
export async function startScripted(answer: Answer, greeting = ""): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let received = "";
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (greeting !== "") socket.write(greeting);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const reply = answer(chunk.toString("latin1"), socket);
      if (reply !== undefined) socket.write(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    received: () => received,
    connections: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers every command of a chunk: by its name, else with `+OK`. */
export function byName(replies: Readonly<Record<string, string>>): Answer {
  return (chunk) => {
    let out = "";
    for (const [, name = ""] of chunk.matchAll(/\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n/g)) {
      out += replies[name] ?? "+OK\r\n";
    }
    return out;
  };
}
