/**
 * One scenario with all its clients: each in a process of its own, taking turns.
 */

import { join } from "node:path";
import type { Call } from "./call.ts";
import { Child } from "./child.ts";
import { Disturbance, type Placement } from "./machine.ts";
import { idOf, type Options } from "./options.ts";
import { runtimeOf } from "./peers.ts";
import { runReference } from "./reference.ts";
import { type Failure, type Measured, type ScenarioResult, summarize } from "./result.ts";
import type { Sample } from "./sampling.ts";
import type { Scenario } from "./scenario.ts";
import type { Round } from "./worker.ts";

/**
 * Warming up takes as long as so many rounds: with 50 commands at once, V8 is still optimising
 * after the 50,000 that one round has.
 */
const WARM_UP_ROUNDS = 4;

/** What is the same for all scenarios of a run. */
export interface Surroundings {
  readonly options: Options;
  readonly placement: Placement;
  readonly port: number;
  readonly serverPid: number | undefined;
  /** Which of the cached servers it is, for the programs that came with it. */
  readonly serverId: string;
  /** Empties the server and puts data into it. */
  readonly seed: (port: number, calls: readonly Call[]) => Promise<void>;
}

/** A client on its way through the rounds. */
interface Runner {
  readonly child: Child;
  readonly disturbance: Disturbance;
  readonly samples: Sample[];
}

/** Runs one scenario. A client that fails is left out from then on, and the others go on. */
export async function runScenario(
  surroundings: Surroundings,
  scenario: Scenario,
): Promise<ScenarioResult> {
  const { options, placement, port, seed } = surroundings;
  const failures: Failure[] = [];
  await seed(port, scenario.seed());
  const settings = ({ name }: Child): Round => ({
    roundMs: options.roundMs,
    profile: profileFile(options, scenario, name),
  });
  let runners = await startAll(surroundings, scenario, failures);
  try {
    const warmUp = { roundMs: WARM_UP_ROUNDS * options.roundMs, profile: undefined };
    for (let round = 0; round <= options.rounds; round += 1) {
      runners = await each(runners, failures, async ({ child, disturbance, samples }) => {
        if (round === 0) await child.round(warmUp);
        else samples.push(await disturbance.during(() => child.round(settings(child))));
      });
    }
    const measured: Measured[] = [];
    await each(runners, failures, async ({ child, disturbance, samples }) => {
      const peakMegabytes = await child.end();
      measured.push({ client: child.name, samples, peakMegabytes, others: disturbance.share });
    });
    const { name, title, unit, isMain } = scenario;
    const reference = await runReference(scenario, surroundings.serverId, port, placement);
    const results = summarize(scenario, measured);
    return { name, title, unit, isMain, results, failures, reference };
  } finally {
    for (const { child } of runners) child.kill();
  }
}

/** Where the profile of a client in a scenario goes, if one is wanted; the last round's stays. */
export function profileFile(
  { profiles }: Options,
  scenario: Scenario,
  client: string,
): string | undefined {
  if (profiles === undefined) return undefined;
  return join(profiles, `${scenario.name}.${idOf(client)}.cpuprofile`);
}

async function startAll(
  surroundings: Surroundings,
  scenario: Scenario,
  failures: Failure[],
): Promise<Runner[]> {
  const { options, placement, port, serverPid } = surroundings;
  const starts = options.clients.map(async (client): Promise<Runner | undefined> => {
    const { name } = client;
    try {
      const about = {
        scenario: scenario.name,
        client: client.other?.name ?? name,
        label: name,
        runtime: runtimeOf(client),
        port,
        cpu: placement.client,
      };
      const child = await Child.start(about);
      const disturbance = new Disturbance(placement, [child.pid, serverPid]);
      return { child, disturbance, samples: [] };
    } catch (error) {
      failures.push({ client: name, error: messageOf(error) });
      return undefined;
    }
  });
  return (await Promise.all(starts)).filter((runner) => runner !== undefined);
}

/** Lets one after the other do something; returns those that could. */
async function each(
  runners: readonly Runner[],
  failures: Failure[],
  action: (runner: Runner) => Promise<void>,
): Promise<Runner[]> {
  const able: Runner[] = [];
  for (const runner of runners) {
    try {
      await action(runner);
      able.push(runner);
    } catch (error) {
      failures.push({ client: runner.child.name, error: messageOf(error) });
    }
  }
  return able;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
