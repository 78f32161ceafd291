/** What a wrong value is, without showing it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const type = value.constructor?.name ?? "no class";
  return isThenable(value) ? `a ${type}, which must be awaited first` : `an object (${type})`;
}

/** Whether it is a promise, a handle of a pipeline or the like. */
export function isThenable(value: object): boolean {
  return "then" in value && typeof value.then === "function";
}
