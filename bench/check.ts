/**
 * Whether replies are what they must be: no client is fast that reads wrongly. Clients give the
 * same reply different shapes, all of which are known here. Checks make hardly any garbage, which
 * would be collected in the timed part.
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

function checkReply(call: Call, reply: unknown): void {
  if (reply instanceof Counted || isRight(call, reply)) return;
  const shown = inspect(reply).replaceAll(/\s+/g, " ").slice(0, 80);
  throw new Error(`A wrong reply to ${call.name} ${call.key}: ${shown}`);
}

function isRight({ name, expected }: Call, reply: unknown): boolean {
  if (reply === expected) return true;
  if (Buffer.isBuffer(expected)) return Buffer.isBuffer(reply) && expected.equals(reply);
  if (typeof expected !== "object") return name === "SET" && reply === true;
  if (name === "HGETALL") return isHash(expected, reply);
  if (!Array.isArray(reply)) return false;
  return name === "ZRANGE" ? isScored(expected, reply) : isList(expected, reply);
}

function isList(expected: readonly unknown[], reply: readonly unknown[]): boolean {
  return reply.length === expected.length && expected.every((item, index) => reply[index] === item);
}

type List = Exclude<Expected, string | number | Buffer>;

/** An object, or fields and values in turn, or objects of a field and a value; in any order. */
function isHash(expected: List, reply: unknown): boolean {
  if (typeof reply !== "object" || reply === null) return false;
  const found = (Array.isArray(reply) ? pairUp(reply) : reply) as Record<string, unknown>;
  if (Object.keys(found).length * 2 !== expected.length) return false;
  return expected.every((item, at) => at % 2 === 1 || found[String(item)] === expected[at + 1]);
}

function pairUp(list: readonly unknown[]): object {
  if (typeof list[0] !== "object") {
    return Object.fromEntries(
      list.flatMap((field, at) => (at % 2 ? [] : [[String(field), list[at + 1]]])),
    );
  }
  return Object.fromEntries(
    (list as readonly Record<string, unknown>[]).map(({ field, key, value }) => {
      return [String(field ?? key), value];
    }),
  );
}

/**
 * Members and scores in turn, scores also as text; or pairs of them, as arrays or as objects of a
 * member (or value, or element) and a score.
 */
function isScored(expected: List, reply: readonly unknown[]): boolean {
  if (typeof reply[0] !== "object") {
    if (reply.length !== expected.length) return false;
    return expected.every((item, at) => (at % 2 ? Number(reply[at]) : reply[at]) === item);
  }
  if (reply.length * 2 !== expected.length) return false;
  return reply.every((item, index) => {
    const [member, score] = Array.isArray(item) ? (item as unknown[]) : pairOf(item);
    return member === expected[index * 2] && score === expected[index * 2 + 1];
  });
}

function pairOf(item: unknown): readonly unknown[] {
  const { member, value, element, score } = item as Record<string, unknown>;
  return [member ?? value ?? element, score];
}
