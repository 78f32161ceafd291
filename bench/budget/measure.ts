/**
 * The budget of the hot path: runs the program that counts, and knows where the limits are.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { build } from "rolldown";
import type { Measures } from "../../scripts/budget_file.ts";

/** Where the limits are. */
export const BUDGET = "test/budget/budget.json";

const PROGRAM = "bench/budget/program.ts";
const BUNDLE = ".cache/budget/program.mjs";
/**
 * What depends on time or chance is turned off: the optimising compilers, feedback that begins
 * late, seeds, other threads. There is so much room for new objects that nothing is collected while
 * something is measured.
 */
const FLAGS = [
  "--expose-gc",
  "--no-opt",
  "--no-sparkplug",
  "--no-lazy-feedback-allocation",
  "--single-threaded",
  "--hash-seed=1",
  "--no-rehash-snapshot",
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
];

/** Counts what the hot path of the sources, as they are now, costs. */
export async function measureBudget(): Promise<Measures> {
  await build({
    input: PROGRAM,
    platform: "node",
    logLevel: "warn",
    output: { file: BUNDLE, format: "esm" },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, BUNDLE]);
  return JSON.parse(stdout) as Measures;
}

/** Bytes differ by a few between versions of Node; all else is counted exactly. */
export function spareOf(name: string): number {
  return name.includes("bytes") ? 1.03 : 1;
}
