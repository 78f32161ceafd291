/**
 * What a client must be able to do to be measured: one small file in `clients/` for each.
 */
import type { Call } from "./call.ts";

/** Instead of replies, for a client that only counts them. */
export class Counted {
  readonly replies: number;

  constructor(replies: number) {
    this.replies = replies;
  }
}

export type Replies = readonly unknown[] | Counted;

/** A connected client. */
export interface Connection {
  /** Sends all in one pipeline, or between MULTI and EXEC. */
  pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies>;
  /** Sends all in constant memory and only counts the replies, if the client has a way to. */
  stream?(calls: readonly Call[]): Promise<Counted>;
  /** Issues all calls at once, each for itself. */
  concurrent(calls: readonly Call[]): Promise<Replies>;
  /** Queues all in a pipeline that is never executed; absent where there are no pipelines. */
  queue?(calls: readonly Call[]): unknown;
  /** Issues one call. */
  send(call: Call): Promise<unknown>;
  /** WATCH, GET, MULTI, SET, EXEC; resolves to the new number. */
  increment(key: string): Promise<number>;
  close(): Promise<void>;
}

/** Connects to a server of this machine. */
export type Open = (port: number) => Promise<Connection>;

/** A client that can be measured. */
export interface Client {
  readonly name: string;
  /** How it is set up, for the reader of the figures. */
  readonly setup: string;
  /** Whose version is stated, and what must be installed; see `peers.ts`. */
  readonly package: string | undefined;
  /** Large: measured only on request. */
  readonly isPeer: boolean;
  /** What runs its process. */
  readonly runtime: "node" | "bun";
  /** Another Node than this one, and the name of the client as it is known without that. */
  readonly other?: { readonly program: string; readonly name: string };
  /** Loads only this client. */
  readonly load: () => Promise<Open>;
}
