import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, generateFacts } from "../../scripts/generate_facts.ts";
import { factsOf, isReadOnly, keyIndexes } from "../../src/command/facts.ts";
import { type Argument, BYTES, ErrorReply, type RespValue } from "../../src/protocol/resp.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { calls, fixtures } from "./facts_calls.ts";

const VERSIONS = ["redis-7.0", "redis-8.6", "valkey-9.1"];

test("the facts in the repository are what the servers say", async () => {
  const committed = await readFile("src/command/facts_data.ts", "utf8");
  expect(await generateFacts(VERSIONS)).toBe(committed);
});

describe.each(VERSIONS)("%s", (version) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version });
  });
  afterAll(() => server.stop());

  test("keyIndexes says what COMMAND GETKEYS says", async () => {
    const known = calls.filter((argv) => isKnownTo(server, argv));
    expect(known.length).toBeGreaterThan(180);
    const questions = known.map((argv) => ["COMMAND", "GETKEYS", ...argv]);
    const answers = (await ask(server.port, questions)).map(keysInReply);
    expect(known.map((argv) => [argv, keysOf(argv)])).toEqual(
      known.map((argv, index) => [argv, answers[index]]),
    );
  });

  test("what isReadOnly calls a read leaves all keys as they were", async () => {
    const reads = calls.filter((argv) => isKnownTo(server, argv) && isReadOnly(argv));
    expect(reads.length).toBeGreaterThan(90);
    const failed: string[] = [];
    const changed: string[] = [];
    for (const argv of reads) {
      await ask(server.port, [["FLUSHALL"], ...fixtures, LOAD]);
      const before = await dump(server);
      const [reply] = await ask(server.port, [argv]);
      if (reply instanceof ErrorReply) failed.push(`${argv.join(" ")}: ${reply.message}`);
      const after = await dump(server);
      if (!isDeepStrictEqual(before, after)) changed.push(argv.join(" "));
    }
    expect(failed).toEqual([]);
    // It keeps the count that it computed in its key, which is harmless.
    expect(changed).toEqual(["PFCOUNT hll"]);
  });

  test("a read-only script cannot even publish", async () => {
    const script = "return redis.call('PUBLISH', 'channel', 'message')";
    const [reply] = await ask(server.port, [["EVAL_RO", script, "0"]]);
    expect(reply).toBeInstanceOf(ErrorReply);
  });
});

/** Defines the function that the calls call. */
const LOAD = [
  "FUNCTION",
  "LOAD",
  "REPLACE",
  `#!lua name=library
  local function get(keys) return redis.call("GET", keys[1]) end
  redis.register_function{ function_name = "f", callback = get, flags = { "no-writes" } }`,
];

function isKnownTo({ kind, version }: TestServer, argv: readonly Argument[]): boolean {
  const since = factsOf(argv)?.since[kind];
  return since !== undefined && numberOf(since) <= numberOf(version);
}

/** `"7.0.15"` is 7_000_015. */
function numberOf(version: string): number {
  return version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
}

function keysOf(argv: readonly Argument[]): (Argument | undefined)[] {
  return keyIndexes(argv).map((index) => argv[index]);
}

function keysInReply(reply: RespValue | undefined): RespValue | undefined {
  if (!(reply instanceof ErrorReply)) return reply;
  // Redis 7.0 wants two words of the command, at least.
  expect(reply.message).toMatch(/no key arguments|wrong number .*'command\|getkeys'/);
  return [];
}

/** Every key with its serialized value, in bytes, and its expiry. */
async function dump({ port }: TestServer): Promise<RespValue[]> {
  const [keys] = await ask(port, [["KEYS", "*"]]);
  const names = Array.isArray(keys) ? keys.map(String).sort() : [];
  expect(names.length).toBeGreaterThan(10);
  const questions = names.flatMap((name) => [
    ["DUMP", name],
    ["PEXPIRETIME", name],
  ]);
  return [...names, ...(await ask(port, questions, BYTES))];
}
