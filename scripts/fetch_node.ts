/**
 * Other versions of Node, which npm has as packages.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./process.ts";

/** The program of a version such as `"24"`, fetched if need be; `undefined` if it cannot be had. */
export async function fetchNode(version: string): Promise<string | undefined> {
  const folder = `.cache/node${version}`;
  const program = resolve(folder, `node_modules/node${version}/bin/node`);
  if (existsSync(program)) return program;
  console.error(`fetching Node ${version} into ${folder} …`);
  const wanted = `node${version}@npm:node-${process.platform}-${process.arch}@${version}`;
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--prefix", folder];
  const { code, output } = await run("npm", ["install", ...flags, wanted]);
  if (code === 0) return program;
  console.error(output);
  return undefined;
}
