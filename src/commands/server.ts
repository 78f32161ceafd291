import { type FieldValues, type OneOrMany, pushAll, pushFields } from "../command/arguments.ts";
import { integer, ok, record, text } from "../command/decoders.ts";
import {
  type BackgroundSave,
  backgroundSave,
  cancelled,
  infoFields,
  type Role,
  role,
  type ServerTime,
  serverTime,
} from "../command/decoders_server.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** A section of INFO; `"all"` leaves out those of modules, `"everything"` does not. */
export type InfoSection =
  | "server"
  | "clients"
  | "memory"
  | "persistence"
  | "stats"
  | "replication"
  | "cpu"
  | "commandstats"
  | "latencystats"
  | "errorstats"
  | "sentinel"
  | "cluster"
  | "modules"
  | "keyspace"
  | "default"
  | "all"
  | "everything";

/** Options of {@link ServerCommands.flushdb} and {@link ServerCommands.flushall}. */
export interface FlushOptions {
  /**
   * Whether memory is freed behind the scenes (`"ASYNC"`) or before the reply (`"SYNC"`, since
   * 6.2.0). Unless given, the server's `lazyfree-lazy-user-flush` decides.
   */
  readonly mode?: "ASYNC" | "SYNC" | undefined;
}

/** Options of {@link ServerCommands.lolwut}. */
export interface LolwutOptions {
  /** The version of the server whose picture to draw (`VERSION`). */
  readonly version?: number | undefined;
  /** Numbers whose meaning depends on the picture, such as its size. */
  readonly parameters?: readonly number[] | undefined;
}

const configuration = record(text);

/** Commands on the server: its configuration, its data as a whole, how it keeps them. */
export abstract class ServerCommands<M extends Mode> extends Executor<M> {
  /**
   * Rewrite the append-only file in the background, so that it gets as short as it can be.
   *
   * @returns whether it has begun, or waits for another process to end
   * @throws {ServerError} if a rewrite is in progress already
   * @example
   * ```ts
   * const status = await redis.bgrewriteaof().catch(() => "in progress already");
   * ```
   * @see https://redis.io/commands/bgrewriteaof
   * @since 1.0.0
   */
  bgrewriteaof(): Reply<M, BackgroundSave> {
    return this.send(["BGREWRITEAOF"], backgroundSave);
  }

  /**
   * Save the data to disk in the background.
   *
   * @param options `schedule`: wait for a rewrite of the append-only file to end instead of failing
   *   (since 3.2.2)
   * @returns whether it has begun, or waits for another process to end
   * @throws {ServerError} if a save is in progress already
   * @example
   * ```ts
   * const status = await redis.bgsave({ schedule: true }).catch(() => "in progress already");
   * ```
   * @see https://redis.io/commands/bgsave
   * @since 1.0.0
   */
  bgsave(options?: { readonly schedule?: boolean | undefined }): Reply<M, BackgroundSave>;
  /**
   * Give up the save that is in progress or scheduled.
   *
   * @returns `true`
   * @throws {ServerError} if there is none
   * @example
   * ```ts
   * const status = await redis.bgsave("CANCEL").catch(() => "nothing to cancel");
   * ```
   * @see https://valkey.io/commands/bgsave
   * @since Valkey 8.1.0
   */
  bgsave(cancel: "CANCEL"): Reply<M, true>;
  bgsave(
    options?: { readonly schedule?: boolean | undefined } | "CANCEL",
  ): Reply<M, BackgroundSave | true> {
    type Status = BackgroundSave | true;
    if (options === "CANCEL") return this.send<Status>(["BGSAVE", "CANCEL"], cancelled);
    const argv: Argument[] = ["BGSAVE"];
    if (options?.schedule === true) argv.push("SCHEDULE");
    return this.send<Status>(argv, backgroundSave);
  }

  /**
   * Get settings of the server.
   *
   * @param parameters names or glob-style patterns; more than one since 7.0.0
   * @returns the settings as text, by name; none if no name fits
   * @throws {ArgumentError} if `parameters` is empty
   * @example
   * ```ts
   * const settings = await redis.configGet("maxmemory-policy");
   * // { "maxmemory-policy": "noeviction" }
   * ```
   * @see https://redis.io/commands/config-get
   * @since 2.0.0
   */
  configGet(parameters: OneOrMany<string>): Reply<M, Record<string, string>> {
    const argv: Argument[] = ["CONFIG", "GET"];
    pushAll(argv, parameters, "parameters");
    return this.send(argv, configuration);
  }

  /**
   * Set the server's counters to zero that INFO and LATENCY HISTOGRAM show.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.configResetstat(); // true
   * ```
   * @see https://redis.io/commands/config-resetstat
   * @since 2.0.0
   */
  configResetstat(): Reply<M, true> {
    return this.send(["CONFIG", "RESETSTAT"], ok);
  }

  /**
   * Write the settings that the server has now to its configuration file.
   *
   * @returns `true`: it is written
   * @throws {ServerError} if the server has no configuration file or cannot write it
   * @example
   * ```ts
   * const isWritten = await redis.configRewrite().catch(() => false);
   * ```
   * @see https://redis.io/commands/config-rewrite
   * @since 2.8.0
   */
  configRewrite(): Reply<M, true> {
    return this.send(["CONFIG", "REWRITE"], ok);
  }

  /**
   * Change settings of the server until it is restarted.
   *
   * @param settings an object, a `Map`, or pairs of name and value; more than one since 7.0.0
   * @returns `true`: all are set
   * @throws {ServerError} if a setting is unknown or wrong; none is set then
   * @throws {ArgumentError} if `settings` is empty
   * @example
   * ```ts
   * await redis.configSet({ "slowlog-max-len": 128 }); // true
   * ```
   * @see https://redis.io/commands/config-set
   * @since 2.0.0
   */
  configSet(settings: FieldValues): Reply<M, true> {
    const argv: Argument[] = ["CONFIG", "SET"];
    pushFields(argv, settings, "settings");
    return this.send(argv, ok);
  }

  /**
   * Count the keys of the database.
   *
   * @returns how many keys there are; those that have expired may still count
   * @example
   * ```ts
   * await redis.mset({ a: 1, b: 2 });
   * const keys = await redis.dbsize(); // 2
   * ```
   * @see https://redis.io/commands/dbsize
   * @since 1.0.0
   */
  dbsize(): Reply<M, number> {
    return this.send(["DBSIZE"], integer);
  }

  /**
   * Delete all keys of all databases.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.flushall({ mode: "ASYNC" }); // true
   * ```
   * @see https://redis.io/commands/flushall
   * @since 1.0.0
   */
  flushall(options?: FlushOptions): Reply<M, boolean> {
    const argv: Argument[] = ["FLUSHALL"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send<boolean>(argv, ok);
  }

  /**
   * Delete all keys of the database.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.flushdb(); // true
   * ```
   * @see https://redis.io/commands/flushdb
   * @since 1.0.0
   */
  flushdb(options?: FlushOptions): Reply<M, boolean> {
    const argv: Argument[] = ["FLUSHDB"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send<boolean>(argv, ok);
  }

  /**
   * Get what the server tells about itself.
   *
   * @param sections which sections, a default choice unless given; more than one since 7.0.0
   * @returns all fields of the sections as text, by name; the values of a name that comes several
   *   times (`module`) are lines of one text
   * @throws {ArgumentError} if `sections` is empty
   * @example
   * ```ts
   * const info = await redis.info("replication");
   * const role = info["role"]; // "master"
   * ```
   * @see https://redis.io/commands/info
   * @since 1.0.0
   */
  info(
    sections?: OneOrMany<InfoSection | (string & Record<never, never>)>,
  ): Reply<M, Record<string, string>> {
    const argv: Argument[] = ["INFO"];
    if (sections !== undefined) pushAll(argv, sections, "sections");
    return this.send(argv, infoFields);
  }

  /**
   * Tell when the data was last saved to disk.
   *
   * @returns Unix time in seconds; when the server started, if nothing was saved since
   * @example
   * ```ts
   * const saved = await redis.lastsave();
   * const isPast = saved <= Date.now() / 1000; // true
   * ```
   * @see https://redis.io/commands/lastsave
   * @since 1.0.0
   */
  lastsave(): Reply<M, number> {
    return this.send(["LASTSAVE"], integer);
  }

  /**
   * Let the server draw a picture with characters, and tell its version.
   *
   * @returns the picture
   * @example
   * ```ts
   * const picture = await redis.lolwut({ version: 5, parameters: [40, 4, 2] });
   * const isSigned = /ver\. \d/.test(picture); // true
   * ```
   * @see https://redis.io/commands/lolwut
   * @since 5.0.0
   */
  lolwut(options?: LolwutOptions): Reply<M, string> {
    const argv: Argument[] = ["LOLWUT"];
    if (options?.version !== undefined) argv.push("VERSION", options.version);
    if (options?.parameters !== undefined) argv.push(...options.parameters);
    return this.send(argv, text);
  }

  /**
   * Tell what part the server plays in replication.
   *
   * @returns `"master"` with its replicas, `"slave"` with its primary, or `"sentinel"` with what it
   *   watches; `role` tells them apart
   * @example
   * ```ts
   * const { role } = await redis.role();
   * const isPrimary = role === "master"; // true
   * ```
   * @see https://redis.io/commands/role
   * @since 2.8.12
   */
  role(): Reply<M, Role> {
    return this.send(["ROLE"], role);
  }

  /**
   * Save the data to disk; the server does nothing else until it is done. Not for transactions.
   *
   * @returns `true`: it is saved
   * @throws {ServerError} if a save in the background is in progress
   * @example
   * ```ts
   * const isSaved = await redis.save().catch(() => false);
   * ```
   * @see https://redis.io/commands/save
   * @since 1.0.0
   */
  save(): Reply<M, true> {
    return this.send(["SAVE"], ok);
  }

  /**
   * Exchange the contents of two databases.
   *
   * @param first the number of a database, from 0
   * @param second the number of the other one
   * @returns `true`, always
   * @throws {ServerError} if there is no such database
   * @example
   * ```ts
   * await redis.swapdb(1, 2); // true
   * ```
   * @see https://redis.io/commands/swapdb
   * @since 4.0.0
   */
  swapdb(first: number, second: number): Reply<M, true> {
    return this.send(["SWAPDB", first, second], ok);
  }

  /**
   * Get the time that the server's clock shows.
   *
   * @returns whole seconds since 1970, and microseconds
   * @example
   * ```ts
   * const { unixSeconds } = await redis.time();
   * const isThisCentury = unixSeconds > 946_684_800; // true
   * ```
   * @see https://redis.io/commands/time
   * @since 2.6.0
   */
  time(): Reply<M, ServerTime> {
    return this.send(["TIME"], serverTime);
  }
}
