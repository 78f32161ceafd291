import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Value } from "../command/command.ts";
import { integer, ok, text, texts } from "../command/decoders.ts";
import {
  type AclLogEntry,
  type AclUser,
  type AclVerdict,
  aclLogEntries,
  aclUserOrNull,
  aclVerdict,
} from "../command/decoders_acl.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Commands on users and what they may do. */
export abstract class AclCommands<M extends Mode> extends Executor<M> {
  /**
   * List the categories of commands, or the commands of one category.
   *
   * @param category without `@`, such as `"dangerous"`
   * @returns names in lower case, those of subcommands as `"config|get"`
   * @throws {ServerError} if there is no such category
   * @example
   * ```ts
   * const categories = await redis.aclCat();
   * const isThere = categories.includes("dangerous"); // true
   * ```
   * @see https://redis.io/commands/acl-cat
   * @since 6.0.0
   */
  aclCat(category?: string): Reply<M, string[]> {
    const argv: Argument[] = ["ACL", "CAT"];
    if (category !== undefined) argv.push(category);
    return this.send(argv, texts);
  }

  /**
   * Delete users and close their connections.
   *
   * @returns how many users were deleted; those that do not exist do not count
   * @throws {ServerError} if `"default"` is among them; none is deleted then
   * @throws {ArgumentError} if `usernames` is empty
   * @example
   * ```ts
   * const deleted = await redis.aclDeluser("nobody"); // 0
   * ```
   * @see https://redis.io/commands/acl-deluser
   * @since 6.0.0
   */
  aclDeluser(usernames: OneOrMany<string>): Reply<M, number> {
    const argv: Argument[] = ["ACL", "DELUSER"];
    pushAll(argv, usernames, "usernames");
    return this.send(argv, integer);
  }

  /**
   * Tell whether a user may run a command, without running it.
   *
   * @param command its name and its arguments
   * @returns `isAllowed`, and the `reason` if not
   * @throws {ServerError} if there is no such user or command
   * @throws {ArgumentError} if `command` is empty
   * @example
   * ```ts
   * const { isAllowed } = await redis.aclDryrun("default", ["SET", "key", "value"]);
   * const answer = isAllowed; // true
   * ```
   * @see https://redis.io/commands/acl-dryrun
   * @since 7.0.0
   */
  aclDryrun(username: string, command: OneOrMany<Value>): Reply<M, AclVerdict> {
    const argv: Argument[] = ["ACL", "DRYRUN", username];
    pushAll(argv, command, "command words");
    return this.send(argv, aclVerdict);
  }

  /**
   * Make a password that nobody can guess; it is not stored.
   *
   * @param bits how strong, 256 unless given; rounded up to a multiple of 4
   * @returns hexadecimal digits, one for every 4 bits
   * @throws {ServerError} if `bits` is not between 1 and 4096
   * @example
   * ```ts
   * const password = await redis.aclGenpass(128);
   * const length = password.length; // 32
   * ```
   * @see https://redis.io/commands/acl-genpass
   * @since 6.0.0
   */
  aclGenpass(bits?: number): Reply<M, string> {
    const argv: Argument[] = ["ACL", "GENPASS"];
    if (bits !== undefined) argv.push(bits);
    return this.send(argv, text);
  }

  /**
   * Describe a user.
   *
   * @returns the rules of the user, or `null` if there is no such user
   * @example
   * ```ts
   * const user = await redis.aclGetuser("default");
   * const commands = user?.commands; // "+@all"
   * ```
   * @see https://redis.io/commands/acl-getuser
   * @since 6.0.0
   */
  aclGetuser(username: string): Reply<M, AclUser | null> {
    return this.send(["ACL", "GETUSER", username], aclUserOrNull);
  }

  /**
   * List all users with their rules, as an ACL file has them.
   *
   * @returns one line for each user
   * @example
   * ```ts
   * const lines = await redis.aclList();
   * const isThere = lines.some((line) => line.startsWith("user default on ")); // true
   * ```
   * @see https://redis.io/commands/acl-list
   * @since 6.0.0
   */
  aclList(): Reply<M, string[]> {
    return this.send(["ACL", "LIST"], texts);
  }

  /**
   * Read the users from the ACL file again, all of them or, if it has a mistake, none.
   *
   * @returns `true`: the users are those of the file
   * @throws {ServerError} if the server has no ACL file, or the file has a mistake
   * @example
   * ```ts
   * const loaded = await redis.aclLoad().catch(() => "no ACL file");
   * ```
   * @see https://redis.io/commands/acl-load
   * @since 6.0.0
   */
  aclLoad(): Reply<M, true> {
    return this.send(["ACL", "LOAD"], ok);
  }

  /**
   * Get what users were refused of late.
   *
   * @param count how many entries at most, 10 unless given
   * @returns the entries, the latest first
   * @example
   * ```ts
   * await redis.aclLogReset();
   * const entries = await redis.aclLog(); // []
   * ```
   * @see https://redis.io/commands/acl-log
   * @since 6.0.0
   */
  aclLog(count?: number): Reply<M, AclLogEntry[]> {
    const argv: Argument[] = ["ACL", "LOG"];
    if (count !== undefined) argv.push(count);
    return this.send(argv, aclLogEntries);
  }

  /**
   * Empty the log of what users were refused (`ACL LOG RESET`).
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.aclLogReset(); // true
   * ```
   * @see https://redis.io/commands/acl-log
   * @since 6.0.0
   */
  aclLogReset(): Reply<M, true> {
    return this.send(["ACL", "LOG", "RESET"], ok);
  }

  /**
   * Write the users to the ACL file.
   *
   * @returns `true`: they are written
   * @throws {ServerError} if the server has no ACL file, or cannot write it
   * @example
   * ```ts
   * const saved = await redis.aclSave().catch(() => "no ACL file");
   * ```
   * @see https://redis.io/commands/acl-save
   * @since 6.0.0
   */
  aclSave(): Reply<M, true> {
    return this.send(["ACL", "SAVE"], ok);
  }

  /**
   * Create a user, or change the rules of one; without rules a new user may do nothing.
   *
   * @param rules such as `"on"`, `">password"`, `"~user:*"`, `"+@read"`, `"(+get ~public:*)"`; they
   *   come on top of those that the user has, unless `"reset"` is the first
   * @returns `true`, always
   * @throws {ServerError} if a rule has a mistake; none is applied then
   * @throws {ArgumentError} if `rules` is empty
   * @example
   * ```ts
   * await redis.aclSetuser("reader", ["reset", "on", ">secret", "~*", "+@read"]); // true
   * const deleted = await redis.aclDeluser("reader"); // 1
   * ```
   * @see https://redis.io/commands/acl-setuser
   * @since 6.0.0
   */
  aclSetuser(username: string, rules?: OneOrMany<string | Uint8Array>): Reply<M, true> {
    const argv: Argument[] = ["ACL", "SETUSER", username];
    if (rules !== undefined) pushAll(argv, rules, "rules");
    return this.send(argv, ok);
  }

  /**
   * List the names of all users.
   *
   * @returns the names, in order
   * @example
   * ```ts
   * const users = await redis.aclUsers();
   * const isThere = users.includes("default"); // true
   * ```
   * @see https://redis.io/commands/acl-users
   * @since 6.0.0
   */
  aclUsers(): Reply<M, string[]> {
    return this.send(["ACL", "USERS"], texts);
  }

  /**
   * Tell as which user the connection is logged in that carries the command.
   *
   * @returns the name, `"default"` without a login
   * @example
   * ```ts
   * const username = await redis.aclWhoami(); // "default"
   * ```
   * @see https://redis.io/commands/acl-whoami
   * @since 6.0.0
   */
  aclWhoami(): Reply<M, string> {
    return this.send(["ACL", "WHOAMI"], text);
  }
}
