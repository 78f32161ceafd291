/**
 * Bulk work: so many calls that nobody keeps all replies.
 */
import type { Call } from "./call.ts";
import { checkReplies } from "./check.ts";
import { type Connection, Counted } from "./client.ts";

/** What a client that has nothing for bulk work sends at once. */
const PIECE = 10_000;

/** Sends all calls as users would: by the client's means, else in one pipeline after another. */
export async function inBulk(connection: Connection, calls: readonly Call[]): Promise<Counted> {
  if (connection.stream !== undefined) return connection.stream(calls);
  for (let at = 0; at < calls.length; at += PIECE) {
    const piece = calls.slice(at, at + PIECE);
    checkReplies(piece, await connection.pipeline(piece, false));
  }
  return new Counted(calls.length);
}
