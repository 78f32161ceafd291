/**
 * Running other programs, for the scripts of this folder.
 */
import { type StdioOptions, spawn } from "node:child_process";

/** What came of a program: all it printed, in order, and its exit code (127: not started). */
export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** Settings of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  /** Prints to this terminal as it goes; `output` stays empty. */
  readonly isShown?: boolean;
}

/** Runs a program to its end. Never rejects: a program that cannot be started has failed. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const start = performance.now();
  const stdio: StdioOptions = options.isShown === true ? "inherit" : ["ignore", "pipe", "pipe"];
  return new Promise((resolve) => {
    let output = "";
    const finish = (code: number): void => {
      resolve({ code, output, seconds: (performance.now() - start) / 1000 });
    };
    const child = spawn(program, args, { cwd: options.cwd ?? process.cwd(), stdio });
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => {
      output += `cannot run ${program}: ${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

/** Where npm put a tool of ours; absolute, so that it runs in any folder. */
export function tool(name: string): string {
  return `${process.cwd()}/node_modules/.bin/${name}`;
}
