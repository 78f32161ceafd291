import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import { type AtMostOne, type OneOrMany, pushAll } from "./arguments.ts";

/** What a connection is used for, as the server tells connections apart. */
export type ClientType = "normal" | "master" | "replica" | "pubsub";

/** What a connection is; used to choose connections, or to leave some out. */
export interface ClientTraits {
  /** The connection's name (`NAME`). */
  readonly name?: string | undefined;
  /** Letters of states that the connection is in, all of them (`FLAGS`): `"b"` for blocked … */
  readonly flags?: string | undefined;
  /** The name of the client library (`LIB-NAME`). */
  readonly libraryName?: string | undefined;
  /** The version of the client library (`LIB-VER`). */
  readonly libraryVersion?: string | undefined;
  /** The selected database (`DB`). */
  readonly db?: number | undefined;
  /** Letters of capabilities that the client has told of (`CAPA`): `"r"` for redirection. */
  readonly capabilities?: string | undefined;
  /** The client's IP address, without a port (`IP`). */
  readonly ip?: string | undefined;
}

/** Connections to leave out. */
export interface ClientExclusion extends ClientTraits {
  /** The connections of these numbers. */
  readonly ids?: OneOrMany<number> | undefined;
  /** Connections that are used so. */
  readonly type?: ClientType | undefined;
  /** Connections of this ACL user. */
  readonly user?: string | undefined;
  /** Connections from this address and port. */
  readonly address?: string | undefined;
  /** Connections to this address and port of the server. */
  readonly localAddress?: string | undefined;
}

/** By what newer servers can choose connections, too. @since Valkey 9.0.0 */
export interface NewerClientFilter extends ClientTraits {
  /** Connections that sent nothing for this many seconds, at least 1 (`IDLE`). */
  readonly minIdleSeconds?: number | undefined;
  /** None of those that have one of these traits (`NOT-NAME`, `NOT-ID` and so on). */
  readonly not?: ClientExclusion | undefined;
}

/** Which connections {@link ConnectionCommands.clientList} lists; all unless given. */
export type ClientListFilter = AtMostOne<{
  /** Only connections that are used so (`TYPE`). @since 5.0.0 */
  readonly type: ClientType;
  /** Only the connections of these numbers (`ID`). @since 6.2.0 */
  readonly ids: OneOrMany<number>;
}> &
  NewerClientFilter & {
    /** Only connections of this ACL user (`USER`). @since Valkey 8.1.0 */
    readonly user?: string | undefined;
    /** Only connections from this address and port (`ADDR`). @since Valkey 8.1.0 */
    readonly address?: string | undefined;
    /** Only connections to this address and port of the server (`LADDR`). @since Valkey 8.1.0 */
    readonly localAddress?: string | undefined;
    /** Only connections made at least this many seconds ago (`MAXAGE`). @since Valkey 8.1.0 */
    readonly minAgeSeconds?: number | undefined;
    /** Whether to leave out the connection that sends the command. @since Valkey 8.1.0 */
    readonly skipMe?: boolean | undefined;
  };

/**
 * Which connections {@link ConnectionCommands.clientKill} closes: those that fit everything given.
 */
export interface ClientKillFilter extends NewerClientFilter {
  /** The connection of this number (`ID`); several need Valkey 8.1.0. */
  readonly id?: OneOrMany<number> | undefined;
  /** Connections that are used so (`TYPE`). */
  readonly type?: ClientType | undefined;
  /** Connections of this ACL user (`USER`). */
  readonly user?: string | undefined;
  /** Connections from this address and port (`ADDR`), such as `"127.0.0.1:50001"`. */
  readonly address?: string | undefined;
  /** Connections to this address and port of the server (`LADDR`). @since 6.2.0 */
  readonly localAddress?: string | undefined;
  /**
   * Connections made at least this many seconds ago (`MAXAGE`), at least 1. @since Redis 7.4.0,
   * Valkey 8.0.0
   */
  readonly minAgeSeconds?: number | undefined;
  /** Whether to spare the connection that sends the command: yes unless `false` (`SKIPME`). */
  readonly skipMe?: boolean | undefined;
}

/** Appends what `CLIENT LIST` is asked for. */
export function pushListFilter(argv: Argument[], filter: ClientListFilter): void {
  pushFilter(argv, filter, filter.ids);
}

/** Appends which connections `CLIENT KILL` closes. */
export function pushKillFilter(argv: Argument[], filter: ClientKillFilter): void {
  pushFilter(argv, filter, filter.id);
  if (argv.length > 2) return;
  throw new ArgumentError("CLIENT KILL needs a filter: which connections to close", {
    command: "CLIENT KILL",
  });
}

function pushFilter(
  argv: Argument[],
  filter: Omit<ClientListFilter | ClientKillFilter, "id" | "ids">,
  ids: OneOrMany<number> | undefined,
): void {
  pushTraits(argv, "", { ...filter, ids });
  if (filter.minAgeSeconds !== undefined) argv.push("MAXAGE", filter.minAgeSeconds);
  if (filter.minIdleSeconds !== undefined) argv.push("IDLE", filter.minIdleSeconds);
  if (filter.not !== undefined) pushTraits(argv, "NOT-", filter.not);
  if (filter.skipMe !== undefined) argv.push("SKIPME", filter.skipMe ? "yes" : "no");
}

function pushTraits(argv: Argument[], prefix: "" | "NOT-", traits: ClientExclusion): void {
  const push = (token: string, value: Argument | undefined): void => {
    if (value !== undefined) argv.push(prefix + token, value);
  };
  if (traits.ids !== undefined) {
    argv.push(`${prefix}ID`);
    pushAll(argv, traits.ids, "ids");
  }
  push("TYPE", traits.type);
  push("USER", traits.user);
  push("ADDR", traits.address);
  push("LADDR", traits.localAddress);
  push("NAME", traits.name);
  push("FLAGS", traits.flags);
  push("LIB-NAME", traits.libraryName);
  push("LIB-VER", traits.libraryVersion);
  push("DB", traits.db);
  push("CAPA", traits.capabilities);
  push("IP", traits.ip);
}
