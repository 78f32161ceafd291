import { PipelineReply, type Settled } from "../command/reply.ts";

/**
 * What a scope returns: its body's return value, resolved; all results if the body returned
 * nothing.
 */
export type ScopeResult<R, E = never> = R extends undefined | void
  ? readonly unknown[]
  : Settled<R, E>;

/**
 * Replaces every handle in a body's return value by its reply. Looks into arrays and plain objects,
 * also into those that hold themselves; everything else stays as it is.
 *
 * @param keepErrors whether a failed handle is replaced by its error, rather than the error thrown
 */
export function resolveReplies(value: unknown, keepErrors: boolean): unknown {
  // Most bodies return one handle: that costs no map.
  if (value instanceof PipelineReply) return keepErrors ? value.outcome : value.value;
  return resolve(value, keepErrors, new Map());
}

/** @param copies what stands for each array and object that has been seen */
function resolve(value: unknown, keepErrors: boolean, copies: Map<unknown, unknown>): unknown {
  if (value instanceof PipelineReply) return keepErrors ? value.outcome : value.value;
  if (!Array.isArray(value) && !isPlainObject(value)) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    copies.set(value, items);
    for (const item of value) items.push(resolve(item, keepErrors, copies));
    return items;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  const record = Object.create(prototype) as Record<PropertyKey, unknown>;
  copies.set(value, record);
  for (const key of [...Object.keys(value), ...Object.getOwnPropertySymbols(value)]) {
    const resolved = resolve(value[key], keepErrors, copies);
    const descriptor = { configurable: true, enumerable: true, writable: true, value: resolved };
    Object.defineProperty(record, key, descriptor);
  }
  return record;
}

function isPlainObject(value: unknown): value is Record<PropertyKey, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
