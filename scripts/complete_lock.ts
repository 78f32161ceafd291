/**
 * Completes package-lock.json so that `npm ci` accepts it: run it after adding a dependency.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { completed, type Lock } from "./tidy/lock.ts";

const before = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
const after = completed(before);
writeFileSync("package-lock.json", `${JSON.stringify(after, null, 2)}\n`);
const added = Object.keys(after.packages).length - Object.keys(before.packages).length;
console.log(`package-lock.json: ${added} packages of other platforms added`);
