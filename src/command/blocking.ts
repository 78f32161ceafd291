import type { Argument } from "../protocol/resp.ts";
import { blockOptionAt } from "./traits.ts";

/**
 * How long the server may let a blocking command wait, in milliseconds; `Infinity` where it waits
 * for ever, and where the timeout cannot be read (the server will refuse it).
 */
export function blockingTimeoutMs(argv: readonly Argument[]): number {
  const timeout = timeoutArgument(argv);
  return Number.isFinite(timeout) && timeout > 0 ? timeout : Number.POSITIVE_INFINITY;
}

function timeoutArgument(argv: readonly Argument[]): number {
  switch (String(argv[0]).toUpperCase()) {
    case "BLMPOP":
    case "BZMPOP":
      return Number(argv[1]) * 1_000;
    case "WAIT":
      return Number(argv[2]);
    case "WAITAOF":
      return Number(argv[3]);
    case "XREAD":
    case "XREADGROUP":
      return Number(argv[blockOptionAt(argv) + 1]);
    default:
      return Number(argv.at(-1)) * 1_000;
  }
}
