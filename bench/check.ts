/**
 * Whether replies are what they must be: no client is fast that reads wrongly. Clients give the
 * same reply different shapes; all are brought to one before they are compared.
 */
import { inspect } from "node:util";
import type { Call, Expected } from "./call.ts";
import { Counted, type Replies } from "./client.ts";

/** @throws {Error} that names the first call whose reply is wrong */
export function checkReplies(calls: readonly Call[], replies: Replies): void {
  const count = replies instanceof Counted ? replies.replies : replies.length;
  if (count !== calls.length) throw new Error(`${count} replies to ${calls.length} calls`);
  if (replies instanceof Counted) return;
  for (const [index, call] of calls.entries()) checkReply(call, replies[index]);
}

/** The same for one reply. */
export function checkReply(call: Call, reply: unknown): void {
  if (reply instanceof Counted) return;
  if (isAsExpected(call.expected, flatten(call, reply))) return;
  const shown = inspect(reply, { breakLength: Infinity }).slice(0, 200);
  throw new Error(`A wrong reply to ${call.name} ${call.key}: ${shown}`);
}

function flatten(call: Call, reply: unknown): unknown {
  if (reply === true) return call.name === "SET" ? "OK" : 1;
  if (call.name === "HGETALL") return flatHash(reply);
  return call.name === "ZRANGE" ? flatScores(reply) : reply;
}

function flatHash(reply: unknown): unknown {
  if (Array.isArray(reply) || typeof reply !== "object" || reply === null) return reply;
  return (reply instanceof Map ? [...reply] : Object.entries(reply)).flat();
}

function flatScores(reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  return reply.flatMap((item: unknown, index) => {
    if (typeof item === "object" && item !== null) {
      const { member, value, score } = item as Record<string, unknown>;
      return [member ?? value, score];
    }
    return index % 2 === 0 ? item : Number(item);
  });
}

function isAsExpected(expected: Expected, reply: unknown): boolean {
  if (Buffer.isBuffer(expected)) return Buffer.isBuffer(reply) && expected.equals(reply);
  if (typeof expected !== "object") return reply === expected;
  if (!Array.isArray(reply) || reply.length !== expected.length) return false;
  return expected.every((item, index) => reply[index] === item);
}
