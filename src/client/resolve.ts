import { PipelineReply, type Settled } from "../command/reply.ts";

/**
 * What a scope returns: its body's return value, resolved; all results if the body returned
 * nothing.
 */
export type ScopeResult<R, E = never> = R extends undefined | void
  ? readonly unknown[]
  : Settled<R, E>;

/**
 * Replaces every handle in a body's return value by its reply. Looks into arrays and plain objects;
 * everything else stays as it is.
 *
 * @param keepErrors whether a failed handle is replaced by its error, rather than the error thrown
 */
export function resolveReplies(value: unknown, keepErrors: boolean): unknown {
  if (value instanceof PipelineReply) return keepErrors ? value.outcome : value.value;
  if (Array.isArray(value)) return value.map((item) => resolveReplies(item, keepErrors));
  if (!isPlainObject(value)) return value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  const resolved = Object.create(prototype) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    Object.defineProperty(resolved, key, {
      configurable: true,
      enumerable: true,
      writable: true,
      value: resolveReplies(value[key], keepErrors),
    });
  }
  return resolved;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
