import { type Many, type OneOrMany, pushCounted } from "../command/arguments.ts";
import type { Bulk } from "../command/command.ts";
import { ok, okOrNil } from "../command/decoders.ts";
import { type HotKeys, hotKeysOrNull } from "../command/decoders_hotkeys.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of {@link HotkeysCommands.hotkeysStart}. */
export interface HotkeysOptions {
  /** How many keys to find for each metric (`COUNT`), 10 unless given. */
  readonly count?: number | undefined;
  /** End by itself after so many seconds, at least 1 (`DURATION`); never unless given. */
  readonly durationInSeconds?: number | undefined;
  /** Count one command of so many, by chance (`SAMPLE`), all unless given. */
  readonly sampleRatio?: number | undefined;
  /** Only keys of these slots (`SLOTS`); only in a cluster. */
  readonly slots?: Many<number> | undefined;
}

/** Commands that find the keys that a Redis server is most busy with. */
export abstract class HotkeysCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the keys that the server was busy with since counting began.
   *
   * @returns the keys and some sums, or `null` if nothing was counted
   * @example
   * ```ts
   * const hot = await redis.hotkeysGet().catch(() => "only on Redis 8.6");
   * ```
   * @see https://redis.io/commands/hotkeys-get
   * @since Redis 8.6.0
   */
  hotkeysGet(): Reply<M, HotKeys<B> | null> {
    return this.send(["HOTKEYS", "GET"], hotKeysOrNull<B>);
  }

  /**
   * Forget what was counted.
   *
   * @returns `true`, even if nothing was
   * @throws {ServerError} if the server still counts
   * @example
   * ```ts
   * const isForgotten = await redis.hotkeysReset().catch(() => "only on Redis 8.6");
   * ```
   * @see https://redis.io/commands/hotkeys-reset
   * @since Redis 8.6.0
   */
  hotkeysReset(): Reply<M, true> {
    return this.send(["HOTKEYS", "RESET"], ok);
  }

  /**
   * Begin to count by key what commands take of processor and network.
   *
   * @param metrics what to count
   * @returns `true`: it has begun; what was counted before is forgotten
   * @throws {ServerError} if the server counts already
   * @throws {ArgumentError} if `metrics` or `slots` is empty
   * @example
   * ```ts
   * const begun = await redis
   *   .hotkeysStart(["CPU", "NET"], { count: 5, durationInSeconds: 1 })
   *   .catch(() => "only on Redis 8.6");
   * ```
   * @see https://redis.io/commands/hotkeys-start
   * @since Redis 8.6.0
   */
  hotkeysStart(metrics: OneOrMany<"CPU" | "NET">, options?: HotkeysOptions): Reply<M, true> {
    const argv: Argument[] = ["HOTKEYS", "START", "METRICS"];
    pushCounted(argv, metrics, "metrics");
    if (options?.count !== undefined) argv.push("COUNT", options.count);
    if (options?.durationInSeconds !== undefined) argv.push("DURATION", options.durationInSeconds);
    if (options?.sampleRatio !== undefined) argv.push("SAMPLE", options.sampleRatio);
    if (options?.slots !== undefined) {
      argv.push("SLOTS");
      pushCounted(argv, options.slots, "slots");
    }
    return this.send(argv, ok);
  }

  /**
   * End counting; what was counted stays.
   *
   * @returns whether the server was counting
   * @example
   * ```ts
   * const wasActive = await redis.hotkeysStop().catch(() => "only on Redis 8.6");
   * ```
   * @see https://redis.io/commands/hotkeys-stop
   * @since Redis 8.6.0
   */
  hotkeysStop(): Reply<M, boolean> {
    return this.send(["HOTKEYS", "STOP"], okOrNil);
  }
}
