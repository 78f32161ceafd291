/**
 * Runs compiled programs of `examples/`, each as its own process, as a user would.
 */
import { execFile } from "node:child_process";

/** What a program left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Compiles the examples and the package that they import, if they are not fresh. */
export async function compileExamples(): Promise<void> {
  const { code, stdout, stderr } = await run("scripts/bootstrap.mjs", ["examples"], {});
  if (code !== 0) throw new Error(`the examples do not compile:\n${stdout}${stderr}`);
}

/** Runs `examples/<name>.ts` to its end; `environment` is added to this process's own. */
export function runExample(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  return run(`.build/examples/${name}.js`, [], environment);
}

function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}
