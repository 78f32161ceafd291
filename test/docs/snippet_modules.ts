/**
 * Makes modules of examples: one to be compiled, as it is written, and one to be run, with the
 * values that its comments claim compared.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Comment, type Program, parseSync, type Statement } from "oxc-parser";
import * as typedis from "typedis";
import * as testing from "typedis/testing";
import { type Claim, claimsIn } from "./claims.ts";
import type { Snippet } from "./snippets.ts";

/** Compares what an example came to with what its comment says. */
export type Check = (
  claim: { readonly comment: string; readonly kind: Claim["kind"]; readonly expected: unknown },
  value: unknown,
) => void;

/** What a module that is run exports. */
export interface ExampleModule {
  example(redis: typedis.Redis, check: Check): Promise<void>;
}

/** What stands before and after the lines of an example. */
const LINES_BEFORE = 2;
const EQUAL =
  "type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) " +
  "? true : { actual: A; claimed: B };";
/** What a claimed value goes through when the example is run. */
const SEEN =
  '{ const seen = <T>(comment: string, kind: "equal" | "partial" | "listed", ' +
  "expected: () => unknown, value: T): T => " +
  "{ check({ comment, kind, expected: expected() }, value); return value; };";
const GLOBAL_TYPES = ["Array", "Buffer", "Date", "Map", "Promise", "Record", "Set"];
const typeNames = [...exportedTypes("src/index.ts"), ...exportedTypes("src/errors.ts")];
const knownTypes = new Set([...GLOBAL_TYPES, ...Object.keys(typedis), ...typeNames]);

/** The examples of one document, or of all docstrings. */
export class SnippetModules {
  readonly #folder: string;
  readonly #snippets: readonly Snippet[];
  #errors: ReadonlyMap<Snippet, readonly string[]> = new Map();

  /** @param name of a folder for the modules, below the cache */
  constructor(name: string, snippets: readonly Snippet[]) {
    this.#folder = resolve(".cache/snippets", name);
    this.#snippets = snippets;
  }

  /**
   * Writes the modules and compiles all of them in one run of the compiler.
   *
   * @param portOf what stands for 6379 in the example that is run
   */
  async compile(portOf: (snippet: Snippet) => number): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    for (const [index, snippet] of this.#snippets.entries()) {
      const text = moduleText(snippet);
      writeFileSync(`${this.#folder}/${index}.ts`, withTypeClaims(text));
      writeFileSync(
        `${this.#folder}/${index}.run.ts`,
        withValueClaims(text).replaceAll("6379", String(portOf(snippet))),
      );
    }
    writeFileSync(`${this.#folder}/tsconfig.json`, JSON.stringify(PROJECT));
    this.#errors = this.#readErrors(await runCompiler(this.#folder));
  }

  /** What the compiler says of a snippet, each with the place in the document. */
  errorsOf(snippet: Snippet): readonly string[] {
    return this.#errors.get(snippet) ?? [];
  }

  /** Runs a snippet. */
  async run(snippet: Snippet, redis: typedis.Redis, check: Check): Promise<void> {
    const path = `${this.#folder}/${this.#snippets.indexOf(snippet)}.run.ts`;
    const module = (await import(/* @vite-ignore */ path)) as ExampleModule;
    await module.example(redis, check);
  }

  #readErrors(output: string): ReadonlyMap<Snippet, readonly string[]> {
    const errors = new Map<Snippet, string[]>();
    let last: string[] | undefined;
    for (const line of output.split("\n")) {
      const [, index, row, message] = /(\d+)\.ts\((\d+),\d+\): error (.*)/.exec(line) ?? [];
      const snippet = this.#snippets[Number(index)];
      if (snippet !== undefined) {
        last = errors.get(snippet) ?? [];
        errors.set(snippet, last);
        last.push(`${snippet.path}:${snippet.line + Number(row) - LINES_BEFORE - 1}: ${message}`);
      } else if (line.startsWith(" ")) last?.push(line);
      else if (line.includes("error TS")) throw new Error(`The examples do not compile: ${line}`);
    }
    return errors;
  }
}

const PROJECT = {
  extends: resolve("tsconfig.json"),
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ["*.ts"],
  exclude: ["*.run.ts"],
};

function runCompiler(folder: string): Promise<string> {
  const compiler = resolve("node_modules/typescript/bin/tsc");
  const options = ["-p", folder, "--pretty", "false"];
  return new Promise((done) => {
    execFile(
      process.execPath,
      [compiler, ...options],
      { maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => done(error === null ? "" : stdout + stderr),
    );
  });
}

/** The example as the body of a function that is given a client; its imports go to the top. */
function moduleText({ code }: Snippet): string {
  const imports = code.filter((line) => line.startsWith("import "));
  const body = code.map((line) => (line.startsWith("import ") ? "" : line));
  return [
    [...imports, ...missingImports(code.join("\n")), EQUAL].join(" "),
    `export async function example(redis: typedis.Redis, check: Check): Promise<void> ${SEEN} {`,
    ...body,
    "} }",
    "",
  ].join("\n");
}

/** Imports of what an example uses without importing it. */
function missingImports(text: string): string[] {
  const isMissing = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(text) && !new RegExp(`import .*\\b${name}\\b`).test(text);
  const from = (names: readonly string[]): string => names.filter(isMissing).join(", ");
  return [
    'import type * as typedis from "typedis";',
    `import { ${from(Object.keys(typedis))} } from "typedis";`,
    `import type { ${from(typeNames)} } from "typedis";`,
    `import { ${from(Object.keys(testing))} } from "typedis/testing";`,
    `import type { Check } from "${resolve("test/docs/snippet_modules.ts")}";`,
  ];
}

function exportedTypes(path: string): string[] {
  const { program } = parseSync(path, readFileSync(path, "utf8"));
  return program.body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration") return [];
    const { declaration } = node;
    if (declaration?.type === "TSTypeAliasDeclaration") return [declaration.id.name];
    if (declaration?.type === "TSInterfaceDeclaration") return [declaration.id.name];
    return node.specifiers
      .filter((it) => node.exportKind === "type" || it.exportKind === "type")
      .map((it) => (it.exported.type === "Identifier" ? it.exported.name : ""));
  });
}

/** Compares each claimed type in a function that is never called, on the line of its statement. */
function withTypeClaims(text: string): string {
  return rewrite(text, ({ kind, expected, at, start, end }, comments) => {
    if (kind !== "type") return [];
    const inner = comments.filter((comment) => comment.start >= start && comment.end <= end);
    const blanks = inner.map((comment) => ({ start: comment.start, end: comment.end, text: "" }));
    const shifted = blanks.map((it) => ({ ...it, start: it.start - start, end: it.end - start }));
    const expression = apply(text.slice(start, end), shifted).replaceAll("\n", " ");
    const equal = `const equal: Equal<typeof it, ${expected}> = true;`;
    const unused = `void (async () => { const it = ${expression}; ${equal} }); `;
    return [{ start: at, end: at, text: unused }];
  });
}

/** Compares each claimed value when it is there. */
function withValueClaims(text: string): string {
  return rewrite(text, ({ kind, comment, expected, start, end }) => {
    if (kind === "type") return [];
    const about = `${JSON.stringify(comment)}, ${JSON.stringify(kind)}, () => (${expected})`;
    return [
      { start, end: start, text: `seen(${about}, ` },
      { start: end, end, text: ")" },
    ];
  });
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function rewrite(
  text: string,
  edit: (claim: Claim, comments: readonly Comment[]) => readonly Edit[],
): string {
  const { program, comments } = parseSync("example.ts", text);
  const claims = claimsIn(text, exampleStatements(program.body), comments, knownTypes);
  return apply(
    text,
    claims.flatMap((claim) => edit(claim, comments)),
  );
}

/** The statements of the example itself: those of the inner block. */
function exampleStatements(body: Program["body"]): readonly Statement[] {
  const last = body.at(-1);
  if (last?.type !== "ExportNamedDeclaration") return [];
  if (last.declaration?.type !== "FunctionDeclaration") return [];
  const inner = last.declaration.body?.body.at(-1);
  return inner?.type === "BlockStatement" ? inner.body : [];
}

function apply(text: string, edits: readonly Edit[]): string {
  return edits.toReversed().reduce((result, edit) => {
    return result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }, text);
}
