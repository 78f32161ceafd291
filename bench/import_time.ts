/**
 * How long a program waits for a package that it imports.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const ROUNDS = 9;
const PROGRAM = `const start = performance.now();
await import(process.argv[1]);
console.log(performance.now() - start);
process.exit();`;

/** The median milliseconds of an import, each in a process of its own. */
export async function importMilliseconds(specifier: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const args = ["--input-type=module", "--eval", PROGRAM, specifier];
    times.push(Number((await promisify(execFile)(process.execPath, args)).stdout));
  }
  return times.sort((a, b) => a - b)[(ROUNDS - 1) / 2] ?? Number.NaN;
}
