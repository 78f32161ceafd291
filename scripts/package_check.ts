/**
 * The package as users get it: packed, looked at by publint and attw, installed into a project of
 * its own, compiled against in two ways, imported by Node. No network is used.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { CONSUMER, CONSUMER_CONFIG, declarationsConfig, IMPORTS } from "./package_consumer.ts";
import { run, tool } from "./process.ts";

/** What may stand at the top of the package. */
const CONTENTS = ["package.json", "README.md", "CHANGELOG.md", "LICENSE", "dist", "src"];

/** Fields of package.json by which other packages, or code at install, would come along. */
const FORBIDDEN = /^(dependencies|peerDependencies|optionalDependencies|bundleDependencies)$/;
const INSTALL_SCRIPT = /^(pre|post)?(install|prepare)$/;

/** Of the client in a bundle. */
const MAX_GZIPPED_BYTES = 60_000;

let failures = 0;

function report(name: string, problem: string): void {
  console.log(problem === "" ? `ok     ${name}` : `FAILED ${name}\n${problem}`);
  if (problem !== "") failures += 1;
}

/** Runs a program as one check. */
async function check(name: string, program: string, args: string[], cwd = "."): Promise<boolean> {
  const { code, output } = await run(program, args, { cwd });
  report(name, code === 0 ? "" : output);
  return code === 0;
}

/** Packs into `folder`, and lays the contents out there as npm would install them. */
async function install(folder: string): Promise<{ tarball: string; root: string }> {
  const root = join(folder, "node_modules/typedis");
  mkdirSync(root, { recursive: true });
  await check("npm pack", "npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  await check("unpack", "tar", ["-xzf", tarball, "-C", root, "--strip-components=1"]);
  mkdirSync(join(folder, "node_modules/@types"));
  for (const name of ["@types/node", "undici-types"]) {
    symlinkSync(join(process.cwd(), "node_modules", name), join(folder, "node_modules", name));
  }
  return { tarball, root };
}

/** Nothing comes along, at install or later; nothing is in the package that is not for users. */
function checkManifest(root: string): void {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const problems = Object.keys(manifest).filter((key) => FORBIDDEN.test(key));
  problems.push(...Object.keys(manifest.scripts ?? {}).filter((key) => INSTALL_SCRIPT.test(key)));
  problems.push(...readdirSync(root).filter((name) => !CONTENTS.includes(name)));
  const missing = CONTENTS.filter((name) => !existsSync(join(root, name)));
  problems.push(...missing.map((name) => `${name} is missing`));
  report("no dependency, no install script, no stray file", problems.join("\n"));
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

/** "Go to definition" arrives in readable source: each map names a file that is in the package. */
function checkMaps(root: string): void {
  const missing: string[] = [];
  for (const name of readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })) {
    const file = join(root, "dist", name);
    if (!name.endsWith(".map")) {
      const isMapped = !/\.(js|d\.ts)$/.test(name) || existsSync(`${file}.map`);
      if (!isMapped) missing.push(`${name} has no map`);
      continue;
    }
    const { sources } = JSON.parse(readFileSync(file, "utf8")) as { sources: string[] };
    const lost = sources.filter((source) => !existsSync(normalize(join(dirname(file), source))));
    missing.push(...lost.map((source) => `${name}: ${source} is not in the package`));
  }
  report("sources for jump-to-definition", missing.join("\n"));
}

/** Compiles and runs what users write, with the checks of libraries on. */
async function checkConsumer(folder: string): Promise<void> {
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }\n`);
  writeFileSync(join(folder, "main.ts"), CONSUMER);
  writeFileSync(join(folder, "imports.js"), IMPORTS);
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["preserve", "bundler"],
  ] as const) {
    writeFileSync(join(folder, "tsconfig.json"), CONSUMER_CONFIG);
    const options = ["--module", module, "--moduleResolution", resolution];
    await check(`compiles with ${resolution}`, tool("tsc"), ["-p", ".", ...options], folder);
  }
  await check("both entries import in Node", "node", ["imports.js"], folder);
}

/**
 * The type tests again, against the declarations as published, from which what is internal has been
 * stripped: a type parameter that nothing else mentions would be lost, and be `unknown`.
 */
async function checkDeclarations(folder: string): Promise<void> {
  symlinkSync(join(process.cwd(), "node_modules/vitest"), join(folder, "node_modules/vitest"));
  const files = readdirSync("test/types").filter((name) => name.endsWith(".test-d.ts"));
  for (const name of files) {
    const text = readFileSync(join("test/types", name), "utf8");
    writeFileSync(join(folder, name), text.replace('"../../src/index.ts"', '"typedis"'));
  }
  writeFileSync(join(folder, "tsconfig.json"), declarationsConfig(files));
  await check("the declarations pass the type tests", tool("tsc"), ["-p", "."], folder);
}

/** A program that bundles the client does not carry much code. */
async function checkSize(folder: string): Promise<void> {
  const output = join(folder, "bundle.js");
  const entry = join(folder, "node_modules/typedis/dist/index.js");
  const args = [entry, "--file", output, "--platform", "node", "--minify"];
  if (!(await check("bundles", tool("rolldown"), args))) return;
  const code = readFileSync(output);
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  const gzipped = gzipSync(code).length;
  console.log(`       ${kilobytes(code.length)} minified, ${kilobytes(gzipped)} gzipped`);
  const isSmall = gzipped <= MAX_GZIPPED_BYTES;
  report("size", isSmall ? "" : `more than ${kilobytes(MAX_GZIPPED_BYTES)} gzipped`);
}

async function main(folder: string): Promise<void> {
  if (!existsSync("dist/index.js")) {
    report("dist", "dist/index.js is missing: `npm run build` makes it from src/index.ts");
    return;
  }
  const { tarball, root } = await install(folder);
  checkManifest(root);
  checkMaps(root);
  await check("publint", tool("publint"), ["--strict", tarball]);
  await check("attw", tool("attw"), [tarball, "--profile", "esm-only", "--no-definitely-typed"]);
  await checkConsumer(folder);
  await checkDeclarations(folder);
  await checkSize(folder);
}

const folder = mkdtempSync(join(tmpdir(), "typedis-package-"));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`package-check: ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
