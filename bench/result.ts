/**
 * Figures, made of samples.
 */
import type { Client } from "./client.ts";
import type { Footprint } from "./footprint.ts";
import type { Reference } from "./reference.ts";
import type { Sample } from "./sampling.ts";
import type { Scenario } from "./scenario.ts";

/** What one client did in one scenario. */
export interface Result {
  readonly client: string;
  /** Units per second: one figure for each round. */
  readonly rates: readonly number[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Microseconds of CPU time of the client for each unit: the median of the rounds. */
  readonly cpuMicros: number;
  readonly peakMegabytes: number;
  /** The median as a multiple of typedis'. */
  readonly ratio: number | undefined;
  /** What others had of the processors that we use, as a share of the time measured. */
  readonly others: number | undefined;
  readonly isDisturbed: boolean;
}

export interface Failure {
  readonly client: string;
  readonly error: string;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly isMain: boolean;
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
  /** The server's own benchmark, where it measures the same. */
  readonly reference: Reference | undefined;
}

/** A whole run. */
export interface Report {
  readonly machine: string;
  readonly placement: string;
  readonly node: string;
  readonly server: string;
  readonly clients: readonly (Pick<Client, "name" | "setup"> & { readonly version: string })[];
  readonly rounds: number;
  readonly roundMs: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly footprints: readonly Footprint[];
}

/** Samples of one client, and what was seen around them. */
export interface Measured {
  readonly client: string;
  readonly samples: readonly Sample[];
  readonly peakMegabytes: number;
  readonly others: number | undefined;
}

/** More of others than this, and the figures are marked. */
const DISTURBED = 0.1;
const BASELINE = "typedis";

export function summarize(scenario: Scenario, measured: readonly Measured[]): readonly Result[] {
  const results = measured.map((it) => summarizeOne(scenario, it));
  const baseline = results.find(({ client }) => client === BASELINE)?.median;
  return results.map((result) =>
    baseline === undefined ? result : { ...result, ratio: result.median / baseline },
  );
}

function summarizeOne(scenario: Scenario, measured: Measured): Result {
  const { client, samples, peakMegabytes, others } = measured;
  const units = (sample: Sample): number => sample.executions * scenario.units;
  const rates = samples.map((sample) => (units(sample) / sample.wallMs) * 1000);
  return {
    client,
    rates,
    median: median(rates),
    min: Math.min(...rates),
    max: Math.max(...rates),
    cpuMicros: median(samples.map((sample) => (sample.cpuMs * 1000) / units(sample))),
    peakMegabytes,
    ratio: undefined,
    others,
    isDisturbed: others !== undefined && others > DISTURBED,
  };
}

/** Between a client's name and the version of Node that it runs under, if it is not this one. */
export const UNDER = " @ ";

/** How typedis stands: as a multiple of the fastest other client, and of the fastest socket. */
export interface Standing {
  readonly peer: { readonly name: string; readonly ratio: number } | undefined;
  readonly raw: number | undefined;
}

export function standingOf(results: readonly Result[]): Standing | undefined {
  const own = results.find(({ client }) => client === BASELINE)?.median;
  if (own === undefined) return undefined;
  const fastest = (isAmong: (client: string) => boolean): Result | undefined =>
    results
      .filter(({ client }) => isAmong(client) && !client.includes(UNDER))
      .sort((a, b) => b.median - a.median)[0];
  const isRaw = (client: string): boolean => client.startsWith("raw");
  const peer = fastest((client) => client !== BASELINE && !isRaw(client));
  const raw = fastest(isRaw);
  return {
    peer: peer && { name: peer.client, ratio: own / peer.median },
    raw: raw && own / raw.median,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}

/** What one rate is counted in: thousands a second, but for megabytes. */
export function scaleOf(unit: string): { readonly divisor: number; readonly label: string } {
  return unit === "MB"
    ? { divisor: 1, label: "MB/s" }
    : { divisor: 1000, label: `thousand ${unit} per second` };
}

/** Three digits that count. */
export function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
