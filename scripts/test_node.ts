/**
 * `npm run test:node -- 24 [pattern…]`: the tests under another version of Node, which npm fetches.
 */
import { fetchNode } from "./fetch_node.ts";
import { run } from "./process.ts";

const [version = "24", ...filters] = process.argv.slice(2);
const program = await fetchNode(version);

if (program === undefined) {
  process.exitCode = 1;
} else {
  await run(program, ["--version"], { isShown: true });
  const args = ["node_modules/vitest/vitest.mjs", "run", ...filters];
  process.exitCode = (await run(program, args, { isShown: true })).code;
}
