import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import type { OneOrMany } from "./arguments.ts";
import type { SlotRange } from "./decoders_cluster.ts";

/** Appends `start end` for every range. */
export function pushSlotRanges(argv: Argument[], ranges: OneOrMany<SlotRange>): void {
  const before = argv.length;
  for (const { start, end } of "start" in ranges ? [ranges] : ranges) argv.push(start, end);
  if (argv.length > before) return;
  const name = `${String(argv[0])} ${String(argv[1])}`;
  throw new ArgumentError(`${name} needs at least one range of slots, but got none`, {
    command: name,
  });
}
