import type { Request } from "../connection/request.ts";
import type { ClosedError } from "../errors.ts";
import type { Lease, Patience } from "./pool.ts";

/**
 * Where commands go: one server, or whatever stands for one. A client is given a topology, and
 * knows no other.
 */
export interface Topology {
  /** For errors: the server, or the first of them. */
  readonly address: string;
  /** Connects for the first time. @throws {ConnectError | TimeoutError | AuthenticationError} */
  connect(): Promise<void>;
  /** Sends a request where it belongs; it settles by itself. */
  send(request: Request): void;
  /** Waits until everything that was sent has left this process. @throws {ClosedError} */
  drained(): Promise<void>;
  /** Says that a request with this deadline is on its way. */
  note(deadline: number): void;
  /** A connection of one's own to the server that `send` would use. */
  lease(patience: Patience): Promise<Lease>;
  /** Digests of the scripts that the server that `send` would use is known to have. */
  readonly knownScripts: Set<string>;
  /** Waits for replies that are owed, at most `timeoutMs`, then ends. */
  close(reason: ClosedError, timeoutMs: number): Promise<void>;
  /** Ends now. */
  destroy(reason: ClosedError): void;
}
