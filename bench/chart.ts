/**
 * The main scenarios as a chart: one panel each, with a scale of its own.
 */
import { type Report, type Result, type ScenarioResult, scaleOf, short } from "./result.ts";

const COLUMNS = 2;
const PANEL_WIDTH = 380;
const LETTER_WIDTH = 7;
const LEAST_NAME_WIDTH = 92;
const VALUE_WIDTH = 52;
const ROW = 18;
const HEAD = 34;
const TOP = 62;
const MARGIN = 16;

const OURS = "#2563eb";
const LIMIT = "#cbd5e1";
const PEER = "#94a3b8";
const SPREAD = "#475569";

/** Draws the chart as SVG. */
export function chartOf(report: Report): string {
  const panels = report.scenarios.filter(({ isMain }) => isMain);
  const rows = Math.max(1, ...panels.map(({ results }) => results.length));
  const panelHeight = HEAD + rows * ROW + 12;
  const width = COLUMNS * PANEL_WIDTH + MARGIN;
  const height = TOP + Math.ceil(panels.length / COLUMNS) * panelHeight + MARGIN;
  const isDisturbed = panels.some(({ results }) => results.some((it) => it.isDisturbed));
  const busy = isDisturbed ? " Measured on a busy machine: not to be quoted." : "";
  const subtitle = `Longer is better. Medians; lines reach from the slowest to the fastest round.`;
  const where = `Server ${report.server}, Node ${report.node}.${busy}`;
  const body = panels.map((panel, index) => {
    const x = MARGIN + (index % COLUMNS) * PANEL_WIDTH;
    const y = TOP + Math.floor(index / COLUMNS) * panelHeight;
    return `<g transform="translate(${x} ${y})">${panelOf(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" \
width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
<title>Throughput of typedis and other clients</title>
<rect width="${width}" height="${height}" rx="6" fill="#ffffff"/>
${textAt(MARGIN, 22, "Throughput", 'font-size="16" font-weight="600" fill="#0f172a"')}
${textAt(MARGIN, 38, subtitle, 'fill="#64748b"')}
${textAt(MARGIN, 53, where, 'fill="#64748b"')}
${body.join("\n")}
</svg>
`;
}

function panelOf({ title, unit, results }: ScenarioResult): string {
  const { divisor, label } = scaleOf(unit);
  const longest = Math.max(...results.map(({ client }) => client.length));
  const left = Math.max(LEAST_NAME_WIDTH, longest * LETTER_WIDTH);
  const room = PANEL_WIDTH - left - VALUE_WIDTH - MARGIN;
  const largest = Math.max(...results.map(({ max }) => max));
  const widthOf = (rate: number): number => Math.max(1, Math.round((room * rate) / largest));
  const bars = results.map((result, index) => {
    const y = HEAD + index * ROW;
    return barOf(result, { left, y, widthOf, value: short(result.median / divisor) });
  });
  return [
    textAt(0, 14, title, 'font-weight="600" fill="#0f172a"'),
    textAt(0, 28, label, 'font-size="10" fill="#64748b"'),
    ...bars,
  ].join("\n");
}

interface Bar {
  readonly left: number;
  readonly y: number;
  readonly widthOf: (rate: number) => number;
  readonly value: string;
}

function barOf({ client, median, min, max }: Result, { left, y, widthOf, value }: Bar): string {
  const isOurs = client.startsWith("typedis");
  const fill = isOurs ? OURS : client.startsWith("raw") ? LIMIT : PEER;
  const weight = isOurs ? ' font-weight="600"' : "";
  const middle = y + (ROW - 1) / 2;
  return [
    textAt(left - 6, y + 12, client, `text-anchor="end" fill="#334155"${weight}`),
    `<rect x="${left}" y="${y + 2}" width="${widthOf(median)}" height="${ROW - 5}" rx="2" \
fill="${fill}"/>`,
    `<line x1="${left + widthOf(min)}" x2="${left + widthOf(max)}" y1="${middle}" y2="${middle}" \
stroke="${SPREAD}" stroke-opacity="0.6"/>`,
    textAt(left + widthOf(max) + 5, y + 12, value, `fill="#334155"${weight}`),
  ].join("");
}

function textAt(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
