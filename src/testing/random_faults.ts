/** Faults at random places, the same ones for the same seed. */
import type { Direction, Fault, PlaceInBytes } from "./faults.ts";
import type { FaultPlan, ProxyConnection } from "./proxy_connection.ts";

/** A kind of fault that happens at a random place. */
export type RandomFaultKind =
  | "stall"
  | "drip"
  | "cut"
  | "reset"
  | "blackHole"
  | "halfOpen"
  | "corrupt";

type Weights = Readonly<Partial<Record<RandomFaultKind, number>>>;

/** How faults are drawn. */
export interface RandomFaultOptions {
  /**
   * How often each kind happens compared with the others; 0: never. A `stall` is a freeze of a few
   * milliseconds, a `drip` ten bytes that come one by one, a `reset` a cut with RST, `halfOpen` a
   * black hole in the fault's own direction. Default: `{ stall: 8, drip: 4, cut: 2, reset: 1 }`.
   */
  readonly weights?: Weights | undefined;
  /** How many bytes lie between two faults of a direction, on average. Default: 1,000. */
  readonly everyBytes?: number | undefined;
  /** The longest stall, in milliseconds. Default: 5. */
  readonly maxStallMs?: number | undefined;
  /** How many faults a direction of a connection has at most. Default: 100. */
  readonly count?: number | undefined;
}

const WEIGHTS: Weights = { stall: 8, drip: 4, cut: 2, reset: 1 };
const DIRECTIONS: readonly Direction[] = ["toServer", "toClient"];
const DRIP_BYTES = 10;

/**
 * Makes a plan of faults at random places for each direction of each connection. Its draws follow
 * from the proxy's seed and the number of the connection, and its places are counted in bytes: the
 * same bytes on the same connections meet the same faults.
 *
 * @example
 * ```ts
 * await using server = await startServer();
 * await using proxy = await startProxy(server, { seed: 42, faults: randomFaults() });
 * proxy.seed; // 42
 * ```
 */
export function randomFaults(options: RandomFaultOptions = {}): FaultPlan {
  return (connection) => DIRECTIONS.flatMap((direction) => draw(connection, direction, options));
}

function draw(
  connection: ProxyConnection,
  direction: Direction,
  options: RandomFaultOptions,
): Fault[] {
  const { weights = WEIGHTS, everyBytes = 1_000, maxStallMs = 5, count = 100 } = options;
  const random = (): number => connection.random();
  const faults: Fault[] = [];
  let bytes = 0;
  for (let drawn = 0; drawn < count; drawn += 1) {
    // Exponential gaps: a fault is as likely at any byte.
    bytes += Math.ceil(-Math.log(1 - random()) * everyBytes);
    const kind = pick(weights, random());
    if (kind === undefined) break;
    faults.push(...faultsOf(kind, { bytes, direction }, Math.ceil(random() * maxStallMs)));
    if (kind !== "stall" && kind !== "drip" && kind !== "corrupt") break;
  }
  return faults;
}

/** @param fate from 0 to below 1 */
function pick(weights: Weights, fate: number): RandomFaultKind | undefined {
  const kinds = Object.entries(weights) as [RandomFaultKind, number][];
  let left = fate * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return undefined;
}

function faultsOf(kind: RandomFaultKind, at: PlaceInBytes, stallMs: number): readonly Fault[] {
  const { bytes, direction } = at;
  if (kind === "stall") return [{ kind: "freeze", at, ms: stallMs, direction }];
  if (kind === "drip") {
    return Array.from({ length: DRIP_BYTES }, (_, index) => {
      return { kind: "freeze", at: { bytes: bytes + index, direction }, ms: 1, direction };
    });
  }
  if (kind === "blackHole") return [{ kind, at }];
  if (kind === "halfOpen") return [{ kind: "blackHole", at, direction }];
  return kind === "corrupt" ? [{ kind, at }] : [{ kind: "cut", at, reset: kind === "reset" }];
}
