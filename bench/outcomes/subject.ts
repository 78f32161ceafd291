/**
 * What a client must be able to do to be tried: the same few acts for each.
 */

/** A connected client. */
export interface Subject {
  incr(key: string): Promise<unknown>;
  /** MULTI, two INCRs, EXEC. */
  incrTwice(key: string): Promise<unknown>;
  /** WATCH, GET, then what `between` does, then MULTI, SET of one more, EXEC. */
  increment(key: string, between: () => Promise<void>): Promise<unknown>;
  /** MULTI, SET of three keys, the second without a value, EXEC. */
  setWithoutValue(keys: readonly [string, string, string]): Promise<unknown>;
  /** Ends it without waiting for what it still owes. */
  end(): void;
}

/** A client that can be tried. */
export interface Candidate {
  readonly name: string;
  readonly connect: (url: string) => Promise<Subject>;
}
