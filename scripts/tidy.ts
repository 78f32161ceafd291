/**
 * Style that matters, as a check that can fail: layers, cycles, sizes, words, documentation.
 * Prints one line for each offence; the rules are in `tidy/`.
 */
import { existsSync, readFileSync } from "node:fs";
import { type Lock, lockFindings } from "./tidy/lock.ts";
import { readProject } from "./tidy/project.ts";
import { findingsOf } from "./tidy/rules.ts";

const FOLDERS = ["src", "test", "scripts", "bench", "examples"].filter((name) => existsSync(name));

const project = readProject(".", FOLDERS);
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
const findings = [...findingsOf(project), ...lockFindings(lock)];
for (const { path, line, rule, message } of findings) {
  console.log(`${path}:${line} ${rule}: ${message}`);
}
console.log(`tidy: ${findings.length} findings in ${project.size} files`);
process.exitCode = findings.length === 0 ? 0 : 1;
