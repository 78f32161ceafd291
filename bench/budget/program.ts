/**
 * Counts what work costs, in a process whose V8 neither optimises nor collects by itself: then a
 * count is the same each time, on every machine. Prints the counts as JSON.
 */
import { createHook } from "node:async_hooks";
import { Socket } from "node:net";
import { Redis } from "../../src/index.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { COUNT, getsOf, queued, type Work, workOn } from "./work.ts";

type Counts = Record<string, number>;

const ROUNDS = 11;
/** Commands that are kept, or counted, at once. */
const AT_ONCE = 1000;
/**
 * Executions of a small piece of work in a round. V8 leaves the end of a page empty where an object
 * does not fit: with small pieces these are small objects, and too few bytes to matter.
 */
const EXECUTIONS = 50;

/** For each command, the least of several rounds: what disturbs a round can only add. */
async function least(commands: number, measure: () => Promise<number>): Promise<number> {
  let found = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) found = Math.min(found, await measure());
  return Math.round((found / commands) * 10) / 10;
}

function collect(): void {
  if (global.gc === undefined) throw new Error("--expose-gc is missing");
  global.gc();
}

async function allocatedBy(work: Work): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let execution = 0; execution < EXECUTIONS; execution += 1) await work();
  return process.memoryUsage().heapUsed - before;
}

/** What is still there, buffers included, while `hold` has begun and not ended. */
async function keptBy(hold: () => () => unknown): Promise<number> {
  const kept = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = kept();
  const end = hold();
  // What is to be written has been given to the kernel then.
  await new Promise(setImmediate);
  const after = kept();
  await end();
  return after - before;
}

async function measureHeap(redis: Redis, server: TestServer): Promise<Counts> {
  const measures: Counts = {};
  for (const [name, work] of Object.entries(workOn(redis))) {
    const commands = COUNT * EXECUTIONS;
    measures[`heap bytes a command: ${name}`] = await least(commands, () => allocatedBy(work));
  }
  measures["bytes kept a command: queued"] = await least(AT_ONCE, () =>
    keptBy(() => {
      const pipe = queued(redis, AT_ONCE);
      return () => pipe.discard();
    }),
  );
  measures["bytes kept a command: GETs in flight"] = await least(AT_ONCE, () =>
    keptBy(() => {
      server.pause();
      const gets = getsOf(redis, AT_ONCE);
      return () => {
        server.resume();
        return gets;
      };
    }),
  );
  return measures;
}

/** How many promises and timers are made, and how often a socket is written to. */
async function countedIn(work: Work): Promise<Counts> {
  const rounds: Counts[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await countOnce(work));
  const names = Object.keys(rounds[0] ?? {});
  // The client's one timer is set anew now and then: a matter of the clock, not of the work.
  const fewest = (name: string): number => Math.min(...rounds.map((it) => it[name] ?? 0));
  return Object.fromEntries(names.map((name) => [name, fewest(name)]));
}

async function countOnce(work: Work): Promise<Counts> {
  const counts = { promises: 0, timers: 0, writes: 0 };
  const hook = createHook({
    init: (_id, type) => {
      if (type === "PROMISE") counts.promises += 1;
      if (type === "Timeout") counts.timers += 1;
    },
  });
  const restore = onWrite(() => {
    counts.writes += 1;
  });
  hook.enable();
  await work();
  hook.disable();
  restore();
  return counts;
}

/** Is told of each request to write that a socket hands to the system. */
function onWrite(tell: () => void): () => void {
  const prototype = Socket.prototype as Socket & { _writeGeneric: (...args: unknown[]) => void };
  const original = prototype._writeGeneric;
  prototype._writeGeneric = function (...args) {
    tell();
    original.apply(this, args);
  };
  return () => {
    prototype._writeGeneric = original;
  };
}

async function measureCounts(redis: Redis): Promise<Counts> {
  const measures: Counts = {};
  const counted: Readonly<Record<string, Work>> = {
    pipeline: () => queued(redis, AT_ONCE).execute(),
    transaction: () => queued(redis, AT_ONCE, { transaction: true }).execute(),
    "GETs of one turn": () => getsOf(redis, AT_ONCE),
  };
  for (const [name, work] of Object.entries(counted)) {
    for (const [unit, count] of Object.entries(await countedIn(work))) {
      measures[`${unit}: ${name}, ${AT_ONCE} commands`] = count;
    }
  }
  return measures;
}

async function main(): Promise<void> {
  const server = await startServer({ version: "redis-8.6" });
  const redis = await Redis.connect(server.url);
  try {
    // The keys that are read are written once.
    await queued(redis, AT_ONCE).execute();
    const measures = { ...(await measureHeap(redis, server)), ...(await measureCounts(redis)) };
    console.log(JSON.stringify(measures));
  } finally {
    redis.destroy();
    await server.stop();
  }
}

await main();
