import fc from "fast-check";
import { expect, test } from "vitest";
import { ItemIterator } from "../../src/base/item_iterator.ts";

type Groups = AsyncGenerator<readonly number[], void, undefined>;
type Items = AsyncGenerator<number, void, undefined>;
type Call = "next" | "await" | "return" | "throw";

const broken = new Error("the groups end with this");
const thrown = new Error("thrown in");

/** Groups, and what becomes of them: one of five items fails. */
async function* groupsOf(groups: readonly number[][], log: string[]): Groups {
  log.push("begin");
  try {
    for (const group of groups) {
      await Promise.resolve();
      if (group.length === 5) throw broken;
      yield group;
    }
  } finally {
    await Promise.resolve();
    log.push("end");
  }
}

async function* itemsOf(groups: Groups): Items {
  for await (const group of groups) {
    // No `yield*`: what throw() does behind it differs between versions of Node.
    for (const item of group) yield item;
  }
}

/** Calls without waiting, but where it says so; what each call came to, and what was done. */
async function outcomes(make: (groups: Groups) => Items, groups: number[][], calls: Call[]) {
  const log: string[] = [];
  const items = make(groupsOf(groups, log));
  const made: Promise<unknown>[] = [];
  for (const call of calls) {
    if (call === "await") await Promise.allSettled(made);
    else if (call === "throw") made.push(items.throw(thrown));
    else made.push(call === "next" ? items.next() : items.return());
    for (const promise of made) promise.catch(() => undefined);
  }
  return { settled: await Promise.allSettled(made), log };
}

test("items come, and calls end, as from an async generator, whatever calls overlap", async () => {
  const groups = fc.array(fc.array(fc.nat(9), { maxLength: 5 }), { maxLength: 4 });
  const call = fc.constantFrom<Call>("next", "next", "next", "await", "await", "return", "throw");
  await fc.assert(
    fc.asyncProperty(groups, fc.array(call, { maxLength: 20 }), async (given, calls) => {
      const actual = await outcomes((it) => new ItemIterator(it), given, calls);
      expect(actual).toEqual(await outcomes(itemsOf, given, calls));
    }),
    { numRuns: 500 },
  );
});

test("the end of a scope ends the groups", async () => {
  const log: string[] = [];
  {
    await using items = new ItemIterator(groupsOf([[1, 2], [3]], log));
    expect(await items.next()).toEqual({ done: false, value: 1 });
    expect(log).toEqual(["begin"]);
  }
  expect(log).toEqual(["begin", "end"]);
});
