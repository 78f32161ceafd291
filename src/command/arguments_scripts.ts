import { type Argument, RAW, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import type { Many, OneOrMany } from "./arguments.ts";
import { Command, type Key, type Value } from "./command.ts";
import { callArguments, replyDecoder } from "./script.ts";
import type { Conversion } from "./standard_schema.ts";
import { PLAIN } from "./traits.ts";

/** What a script or function is called with, and how to read what it returns. */
export interface ScriptInput {
  /** The keys that it uses; in a cluster they must all be in one slot. */
  readonly keys?: OneOrMany<Key> | undefined;
  /** Other arguments; it sees numbers as text. */
  readonly args?: OneOrMany<Value> | undefined;
  /** Makes what you want of the raw reply: a function, or a synchronous Standard Schema. */
  readonly reply?: Conversion<RespValue, unknown> | undefined;
}

/** Input without a conversion: the reply is `unknown`. */
export type RawScriptInput = ScriptInput & { readonly reply?: undefined };

/** Input with a conversion: the reply is what the conversion makes. */
export type ConvertedScriptInput<T> = ScriptInput & { readonly reply: Conversion<RespValue, T> };

/**
 * The command that calls a script or function: `name program numkeys [key …] [arg …]`. Its reply is
 * raw: maps are `Map`, sets are `Set`.
 */
export function scriptCommand(
  name: string,
  program: string,
  input: ScriptInput | undefined,
  form: ReplyForm,
): Command<unknown> {
  const argv = callArguments(name, program, listOf(input?.keys), listOf(input?.args), {});
  return new Command(argv, replyDecoder(input?.reply), form | RAW, PLAIN);
}

/** Unlike most commands, a script may well have no keys and no arguments. */
function listOf<T extends Argument>(items: OneOrMany<T> | undefined): Many<T> {
  if (items === undefined) return [];
  return isMany(items) ? items : [items];
}

function isMany<T>(items: OneOrMany<T>): items is Many<T> {
  return Array.isArray(items) || items instanceof Set;
}
