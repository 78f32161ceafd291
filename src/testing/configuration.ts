/** The configuration file of a test server. */

import { ArgumentError } from "../errors.ts";

/** What goes into the file. */
export interface Configuration {
  readonly directory: string;
  readonly port: number;
  readonly socket?: string | undefined;
  readonly tls?: { readonly clientAuth: boolean } | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The caller's own directives. They come last, so they win. */
  readonly config: Readonly<Record<string, string | number>>;
}

/** The files that the TLS directives name, inside the server's directory. */
export const TLS_FILE_NAMES = { ca: "ca.crt", cert: "server.crt", key: "server.key" } as const;

/** Writes out the configuration: on the loopback address, in the foreground, nothing saved. */
export function configurationText(configuration: Configuration): string {
  const { directory, port, socket, tls, config } = configuration;
  const lines = [
    "bind 127.0.0.1",
    "daemonize no",
    `dir ${quote(directory)}`,
    'save ""',
    "appendonly no",
    tls === undefined ? `port ${port}` : `port 0\ntls-port ${port}`,
    ...(tls === undefined ? [] : tlsLines(directory, tls.clientAuth)),
    ...(socket === undefined ? [] : [`unixsocket ${quote(socket)}`, "unixsocketperm 700"]),
    ...accessLines(configuration),
    ...Object.entries(config).map(([name, value]) => directive(name, String(value))),
  ];
  return `${lines.join("\n")}\n`;
}

function tlsLines(directory: string, clientAuth: boolean): string[] {
  return [
    `tls-ca-cert-file ${quote(`${directory}/${TLS_FILE_NAMES.ca}`)}`,
    `tls-cert-file ${quote(`${directory}/${TLS_FILE_NAMES.cert}`)}`,
    `tls-key-file ${quote(`${directory}/${TLS_FILE_NAMES.key}`)}`,
    `tls-auth-clients ${clientAuth ? "yes" : "no"}`,
    "tls-replication yes",
  ];
}

/** With a user name, only that user may come in; the default user is off. */
function accessLines({ username, password }: Configuration): string[] {
  if (password === undefined) return [];
  if (username === undefined) return [`requirepass ${quote(password)}`];
  return ["user default off", `user ${username} on ${quote(`>${password}`)} ~* &* +@all`];
}

/** The value stands as it is written in a configuration file; an empty one is written `""`. */
function directive(name: string, value: string): string {
  if (/[\s"']/.test(name) || /[\r\n]/.test(value)) {
    throw new ArgumentError(`"${name}" is no directive of one line`);
  }
  return `${name} ${value === "" ? '""' : value}`;
}

/** Puts a value between quotes, as the server's configuration reader takes it. */
export function quote(text: string): string {
  const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, (c) => (c < " " ? hex(c) : c))}"`;
}
