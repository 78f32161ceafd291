/**
 * What happened, as a table in Markdown, and its place in a document.
 */
import { CANDIDATES } from "./candidates.ts";
import { EXPERIMENTS, perform } from "./experiments.ts";

/** What happened in one experiment, by client. */
export interface Outcome {
  readonly experiment: string;
  readonly byClient: Readonly<Record<string, string>>;
}

const BEGIN =
  "<!-- outcomes:begin: made by `npm run bench -- --outcomes --update`, checked by a test -->";
const END = "<!-- outcomes:end -->";

/**
 * Performs every experiment with all clients at the same time, one experiment after the other: with
 * a server for each, more at once would keep a small machine from answering in time.
 */
export async function outcomes(): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const experiment of EXPERIMENTS) {
    const entries = CANDIDATES.map(async (candidate): Promise<[string, string]> => {
      return [candidate.name, await perform(experiment, candidate)];
    });
    const byClient = Object.fromEntries(await Promise.all(entries));
    found.push({ experiment: experiment.name, byClient });
  }
  return found;
}

/** The table, padded as a formatter would. */
export function tableOf(found: readonly Outcome[]): string {
  const names = CANDIDATES.map(({ name }) => name);
  const head = ["", ...names.map((name) => (name === "typedis" ? name : `\`${name}\``))];
  const rows = found.map(({ experiment, byClient }) => {
    return [experiment, ...names.map((name) => byClient[name] ?? "")];
  });
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}

/** The table in a document, between its marks. @throws {Error} if the marks are not there */
export function tableIn(document: string): string {
  const [start, end] = bounds(document);
  return document.slice(start, end).trim();
}

/** The document with another table. */
export function withTable(document: string, table: string): string {
  const [start, end] = bounds(document);
  return `${document.slice(0, start)}\n${table}\n${document.slice(end)}`;
}

function bounds(document: string): readonly [number, number] {
  const [start, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`"${BEGIN}" and "${END}" are missing`);
  return [start + BEGIN.length, end];
}
