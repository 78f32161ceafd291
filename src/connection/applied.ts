/** What is known of a command's effect: the one place that decides what errors say as `applied`. */
import { factsOf, isReadOnly } from "../command/facts.ts";
import type { Argument, ErrorReply } from "../protocol/resp.ts";

/** These run other commands: their own error does not prove that nothing was changed. */
const RUN_OTHERS = new Set(["EVAL", "EVALSHA", "FCALL", "EXEC", "MIGRATE"]);

/**
 * What servers say when they refuse such a command, or the first write of its script. The author of
 * a script may have coined any code as well: only these words are a proof that nothing was changed.
 */
const OWN_WORDS: ReadonlyMap<string, RegExp> = new Map([
  ["ASK", /^ASK \d+ \S+$/],
  ["BUSY", /is busy running/],
  ["CLUSTERDOWN", /The cluster is down|Hash slot not served/],
  ["CROSSSLOT", /Keys in request don't hash to the same slot/],
  ["EXECABORT", /Transaction discarded because of/],
  ["LOADING", /is loading the dataset/],
  ["MASTERDOWN", /Link with MASTER is down/],
  ["MISCONF", /is configured to (save RDB|persist data)|Errors writing to the AOF file/],
  ["MOVED", /^MOVED \d+ \S+$/],
  ["NOAUTH", /Authentication required/],
  ["NOREPLICAS", /Not enough good replicas to write/],
  ["READONLY", /(against a|on) read ?only replica/],
  ["TRYAGAIN", /during rehashing of slot/],
]);

/** The state of a server that passes: what it refused can be sent again. */
const PASSING = new Set(["BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY", "TRYAGAIN"]);

/** These, and all of CLUSTER, are run in such a state, and can end it. */
const REMEDIES = new Set([
  "FAILOVER",
  "FUNCTION KILL",
  "REPLICAOF",
  "SCRIPT KILL",
  "SHUTDOWN",
  "SLAVEOF",
]);

/**
 * Whether a command can end a state that passes: it must not wait behind what is refused, and that
 * it is run says nothing about the state.
 */
export function isRemedy(argv: readonly Argument[]): boolean {
  const name = factsOf(argv)?.name ?? "";
  return REMEDIES.has(name) || name.startsWith("CLUSTER ");
}

/** Whether a command leaves the data as they are, so that the loss of its reply leaves no doubt. */
function changesNothing(argv: readonly Argument[]): boolean {
  return isReadOnly(argv) || argv[0] === "WATCH";
}

/**
 * For a command that has no reply.
 *
 * @param mayHaveRun whether it has been written, now or in an earlier try that was lost
 */
export function appliedUnanswered(
  argv: readonly Argument[],
  mayHaveRun: boolean,
): false | "unknown" {
  return mayHaveRun && !changesNothing(argv) ? "unknown" : false;
}

/**
 * For a command whose reply is an error.
 *
 * @param isDoubtful whether an earlier try, whose reply was lost, may have been executed
 */
export function appliedRefused(
  argv: readonly Argument[],
  reply: ErrorReply,
  isDoubtful: boolean,
): false | "unknown" {
  if (isDoubtful && !changesNothing(argv)) return "unknown";
  return !runsOthers(argv) || provesNothingRan(reply) ? false : "unknown";
}

/** Whether the server refused the command for a state that passes, before it ran anything. */
export function isPassingRefusal(argv: readonly Argument[], reply: ErrorReply): boolean {
  if (!isPassing(reply)) return false;
  return !runsOthers(argv) || provesNothingRan(reply);
}

/** Whether an error has the code of a state that passes. */
export function isPassing({ code }: ErrorReply): boolean {
  return PASSING.has(code);
}

function runsOthers(argv: readonly Argument[]): boolean {
  return RUN_OTHERS.has(factsOf(argv)?.name ?? String(argv[0]).toUpperCase());
}

function provesNothingRan({ code, message }: ErrorReply): boolean {
  return OWN_WORDS.get(code)?.test(message) ?? false;
}
