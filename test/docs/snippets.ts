/**
 * Finds the examples of the documentation: of docstrings (`@example`) and of Markdown files.
 */
import { readdirSync, readFileSync } from "node:fs";

/** An example as written, and where it is. */
export interface Snippet {
  readonly path: string;
  /** The line of `code`'s first line, from 1. */
  readonly line: number;
  readonly code: readonly string[];
  /** Whether Valkey alone has what it shows: its docstring says `@since Valkey`, and no Redis. */
  readonly needsValkey?: boolean;
}

/** The examples of all docstrings below a folder. */
export function docstringSnippets(folder: string): Snippet[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .flatMap((name) => snippetsIn(`${folder}/${name}`, /^\s*\* ?/));
}

/** The TypeScript blocks of a Markdown file. */
export function markdownSnippets(path: string): Snippet[] {
  return snippetsIn(path, /^/);
}

/** `margin`: what stands before each line of a block. */
function snippetsIn(path: string, margin: RegExp): Snippet[] {
  const snippets: Snippet[] = [];
  let open: { line: number; code: string[] } | undefined;
  const lines = readFileSync(path, "utf8").split("\n");
  for (const [index, text] of lines.entries()) {
    const line = text.replace(margin, "");
    if (open === undefined) {
      if (margin.test(text) && line.trim() === "```ts") open = { line: index + 2, code: [] };
    } else if (line.trim() === "```") {
      snippets.push({ path, ...open, needsValkey: isOfValkeyAlone(lines.slice(index)) });
      open = undefined;
    } else open.code.push(line);
  }
  return snippets;
}

/** `rest`: what comes after an example; the docstring's last tags come first in it. */
function isOfValkeyAlone(rest: readonly string[]): boolean {
  const end = rest.findIndex((line) => line.includes("*/"));
  return rest.slice(0, Math.max(end, 0)).some((line) => line.includes("@since Valkey"));
}

/** Where a snippet is, as editors and terminals link it. */
export function placeOf({ path, line }: Snippet): string {
  return `${path}:${line}`;
}
