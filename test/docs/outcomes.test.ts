/**
 * What the README says happens when things go wrong, tried with the installed clients in their
 * default settings.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Outcome, outcomes, tableIn, tableOf, withTable } from "../../bench/outcomes/table.ts";

let found: Outcome[];
beforeAll(async () => {
  found = await outcomes();
});

test("the README's table, of `npm run bench -- --outcomes --update`, is what happened", () => {
  expect(tableIn(readFileSync("README.md", "utf8"))).toBe(tableOf(found));
});

describe("typedis", () => {
  test.each([
    ["INCR, its reply lost", /^counted once; rejects \(`ConnectionLostError`.*"unknown"/],
    ["MULTI … EXEC", /^ran once; rejects \(`ConnectionLostError`.*"unknown"/],
    ["WATCH", /^the other's write stands; rejects \(`WatchError`, `applied: false`/],
    ["the same", /^the other's write stands; rejects \(`WatchError`, `applied: false`/],
    ["INCR, bytes", /^counted once; rejects \(.*"unknown"`\); next command: resolves/],
    ["INCR on a frozen server", /^rejects \(`TimeoutError`, `applied: "unknown"`\)$/],
    ["MULTI of three SETs", /^none ran; rejects \(`ArgumentError`, `applied: false`\)$/],
  ])("P33: %s: says what is true, and nothing is lost or done twice", (name, expected) => {
    const outcome = found.find(({ experiment }) => experiment.startsWith(name));
    expect(outcome?.byClient["typedis"]).toMatch(expected);
  });

  test("each experiment has been tried", () => {
    expect(found.length).toBe(7);
  });
});

test("a table is put between the marks of a document, and found there again", () => {
  const readme = readFileSync("README.md", "utf8");
  const changed = withTable(readme, "| another |");
  expect(tableIn(changed)).toBe("| another |");
  expect(withTable(changed, tableIn(readme))).toBe(readme);
  expect(() => tableIn("no marks")).toThrow(/missing/);
});
