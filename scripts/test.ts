/**
 * `npm test`: every check, then the tests. `npm test -- pattern…`: only the tests in those files.
 *
 * All of it is run and reported even after a failure. The last line is `N passed, M failed`, where
 * a check counts as one, and so does each test; the exit code is 0 only if nothing failed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, tool } from "./process.ts";

/** A program that passes with exit code 0. */
interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Of the json report of vitest, what is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

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

async function perform(check: Check): Promise<Count> {
  const [program, ...args] = check.command;
  const { code, output, seconds } = await run(program, args);
  const verdict = code === 0 ? "ok    " : "FAILED";
  console.log(`${verdict} ${check.name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output.trimEnd().replaceAll(/^/gm, "       "));
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Performs checks two at a time, in the given order. */
async function performAll(checks: readonly Check[]): Promise<Count> {
  const waiting = [...checks];
  const counts: Count[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      counts.push(await perform(check));
    }
  };
  await Promise.all([work(), work()]);
  return counts.reduce(sum, { passed: 0, failed: 0 });
}

function checkServers(): Count {
  const missing = SERVERS.filter((id) => !existsSync(`.cache/servers/${id}/bin`));
  if (missing.length === 0) return { passed: 1, failed: 0 };
  console.log(`FAILED servers: ${missing.join(", ")} missing; \`npm run servers\` gets them`);
  return { passed: 0, failed: 1 };
}

async function performTests(filters: readonly string[]): Promise<Count> {
  console.log("tests …");
  const folder = mkdtempSync(join(tmpdir(), "typedis-tests-"));
  const file = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const options = { isShown: true };
  const finished = await run(tool("vitest"), ["run", ...reporters, ...filters], options);
  const count = existsSync(file) ? countTests(file) : { passed: 0, failed: 0 };
  rmSync(folder, { recursive: true });
  const verdict = finished.code === 0 ? "ok    " : "FAILED";
  console.log(`${verdict} tests (${finished.seconds.toFixed(1)} s)`);
  // An unhandled error, or no test at all: a failure that is nobody's.
  const isUncounted = finished.code !== 0 && count.failed === 0;
  return isUncounted ? sum(count, { passed: 0, failed: 1 }) : count;
}

/** Counts tests, and files that failed before their tests could run. */
function countTests(file: string): Count {
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && !assertionResults.some((test) => test.status === "failed");
  });
  for (const { name } of broken) console.log(`FAILED to run: ${name}`);
  if (report.numPendingTests > 0) console.log(`${report.numPendingTests} tests were skipped`);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

function sum(one: Count, other: Count): Count {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

async function main(filters: readonly string[]): Promise<Count> {
  if (filters.length > 0) {
    const [program, ...args] = BUILD.command;
    await run(program, args);
    return performTests(filters);
  }
  const sources = await performAll([BUILD, ...SOURCE_CHECKS]);
  const built = await performAll(PACKAGE_CHECKS);
  const checks = sum(sum(sources, built), checkServers());
  console.log(`checks: ${checks.passed} passed, ${checks.failed} failed`);
  return sum(checks, await performTests([]));
}

const { passed, failed } = await main(process.argv.slice(2));
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
