/**
 * Words and constructs that this code base does without.
 */
import { type Comment, parseSync, type VisitorObject } from "oxc-parser";
import type { Finding, Project, SourceFile } from "./project.ts";

type Report = (node: { start: number }, message: string) => void;

/** A directory of one computer, written down: `/home/…` and its like. */
const MACHINE_PATH = /(?<![\w.-])\/(work|root|home|Users|tmp)\/\w/;

/** No escape from the type system, no second kind of module, no construct that TypeScript adds. */
export function* constructs(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    const found: Finding[] = [];
    const report: Report = (node, message) =>
      found.push(file.finding(node.start, "constructs", message));
    file.visit({ ...typeEscapes(report), ...moduleForms(file, report), ...hastyWaits(report) });
    yield* found;
  }
}

function typeEscapes(report: Report): VisitorObject {
  return {
    TSAnyKeyword: (node) => report(node, "`any`: write the type, or `unknown`"),
    TSAsExpression: (node) => {
      const inner = node.expression;
      if (inner.type !== "TSAsExpression" || inner.typeAnnotation.type !== "TSUnknownKeyword")
        return;
      report(node, "`as unknown as`: find the type, or check the value");
    },
    TSNonNullExpression: (node) => report(node, "`!`: handle undefined"),
    PropertyDefinition: (node) => {
      if (node.definite === true) report(node, "`!`: assign the property in the constructor");
    },
    VariableDeclarator: (node) => {
      if (node.definite === true) report(node, "`!`: assign the variable where it is declared");
    },
  };
}

function moduleForms(file: SourceFile, report: Report): VisitorObject {
  return {
    ExportDefaultDeclaration: (node) => report(node, "default export: export by name"),
    ExportSpecifier: (node) => {
      const name = node.exported;
      if (name.type === "Identifier" && name.name === "default") report(node, "default export");
    },
    TSEnumDeclaration: (node) => report(node, "`enum`: use a union of literals"),
    TSModuleDeclaration: (node) => {
      if (node.kind === "namespace") report(node, "`namespace`: use a module");
    },
    MemberExpression: (node) => {
      if (!file.isSource) return;
      if (node.object.type === "Identifier" && node.object.name === "console") {
        report(node, "`console`: a library does not print");
      }
    },
  };
}

/** What tests wait for may take seconds on a busy machine. */
function hastyWaits(report: Report): VisitorObject {
  return {
    CallExpression: ({ callee, arguments: { length }, start }) => {
      if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
      if (callee.object.name !== "vi" || callee.property.type !== "Identifier") return;
      const { name } = callee.property;
      if (!/^wait(For|Until)$/.test(name) || length > 1) return;
      report(
        { start },
        `\`vi.${name}\`: gives up after a second; use expect.poll, or say how long`,
      );
    },
  };
}

/** No compiler switches, notes to self or dead code in comments. */
export function* comments(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    for (const comment of file.comments) {
      const problem = commentProblem(file, comment);
      if (problem !== undefined) yield file.finding(comment.start, "comments", problem);
    }
  }
}

function commentProblem(file: SourceFile, comment: Comment): string | undefined {
  const text = comment.value;
  const directive = /@ts-(ignore|nocheck|expect-error)\b/.exec(text)?.[0];
  if (directive !== undefined && (file.isSource || directive !== "@ts-expect-error")) {
    return `${directive}: make the types true`;
  }
  const note = /\b(TODO|FIXME|XXX)\b/.exec(text)?.[0];
  if (note !== undefined) return `${note}: do it now, or write an issue`;
  return comment.type === "Line" && isCode(text.trim()) ? "commented-out code" : undefined;
}

/** True for text that is a statement rather than a sentence. */
function isCode(text: string): boolean {
  if (!text.endsWith(";") || !/[=(]|^(import|return|throw)\b/.test(text)) return false;
  const isImport = text.startsWith("import");
  const program = isImport ? text : `async function f() { ${text.replace(/^export /, "")} }`;
  return parseSync("comment.ts", program).errors.length === 0;
}

/** Nothing names a directory of the computer it was written on. */
export function* machinePaths(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    for (const [index, line] of file.lines.entries()) {
      const path = MACHINE_PATH.exec(line)?.[0];
      if (path === undefined) continue;
      const message = `${path}… is a path of one machine`;
      yield { path: file.path, line: index + 1, rule: "machine-paths", message };
    }
  }
}

/** Every file can be parsed: the other rules see only what is. */
export function* syntax(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (file.syntaxError !== undefined) yield file.finding(0, "syntax", file.syntaxError);
  }
}
