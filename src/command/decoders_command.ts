import type { RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import {
  array,
  bulk,
  eachPair,
  emptyRecord,
  integer,
  list,
  nullable,
  record,
  text,
  texts,
  trust,
} from "./decoders.ts";

/** Where the keys among the arguments of a command begin. */
export type KeySearch =
  | { readonly type: "index"; readonly index: number }
  | { readonly type: "keyword"; readonly keyword: string; readonly startFrom: number }
  | { readonly type: "unknown" };

/** Which of the arguments from there on are keys. */
export type KeyFinding =
  | {
      readonly type: "range";
      readonly lastKey: number;
      readonly keyStep: number;
      readonly limit: number;
    }
  | {
      readonly type: "keynum";
      readonly keyNumIndex: number;
      readonly firstKey: number;
      readonly keyStep: number;
    }
  | { readonly type: "unknown" };

/** A rule by which keys are found among the arguments of a command, and what happens to them. */
export interface CommandKeys {
  /** A remark, or `""`. */
  readonly notes: string;
  /** What happens to the keys: `"RO"`, `"RW"`, `"access"`, `"insert"` … */
  readonly flags: Set<string>;
  /** Where the keys begin. */
  readonly beginSearch: KeySearch;
  /** Which arguments from there on are keys. */
  readonly findKeys: KeyFinding;
}

/** A command as the server describes it for clients. */
export interface CommandInfo {
  /** The name in lower case; of a subcommand `"config|get"`. */
  readonly name: string;
  /** How many words the command has, its name included; negative: at least so many. */
  readonly arity: number;
  /** `"write"`, `"readonly"`, `"blocking"` … */
  readonly flags: Set<string>;
  /** The position of the first key; 0 if there is none at a fixed place. */
  readonly firstKey: number;
  /** The position of the last key; negative counts from the end. */
  readonly lastKey: number;
  /** From one key to the next. */
  readonly keyStep: number;
  /** The ACL categories: `"@read"`, `"@string"` … @since 6.0.0 */
  readonly aclCategories: Set<string>;
  /** Hints such as `"request_policy:all_shards"`. @since 7.0.0 */
  readonly tips: string[];
  /** How to find the keys among the arguments. @since 7.0.0 */
  readonly keySpecs: CommandKeys[];
  /** The commands inside of a container such as CONFIG. @since 7.0.0 */
  readonly subcommands: CommandInfo[];
}

function commandInfo(reply: RespValue): CommandInfo {
  const items = array(reply);
  return {
    name: text(items[0] ?? null),
    arity: integer(items[1] ?? null),
    flags: textSet(items[2] ?? []),
    firstKey: integer(items[3] ?? null),
    lastKey: integer(items[4] ?? null),
    keyStep: integer(items[5] ?? null),
    aclCategories: textSet(items[6] ?? []),
    tips: texts(items[7] ?? []),
    keySpecs: array(items[8] ?? []).map(commandKeys),
    subcommands: commandInfos(items[9] ?? []),
  };
}

/** What `COMMAND` sends. */
export const commandInfos: Decoder<CommandInfo[]> = list(commandInfo);
/** What `COMMAND INFO` sends: nil in the place of a command that does not exist. */
export const commandInfosOrNulls: Decoder<(CommandInfo | null)[]> = list(nullable(commandInfo));

function textSet(reply: RespValue): Set<string> {
  return new Set(texts(reply));
}

const fieldsOf: Decoder<Record<string, RespValue>> = record((value) => value);

function commandKeys(reply: RespValue): CommandKeys {
  const fields = fieldsOf(reply);
  return {
    notes: text(fields["notes"] ?? ""),
    flags: textSet(fields["flags"] ?? []),
    beginSearch: keySearch(fieldsOf(fields["begin_search"] ?? [])),
    findKeys: keyFinding(fieldsOf(fields["find_keys"] ?? [])),
  };
}

function keySearch({ type = "unknown", spec = [] }: Record<string, RespValue>): KeySearch {
  const fields = fieldsOf(spec);
  const number = (name: string): number => integer(fields[name] ?? null);
  switch (text(type)) {
    case "index":
      return { type: "index", index: number("index") };
    case "keyword":
      return {
        type: "keyword",
        keyword: text(fields["keyword"] ?? null),
        startFrom: number("startfrom"),
      };
    default:
      return { type: "unknown" };
  }
}

function keyFinding({ type = "unknown", spec = [] }: Record<string, RespValue>): KeyFinding {
  const fields = fieldsOf(spec);
  const number = (name: string): number => integer(fields[name] ?? null);
  switch (text(type)) {
    case "range":
      return {
        type: "range",
        lastKey: number("lastkey"),
        keyStep: number("keystep"),
        limit: number("limit"),
      };
    case "keynum":
      return {
        type: "keynum",
        keyNumIndex: number("keynumidx"),
        firstKey: number("firstkey"),
        keyStep: number("keystep"),
      };
    default:
      return { type: "unknown" };
  }
}

/** A key among the arguments of a command, and what happens to it. */
export interface FlaggedKey<B extends Bulk> {
  /** The argument that is a key. */
  readonly key: B;
  /** `"RO"`, `"RW"`, `"access"`, `"insert"` … */
  readonly flags: Set<string>;
}

export function flaggedKeys<B extends Bulk>(reply: RespValue): FlaggedKey<B>[] {
  return array(reply).map((item) => {
    const [key = null, flags = []] = array(item);
    return { key: bulk<B>(key), flags: textSet(flags) };
  });
}

/** What kind of words an argument stands for. */
export type CommandArgumentType =
  | "string"
  | "integer"
  | "double"
  | "key"
  | "pattern"
  | "unix-time"
  | "pure-token"
  | "oneof"
  | "block";

/** An argument as the server documents it. What is not documented is `undefined`. */
export interface CommandArgument {
  /** The name of the argument. */
  readonly name: string;
  /** What it stands for; `"oneof"` and `"block"` consist of `arguments`. */
  readonly type: CommandArgumentType;
  /** The name to show. @since 7.0.4 */
  readonly displayText: string | undefined;
  /** The word before the argument, or which the argument is: `"LIMIT"`. */
  readonly token: string | undefined;
  /** What the argument is for. */
  readonly summary: string | undefined;
  /** The version that brought it, if later than the command. */
  readonly since: string | undefined;
  /** The version from which on it should not be used. */
  readonly deprecatedSince: string | undefined;
  /** The place in {@link CommandInfo.keySpecs} of the rule that finds this key. */
  readonly keySpecIndex: number | undefined;
  /** `"optional"`, `"multiple"`, `"multiple_token"`. */
  readonly flags: Set<string>;
  /** What a `"oneof"` or a `"block"` consists of. */
  readonly arguments: CommandArgument[];
}

/** A command as the server documents it. What is not documented is `undefined`. */
export interface CommandDocs {
  /** What the command does. */
  readonly summary: string | undefined;
  /** The version of the server that brought the command. */
  readonly since: string | undefined;
  /** The group of commands: `"string"`, `"sorted-set"` … */
  readonly group: string | undefined;
  /** The module that brings the command. */
  readonly module: string | undefined;
  /** What it costs, such as `"O(1)"`. */
  readonly complexity: string | undefined;
  /** `"deprecated"`, `"syscmd"`. */
  readonly docFlags: Set<string>;
  /** The version from which on it should not be used. */
  readonly deprecatedSince: string | undefined;
  /** What to use in its place. */
  readonly replacedBy: string | undefined;
  /** What changed, and in which version. */
  readonly history: { readonly version: string; readonly change: string }[];
  /** The arguments in order. */
  readonly arguments: CommandArgument[];
  /** The commands of a container by name (`"config|get"`). */
  readonly subcommands: Readonly<Record<string, CommandDocs>>;
}

function commandDoc(reply: RespValue): CommandDocs {
  const fields = fieldsOf(reply);
  const word = (name: string): string | undefined => textOrUndefined(fields[name]);
  return {
    summary: word("summary"),
    since: word("since"),
    group: word("group"),
    module: word("module"),
    complexity: word("complexity"),
    docFlags: textSet(fields["doc_flags"] ?? []),
    deprecatedSince: word("deprecated_since"),
    replacedBy: word("replaced_by"),
    history: changes(fields["history"] ?? []),
    arguments: array(fields["arguments"] ?? []).map(commandArgument),
    subcommands: fields["subcommands"] ? commandDocs(fields["subcommands"]) : emptyRecord(),
  };
}

/** What `COMMAND DOCS` sends. */
export const commandDocs: Decoder<Record<string, CommandDocs>> = record(commandDoc);

function commandArgument(reply: RespValue): CommandArgument {
  const fields = fieldsOf(reply);
  const word = (name: string): string | undefined => textOrUndefined(fields[name]);
  return {
    name: text(fields["name"] ?? null),
    type: trust<CommandArgumentType>(text(fields["type"] ?? null)),
    displayText: word("display_text"),
    token: word("token"),
    summary: word("summary"),
    since: word("since"),
    deprecatedSince: word("deprecated_since"),
    keySpecIndex:
      fields["key_spec_index"] === undefined ? undefined : integer(fields["key_spec_index"]),
    flags: textSet(fields["flags"] ?? []),
    arguments: array(fields["arguments"] ?? []).map(commandArgument),
  };
}

function textOrUndefined(value: RespValue | undefined): string | undefined {
  return value === undefined ? undefined : text(value);
}

function changes(reply: RespValue): { version: string; change: string }[] {
  const history: { version: string; change: string }[] = [];
  eachPair(reply, (version, change) => {
    history.push({ version: text(version), change: text(change) });
  });
  return history;
}
