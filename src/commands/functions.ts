import {
  type ConvertedScriptInput,
  type RawScriptInput,
  type ScriptInput,
  scriptCommand,
} from "../command/arguments_scripts.ts";
import { type Bulk, Command } from "../command/command.ts";
import { bulk, ok, text } from "../command/decoders.ts";
import {
  type FunctionLibrary,
  type FunctionLibraryWithCode,
  type FunctionStats,
  functionLibraries,
  functionLibrariesWithCode,
  functionStats,
} from "../command/decoders_functions.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { PLAIN } from "../command/traits.ts";
import { type Argument, BYTES } from "../protocol/resp.ts";

/** Options of {@link FunctionCommands.functionFlush}. */
export interface FunctionFlushOptions {
  /**
   * Whether memory is freed behind the scenes (`"ASYNC"`) or before the reply (`"SYNC"`). Unless
   * given, the server's `lazyfree-lazy-user-flush` decides.
   */
  readonly mode?: "ASYNC" | "SYNC" | undefined;
}

/** Options of {@link FunctionCommands.functionList}. */
export interface FunctionListOptions {
  /** Only libraries whose name matches this glob-style pattern (`LIBRARYNAME`). */
  readonly library?: string | undefined;
  /** Give the programs, too (`WITHCODE`). */
  readonly withCode?: boolean | undefined;
}

/** Options of {@link FunctionCommands.functionRestore}. */
export interface FunctionRestoreOptions {
  /**
   * What becomes of the libraries that are there: they stay, and one of the same name makes it fail
   * (`"APPEND"`, unless given); one of the same name is replaced (`"REPLACE"`); all are deleted
   * first (`"FLUSH"`).
   */
  readonly policy?: "FLUSH" | "APPEND" | "REPLACE" | undefined;
}

/**
 * Commands on functions: programs that are part of the server's data. What a function returns comes
 * raw, as {@link ScriptingCommands.eval} says.
 */
export abstract class FunctionCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Call a function.
   *
   * @param name the function
   * @returns the raw reply
   * @throws {ServerError} if there is no such function, or it fails
   * @example
   * ```ts
   * const code = "redis.register_function('twice', function(_, args) return args[1] * 2 end)";
   * await redis.functionLoad(`#!lua name=math\n${code}`);
   * const twice = await redis.fcall("twice", { args: 21 }); // 42
   * ```
   * @see https://redis.io/commands/fcall
   * @since 7.0.0
   */
  fcall(name: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Call a function and convert its reply.
   *
   * @param name the function
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {ServerError} if there is no such function, or it fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * const code = "redis.register_function('hello', function(_, args) return args[1] end)";
   * await redis.functionLoad(`#!lua name=hello\n${code}`);
   * const name = await redis.fcall("hello", { args: "Ann", reply: String }); // "Ann"
   * ```
   * @see https://redis.io/commands/fcall
   * @since 7.0.0
   */
  fcall<T>(name: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  fcall(name: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("FCALL", name, input, this.form));
  }

  /**
   * Call a function that only reads; replicas may run it.
   *
   * @param name a function with the flag `no-writes`
   * @returns the raw reply
   * @throws {ServerError} if there is no such function, it may write, or it fails
   * @example
   * ```ts
   * const answer = await redis.fcall_ro("missing").catch((error: Error) => error.message);
   * // "FCALL_RO missing 0 failed: ERR Function not found"
   * ```
   * @see https://redis.io/commands/fcall_ro
   * @since 7.0.0
   */
  fcall_ro(name: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Call a function that only reads and convert its reply; replicas may run it.
   *
   * @param name a function with the flag `no-writes`
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {ServerError} if there is no such function, it may write, or it fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * const input = { keys: "stock", reply: Number };
   * const stock = await redis.fcall_ro("stock_of", input).catch(() => 0); // 0: no such function
   * ```
   * @see https://redis.io/commands/fcall_ro
   * @since 7.0.0
   */
  fcall_ro<T>(name: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  fcall_ro(name: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("FCALL_RO", name, input, this.form));
  }

  /**
   * Delete a library with all its functions.
   *
   * @returns `true`: it is deleted
   * @throws {ServerError} if there is no such library
   * @example
   * ```ts
   * const code = "redis.register_function('one', function() return 1 end)";
   * const library = await redis.functionLoad(`#!lua name=numbers\n${code}`);
   * await redis.functionDelete(library); // true
   * ```
   * @see https://redis.io/commands/function-delete
   * @since 7.0.0
   */
  functionDelete(library: string): Reply<M, true> {
    return this.send(["FUNCTION", "DELETE", library], ok);
  }

  /**
   * Get all libraries in the server's own format.
   *
   * @returns bytes for {@link FunctionCommands.functionRestore}, a `Buffer` on every surface
   * @example
   * ```ts
   * const payload = await redis.functionDump(); // Buffer
   * ```
   * @see https://redis.io/commands/function-dump
   * @since 7.0.0
   */
  functionDump(): Reply<M, Buffer> {
    return this.run(new Command(["FUNCTION", "DUMP"], bulk<Buffer>, BYTES, PLAIN));
  }

  /**
   * Delete all libraries.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.functionFlush({ mode: "SYNC" }); // true
   * ```
   * @see https://redis.io/commands/function-flush
   * @since 7.0.0
   */
  functionFlush(options?: FunctionFlushOptions): Reply<M, true> {
    const argv: Argument[] = ["FUNCTION", "FLUSH"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * End the function that keeps the server busy, if it has not written yet.
   *
   * @returns `true`: it ends
   * @throws {ServerError} with code `"NOTBUSY"` if no function runs, and `"UNKILLABLE"` if it has
   *   written
   * @example
   * ```ts
   * const code = await redis.functionKill().catch((error: { code: string }) => error.code);
   * // "NOTBUSY"
   * ```
   * @see https://redis.io/commands/function-kill
   * @since 7.0.0
   */
  functionKill(): Reply<M, true> {
    return this.send(["FUNCTION", "KILL"], ok);
  }

  /**
   * Describe the libraries of the server.
   *
   * @returns the libraries with their functions
   * @example
   * ```ts
   * await redis.functionFlush();
   * const libraries = await redis.functionList({ library: "app*" }); // []
   * ```
   * @see https://redis.io/commands/function-list
   * @since 7.0.0
   */
  functionList(
    options?: FunctionListOptions & { readonly withCode?: false | undefined },
  ): Reply<M, FunctionLibrary[]>;
  /**
   * Describe the libraries of the server and give their programs.
   *
   * @returns the libraries with their functions and `code`
   * @example
   * ```ts
   * await redis.functionFlush();
   * const libraries = await redis.functionList({ withCode: true }); // []
   * ```
   * @see https://redis.io/commands/function-list
   * @since 7.0.0
   */
  functionList(
    options: FunctionListOptions & { readonly withCode: true },
  ): Reply<M, FunctionLibraryWithCode[]>;
  functionList(options?: FunctionListOptions): Reply<M, FunctionLibrary[]> {
    const argv: Argument[] = ["FUNCTION", "LIST"];
    if (options?.library !== undefined) argv.push("LIBRARYNAME", options.library);
    if (options?.withCode !== true) return this.send(argv, functionLibraries);
    argv.push("WITHCODE");
    return this.send<FunctionLibrary[]>(argv, functionLibrariesWithCode);
  }

  /**
   * Load a library of functions.
   *
   * @param code the program; its first line names engine and library: `#!lua name=mylib`
   * @param options `replace`: replace a library of the same name
   * @returns the name of the library
   * @throws {ServerError} if the program does not compile, or the library exists and `replace` is
   *   not set, or another library has a function of the same name
   * @example
   * ```ts
   * const code = "redis.register_function('zero', function() return 0 end)";
   * const library = await redis.functionLoad(`#!lua name=zero\n${code}`, { replace: true });
   * // "zero"
   * ```
   * @see https://redis.io/commands/function-load
   * @since 7.0.0
   */
  functionLoad(
    code: string,
    options?: { readonly replace?: boolean | undefined },
  ): Reply<M, string> {
    const argv: Argument[] = ["FUNCTION", "LOAD"];
    if (options?.replace === true) argv.push("REPLACE");
    argv.push(code);
    return this.send(argv, text);
  }

  /**
   * Load the libraries that {@link FunctionCommands.functionDump} gave.
   *
   * @returns `true`, always
   * @throws {ServerError} if `payload` is damaged, or a library exists that must not
   * @example
   * ```ts
   * const payload = await redis.functionDump();
   * await redis.functionRestore(payload, { policy: "REPLACE" }); // true
   * ```
   * @see https://redis.io/commands/function-restore
   * @since 7.0.0
   */
  functionRestore(payload: Uint8Array, options?: FunctionRestoreOptions): Reply<M, true> {
    const argv: Argument[] = ["FUNCTION", "RESTORE", payload];
    if (options?.policy !== undefined) argv.push(options.policy);
    return this.send(argv, ok);
  }

  /**
   * Tell which function runs, and how many libraries and functions there are.
   *
   * The server answers even while a function keeps it busy.
   *
   * @returns the function that runs, and the engines by their names
   * @example
   * ```ts
   * const { running } = await redis.functionStats();
   * const isIdle = running === null; // true
   * ```
   * @see https://redis.io/commands/function-stats
   * @since 7.0.0
   */
  functionStats(): Reply<M, FunctionStats<B>> {
    return this.send(["FUNCTION", "STATS"], functionStats<B>);
  }
}
