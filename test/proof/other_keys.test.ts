import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "../../src/client/builder.ts";
import { Redis } from "../../src/client/redis.ts";
import { Command } from "../../src/command/command.ts";
import { raw } from "../../src/command/decoders.ts";
import { keyIndexes } from "../../src/command/facts.ts";
import type { Argument } from "../../src/protocol/resp.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { samples } from "../support/sample_calls.ts";
import { SERVERS } from "../support/surfaces.ts";
import { CHANGING, isIn, knowsOptions, UNDERSTOOD } from "./expectations.ts";
import { comparable, type Outcome, settle, shapeOf } from "./outcomes.ts";
import { isKnownTo, prepare } from "./prepare.ts";

/** The keys that calls name instead of their own. */
const KEYS = Array.from({ length: 6 }, (_, index) => `key:${index}`);

/** What these keys may hold, and the command that writes it. */
const CONTENTS: readonly (readonly [what: string, write: (key: string) => readonly Argument[]])[] =
  [
    ["nothing", (key) => ["DEL", key]],
    ["text", (key) => ["SET", key, "text"]],
    ["a hash", (key) => ["HSET", key, "f", "v"]],
    ["a list", (key) => ["RPUSH", key, "a"]],
    ["a sorted set", (key) => ["ZADD", key, 1, "x"]],
    ["a stream", (key) => ["XADD", key, "1-1", "f", "v"]],
  ];

/** What servers say of keys that hold something else. */
const REFUSED = [
  /^WRONGTYPE /,
  /^NOGROUP /,
  /^ERR (no such key|The XGROUP subcommand requires the key to exist|unsupported unit)/i,
  /^ERR .*(not a float|not an integer|not a valid|can't be converted|does not exist)/,
  /^ERR (could not decode requested zset member|wrong type|index out of range)/i,
  /^ERR (The specified keys must contain string values|Key should be of string type)/,
];

describe.each(SERVERS)("%s", (version) => {
  let server: TestServer;
  let resp2: Redis;
  let resp3: Redis;
  beforeAll(async () => {
    server = await startServer({ version });
    resp2 = await Redis.connect({ url: server.url, protocol: 2 });
    resp3 = await Redis.connect({ url: server.url, protocol: 3 });
    await prepare(resp3, server); // the scripts
  });
  afterAll(async () => {
    await resp2.close();
    await resp3.close();
    await server.stop();
  });

  test.each(CONTENTS)(
    "keys with %s give the same value over RESP2 and RESP3, or an honest error",
    async (_, write) => {
      const wrong: string[] = [];
      let count = 0;
      for (const { method, make } of samples) {
        const sample = make(command);
        const text = sample.argv.map(String).join(" ");
        const call = onOtherKeys(sample);
        if (call === undefined || !isKnownTo(server, call.argv)) continue;
        if (!knowsOptions(server, text) || method === "call") continue;
        count += 1;
        const outcomes: Outcome[] = [];
        for (const redis of [resp3, resp2]) {
          await rewrite(redis, write);
          outcomes.push(await settle(() => redis.run(call)));
        }
        wrong.push(...complaints(text, outcomes));
      }
      expect(count).toBeGreaterThan(400);
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

/** The same command with other keys; `undefined` if it has none. */
function onOtherKeys({
  argv,
  decode,
  form,
  traits,
}: Command<unknown>): Command<unknown> | undefined {
  const positions = keyIndexes(argv);
  if (positions.length === 0) return undefined;
  const words = [...argv];
  for (const [index, at] of positions.entries()) words[at] = KEYS[index] ?? "";
  return new Command(words, decode, form, traits);
}

async function rewrite(redis: Redis, write: (key: string) => readonly Argument[]): Promise<void> {
  const pipe = redis.pipeline();
  pipe.flushall();
  for (const key of KEYS) pipe.run(new Command(write(key), raw));
  await pipe.execute();
}

/** What is wrong with the outcomes of a call. */
function complaints(text: string, outcomes: readonly Outcome[]): string[] {
  const normal = isIn(CHANGING, text) ? shapeOf : comparable;
  const [first, second] = outcomes.map((outcome) => JSON.stringify(normal(outcome)));
  if (first !== second) return [`${text}: ${first} but over RESP2 ${second}`];
  const error = outcomes[0]?.error;
  if (error === undefined || isIn(UNDERSTOOD, error)) return [];
  return REFUSED.some((pattern) => pattern.test(error)) ? [] : [`${text}: ${error}`];
}
