import { maskMessage } from "../command/describe.ts";
import type { AboutCommand } from "../command/reply.ts";
import { type ServerError, serverErrorClass } from "../errors.ts";
import type { Argument, ErrorReply } from "../protocol/resp.ts";
import { appliedRefused } from "./applied.ts";
import { subject } from "./failures.ts";

/**
 * The error that a server's reply to `argv` stands for.
 *
 * @param isDoubtful whether an earlier try, whose reply was lost, may have been executed
 */
export function serverError(
  reply: ErrorReply,
  argv: readonly Argument[],
  about: AboutCommand,
  isDoubtful = false,
): ServerError {
  const { code } = reply;
  const cause = maskMessage(argv, reply.message);
  const message = `${subject(about.command, about.index)} failed: ${cause}`;
  const applied = appliedRefused(argv, reply, isDoubtful);
  return new (serverErrorClass(code))(message, { ...about, code, applied, cause });
}
