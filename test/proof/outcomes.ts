import { command } from "../../src/client/builder.ts";
import type { Redis } from "../../src/client/redis.ts";
import type { Command } from "../../src/command/command.ts";
import { isReadOnly } from "../../src/command/facts.ts";
import { ServerError } from "../../src/errors.ts";
import type { Sample } from "../support/sample_calls.ts";

/** How a call ended: with a value, or with an error's text. */
export type Outcome =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined };

/** The ways on which a reply arrives: over RESP2 or RESP3, alone or in a transaction, as bytes. */
export const WAYS = [
  "RESP3",
  "RESP2",
  "transaction, RESP3",
  "transaction, RESP2",
  "bytes, RESP3",
  "bytes, RESP2",
] as const;
export type Way = (typeof WAYS)[number];

/** How a sample call ended on each way. */
export interface Outcomes {
  readonly method: string;
  /** The command's words. */
  readonly text: string;
  readonly on: Readonly<Record<Way, Outcome>>;
}

/** Two connections to one server. */
export interface Clients {
  readonly resp2: Redis;
  readonly resp3: Redis;
}

const bytes = command.bytes;

/** Makes a call on every way; `prepare` each time that something may have changed. */
export async function outcomesOf(
  { method, make }: Sample,
  { resp2, resp3 }: Clients,
  prepare: () => Promise<void>,
): Promise<Outcomes> {
  const { argv } = make(command);
  const on = async (run: () => PromiseLike<unknown>): Promise<Outcome> => {
    const outcome = await settle(run);
    if (method === "call" || !isReadOnly(argv)) await prepare();
    return outcome;
  };
  return {
    method,
    text: argv.map(String).join(" "),
    on: {
      RESP3: await on(() => resp3.run(make(command))),
      RESP2: await on(() => resp2.run(make(command))),
      "transaction, RESP3": await on(() => inTransaction(resp3, make(command))),
      "transaction, RESP2": await on(() => inTransaction(resp2, make(command))),
      "bytes, RESP3": await on(() => resp3.run(make(bytes))),
      "bytes, RESP2": await on(() => resp2.run(make(bytes))),
    },
  };
}

async function inTransaction(redis: Redis, sent: Command<unknown>): Promise<unknown> {
  const [value] = await redis.pipeline({ transaction: true }, (pipe) => [pipe.run(sent)]);
  return value;
}

/** The outcome of one call. A server's error is its own text: ours tells the place, too. */
export async function settle(run: () => PromiseLike<unknown>): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof ServerError) return { error: error.message.replace(/^.*? failed: /s, "") };
    return { error: String(error) };
  }
}

/** A value in a form that can be compared: bytes as text, sets in order, maps as pairs. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (typeof value === "string") return Buffer.from(value).toString("latin1");
  if (value instanceof Set) return { set: sorted([...value].map(comparable)) };
  if (value instanceof Map) {
    return { map: [...value].map(([key, item]) => [comparable(key), comparable(item)]) };
  }
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item)]));
}

/** The same with everything in order, at any depth: for what comes in no particular one. */
export function unordered(value: unknown): unknown {
  const known = comparable(value);
  const inOrder = (it: unknown): unknown => {
    if (Array.isArray(it)) return sorted(it.map(inOrder));
    if (typeof it !== "object" || it === null) return it;
    return sorted(Object.entries(it).map(([name, item]) => [name, inOrder(item)]));
  };
  return inOrder(known);
}

/** A list of pairs, which is the bytes form of a record, as that record. */
export function fieldsAsRecord({ value, error }: Outcome): Outcome {
  if (error !== undefined || !Array.isArray(value))
    return error === undefined ? { value } : { error };
  const pairs = value.map((pair: object) => Object.values(pair).map(comparable));
  return { value: Object.fromEntries(pairs) };
}

/**
 * What a value is made of: the same for values that differ in their numbers and texts only. Bytes
 * are text.
 */
export function shapeOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return "string";
  if (value instanceof Set) return { set: shapesOf([...value]) };
  if (value instanceof Map) return { map: shapesOf([...value.values()]) };
  if (Array.isArray(value)) return shapesOf(value);
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  if (Object.getPrototypeOf(value) === null) return { record: shapesOf(Object.values(value)) };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOf(item)]));
}

function shapesOf(values: readonly unknown[]): unknown {
  return [...new Set(values.map((value) => JSON.stringify(shapeOf(value))))].sort();
}

function sorted(values: readonly unknown[]): unknown[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
