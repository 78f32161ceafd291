/**
 * The server's own `redis-benchmark`, as a line to compare with: no client for programs, but what
 * C sends and skips over.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Placement, pinned } from "./machine.ts";
import type { Scenario } from "./scenario.ts";

/** What it did. */
export interface Reference {
  readonly setup: string;
  /** Commands per second; the median of three runs. */
  readonly rate: number;
}

const RUNS = 3;
const SERVERS = ".cache/servers";

/** Runs it if the scenario has a counterpart there, and the program is there. */
export async function runReference(
  scenario: Scenario,
  server: string,
  port: number,
  placement: Placement,
): Promise<Reference | undefined> {
  const program = join(SERVERS, server, "bin/redis-benchmark");
  if (scenario.reference === undefined || !existsSync(program)) return undefined;
  const { connections, depth, requests } = scenario.reference;
  const setup = `-t set,get -c ${connections} -P ${depth} -n ${requests} -d 16 -r 10000`;
  const argv = pinned(
    [program, "-p", String(port), "--csv", ...setup.split(" ")],
    placement.client,
  );
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run += 1) rates.push(await rateOf(argv));
  return { setup, rate: rates.sort((a, b) => a - b)[(RUNS - 1) / 2] ?? Number.NaN };
}

/** SETs and GETs are measured one after the other: the rate of half of each. */
async function rateOf([program = "", ...args]: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 120_000 });
  const rates = [...stdout.matchAll(/^"(?:SET|GET)","([\d.]+)"/gm)].map(([, rate]) => Number(rate));
  if (rates.length !== 2) throw new Error(`redis-benchmark said: ${stdout.slice(0, 200)}`);
  return 2 / rates.reduce((sum, rate) => sum + 1 / rate, 0);
}
