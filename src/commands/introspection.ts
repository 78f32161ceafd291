import { type AtMostOne, type Many, type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Bulk, Value } from "../command/command.ts";
import { bulks, integer, texts } from "../command/decoders.ts";
import {
  type CommandDocs,
  type CommandInfo,
  commandDocs,
  commandInfos,
  commandInfosOrNulls,
  type FlaggedKey,
  flaggedKeys,
} from "../command/decoders_command.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Which commands {@link IntrospectionCommands.commandList} lists; all unless given. */
export type CommandListFilter = AtMostOne<{
  /** Those of a module. */
  readonly module: string;
  /** Those of an ACL category, such as `"string"`. */
  readonly aclCategory: string;
  /** Those whose names match a glob-style pattern, such as `"z*"`. */
  readonly pattern: string;
}>;

/** Commands that tell what commands the server has. */
export abstract class IntrospectionCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Describe all commands of the server for clients: arguments, flags, keys.
   *
   * @returns the commands in no particular order
   * @example
   * ```ts
   * const commands = await redis.command();
   * const get = commands.find(({ name }) => name === "get")?.arity; // 2
   * ```
   * @see https://redis.io/commands/command
   * @since 2.8.13
   */
  command(): Reply<M, CommandInfo[]> {
    return this.send(["COMMAND"], commandInfos);
  }

  /**
   * Count the commands of the server.
   *
   * @returns how many there are, containers counted once
   * @example
   * ```ts
   * const count = await redis.commandCount();
   * const isRich = count > 100; // true
   * ```
   * @see https://redis.io/commands/command-count
   * @since 2.8.13
   */
  commandCount(): Reply<M, number> {
    return this.send(["COMMAND", "COUNT"], integer);
  }

  /**
   * Get the server's documentation of commands.
   *
   * @param names which commands, all unless given; a subcommand is `"config|get"`
   * @returns the documentation by name; a command that does not exist is left out
   * @throws {ArgumentError} if `names` is empty
   * @example
   * ```ts
   * const { get } = await redis.commandDocs("get");
   * const group = get?.group; // "string"
   * ```
   * @see https://redis.io/commands/command-docs
   * @since 7.0.0
   */
  commandDocs(names?: OneOrMany<string>): Reply<M, Record<string, CommandDocs>> {
    const argv: Argument[] = ["COMMAND", "DOCS"];
    if (names !== undefined) pushAll(argv, names, "names");
    return this.send(argv, commandDocs);
  }

  /**
   * Find the keys among the words of a command, which is not run.
   *
   * @param command the name and the arguments
   * @returns the keys in order
   * @throws {ServerError} if the command is wrong or has no keys
   * @throws {ArgumentError} if `command` is empty
   * @example
   * ```ts
   * const keys = await redis.commandGetkeys(["MSET", "a", 1, "b", 2]); // ["a", "b"]
   * ```
   * @see https://redis.io/commands/command-getkeys
   * @since 2.8.13
   */
  commandGetkeys(command: Many<Value>): Reply<M, B[]> {
    const argv: Argument[] = ["COMMAND", "GETKEYS"];
    pushAll(argv, command, "words of a command");
    return this.send(argv, bulks<B>);
  }

  /**
   * Find the keys among the words of a command, and what it would do to them.
   *
   * @param command the name and the arguments
   * @returns the keys in order, each with its flags
   * @throws {ServerError} if the command is wrong or has no keys
   * @throws {ArgumentError} if `command` is empty
   * @example
   * ```ts
   * const [first] = await redis.commandGetkeysandflags(["LMOVE", "a", "b", "LEFT", "LEFT"]);
   * const isTaken = first?.flags.has("delete"); // true
   * ```
   * @see https://redis.io/commands/command-getkeysandflags
   * @since 7.0.0
   */
  commandGetkeysandflags(command: Many<Value>): Reply<M, FlaggedKey<B>[]> {
    const argv: Argument[] = ["COMMAND", "GETKEYSANDFLAGS"];
    pushAll(argv, command, "words of a command");
    return this.send(argv, flaggedKeys<B>);
  }

  /**
   * Describe some commands of the server for clients: arguments, flags, keys.
   *
   * @param names which commands; a subcommand is `"config|get"`
   * @returns the commands in the order of the names; `null` for one that does not exist
   * @throws {ArgumentError} if `names` is empty
   * @example
   * ```ts
   * const [get, nothing] = await redis.commandInfo(["get", "gett"]);
   * const both = [get?.arity, nothing]; // [2, null]
   * ```
   * @see https://redis.io/commands/command-info
   * @since 2.8.13
   */
  commandInfo(names: OneOrMany<string>): Reply<M, (CommandInfo | null)[]> {
    const argv: Argument[] = ["COMMAND", "INFO"];
    pushAll(argv, names, "names");
    return this.send(argv, commandInfosOrNulls);
  }

  /**
   * List the names of the server's commands, subcommands included.
   *
   * @param filter which commands, all unless given
   * @returns the names in lower case, in no particular order
   * @example
   * ```ts
   * const names = await redis.commandList({ pattern: "zadd*" }); // ["zadd"]
   * ```
   * @see https://redis.io/commands/command-list
   * @since 7.0.0
   */
  commandList(filter?: CommandListFilter): Reply<M, string[]> {
    const argv: Argument[] = ["COMMAND", "LIST"];
    if (filter?.module !== undefined) argv.push("FILTERBY", "MODULE", filter.module);
    if (filter?.aclCategory !== undefined) argv.push("FILTERBY", "ACLCAT", filter.aclCategory);
    if (filter?.pattern !== undefined) argv.push("FILTERBY", "PATTERN", filter.pattern);
    return this.send(argv, texts);
  }
}
