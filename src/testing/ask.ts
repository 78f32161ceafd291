/** A conversation with a server by hand, so that it can be tested without the client under test. */

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { RedisError } from "../errors.ts";
import type { TlsFiles } from "./certificates.ts";

/** How to reach a server, and as whom. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The path of a unix socket; goes before host and port. */
  readonly path?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Sends commands over a new connection and resolves to their replies as text. Understands simple
 * strings, errors, integers and bulk strings, in latin1.
 *
 * @throws {RedisError} if the connection fails, a reply is an error, or `timeoutMs` have passed.
 */
export function ask(
  endpoint: Endpoint,
  commands: readonly (readonly string[])[],
  timeoutMs = 5000,
): Promise<string[]> {
  const sent = [...authentication(endpoint), ...commands];
  return new Promise((resolve, reject) => {
    const socket = open(endpoint);
    let received = "";
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(failure(endpoint, error)));
    const timer = setTimeout(() => fail(`no reply in ${timeoutMs} ms`), timeoutMs);
    socket.on("error", fail);
    socket.on("close", () => fail("the connection was closed"));
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      try {
        const replies = parse(received);
        if (replies.length < sent.length) return;
        finish(() => resolve(replies.slice(sent.length - commands.length)));
      } catch (error) {
        fail(error);
      }
    });
    socket.write(sent.map(encode).join(""));
  });
}

function open({ host, port, path, tls }: Endpoint): Socket {
  if (path !== undefined) return connectTcp({ path });
  if (tls === undefined) return connectTcp({ host, port });
  const { ca, cert, key, serverName } = tls;
  return connectTls({ host, port, ca, cert, key, servername: serverName });
}

function authentication({ username, password }: Endpoint): string[][] {
  if (password === undefined) return [];
  return [username === undefined ? ["AUTH", password] : ["AUTH", username, password]];
}

function encode(argv: readonly string[]): string {
  const parts = argv.map((argument) => `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`);
  return `*${argv.length}\r\n${parts.join("")}`;
}

/** The replies that are complete in `received`. Throws the first error reply. */
function parse(received: string): string[] {
  const replies: string[] = [];
  let at = 0;
  for (;;) {
    const end = received.indexOf("\r\n", at);
    if (end === -1) return replies;
    const line = received.slice(at + 1, end);
    const type = received[at];
    if (type === "-") throw new RedisError(line, { code: line.split(" ")[0] });
    at = end + 2;
    if (type !== "$") {
      replies.push(line);
      continue;
    }
    const length = Math.max(Number(line), 0);
    if (received.length < at + length + 2 && line !== "-1") return replies;
    replies.push(received.slice(at, at + length));
    at += line === "-1" ? 0 : length + 2;
  }
}

function failure(endpoint: Endpoint, cause: unknown): RedisError {
  if (cause instanceof RedisError) return cause;
  const address = endpoint.path ?? `${endpoint.host}:${endpoint.port}`;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RedisError(`${address}: ${reason}`, { code: "CONNECT", address, cause });
}
