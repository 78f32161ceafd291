import { type AtMostOne, type OneOrMany, pushAll, unixMilliseconds } from "../command/arguments.ts";
import { Command, type Key } from "../command/command.ts";
import { bulkOrNull, ok, text, unexpected } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { PLAIN } from "../command/traits.ts";
import { type Argument, BYTES, type RespValue } from "../protocol/resp.ts";

/** Options of {@link TransferCommands.restore}. */
export type RestoreOptions = AtMostOne<{
  /** Let it expire after this many milliseconds; 0, as without it: never. */
  readonly expireInMilliseconds: number;
  /** Let it expire at this time: a `Date`, or Unix time in milliseconds (`ABSTTL`). @since 5.0.0 */
  readonly expireAtMilliseconds: Date | number;
}> &
  AtMostOne<{
    /** For how many seconds the key counts as unused, to LRU eviction (`IDLETIME`). @since 5.0.0 */
    readonly idleSeconds: number;
    /** How often the key counts as used, to LFU eviction, 0 to 255 (`FREQ`). @since 5.0.0 */
    readonly frequency: number;
  }> & {
    /** Overwrite a key that exists (`REPLACE`). @since 3.0.0 */
    readonly replace?: boolean | undefined;
  };

/** The password for the other server of a {@link TransferCommands.migrate}, perhaps the user. */
export type MigrateCredentials =
  | {
      /** The password of the default user (`AUTH`). @since 4.0.7 */
      readonly password?: string | undefined;
      readonly username?: undefined;
    }
  | {
      /** The password of `username`. */
      readonly password: string;
      /** The ACL user (`AUTH2`). @since 6.0.0 */
      readonly username: string;
    };

/** The server that a {@link TransferCommands.migrate} sends keys to, as the sending one sees it. */
export type MigrateTarget = MigrateCredentials & {
  /** A name or an IP address. */
  readonly host: string;
  /** The TCP port. */
  readonly port: number;
  /** Number of the database there, 0 unless given. */
  readonly db?: number | undefined;
};

/** Options of {@link TransferCommands.migrate}. */
export interface MigrateOptions {
  /** Milliseconds that the other server may be silent, 1000 unless given. */
  readonly timeout?: number | undefined;
  /** Keep the keys here, too (`COPY`). @since 3.0.0 */
  readonly copy?: boolean | undefined;
  /** Overwrite keys that exist there (`REPLACE`). @since 3.0.0 */
  readonly replace?: boolean | undefined;
}

/** Commands that take what keys hold out of a server, or put it into one. */
export abstract class TransferCommands<M extends Mode> extends Executor<M> {
  /**
   * Get what a key holds in the server's own format, without its time to live.
   *
   * @returns bytes for {@link TransferCommands.restore}, a `Buffer` on every surface; `null` if the
   *   key does not exist
   * @example
   * ```ts
   * await redis.set("greeting", "hello");
   * const payload = await redis.dump("greeting"); // Buffer | null
   * ```
   * @see https://redis.io/commands/dump
   * @since 2.6.0
   */
  dump(key: Key): Reply<M, Buffer | null> {
    return this.run(new Command(["DUMP", key], bulkOrNull<Buffer>, BYTES, PLAIN));
  }

  /**
   * Create a key from what {@link TransferCommands.dump} gave.
   *
   * @returns `true`, always
   * @throws {BusyKeyError} if the key exists and `replace` is not set
   * @throws {ServerError} if `payload` is damaged, or of a server with a newer format
   * @example
   * ```ts
   * await redis.set("greeting", "hello");
   * const payload = await redis.dump("greeting");
   * if (payload !== null) await redis.restore("twin", payload); // true
   * ```
   * @see https://redis.io/commands/restore
   * @since 2.6.0
   */
  restore(key: Key, payload: Uint8Array, options: RestoreOptions = {}): Reply<M, true> {
    const argv: Argument[] = ["RESTORE", key, timeToLive(options), payload];
    if (options.replace === true) argv.push("REPLACE");
    if (options.expireAtMilliseconds !== undefined) argv.push("ABSTTL");
    if (options.idleSeconds !== undefined) argv.push("IDLETIME", options.idleSeconds);
    if (options.frequency !== undefined) argv.push("FREQ", options.frequency);
    return this.send(argv, ok);
  }

  /**
   * Move keys to another server, to which this one connects by itself; it does nothing else then.
   *
   * @param keys keys that do not exist are left out
   * @returns `true`, or `false` if none of the keys exists
   * @throws {ServerError} if the other server refuses a key; with code `"IOERR"` if it cannot be
   *   reached or is silent for too long: keys may be on both servers then
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * const target = { host: "127.0.0.1", port: 6380 };
   * const wereMoved = await redis.migrate(target, ["user:1", "user:2"]); // false: no such keys
   * ```
   * @see https://redis.io/commands/migrate
   * @since 2.6.0
   */
  migrate(
    target: MigrateTarget,
    keys: OneOrMany<Key>,
    options?: MigrateOptions,
  ): Reply<M, boolean> {
    const only = typeof keys === "string" || keys instanceof Uint8Array ? keys : undefined;
    const { host, port, db = 0 } = target;
    const argv: Argument[] = ["MIGRATE", host, port, only ?? "", db, options?.timeout ?? 1_000];
    if (options?.copy === true) argv.push("COPY");
    if (options?.replace === true) argv.push("REPLACE");
    if (target.username !== undefined) argv.push("AUTH2", target.username, target.password);
    else if (target.password !== undefined) argv.push("AUTH", target.password);
    if (only === undefined) {
      argv.push("KEYS");
      pushAll(argv, keys, "keys");
    }
    return this.send(argv, okOrNoKey);
  }
}

function timeToLive(options: RestoreOptions): Argument {
  if (options.expireAtMilliseconds !== undefined) {
    return unixMilliseconds(options.expireAtMilliseconds);
  }
  return options.expireInMilliseconds ?? 0;
}

/** `NOKEY` says that there was nothing to send. */
function okOrNoKey(reply: RespValue): boolean {
  const answer = text(reply);
  if (answer === "OK") return true;
  if (answer === "NOKEY") return false;
  throw unexpected("OK or NOKEY", reply);
}
