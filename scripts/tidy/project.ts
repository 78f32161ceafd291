/**
 * The sources that tidy looks at, parsed: what every rule works on.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Comment, type Program, parseSync, Visitor, type VisitorObject } from "oxc-parser";

/** One offence: where, which rule, and what to do. Lines count from 1. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Looks at all files and yields what offends it. */
export type Rule = (project: Project) => Iterable<Finding>;

/** The parsed files by their path from the root, with forward slashes. */
export type Project = ReadonlyMap<string, SourceFile>;

/** A parsed TypeScript file. Offsets are those of JavaScript strings. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** Text of the first syntax error, if there is one; the tree is then incomplete. */
  readonly syntaxError: string | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.lines = text.split("\n");
    const parsed = parseSync(path, text);
    this.program = parsed.program;
    this.comments = parsed.comments;
    this.syntaxError = parsed.errors[0]?.message;
  }

  /** True for code of the library itself. */
  get isSource(): boolean {
    return this.path.startsWith("src/");
  }

  /** True for a file made by a script, which says so at its top. */
  get isGenerated(): boolean {
    return /generated (by|from)/i.test(this.text.slice(0, 300));
  }

  lineAt(offset: number): number {
    let line = 1;
    for (let at = this.text.indexOf("\n"); at >= 0 && at < offset; line += 1) {
      at = this.text.indexOf("\n", at + 1);
    }
    return line;
  }

  /** A finding at an offset of this file. */
  finding(offset: number, rule: string, message: string): Finding {
    return { path: this.path, line: this.lineAt(offset), rule, message };
  }

  visit(visitor: VisitorObject): void {
    new Visitor(visitor).visit(this.program);
  }

  /** The documentation comment that ends right before `offset`, without its stars. */
  docBefore(offset: number): string | undefined {
    const doc = this.comments.findLast((comment) => comment.end <= offset);
    if (doc === undefined || doc.type !== "Block" || !doc.value.startsWith("*")) return undefined;
    if (this.text.slice(doc.end, offset).trim() !== "") return undefined;
    return doc.value.slice(1).replaceAll(/^[ \t]*\*[ \t]?/gm, "");
  }
}

/** Parses the given texts: for the tests of tidy. */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  return new Map(Object.entries(files).map(([path, text]) => [path, new SourceFile(path, text)]));
}

/** Parses all TypeScript files in the given folders below `root`. */
export function readProject(root: string, folders: readonly string[]): Project {
  const files = new Map<string, SourceFile>();
  for (const folder of folders) {
    for (const path of typescriptFiles(root, folder)) {
      files.set(path, new SourceFile(path, readFileSync(join(root, path), "utf8")));
    }
  }
  return files;
}

function* typescriptFiles(root: string, folder: string): Iterable<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* typescriptFiles(root, path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}
