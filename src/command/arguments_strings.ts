import type { Argument } from "../protocol/resp.ts";
import type { ExactlyOne } from "./arguments.ts";
import type { Value } from "./command.ts";

/**
 * A condition on the value that a key holds. A missing key equals nothing: it fails `equals` and
 * `digestEquals`, and meets the other two.
 */
export type ValueCondition = ExactlyOne<{
  /** The value is this (`IFEQ`). @since Redis 8.4.0, Valkey 8.1.0 */
  readonly equals: Value;
  /** The value is not this (`IFNE`). @since Redis 8.4.0 */
  readonly notEquals: Value;
  /** The value's {@link ConditionalStringCommands.digest} is this (`IFDEQ`). @since Redis 8.4.0 */
  readonly digestEquals: string;
  /** The value's digest is not this (`IFDNE`). @since Redis 8.4.0 */
  readonly digestNotEquals: string;
}>;

/** Appends the one condition that is given. */
export function pushValueCondition(argv: Argument[], condition: ValueCondition): void {
  if (condition.equals !== undefined) argv.push("IFEQ", condition.equals);
  else if (condition.notEquals !== undefined) argv.push("IFNE", condition.notEquals);
  else if (condition.digestEquals !== undefined) argv.push("IFDEQ", condition.digestEquals);
  else argv.push("IFDNE", condition.digestNotEquals);
}
