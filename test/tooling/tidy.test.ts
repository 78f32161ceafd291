/**
 * Each rule of tidy finds a planted offence and lets the clean counterpart pass: a rule that cannot
 * fail proves nothing.
 */
import { describe, expect, test } from "vitest";
import { completed, lockFindings } from "../../scripts/tidy/lock.ts";
import { projectOf } from "../../scripts/tidy/project.ts";
import { findingsOf } from "../../scripts/tidy/rules.ts";

/** `line rule` of each finding in the file at `path` (or in the one file given). */
function find(files: Record<string, string>, path = Object.keys(files)[0] ?? ""): string[] {
  return findingsOf(projectOf(files))
    .filter((finding) => finding.path === path)
    .map(({ line, rule }) => `${line} ${rule}`);
}

const one = (text: string, path = "src/client/a.ts"): string[] => find({ [path]: text });

test("clean code has no findings", () => {
  const text = `import { join } from "node:path";\n\n/** Doc. */\nexport const a = join("b");\n`;
  expect(one(text)).toEqual([]);
});

test("text that does not parse is found", () => {
  expect(one("const = ;\n")).toContain("1 syntax");
});

describe("layers", () => {
  const uses = (target: string): string => `import type { A } from "${target}";\n`;
  test.each([
    ["src/base/a.ts", "../protocol/b.ts"],
    ["src/errors.ts", "./protocol/b.ts"],
    ["src/protocol/a.ts", "../command/b.ts"],
    ["src/command/a.ts", "../commands/b.ts"],
    ["src/commands/a.ts", "../connection/b.ts"],
    ["src/connection/a.ts", "../commands/b.ts"],
    ["src/topology/cluster/a.ts", "../../client/b.ts"],
    ["src/client/a.ts", "../index.ts"],
    ["src/index.ts", "./testing/b.ts"],
    ["src/testing/a.ts", "../connection/b.ts"],
    ["src/client/a.ts", "../../scripts/b.ts"],
  ])("%s must not import %s", (path, target) => {
    expect(one(uses(target), path)).toEqual(["1 layers"]);
  });

  test.each([
    ["src/base/a.ts", "../errors.ts"],
    ["src/commands/modules/a.ts", "../b.ts"],
    ["src/connection/a.ts", "../command/b.ts"],
    ["src/client/a.ts", "../base/b.ts"],
    ["src/index.ts", "./client/b.ts"],
    ["src/testing/a.ts", "../protocol/b.ts"],
    ["test/a.ts", "../src/client/b.ts"],
  ])("%s may import %s", (path, target) => {
    expect(one(uses(target), path)).toEqual([]);
  });

  test.each([
    `export { A } from "../client/b.ts";`,
    `export * from "../client/b.ts";`,
    `export type A = import("../client/b.ts").A;`,
    `export const a = await import("../client/b.ts");`,
  ])("every way of importing counts: %s", (text) => {
    expect(one(`${text}\n`, "src/base/a.ts")).toEqual(["1 layers"]);
  });

  test("an unknown folder is found", () => {
    expect(one("export {};\n", "src/misc/a.ts")).toEqual(["1 layers"]);
  });
});

describe("cycles", () => {
  test("files that import each other through a third, types included, are found once", () => {
    const files = {
      "src/base/a.ts": `import type { B } from "./b.ts";\n`,
      "src/base/b.ts": `export * from "./c.ts";\n`,
      "src/base/c.ts": `import { a } from "./a.ts";\n`,
      "src/base/d.ts": `import { a } from "./a.ts";\n`,
    };
    const findings = findingsOf(projectOf(files));
    expect(findings.map(({ rule }) => rule)).toEqual(["cycles"]);
    expect(findings[0]?.message).toContain("src/base/a.ts, src/base/b.ts, src/base/c.ts");
  });

  test("a file that imports itself is found, a diamond is not", () => {
    expect(one(`import { a } from "./a.ts";\n`)).toEqual(["1 cycles"]);
    const diamond = {
      "test/a.ts": `import "./b.ts";\nimport "./c.ts";\n`,
      "test/b.ts": `import "./d.ts";\n`,
      "test/c.ts": `import "./d.ts";\n`,
      "test/d.ts": "export {};\n",
    };
    expect(findingsOf(projectOf(diamond))).toEqual([]);
  });
});

describe("imports", () => {
  test.each(["node:net", "node:tls"])("only the opening of streams imports %s", (name) => {
    const text = `import * as socket from "${name}";\n`;
    expect(one(text, "src/connection/link.ts")).toEqual(["1 sockets"]);
    expect(one(text, "src/connection/open_stream.ts")).toEqual([]);
    expect(one(text, "src/testing/proxy.ts")).toEqual([]);
    const types = `import type { Socket } from "${name}";\n`;
    expect(one(types, "src/connection/link.ts")).toEqual([]);
  });

  test("a Node module without its prefix is found", () => {
    expect(one(`import { join } from "path";\n`)).toEqual(["1 node-prefix"]);
    expect(one(`import { open } from "fs/promises";\n`, "test/a.ts")).toEqual(["1 node-prefix"]);
  });

  test("a dependency of the library is found", () => {
    expect(one(`import ms from "ms";\n`)).toEqual(["1 dependencies"]);
    expect(one(`import ms from "ms";\n`, "bench/a.ts")).toEqual([]);
  });
});

describe("sizes", () => {
  const lines = (count: number): string => "export {};\n".repeat(count);
  test("files", () => {
    expect(one(lines(501))).toEqual(["502 file-size"]);
    expect(one(lines(500))).toEqual([]);
    expect(one(lines(700), "src/commands/a.ts")).toEqual([]);
    expect(one(lines(701), "src/commands/a.ts")).toEqual(["702 file-size"]);
    expect(one(`// Generated by a script.\n${lines(900)}`)).toEqual([]);
  });

  test.each([
    ["function", (body: string) => `export function f() {\n${body}}\n`],
    ["arrow function", (body: string) => `export const f = () => {\n${body}};\n`],
    ["method", (body: string) => `export class A { f() {\n${body}} }\n`],
  ])("%s", (_, wrap) => {
    expect(one(wrap("f();\n".repeat(69)))).toEqual(["1 function-size"]);
    expect(one(wrap("f();\n".repeat(68)))).toEqual([]);
    expect(one(wrap("f();\n".repeat(69)), "test/a.ts")).toEqual([]);
  });

  test("lines", () => {
    expect(one(`\n// ${"x".repeat(98)}\n`)).toEqual(["2 line-width"]);
    expect(one(`// ${"…".repeat(97)}\n`)).toEqual([]);
    expect(one(`// https://redis.io/${"x".repeat(98)}\n`)).toEqual([]);
  });
});

describe("names", () => {
  test.each(["src/base/ringBuffer.ts", "src/base/ring-buffer.ts", "src/base/Ring.ts"])(
    "%s is not lower_snake",
    (path) => expect(one("", path)).toEqual(["1 file-name"]),
  );
  test.each(["src/base/utils.ts", "src/base/test_helpers.ts", "src/base/pool_manager.ts"])(
    "%s says nothing",
    (path) => expect(one("", path)).toEqual(["1 file-name"]),
  );
  test.each([
    "class PoolManager {}",
    "class A { #encodeHelper() {} }",
    "function replyUtils() {}",
    "const utils = 1;",
    "type ClientImpl = 1;",
    "interface IClient {}",
  ])("%s", (text) => expect(one(`${text}\n`)).toEqual(["1 names"]));
  test.each(["class Implicit {}", "interface Item {}", "const implemented = 1;", "type IO = 1;"])(
    "%s is fine",
    (text) => expect(one(`${text}\n`)).toEqual([]),
  );
});

describe("constructs", () => {
  test.each([
    "let a: any;",
    "type A = Map<string, any[]>;",
    "const a = b as unknown as string;",
    "const a = b!;",
    "a!.b = 1;",
    "class A { b!: string; }",
    "let a!: string;",
    "export default 1;",
    "const a = 1;export { a as default };",
    "enum A { B }",
    "const enum A { B }",
    "namespace A {}",
    "console.log(1);",
    "await vi.waitFor(() => 1);",
    "await vi.waitUntil(() => true);",
  ])("%s", (text) => expect(one(`${text}\n`)).toEqual(["1 constructs"]));
  test.each([
    "const any = 1;",
    "const a = !b;",
    "const a = b as unknown;",
    "const a = 'any';",
    "vi.waitFor(a, b);",
  ])("%s is fine", (text) => expect(one(`${text}\n`)).toEqual([]));
  test("programs may print, the library may not", () => {
    expect(one("console.log(1);\n", "scripts/a.ts")).toEqual([]);
  });
});

describe("comments", () => {
  const note = (word: string): string => `// ${word}: later\n`;
  test.each(["TODO", "FIXME", "XXX"])("%s", (word) => {
    expect(one(note(word))).toEqual(["1 comments"]);
    expect(one(`const a = "${word}";\n`)).toEqual([]);
  });
  test.each(["ignore", "nocheck", "expect-error"])("@ts-%s", (word) => {
    expect(one(`// @ts-${word}\n`)).toEqual(["1 comments"]);
  });
  test("a type test may expect an error, but not ignore one", () => {
    expect(one("// @ts-expect-error\n", "test/a.ts")).toEqual([]);
    expect(one("/* @ts-ignore */\n", "test/a.ts")).toEqual(["1 comments"]);
  });
  test.each(["const a = 1;", "return f(b);", `import a from "b";`, "await redis.get(k);"])(
    "commented-out code: %s",
    (text) => expect(one(`// ${text}\n`)).toEqual(["1 comments"]),
  );
  test.each(["Nothing (yet) is known;", "a list = of words;", "see `f()`.", "EXEC happens here"])(
    "a sentence is no code: %s",
    (text) => expect(one(`// ${text}\n`)).toEqual([]),
  );
  test.each(["work", "root", "home", "tmp"])("a path of one machine: %s", (name) => {
    const path = ["", name, "x"].join("/");
    expect(one(`const a = "${path}";\n`)).toEqual(["1 machine-paths"]);
    expect(one(`// in ${path}\n`)).toEqual(["1 machine-paths"]);
    expect(one(`// https://a.b${path}\n`)).toEqual([]);
  });
});

describe("documentation of exports", () => {
  const index = `export { A, type B } from "./client/a.ts";\nexport * from "./client/b.ts";\n`;
  const documented = {
    "src/index.ts": index,
    "src/client/a.ts": `
/** A. */
export class A {
  /** F. */
  f() {}
  #g() {}
  private h() {}
  override i() {}
  [Symbol.dispose]() {}
}
/** B. */
export type B = 1;
export const unseen = 1;
`,
    "src/client/b.ts": `
/** C. */
export function c(a: 1): 1;
export function c(a: 2): 2;
export function c(a: number) {}
`,
  };

  test("documented exports pass, and so does what is not exported", () => {
    expect(findingsOf(projectOf(documented))).toEqual([]);
  });

  test.each([
    ["src/client/a.ts", "/** A. */", "A"],
    ["src/client/a.ts", "/** F. */", "A.f"],
    ["src/client/a.ts", "/** B. */", "B"],
    ["src/client/b.ts", "/** C. */", "c"],
  ] as const)("in %s without %s", (path, doc, name) => {
    const text = documented[path].replace(doc, "");
    const findings = findingsOf(projectOf({ ...documented, [path]: text }));
    expect(findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
      `export-docs ${name} has no documentation`,
    ]);
  });

  test("the testing entry is covered, through names that are renamed on the way", () => {
    const files = {
      "src/testing/index.ts": `export { inner as outer } from "./a.ts";\n`,
      "src/testing/a.ts": "export const inner = 1;\n",
    };
    expect(find(files, "src/testing/a.ts")).toEqual(["1 export-docs"]);
  });
});

describe("documentation of commands", () => {
  const tags = ["@returns a", "@example b", "@see c", "@since 1.0.0"];
  const command = (doc: readonly string[], name = "get"): string => {
    const comment = doc.map((line) => `   * ${line}\n`).join("");
    return `export class A {\n  /**\n${comment}   */\n  ${name}() {}\n}\n`;
  };
  const path = "src/commands/a.ts";

  test("a complete one passes, an overload without its own as well", () => {
    expect(one(command(["Gets it.", ...tags]), path)).toEqual([]);
    const overloads = command(["Gets it (or not).", "", ...tags], "get(a: 1): 1;\n  get");
    expect(one(overloads, path)).toEqual([]);
  });

  test.each(tags)("without %s", (tag) => {
    const doc = ["Gets it.", ...tags.filter((other) => other !== tag)];
    const findings = findingsOf(projectOf({ [path]: command(doc) }));
    expect(findings.map(({ rule }) => rule)).toEqual(["command-docs"]);
    expect(findings[0]?.message).toBe(`A.get lacks ${tag.split(" ")[0]}`);
  });

  test("without a first sentence, or any comment", () => {
    expect(one(command(tags), path)).toEqual(["8 command-docs"]);
    expect(one(command(["Gets it", "", "More.", ...tags]), path)).toHaveLength(1);
    expect(one("export class A {\n  get() {}\n}\n", path)).toEqual(["2 command-docs"]);
  });

  test("what users cannot call needs none", () => {
    const hidden = "  protected a() {}\n  #b() {}\n  constructor() {}\n";
    const text = `export class A {\n${hidden}}\nclass B { c() {} }\n`;
    expect(one(text, path)).toEqual([]);
  });
});

describe("the lock file", () => {
  const lock = {
    packages: {
      "node_modules/a": {
        version: "1.0.0",
        dev: true,
        optionalDependencies: { "@a/win32-x64": "1.0.0" },
      },
    },
  };

  test("a missing package of another platform is found, and completed", () => {
    expect([...lockFindings(lock)].map(({ message }) => message)).toEqual([
      "@a/win32-x64 1.0.0 is missing: run `npm run lock`",
    ]);
    const after = completed(lock);
    expect([...lockFindings(after)]).toEqual([]);
    expect(after.packages["node_modules/@a/win32-x64"]).toEqual({
      version: "1.0.0",
      dev: true,
      optional: true,
      os: ["win32"],
      cpu: ["x64"],
    });
  });

  test("an address and an install script are found", () => {
    const entry = { resolved: "anywhere", hasInstallScript: true };
    expect([...lockFindings({ packages: { "node_modules/a": entry } })]).toHaveLength(2);
  });
});
