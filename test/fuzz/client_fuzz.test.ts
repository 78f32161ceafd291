/**
 * S14: the whole client against a server that answers with arbitrary RESP, or with mistakes. The
 * seeds are in the names of the tests, and each complaint names its own:
 * `TYPEDIS_SEED=… TYPEDIS_FUZZ=1 npx vitest run test/fuzz` plays that one again, and
 * `TYPEDIS_FUZZ=100000` plays so many, for hours.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { play } from "./play.ts";
import { faultyScenario, type Scenario, validScenario } from "./scenario.ts";

const SEED = Number(process.env["TYPEDIS_SEED"] ?? randomInt(2 ** 31));
const SCENARIOS = Number(process.env["TYPEDIS_FUZZ"] ?? 250);
const AT_ONCE = 8;
/** So long a scenario may take at most, on a busy machine. */
const MS_EACH = 500;

describe.each([
  ["S6, S14: arbitrary RESP reaches its own caller, whatever the command", validScenario],
  ["S3, S4, S14: wrong bytes harm nothing but their own connection", faultyScenario],
])("%s", (_, scenarios) => {
  test(`seeds ${SEED} to ${SEED + SCENARIOS - 1}`, {
    timeout: 20_000 + SCENARIOS * MS_EACH,
  }, async () => {
    const { calls, complaints } = await playAll(scenarios);
    expect(complaints).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(SCENARIOS);
  });
});

/** Plays all scenarios, some at the same time. */
async function playAll(
  scenarios: fc.Arbitrary<Scenario>,
): Promise<{ calls: number; complaints: string[] }> {
  const total = { calls: 0, complaints: new Array<string>() };
  let next = SEED;
  const player = async (): Promise<void> => {
    while (next < SEED + SCENARIOS) {
      const seed = next;
      next += 1;
      const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
      if (scenario === undefined) continue;
      const { calls, complaints } = await play(scenario);
      total.calls += calls;
      total.complaints.push(...complaints.map((text) => `seed ${seed}: ${text}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, player));
  return total;
}
