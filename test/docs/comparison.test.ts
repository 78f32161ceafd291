/**
 * What the README's table says of other clients, tried with the installed ones in their default
 * settings.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { Redis as IORedis } from "ioredis";
import { createClient } from "redis";
import { ArgumentError, Redis, ServerError } from "typedis";
import { startProxy, startServer, type TestServer } from "typedis/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SnippetModules } from "./snippet_modules.ts";
import type { Snippet } from "./snippets.ts";

let server: TestServer;
let direct: Redis;
beforeAll(async () => {
  server = await startServer({ version: "redis-8.6" });
  direct = await Redis.connect(server.url);
});
beforeEach(() => direct.flushall());
afterAll(async () => {
  await direct.close();
  await server.stop();
});

/** Without these, an `error` event of theirs would be printed, or would end the process. */
function ioredis(url: string): IORedis {
  return new IORedis(url).on("error", () => undefined);
}

async function nodeRedis(url: string) {
  const client = createClient({ url }).on("error", () => undefined);
  await client.connect();
  return client;
}

describe("one command of a pipeline fails", () => {
  beforeEach(() => direct.set("text", "abc"));

  test("typedis: its error names it, and the other replies are kept", async () => {
    const pipe = direct.pipeline();
    pipe.incr("text");
    const text = pipe.get("text");
    const error = await pipe.execute().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ command: "INCR text", index: 0 });
    expect(text.value).toBe("abc");
  });

  test("ioredis: an error in its place, with the command", async () => {
    const client = ioredis(server.url);
    const results = await client.pipeline().incr("text").get("text").exec();
    client.disconnect();
    expect(results?.[0]?.[0]).toMatchObject({ command: { name: "incr", args: ["text"] } });
    expect(results?.[1]).toEqual([null, "abc"]);
  });

  test("redis: execAsPipeline() gives the server's error only, exec() all replies", async () => {
    const client = await nodeRedis(server.url);
    const plain = await client
      .multi()
      .incr("text")
      .get("text")
      .execAsPipeline()
      .catch((reason: unknown) => reason);
    const transaction = await client
      .multi()
      .incr("text")
      .get("text")
      .exec()
      .catch((reason: unknown) => reason);
    client.destroy();
    expect(plain).toMatchObject({ message: "ERR value is not an integer or out of range" });
    expect(plain).not.toHaveProperty("replies");
    expect(transaction).toMatchObject({ errorIndexes: [0], replies: [expect.anything(), "abc"] });
  });
});

test("a watched key that was changed: WatchError of redis, null of ioredis", async () => {
  const [theirs, client] = [ioredis(server.url), await nodeRedis(server.url)];
  await theirs.watch("w");
  await client.watch("w");
  await direct.set("w", 1);
  expect(await theirs.multi().set("w", 2).exec()).toBeNull();
  await expect(client.multi().set("w", 2).exec()).rejects.toThrow("watched keys has been changed");
  theirs.disconnect();
  client.destroy();
});

test("an undefined value: thrown, rejected, or stored", async () => {
  const nothing = ([] as string[])[0] as string;
  const [theirs, client] = [ioredis(server.url), await nodeRedis(server.url)];
  expect(() => direct.set("key", nothing)).toThrow(ArgumentError);
  await expect(client.set("key", nothing)).rejects.toThrow(TypeError);
  expect(await direct.exists("key")).toBe(0);
  expect(await theirs.set("key", nothing)).toBe("OK");
  expect(await direct.get("key")).toBe("");
  theirs.disconnect();
  client.destroy();
});

test("replies: Set and booleans, or arrays, numbers and OK", async () => {
  await direct.sadd("s", "a");
  const [theirs, client] = [ioredis(server.url), await nodeRedis(server.url)];
  expect([await direct.smembers("s"), await direct.sismember("s", "a")]).toEqual([
    new Set(["a"]),
    true,
  ]);
  expect(await direct.set("k", 1)).toBe(true);
  for (const replies of [
    [await theirs.smembers("s"), await theirs.sismember("s", "a"), await theirs.set("k", 1)],
    [await client.sMembers("s"), await client.sIsMember("s", "a"), await client.set("k", 1)],
  ]) {
    expect(replies).toEqual([["a"], 1, "OK"]);
  }
  theirs.disconnect();
  client.destroy();
});

describe("a connection is lost and nobody listens to errors", () => {
  const PROGRAM = `
    import { createClient } from "redis";
    import { Redis as IORedis } from "ioredis";
    import { Redis } from "typedis";
    const [name, url] = process.argv.slice(1);
    const client = name === "typedis" ? await Redis.connect(url)
      : name === "redis" ? await createClient({ url }).connect() : new IORedis(url);
    await client.ping();
    console.log("ready");
    process.stdin.once("data", async () => { await client.ping(); process.exit(0); });
  `;

  test.each([
    ["typedis", 0, /^$/],
    ["ioredis", 0, /^$|Unhandled error event/],
    ["redis", 1, /Unhandled 'error' event/],
  ])("%s ends with exit code %i", async (name, code, stderr) => {
    await using own = await startProxy(server);
    const args = ["--input-type=module", "--eval", PROGRAM, name, own.url];
    const ended = new Promise((resolve) => {
      const child = execFile(process.execPath, args, (error, _stdout, text) => {
        resolve({ code: error === null ? 0 : error.code, text });
      });
      child.stdout?.once("data", () => {
        own.cut();
        child.stdin?.on("error", () => undefined).write("go on\n");
      });
    });
    expect(await ended).toMatchObject({ code, text: expect.stringMatching(stderr) });
  });
});

test("the types of pipelines are as the table says", async () => {
  const snippet: Snippet = {
    path: "types.ts",
    line: 1,
    code: [
      'import { createClient, type RedisClientType } from "redis";',
      'import { Redis as IORedis } from "ioredis";',
      "const [client, theirs] = [createClient(), new IORedis()];",
      'const typed = await client.multi().set("a", 1).incr("a").execTyped();' +
        " // [string | null, number]",
      'const pairs = await theirs.pipeline().set("a", 1).incr("a").exec();' +
        " // [error: Error | null, result: unknown][] | null",
      "const loop = client.multi();",
      'for (const key of ["a", "b"]) loop.get(key);',
      "const looped = await loop.execTyped(); // []",
      'const [one, two] = await redis.pipeline((pipe) => [pipe.set("a", 1), pipe.incr("a")]);' +
        " // [boolean, number]",
      'const mapped = await redis.pipeline((pipe) => ["a", "b"].map((key) => pipe.get(key)));' +
        " // (string | null)[]",
    ],
  };
  const modules = new SnippetModules("comparison", [snippet]);
  await modules.compile(() => server.port);
  expect(modules.errorsOf(snippet)).toEqual([]);
});

test("the table speaks of the versions that are installed, and of their dependencies", () => {
  const readme = readFileSync("README.md", "utf8");
  const manifest = (name: string): { version: string; dependencies?: object } =>
    JSON.parse(readFileSync(`${name}/package.json`, "utf8")) as ReturnType<typeof manifest>;
  const [redis, theirs] = [manifest("node_modules/redis"), manifest("node_modules/ioredis")];
  expect(readme).toContain(`\`redis\` ${redis.version} and \`ioredis\` ${theirs.version}`);
  const counts = [manifest("."), redis, theirs].map((it) => {
    return Object.keys(it.dependencies ?? {}).length;
  });
  expect(counts).toEqual([0, 5, 6]);
});
