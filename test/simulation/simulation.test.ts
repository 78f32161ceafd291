/**
 * Thousands of schedules of one client: who calls, what arrives when and in which pieces, what is
 * cut, what time it is. Each is made from its seed alone.
 *
 * `TYPEDIS_SEED=… npx vitest run test/simulation` runs one again, and tells what happens in it.
 * `TYPEDIS_SIMULATE=600 npx vitest run test/simulation` goes on for so many seconds.
 */
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { Choices } from "./choices.ts";
import { shrink } from "./shrink.ts";
import { type Outcome, Simulation } from "./simulation.ts";

const SEED = process.env["TYPEDIS_SEED"];
const SECONDS = Number(process.env["TYPEDIS_SIMULATE"] ?? 8);

function run(source: number | readonly number[], isTold = false): Promise<Outcome> {
  return new Simulation(new Choices(source), isTold).run();
}

/** A failure as somebody can understand it: the shortest run that was found, and how to repeat. */
async function report(seed: number): Promise<string> {
  const { choices } = await run(seed);
  const fails = async (tried: readonly number[]): Promise<boolean> =>
    (await run(tried)).complaints.length > 0;
  const { trace, complaints } = await run(await shrink(choices, fails), true);
  return [`TYPEDIS_SEED=${seed}`, ...trace, ...complaints].join("\n");
}

test.runIf(SEED === undefined)(
  "R1, R4–R10, P26, P28, S15: they hold in every schedule",
  async () => {
    const end = performance.now() + SECONDS * 1_000;
    for (let seed = randomInt(2 ** 31); performance.now() < end; seed += 1) {
      const { complaints } = await run(seed);
      expect(complaints.length === 0 ? "" : await report(seed)).toBe("");
    }
  },
  SECONDS * 1_000 + 60_000,
);

test.runIf(SEED !== undefined)(`they hold in schedule ${SEED}`, async () => {
  const { trace, complaints } = await run(Number(SEED), true);
  console.log(trace.join("\n"));
  expect(complaints.length === 0 ? "" : await report(Number(SEED))).toBe("");
});

test("the same seed is the same schedule", async () => {
  const seed = randomInt(2 ** 31);
  expect(await run(seed, true)).toEqual(await run(seed, true));
});

test("given choices are made again, and what is missing is taken to be 0", async () => {
  const { choices, trace } = await run(5, true);
  expect((await run(choices, true)).trace).toEqual(trace);
  expect((await run([], true)).complaints).toEqual([]);
});

test("a run is shortened to what makes it fail", async () => {
  const fails = (choices: readonly number[]): Promise<boolean> =>
    Promise.resolve(choices.includes(7) && choices.some((choice) => choice > 100));
  const long = Array.from({ length: 300 }, (_, index) => (index === 40 ? 7 : index % 5));
  expect(await shrink([...long, 250, 3], fails)).toEqual([7, 125]);
});
