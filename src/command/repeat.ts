import type { Argument } from "../protocol/resp.ts";
import { factsOf, isReadOnly } from "./facts.ts";

/**
 * What is sent again when a connection was lost after it had been written and before its reply
 * came: nothing (`"never"`); reads (`"reads"`, the default); also writes that change neither data
 * nor reply when they run twice (`"idempotent"`), as long as nobody else writes the key between;
 * everything (`"always"`), which can apply a write twice. But for `"never"`, commands that the
 * server refused for a state that passes (LOADING, BUSY …) are sent again as well: they have not
 * run.
 */
export type RetryPolicy = "never" | "reads" | "idempotent" | "always";

/** The policies, for checks. */
export const RETRY_POLICIES: readonly RetryPolicy[] = ["never", "reads", "idempotent", "always"];

/** Whether a command that was written and has no reply may be sent again under `policy`. */
export function mayRepeat(argv: readonly Argument[], policy: RetryPolicy = "reads"): boolean {
  if (policy === "never") return false;
  if (policy === "always" || isReadOnly(argv)) return true;
  return policy === "idempotent" && isIdempotent(argv);
}

/** Arguments in capitals, for looking up options; numbers as digits. */
type Words = readonly string[];
type Condition = (words: Words) => boolean;

const always: Condition = () => true;

/** None of these options is given, wherever it stands. */
function without(...options: readonly string[]): Condition {
  return (words) => !words.some((one) => options.includes(one));
}

/** The option is given, not before position `from`: a key may have its name. */
function having(option: string, from: number): Condition {
  return (words) => words.includes(option, from);
}

function both(one: Condition, other: Condition): Condition {
  return (words) => one(words) && other(words);
}

/** With XX it does nothing the second time, if the point in time was past the first time. */
const lastsIfPresent: Condition = (words) =>
  !words.includes("XX") || without("EX", "PX", "EXAT", "PXAT")(words);

/** An expiry of 0 or less deletes the key, and the second time there is none. */
const inFuture: Condition = (words) => Number(words[2]) > 0;

/** The key at `target` is none from `first` on: what is stored is no source of itself. */
function storesElsewhere(target: number, first: number): Condition {
  return (words) => !words.slice(first).includes(words[target] ?? "");
}

/**
 * Writes that leave the same data and give the same reply when they run twice in a row. What is
 * not here is not repeated; a test runs every row, and every other write, twice on real servers.
 * Expiry is set again as if the command had been sent later. EXPIREAT is not here, because in the
 * past it is a DEL, and whose past it is only the server knows.
 */
const IDEMPOTENT: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ["SET", both(without("NX", "GET", "IFEQ", "IFNE", "IFDEQ", "IFDNE"), lastsIfPresent)],
  ["MSET", always],
  ["SETEX", always],
  ["PSETEX", always],
  ["SETRANGE", always],
  ["HMSET", always],
  ["LSET", always],
  ["EXPIRE", both(without("NX", "GT", "LT"), inFuture)],
  ["PEXPIRE", both(without("NX", "GT", "LT"), inFuture)],
  ["COPY", having("REPLACE", 3)],
  ["RESTORE", having("REPLACE", 4)],
  ["BITOP", storesElsewhere(2, 3)],
  ["PFMERGE", always],
  ["SINTERSTORE", storesElsewhere(1, 2)],
  ["SUNIONSTORE", storesElsewhere(1, 2)],
  ["SDIFFSTORE", storesElsewhere(1, 2)],
  ["ZINTERSTORE", storesElsewhere(1, 3)],
  ["ZUNIONSTORE", storesElsewhere(1, 3)],
  ["ZDIFFSTORE", storesElsewhere(1, 3)],
  ["ZRANGESTORE", storesElsewhere(1, 2)],
  ["GEOSEARCHSTORE", storesElsewhere(1, 2)],
  ["FLUSHDB", always],
  ["FLUSHALL", always],
  ["SCRIPT LOAD", always],
  ["CONFIG SET", always],
]);

/** Whether running `argv` twice in a row is the same as once, for data and reply. */
export function isIdempotent(argv: readonly Argument[]): boolean {
  const name = factsOf(argv)?.name;
  const condition = name === undefined ? undefined : IDEMPOTENT.get(name);
  return condition?.(argv.map(word)) === true;
}

function word(argument: Argument): string {
  // Latin-1 keeps different bytes different; capitals let options be found in any spelling. Two
  // keys that differ in case alone count as one, which only makes less be repeated.
  const bytes =
    argument instanceof Uint8Array ? Buffer.from(argument) : Buffer.from(String(argument));
  return bytes.toString("latin1").toUpperCase();
}
