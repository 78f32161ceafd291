/** What a server may send before it is taken to be broken. */
export interface DecoderLimits {
  /** Of one bulk string, streamed or not. */
  readonly maxBulkBytes: number;
  /** Of one reply, on the wire. It is checked after each chunk. */
  readonly maxReplyBytes: number;
  /**
   * Of one reply, those of nested aggregates and of attributes included. A map has two per entry.
   */
  readonly maxReplyElements: number;
  /** Of aggregates within each other. */
  readonly maxDepth: number;
  /** Of one simple string, error or number. */
  readonly maxLineBytes: number;
}

/** Enough for every default of the servers, and for a `Set` and a `Map` of any reply. */
export const DEFAULT_LIMITS: DecoderLimits = {
  maxBulkBytes: 512 * 1024 * 1024,
  maxReplyBytes: 1024 * 1024 * 1024,
  maxReplyElements: 2 ** 24,
  maxDepth: 128,
  maxLineBytes: 64 * 1024,
};
