import type { Command } from "../../src/command/command.ts";
import type { Commands } from "../../src/commands/index.ts";
import type { AnyBuilder, SampleCall } from "./sample.ts";
import {
  clusterAdminSamples,
  clusterSamples,
  replicationSamples,
  slotMigrationSamples,
} from "./sample_calls_cluster.ts";
import { geoRadiusSamples, geoSamples, vectorSamples } from "./sample_calls_geo.ts";
import { hashExpirySamples, hashSamples } from "./sample_calls_hashes.ts";
import {
  expirySamples,
  functionSamples,
  keySamples,
  scriptingSamples,
  transferSamples,
} from "./sample_calls_keys.ts";
import { blockingListSamples, listSamples, setSamples, sortSamples } from "./sample_calls_lists.ts";
import {
  aclSamples,
  commandLogSamples,
  connectionSamples,
  diagnosticsSamples,
  hotkeysSamples,
  introspectionSamples,
  moduleAdminSamples,
  pubSubSamples,
  rawSamples,
  serverSamples,
} from "./sample_calls_server.ts";
import {
  sortedSetAlgebraSamples,
  sortedSetPopSamples,
  sortedSetRangeSamples,
  sortedSetSamples,
} from "./sample_calls_sorted_sets.ts";
import { streamGroupSamples, streamInfoSamples, streamSamples } from "./sample_calls_streams.ts";
import {
  bitmapSamples,
  conditionalStringSamples,
  hyperLogLogSamples,
  stringSamples,
} from "./sample_calls_strings.ts";

/** The names of all command methods. */
export type CommandMethod = Exclude<keyof Commands<"command", string>, "run">;

/**
 * Calls of every command method: each of its overloads, and nearly every option. A method that has
 * none does not compile. The keys that they name are those of `test/proof/prepare.ts`.
 */
export const sampleCalls: Readonly<Record<CommandMethod, readonly SampleCall<AnyBuilder>[]>> = {
  ...stringSamples,
  ...conditionalStringSamples,
  ...bitmapSamples,
  ...hyperLogLogSamples,
  ...hashSamples,
  ...hashExpirySamples,
  ...listSamples,
  ...blockingListSamples,
  ...setSamples,
  ...sortSamples,
  ...sortedSetSamples,
  ...sortedSetPopSamples,
  ...sortedSetRangeSamples,
  ...sortedSetAlgebraSamples,
  ...geoSamples,
  ...geoRadiusSamples,
  ...vectorSamples,
  ...streamSamples,
  ...streamGroupSamples,
  ...streamInfoSamples,
  ...expirySamples,
  ...keySamples,
  ...transferSamples,
  ...scriptingSamples,
  ...functionSamples,
  ...connectionSamples,
  ...serverSamples,
  ...introspectionSamples,
  ...diagnosticsSamples,
  ...commandLogSamples,
  ...hotkeysSamples,
  ...moduleAdminSamples,
  ...pubSubSamples,
  ...aclSamples,
  ...clusterSamples,
  ...clusterAdminSamples,
  ...slotMigrationSamples,
  ...replicationSamples,
  ...rawSamples,
};

/** One sample call: of which method, and how to make it. */
export interface Sample {
  readonly method: string;
  readonly make: (on: AnyBuilder) => Command<unknown>;
}

/** All sample calls, in the order of the groups. */
export const samples: readonly Sample[] = Object.entries(sampleCalls).flatMap(([method, calls]) =>
  calls.map((make) => ({ method, make })),
);
