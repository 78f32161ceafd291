/**
 * The guide: each of its examples compiles, runs, and comes to what it says.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GUIDE } from "../../scripts/docs/sections.ts";
import { runSnippets } from "./run_snippets.ts";
import { markdownSnippets } from "./snippets.ts";

const FOLDER = "docs/guide";
const files = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);

describe("the guide", () => {
  test("the site has all of its pages", () => {
    const pages = GUIDE.map((name) => `${FOLDER}/${name}.md`);
    expect([...pages, `${FOLDER}/index.md`].sort()).toEqual(files.sort());
  });

  test.each(files)("the pages that %s links to are there", (file) => {
    const links = readFileSync(file, "utf8").matchAll(/\]\(([^)#:]+)\)/g);
    const paths = [...links].map(([, path = ""]) => `${FOLDER}/${path}`);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  runSnippets("guide", files.flatMap(markdownSnippets));
});
