/**
 * The report as text.
 */
import type { Footprint } from "./footprint.ts";
import {
  type Report,
  type Result,
  type ScenarioResult,
  scaleOf,
  short,
  standingOf,
} from "./result.ts";

export function headerText(report: Omit<Report, "scenarios" | "footprints">): string {
  const { machine, placement, node, server, clients, rounds, roundMs } = report;
  const width = Math.max(...clients.map(({ name }) => name.length));
  return [
    `Machine: ${machine}; ${placement}`,
    `Node ${node}; server ${server}, nothing saved`,
    `Median of ${rounds} rounds of ${roundMs} ms or one execution, clients in turn, after four`,
    "that do not count; each client and scenario in a process of its own. Queueing is timed,",
    "every reply is checked. CPU: microseconds of the client's process per unit. x: times typedis.",
    ...clients.map(
      ({ name, version, setup }) => `  ${name.padEnd(width)}  ${`${version} (${setup})`.trim()}`,
    ),
  ].join("\n");
}

const COLUMNS = ["client", "rate", "min", "max", "CPU us", "peak MB", "x"];

/** One scenario as a table. */
export function scenarioText(scenario: ScenarioResult): string {
  const { divisor, label } = scaleOf(scenario.unit);
  const rows = [COLUMNS, ...scenario.results.map((result) => row(result, divisor))];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  "),
  );
  const { reference } = scenario;
  const notes = standingText(scenario);
  if (reference !== undefined) {
    notes.push(`redis-benchmark ${reference.setup}: ${short(reference.rate / divisor)}`);
  }
  const failed = scenario.failures.map(({ client, error }) => `${client}  FAILED: ${error}`);
  const head = `${scenario.name}: ${scenario.title} (${label})`;
  return [head, ...[...lines, ...failed, ...notes].map((line) => `  ${line}`)].join("\n");
}

function standingText({ results }: ScenarioResult): string[] {
  const { peer, raw } = standingOf(results) ?? {};
  const parts = [
    ...(peer === undefined ? [] : [`${peer.ratio.toFixed(2)} of ${peer.name}, the best peer`]),
    ...(raw === undefined ? [] : [`${raw.toFixed(2)} of the best raw socket`]),
  ];
  return parts.length === 0 ? [] : [`typedis: ${parts.join("; ")}`];
}

/** What clients cost before they are fast. */
export function footprintText(footprints: readonly Footprint[]): string {
  const lines = footprints.map(({ client, importMs, bytesInFlight }) => {
    const time = importMs === undefined ? "built in" : importMs.toFixed(0);
    const bytes = bytesInFlight === undefined ? "unknown" : String(bytesInFlight);
    return `  ${client.padEnd(14)} ${time.padStart(8)} ${bytes.padStart(8)}`;
  });
  return [
    "footprint: milliseconds of the import, bytes kept for each GET in flight",
    ...lines,
  ].join("\n");
}

function row(result: Result, divisor: number): string[] {
  const { client, median, min, max, cpuMicros, peakMegabytes, ratio, others, isDisturbed } = result;
  return [
    client,
    ...[median, min, max].map((rate) => short(rate / divisor)),
    short(cpuMicros),
    peakMegabytes.toFixed(0),
    ratio === undefined ? "" : ratio.toFixed(2),
    ...(isDisturbed ? [`disturbed: others used ${((others ?? 0) * 100).toFixed(0)} %`] : []),
  ];
}
