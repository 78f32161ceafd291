import type { Argument } from "../protocol/resp.ts";

/** What decides on which connection a command may travel. A sum of the flags below, or `PLAIN`. */
export type Traits = number;
/** An ordinary command. */
export const PLAIN: Traits = 0;
/** May make the connection wait: needs one of its own. */
export const BLOCKING: Traits = 1;
/** Changes what later commands on the connection mean: no shared connection can carry it. */
export const STATEFUL: Traits = 2;
/** A `ScriptCommand`: the server must have its script. */
export const SCRIPT: Traits = 4;

const BLOCKING_NAMES = new Set(
  "BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF".split(" "),
);
const BLOCKING_WITH_OPTION = new Set(["XREAD", "XREADGROUP"]);
const STATEFUL_NAMES = new Set(
  (
    "ASKING AUTH DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY " +
    "READWRITE REPLCONF RESET SELECT SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE " +
    "UNWATCH WATCH"
  ).split(" "),
);
const STATEFUL_CLIENT = new Set(
  "CACHING CAPA IMPORT-SOURCE NO-EVICT NO-TOUCH REPLY SETINFO SETNAME TRACKING".split(" "),
);

/** The traits of a command that no declared method made (`redis.call()`, `new Command()`). */
export function traitsOf(argv: readonly Argument[]): Traits {
  const name = word(argv[0]);
  if (STATEFUL_NAMES.has(name)) return STATEFUL;
  if (name === "CLIENT" && STATEFUL_CLIENT.has(word(argv[1]))) return STATEFUL;
  if (name === "SCRIPT" && word(argv[1]) === "DEBUG") return STATEFUL;
  if (BLOCKING_NAMES.has(name)) return BLOCKING;
  if (BLOCKING_WITH_OPTION.has(name) && blockOptionAt(argv) > 0) return BLOCKING;
  return PLAIN;
}

/** Where the option `BLOCK` of XREAD or XREADGROUP stands; -1 if it is not there. */
export function blockOptionAt(argv: readonly Argument[]): number {
  for (let index = 1; index < argv.length; index += 1) {
    const option = word(argv[index]);
    if (option === "BLOCK") return index;
    // What follows are keys, which may have any name; so may a group and a consumer.
    if (option === "STREAMS") return -1;
    if (option === "GROUP") index += 2;
  }
  return -1;
}

/** An argument as an upper-case token; `""` for what cannot be one. */
function word(argument: Argument | undefined): string {
  if (argument instanceof Uint8Array) {
    return argument.length > 32 ? "" : Buffer.from(argument).toString("latin1").toUpperCase();
  }
  return typeof argument === "string" && argument.length <= 32 ? argument.toUpperCase() : "";
}
