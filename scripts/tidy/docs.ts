/**
 * Documentation of what users see: the exports of the two entries, and every command.
 */
import type { Class, ClassElement, Declaration, Directive, Statement } from "oxc-parser";
import { resolve } from "./imports.ts";
import type { Finding, Project, SourceFile } from "./project.ts";

/** The package's entries. */
const ENTRIES = ["src/index.ts", "src/testing/index.ts"];

/** What the documentation of every command has, besides its first sentence. */
const COMMAND_TAGS = ["@returns", "@example", "@see", "@since"];

/** A named declaration at the top of a file; `offset` is where its comment must end. */
interface Declared {
  readonly file: SourceFile;
  readonly name: string;
  readonly offset: number;
  readonly declaration: Declaration;
}

/** Every export of an entry, and every public method of exported classes, says what it is. */
export function* exportDocs(project: Project): Iterable<Finding> {
  const seen = new Set<string>();
  for (const entry of ENTRIES) {
    const file = project.get(entry);
    for (const { file: owner, name } of file === undefined ? [] : exportsOf(project, file)) {
      if (seen.has(`${owner.path} ${name}`)) continue;
      seen.add(`${owner.path} ${name}`);
      yield* undocumented(owner, name);
    }
  }
}

function* undocumented(file: SourceFile, name: string): Iterable<Finding> {
  const found = declarationsOf(file).filter((declared) => declared.name === name);
  const first = found[0];
  if (first === undefined) return;
  if (!found.some(({ offset }) => file.docBefore(offset) !== undefined)) {
    yield file.finding(first.offset, "export-docs", `${name} has no documentation`);
  }
  for (const { declaration } of found) {
    if (declaration.type !== "ClassDeclaration") continue;
    for (const [member, nodes] of publicMembers(declaration)) {
      if (nodes.some((node) => file.docBefore(node.start) !== undefined)) continue;
      const message = `${name}.${member} has no documentation`;
      yield file.finding(nodes[0]?.start ?? 0, "export-docs", message);
    }
  }
}

/** Every command says in a sentence what it does, what it answers, since when, with an example. */
export function* commandDocs(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (!/^src\/commands\/(?!.*index\.ts$)/.test(file.path)) continue;
    for (const { declaration, name, offset } of declarationsOf(file)) {
      if (declaration.type !== "ClassDeclaration") continue;
      if (!file.text.startsWith("export", offset)) continue;
      for (const [member, nodes] of publicMembers(declaration)) {
        const missing = missingParts(file.docBefore(nodes[0]?.start ?? 0));
        if (missing.length === 0) continue;
        const message = `${name}.${member} lacks ${missing.join(", ")}`;
        yield file.finding(nodes[0]?.start ?? 0, "command-docs", message);
      }
    }
  }
}

function missingParts(doc: string | undefined): string[] {
  if (doc === undefined) return ["a comment"];
  const missing = COMMAND_TAGS.filter((tag) => !new RegExp(`^\\s*${tag}\\b`, "m").test(doc));
  const summary = (doc.trim().split(/\n\s*(?:\n|@)/)[0] ?? "").trim();
  const hasSentence = !summary.startsWith("@") && /\.(\s|\)|$)/.test(summary);
  return hasSentence ? missing : ["a first sentence that ends in a period", ...missing];
}

/**
 * The methods and accessors that users call, overloads together. Constructors, overrides (they
 * inherit their documentation) and computed names (`[Symbol.asyncDispose]`) are left out.
 */
function publicMembers(declaration: Class): Map<string, ClassElement[]> {
  const members = new Map<string, ClassElement[]>();
  for (const node of declaration.body.body) {
    if (node.type !== "MethodDefinition" && node.type !== "TSAbstractMethodDefinition") continue;
    const isHidden = node.accessibility === "private" || node.accessibility === "protected";
    if (isHidden || node.computed || node.override === true) continue;
    if (node.key.type !== "Identifier" || node.key.name === "constructor") continue;
    members.set(node.key.name, [...(members.get(node.key.name) ?? []), node]);
  }
  return members;
}

/** Follows `export … from` to the files that declare the names. */
function exportsOf(project: Project, file: SourceFile, wanted?: string): Declared[] {
  const found = declarationsOf(file).filter(({ offset, name }) => {
    return file.text.startsWith("export", offset) && (wanted === undefined || wanted === name);
  });
  for (const node of file.program.body) {
    if (node.type !== "ExportNamedDeclaration" && node.type !== "ExportAllDeclaration") continue;
    const target = project.get(resolve(file, node.source?.value ?? "") ?? "");
    if (target === undefined) continue;
    if (node.type === "ExportAllDeclaration") found.push(...exportsOf(project, target, wanted));
    else {
      for (const { local, exported } of node.specifiers) {
        if (wanted !== undefined && nameOf(exported) !== wanted) continue;
        found.push(...exportsOf(project, target, nameOf(local)));
      }
    }
  }
  return found;
}

function nameOf(node: { type: string; name?: unknown }): string {
  return typeof node.name === "string" ? node.name : "";
}

/** The declarations at the top of a file, exported or not, in order. */
function declarationsOf(file: SourceFile): Declared[] {
  return file.program.body.flatMap((node): Declared[] => {
    const declaration = declarationIn(node);
    if (declaration === null) return [];
    if (declaration.type === "VariableDeclaration") {
      return declaration.declarations.map(({ id }) => {
        return { file, name: nameOf(id), offset: node.start, declaration };
      });
    }
    const id = "id" in declaration ? declaration.id : null;
    return [{ file, name: id === null ? "" : nameOf(id), offset: node.start, declaration }];
  });
}

function declarationIn(node: Statement | Directive): Declaration | null {
  switch (node.type) {
    case "ExportNamedDeclaration":
      return node.declaration;
    case "ClassDeclaration":
    case "FunctionDeclaration":
    case "VariableDeclaration":
    case "TSDeclareFunction":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return node;
    default:
      return null;
  }
}
