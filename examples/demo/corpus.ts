/**
 * The demo's input: real text that is on this machine, in the project's own dependencies.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file of the corpus, with how often each word occurs in it. */
export interface CountedFile {
  /** From the folder that was read. */
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  /** All words, repetitions included. */
  readonly total: number;
  readonly counts: ReadonlyMap<string, number>;
}

const README = /^readme(\.\w+)?$/i;
const SOURCE = /\.(md|[cm]?[jt]s)$/;
/** Bundles and generated tables are no text that somebody wrote. */
const MAX_FILE_BYTES = 200_000;

/** Finds the texts below a folder: READMEs first, then sources, `maxBytes` at most. */
export function findTexts(folder: string, maxBytes: number): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const readmes = names.filter((name) => README.test(baseName(name)));
  const sources = names.filter((name) => SOURCE.test(name) && !README.test(baseName(name)));
  let left = maxBytes;
  return [...readmes, ...sources].filter((name) => {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile() !== true || status.size > Math.min(MAX_FILE_BYTES, left)) return false;
    left -= status.size;
    return true;
  });
}

/** Reads a file and counts its words: runs of three letters or more, in lower case. */
export function countFile(folder: string, path: string): CountedFile {
  const text = readFileSync(join(folder, path), "utf8");
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word] of text.toLowerCase().matchAll(/[a-z]{3,}/g)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total += 1;
  }
  const lines = text.split("\n").length;
  return { path, bytes: Buffer.byteLength(text), lines, total, counts };
}

/** The number of packages that files come from. */
export function countPackages(paths: readonly string[]): number {
  return new Set(paths.map((path) => /^(@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0])).size;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
