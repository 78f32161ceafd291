/**
 * Gets the generator of the reference: apart from the project's own packages, because it is large,
 * and because it wants an older TypeScript.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../process.ts";
import type { TypeDoc } from "./typedoc.ts";

const FOLDER = ".cache/docs-tools";
/** TypeDoc needs the compiler's API, which TypeScript 7 does not have. */
const MANIFEST = `${JSON.stringify(
  {
    private: true,
    dependencies: {
      typedoc: "0.28.20",
      typescript: "npm:@typescript/typescript6@6.0.2",
    },
  },
  null,
  2,
)}\n`;

/** Loads TypeDoc, installed if it is not there yet; `undefined` if that failed. */
export async function loadTypeDoc(): Promise<TypeDoc | undefined> {
  if (!isInstalled() && !(await install())) return undefined;
  const module = pathToFileURL(join(process.cwd(), FOLDER, "node_modules/typedoc/dist/index.js"));
  return (await import(module.href)) as TypeDoc;
}

function isInstalled(): boolean {
  const stamp = join(FOLDER, "installed.json");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === MANIFEST;
}

async function install(): Promise<boolean> {
  console.log(`docs: installing TypeDoc into ${FOLDER} (once; about 50 MB) …`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), MANIFEST);
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const { code, output, seconds } = await run("npm", ["install", "--prefix", FOLDER, ...flags]);
  if (code !== 0) {
    console.log(`${output.trimEnd()}\ndocs: npm could not install TypeDoc (exit code ${code})`);
    return false;
  }
  writeFileSync(join(FOLDER, "installed.json"), MANIFEST);
  console.log(`docs: installed in ${seconds.toFixed(1)} s`);
  return true;
}
