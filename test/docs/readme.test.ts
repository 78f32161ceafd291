import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runSnippets } from "./run_snippets.ts";
import { markdownSnippets, placeOf, type Snippet } from "./snippets.ts";

const snippets = markdownSnippets("README.md");

describe("the README", () => {
  test("its five shapes are those of examples/shapes.ts, to the letter", () => {
    const shapes = snippets.filter((snippet) => isInSection(snippet, "## The five shapes"));
    const example = readFileSync("examples/shapes.ts", "utf8");
    expect(shapes.length).toBe(6);
    const isMissing = (shape: Snippet): boolean =>
      !example.includes(`\n${shape.code.join("\n")}\n`);
    expect(shapes.filter(isMissing).map(placeOf)).toEqual([]);
  });

  test("it has at most 300 lines", () => {
    expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThanOrEqual(301);
  });

  test("the files that it links to are there", () => {
    const links = readFileSync("README.md", "utf8").matchAll(/\]\(([^)#:]+)\)/g);
    const paths = [...links].map(([, path = ""]) => path);
    expect(paths).toContain("examples/shapes.ts");
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  runSnippets("readme", snippets);
});

function isInSection({ path, line }: Snippet, heading: string): boolean {
  const headings = readFileSync(path, "utf8").split("\n").slice(0, line);
  return headings.findLast((text) => text.startsWith("## "))?.startsWith(heading) ?? false;
}
