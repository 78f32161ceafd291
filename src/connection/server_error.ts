import { describeCommand, maskMessage } from "../command/describe.ts";
import { factsOf } from "../command/facts.ts";
import { neverRan, type ServerError, serverErrorClass } from "../errors.ts";
import type { Argument, ErrorReply } from "../protocol/resp.ts";
import { subject } from "./failures.ts";

/** Commands whose own error does not prove that nothing was changed: they run others. */
const MAY_HAVE_APPLIED = new Set(["EVAL", "EVALSHA", "FCALL", "EXEC", "MIGRATE"]);

/** Where an error came up. */
export interface Place {
  readonly address: string;
  /** The position in a pipeline, from 0; `undefined` for a command on its own. */
  readonly index?: number | undefined;
  /** Whether an earlier try, whose reply was lost, may have been executed. */
  readonly isDoubtful?: boolean;
}

/**
 * The error that a server's reply to `argv` stands for.
 */
export function serverError(
  reply: ErrorReply,
  argv: readonly Argument[],
  { address, index, isDoubtful = false }: Place,
): ServerError {
  const command = describeCommand(argv);
  const { code } = reply;
  const message = maskMessage(argv, reply.message);
  return new (serverErrorClass(code))(`${subject(command, index)} failed: ${message}`, {
    code,
    command,
    index,
    address,
    applied: isDoubtful || mayHaveApplied(argv, code) ? "unknown" : false,
    cause: message,
  });
}

function mayHaveApplied(argv: readonly Argument[], code: string): boolean {
  if (neverRan(code)) return false;
  return MAY_HAVE_APPLIED.has(factsOf(argv)?.name ?? String(argv[0]).toUpperCase());
}
