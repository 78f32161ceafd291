import { Redis } from "typedis";
import { startServer } from "typedis/testing";
import { expect, test } from "vitest";
import { type Check, SnippetModules } from "./snippet_modules.ts";
import type { Snippet } from "./snippets.ts";

const GOOD: Snippet = {
  path: "good.ts",
  line: 10,
  code: [
    'await redis.set("n", 1); // true',
    'const n = await redis.incr("n"); // number',
    'const many = await redis.pipeline((pipe) => [pipe.get("n")]); // ["2"]',
    'const [one] = await redis.pipeline((pipe) => [pipe.get("n")]); // "2"',
    'await redis.sadd("s", ["a"]); // 1: it was new',
    'await redis.smembers("s"); // Set { "a" }',
    'const { cursor, keys } = await redis.scan("0", { match: "s" }); // "0", ["s"]',
    "const failed = await redis.get(String(n)); // words about it",
  ],
};
const BAD: Snippet = {
  path: "bad.ts",
  line: 20,
  code: [
    'const a = await redis.get("a"); // string',
    'const b = await redis.incr("a"); // 1',
    "",
    "await redis.noSuchMethod();",
  ],
};

test("an example's claims are compared, and its mistakes told with file and line", async () => {
  await using server = await startServer({ version: "redis-8.6" });
  await using redis = await Redis.connect(server.url);
  const modules = new SnippetModules("self_test", [GOOD, BAD]);
  await modules.compile(() => server.port);

  expect(modules.errorsOf(GOOD)).toEqual([]);
  expect(modules.errorsOf(BAD)).toEqual([
    expect.stringMatching(/^bad\.ts:20: TS2322: .*actual: string \| null; claimed: string;/),
    expect.stringMatching(/^bad\.ts:23: TS2339: .*noSuchMethod/),
  ]);

  const seen: unknown[] = [];
  const check: Check = ({ kind, expected }, value) => seen.push([kind, expected, value]);
  await modules.run(GOOD, redis, check);
  const scanned = { cursor: "0", keys: ["s"] };
  expect(seen).toEqual([
    ["equal", true, true],
    ["equal", ["2"], ["2"]],
    ["equal", ["2"], ["2"]],
    ["equal", 1, 1],
    ["equal", new Set(["a"]), new Set(["a"])],
    [
      "listed",
      [
        ["cursor", "keys"],
        ["0", ["s"]],
      ],
      scanned,
    ],
  ]);
  await expect(modules.run(BAD, redis, check)).rejects.toThrow("noSuchMethod");
});
