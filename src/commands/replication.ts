import { ok, text, unexpected } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** Options of {@link ReplicationCommands.failover}. */
export type FailoverOptions = {
  /**
   * Milliseconds to wait for the replica (`TIMEOUT`); for ever unless given. After that it ends
   * without effect, or with `force` happens nevertheless.
   */
  readonly timeout?: number | undefined;
} & (
  | {
      /** The replica that becomes the primary (`TO`), any unless given. */
      readonly to?: ReplicaAddress | undefined;
      readonly force?: undefined;
    }
  | {
      readonly to: ReplicaAddress;
      /** Do it after `timeout` even if the replica does not have all data (`FORCE`). */
      readonly force: boolean;
      readonly timeout: number;
    }
);

/** Where a replica is, as its primary sees it. */
export interface ReplicaAddress {
  readonly host: string;
  readonly port: number;
}

/** Options of {@link ReplicationCommands.shutdown}. */
export interface ShutdownOptions {
  /**
   * Whether to save the data first: always (`"SAVE"`), never (`"NOSAVE"`), or, unless given, if the
   * server is configured to save.
   */
  readonly save?: "SAVE" | "NOSAVE" | undefined;
  /** Do not wait for replicas that lag behind (`NOW`). @since 7.0.0 */
  readonly now?: boolean | undefined;
  /** Go on whatever goes wrong, such as saving (`FORCE`). @since 7.0.0 */
  readonly force?: boolean | undefined;
  /** Refuse if the node owns slots of a cluster (`SAFE`). @since Valkey 9.0.0 */
  readonly safe?: boolean | undefined;
  /** Let a replica of a cluster take over first (`FAILOVER`). @since Valkey 9.0.0 */
  readonly failover?: boolean | undefined;
}

/** Commands that make servers primaries and replicas, or end them. */
export abstract class ReplicationCommands<M extends Mode> extends Executor<M> {
  /**
   * Let a replica take the place of the primary that is told, which becomes its replica.
   *
   * @returns `true`: it has begun; it may still end without effect
   * @throws {ServerError} if the server has no replica that is connected, or is one itself
   * @example
   * ```ts
   * const begun = await redis.failover({ timeout: 1_000 }).catch(() => "no replicas");
   * ```
   * @see https://redis.io/commands/failover
   * @since 6.2.0
   */
  failover(options?: FailoverOptions): Reply<M, true>;
  /**
   * End a failover that is in progress.
   *
   * @returns `true`: the server stays the primary
   * @throws {ServerError} if none is in progress
   * @example
   * ```ts
   * const ended = await redis.failover("ABORT").catch(() => "none in progress");
   * ```
   * @see https://redis.io/commands/failover
   * @since 6.2.0
   */
  failover(abort: "ABORT"): Reply<M, true>;
  failover(options?: FailoverOptions | "ABORT"): Reply<M, true> {
    if (options === "ABORT") return this.send(["FAILOVER", "ABORT"], ok);
    const argv: Argument[] = ["FAILOVER"];
    if (options?.to !== undefined) argv.push("TO", options.to.host, options.to.port);
    if (options?.force === true) argv.push("FORCE");
    if (options?.timeout !== undefined) argv.push("TIMEOUT", options.timeout);
    return this.send(argv, ok);
  }

  /**
   * Make the server that is told a replica; its own data are lost.
   *
   * @param host the primary: a name or IP address
   * @param port the port of the primary
   * @returns `true`, even if it is its replica already; whether it can connect is not known yet
   * @throws {ServerError} if the server is part of a cluster
   * @example
   * ```ts
   * const follow = () => redis.replicaof("127.0.0.1", 6380);
   * ```
   * @see https://redis.io/commands/replicaof
   * @since 5.0.0
   */
  replicaof(host: string, port: number): Reply<M, true>;
  /**
   * Make the server that is told a primary; it keeps its data.
   *
   * @returns `true`, even if it is a primary already
   * @throws {ServerError} if the server is part of a cluster
   * @example
   * ```ts
   * await redis.replicaof("NO ONE"); // true
   * ```
   * @see https://redis.io/commands/replicaof
   * @since 5.0.0
   */
  replicaof(primary: "NO ONE"): Reply<M, true>;
  replicaof(host: string, port?: number): Reply<M, true> {
    return this.send(["REPLICAOF", ...primaryWords(host, port)], okWithRemark);
  }

  /**
   * Make the server a replica, by the name that the command had before.
   *
   * @deprecated Use {@link ReplicationCommands.replicaof}.
   * @param host the primary: a name or IP address
   * @param port the port of the primary
   * @returns `true`, even if it is its replica already
   * @throws {ServerError} if the server is part of a cluster
   * @example
   * ```ts
   * const follow = () => redis.slaveof("127.0.0.1", 6380);
   * ```
   * @see https://redis.io/commands/slaveof
   * @since 1.0.0
   */
  slaveof(host: string, port: number): Reply<M, true>;
  /**
   * Make the server a primary, by the name that the command had before.
   *
   * @deprecated Use {@link ReplicationCommands.replicaof}.
   * @returns `true`, even if it is a primary already
   * @throws {ServerError} if the server is part of a cluster
   * @example
   * ```ts
   * await redis.slaveof("NO ONE"); // true
   * ```
   * @see https://redis.io/commands/slaveof
   * @since 1.0.0
   */
  slaveof(primary: "NO ONE"): Reply<M, true>;
  slaveof(host: string, port?: number): Reply<M, true> {
    return this.send(["SLAVEOF", ...primaryWords(host, port)], okWithRemark);
  }

  /**
   * End the server. It sends no reply: the connection is lost.
   *
   * @returns never: it rejects with a `ConnectionLostError` as the server ends
   * @throws {ServerError} if the server goes on, because it cannot save for example
   * @throws {ConnectionLostError} if the server has ended
   * @example
   * ```ts
   * const end = () => redis.shutdown({ save: "NOSAVE" });
   * ```
   * @see https://redis.io/commands/shutdown
   * @since 1.0.0
   */
  shutdown(options?: ShutdownOptions): Reply<M, never>;
  /**
   * Let a server go on that waits for its replicas before it ends.
   *
   * @returns `true`: it goes on
   * @throws {ServerError} if it is not about to end
   * @example
   * ```ts
   * const goesOn = await redis.shutdown("ABORT").catch(() => "not about to end");
   * ```
   * @see https://redis.io/commands/shutdown
   * @since 7.0.0
   */
  shutdown(abort: "ABORT"): Reply<M, true>;
  shutdown(options?: ShutdownOptions | "ABORT"): Reply<M, never> | Reply<M, true> {
    if (options === "ABORT") return this.send(["SHUTDOWN", "ABORT"], ok);
    const argv: Argument[] = ["SHUTDOWN"];
    if (options?.save !== undefined) argv.push(options.save);
    if (options?.now === true) argv.push("NOW");
    if (options?.force === true) argv.push("FORCE");
    if (options?.safe === true) argv.push("SAFE");
    if (options?.failover === true) argv.push("FAILOVER");
    return this.send(argv, noReply);
  }
}

function primaryWords(host: string, port: number | undefined): Argument[] {
  return host === "NO ONE" && port === undefined ? ["NO", "ONE"] : [host, port ?? ""];
}

/** `OK`, or `OK Already connected to specified master`. */
function okWithRemark(reply: RespValue): true {
  return text(reply).startsWith("OK") ? true : ok(reply);
}

function noReply(reply: RespValue): never {
  throw unexpected("no reply", reply);
}
