/** R2: what `retry: "idempotent"` repeats changes neither data nor reply when it runs twice. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "../../src/client/builder.ts";
import { Redis } from "../../src/client/redis.ts";
import { Command } from "../../src/command/command.ts";
import { raw } from "../../src/command/decoders.ts";
import { factsOf, isReadOnly } from "../../src/command/facts.ts";
import { isIdempotent } from "../../src/command/repeat.ts";
import { STATEFUL, traitsOf } from "../../src/command/traits.ts";
import { ServerError } from "../../src/errors.ts";
import type { Argument } from "../../src/protocol/resp.ts";
import { BYTES, RAW } from "../../src/protocol/resp.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { samples } from "../support/sample_calls.ts";
import { SERVERS } from "../support/surfaces.ts";
import { knowsOptions } from "./expectations.ts";
import { COUNTER_EXAMPLES, KEYS, LEFT_OUT, randomData, randomRow } from "./idempotent_cases.ts";
import { isKnownTo, prepare } from "./prepare.ts";

/** All keys, what they hold and whether they expire, as one reply. */
const STATE = `
local keys = redis.call("KEYS", "*")
table.sort(keys)
local state = {}
for _, key in ipairs(keys) do
  state[#state + 1] = key
  state[#state + 1] = redis.call("DUMP", key)
  state[#state + 1] = redis.call("PTTL", key) >= 0 and 1 or 0
end
return state`;

const RUNS = 2_000;
const ROUNDS = 10;
const ENDING = new Set(["failover", "replicaof", "shutdown", "slaveof"]);

interface Twice {
  /** Whether the second reply and the data after it are those of the first time. */
  readonly isEqual: boolean;
  readonly first: unknown;
  readonly explanation: string;
}

/** Prepares data, and runs `argv` on it two times. */
async function twice(
  redis: Redis,
  data: readonly (readonly Argument[])[],
  argv: readonly Argument[],
): Promise<Twice> {
  const run = (words: readonly Argument[]): Command<unknown> =>
    new Command([...words], raw, BYTES | RAW);
  const all = [...data, argv, ["EVAL", STATE, 0], argv, ["EVAL", STATE, 0]];
  const pipe = redis.pipeline({ raiseOnError: false });
  for (const words of all) pipe.run(run(words));
  const replies = (await pipe.execute()).slice(-4).map(plain);
  const [first, once, second, again] = replies.map((reply) => JSON.stringify(reply));
  const isEqual = first === second && once === again;
  return { isEqual, first: replies[0], explanation: `${first} then ${second}` };
}

/** A reply as what can be compared as JSON. */
function plain(value: unknown): unknown {
  if (value instanceof ServerError) return { error: value.message.replace(/^.*? failed: /s, "") };
  if (value instanceof Error) throw value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (value instanceof Map) return [...value].map(([key, item]) => [plain(key), plain(item)]);
  if (value instanceof Set || Array.isArray(value)) return [...value].map(plain);
  return typeof value === "bigint" ? String(value) : value;
}

function isError(reply: unknown): boolean {
  return typeof reply === "object" && reply !== null && "error" in reply;
}

function textOf(argv: readonly Argument[]): string {
  return argv.map((word) => (word instanceof Uint8Array ? "(bytes)" : String(word))).join(" ");
}

describe.each(SERVERS)("%s", (version) => {
  let server: TestServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startServer({ version, config: { "enable-module-command": "yes" } });
    redis = await Redis.connect({ url: server.url });
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  test("R2: every sample call that is said to be idempotent is", { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    const proved = new Set<string>();
    const equal = new Set<string>();
    const different = new Set<string>();
    for (const argv of writes(server)) {
      await prepare(redis, server);
      const { isEqual, explanation, first } = await twice(redis, [], argv);
      const name = factsOf(argv)?.name ?? "";
      if (!isIdempotent(argv)) (isEqual ? equal : different).add(name);
      else if (!isEqual) wrong.push(`${textOf(argv)}: ${explanation}`);
      else if (!isError(first)) proved.add(name);
    }
    expect(wrong).toEqual([]);
    expect([...proved].sort()).toEqual(
      expect.arrayContaining(["COPY", "MSET", "SET", "ZRANGESTORE"]),
    );
    // Those that change neither with any of their samples, though they are not in the table.
    const never = [...equal].filter((name) => !different.has(name) && !proved.has(name));
    const unexplained = never.filter((name) => !LEFT_OUT.some(([names]) => names.test(name)));
    expect(unexplained.sort()).toEqual([]);
  });

  test("R2: random calls on random data that are said to be idempotent are", async () => {
    const counts = new Map<string, number>();
    const property = fc.asyncProperty(randomData, randomRow, async (data, argv) => {
      if (!isKnownTo(server, argv) || !isIdempotent(argv)) return;
      const { isEqual, explanation, first } = await twice(redis, [["FLUSHALL"], ...data], argv);
      if (!isEqual) throw new Error(`${textOf(argv)}: ${explanation}`);
      const name = factsOf(argv)?.name ?? "";
      if (!isError(first)) counts.set(name, (counts.get(name) ?? 0) + 1);
    });
    const missing = (): string[] => ROWS.filter((name) => !counts.has(name));
    // Chance seldom makes some of the rows succeed: it goes on until each has.
    for (let round = 0; round < ROUNDS && (round === 0 || missing().length > 0); round += 1) {
      await fc.assert(property, { numRuns: RUNS });
    }
    expect(missing()).toEqual([]);
  }, 240_000);

  test.each(COUNTER_EXAMPLES)("R2: not idempotent: $argv", async ({ data, argv }) => {
    if (!isKnownTo(server, argv) || !knowsOptions(server, textOf(argv))) return;
    expect(isIdempotent(argv)).toBe(false);
    const { isEqual } = await twice(redis, [["FLUSHALL"], ...data], argv);
    expect(isEqual).toBe(false);
  });
});

/** The rows of the table that random calls must have reached. */
const ROWS: readonly string[] = [
  "BITOP",
  "CONFIG SET",
  "COPY",
  "EXPIRE",
  "FLUSHALL",
  "FLUSHDB",
  "GEOSEARCHSTORE",
  "HMSET",
  "LSET",
  "MSET",
  "PEXPIRE",
  "PFMERGE",
  "PSETEX",
  "RESTORE",
  "SCRIPT LOAD",
  "SDIFFSTORE",
  "SET",
  "SETEX",
  "SETRANGE",
  "SINTERSTORE",
  "SUNIONSTORE",
  "ZDIFFSTORE",
  "ZINTERSTORE",
  "ZRANGESTORE",
  "ZUNIONSTORE",
];

test("R2: a key that is given once as text and once as bytes is one key", () => {
  for (const key of KEYS) {
    expect(isIdempotent(["BITOP", "XOR", key, Buffer.from(key), "other"])).toBe(false);
    expect(isIdempotent(["BITOP", "XOR", Buffer.from(key), key, "other"])).toBe(false);
  }
});

test("R2: unknown commands and scripts are not idempotent", () => {
  for (const name of ["NOSUCH", "EVAL", "FCALL", "JSON.SET"]) {
    expect(isIdempotent([name, "key", "value"])).toBe(false);
  }
});

/** The sample calls that write, and that the server knows. */
function writes(server: TestServer): (readonly Argument[])[] {
  const isWanted = ({ method }: { readonly method: string }): boolean =>
    !method.startsWith("cluster") && !ENDING.has(method);
  return samples
    .filter(isWanted)
    .map(({ make }) => make(command).argv)
    .filter((argv) => !isReadOnly(argv) && (traitsOf(argv) & STATEFUL) === 0)
    .filter((argv) => isKnownTo(server, argv) && knowsOptions(server, textOf(argv)))
    .filter((argv) => !/^(BGSAVE|BGREWRITEAOF|SAVE)/.test(textOf(argv)));
}
