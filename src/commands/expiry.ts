import { unixMilliseconds, unixSeconds } from "../command/arguments.ts";
import type { Key } from "../command/command.ts";
import { flag, integer } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/**
 * A condition on the time to live that the key has: `"NX"` there is none, `"XX"` there is one,
 * `"GT"` the new one is later, `"LT"` the new one is earlier. To `"GT"` and `"LT"` a key without
 * one lives for ever; `["XX", "LT"]` leaves such a key alone.
 */
export type ExpireCondition = "NX" | "XX" | "GT" | "LT" | readonly ["XX", "GT" | "LT"];

/** Options of {@link ExpiryCommands.expire} and its like. */
export interface ExpireOptions {
  /** Set the time to live only under this condition. @since 7.0.0 */
  readonly when?: ExpireCondition | undefined;
}

/** Commands on the time to live of keys, whatever they hold. */
export abstract class ExpiryCommands<M extends Mode> extends Executor<M> {
  /**
   * Let a key expire after a number of seconds.
   *
   * @param seconds the time to live; 0 or less deletes the key now
   * @returns `true`, or `false` if the key does not exist or the condition of `when` was not met
   * @example
   * ```ts
   * await redis.set("session", "ann");
   * const isSet = await redis.expire("session", 600); // true
   * ```
   * @see https://redis.io/commands/expire
   * @since 1.0.0
   */
  expire(key: Key, seconds: number, options?: ExpireOptions): Reply<M, boolean> {
    return this.send(withCondition(["EXPIRE", key, seconds], options), flag);
  }

  /**
   * Let a key expire at a time, in whole seconds.
   *
   * @param time a `Date` (its milliseconds are cut off), or Unix time in seconds; a time that has
   *   passed deletes the key now
   * @returns `true`, or `false` if the key does not exist or the condition of `when` was not met
   * @example
   * ```ts
   * await redis.set("offer", "half price");
   * const isSet = await redis.expireat("offer", new Date("2099-12-31")); // true
   * ```
   * @see https://redis.io/commands/expireat
   * @since 1.2.0
   */
  expireat(key: Key, time: Date | number, options?: ExpireOptions): Reply<M, boolean> {
    return this.send(withCondition(["EXPIREAT", key, unixSeconds(time)], options), flag);
  }

  /**
   * Get the time at which a key expires, in seconds.
   *
   * @returns Unix time in seconds; -1 if the key does not expire, -2 if it does not exist
   * @example
   * ```ts
   * await redis.set("offer", "half price", { expireAt: 4_102_358_400 });
   * const time = await redis.expiretime("offer"); // 4102358400
   * ```
   * @see https://redis.io/commands/expiretime
   * @since 7.0.0
   */
  expiretime(key: Key): Reply<M, number> {
    return this.send(["EXPIRETIME", key], integer);
  }

  /**
   * Let a key expire after a number of milliseconds.
   *
   * @param milliseconds the time to live; 0 or less deletes the key now
   * @returns `true`, or `false` if the key does not exist or the condition of `when` was not met
   * @example
   * ```ts
   * await redis.set("session", "ann");
   * const isSet = await redis.pexpire("session", 600_000); // true
   * ```
   * @see https://redis.io/commands/pexpire
   * @since 2.6.0
   */
  pexpire(key: Key, milliseconds: number, options?: ExpireOptions): Reply<M, boolean> {
    return this.send(withCondition(["PEXPIRE", key, milliseconds], options), flag);
  }

  /**
   * Let a key expire at a time, to the millisecond.
   *
   * @param time a `Date`, or Unix time in milliseconds; a time that has passed deletes the key now
   * @returns `true`, or `false` if the key does not exist or the condition of `when` was not met
   * @example
   * ```ts
   * await redis.set("offer", "half price");
   * const isSet = await redis.pexpireat("offer", new Date("2099-12-31")); // true
   * ```
   * @see https://redis.io/commands/pexpireat
   * @since 2.6.0
   */
  pexpireat(key: Key, time: Date | number, options?: ExpireOptions): Reply<M, boolean> {
    return this.send(withCondition(["PEXPIREAT", key, unixMilliseconds(time)], options), flag);
  }

  /**
   * Get the time at which a key expires, in milliseconds.
   *
   * @returns Unix time in milliseconds; -1 if the key does not expire, -2 if it does not exist
   * @example
   * ```ts
   * await redis.set("offer", "half price", { expireAt: new Date("2099-12-31") });
   * const time = await redis.pexpiretime("offer"); // 4102358400000
   * ```
   * @see https://redis.io/commands/pexpiretime
   * @since 7.0.0
   */
  pexpiretime(key: Key): Reply<M, number> {
    return this.send(["PEXPIRETIME", key], integer);
  }

  /**
   * Remove the time to live of a key, so that it stays for good.
   *
   * @returns `true`, or `false` if the key does not exist or does not expire
   * @example
   * ```ts
   * await redis.set("session", "ann", { expireInSeconds: 600 });
   * const wasExpiring = await redis.persist("session"); // true
   * ```
   * @see https://redis.io/commands/persist
   * @since 2.2.0
   */
  persist(key: Key): Reply<M, boolean> {
    return this.send(["PERSIST", key], flag);
  }

  /**
   * Get how long a key still lives, in milliseconds.
   *
   * @returns milliseconds; -1 if the key does not expire, -2 if it does not exist
   * @example
   * ```ts
   * await redis.set("session", "ann");
   * const left = await redis.pttl("session"); // -1
   * ```
   * @see https://redis.io/commands/pttl
   * @since 2.6.0
   */
  pttl(key: Key): Reply<M, number> {
    return this.send(["PTTL", key], integer);
  }

  /**
   * Get how long a key still lives, in seconds.
   *
   * @returns seconds, rounded; -1 if the key does not expire, -2 if it does not exist
   * @example
   * ```ts
   * await redis.set("session", "ann", { expireInSeconds: 600 });
   * const left = await redis.ttl("session"); // 600
   * ```
   * @see https://redis.io/commands/ttl
   * @since 1.0.0
   */
  ttl(key: Key): Reply<M, number> {
    return this.send(["TTL", key], integer);
  }
}

function withCondition(argv: Argument[], options: ExpireOptions | undefined): Argument[] {
  const when = options?.when;
  if (typeof when === "string") argv.push(when);
  else if (when !== undefined) argv.push(...when);
  return argv;
}
