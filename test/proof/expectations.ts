import type { TestServer } from "../../src/testing/index.ts";
import { isAtLeast } from "./prepare.ts";

/** Since when servers know an option; a kind of server that is left out does not know it. */
interface OptionSince {
  /** Calls that use the option. */
  readonly calls: RegExp;
  readonly redis?: string;
  readonly valkey?: string;
}

/** Options that are younger than their commands, or that one kind of server alone has. */
const OPTIONS: readonly OptionSince[] = [
  { calls: /^SET .* IFEQ /, redis: "8.4", valkey: "8.1" },
  { calls: /^SET .* (IFNE|IFDEQ|IFDNE) /, redis: "8.4" },
  { calls: /^BITOP (DIFF|DIFF1|ANDOR|ONE) /, redis: "8.2" },
  { calls: /^HSCAN .* NOVALUES/, redis: "7.4", valkey: "8.0" },
  { calls: /^HSETEX hash (NX|XX) /, valkey: "9.0" },
  { calls: /^Z(REV)?RANK .* WITHSCORE/, redis: "7.2", valkey: "7.2" },
  { calls: /^ZSCAN .* NOSCORES/, valkey: "8.0" },
  { calls: /^GEOSEARCH.* BYPOLYGON /, valkey: "9.0" },
  { calls: /^X(ADD|TRIM) .* (KEEPREF|DELREF|ACKED)/, redis: "8.2" },
  { calls: /^XADD .* (IDMP|IDMPAUTO) /, redis: "8.6" },
  { calls: /^XREADGROUP .* CLAIM /, redis: "8.4" },
  { calls: /^CLIENT KILL .*MAXAGE /, redis: "7.4", valkey: "8.0" },
  { calls: /^CLIENT KILL ID \d+ \d+/, valkey: "8.1" },
  { calls: /^CLIENT LIST .*(USER|SKIPME) /, valkey: "8.1" },
  { calls: /^CLIENT (KILL|LIST) .*(NOT-|LIB-NAME)/, valkey: "9.0" },
  { calls: /^BGSAVE CANCEL/, valkey: "8.1" },
  { calls: /^CLUSTER SETSLOT .* TIMEOUT /, valkey: "8.0" },
  { calls: /^CLUSTER REPLICATE NO ONE/, valkey: "9.0" },
  { calls: /^SHUTDOWN .*(SAFE|FAILOVER)/, valkey: "9.0" },
];

/** Whether a server whose command this is knows all options of a call, too. */
export function knowsOptions({ kind, version }: TestServer, call: string): boolean {
  const wanted = OPTIONS.filter(({ calls }) => calls.test(call));
  return wanted.every((option) => {
    const since = option[kind];
    return since !== undefined && isAtLeast(version, since);
  });
}

/** The patterns of the tables that fit no call. */
export function unusedPatterns(calls: readonly string[]): RegExp[] {
  const patterns = [
    ...OPTIONS.map((option) => option.calls),
    ...[...CHANGING, ...UNORDERED, ...UNREPEATABLE].map(([pattern]) => pattern),
  ];
  return patterns.filter((pattern) => !calls.some((call) => pattern.test(call)));
}

/** What a server says to a call whose words it does not understand. */
export const MISUNDERSTOOD =
  /syntax error|number of arguments|unknown (sub)?(command|argument)|Invalid (stream|client) ID/i;

/** What a server may say to a call that it has understood. */
export const UNDERSTOOD: readonly (readonly [error: RegExp, because: string])[] = [
  [/^ERR value is not an integer or out of range/, "INCR of a text"],
  [/^ERR index out of range/, "LSET behind the end"],
  [/^ERR no such key/, "RENAME of nothing"],
  [/^BUSYKEY /, "RESTORE over a key"],
  [/^BUSYGROUP /, "XGROUP CREATE of a group that is there"],
  [/^NOTBUSY /, "nothing to kill"],
  [/^IOERR /, "MIGRATE to where nobody listens"],
  [/^ERR Library not found/, "FUNCTION DELETE of none"],
  [/^ERR Library '?library'? already exists/, "without REPLACE"],
  [/^ERR No such client/, "CLIENT KILL of an address without one"],
  [/^ERR No samples available for event/, "the server was quick"],
  [/^ERR Error (un)?loading( the extension|.*no such module)/, "there is no such module"],
  [/not configured to use an ACL file/, "the server was started without"],
  [/^ERR WAITAOF cannot be used .* appendonly is disabled/, "the server was started without"],
  [/^ERR An LFU maxmemory policy is not selected/, "the server was started without"],
  [/^ERR SLOTS parameter cannot be used in non-cluster mode/, "the server is no cluster"],
  [/^ERR .*(already in progress|child process is active|not in progress)/, "of another save"],
  [/^ERR (This instance has cluster|FAILOVER requires connected replicas)/, "it is alone"],
  [/^ERR No (failover|shutdown) in progress/, "nothing to abort"],
  [/^ERR No migrations ongoing/, "nothing to cancel"],
  [/^ERR SHUTDOWN FAILOVER is only supported in cluster mode/, "the server is no cluster"],
  [/^ERR (Unknown node|I don't know about node) /, "there is no such node"],
  [/^ERR this node is already the owner of the slot range/, "as it was before"],
  [/^ERR You should send CLUSTER FAILOVER to a replica/, "it is a primary"],
  [/^ERR Slot \d+ is already (busy|unassigned)/, "as it was before"],
];

/** Calls whose reply depends on the time, on chance or on what else the server does. */
export const CHANGING: readonly (readonly [calls: RegExp, because: string])[] = [
  [/^(P?TTL|HP?TTL|OBJECT IDLETIME|TIME|LASTSAVE)\b/, "time goes by"],
  [/^XADD \S+ (NOMKSTREAM |IDMP.* )?\* /, "the id is the time"],
  [/^(XPENDING .* \+ |XINFO CONSUMERS|XINFO STREAM .* FULL)/, "time goes by"],
  [/^(RANDOMKEY|LOLWUT|ACL GENPASS)/, "chance"],
  [/^CLIENT (ID|INFO|LIST)/, "each connection has its own"],
  [/^(INFO|MEMORY|LATENCY|SLOWLOG|COMMANDLOG)\b/, "the server tells of itself"],
  [/^CLUSTER (MYID|MYSHARDID|NODES|SHARDS|SLOTS|INFO)/, "each reset gives a new id"],
  [/^CLUSTER (BUMPEPOCH|MIGRATION IMPORT)/, "something new each time"],
];

/**
 * Calls that answer in the order of a hash table: another one before and after the server has made
 * it larger or smaller, which it does step by step, and in its own time.
 */
export const UNORDERED: readonly (readonly [calls: RegExp, because: string])[] = [
  [/^SCAN /, "the table of the keys"],
  [/^COMMAND( DOCS| LIST)?$/, "the table of the commands"],
];

/** Calls that go another way with each run: they are only understood. */
export const UNREPEATABLE: readonly (readonly [calls: RegExp, because: string])[] = [
  [/^(BGSAVE|BGREWRITEAOF|SAVE)/, "another save may be in progress"],
  [/^HGETALL single_field$/, "as a raw call it is what the protocol says"],
];

/** Whether a call is in one of the tables. */
export function isIn(
  table: readonly (readonly [calls: RegExp, because: string])[],
  text: string,
): boolean {
  return table.some(([pattern]) => pattern.test(text));
}
