/** S12: what people get to see of a command, and what not. */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeCommand, maskMessage } from "../../src/command/describe.ts";
import { Command, command } from "../../src/index.ts";
import type { Argument } from "../../src/protocol/resp.ts";
import { secretive } from "../support/secretive.ts";

const SECRET = "hunter2-hunter2";

describe.each(secretive(SECRET))("%s", (shown, ...argv) => {
  test("S12: is all that is shown of the command, in text and in bytes", () => {
    expect(describeCommand(argv)).toBe(shown);
    expect(describeCommand(argv.map((word) => Buffer.from(word)))).toBe(shown);
  });

  test("S12: a Command shows no more", () => {
    const made = new Command(argv, String);
    const all = [String(made), inspect(made, { depth: 9 }), JSON.stringify({ made })];
    for (const text of all) expect(text).toContain(`Command(${shown})`);
    expect(all.join("\n")).not.toContain(SECRET);
  });
});

test.each([
  ["SET key value", command.set("key", "value").argv],
  ["LPUSH key 1 2 3 4 …", command.lpush("key", [1, 2, 3, 4, 5]).argv],
  ["JSON.SET key $ 1", ["JSON.SET", "key", "$", "1"]],
  ["CONFIG GET maxmemory", command.configGet("maxmemory").argv],
])("P21: %s is shown, because no secret is expected there", (shown, argv) => {
  expect(describeCommand(argv)).toBe(shown);
});

/** What a server can make of an argument that it repeats. */
const REPETITIONS: readonly ((text: string) => string)[] = [
  (text) => `ERR unknown command 'AUHT', with args beginning with: '${text}' `,
  (text) => `ERR unknown command \`AUHT\`, with args beginning with: \`${text.slice(0, 20)}\`, `,
  (text) => `ERR Error in ACL SETUSER modifier '${text}': Syntax error`,
  (text) => `ERR Error in ACL SETUSER modifier '(${text} +@all)': Syntax error`,
  (text) => `ERR bad value "${text.slice(0, 120)}"`,
  (text) => `ERR bad value ${text.replaceAll("\r", " ").replaceAll("\n", " ")} again ${text}`,
];

test("S12: whatever a server repeats of a secret, nothing of it is left", () => {
  const secrets = fc.oneof(
    fc.string({ minLength: 8, maxLength: 300 }),
    fc.string({ minLength: 8, unit: fc.constantFrom("a", "b", "\r", "\n", "'", '"', "$&", "é") }),
  );
  const commands = fc.constantFrom<readonly Argument[]>(
    ["AUHT"],
    ["ACL", "SETUSER", "ann"],
    ["config", "set", "requirepass"],
    ["SENTINEL", "SET", "main", "auth-pass"],
  );
  fc.assert(
    fc.property(
      secrets.filter((secret) => secret.trim().length >= 8),
      commands,
      fc.constantFrom(...REPETITIONS),
      fc.boolean(),
      (secret, words, repeat, isBytes) => {
        const argv = [...words, isBytes ? Buffer.from(secret) : secret];
        const message = maskMessage(argv, repeat(secret));
        expect(message).not.toContain(secret);
        expect(message).not.toContain(secret.slice(0, 20));
        expect(message).toMatch(/^ERR /);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("S12: short arguments are masked in quotes only, and no code is", () => {
  const message = "ERR Error in ACL SETUSER modifier 'on': no";
  expect(maskMessage(["ACL", "SETUSER", "ann", "on"], message)).toBe(
    "ERR Error in ACL SETUSER modifier '***': no",
  );
  const migrate = ["MIGRATE", "host", "1", "key", "0", "1", "AUTH", "secret"];
  expect(maskMessage(migrate, "NOAUTH Authentication required: secret")).toBe(
    "NOAUTH Authentication required: ***",
  );
  expect(maskMessage(["EVAL", "return x", 0], "ERR user_script:10: x")).toBe(
    "ERR user_script:10: x",
  );
});

test("what a server says of a command without secrets stays as it is", () => {
  const message = "ERR value is not an integer or out of range";
  expect(maskMessage(["INCR", "value"], message)).toBe(message);
});

test("a Command made by hand is not changed with the array that it was made of", () => {
  const argv = ["SET", "key", "value"];
  const made = new Command(argv, String);
  argv[2] = "changed";
  argv.push("NX");
  expect(made.argv).toEqual(["SET", "key", "value"]);
});

test("S12: an argument that cannot be sent is refused without what stands before it", () => {
  for (const words of [[`AUTH ${SECRET}`], [`AUTH\t${SECRET}`, "x"], ["AUTH", SECRET]]) {
    const make = (): unknown => new Command([...words, null as never], String);
    expect(make).toThrow(/^Argument \d of AUTH( \*\*\*)? is null/);
    expect(make).not.toThrow(SECRET);
  }
});
