import { createHash } from "node:crypto";
import { ArgumentError } from "../errors.ts";
import { type Argument, RAW, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import { Command, type Decoder, type Key, type Value } from "./command.ts";
import {
  type Callable,
  callArguments,
  type NamedValues,
  replyDecoder,
  type ScriptOptions,
} from "./script.ts";
import type { Conversion } from "./standard_schema.ts";
import { PLAIN, SCRIPT } from "./traits.ts";

/** How a library is loaded. */
export interface LibraryOptions {
  /**
   * What happens when a server has a library of this name with another program: `"replace"` loads
   * this one over it; `"refuse"` (default) fails the command, so that two versions of an
   * application that run side by side do not replace each other's library for ever.
   */
  readonly onMismatch?: "refuse" | "replace" | undefined;
}

/**
 * A library of functions as a typed value; see {@link library}. It is loaded on demand: at its
 * first use on a server typedis looks which program the server has.
 */
export class Library {
  /** The name in the program's first line. */
  readonly name: string;
  readonly code: string;
  /** Stands for this program: changes with its text. */
  readonly id: string;
  readonly onMismatch: "refuse" | "replace";

  /** @internal See {@link library}. */
  constructor(code: string, options: LibraryOptions) {
    this.name = nameOf(code);
    this.code = code;
    this.id = `${this.name}:${createHash("sha1").update(code).digest("hex")}`;
    this.onMismatch = options.onMismatch ?? "refuse";
  }

  /**
   * Names a function of the library, to be run with `redis.run()` and `pipe.run()`.
   *
   * @example
   * ```ts
   * const math = library(
   *   "#!lua name=math\nredis.register_function('twice', function(k, a) return a[1] * 2 end)",
   * );
   * const twice = math.function("twice", { keys: [], args: ["n"], reply: integer });
   * await redis.run(twice, [], [21]); // 42
   * ```
   */
  function<
    const K extends readonly string[] = string[],
    const A extends readonly string[] = string[],
    T = unknown,
  >(name: string, options: ScriptOptions<K, A, T> = {}): LibraryFunction<K, A, T> {
    return new LibraryFunction(this, name, options);
  }
}

/** A function of a library; see {@link Library.function}. */
export class LibraryFunction<K extends readonly string[], A extends readonly string[], T>
  implements Callable<K, A, T>
{
  readonly keys: K | undefined;
  readonly args: A | undefined;
  readonly reply: Conversion<RespValue, T> | undefined;
  readonly #library: Library;
  readonly #name: string;
  readonly #options: ScriptOptions<K, A, T>;

  /** @internal */
  constructor(owner: Library, name: string, options: ScriptOptions<K, A, T>) {
    this.keys = options.keys;
    this.args = options.args;
    this.reply = options.reply;
    this.#library = owner;
    this.#name = name;
    this.#options = options;
  }

  /** @internal */
  toCommand(keys: NamedValues<K, Key>, args: NamedValues<A, Value>, form: ReplyForm): Command<T> {
    const name = this.#options.isReadOnly === true ? "FCALL_RO" : "FCALL";
    const argv = callArguments(name, this.#name, keys, args, this.#options);
    return new FunctionCommand(this.#library, argv, replyDecoder(this.reply), form | RAW);
  }
}

/** A function with its keys and arguments. */
export class FunctionCommand<out T> extends Command<T> {
  readonly library: Library;

  /** @internal See {@link LibraryFunction}. */
  constructor(owner: Library, argv: readonly Argument[], decode: Decoder<T>, form: ReplyForm) {
    super(argv, decode, form, PLAIN | SCRIPT);
    this.library = owner;
  }
}

/**
 * Makes a typed value of a library of functions (Redis 7 and later, Valkey).
 *
 * @param code the program, whose first line names it: `#!lua name=mylib`
 * @throws {ArgumentError} if the first line names no library
 * @example
 * ```ts
 * const greetings = library(
 *   "#!lua name=greetings\nredis.register_function('hi', function(k, a) return 'hi ' .. a[1] end)",
 * );
 * const hi = greetings.function("hi", { keys: [], args: ["name"], reply: text });
 * await redis.run(hi, [], ["Ann"]); // "hi Ann"
 * ```
 */
export function library(code: string, options: LibraryOptions = {}): Library {
  return new Library(code, options);
}

function nameOf(code: string): string {
  const [line = ""] = typeof code === "string" ? code.split("\n", 1) : [];
  const name = line.startsWith("#!")
    ? line.split(/\s/).find((word) => word.startsWith("name="))
    : undefined;
  if (name === undefined || name.length === "name=".length) {
    throw new ArgumentError('A library begins with a line such as "#!lua name=mylib"');
  }
  return name.slice("name=".length);
}
