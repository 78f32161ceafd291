/**
 * The command line of `npm run bench`.
 */
import { parseArgs } from "node:util";
import type { Client } from "./client.ts";
import { CLIENTS } from "./clients.ts";
import { SCENARIOS, type Scenario } from "./scenario.ts";

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly clients: readonly Client[];
  /** Rounds that count; one more comes first, and does not. */
  readonly rounds: number;
  /** Whether imports and memory in flight are measured, too. */
  readonly hasFootprint: boolean;
  /** The least timed part of a round. */
  readonly roundMs: number;
  /** Other versions of Node, such as "24". */
  readonly nodes: readonly string[];
  readonly json: string | undefined;
  readonly svg: string | undefined;
  /** Where CPU profiles go, if they are wanted. */
  readonly profiles: string | undefined;
  readonly server: string | undefined;
}

const FOOTPRINT = "footprint";
const PROFILES = ".cache/profiles";

export const USAGE = `npm run bench -- [options]
  --scenario a,b    only these (default: all but those on request, and the footprint);
                    "footprint": the time of imports, and the memory of commands in flight
  --clients x,y     only these
  --peers           also iovalkey, valkey-glide and Bun, which are installed if need be
  --node 22,24      all of it under these versions of Node, too, which are fetched if need be
  --rounds n        rounds that count, after one that does not (default 5)
  --round-ms n      least milliseconds of a round (default 120)
  --quick           short main scenarios, 3 rounds of 60 ms: a look, not a measurement
  --json file       writes all figures
  --svg file        writes a chart of the main scenarios
  --cpu-prof        writes a CPU profile for each scenario and client to ${PROFILES},
                    and prints where the time went (one round of 3 s)
  --server id       the server, such as redis-7.0 (default: redis-8.6)
  --outcomes        no times: what happens to data when things go wrong, by client
                    (--update puts the table into the README)
  --list            shows scenarios and clients`;

/** What is asked for instead of a measurement. */
export type Asked = "list" | "help" | "outcomes" | "outcomes to README";

/** Reads the command line. @throws {Error} that says what is wrong */
export function readOptions(args: readonly string[]): Options | Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: "string" },
      clients: { type: "string" },
      peers: { type: "boolean", default: false },
      node: { type: "string" },
      rounds: { type: "string" },
      "round-ms": { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      svg: { type: "string" },
      "cpu-prof": { type: "boolean", default: false },
      server: { type: "string" },
      list: { type: "boolean", default: false },
      outcomes: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  if (values.list) return "list";
  if (values.outcomes) return values.update ? "outcomes to README" : "outcomes";
  const isProfiling = values["cpu-prof"];
  const isUsual = values.quick ? isQuick : (it: Scenario): boolean => !it.isOnRequest;
  return {
    scenarios: chosenScenarios(values.scenario) ?? SCENARIOS.filter(isUsual),
    hasFootprint:
      values.scenario === undefined
        ? !values.quick && !isProfiling
        : values.scenario.split(",").includes(FOOTPRINT),
    clients:
      chosen(values.clients, CLIENTS, "client") ??
      CLIENTS.filter(({ isPeer }) => values.peers || !isPeer),
    rounds: whole(values.rounds, "--rounds") ?? (isProfiling ? 1 : values.quick ? 3 : 5),
    roundMs:
      whole(values["round-ms"], "--round-ms") ?? (isProfiling ? 3000 : values.quick ? 60 : 120),
    nodes: values.node?.split(",") ?? [],
    json: values.json,
    svg: values.svg,
    profiles: isProfiling ? PROFILES : undefined,
    server: values.server,
  };
}

function chosenScenarios(list: string | undefined): readonly Scenario[] | undefined {
  const names = list?.split(",").filter((name) => name !== FOOTPRINT);
  return names?.length === 0 ? [] : chosen(names?.join(","), SCENARIOS, "scenario");
}

function isQuick({ isMain, units }: Scenario): boolean {
  return isMain && units <= 10_000;
}

/** A name as it is typed: `redis (tuned)` is `redis-tuned`, and `Bun` is `bun`. */
export function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function chosen<T extends { readonly name: string }>(
  list: string | undefined,
  all: readonly T[],
  what: string,
): readonly T[] | undefined {
  if (list === undefined) return undefined;
  const ids = list.split(",").map(idOf);
  const unknown = ids.find((id) => !all.some(({ name }) => idOf(name) === id));
  if (unknown === undefined) return all.filter(({ name }) => ids.includes(idOf(name)));
  const names = all.map(({ name }) => idOf(name)).join(", ");
  throw new Error(`There is no ${what} "${unknown}"; there are: ${names}`);
}

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`${name} must be a positive whole number, but is "${text}"`);
}
