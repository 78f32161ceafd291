/**
 * `npm run test:node -- 24 [pattern…]`: the tests under another version of Node, which npm fetches.
 */
import { existsSync } from "node:fs";
import { run } from "./process.ts";

const [version = "24", ...filters] = process.argv.slice(2);
const folder = `.cache/node${version}`;
const program = `${folder}/node_modules/node${version}/bin/node`;

async function fetchNode(): Promise<boolean> {
  if (existsSync(program)) return true;
  console.log(`fetching Node ${version} into ${folder} …`);
  const wanted = `node${version}@npm:node-${process.platform}-${process.arch}@${version}`;
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--prefix", folder];
  const { code, output } = await run("npm", ["install", ...flags, wanted]);
  if (code !== 0) console.log(output);
  return code === 0;
}

if (await fetchNode()) {
  await run(program, ["--version"], { isShown: true });
  const args = ["node_modules/vitest/vitest.mjs", "run", ...filters];
  process.exitCode = (await run(program, args, { isShown: true })).code;
} else {
  process.exitCode = 1;
}
