/**
 * `npm run bench:budget [-- --update]`: what the hot path costs, in counts that are the same on
 * every machine. Fails if anything is above its limit in `test/budget/budget.json`.
 */
import { compareWithBudget, readBudget, writeBudget } from "../../scripts/budget_file.ts";
import { importMilliseconds } from "../import_time.ts";
import { BUDGET, measureBudget, spareOf } from "./measure.ts";

const measures = await measureBudget();
if (process.argv.includes("--update")) writeBudget(BUDGET, measures, spareOf);
const { lines, over } = compareWithBudget(measures, readBudget(BUDGET));
console.log(lines.join("\n"));
const milliseconds = await importMilliseconds("typedis");
console.log(`an import takes ${milliseconds.toFixed(0)} ms (not part of the budget)`);
if (over.length > 0) {
  console.log("A cheaper way, or a reason in the commit and `npm run bench:budget -- --update`.");
  process.exitCode = 1;
}
