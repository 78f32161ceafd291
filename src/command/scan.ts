import type { Argument, RespValue } from "../protocol/resp.ts";
import type { Key } from "./command.ts";
import { array, text } from "./decoders.ts";

/** What the scans of keys, hashes, sets and sorted sets have in common. */

/** Where a scan goes on: `"0"` to start, then the `cursor` of the reply before. */
export type Cursor = string | number;

/** Options of one step of a scan. */
export interface ScanOptions {
  /** Only what this glob-style pattern matches (`MATCH`), such as `"user:*"`. */
  readonly match?: Key | undefined;
  /** How much to look at in this step (`COUNT`), 10 unless given: a hint, no limit. */
  readonly count?: number | undefined;
}

/** Appends `MATCH` and `COUNT`, those that are given. */
export function pushScanOptions(argv: Argument[], options: ScanOptions | undefined): void {
  if (options?.match !== undefined) argv.push("MATCH", options.match);
  if (options?.count !== undefined) argv.push("COUNT", options.count);
}

/** The two halves of a step's reply. The cursor stays text: it can exceed what a number holds. */
export function scanPage(reply: RespValue): readonly [cursor: string, items: RespValue] {
  const [cursor = null, items = null] = array(reply);
  return [text(cursor), items];
}
