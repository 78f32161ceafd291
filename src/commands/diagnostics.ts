import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import { integer, integerOrNull, ok, text } from "../command/decoders.ts";
import {
  type LatencyEvent,
  type LatencyHistogram,
  type LatencySample,
  latencyEvents,
  latencyHistograms,
  latencySamples,
  type MemoryStats,
  memoryStats,
  type SlowlogEntry,
  slowlogEntries,
} from "../command/decoders_diagnostics.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Commands that show where a server's time and memory go: LATENCY, MEMORY, SLOWLOG. */
export abstract class DiagnosticsCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the server's advice on its spikes of latency, written for people.
   *
   * @returns the text
   * @example
   * ```ts
   * const advice = await redis.latencyDoctor();
   * const isText = advice.length > 0; // true
   * ```
   * @see https://redis.io/commands/latency-doctor
   * @since 2.8.13
   */
  latencyDoctor(): Reply<M, string> {
    return this.send(["LATENCY", "DOCTOR"], text);
  }

  /**
   * Draw the spikes of latency of an event with characters, for people.
   *
   * @returns the drawing
   * @throws {ServerError} if the event has no spikes
   * @example
   * ```ts
   * const drawing = await redis.latencyGraph("fork").catch(() => null); // null
   * ```
   * @see https://redis.io/commands/latency-graph
   * @since 2.8.13
   */
  latencyGraph(event: string): Reply<M, string> {
    return this.send(["LATENCY", "GRAPH", event], text);
  }

  /**
   * Get how long the calls of commands took.
   *
   * @param commands which commands, all that were called unless given
   * @returns calls and histogram by command; a command that was not called is left out
   * @throws {ArgumentError} if `commands` is empty
   * @example
   * ```ts
   * await redis.configResetstat();
   * await redis.set("key", "value");
   * const { set } = await redis.latencyHistogram("set");
   * const calls = set?.calls; // 1
   * ```
   * @see https://redis.io/commands/latency-histogram
   * @since 7.0.0
   */
  latencyHistogram(commands?: OneOrMany<string>): Reply<M, Record<string, LatencyHistogram>> {
    const argv: Argument[] = ["LATENCY", "HISTOGRAM"];
    if (commands !== undefined) pushAll(argv, commands, "commands");
    return this.send(argv, latencyHistograms);
  }

  /**
   * Get the latest spikes of latency of an event.
   *
   * @param event `"command"`, `"fork"`, `"expire-cycle"` …
   * @returns at most 160 spikes, the oldest first; none if the event is unknown
   * @example
   * ```ts
   * const spikes = await redis.latencyHistory("fork");
   * const worst = Math.max(0, ...spikes.map((spike) => spike.latencyInMilliseconds)); // 0
   * ```
   * @see https://redis.io/commands/latency-history
   * @since 2.8.13
   */
  latencyHistory(event: string): Reply<M, LatencySample[]> {
    return this.send(["LATENCY", "HISTORY", event], latencySamples);
  }

  /**
   * Get the latest and the worst spike of latency of each event.
   *
   * @returns the events that had spikes
   * @example
   * ```ts
   * const events = await redis.latencyLatest();
   * const isCalm = events.every((event) => event.maxInMilliseconds < 60_000); // true
   * ```
   * @see https://redis.io/commands/latency-latest
   * @since 2.8.13
   */
  latencyLatest(): Reply<M, LatencyEvent[]> {
    return this.send(["LATENCY", "LATEST"], latencyEvents);
  }

  /**
   * Forget the spikes of latency of some events, or of all.
   *
   * @param events which events, all unless given
   * @returns how many events were reset
   * @throws {ArgumentError} if `events` is empty
   * @example
   * ```ts
   * const reset = await redis.latencyReset(["fork", "no-such-event"]); // 0
   * ```
   * @see https://redis.io/commands/latency-reset
   * @since 2.8.13
   */
  latencyReset(events?: OneOrMany<string>): Reply<M, number> {
    const argv: Argument[] = ["LATENCY", "RESET"];
    if (events !== undefined) pushAll(argv, events, "events");
    return this.send(argv, integer);
  }

  /**
   * Get the server's advice on its use of memory, written for people.
   *
   * @returns the text
   * @example
   * ```ts
   * const advice = await redis.memoryDoctor();
   * const isText = advice.length > 0; // true
   * ```
   * @see https://redis.io/commands/memory-doctor
   * @since 4.0.0
   */
  memoryDoctor(): Reply<M, string> {
    return this.send(["MEMORY", "DOCTOR"], text);
  }

  /**
   * Get the statistics of the server's memory allocator.
   *
   * @returns a long text whose form depends on the allocator
   * @example
   * ```ts
   * const statistics = await redis.memoryMallocStats();
   * const isText = statistics.length > 0; // true
   * ```
   * @see https://redis.io/commands/memory-malloc-stats
   * @since 4.0.0
   */
  memoryMallocStats(): Reply<M, string> {
    return this.send(["MEMORY", "MALLOC-STATS"], text);
  }

  /**
   * Ask the memory allocator to give free memory back to the system.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.memoryPurge(); // true
   * ```
   * @see https://redis.io/commands/memory-purge
   * @since 4.0.0
   */
  memoryPurge(): Reply<M, true> {
    return this.send(["MEMORY", "PURGE"], ok);
  }

  /**
   * Get where the memory of the server goes.
   *
   * @returns bytes, counts and ratios; see {@link MemoryStats}
   * @example
   * ```ts
   * await redis.set("key", "value");
   * const { keysCount } = await redis.memoryStats();
   * const keys = keysCount; // 1
   * ```
   * @see https://redis.io/commands/memory-stats
   * @since 4.0.0
   */
  memoryStats(): Reply<M, MemoryStats> {
    return this.send(["MEMORY", "STATS"], memoryStats);
  }

  /**
   * Get how many bytes a key and its value take in the server's memory.
   *
   * @param options `samples`: how many elements of a collection to look at, 5 unless given; 0 looks
   *   at all of them
   * @returns the number of bytes, or `null` if the key does not exist
   * @example
   * ```ts
   * const bytes = await redis.memoryUsage("missing"); // null
   * ```
   * @see https://redis.io/commands/memory-usage
   * @since 4.0.0
   */
  memoryUsage(
    key: Key,
    options?: { readonly samples?: number | undefined },
  ): Reply<M, number | null> {
    const argv: Argument[] = ["MEMORY", "USAGE", key];
    if (options?.samples !== undefined) argv.push("SAMPLES", options.samples);
    return this.send(argv, integerOrNull);
  }

  /**
   * Get the commands that took longest of late.
   *
   * @param count how many at most, 10 unless given; -1 for all (since 7.0.0)
   * @returns the entries, the latest first
   * @example
   * ```ts
   * await redis.slowlogReset();
   * const slow = await redis.slowlogGet(25);
   * const count = slow.length; // 0
   * ```
   * @see https://redis.io/commands/slowlog-get
   * @since 2.2.12
   */
  slowlogGet(count?: number): Reply<M, SlowlogEntry<B>[]> {
    const argv: Argument[] = ["SLOWLOG", "GET"];
    if (count !== undefined) argv.push(count);
    return this.send(argv, slowlogEntries<B>);
  }

  /**
   * Count the entries of the log of slow commands.
   *
   * @returns how many entries it holds
   * @example
   * ```ts
   * await redis.slowlogReset();
   * const count = await redis.slowlogLen(); // 0
   * ```
   * @see https://redis.io/commands/slowlog-len
   * @since 2.2.12
   */
  slowlogLen(): Reply<M, number> {
    return this.send(["SLOWLOG", "LEN"], integer);
  }

  /**
   * Empty the log of slow commands.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.slowlogReset(); // true
   * ```
   * @see https://redis.io/commands/slowlog-reset
   * @since 2.2.12
   */
  slowlogReset(): Reply<M, true> {
    return this.send(["SLOWLOG", "RESET"], ok);
  }
}
