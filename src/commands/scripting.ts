import { type OneOrMany, pushAll } from "../command/arguments.ts";
import {
  type ConvertedScriptInput,
  type RawScriptInput,
  type ScriptInput,
  scriptCommand,
} from "../command/arguments_scripts.ts";
import { flags, ok, text } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of {@link ScriptingCommands.scriptFlush}. */
export interface ScriptFlushOptions {
  /**
   * Whether memory is freed behind the scenes (`"ASYNC"`) or before the reply (`"SYNC"`). Unless
   * given, the server's `lazyfree-lazy-user-flush` decides. @since 6.2.0
   */
  readonly mode?: "ASYNC" | "SYNC" | undefined;
}

/**
 * Commands that run Lua scripts, and those on the server's cache of scripts. What a script returns
 * comes raw, as its type is the script's own affair: integers are `number`, tables arrays, `nil`
 * and `false` are `null`, `true` is 1; what it returns as RESP3 may look different over RESP2.
 */
export abstract class ScriptingCommands<M extends Mode> extends Executor<M> {
  /**
   * Run a Lua script.
   *
   * @param script the Lua program, which sees `KEYS` and `ARGV`
   * @returns the raw reply
   * @throws {ServerError} if the script fails
   * @example
   * ```ts
   * const sum = await redis.eval("return ARGV[1] + ARGV[2]", { args: [40, 2] }); // 42
   * ```
   * @see https://redis.io/commands/eval
   * @since 2.6.0
   */
  eval(script: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Run a Lua script, and convert its reply.
   *
   * @param script the Lua program, which sees `KEYS` and `ARGV`
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {ServerError} if the script fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * await redis.set("stock", 7);
   * const script = "return redis.call('GET', KEYS[1])";
   * const stock = await redis.eval(script, { keys: "stock", reply: Number }); // 7
   * ```
   * @see https://redis.io/commands/eval
   * @since 2.6.0
   */
  eval<T>(script: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  eval(script: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("EVAL", script, input, this.form));
  }

  /**
   * Run a Lua script that only reads; replicas may run it.
   *
   * @param script the Lua program; it fails if it tries to write
   * @returns the raw reply
   * @throws {ServerError} if the script fails
   * @example
   * ```ts
   * await redis.set("greeting", "hello");
   * const script = "return redis.call('STRLEN', KEYS[1])";
   * const length = await redis.eval_ro(script, { keys: "greeting" }); // 5
   * ```
   * @see https://redis.io/commands/eval_ro
   * @since 7.0.0
   */
  eval_ro(script: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Run a Lua script that only reads and convert its reply; replicas may run it.
   *
   * @param script the Lua program; it fails if it tries to write
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {ServerError} if the script fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * await redis.set("stock", 7);
   * const script = "return redis.call('GET', KEYS[1])";
   * const stock = await redis.eval_ro(script, { keys: "stock", reply: Number }); // 7
   * ```
   * @see https://redis.io/commands/eval_ro
   * @since 7.0.0
   */
  eval_ro<T>(script: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  eval_ro(script: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("EVAL_RO", script, input, this.form));
  }

  /**
   * Run a Lua script that the server has in its cache.
   *
   * @param sha1 the digest that {@link ScriptingCommands.scriptLoad} gave
   * @returns the raw reply
   * @throws {NoScriptError} if the server does not have the script
   * @throws {ServerError} if the script fails
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return 'hello ' .. ARGV[1]");
   * const greeting = await redis.evalsha(sha1, { args: "Ann" }); // "hello Ann"
   * ```
   * @see https://redis.io/commands/evalsha
   * @since 2.6.0
   */
  evalsha(sha1: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Run a Lua script that the server has in its cache, and convert its reply.
   *
   * @param sha1 the digest that {@link ScriptingCommands.scriptLoad} gave
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {NoScriptError} if the server does not have the script
   * @throws {ServerError} if the script fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return #ARGV == 1");
   * const isOne = await redis.evalsha(sha1, { args: "a", reply: Boolean }); // true
   * ```
   * @see https://redis.io/commands/evalsha
   * @since 2.6.0
   */
  evalsha<T>(sha1: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  evalsha(sha1: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("EVALSHA", sha1, input, this.form));
  }

  /**
   * Run a Lua script from the cache that only reads; replicas may run it.
   *
   * @param sha1 the digest that {@link ScriptingCommands.scriptLoad} gave
   * @returns the raw reply
   * @throws {NoScriptError} if the server does not have the script
   * @throws {ServerError} if the script fails
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return redis.call('EXISTS', KEYS[1])");
   * const count = await redis.evalsha_ro(sha1, { keys: "missing" }); // 0
   * ```
   * @see https://redis.io/commands/evalsha_ro
   * @since 7.0.0
   */
  evalsha_ro(sha1: string, input?: RawScriptInput): Reply<M, unknown>;
  /**
   * Run a Lua script from the cache that only reads and convert its reply; replicas may run it.
   *
   * @param sha1 the digest that {@link ScriptingCommands.scriptLoad} gave
   * @returns what the conversion `reply` makes of the raw reply
   * @throws {NoScriptError} if the server does not have the script
   * @throws {ServerError} if the script fails
   * @throws {DecodeError} if a schema refuses the reply
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return redis.call('EXISTS', KEYS[1])");
   * const exists = await redis.evalsha_ro(sha1, { keys: "missing", reply: Boolean }); // false
   * ```
   * @see https://redis.io/commands/evalsha_ro
   * @since 7.0.0
   */
  evalsha_ro<T>(sha1: string, input: ConvertedScriptInput<T>): Reply<M, T>;
  evalsha_ro(sha1: string, input?: ScriptInput): Reply<M, unknown> {
    return this.run(scriptCommand("EVALSHA_RO", sha1, input, this.form));
  }

  /**
   * Tell which scripts the server has in its cache.
   *
   * @param sha1 the digests of the scripts
   * @returns for each digest, in order, whether the server has the script
   * @throws {ArgumentError} if `sha1` is empty
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return 1");
   * const exist = await redis.scriptExists([sha1, "0".repeat(40)]); // [true, false]
   * ```
   * @see https://redis.io/commands/script-exists
   * @since 2.6.0
   */
  scriptExists(sha1: OneOrMany<string>): Reply<M, boolean[]> {
    const argv: Argument[] = ["SCRIPT", "EXISTS"];
    pushAll(argv, sha1, "digests");
    return this.send(argv, flags);
  }

  /**
   * Empty the cache of scripts.
   *
   * @returns `true`, always
   * @example
   * ```ts
   * await redis.scriptFlush(); // true
   * ```
   * @see https://redis.io/commands/script-flush
   * @since 2.6.0
   */
  scriptFlush(options?: ScriptFlushOptions): Reply<M, true> {
    const argv: Argument[] = ["SCRIPT", "FLUSH"];
    if (options?.mode !== undefined) argv.push(options.mode);
    return this.send(argv, ok);
  }

  /**
   * End the script that keeps the server busy, if it has not written yet.
   *
   * @returns `true`: it ends
   * @throws {ServerError} with code `"NOTBUSY"` if no script runs, and `"UNKILLABLE"` if it has
   *   written
   * @example
   * ```ts
   * const code = await redis.scriptKill().catch((error: { code: string }) => error.code);
   * // "NOTBUSY"
   * ```
   * @see https://redis.io/commands/script-kill
   * @since 2.6.0
   */
  scriptKill(): Reply<M, true> {
    return this.send(["SCRIPT", "KILL"], ok);
  }

  /**
   * Put a script into the server's cache without running it.
   *
   * @returns its digest in hexadecimal, for {@link ScriptingCommands.evalsha}
   * @throws {ServerError} if the script does not compile
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return 1");
   * // "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
   * ```
   * @see https://redis.io/commands/script-load
   * @since 2.6.0
   */
  scriptLoad(script: string): Reply<M, string> {
    return this.send(["SCRIPT", "LOAD", script], text);
  }

  /**
   * Get the text of a script in the server's cache; only Valkey has this command.
   *
   * @returns the Lua program
   * @throws {NoScriptError} if the server does not have the script
   * @example
   * ```ts
   * const sha1 = await redis.scriptLoad("return 1");
   * const script = await redis.scriptShow(sha1).catch(() => "only on Valkey");
   * ```
   * @see https://valkey.io/commands/script-show
   * @since Valkey 8.0.0
   */
  scriptShow(sha1: string): Reply<M, string> {
    return this.send(["SCRIPT", "SHOW", sha1], text);
  }
}
