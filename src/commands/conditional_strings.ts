import { type FieldsOf, type FieldValues, pushFields } from "../command/arguments.ts";
import { pushValueCondition, type ValueCondition } from "../command/arguments_strings.ts";
import type { Key, Value } from "../command/command.ts";
import { flag, textOrNull } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";
import { pushExpiry, type SetExpiry } from "./strings.ts";

/** Options of {@link ConditionalStringCommands.delex}. */
export interface DelexOptions {
  /** Delete only if the value is this, or is not this; see {@link ValueCondition}. */
  readonly when?: ValueCondition | undefined;
}

/** Options of {@link ConditionalStringCommands.msetex}. */
export type MsetexOptions = SetExpiry & {
  /** Set only if none of the keys exists (`NX`), or only if all of them do (`XX`). */
  readonly when?: "NX" | "XX" | undefined;
};

/**
 * Commands of newer servers on strings: they compare and then act, as one step, or set the expiry
 * of several keys.
 */
export abstract class ConditionalStringCommands<M extends Mode> extends Executor<M> {
  /**
   * Delete a key, if its value is what you expect.
   *
   * A missing key is not deleted, whatever the condition. On Valkey, use {@link
   * ConditionalStringCommands.delifeq}.
   *
   * @returns `true` if the key was deleted, `false` if it did not exist or the condition of `when`
   *   was not met
   * @throws {ServerError} if `when` is given and the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("lock", "me");
   * const isFree = await redis.delex("lock", { when: { equals: "me" } }); // true
   * ```
   * @see https://redis.io/commands/delex
   * @since Redis 8.4.0
   */
  delex(key: Key, options?: DelexOptions): Reply<M, boolean> {
    const argv: Argument[] = ["DELEX", key];
    if (options?.when !== undefined) pushValueCondition(argv, options.when);
    return this.send(argv, flag);
  }

  /**
   * Delete a key if its value is what you expect.
   *
   * On Redis, use {@link ConditionalStringCommands.delex}.
   *
   * @returns `true` if the key was deleted, `false` if it did not exist or has another value
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("lock", "me");
   * const isFree = await redis.delifeq("lock", "me"); // true
   * ```
   * @see https://valkey.io/commands/delifeq
   * @since Valkey 9.0.0
   */
  delifeq(key: Key, value: Value): Reply<M, boolean> {
    return this.send(["DELIFEQ", key, value], flag);
  }

  /**
   * Get a hash sum of a value, to compare it with later instead of the whole value.
   *
   * @returns 16 hexadecimal digits (XXH3 of the value), or `null` if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a string
   * @example
   * ```ts
   * await redis.set("page", "hello");
   * const digest = await redis.digest("page"); // "9555e8555c62dcfd"
   * ```
   * @see https://redis.io/commands/digest
   * @since Redis 8.4.0
   */
  digest(key: Key): Reply<M, string | null> {
    return this.send(["DIGEST", key], textOrNull);
  }

  /**
   * Set several keys at once and when they expire, as one atomic step.
   *
   * Their time to live ends unless `keepTtl` is set.
   *
   * @param values an object, a `Map`, or pairs of key and value
   * @returns `true`, or `false` if the condition of `when` was not met; nothing is set then
   * @throws {ArgumentError} if `values` is empty
   * @example
   * ```ts
   * const isSet = await redis.msetex({ a: 1, b: 2 }, { expireInSeconds: 60, when: "NX" }); // true
   * ```
   * @see https://redis.io/commands/msetex
   * @since Redis 8.4.0, Valkey 9.1.0
   */
  msetex<T extends object>(
    values: FieldValues | FieldsOf<T>,
    options: MsetexOptions = {},
  ): Reply<M, boolean> {
    const argv: Argument[] = ["MSETEX", 0];
    argv[1] = pushFields(argv, values, "keys with values");
    if (options.when !== undefined) argv.push(options.when);
    if (options.keepTtl === true) argv.push("KEEPTTL");
    else pushExpiry(argv, options);
    return this.send(argv, flag);
  }
}
