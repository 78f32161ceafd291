import { Redis } from "typedis";
import { startServer, type TestServer } from "typedis/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Check, SnippetModules } from "./snippet_modules.ts";
import { placeOf, type Snippet } from "./snippets.ts";

const REDIS = "redis-8.6";
const VALKEY = "valkey-9.1";

/** Compiles all snippets at once and runs each against an empty database of a real server. */
export function runSnippets(name: string, snippets: readonly Snippet[]): void {
  const modules = new SnippetModules(name, snippets);
  const servers = new Map<string, TestServer>();
  const serverOf = ({ needsValkey }: Snippet): TestServer | undefined =>
    servers.get(needsValkey === true ? VALKEY : REDIS);

  beforeAll(async () => {
    vi.spyOn(console, "log").mockReturnValue();
    for (const version of [REDIS, VALKEY]) servers.set(version, await startServer({ version }));
    await modules.compile((snippet) => serverOf(snippet)?.port ?? 0);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  });

  describe("each example compiles, runs, and comes to what it says", () => {
    test.each(snippets.map((snippet) => [placeOf(snippet), snippet] as const))(
      "%s",
      async (_place, snippet) => {
        expect(modules.errorsOf(snippet)).toEqual([]);
        await using redis = await Redis.connect(serverOf(snippet)?.url ?? "");
        await redis.pipeline((pipe) => [pipe.flushall(), pipe.call("FUNCTION", "FLUSH")]);
        await modules.run(snippet, redis, check);
      },
    );
  });
}

/** The comment is compared along, so that a failure shows it. */
const check: Check = ({ comment, kind, expected }, value) => {
  if (kind === "equal") expect({ comment, value }).toEqual({ comment, value: expected });
  else if (kind === "partial") expect({ comment, value }).toMatchObject({ value: expected });
  else {
    const [names, values] = expected as readonly [readonly string[], readonly unknown[]];
    const picked = names.map((name) => Reflect.get(Object(value), name) as unknown);
    expect({ comment, value: picked }).toEqual({ comment, value: values });
  }
};
