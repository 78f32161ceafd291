/**
 * Every error that typedis throws or rejects with, and the one table from a server's error code to
 * its class. All extend {@link RedisError}; nothing else leaves the library, except what a user's
 * own callback throws.
 */

/**
 * Whether the command that failed can have changed data: `false` (it did not run), `"unknown"` (it
 * was written and its reply was lost) or `true` (it ran; only its reply could not be read).
 */
export type Applied = boolean | "unknown";

/** What an error knows about its circumstances. */
export interface ErrorDetails {
  /** Short and stable: the server's error code (`"WRONGTYPE"`), or one of typedis's own. */
  readonly code?: string | undefined;
  /** The command with shortened arguments, secrets masked: `"INCR foo"`. */
  readonly command?: string | undefined;
  /** Position of the command in its pipeline, from 0. */
  readonly index?: number | undefined;
  /** The server: `"127.0.0.1:6379"` or the path of a unix socket. */
  readonly address?: string | undefined;
  readonly applied?: Applied | undefined;
  /** How many times the operation was tried. */
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The base class of every typedis error. Instances are data: they hold no connection and no secret.
 */
export class RedisError extends Error {
  /** Short and stable: the server's error code (`"WRONGTYPE"`), or one of typedis's own. */
  readonly code: string;
  /** The command with shortened arguments, secrets masked: `"INCR foo"`. */
  readonly command: string | undefined;
  /** Position of the command in its pipeline, from 0; `undefined` outside a pipeline. */
  readonly index: number | undefined;
  /** The server: `"127.0.0.1:6379"` or the path of a unix socket. */
  readonly address: string | undefined;
  /** Whether the command can have changed data; `undefined` where no command is concerned. */
  readonly applied: Applied | undefined;
  /** How many times the operation was tried. */
  readonly attempts: number | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code ?? "ERR";
    this.command = details.command;
    this.index = details.index;
    this.address = details.address;
    this.applied = details.applied;
    this.attempts = details.attempts;
  }
}

/**
 * A caller's mistake: an argument that no command can carry. Thrown at the call; nothing was sent.
 */
export class ArgumentError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ARGUMENT", applied: false, ...details });
  }
}

/** A caller's mistake in a URL or in options. Thrown at the call; nothing was opened. */
export class OptionsError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "OPTIONS", ...details });
  }
}

/** A pipeline or one of its handles was used in a state that does not allow it. */
export class PipelineStateError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "PIPELINE_STATE", applied: false, ...details });
  }
}

/** The server has another program under a library's name; the function was not called. */
export class LibraryMismatchError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "LIBRARY_MISMATCH", applied: false, ...details });
  }
}

/** A value was read that the command's type does not allow: the command itself has run. */
export class DecodeError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "DECODE", applied: true, ...details });
  }
}

/** Why a {@link WatchError} happened. */
export type WatchReason = "conflict" | "connection-lost" | "moved";

/** Optimistic locking failed: nothing was applied, and the whole transaction may be tried again. */
export class WatchError extends RedisError {
  /**
   * `"conflict"`: a watched key changed. Else the connection that held the WATCH was lost, or the
   * slot moved.
   */
  readonly reason: WatchReason;

  constructor(message: string, details: ErrorDetails & { readonly reason: WatchReason }) {
    super(message, { code: "WATCH", applied: false, ...details });
    this.reason = details.reason;
  }
}

/** Another command made the server abort the transaction: this one was not applied. */
export class TransactionAbortedError extends RedisError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "EXECABORT", applied: false, ...details });
  }
}

/** How far a `redis.stream()` has come. */
export interface PipelineStreamProgress {
  /** Items whose batch has its outcome, those that failed included. */
  readonly items: number;
  /** Commands of these items. */
  readonly commands: number;
  /** Batches that these items travelled in. */
  readonly batches: number;
  /** Items of which a command failed. */
  readonly errors: number;
}

/**
 * An item of a `redis.stream()` failed, and no further batch was sent. `cause` is the error of its
 * first command that failed; `code`, `command`, `index` and `applied` are those of the cause.
 */
export class PipelineStreamError extends RedisError {
  /** The position of the item in the source, from 0. */
  readonly item: number;
  /**
   * What had been done when the stream ended: so many `items`, counted from the first, were sent
   * and have their outcome; nothing was sent of any later one.
   */
  readonly progress: PipelineStreamProgress;

  constructor(
    message: string,
    details: ErrorDetails & { readonly item: number; readonly progress: PipelineStreamProgress },
  ) {
    super(message, details);
    this.item = details.item;
    this.progress = details.progress;
  }
}

/**
 * Something between typedis and the server failed; `applied` says what that means for the command.
 */
export class TransportError extends RedisError {}

/** The connection broke. `applied` is `false` for commands that were never written. */
export class ConnectionLostError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "CONNECTION_LOST", ...details });
  }
}

/**
 * No connection could be made: refused, unknown host, TLS, or a server that speaks something else.
 */
export class ConnectError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "CONNECT", applied: false, attempts: 1, ...details });
  }
}

/** A deadline passed. */
export class TimeoutError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "TIMEOUT", ...details });
  }
}

/** The caller's `AbortSignal` fired; `cause` is its reason. */
export class AbortError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ABORTED", ...details });
  }
}

/** The client was closed or destroyed before the command had its reply. */
export class ClosedError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "CLOSED", ...details });
  }
}

/** A limit on waiting work was reached; the command was not sent. */
export class QueueFullError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "QUEUE_FULL", applied: false, ...details });
  }
}

/**
 * The bytes that arrived are no valid RESP, or nobody asked for them. The connection is destroyed.
 */
export class ProtocolError extends TransportError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "PROTOCOL", ...details });
  }
}

/** The server answered with an error. `code` is its first word; `cause` holds the original text. */
export class ServerError extends RedisError {}

/** The key holds another type than the command works on. */
export class WrongTypeError extends ServerError {}
/** The script is not in the server's cache. */
export class NoScriptError extends ServerError {}
/** The ACL user may not do this. */
export class PermissionError extends ServerError {}
/** User name or password are wrong, or missing. */
export class AuthenticationError extends ServerError {}
/** The server is at its memory limit and refuses writes. */
export class OutOfMemoryError extends ServerError {}
/** The server is loading its data. */
export class LoadingError extends ServerError {}
/** A script or module keeps the server busy. */
export class BusyError extends ServerError {}
/** The server is a replica and refuses writes. */
export class ReadOnlyError extends ServerError {}
/** The replica has lost its primary and refuses stale reads. */
export class MasterDownError extends ServerError {}
/** Too few replicas are connected for a write. */
export class NoReplicasError extends ServerError {}
/** The server cannot save to disk and refuses writes. */
export class PersistenceError extends ServerError {}
/** The cluster does not serve this slot now. */
export class ClusterDownError extends ServerError {}
/** The slot lives on another node. */
export class MovedError extends ServerError {}
/** The key is being moved to another node. */
export class AskError extends ServerError {}
/** The keys of one command are being moved and are on two nodes now. */
export class TryAgainError extends ServerError {}
/** The keys of one command or transaction belong to different slots. */
export class CrossSlotError extends ServerError {}
/** EXEC refused: a queued command had been rejected. */
export class ExecAbortError extends ServerError {}
/** The consumer group exists already. */
export class BusyGroupError extends ServerError {}
/** The consumer group does not exist. */
export class NoGroupError extends ServerError {}
/** The target key exists already. */
export class BusyKeyError extends ServerError {}
/** The blocked client was unblocked by `CLIENT UNBLOCK … ERROR`. */
export class UnblockedError extends ServerError {}

type ServerErrorClass = new (message: string, details?: ErrorDetails) => ServerError;

/** The class of the errors with a server's code. */
const SERVER_ERRORS = new Map<string, ServerErrorClass>([
  ["ASK", AskError],
  ["BUSY", BusyError],
  ["BUSYGROUP", BusyGroupError],
  ["BUSYKEY", BusyKeyError],
  ["CLUSTERDOWN", ClusterDownError],
  ["CROSSSLOT", CrossSlotError],
  ["DENIED", AuthenticationError],
  ["EXECABORT", ExecAbortError],
  ["LOADING", LoadingError],
  ["MASTERDOWN", MasterDownError],
  ["MISCONF", PersistenceError],
  ["MOVED", MovedError],
  ["NOAUTH", AuthenticationError],
  ["NOGROUP", NoGroupError],
  ["NOPERM", PermissionError],
  ["NOREPLICAS", NoReplicasError],
  ["NOSCRIPT", NoScriptError],
  ["OOM", OutOfMemoryError],
  ["READONLY", ReadOnlyError],
  ["TRYAGAIN", TryAgainError],
  ["UNBLOCKED", UnblockedError],
  ["WRONGPASS", AuthenticationError],
  ["WRONGTYPE", WrongTypeError],
]);

/** The class of the error that a server's `code` stands for. */
export function serverErrorClass(code: string): ServerErrorClass {
  return SERVER_ERRORS.get(code) ?? ServerError;
}
