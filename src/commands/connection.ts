import {
  type ClientKillFilter,
  type ClientListFilter,
  pushKillFilter,
  pushListFilter,
} from "../command/arguments_client.ts";
import type { Bulk, Value } from "../command/command.ts";
import { bulk, bulkOrNull, flag, integer, ok, unexpected } from "../command/decoders.ts";
import {
  type ClientInfo,
  clientInfo,
  clientInfos,
  type TrackingInfo,
  trackingInfo,
} from "../command/decoders_client.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/**
 * Commands on connections. Those that change the state of the very connection they travel on are
 * not among them: a connection is shared.
 */
export abstract class ConnectionCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the number of the connection that carries the command.
   *
   * @returns the number; a later connection has a greater one
   * @example
   * ```ts
   * const id = await redis.clientId();
   * const isPositive = id > 0; // true
   * ```
   * @see https://redis.io/commands/client-id
   * @since 5.0.0
   */
  clientId(): Reply<M, number> {
    return this.send(["CLIENT", "ID"], integer);
  }

  /**
   * Describe the connection that carries the command.
   *
   * @returns the connection as the server sees it
   * @example
   * ```ts
   * const { db, user } = await redis.clientInfo();
   * const both = [db, user]; // [0, "default"]
   * ```
   * @see https://redis.io/commands/client-info
   * @since 6.2.0
   */
  clientInfo(): Reply<M, ClientInfo> {
    return this.send(["CLIENT", "INFO"], clientInfo);
  }

  /**
   * Get the name of the connection that carries the command.
   *
   * @returns the name, or `null` if it has none
   * @example
   * ```ts
   * const name = await redis.clientGetname();
   * const isNamed = name !== null; // false
   * ```
   * @see https://redis.io/commands/client-getname
   * @since 2.6.9
   */
  clientGetname(): Reply<M, B | null> {
    return this.send(["CLIENT", "GETNAME"], bulkOrNull<B>);
  }

  /**
   * Tell where the tracking messages of the connection go that carries the command.
   *
   * @returns the number of a connection, 0 if they go to this one, or -1 if tracking is off
   * @example
   * ```ts
   * const target = await redis.clientGetredir(); // -1
   * ```
   * @see https://redis.io/commands/client-getredir
   * @since 6.0.0
   */
  clientGetredir(): Reply<M, number> {
    return this.send(["CLIENT", "GETREDIR"], integer);
  }

  /**
   * Close the connections that fit a filter.
   *
   * A connection that waits for the reply of a command may get it first.
   *
   * @param filter what must all be true of a connection
   * @returns how many connections were closed
   * @throws {ArgumentError} if the filter is empty
   * @example
   * ```ts
   * const closed = await redis.clientKill({ address: "192.0.2.1:50001" }); // 0
   * ```
   * @see https://redis.io/commands/client-kill
   * @since 2.8.12
   */
  clientKill(filter: ClientKillFilter): Reply<M, number>;
  /**
   * Close the connection from one address, even if it is the one that carries the command.
   *
   * @param address address and port, such as `"127.0.0.1:50001"`
   * @returns `true`: it was closed
   * @throws {ServerError} if there is no such connection
   * @example
   * ```ts
   * const closed = await redis.clientKill("192.0.2.1:50001").catch(() => false); // false
   * ```
   * @see https://redis.io/commands/client-kill
   * @since 2.4.0
   */
  clientKill(address: string): Reply<M, true>;
  clientKill(filter: ClientKillFilter | string): Reply<M, number | true> {
    const argv: Argument[] = ["CLIENT", "KILL"];
    if (typeof filter === "string") {
      argv.push(filter);
      return this.send<number | true>(argv, ok);
    }
    pushKillFilter(argv, filter);
    return this.send<number | true>(argv, integer);
  }

  /**
   * Describe the connections of the server.
   *
   * @param filter which connections, all unless given
   * @returns the connections as the server sees them
   * @throws {ArgumentError} if `ids` is empty
   * @example
   * ```ts
   * const clients = await redis.clientList({ type: "normal" });
   * const users = clients.map((client) => client.user).slice(0, 1); // ["default"]
   * ```
   * @see https://redis.io/commands/client-list
   * @since 2.4.0
   */
  clientList(filter?: ClientListFilter): Reply<M, ClientInfo[]> {
    const argv: Argument[] = ["CLIENT", "LIST"];
    if (filter !== undefined) pushListFilter(argv, filter);
    return this.send(argv, clientInfos);
  }

  /**
   * Let the server hold back the commands of all clients for a while.
   *
   * @param milliseconds for how long
   * @param options `mode`: hold back everything (`"ALL"`, unless given), or only what writes
   *   (`"WRITE"`, since 6.2.0)
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.clientPause(10, { mode: "WRITE" }); // true
   * ```
   * @see https://redis.io/commands/client-pause
   * @since 3.0.0
   */
  clientPause(
    milliseconds: number,
    options?: { readonly mode?: "WRITE" | "ALL" | undefined },
  ): Reply<M, true> {
    const argv: Argument[] = ["CLIENT", "PAUSE", milliseconds];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * Describe the client-side caching of the connection that carries the command.
   *
   * @returns its flags (`"off"` if it has none), where messages go, and prefixes
   * @example
   * ```ts
   * const { flags } = await redis.clientTrackinginfo();
   * const isOff = flags.has("off"); // true
   * ```
   * @see https://redis.io/commands/client-trackinginfo
   * @since 6.2.0
   */
  clientTrackinginfo(): Reply<M, TrackingInfo<B>> {
    return this.send(["CLIENT", "TRACKINGINFO"], trackingInfo<B>);
  }

  /**
   * Wake another connection that waits in a blocking command.
   *
   * @param id the number of the connection, see {@link ConnectionCommands.clientId}
   * @param options `as`: the command ends as if its time were up (`"TIMEOUT"`, unless given), or
   *   with an `UnblockedError` (`"ERROR"`)
   * @returns whether the connection was waiting
   * @example
   * ```ts
   * const woken = await redis.clientUnblock(999_999_999, { as: "ERROR" }); // false
   * ```
   * @see https://redis.io/commands/client-unblock
   * @since 5.0.0
   */
  clientUnblock(
    id: number,
    options?: { readonly as?: "TIMEOUT" | "ERROR" | undefined },
  ): Reply<M, boolean> {
    const argv: Argument[] = ["CLIENT", "UNBLOCK", id];
    if (options?.as !== undefined) argv.push(options.as);
    return this.send(argv, flag);
  }

  /**
   * End a pause before its time.
   *
   * @returns `true`, even if there was no pause
   * @example
   * ```ts
   * await redis.clientUnpause(); // true
   * ```
   * @see https://redis.io/commands/client-unpause
   * @since 6.2.0
   */
  clientUnpause(): Reply<M, true> {
    return this.send(["CLIENT", "UNPAUSE"], ok);
  }

  /**
   * Let the server send a message back.
   *
   * @returns the message
   * @example
   * ```ts
   * const answer = await redis.echo("hello"); // "hello"
   * ```
   * @see https://redis.io/commands/echo
   * @since 1.0.0
   */
  echo(message: Value): Reply<M, B> {
    return this.send(["ECHO", message], bulk<B>);
  }

  /**
   * Ask the server whether it is there.
   *
   * @returns `"PONG"`
   * @example
   * ```ts
   * const answer = await redis.ping(); // "PONG"
   * ```
   * @see https://redis.io/commands/ping
   * @since 1.0.0
   */
  ping(): Reply<M, "PONG">;
  /**
   * Ask the server to send a message back, to see that it is there.
   *
   * @returns the message
   * @example
   * ```ts
   * const answer = await redis.ping("hello"); // "hello"
   * ```
   * @see https://redis.io/commands/ping
   * @since 2.8.0
   */
  ping(message: Value): Reply<M, B>;
  ping(message?: Value): Reply<M, "PONG" | B> {
    if (message === undefined) return this.send<"PONG" | B>(["PING"], pong);
    return this.send<"PONG" | B>(["PING", message], bulk<B>);
  }
}

function pong(reply: RespValue): "PONG" {
  if (reply === "PONG") return reply;
  throw unexpected("PONG", reply);
}
