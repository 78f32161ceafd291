/**
 * Sizes and names of files, functions and lines.
 */
import type { Finding, Project, SourceFile } from "./project.ts";

const FILE_LINES = 500;
/** Groups of commands: most of their lines are documentation. */
const COMMAND_FILE_LINES = 700;
const FUNCTION_LINES = 70;
const COLUMNS = 100;

/** A part of a name that says nothing, and the prefix of an interface. */
const EMPTY_NAME = /Manager|Helper|Impl(?![a-z])|Utils?(?![a-z])|^(utils?|helpers?|manager|impl)$/;
const PREFIXED_TYPE = /^I[A-Z][a-z]/;
const FILE_NAME = /^[a-z0-9]+(_[a-z0-9]+)*(\.(test|test-d|suite|bench|d))?\.ts$/;

/** No file is longer than a reader bears; generated ones are not read. */
export function* fileSizes(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    const limit = file.path.startsWith("src/commands/") ? COMMAND_FILE_LINES : FILE_LINES;
    const count = file.text.trimEnd().split("\n").length;
    if (count <= limit || file.isGenerated) continue;
    yield file.finding(file.text.length, "file-size", `${count} lines, at most ${limit}`);
  }
}

/** No line is wider than the screen beside it; a line with a link may be. */
export function* lineWidths(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (file.isGenerated) continue;
    for (const [index, line] of file.lines.entries()) {
      const width = Array.from(line).length;
      if (width <= COLUMNS || /https?:\/\//.test(line)) continue;
      const message = `${width} columns, at most ${COLUMNS}`;
      yield { path: file.path, line: index + 1, rule: "line-width", message };
    }
  }
}

/** No function is longer than a screen; suites of tests are functions only in form. */
export function* functionSizes(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (file.path.startsWith("test/")) continue;
    const found: Finding[] = [];
    const measure = (node: { start: number; end: number }): void => {
      const count = file.lineAt(node.end) - file.lineAt(node.start) + 1;
      if (count <= FUNCTION_LINES) return;
      const message = `${count} lines, at most ${FUNCTION_LINES}`;
      found.push(file.finding(node.start, "function-size", message));
    };
    file.visit({
      FunctionDeclaration: measure,
      FunctionExpression: measure,
      ArrowFunctionExpression: measure,
    });
    yield* found;
  }
}

/** Files are named in lower_snake, after what they hold. */
export function* fileNames(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    if (!FILE_NAME.test(name)) {
      yield file.finding(0, "file-name", `${name} is not lower_snake`);
    }
    if (/(^|_)(utils?|helpers?|manager|impl)(_|\.)/.test(name)) {
      yield file.finding(0, "file-name", `${name} does not say what it holds`);
    }
  }
}

/** What is declared has a name that says something. */
export function* names(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    for (const { name, offset, isType } of declaredNames(file)) {
      if (!EMPTY_NAME.test(name) && !(isType && PREFIXED_TYPE.test(name))) continue;
      yield file.finding(offset, "names", `${name}: say what it is`);
    }
  }
}

interface DeclaredName {
  readonly name: string;
  readonly offset: number;
  readonly isType: boolean;
}

function declaredNames(file: SourceFile): DeclaredName[] {
  const found: DeclaredName[] = [];
  const declare = (
    id: { type: string; start: number; name?: unknown } | null,
    isType = false,
  ): void => {
    const hasName = id?.type === "Identifier" || id?.type === "PrivateIdentifier";
    if (!hasName || typeof id.name !== "string") return;
    found.push({ name: id.name, offset: id.start, isType });
  };
  file.visit({
    ClassDeclaration: (node) => declare(node.id),
    ClassExpression: (node) => declare(node.id),
    FunctionDeclaration: (node) => declare(node.id),
    VariableDeclarator: (node) => declare(node.id),
    TSInterfaceDeclaration: (node) => declare(node.id, true),
    TSTypeAliasDeclaration: (node) => declare(node.id, true),
    MethodDefinition: (node) => declare(node.key),
    PropertyDefinition: (node) => declare(node.key),
  });
  return found;
}
