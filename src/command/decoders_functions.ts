import type { RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import { array, bulks, eachPair, integer, list, record, text, textOrNull } from "./decoders.ts";
import { fieldsOf } from "./decoders_fields.ts";

/** A function of a library. */
export interface FunctionInfo {
  /** The name by which it is called. */
  readonly name: string;
  /** What its author says of it, or `null`. */
  readonly description: string | null;
  /** What it was declared with: `"no-writes"`, `"allow-oom"` … */
  readonly flags: Set<string>;
}

/** A library of functions. */
export interface FunctionLibrary {
  readonly name: string;
  /** What runs it: `"LUA"`. */
  readonly engine: string;
  /** Its functions, in no particular order. */
  readonly functions: FunctionInfo[];
}

/** A library of functions with its program. */
export interface FunctionLibraryWithCode extends FunctionLibrary {
  /** The program as it was loaded. */
  readonly code: string;
}

export const functionLibraries: Decoder<FunctionLibrary[]> = list((reply) => library(reply));

export const functionLibrariesWithCode: Decoder<FunctionLibraryWithCode[]> = list((reply) => {
  let code = "";
  eachPair(reply, (name, value) => {
    if (text(name) === "library_code") code = text(value);
  });
  return { ...library(reply), code };
});

function library(reply: RespValue): FunctionLibrary {
  const fields = fieldsOf(reply);
  return {
    name: text(fields["library_name"] ?? ""),
    engine: text(fields["engine"] ?? ""),
    functions: array(fields["functions"] ?? []).map(functionInfo),
  };
}

function functionInfo(reply: RespValue): FunctionInfo {
  const fields = fieldsOf(reply);
  return {
    name: text(fields["name"] ?? ""),
    description: textOrNull(fields["description"] ?? null),
    flags: new Set(array(fields["flags"] ?? []).map(text)),
  };
}

/** A function that runs now. */
export interface RunningFunction<B extends Bulk> {
  readonly name: string;
  /** The words of the command that called it. */
  readonly command: B[];
  /** For how long it has been running. */
  readonly durationInMilliseconds: number;
}

/** How much an engine has to do. */
export interface FunctionEngine {
  /** How many libraries it has. */
  readonly libraries: number;
  /** How many functions they have together. */
  readonly functions: number;
}

/** What functions the server has, and which one runs. */
export interface FunctionStats<B extends Bulk> {
  /** The function that runs now, or `null`. */
  readonly running: RunningFunction<B> | null;
  /** The engines by their names (`"LUA"`). */
  readonly engines: Readonly<Record<string, FunctionEngine>>;
}

export function functionStats<B extends Bulk>(reply: RespValue): FunctionStats<B> {
  const fields = fieldsOf(reply);
  const running = fields["running_script"] ?? null;
  return {
    running: running === null ? null : runningFunction<B>(running),
    engines: engines(fields["engines"] ?? []),
  };
}

function runningFunction<B extends Bulk>(reply: RespValue): RunningFunction<B> {
  const fields = fieldsOf(reply);
  return {
    name: text(fields["name"] ?? ""),
    command: bulks<B>(fields["command"] ?? []),
    durationInMilliseconds: integer(fields["duration_ms"] ?? null),
  };
}

const engines: Decoder<Record<string, FunctionEngine>> = record((reply) => {
  const fields = fieldsOf(reply);
  return {
    libraries: integer(fields["libraries_count"] ?? null),
    functions: integer(fields["functions_count"] ?? null),
  };
});
