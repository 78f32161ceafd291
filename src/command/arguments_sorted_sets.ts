import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import { formatDouble, type Many, pairsOf } from "./arguments.ts";
import type { Value } from "./command.ts";

/** A member of a sorted set and its score, as `WITHSCORES` gives it. */
export interface MemberScore {
  /** Text, bytes or a number, which is sent in decimal. */
  readonly member: Value;
  /** Any number but `NaN`; infinities are allowed. */
  readonly score: number;
}

/** Members with scores: an object, a `Map`, or a list of `{ member, score }`. */
export type MemberScores =
  | Readonly<Record<string, number>>
  | ReadonlyMap<Value, number>
  | Many<MemberScore>;

/**
 * An end of a range of scores: a number or an infinity, which belongs to the range; with a bracket
 * before it (`"(1.5"`), it does not.
 */
export type ScoreBound =
  | number
  | `(${number}`
  | "inf"
  | "+inf"
  | "-inf"
  | "(inf"
  | "(+inf"
  | "(-inf";

/**
 * An end of a range of members of the same score: `"[a"` belongs to the range, `"(a"` does not;
 * `"-"` is before and `"+"` behind all members. As bytes it begins with the bracket, too.
 */
export type LexBound = `[${string}` | `(${string}` | "-" | "+" | Uint8Array;

/** Appends `score member` for every member. */
export function pushMemberScores(argv: Argument[], members: MemberScores): void {
  const before = argv.length;
  if (isList(members)) {
    for (const { member, score } of members) argv.push(formatDouble(score), member);
  } else {
    for (const [member, score] of pairsOf(argv, members, "members")) {
      argv.push(formatDouble(score), member);
    }
  }
  if (argv.length > before) return;
  throw new ArgumentError(`${String(argv[0])} needs at least one of members, but got none`, {
    command: String(argv[0]),
  });
}

function isList(members: MemberScores): members is Many<MemberScore> {
  return Array.isArray(members) || members instanceof Set;
}

/** A bound as the server reads it. */
export function formatBound(bound: ScoreBound | LexBound): Argument {
  return typeof bound === "number" ? formatDouble(bound) : bound;
}

/** How sorted sets are combined. */
export interface AggregateOptions {
  /**
   * What to multiply the scores of each set by, in the order of the keys (`WEIGHTS`); 1 unless
   * given.
   */
  readonly weights?: readonly number[] | undefined;
  /** What becomes of the scores of a member that several sets have: their sum unless given. */
  readonly aggregate?: "SUM" | "MIN" | "MAX" | undefined;
}

/** Appends `WEIGHTS` and `AGGREGATE`, those that are given. */
export function pushAggregate(
  argv: Argument[],
  keys: number,
  options: AggregateOptions | undefined,
): void {
  if (options?.weights !== undefined) {
    if (options.weights.length !== keys) throw wrongWeights(argv, keys, options.weights.length);
    argv.push("WEIGHTS");
    for (const weight of options.weights) argv.push(formatDouble(weight));
  }
  if (options?.aggregate !== undefined) argv.push("AGGREGATE", options.aggregate);
}

function wrongWeights(argv: readonly Argument[], keys: number, weights: number): ArgumentError {
  const command = String(argv[0]);
  const message = `${command} needs as many weights as keys, but got ${weights} for ${keys}`;
  return new ArgumentError(message, { command });
}
