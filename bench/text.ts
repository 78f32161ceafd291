/**
 * The report as text.
 */
import { type Report, type Result, type ScenarioResult, scaleOf, short } from "./result.ts";

export function headerText(report: Omit<Report, "scenarios">): string {
  const { machine, placement, node, server, clients, rounds, roundMs } = report;
  const width = Math.max(...clients.map(({ name }) => name.length));
  return [
    `Machine: ${machine}; ${placement}`,
    `Node ${node}; server ${server}, nothing saved`,
    `Median of ${rounds} rounds of ${roundMs} ms or one execution, clients in turn, after a round`,
    "that does not count; each client and scenario in a process of its own. Queueing is timed,",
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
  const failed = scenario.failures.map(({ client, error }) => `${client}  FAILED: ${error}`);
  const head = `${scenario.name}: ${scenario.title} (${label})`;
  return [head, ...[...lines, ...failed].map((line) => `  ${line}`)].join("\n");
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
