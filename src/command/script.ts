import { createHash } from "node:crypto";
import { ArgumentError } from "../errors.ts";
import { type Argument, RAW, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import type { Many } from "./arguments.ts";
import { Command, type Decoder, type Key, type Value } from "./command.ts";
import { convert } from "./convert.ts";
import { trust } from "./decoders.ts";
import type { Conversion } from "./standard_schema.ts";
import { PLAIN, SCRIPT } from "./traits.ts";

/** What a script takes and gives. */
export interface ScriptOptions<K extends readonly string[], A extends readonly string[], T> {
  /** Names of the keys, in the order of `KEYS`: a call must give as many. Default: any number. */
  readonly keys?: K | undefined;
  /**
   * Names of the arguments, in the order of `ARGV`: a call must give as many. Default: any number.
   */
  readonly args?: A | undefined;
  /**
   * Makes the final value of the raw reply: a decoder such as `integer`, any function, or a
   * synchronous Standard Schema. Default: the raw value.
   */
  readonly reply?: Conversion<RespValue, T> | undefined;
  /**
   * Whether the script only reads: it may run on replicas, and be repeated when a reply is lost.
   */
  readonly isReadOnly?: boolean | undefined;
}

/** One value for each name; any number of values where no names were declared. */
export type NamedValues<N extends readonly string[], V> = string[] extends N
  ? Many<V>
  : { readonly [I in keyof N]: V };

/** Something that becomes a command when it is given keys and arguments: a script or a function. */
export interface Callable<K extends readonly string[], A extends readonly string[], T> {
  /** The names of the keys; `undefined` if any number may be given. */
  readonly keys: K | undefined;
  /** The names of the arguments; `undefined` if any number may be given. */
  readonly args: A | undefined;
  /** What makes the final value of the raw reply; `undefined` if that stays as it is. */
  readonly reply: Conversion<RespValue, T> | undefined;
  /** @internal Makes the command, in a surface's form. */
  toCommand(keys: NamedValues<K, Key>, args: NamedValues<A, Value>, form: ReplyForm): Command<T>;
}

/**
 * A Lua script as a typed value; see {@link script}. It is sent by its digest, and loaded ahead of
 * its first use on a server, in the same write.
 */
export class Script<K extends readonly string[], A extends readonly string[], T>
  implements Callable<K, A, T>
{
  readonly lua: string;
  /** The hexadecimal SHA-1 digest by which servers know the script. */
  readonly digest: string;
  readonly keys: K | undefined;
  readonly args: A | undefined;
  readonly reply: Conversion<RespValue, T> | undefined;
  readonly #options: ScriptOptions<K, A, T>;

  /** @internal See {@link script}. */
  constructor(lua: string, options: ScriptOptions<K, A, T>) {
    if (typeof lua !== "string" || lua.trim() === "") {
      throw new ArgumentError("A script needs its Lua text");
    }
    this.lua = lua;
    this.keys = options.keys;
    this.args = options.args;
    this.reply = options.reply;
    this.digest = createHash("sha1").update(lua).digest("hex");
    this.#options = options;
  }

  /** @internal */
  toCommand(keys: NamedValues<K, Key>, args: NamedValues<A, Value>, form: ReplyForm): Command<T> {
    const name = this.#options.isReadOnly === true ? "EVALSHA_RO" : "EVALSHA";
    const argv = callArguments(name, this.digest, keys, args, this.#options);
    return new ScriptCommand(this, argv, replyDecoder(this.reply), form | RAW);
  }
}

/** A script with its keys and arguments. */
export class ScriptCommand<out T> extends Command<T> {
  readonly script: Pick<Script<never, never, unknown>, "lua" | "digest">;

  /** @internal See {@link Script}. */
  constructor(
    source: Pick<Script<never, never, unknown>, "lua" | "digest">,
    argv: readonly Argument[],
    decode: Decoder<T>,
    form: ReplyForm,
  ) {
    super(argv, decode, form, PLAIN | SCRIPT);
    this.script = source;
  }
}

interface Declared {
  readonly keys?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
}

/** `name callee numkeys key … arg …`, with as many of both as were declared. */
export function callArguments(
  name: string,
  callee: string,
  keys: Many<Key>,
  args: Many<Value>,
  declared: Declared,
): Argument[] {
  const keyList = [...keys];
  const argList = [...args];
  requireCount("keys", keyList.length, declared.keys);
  requireCount("arguments", argList.length, declared.args);
  return [name, callee, keyList.length, ...keyList, ...argList];
}

function requireCount(what: string, given: number, names: readonly string[] | undefined): void {
  if (names === undefined || names.length === given) return;
  const wanted = names.length === 0 ? "none" : `${names.length} (${names.join(", ")})`;
  throw new ArgumentError(`The script wants ${wanted} ${what}, but got ${given}`);
}

/** The decoder of a reply; without a conversion it stays raw, and `T` is `unknown`. */
export function replyDecoder<T>(conversion: Conversion<RespValue, T> | undefined): Decoder<T> {
  if (conversion === undefined) return trust;
  return (reply) => convert(reply, conversion);
}

/**
 * Makes a typed value of a Lua script, to be run with `redis.run()` and `pipe.run()`.
 *
 * @param lua the script's text; make it once, outside of loops
 * @example
 * ```ts
 * const addCapped = script(
 *   "return math.min(redis.call('INCRBY', KEYS[1], ARGV[1]), tonumber(ARGV[2]))",
 *   { keys: ["counter"], args: ["by", "cap"], reply: integer },
 * );
 * const n = await redis.run(addCapped, ["visits"], [5, 3]); // 3
 * ```
 */
export function script<
  const K extends readonly string[] = string[],
  const A extends readonly string[] = string[],
  T = unknown,
>(lua: string, options: ScriptOptions<K, A, T> = {}): Script<K, A, T> {
  return new Script(lua, options);
}
