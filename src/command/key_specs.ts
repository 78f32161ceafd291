import type { Argument } from "../protocol/resp.ts";

/**
 * Where a command has keys, as servers describe it. Written `1` (one key, at that position),
 * `1..-1` (from there to the last argument), `1..-1/2` (every second), `STREAMS@1..-1%2` (behind
 * the first STREAMS from position 1 on, the first half of what follows), `2#` (their number stands
 * at 2, they follow), `!1` (no key, but routed like one), `?` (not told); several with commas.
 */
export interface KeySpec {
  /** The first key, or where their number stands, or where to begin to look for `keyword`. */
  readonly begin: number;
  readonly keyword: string | undefined;
  readonly isKey: boolean;
  readonly isCounted: boolean;
  /** From the first key, or if negative from the end. */
  readonly last: number;
  readonly step: number;
  /** Only the first of so many equal parts holds keys. */
  readonly parts: number;
}

const SPEC = /^(!?)(?:([A-Z]+)@)?(-?\d+)(#)?(?:\.\.(-?\d+))?(?:\/(\d+))?(?:%(\d+))?$/;

/** Commands whose keys no specification describes in full. */
export const KEY_FINDERS: ReadonlyMap<string, (argv: readonly Argument[]) => number[]> = new Map([
  ["SORT", sortKeys],
  ["MIGRATE", migrateKeys],
]);

/** Reads the notation of {@link KeySpec}; `-` and `""` are no keys. */
export function parseKeySpecs(text: string): readonly KeySpec[] {
  return text.split(",").flatMap((spec) => {
    const match = SPEC.exec(spec);
    if (match === null) return [];
    const [, mark, keyword, begin, counted, last = "0", step = "1", parts = "1"] = match;
    return {
      begin: Number(begin),
      keyword,
      isKey: mark === "",
      isCounted: counted !== undefined,
      last: Number(last),
      step: Number(step),
      parts: Number(parts),
    };
  });
}

/** The positions in `argv` that `specs` name, ascending; of an incomplete command those it has. */
export function positionsOf(
  argv: readonly Argument[],
  specs: readonly KeySpec[],
  isForSlot: boolean,
): number[] {
  const found: number[] = [];
  for (const spec of specs) {
    if (spec.isKey || isForSlot) addPositions(argv, spec, found);
  }
  return specs.length > 1 ? found.sort((a, b) => a - b) : found;
}

function addPositions(argv: readonly Argument[], spec: KeySpec, found: number[]): void {
  let first = spec.begin;
  if (spec.keyword !== undefined) {
    first = indexOfWord(argv, spec.keyword, spec.begin) + 1;
    if (first === 0) return;
  }
  let last = first + spec.last;
  if (spec.isCounted) {
    const count = Number(textOf(argv[first]));
    first += 1;
    last = first + (count - 1) * spec.step;
  } else if (spec.last < 0) {
    const size = argv.length - first;
    last = first + Math.floor(size / spec.parts) + spec.last;
  }
  last = Math.min(last, argv.length - 1);
  for (let at = first; at <= last; at += spec.step) found.push(at);
}

/** SORT key [BY …] [LIMIT … …] [GET …] … [STORE key]: STORE can stand anywhere behind the key. */
function sortKeys(argv: readonly Argument[]): number[] {
  let store = 0;
  for (let at = 2; at < argv.length; at += 1) {
    const option = textOf(argv[at]).toUpperCase();
    if (option === "LIMIT") at += 2;
    else if (option === "BY" || option === "GET") at += 1;
    else if (option === "STORE" && at + 1 < argv.length) store = at += 1;
  }
  const keys = argv.length > 1 ? [1] : [];
  return store === 0 ? keys : [...keys, store];
}

/** MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH …] [AUTH2 … …] [KEYS key …] */
function migrateKeys(argv: readonly Argument[]): number[] {
  if (argv.length < 4) return [];
  if (textOf(argv[3]) !== "") return [3];
  for (let at = 6; at < argv.length; at += 1) {
    const option = textOf(argv[at]).toUpperCase();
    if (option === "KEYS") return Array.from(argv.keys()).slice(at + 1);
    if (option === "AUTH") at += 1;
    else if (option === "AUTH2") at += 2;
  }
  return [];
}

function indexOfWord(argv: readonly Argument[], word: string, from: number): number {
  for (let at = from; at < argv.length; at += 1) {
    const argument = argv[at];
    const size = argument instanceof Uint8Array ? argument.length : 0;
    if (size <= word.length && textOf(argument).toUpperCase() === word) return at;
  }
  return -1;
}

function textOf(argument: Argument | undefined): string {
  if (argument instanceof Uint8Array) return Buffer.from(argument).toString("latin1");
  return argument === undefined ? "" : String(argument);
}
