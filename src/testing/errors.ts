import { type ErrorDetails, RedisError } from "../errors.ts";

/** No server program was found. The message says where it was looked for and how to get one. */
export class ServerNotFoundError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "SERVER_NOT_FOUND", ...details });
  }
}

/**
 * A server program was found but did not get ready. The message ends with the server's log. The
 * code `"ADDRESS_IN_USE"` says that another process has its port.
 */
export class ServerStartError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "SERVER_START", ...details });
  }
}

/**
 * A client did not follow the script of a scripted server. The message says at which step, what was
 * expected there, and what came.
 */
export class ScriptError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "SCRIPT", ...details });
  }
}
