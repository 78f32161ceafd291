import { describeCommand, maskMessage } from "../command/describe.ts";
import { type ServerError, serverErrorClass } from "../errors.ts";
import type { Argument, ErrorReply } from "../protocol/resp.ts";
import { appliedRefused } from "./applied.ts";
import { subject } from "./failures.ts";

/** Where an error came up. */
export interface Place {
  readonly address: string;
  /** The position in a pipeline, from 0; `undefined` for a command on its own. */
  readonly index?: number | undefined;
  /** Whether an earlier try, whose reply was lost, may have been executed. */
  readonly isDoubtful?: boolean;
  /** How many times the command was tried. */
  readonly attempts?: number;
}

/**
 * The error that a server's reply to `argv` stands for.
 */
export function serverError(
  reply: ErrorReply,
  argv: readonly Argument[],
  { address, index, isDoubtful = false, attempts }: Place,
): ServerError {
  const command = describeCommand(argv);
  const { code } = reply;
  const message = maskMessage(argv, reply.message);
  return new (serverErrorClass(code))(`${subject(command, index)} failed: ${message}`, {
    code,
    command,
    index,
    address,
    applied: appliedRefused(argv, reply, isDoubtful),
    attempts,
    cause: message,
  });
}
