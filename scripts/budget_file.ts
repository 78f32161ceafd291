/**
 * A budget: what may be at most, by name, in a JSON file that is read and compared by people, too.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Measures, or limits, by name. */
export type Measures = Readonly<Record<string, number>>;

/** Reads a budget; nothing is allowed where there is none yet. */
export function readBudget(file: string): Measures {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Measures) : {};
}

/** Makes what was measured the new budget, with the given factor to spare. */
export function writeBudget(
  file: string,
  measures: Measures,
  spare: (name: string) => number,
): void {
  const limits = Object.entries(measures).map(([name, value]) => {
    return [name, Math.ceil(value * spare(name))];
  });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(limits), null, 2)}\n`);
}

/** A line for each measure; those that are above their limit, or have none, are `over`. */
export function compareWithBudget(
  measures: Measures,
  budget: Measures,
): { readonly lines: readonly string[]; readonly over: readonly string[] } {
  const over = Object.keys(measures).filter((name) => {
    return !((measures[name] ?? Number.NaN) <= (budget[name] ?? 0));
  });
  const lines = Object.entries(measures).map(([name, value]) => {
    const verdict = over.includes(name) ? "OVER  " : "ok    ";
    return `${verdict} ${name}: ${value} of ${budget[name] ?? 0}`;
  });
  return { lines, over };
}
