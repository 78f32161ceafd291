/** Who looks for a shorter run does not look longer than this. */
const MAX_TRIES = 400;

/**
 * Looks for fewer and smaller choices with which a run still fails: leaves out or zeroes portions,
 * large ones first.
 */
export async function shrink(
  choices: readonly number[],
  fails: (choices: readonly number[]) => Promise<boolean>,
): Promise<readonly number[]> {
  let best = choices;
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && tries < MAX_TRIES; ) {
      const shorter = await firstThat(fails, simpler(best, at, size));
      tries += 1;
      // What has moved to this place may be superfluous as well.
      if (shorter === undefined || shorter.length === best.length) at += size;
      best = shorter ?? best;
    }
  }
  return best;
}

function simpler(choices: readonly number[], at: number, size: number): readonly number[][] {
  const before = choices.slice(0, at);
  const here = choices.slice(at, at + size);
  const after = choices.slice(at + size);
  const left = [...before, ...after];
  if (here.every((choice) => choice === 0)) return [left];
  return [
    left,
    [...before, ...here.map(() => 0), ...after],
    [...before, ...here.map((choice) => choice >> 1), ...after],
  ];
}

async function firstThat(
  fails: (choices: readonly number[]) => Promise<boolean>,
  candidates: readonly (readonly number[])[],
): Promise<readonly number[] | undefined> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return undefined;
}
