/**
 * The process of one client in one scenario: says "ready", measures a round for each message, and
 * ends when its parent has had enough.
 */
import { readFileSync } from "node:fs";
import { CLIENTS } from "./clients.ts";
import { type Sample, Sampler } from "./sampling.ts";
import { SCENARIOS } from "./scenario.ts";

/** What the parent asks: a round, or the end. */
export type Request = Round | "end";

export interface Round {
  /** The least timed part of it. */
  readonly roundMs: number;
  /** Where a CPU profile of it goes, if one is wanted. */
  readonly profile: string | undefined;
}

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "peak"; readonly megabytes: number }
  | { readonly kind: "error"; readonly message: string };

const [scenarioName, clientName, port] = process.argv.slice(2);

/** The most memory this program has had; `maxRSS` may count what its parent had, too. */
function peakMegabytes(): number {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (peak !== undefined) return Number(peak) / 1024;
  } catch {
    // No Linux: the other figure is better than none.
  }
  return process.resourceUsage().maxRSS / 1024;
}

const answer = (message: Answer): void => void process.send?.(message);

function fail(error: unknown): void {
  answer({ kind: "error", message: error instanceof Error ? error.message : String(error) });
}

async function measure(sampler: Sampler, { roundMs, profile }: Round): Promise<Sample> {
  if (profile === undefined) return sampler.round(roundMs);
  // Only where it is wanted: not every runtime has an inspector.
  const { profiled } = await import("./profile.ts");
  return profiled(profile, () => sampler.round(roundMs));
}

async function start(): Promise<void> {
  const scenario = SCENARIOS.find(({ name }) => name === scenarioName);
  const client = CLIENTS.find(({ name }) => name === clientName);
  if (scenario === undefined || client === undefined) throw new Error("No such scenario or client");
  const open = await client.load();
  const connection = await open(Number(port));
  const sampler = new Sampler(scenario, connection);
  process.on("message", (request: Request) => {
    if (request === "end") {
      answer({ kind: "peak", megabytes: peakMegabytes() });
      connection.close().then(() => process.disconnect(), fail);
    } else {
      measure(sampler, request).then((sample) => answer({ kind: "sample", sample }), fail);
    }
  });
  answer({ kind: "ready" });
}

// Also when the parent is gone, however it ended.
process.once("disconnect", () => process.exit());

start().catch(fail);
