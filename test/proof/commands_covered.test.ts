import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command } from "../../src/client/builder.ts";
import { Redis } from "../../src/client/redis.ts";
import type { CommandArgument } from "../../src/command/decoders_command.ts";
import { commandNames, factsOf } from "../../src/command/facts.ts";
import { Commands } from "../../src/commands/index.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { sampleCalls, samples } from "../support/sample_calls.ts";
import { namesWithReason, reasonFor } from "./uncovered.ts";

/** Which methods send a command, by the command's name. */
const methods = new Map<string, Set<string>>();
/** All words that the samples of a command send, in upper case. */
const words = new Map<string, Set<string>>();
for (const { method, make } of samples) {
  if (method === "call") continue;
  const { argv } = make(command);
  const name = factsOf(argv)?.name ?? `${String(argv[0])} (unknown)`;
  methods.set(name, (methods.get(name) ?? new Set()).add(method));
  const sent = words.get(name) ?? new Set();
  for (const word of argv) sent.add(String(word).toUpperCase());
  words.set(name, sent);
}

test("every command method has a sample call, and every sample call a method", () => {
  const declared = Object.getOwnPropertyNames(Commands.prototype).filter(
    (name) => name !== "constructor",
  );
  expect(Object.keys(sampleCalls).sort()).toEqual(declared.sort());
});

test("each method is named after the command that it sends, and sends no other", () => {
  const strange: string[] = [];
  for (const [name, senders] of methods) {
    for (const method of senders) {
      if (!isNamedAfter(method, name)) strange.push(`${method} sends ${name}`);
    }
  }
  // One method for each thing that it does: they have replies of their own.
  expect(strange.sort()).toEqual([
    "aclLogReset sends ACL LOG",
    "clusterMigrationCancel sends CLUSTER MIGRATION",
    "clusterMigrationImport sends CLUSTER MIGRATION",
    "clusterMigrationStatus sends CLUSTER MIGRATION",
  ]);
});

test("every command of which there are facts has a method, or a reason to have none", () => {
  const containers = containersIn(commandNames());
  expect(missingIn(commandNames(), containers)).toEqual([]);
});

/** Documented words that no method sends, with the reason. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ["CLIENT KILL … PRIMARY", "another word for MASTER, which all servers know"],
  ["CLIENT KILL … SLAVE", "another word for REPLICA"],
]);

test("no reason is stale: each is for what exists and has no method", () => {
  const known = new Set(commandNames());
  const stale = namesWithReason.filter((name) => methods.has(name) || !known.has(name));
  expect(stale).toEqual([]);
  const sent = [...LEFT_OUT.keys()].filter((it) => {
    const [name = "", word = ""] = it.split(" … ");
    return words.get(name)?.has(word) !== false;
  });
  expect(sent).toEqual([]);
});

/** All that the facts come from. */
const SERVERS = ["redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.1"];

describe.each(SERVERS)("%s", (version) => {
  let server: TestServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startServer({ version });
    redis = await Redis.connect(server.url);
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  test("every command that the server lists has a method, or a reason to have none", async () => {
    const listed = (await redis.commandList()).map(nameOf);
    expect(listed.length).toBeGreaterThan(350);
    expect(missingIn(listed, containersIn(listed))).toEqual([]);
  });

  test("every word that the server documents for a command is in a sample of it", async () => {
    const docs = await redis.commandDocs();
    const missing: string[] = [];
    for (const [name, { arguments: own, subcommands }] of Object.entries(docs)) {
      const all = [[name, own] as const].concat(
        Object.entries(subcommands).map(([sub, doc]) => [sub, doc.arguments] as const),
      );
      for (const [one, documented] of all) missing.push(...unsentWords(nameOf(one), documented));
    }
    expect(missing.filter((it) => !LEFT_OUT.has(it))).toEqual([]);
  });
});

function unsentWords(name: string, documented: readonly CommandArgument[]): string[] {
  const sent = words.get(name);
  if (sent === undefined) return [];
  const tokens = [...new Set(documented.flatMap(tokensOf))];
  return tokens.filter((token) => !sent.has(token)).map((token) => `${name} … ${token}`);
}

function tokensOf({ token, arguments: parts }: CommandArgument): string[] {
  const own = token === undefined || token === "" ? [] : token.toUpperCase().split(" ");
  return [...own, ...parts.flatMap(tokensOf)];
}

function missingIn(names: readonly string[], containers: ReadonlySet<string>): string[] {
  return names.filter(
    (name) => !methods.has(name) && reasonFor(name, containers.has(name)) === undefined,
  );
}

/** The first words of the commands of two words. */
function containersIn(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.filter((name) => name.includes(" ")).map((name) => name.split(" ")[0] ?? ""),
  );
}

/** `"config|get"` is `"CONFIG GET"`. */
function nameOf(listed: string): string {
  return listed.toUpperCase().replace("|", " ");
}

function isNamedAfter(method: string, name: string): boolean {
  return method.toLowerCase() === name.toLowerCase().replaceAll(/[ -]/g, "");
}
