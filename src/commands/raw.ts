import type { Bulk, Value } from "../command/command.ts";
import { Command } from "../command/command.ts";
import { raw } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { RAW } from "../protocol/resp.ts";

/** The way to commands that have no method. */
export abstract class RawCommands<M extends Mode, _B extends Bulk> extends Executor<M> {
  /**
   * Call any command by name.
   *
   * @param name the command; of a container such as `CONFIG GET` the first word
   * @param args the other words, keys and values
   * @returns the RESP3 value as it is: maps are `Map`, sets are `Set`, integers beyond 2^53-1 are
   *   `bigint`, errors inside of arrays are `ErrorReply`
   * @throws {ArgumentError} if the command would change the state of a shared connection
   * @example
   * ```ts
   * const reply = await redis.call("OBJECT", "HELP"); // unknown
   * ```
   * @see https://redis.io/commands
   * @since 1.0.0
   */
  call(name: string, ...args: readonly Value[]): Reply<M, unknown> {
    return this.run(new Command<unknown>([name, ...args], raw, this.form | RAW));
  }
}
