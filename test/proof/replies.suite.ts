import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { command } from "../../src/client/builder.ts";
import { Redis } from "../../src/client/redis.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { type Sample, samples } from "../support/sample_calls.ts";
import {
  CHANGING,
  isIn,
  knowsOptions,
  MISUNDERSTOOD,
  UNDERSTOOD,
  UNORDERED,
  UNREPEATABLE,
} from "./expectations.ts";
import {
  type Clients,
  comparable,
  fieldsAsRecord,
  type Outcome,
  type Outcomes,
  outcomesOf,
  settle,
  shapeOf,
  unordered,
  WAYS,
} from "./outcomes.ts";
import { isKnownTo, prepare, prepareCluster } from "./prepare.ts";

/** Each of these calls gets a server of its own, which it may end. */
const ENDING = new Set(["failover", "replicaof", "shutdown", "slaveof"]);

/** The methods whose reply is a record in text form, and a list of pairs in bytes form. */
const RECORDS = new Set(["hgetall", "pubsubNumsub", "pubsubShardnumsub"]);

/** What a server answers to all sample calls: see the names of the tests. */
export function repliesSuite(version: string): void {
  describe(version, () => {
    const answers = answersOf({ version, config: OPEN }, isOrdinary, prepare);
    understands(answers);
    agrees(answers);
  });
  describe(`${version} in a cluster`, () => {
    const answers = answersOf({ version, config: CLUSTER }, isOfClusters, prepareCluster);
    understands(answers);
    agrees(answers);
  });
  describe(`${version}, one for each call`, () => {
    endings(version);
  });
}

/** So that modules can be asked for, and that logs have entries. */
const OPEN = { "enable-module-command": "yes", "slowlog-log-slower-than": 0 } as const;

/** One node with nearly all slots, which gets over a reset soon. */
const CLUSTER = {
  "cluster-enabled": "yes",
  "cluster-require-full-coverage": "no",
  "cluster-node-timeout": 500,
} as const;

interface Answers {
  readonly server: TestServer;
  readonly outcomes: readonly Outcomes[];
}

function isOrdinary({ method }: Sample): boolean {
  return !method.startsWith("cluster") && !ENDING.has(method);
}

function isOfClusters({ method }: Sample): boolean {
  return method.startsWith("cluster");
}

/** Asks a server all calls that it knows, before the tests. */
function answersOf(
  options: { readonly version: string; readonly config: Readonly<Record<string, string | number>> },
  isWanted: (sample: Sample) => boolean,
  ready: (redis: Redis, server: TestServer) => Promise<void>,
): () => Answers {
  let server: TestServer;
  let clients: Clients;
  const outcomes: Outcomes[] = [];
  beforeAll(async () => {
    server = await startServer(options);
    clients = {
      resp2: await Redis.connect({ url: server.url, protocol: 2 }),
      resp3: await Redis.connect({ url: server.url, protocol: 3 }),
    };
    const known = samples.filter(
      (sample) => isWanted(sample) && isKnownTo(server, sample.make(command).argv),
    );
    await ready(clients.resp3, server);
    if (options.config === CLUSTER) await vi.waitUntil(() => isWell(clients.resp3), SOON);
    for (const sample of known) {
      outcomes.push(await outcomesOf(sample, clients, () => ready(clients.resp3, server)));
    }
  }, 240_000);
  afterAll(async () => {
    await clients.resp2.close();
    await clients.resp3.close();
    await server.stop();
  });
  return () => ({ server, outcomes });
}

/** A node must have been alone for a while before it answers CLUSTERSCAN. */
const SOON = { timeout: 20_000, interval: 50 } as const;

async function isWell(redis: Redis): Promise<boolean> {
  return (await redis.clusterInfo()).state === "ok";
}

function understands(answers: () => Answers): void {
  test("understands every call whose options it knows, and no other", () => {
    const { server, outcomes } = answers();
    expect(outcomes.length).toBeGreaterThan(30);
    const wrong = outcomes.map(({ text, on }) => complaint(server, text, on.RESP3));
    expect(wrong.filter((it) => it !== undefined)).toEqual([]);
  });
}

/** What is wrong with an outcome; `undefined` if it is as the tables say. */
function complaint(server: TestServer, text: string, { error }: Outcome): string | undefined {
  if (!knowsOptions(server, text)) {
    return error !== undefined && MISUNDERSTOOD.test(error) ? undefined : `${text} is understood`;
  }
  if (error === undefined || isIn(UNDERSTOOD, error)) return undefined;
  return `${text}: ${error}`;
}

function agrees(answers: () => Answers): void {
  test.each(WAYS.slice(1))("gives the same value as over RESP3 on the way: %s", (way) => {
    const { outcomes } = answers();
    const differences: string[] = [];
    for (const { method, text, on } of outcomes) {
      if (isIn(UNREPEATABLE, text)) continue;
      const normal = normalFor(text);
      const [usual, other] = [on.RESP3, on[way]].map((outcome) =>
        JSON.stringify(normal(RECORDS.has(method) ? fieldsAsRecord(outcome) : outcome)),
      );
      if (usual !== other) differences.push(`${text}: ${differenceIn(usual, other)}`);
    }
    // One line, and short: it is what the end of a long log tells.
    if (differences.length > 0) throw new Error(`over RESP3 and so: ${differences.join("; ")}`);
  });
}

/** The form in which the replies to a call are compared. */
function normalFor(text: string): (value: unknown) => unknown {
  if (isIn(CHANGING, text)) return shapeOf;
  return isIn(UNORDERED, text) ? unordered : comparable;
}

/** Two texts from shortly before the place where they begin to differ. */
function differenceIn(one = "", other = ""): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const from = Math.max(0, at - 40);
  return [one, other].map((text) => text.slice(from, from + 200)).join(" but ");
}

function endings(version: string): void {
  const ending = samples.filter(({ method }) => ENDING.has(method));
  test.each(ending.map((sample) => [sample.make(command).argv.join(" "), sample] as const))(
    "%s is understood",
    async (text, { make }) => {
      const server = await startServer({ version });
      const redis = await Redis.connect({ url: server.url, maxRetries: 0 });
      const outcome = await settle(() => redis.run(make(command)));
      const isOver =
        text.startsWith("SHUTDOWN") && /^ConnectionLost|^Closed/.test(outcome.error ?? "");
      expect(isOver ? undefined : complaint(server, text, outcome)).toBeUndefined();
      await redis.close();
      await server.stop();
    },
  );
}
