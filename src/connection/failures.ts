import {
  AbortError,
  ClosedError,
  ConnectError,
  ConnectionLostError,
  LibraryMismatchError,
  ProtocolError,
  QueueFullError,
  RedisError,
  ServerError,
  serverErrorClass,
  TimeoutError,
  type TransportError,
} from "../errors.ts";
import type { Failure, Request } from "./request.ts";

/** What happens to commands whose connection ended for `reason`. */
export function failureOf(reason: TransportError): Failure {
  return ({ command, applied, attempts, index }) => {
    const details = { command, applied, attempts, index, address: reason.address, cause: reason };
    const what = subject(command, index);
    const message = `${what} got no reply: ${reason.message}. ${consequence(applied)}`;
    if (reason instanceof ClosedError) return new ClosedError(message, details);
    if (reason instanceof ProtocolError) return new ProtocolError(message, details);
    return new ConnectionLostError(message, details);
  };
}

/** What a value of `applied` means for the caller, in a sentence. */
function consequence(applied: false | "unknown"): string {
  return applied === false
    ? "It was not applied."
    : "It had been written, so it may or may not have been applied.";
}

/** A deadline passed. @param stallMs for how long this process did not get to read replies */
export function timeoutFailure(address: string, stallMs = 0, cause?: unknown): Failure {
  return ({ command, applied, attempts, index }) => {
    const what = subject(command, index);
    const where =
      stallMs > 0
        ? `this process's event loop was blocked for ${Math.round(stallMs)} ms`
        : attempts === 0
          ? "it was still waiting to be written"
          : "it was written and is unanswered";
    const because = cause instanceof Error ? ` (${cause.message})` : "";
    return new TimeoutError(`${what} timed out: ${where}${because}. ${consequence(applied)}`, {
      command,
      applied,
      attempts,
      index,
      address,
      cause,
    });
  };
}

/** Nothing was sent, because no connection could be had, or no library loaded. */
export function unsentFailure(address: string, cause: unknown): Failure {
  return ({ command, attempts, index }) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${subject(command, index)} was not sent: ${why}`;
    const details = { command, applied: false, attempts, index, address, cause } as const;
    if (cause instanceof AbortError)
      return new AbortError(message, { ...details, cause: cause.cause });
    if (cause instanceof ServerError) {
      const { code } = cause;
      return new (serverErrorClass(code))(message, { ...details, code });
    }
    const type = UNSENT.find((known) => cause instanceof known) ?? ConnectError;
    return new type(message, details);
  };
}

/** What else can keep a command from being sent than the lack of a connection. */
const UNSENT = [TimeoutError, ClosedError, QueueFullError, LibraryMismatchError] as const;

/** The caller's signal fired. */
export function abortFailure(address: string, reason: unknown): Failure {
  return ({ command, applied, attempts, index }) => {
    const details = { command, applied, attempts, index, address, cause: reason };
    const message = `${subject(command, index)} was aborted by its signal. ${consequence(applied)}`;
    return new AbortError(message, details);
  };
}

/** Settles what is left of a connection of one's own: nothing of it is sent elsewhere. */
export function settleUnfinished(requests: readonly Request[], failure: Failure): void {
  for (const request of requests) {
    if (!request.interrupt(failure)) continue;
    if (request.refusal === undefined) request.fail(failure);
    else request.surrender();
  }
}

/** What came up, for those who listen to errors. */
export function asRedisError(error: unknown): RedisError {
  return error instanceof RedisError ? error : new RedisError(String(error), { cause: error });
}

/** A command in a sentence; in a pipeline with its place, counted from 1. */
export function subject(command: string, index: number | undefined): string {
  return index === undefined ? command : `Command #${index + 1} (${command}) of the pipeline`;
}
