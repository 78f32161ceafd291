import type { Argument } from "../protocol/resp.ts";
import { FACTS } from "./facts_data.ts";
import { KEY_FINDERS, type KeySpec, parseKeySpecs, positionsOf } from "./key_specs.ts";

const REQUEST_POLICIES = ["all_nodes", "all_shards", "multi_shard", "special"] as const;
const RESPONSE_POLICIES = [
  "agg_logical_and",
  "agg_logical_or",
  "agg_max",
  "agg_min",
  "agg_sum",
  "all_succeeded",
  "one_succeeded",
  "special",
] as const;

/** To whom a cluster client sends a command without a key, or with keys in several slots. */
export type RequestPolicy = (typeof REQUEST_POLICIES)[number];
/** How it makes one reply of the replies of several nodes. */
export type ResponsePolicy = (typeof RESPONSE_POLICIES)[number];

/** What servers say of a command. Where they differ: the careful answer, else the newest one's. */
export interface CommandFacts {
  /** `"GET"`, `"CONFIG GET"`. */
  readonly name: string;
  /** How many words the command has, name included; negative: at least so many. */
  readonly arity: number;
  /** The documentation's group: `"string"`, `"sorted-set"`, `"module"` … */
  readonly group: string;
  /** The version that brought the command, for each kind of server that has it. */
  readonly since: { readonly redis: string | undefined; readonly valkey: string | undefined };
  /** Every server flags it `readonly`. Whether it may be repeated, {@link isReadOnly} knows. */
  readonly isReadOnly: boolean;
  readonly isWrite: boolean;
  readonly isBlocking: boolean;
  readonly isAdmin: boolean;
  /** In the ACL category `@dangerous`. */
  readonly isDangerous: boolean;
  readonly isDeprecated: boolean;
  /** The same data may give another reply, more than in its order. */
  readonly isNondeterministic: boolean;
  /** A reply holds until one of the command's keys changes, and the server tells when it does. */
  readonly isCacheable: boolean;
  readonly requestPolicy: RequestPolicy | undefined;
  readonly responsePolicy: ResponsePolicy | undefined;
}

interface Entry {
  readonly facts: CommandFacts;
  readonly keys: readonly KeySpec[];
  readonly findKeys: ((argv: readonly Argument[]) => number[]) | undefined;
  /** Of a container such as CONFIG. */
  readonly subcommands: Map<string, Entry> | undefined;
}

/**
 * Commands without the flag `readonly` that read nevertheless. Not among them: WAIT and WAITAOF,
 * which answer for the writes of their own connection only, and all that changes its connection
 * (HELLO, SELECT, READONLY, CLIENT TRACKING).
 */
const READS = namesIn(`
PING, ECHO, TIME, INFO, LASTSAVE, ROLE,
ACL CAT, ACL DRYRUN, ACL GENPASS, ACL GETUSER, ACL LIST, ACL USERS, ACL WHOAMI,
CLIENT GETNAME, CLIENT GETREDIR, CLIENT ID, CLIENT INFO, CLIENT LIST, CLIENT TRACKINGINFO,
CLUSTER COUNT-FAILURE-REPORTS, CLUSTER COUNTKEYSINSLOT, CLUSTER GETKEYSINSLOT,
CLUSTER GETSLOTMIGRATIONS, CLUSTER INFO, CLUSTER KEYSLOT, CLUSTER LINKS, CLUSTER MYID,
CLUSTER MYSHARDID, CLUSTER NODES, CLUSTER REPLICAS, CLUSTER SHARDS, CLUSTER SLAVES,
CLUSTER SLOT-STATS, CLUSTER SLOTS,
COMMAND, COMMAND COUNT, COMMAND DOCS, COMMAND GETKEYS, COMMAND GETKEYSANDFLAGS, COMMAND INFO,
COMMAND LIST, COMMANDLOG GET, COMMANDLOG LEN, CONFIG GET,
FUNCTION DUMP, FUNCTION LIST, FUNCTION STATS, HOTKEYS GET,
LATENCY DOCTOR, LATENCY GRAPH, LATENCY HISTOGRAM, LATENCY HISTORY, LATENCY LATEST,
MEMORY DOCTOR, MEMORY MALLOC-STATS, MEMORY STATS, MODULE LIST,
PUBSUB CHANNELS, PUBSUB NUMPAT, PUBSUB NUMSUB, PUBSUB SHARDCHANNELS, PUBSUB SHARDNUMSUB,
SCRIPT EXISTS, SCRIPT SHOW, SLOWLOG GET, SLOWLOG LEN`);

/** Commands of modules that read. No server here tells their facts. */
const MODULE_READS = namesIn(`
JSON.ARRINDEX, JSON.ARRLEN, JSON.GET, JSON.MGET, JSON.OBJKEYS, JSON.OBJLEN, JSON.RESP, JSON.STRLEN,
JSON.TYPE,
FT._LIST, FT.DICTDUMP, FT.EXPLAIN, FT.INFO, FT.SEARCH, FT.SPELLCHECK, FT.SUGGET, FT.SUGLEN,
FT.SYNDUMP, FT.TAGVALS,
TS.GET, TS.INFO, TS.MGET, TS.MRANGE, TS.MREVRANGE, TS.QUERYINDEX, TS.RANGE, TS.REVRANGE,
BF.CARD, BF.EXISTS, BF.INFO, BF.MEXISTS, BF.SCANDUMP,
CF.COUNT, CF.EXISTS, CF.INFO, CF.MEXISTS, CF.SCANDUMP, CMS.INFO, CMS.QUERY,
TDIGEST.BYRANK, TDIGEST.BYREVRANK, TDIGEST.CDF, TDIGEST.INFO, TDIGEST.MAX, TDIGEST.MIN,
TDIGEST.QUANTILE, TDIGEST.RANK, TDIGEST.REVRANK, TDIGEST.TRIMMED_MEAN,
TOPK.COUNT, TOPK.INFO, TOPK.LIST, TOPK.QUERY`);

/** Commands that read or write as their arguments say; here, when they read. */
const READS_IF = new Map<string, (argv: readonly Argument[]) => boolean>([
  ["ACL LOG", (argv) => wordOf(argv[2]) !== "RESET"],
  [
    "BITFIELD",
    (argv) => argv.every((_, at) => at < 2 || at % 3 !== 2 || wordOf(argv[at]) === "GET"),
  ],
  ["GEORADIUS", (argv) => keyIndexes(argv).length === 1],
  ["GEORADIUSBYMEMBER", (argv) => keyIndexes(argv).length === 1],
  ["GETEX", (argv) => argv.length === 2],
  ["HGETEX", (argv) => wordOf(argv[2]) === "FIELDS"],
  ["SORT", (argv) => keyIndexes(argv).length === 1],
]);

/** The keys of module commands that have not just one, as their first argument. */
const MODULE_KEYS = new Map(
  [
    "CMS.MERGE 1,2#",
    "JSON.DEBUG 2",
    "JSON.MGET 1..-2",
    "JSON.MSET 1..-1/3",
    "TDIGEST.MERGE 1,2#",
    "TS.CREATERULE 1..1",
    "TS.DELETERULE 1..1",
    "TS.MADD 1..-1/3",
    "TS.MGET -",
    "TS.MRANGE -",
    "TS.MREVRANGE -",
    "TS.QUERYINDEX -",
  ].map((line) => {
    const [name = "", keys = ""] = line.split(" ");
    return [name, parseKeySpecs(keys)] as const;
  }),
);
const FIRST_ARGUMENT = parseKeySpecs("1");

let entries: Map<string, Entry> | undefined;

/**
 * The facts of a command of the servers themselves; `undefined` for unknown ones and for modules'.
 *
 * @param argv the name (of a container's command two words, each an item); arguments may follow
 */
export function factsOf(argv: readonly Argument[]): CommandFacts | undefined {
  return entryOf(argv)?.facts;
}

/**
 * Whether a command only reads, so that it may be sent again when its reply was lost. `false` when
 * in doubt: unknown commands, and scripts that are not declared read-only.
 */
export function isReadOnly(argv: readonly Argument[]): boolean {
  const facts = factsOf(argv);
  if (facts === undefined) return MODULE_READS.has(wordOf(argv[0]));
  const { name } = facts;
  if (facts.isReadOnly || READS.has(name) || name.endsWith(" HELP")) return true;
  return READS_IF.get(name)?.(argv) === true;
}

/**
 * The positions of a command's keys in `argv`, ascending, as `COMMAND GETKEYS` tells them. Of an
 * unknown command the first argument is taken for its key.
 */
export function keyIndexes(argv: readonly Argument[]): readonly number[] {
  return positionsIn(argv, false);
}

/**
 * The positions that decide to which slot of a cluster a command goes: those of its keys, and of
 * what is routed like one: the channels of SPUBLISH and SSUBSCRIBE, the cursor of CLUSTERSCAN.
 */
export function slotIndexes(argv: readonly Argument[]): readonly number[] {
  return positionsIn(argv, true);
}

/** The names of all commands whose facts are known, containers included. */
export function commandNames(): string[] {
  entries ??= parseFacts();
  return [...entries.values()].flatMap(({ facts, subcommands }) => [
    facts.name,
    ...[...(subcommands?.values() ?? [])].map((entry) => entry.facts.name),
  ]);
}

function positionsIn(argv: readonly Argument[], isForSlot: boolean): number[] {
  const entry = entryOf(argv);
  if (entry === undefined) return positionsOf(argv, unknownKeys(argv), isForSlot);
  return entry.findKeys?.(argv) ?? positionsOf(argv, entry.keys, isForSlot);
}

function unknownKeys(argv: readonly Argument[]): readonly KeySpec[] {
  const name = wordOf(argv[0]);
  const isIndex = name.startsWith("FT.") && !name.startsWith("FT.SUG");
  return isIndex ? [] : (MODULE_KEYS.get(name) ?? FIRST_ARGUMENT);
}

function entryOf(argv: readonly Argument[]): Entry | undefined {
  entries ??= parseFacts();
  const name = argv[0];
  const entry = (typeof name === "string" && entries.get(name)) || entries.get(wordOf(name));
  if (entry?.subcommands === undefined || argv.length < 2) return entry;
  return entry.subcommands.get(wordOf(argv[1]));
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/,\s+/));
}

/** See the head of `facts_data.ts` for the notation. */
function parseFacts(): Map<string, Entry> {
  const parsed = new Map<string, Entry>();
  let group = "";
  for (const line of FACTS.trim().split("\n")) {
    if (line.startsWith("@")) group = line.slice(1);
    else addEntry(parsed, line.split(" "), group);
  }
  return parsed;
}

function addEntry(parsed: Map<string, Entry>, fields: readonly string[], group: string): void {
  const [words = "", arity = "", flags = "", since = "", specs = "", policies = ""] = fields;
  const [name = "", subcommand] = words.split("|");
  const [redis, valkey = redis] = since.split("/");
  const [request, response] = policies.split(":");
  const facts: CommandFacts = {
    name: subcommand === undefined ? name : `${name} ${subcommand}`,
    arity: Number(arity),
    group,
    since: { redis: redis || undefined, valkey: valkey || undefined },
    isReadOnly: flags.includes("r"),
    isWrite: flags.includes("w"),
    isBlocking: flags.includes("b"),
    isAdmin: flags.includes("a"),
    isDangerous: flags.includes("d"),
    isDeprecated: flags.includes("x"),
    isNondeterministic: flags.includes("n"),
    isCacheable: flags.includes("c"),
    requestPolicy: REQUEST_POLICIES.find((policy) => policy === request),
    responsePolicy: RESPONSE_POLICIES.find((policy) => policy === response),
  };
  const container = subcommand === undefined ? undefined : parsed.get(name)?.subcommands;
  const subcommands = flags.includes("+") ? new Map<string, Entry>() : undefined;
  (container ?? parsed).set(subcommand ?? name, {
    facts,
    keys: parseKeySpecs(specs),
    findKeys: KEY_FINDERS.get(facts.name),
    subcommands,
  });
}

/** An argument as an upper-case name; `""` for what cannot be one. */
function wordOf(argument: Argument | undefined): string {
  if (argument instanceof Uint8Array) {
    return argument.length > 32 ? "" : Buffer.from(argument).toString("latin1").toUpperCase();
  }
  return typeof argument === "string" && argument.length <= 32 ? argument.toUpperCase() : "";
}
