/**
 * What the types cost those who use them: the size of the declarations, and the work of the
 * compiler for a small and a large program. Compares with `test/types/budget.json`; `--update`
 * rewrites that file with a twentieth to spare. The compiler counts the same on every machine.
 */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareWithBudget, readBudget, writeBudget } from "./budget_file.ts";
import { HELLO, largeProgram } from "./budget_programs.ts";
import { run, tool } from "./process.ts";

const BUDGET = "test/types/budget.json";
const FOLDER = ".cache/type-budget";
const SPARE = 1.05;
const CONFIG = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  },
  files: ["main.ts"],
};

/** Measures by name: `declarations bytes`, `hello instantiations` … */
type Measures = Record<string, number>;

/** What the compiler says of a program; throws its messages if it does not compile. */
async function compile(name: string, text: string): Promise<Measures> {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.ts"), text);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(CONFIG));
  const finished = await run(tool("tsc"), ["-p", folder, "--extendedDiagnostics"]);
  if (finished.code !== 0) throw new Error(`${name} does not compile:\n${finished.output}`);
  const number = (label: string): number => {
    const match = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(finished.output);
    return Number(match?.[1] ?? Number.NaN);
  };
  const [memory, time] = [number("Memory used") / 1024, number("Total time")];
  console.log(`${name}: ${memory.toFixed(0)} MiB, ${time.toFixed(2)} s (not part of the budget)`);
  return { types: number("Types"), instantiations: number("Instantiations") };
}

/** The cost of the programs beyond that of an empty one, which is that of the standard types. */
async function measure(): Promise<Measures> {
  const measures: Measures = { "declarations bytes": declarationBytes("dist") };
  const empty = await compile("empty", "export {};\n");
  for (const [name, text] of [
    ["hello", HELLO],
    ["large", largeProgram()],
  ] as const) {
    for (const [unit, value] of Object.entries(await compile(name, text))) {
      measures[`${name} ${unit}`] = value - (empty[unit] ?? 0);
    }
  }
  return measures;
}

function declarationBytes(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".d.ts")) bytes += statSync(join(folder, name)).size;
  }
  return bytes;
}

async function main(): Promise<boolean> {
  if (!existsSync("dist/index.d.ts")) {
    console.log("dist/index.d.ts is missing: `npm run build` makes it from src/index.ts");
    return false;
  }
  const measures = await measure();
  if (process.argv.includes("--update")) writeBudget(BUDGET, measures, () => SPARE);
  const { lines, over } = compareWithBudget(measures, readBudget(BUDGET));
  console.log(lines.join("\n"));
  if (over.length === 0) return true;
  console.log(`Cheaper types, or a reason in the commit and \`npm run type-budget -- --update\`.`);
  return false;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
