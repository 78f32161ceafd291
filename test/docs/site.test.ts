/**
 * What can be known of the reference without generating it; `npm run docs` checks the pages.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SECTION_TITLES, sectionOf } from "../../scripts/docs/sections.ts";

/** The files that the package's entries export from, below `src`. */
function exportedFiles(): string[] {
  const entries = ["index.ts", "testing/index.ts"];
  return entries.flatMap((entry) => {
    const text = readFileSync(`src/${entry}`, "utf8");
    const folder = entry.replace("index.ts", "");
    return [...text.matchAll(/from "\.\/(.*?)"/g)].map(([, path = ""]) => folder + path);
  });
}

test("every file that exports something has a section in the reference", () => {
  const files = exportedFiles();
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => sectionOf(file) === undefined)).toEqual([]);
});

test("every section of the reference has a file", () => {
  const sections = new Set(exportedFiles().map(sectionOf));
  expect(SECTION_TITLES.filter((title) => !sections.has(title))).toEqual([]);
});

test("every file of commands is in a section of commands", () => {
  const files = readdirSync("src/commands").filter((name) => name !== "index.ts");
  const strays = files.filter((name) => {
    const section = sectionOf(`commands/${name}`);
    return section === undefined || section === "Client";
  });
  expect(strays).toEqual([]);
});
