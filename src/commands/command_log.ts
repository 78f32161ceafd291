import type { Bulk } from "../command/command.ts";
import { array, bulks, integer, ok, text } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { RespValue } from "../protocol/resp.ts";

/**
 * The three logs of commands: those that took long, those whose words were large, and those whose
 * replies were large.
 */
export type CommandLog = "SLOW" | "LARGE-REQUEST" | "LARGE-REPLY";

/** A command that took long, or was large. */
export interface CommandLogEntry<B extends Bulk> {
  /** The number of the entry; never used twice by one run of the server. */
  readonly id: number;
  /** When the command was run. */
  readonly unixSeconds: number;
  /** How long it took in microseconds (`"SLOW"`), or how large it was in bytes. */
  readonly amount: number;
  /**
   * The words of the command; long ones and many are cut by the server, which says so in their
   * place.
   */
  readonly arguments: B[];
  /** Address and port of the client. */
  readonly clientAddress: string;
  /** The name of the connection, or `""`. */
  readonly clientName: string;
}

/** Commands on Valkey's logs of slow and large commands. */
export abstract class CommandLogCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Get the entries of a log.
   *
   * @param count how many at most, 10 unless given; -1 for all
   * @returns the entries, the latest first
   * @example
   * ```ts
   * const large = await redis.commandlogGet("LARGE-REPLY", 5).catch(() => "only on Valkey");
   * ```
   * @see https://valkey.io/commands/commandlog-get
   * @since Valkey 8.1.0
   */
  commandlogGet(log: CommandLog, count = 10): Reply<M, CommandLogEntry<B>[]> {
    return this.send(["COMMANDLOG", "GET", count, log], commandLogEntries<B>);
  }

  /**
   * Count the entries of a log.
   *
   * @returns how many entries it holds
   * @example
   * ```ts
   * const count = await redis.commandlogLen("SLOW").catch(() => "only on Valkey");
   * ```
   * @see https://valkey.io/commands/commandlog-len
   * @since Valkey 8.1.0
   */
  commandlogLen(log: CommandLog): Reply<M, number> {
    return this.send(["COMMANDLOG", "LEN", log], integer);
  }

  /**
   * Empty a log.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * const isEmpty = await redis.commandlogReset("SLOW").catch(() => "only on Valkey");
   * ```
   * @see https://valkey.io/commands/commandlog-reset
   * @since Valkey 8.1.0
   */
  commandlogReset(log: CommandLog): Reply<M, true> {
    return this.send(["COMMANDLOG", "RESET", log], ok);
  }
}

function commandLogEntries<B extends Bulk>(reply: RespValue): CommandLogEntry<B>[] {
  return array(reply).map((item) => {
    const [id = null, time = null, amount = null, words = null, address = "", name = ""] =
      array(item);
    return {
      id: integer(id),
      unixSeconds: integer(time),
      amount: integer(amount),
      arguments: bulks<B>(words),
      clientAddress: text(address),
      clientName: text(name),
    };
  });
}
