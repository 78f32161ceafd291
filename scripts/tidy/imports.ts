/**
 * Who may import whom: layers, cycles, sockets, dependencies.
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import type { Finding, Project, SourceFile } from "./project.ts";

/** Something a file imports or exports from elsewhere; types count. */
interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** Whether it is `import type`, which loads nothing. */
  readonly isType: boolean;
}

/** From the bottom. A file may import lower layers and its own folder; never its equals. */
const LAYERS: readonly (readonly string[])[] = [
  ["base", "errors"],
  ["protocol"],
  ["command"],
  ["commands", "connection"],
  ["topology"],
  ["client"],
  ["index"],
];

/** What the folder beside the layers may import. */
const TESTING_MAY_IMPORT = new Set(["testing", "base", "errors", "protocol"]);

const SOCKETS = new Set(["node:net", "node:tls", "net", "tls"]);

/** A file imports only lower layers or its own folder; `src/testing` stands apart. */
export function* layers(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (!file.isSource) continue;
    const from = layerOf(file.path);
    if (rankOf(from) < 0 && from !== "testing") {
      yield file.finding(0, "layers", `${from} is not a known layer`);
    }
    for (const { specifier, offset } of importsOf(file)) {
      const target = resolve(file, specifier);
      if (target === undefined) continue;
      const problem = layerProblem(from, target);
      if (problem !== undefined) yield file.finding(offset, "layers", problem);
    }
  }
}

function layerProblem(from: string, target: string): string | undefined {
  if (!target.startsWith("src/")) return `src must not import ${target}`;
  const to = layerOf(target);
  if (to === from) return undefined;
  const isAllowed =
    from === "testing"
      ? TESTING_MAY_IMPORT.has(to)
      : to !== "testing" && (rankOf(to) < rankOf(from) || (rankOf(to) === 0 && rankOf(from) === 0));
  return isAllowed ? undefined : `${from} must not import ${to} (${target})`;
}

/** The folder below `src`, or the name of a file that lies in `src` itself. */
function layerOf(path: string): string {
  return path.split("/")[1]?.replace(/\.ts$/, "") ?? "";
}

function rankOf(layer: string): number {
  return LAYERS.findIndex((names) => names.includes(layer));
}

/** No file imports itself, directly or through others (strongly connected components, Tarjan). */
export function* cycles(project: Project): Iterable<Finding> {
  const edges = new Map<string, string[]>();
  for (const file of project.values()) {
    const targets = importsOf(file).flatMap(({ specifier }) => resolve(file, specifier) ?? []);
    edges.set(
      file.path,
      targets.filter((target) => project.has(target)),
    );
  }
  for (const component of components(edges)) {
    const name = component[0] ?? "";
    const isCycle = component.length > 1 || edges.get(name)?.includes(name) === true;
    const first = project.get(name);
    if (first === undefined || !isCycle) continue;
    yield first.finding(0, "cycles", `import each other: ${component.join(", ")}`);
  }
}

/** The strongly connected components of a graph, each sorted by name. */
function components(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const connect = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) connect(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) === index.get(node)) found.push(stack.splice(stack.indexOf(node)).sort());
  };
  for (const node of edges.keys()) if (!index.has(node)) connect(node);
  return found;
}

/** Only the transport, and the servers and proxies for tests, open sockets. */
export function* sockets(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    if (!file.isSource || file.path.startsWith("src/testing/")) continue;
    if (file.path === "src/connection/open_stream.ts") continue;
    for (const { specifier, offset, isType } of importsOf(file)) {
      if (isType || !SOCKETS.has(specifier)) continue;
      yield file.finding(offset, "sockets", `only connection/open_stream.ts imports ${specifier}`);
    }
  }
}

/** Node's modules carry `node:`; the library imports nothing else that is not its own. */
export function* specifiers(project: Project): Iterable<Finding> {
  for (const file of project.values()) {
    for (const { specifier, offset } of importsOf(file)) {
      if (builtinModules.includes(specifier)) {
        yield file.finding(offset, "node-prefix", `write "node:${specifier}"`);
      } else if (file.isSource && !/^(node:|\.\.?\/)/.test(specifier)) {
        yield file.finding(offset, "dependencies", `src must not depend on ${specifier}`);
      }
    }
  }
}

/** Everything `file` imports, however it is written, types included. */
function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (
    source: { type: string; value?: unknown; start: number } | null,
    isType = false,
  ): void => {
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    imports.push({ specifier: source.value, offset: source.start, isType });
  };
  file.visit({
    ImportDeclaration: (node) => add(node.source, node.importKind === "type"),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source, true),
  });
  return imports;
}

/** The path from the root that a relative import names; `undefined` for a package. */
export function resolve(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(file.path), specifier);
}
