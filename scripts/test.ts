/**
 * `npm test`: every check, then the tests. `npm test -- pattern…`: only the tests in those files.
 *
 * All of it is run and reported even after a failure. The last line is `N passed, M failed`, where
 * a check counts as one, and so does each test; right before it is a line for each failure, which
 * tells what failed and why. The exit code is 0 only if nothing failed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { run, tool } from "./process.ts";
import type { TestReport } from "./run_tests.ts";

/** A program that passes with exit code 0. */
interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

/** How much passed, and a line for each failure. */
interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
}

const PASSED: Outcome = { passed: 1, failures: [] };

const SERVERS = ["redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.1"];

/** Checks of the sources: they need nothing built. */
const SOURCE_CHECKS: readonly Check[] = [
  { name: "format", command: [tool("biome"), "check"] },
  { name: "tidy", command: script("tidy") },
  { name: "typecheck", command: [tool("tsc")] },
  { name: "lint", command: [tool("oxlint")] },
];

const BUILD: Check = { name: "build", command: ["node", "scripts/bootstrap.mjs", "build"] };

/** Checks of what the build made. */
const PACKAGE_CHECKS: readonly Check[] = [
  { name: "type-budget", command: script("type_budget") },
  { name: "package-check", command: script("package_check") },
];

function script(name: string): Check["command"] {
  return ["node", "--enable-source-maps", `.build/scripts/${name}.js`];
}

async function perform(check: Check): Promise<Outcome> {
  const [program, ...args] = check.command;
  const { code, output, seconds } = await run(program, args);
  const verdict = code === 0 ? "ok    " : "FAILED";
  console.log(`${verdict} ${check.name} (${seconds.toFixed(1)} s)`);
  if (code === 0) return PASSED;
  console.log(output.trimEnd().replaceAll(/^/gm, "       "));
  return failed(`${check.name}: ${reasonIn(output)}`);
}

function failed(failure: string): Outcome {
  return { passed: 0, failures: [failure] };
}

/** Of a check's output the two lines that tell most: the first ones that are no progress. */
function reasonIn(output: string): string {
  const said = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(ok |npm warn |\[typedis\] )/.test(line));
  return said.slice(0, 2).join(" ") || "it said nothing";
}

/** Performs checks two at a time, in the given order. */
async function performAll(checks: readonly Check[]): Promise<Outcome> {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      outcomes.push(await perform(check));
    }
  };
  await Promise.all([work(), work()]);
  return sum(outcomes);
}

function checkServers(): Outcome {
  const missing = SERVERS.filter((id) => !existsSync(`.cache/servers/${id}/bin`));
  if (missing.length === 0) return PASSED;
  return failed(`servers: ${missing.join(", ")} missing; \`npm run servers\` gets them`);
}

async function performTests(filters: readonly string[]): Promise<Outcome> {
  console.log("tests …");
  const folder = mkdtempSync(join(tmpdir(), "typedis-tests-"));
  const file = join(folder, "report.json");
  const program = [".build/scripts/run_tests.js", file, ...filters];
  const finished = await run("node", program, { isShown: true });
  const { passed, skipped, failures } = existsSync(file) ? readReport(file) : NOTHING;
  rmSync(folder, { recursive: true });
  const verdict = finished.code === 0 ? "ok    " : "FAILED";
  console.log(`${verdict} tests (${finished.seconds.toFixed(1)} s)`);
  if (skipped > 0) console.log(`${skipped} tests were skipped`);
  const isUnexplained = finished.code !== 0 && failures.length === 0;
  const unexplained = isUnexplained ? [`tests: vitest ended with exit code ${finished.code}`] : [];
  return { passed, failures: [...failures, ...unexplained] };
}

const NOTHING: TestReport = { passed: 0, skipped: 0, failures: [] };

function readReport(file: string): TestReport {
  return JSON.parse(readFileSync(file, "utf8")) as TestReport;
}

function sum(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((total, { passed }) => total + passed, 0),
    failures: outcomes.flatMap((it) => it.failures),
  };
}

async function main(filters: readonly string[]): Promise<Outcome> {
  if (filters.length > 0) {
    const [program, ...args] = BUILD.command;
    await run(program, args);
    return performTests(filters);
  }
  const sources = await performAll([BUILD, ...SOURCE_CHECKS]);
  const built = await performAll(PACKAGE_CHECKS);
  const checks = sum([sources, built, checkServers()]);
  console.log(`checks: ${checks.passed} passed, ${checks.failures.length} failed`);
  return sum([checks, await performTests([])]);
}

const { passed, failures } = await main(process.argv.slice(2));
process.exitCode = failures.length === 0 ? 0 : 1;
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
