import type { RespValue } from "../protocol/resp.ts";
import type { Bulk } from "./command.ts";
import { array, bulks, eachPair, emptyRecord, integer, text } from "./decoders.ts";

/**
 * A connection as the server sees it, under the server's own names. A number that the server leaves
 * out is `NaN`, a text is empty; what it adds is in `fields`.
 */
export interface ClientInfo {
  /** The connection's number; never used twice by one run of the server. */
  readonly id: number;
  /** Address and port of the client, or the path of the socket. */
  readonly addr: string;
  /** Address and port of the server's side. */
  readonly laddr: string;
  /** The number of the socket in the server. */
  readonly fd: number;
  /** The connection's name, or `""`. */
  readonly name: string;
  /** Seconds since the connection was made. */
  readonly age: number;
  /** Seconds since its last command. */
  readonly idle: number;
  /**
   * One letter for each state: `"N"` for none in particular, `"b"` for blocked, `"x"` in a
   * transaction …
   */
  readonly flags: string;
  /** The selected database. */
  readonly db: number;
  /** How many channels it is subscribed to. */
  readonly sub: number;
  /** How many patterns it is subscribed to. */
  readonly psub: number;
  /** How many shard channels it is subscribed to. @since 7.0.3 */
  readonly ssub: number;
  /** How many commands of a transaction are queued; -1 outside a transaction. */
  readonly multi: number;
  /** Bytes in the query buffer. */
  readonly qbuf: number;
  /** Free bytes in the query buffer. */
  readonly qbufFree: number;
  /** Bytes of arguments of the command that is being read. */
  readonly argvMem: number;
  /** Bytes of queued commands of a transaction. @since 7.0.0 */
  readonly multiMem: number;
  /** Size of the reply buffer in bytes. @since 7.0.0 */
  readonly rbs: number;
  /** The most bytes that were lately in the reply buffer. @since 7.0.0 */
  readonly rbp: number;
  /** Bytes in the output buffer. */
  readonly obl: number;
  /** Replies that wait in a list because the output buffer is full. */
  readonly oll: number;
  /** Bytes of that list. */
  readonly omem: number;
  /** Bytes of all buffers together. */
  readonly totMem: number;
  /** What the server waits for on the socket: `"r"`, `"w"`, both or none. */
  readonly events: string;
  /** The last command: `"get"`, `"client|list"`. */
  readonly cmd: string;
  /** The ACL user. */
  readonly user: string;
  /** The connection that gets the tracking messages; -1 for none. */
  readonly redir: number;
  /** The protocol, 2 or 3. @since 7.0.0 */
  readonly resp: number;
  /** The name of the client library, or `""`. @since 7.2.0 */
  readonly libName: string;
  /** The version of the client library, or `""`. @since 7.2.0 */
  readonly libVer: string;
  /** Everything as the server sent it, by the server's names (`"qbuf-free"`, `"lib-name"`). */
  readonly fields: Readonly<Record<string, string>>;
}

/** One line of `CLIENT INFO`. */
export function clientInfo(reply: RespValue): ClientInfo {
  return parseClient(text(reply).trimEnd());
}

/** The lines of `CLIENT LIST`. */
export function clientInfos(reply: RespValue): ClientInfo[] {
  const lines = text(reply).split("\n");
  return lines.filter((line) => line !== "").map(parseClient);
}

function parseClient(line: string): ClientInfo {
  const fields = parseFields(line);
  const word = (name: string): string => fields[name] ?? "";
  const number = (name: string): number => Number(fields[name] ?? Number.NaN);
  return {
    id: number("id"),
    addr: word("addr"),
    laddr: word("laddr"),
    fd: number("fd"),
    name: word("name"),
    age: number("age"),
    idle: number("idle"),
    flags: word("flags"),
    db: number("db"),
    sub: number("sub"),
    psub: number("psub"),
    ssub: number("ssub"),
    multi: number("multi"),
    qbuf: number("qbuf"),
    qbufFree: number("qbuf-free"),
    argvMem: number("argv-mem"),
    multiMem: number("multi-mem"),
    rbs: number("rbs"),
    rbp: number("rbp"),
    obl: number("obl"),
    oll: number("oll"),
    omem: number("omem"),
    totMem: number("tot-mem"),
    events: word("events"),
    cmd: word("cmd"),
    user: word("user"),
    redir: number("redir"),
    resp: number("resp"),
    libName: word("lib-name"),
    libVer: word("lib-ver"),
    fields,
  };
}

/** `name=value` with spaces between; the path of a socket may have spaces of its own. */
function parseFields(line: string): Record<string, string> {
  const fields = emptyRecord<string>();
  let last = "";
  for (const part of line.split(" ")) {
    const name = /^[a-z][a-z-]*(?==)/.exec(part)?.[0];
    if (name === undefined) {
      fields[last] = `${fields[last] ?? ""} ${part}`;
    } else {
      fields[name] = part.slice(name.length + 1);
      last = name;
    }
  }
  return fields;
}

/** What the server does for the client-side cache of a connection. */
export interface TrackingInfo<B extends Bulk> {
  /** `"off"` or `"on"`, and what holds besides: `"bcast"`, `"optin"`, `"optout"`, `"noloop"` … */
  readonly flags: Set<string>;
  /** The connection that gets the messages: 0 for this one, -1 if tracking is off. */
  readonly redirect: number;
  /** The beginnings of keys that are watched in broadcasting mode. */
  readonly prefixes: B[];
}

export function trackingInfo<B extends Bulk>(reply: RespValue): TrackingInfo<B> {
  let flags = new Set<string>();
  let redirect = -1;
  let prefixes: B[] = [];
  eachPair(reply, (name, value) => {
    switch (text(name)) {
      case "flags":
        flags = new Set(array(value).map(text));
        break;
      case "redirect":
        redirect = integer(value);
        break;
      case "prefixes":
        prefixes = bulks<B>(value);
        break;
      default:
    }
  });
  return { flags, redirect, prefixes };
}
