/**
 * `run_tests report.json [pattern…]`: runs the tests, and writes what came of them as a
 * {@link TestReport}.
 */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startVitest, type TestModule } from "vitest/node";

/** What came of a run of the tests. */
export interface TestReport {
  readonly passed: number;
  readonly skipped: number;
  /** A line for each error that is no test's own (for the first few), and each test that failed. */
  readonly failures: readonly string[];
}

/** Of an error that vitest reports, what a line tells. */
interface Reported {
  readonly message: string;
  readonly diff?: string | undefined;
  readonly cause?: unknown;
}

/** Of the differences between two values; more than that is above, in full. */
const MAX_DIFFERENCES = 500;

/** Of the errors that are no test's own: one test that fails early can leave hundreds behind. */
const MAX_ERRORS = 5;

/** The first line of an error's message, the seed if it names one, what differed, and the cause. */
function summary({ message, diff = "", cause }: Reported): string {
  const [first = "", ...more] = stripVTControlCharacters(message).split("\n");
  const seed = more.find((line) => /\bseed\b/i.test(line)) ?? "";
  const reason = isReported(cause) ? `because ${summary(cause)}` : "";
  const parts = [first, seed, differencesIn(diff), reason];
  return parts
    .filter((it) => it !== "")
    .map((it) => it.replaceAll(/\s+/g, " "))
    .join(" ");
}

function differencesIn(diff: string): string {
  const changed = stripVTControlCharacters(diff)
    .split("\n")
    .filter((line) => /^[+-]/.test(line));
  // The first two explain the signs.
  return changed.slice(2).join(" ").slice(0, MAX_DIFFERENCES);
}

function isReported(cause: unknown): cause is Reported {
  return typeof cause === "object" && cause !== null && "message" in cause;
}

/** Calls a failure by its file and name. */
function failure(place: string, name: string, error: Reported | undefined): string {
  const title = [relative(process.cwd(), place), name].filter((it) => it !== "").join(" > ");
  return `${title}: ${summary(error ?? { message: "failed without an error" })}`.trim();
}

function* failuresOf(module: TestModule): Iterable<string> {
  const { moduleId, children } = module;
  for (const error of module.errors()) yield failure(moduleId, "", error);
  for (const suite of children.allSuites()) {
    for (const error of suite.errors()) yield failure(moduleId, suite.fullName, error);
  }
  for (const test of children.allTests("failed")) {
    yield failure(moduleId, test.fullName, test.result().errors?.[0]);
  }
}

function failuresOutside(errors: readonly Reported[]): string[] {
  const lines = errors.slice(0, MAX_ERRORS).map((error) => failure("", "no test's error", error));
  const rest = errors.length - lines.length;
  return rest > 0 ? [...lines, `${rest} more errors that are no test's: see above`] : lines;
}

/** How many tests ended in a state. */
function count(modules: readonly TestModule[], state: "passed" | "skipped"): number {
  return modules.reduce((sum, { children }) => sum + [...children.allTests(state)].length, 0);
}

const [file = "", ...filters] = process.argv.slice(2);
const vitest = await startVitest("test", filters, {
  run: true,
  reporters: [
    "default",
    {
      onTestRunEnd: (modules, unhandled) => {
        const report: TestReport = {
          passed: count(modules, "passed"),
          skipped: count(modules, "skipped"),
          // What a log keeps longest is its end.
          failures: [
            ...failuresOutside(unhandled),
            ...modules.flatMap((module) => [...failuresOf(module)]),
          ],
        };
        writeFileSync(file, JSON.stringify(report));
      },
    },
  ],
});
await vitest.exit();
