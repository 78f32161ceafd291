/**
 * The hot path costs no more than its budget: what is allocated, kept, promised, timed and written.
 */
import { expect, test } from "vitest";
import { BUDGET, measureBudget } from "../../bench/budget/measure.ts";
import { compareWithBudget, readBudget } from "../../scripts/budget_file.ts";

test("no count of the hot path is above its limit in test/budget/budget.json", async () => {
  const measures = await measureBudget();
  const budget = readBudget(BUDGET);
  expect(Object.keys(measures)).toEqual(Object.keys(budget));
  const { lines } = compareWithBudget(measures, budget);
  expect(lines.filter((line) => line.startsWith("OVER"))).toEqual([]);
}, 120_000);

test("a measure above its limit is found, and so is one that has no limit or is no number", () => {
  const budget = { bytes: 10, promises: 3, writes: 1 };
  const measures = { bytes: 10.1, promises: 3, timers: 1, writes: Number.NaN };
  expect(compareWithBudget(measures, budget).over).toEqual(["bytes", "timers", "writes"]);
});
