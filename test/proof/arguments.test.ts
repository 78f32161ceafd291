import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../../scripts/generate_facts.ts";
import { type CommandBuilder, command } from "../../src/client/builder.ts";
import { Command } from "../../src/command/command.ts";
import { factsOf, keyIndexes } from "../../src/command/facts.ts";
import { type Argument, ErrorReply, type RespValue } from "../../src/protocol/resp.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { samples } from "../support/sample_calls.ts";
import { SERVERS } from "../support/surfaces.ts";
import { knowsOptions, unusedPatterns } from "./expectations.ts";
import { isKnownTo } from "./prepare.ts";

const calls: readonly (readonly Argument[])[] = samples.map(({ make }) => make(command).argv);

test("every sample call has as many words as its command takes", () => {
  const wrong = calls.filter((argv) => {
    const arity = factsOf(argv)?.arity ?? 0;
    return arity > 0 ? argv.length !== arity : argv.length < -arity;
  });
  expect(wrong.map(textOf)).toEqual([]);
});

describe.each(SERVERS)("%s", (version) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version });
  });
  afterAll(() => server.stop());

  test("COMMAND GETKEYS finds the keys of every sample call where keyIndexes does", async () => {
    const known = calls.filter(
      (argv) => isKnownTo(server, argv) && knowsOptions(server, textOf(argv)),
    );
    expect(known.length).toBeGreaterThan(500);
    const questions = known.map((argv) => ["COMMAND", "GETKEYS", ...argv]);
    const answers = (await ask(server.port, questions)).map(keysInReply);
    const differences = known.flatMap((argv, index) => {
      const ours = keyIndexes(argv).map((at) => String(argv[at]));
      const theirs = answers[index];
      return isDeepStrictEqual(ours, theirs) ? [] : [{ call: textOf(argv), ours, theirs }];
    });
    // It misses the keys that may follow, though none need to.
    const theirs = "ERR Invalid arguments specified for command";
    expect(differences).toEqual([{ call: "PFMERGE none", ours: ["none"], theirs }]);
  });
});

test("no table of expectations has a pattern that fits no call", () => {
  expect(unusedPatterns(calls.map(textOf))).toEqual([]);
});

function keysInReply(reply: RespValue | undefined): RespValue | undefined {
  if (!(reply instanceof ErrorReply)) return reply;
  // Redis 7.0 wants two words of the command, at least.
  if (/no key arguments|wrong number .*'command\|getkeys'/.test(reply.message)) return [];
  return reply.message;
}

function textOf(argv: readonly Argument[]): string {
  return argv.map(String).join(" ");
}

test("0 and the empty text are sent like any other number and text", () => {
  const dropped: string[] = [];
  let count = 0;
  for (const { make } of samples) {
    for (const { method, args } of recorded(make)) {
      const usual = argvOf(method, args) ?? [];
      for (const { path, value, other } of variantsOfList(args)) {
        count += 1;
        const place = `${method} ${path}`;
        if (CHOICES.has(place)) continue;
        const sent = argvOf(method, value);
        if (sent === undefined || !isChanged(usual, sent, other)) dropped.push(place);
      }
    }
  }
  expect(count).toBeGreaterThan(1000);
  expect([...new Set(dropped)]).toEqual([]);
});

/** Arguments that choose what is sent, and are not sent themselves. */
const CHOICES: ReadonlySet<string> = new Set([
  "bgsave [0]",
  "clusterMigrationCancel [0]",
  "clusterMigrationStatus [0]",
  "clusterReplicate [0]",
  "failover [0]",
  "shutdown [0]",
  "zrange [3].by",
  "zrangestore [2].by",
]);

interface RecordedCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Which methods a sample call calls, with which arguments. */
function recorded(make: (on: CommandBuilder) => unknown): RecordedCall[] {
  const found: RecordedCall[] = [];
  const recorder = new Proxy(command, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]): unknown => {
        found.push({ method: String(name), args });
        return Reflect.apply(value, target, args);
      };
    },
  });
  make(recorder);
  return found;
}

/** What a method sends; `undefined` if it refuses the arguments. */
function argvOf(method: string, args: readonly unknown[]): readonly Argument[] | undefined {
  const call: unknown = Reflect.get(command, method);
  if (typeof call !== "function") throw new Error(`there is no method ${method}`);
  try {
    const made: unknown = Reflect.apply(call, command, args);
    return made instanceof Command ? made.argv : undefined;
  } catch {
    return undefined;
  }
}

/** The same words, but for one or more that are the other one now. */
function isChanged(usual: readonly Argument[], sent: readonly Argument[], other: unknown): boolean {
  const changed = sent.filter((word, at) => String(word) !== String(usual[at]));
  return (
    sent.length === usual.length && changed.length > 0 && changed.every((word) => word === other)
  );
}

/** Something with a number or text in it replaced by another one. */
interface Variant<T> {
  /** Where in it: `"[2].count"`. */
  readonly path: string;
  readonly value: T;
  readonly other: number | string;
}

/** A variant for each number and each text: 0 or empty, and not empty if it was. */
function variantsOf(value: unknown, path = ""): Variant<unknown>[] {
  if (typeof value === "number" || typeof value === "bigint") {
    const other = Number(value) === 0 ? 1 : 0;
    return [{ path, value: other, other }];
  }
  if (typeof value === "string") {
    const other = value === "" ? "x" : "";
    return [{ path, value: other, other }];
  }
  if (Array.isArray(value)) return variantsOfList(value, path);
  if (typeof value !== "object" || value === null || !isPlain(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    variantsOf(item, `${path}.${name}`).map((variant) => ({
      ...variant,
      value: { ...value, [name]: variant.value },
    })),
  );
}

function variantsOfList(list: readonly unknown[], path = ""): Variant<readonly unknown[]>[] {
  return list.flatMap((item, at) =>
    variantsOf(item, `${path}[${at}]`).map((variant) => ({
      ...variant,
      value: list.with(at, variant.value),
    })),
  );
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
