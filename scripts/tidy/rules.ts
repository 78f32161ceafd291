/**
 * All rules of tidy.
 */
import { commandDocs, exportDocs } from "./docs.ts";
import { cycles, layers, sockets, specifiers } from "./imports.ts";
import type { Finding, Project, Rule } from "./project.ts";
import { fileNames, fileSizes, functionSizes, lineWidths, names } from "./shape.ts";
import { comments, constructs, machinePaths, syntax } from "./words.ts";

const RULES: readonly Rule[] = [
  syntax,
  layers,
  cycles,
  sockets,
  specifiers,
  fileSizes,
  functionSizes,
  lineWidths,
  fileNames,
  names,
  constructs,
  comments,
  machinePaths,
  exportDocs,
  commandDocs,
];

/** Everything that offends a rule, by file and line. */
export function findingsOf(project: Project): Finding[] {
  const findings = RULES.flatMap((rule) => [...rule(project)]);
  return findings.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}
