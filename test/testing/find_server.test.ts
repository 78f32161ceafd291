import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RedisError } from "../../src/errors.ts";
import { findServer, versionsIn } from "../../src/testing/find_server.ts";
import { ServerNotFoundError, startServer } from "../../src/testing/index.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "typedis-test-"));
  program("project/.cache/servers/redis-8.6/bin/redis-server");
  program("project/.cache/servers/redis-8.10/bin/redis-server");
  program("project/.cache/servers/valkey-8.1/bin/valkey-server");
  program("elsewhere/valkey-9.1/bin/valkey-server");
  program("usr/bin/valkey-server");
  program("opt/bin/redis-server");
  mkdirSync(join(root, "project/packages/one"), { recursive: true });
  mkdirSync(join(root, "project/.cache/servers/redis-9.9/bin"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

function program(path: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), "#!/bin/sh\n", { mode: 0o755 });
}

/** The program found from within `project/packages/one`, relative to the root. */
function find(choice: Parameters<typeof findServer>[0], env: Record<string, string> = {}): string {
  const found = findServer(choice, { env, cwd: join(root, "project/packages/one") });
  return found.slice(root.length + 1);
}

test("the cache is found from the current directory upwards", () => {
  const found = find({ version: "valkey-8.1" });
  expect(found).toBe("project/.cache/servers/valkey-8.1/bin/valkey-server");
});

test("TYPEDIS_SERVERS names the cache", () => {
  const env = { TYPEDIS_SERVERS: join(root, "elsewhere") };
  expect(find({}, env)).toBe("elsewhere/valkey-9.1/bin/valkey-server");
  expect(() => find({ version: "valkey-8.1" }, env)).toThrow(/there are valkey-9.1\)/);
});

test("TYPEDIS_SERVER names the version unless the caller does", () => {
  const env = { TYPEDIS_SERVER: "redis-8.6", PATH: join(root, "opt/bin") };
  expect(find({}, env)).toContain("/redis-8.6/");
  expect(find({ version: "valkey-8.1" }, env)).toContain("/valkey-8.1/");
});

test("the PATH goes before the cache, in its own order", () => {
  const path = ["none", "usr/bin", "opt/bin"].map((dir) => join(root, dir)).join(delimiter);
  expect(find({}, { PATH: path })).toBe("usr/bin/valkey-server");
});

test("without a PATH the newest of the cache is taken", () => {
  expect(find({}, { TYPEDIS_SERVERS: join(root, "project/.cache/servers") })).toContain(
    "redis-8.10",
  );
  expect(versionsIn(join(root, "project/.cache/servers"))).toEqual([
    "redis-8.10",
    "redis-8.6",
    "valkey-8.1",
  ]);
});

test("a binary is a path, or a name in the PATH", () => {
  const binary = join(root, "opt/bin/redis-server");
  expect(find({ binary, version: "valkey-8.1" })).toBe("opt/bin/redis-server");
  expect(find({ binary: "valkey-server" }, { PATH: join(root, "usr/bin") })).toBe(
    "usr/bin/valkey-server",
  );
  expect(() => find({ binary: "./redis-server" })).toThrow(ServerNotFoundError);
});

test("where nothing is found the error says what was looked for and how to get one", () => {
  const empty = { TYPEDIS_SERVERS: join(root, "none") };
  expect(() => find({}, empty)).toThrow(
    /^Found neither redis-server nor valkey-server in the PATH, nor a server in .*none/,
  );
  expect(() => find({}, empty)).toThrow(/apt-get install redis-server[^]*brew[^]*WSL[^]*npm run/);
});

test("an unknown version rejects with a RedisError that lists the present ones", async () => {
  const failed = startServer({ version: "redis-1.0" });
  await expect(failed).rejects.toBeInstanceOf(ServerNotFoundError);
  await expect(failed).rejects.toBeInstanceOf(RedisError);
  await expect(failed).rejects.toMatchObject({ code: "SERVER_NOT_FOUND" });
  await expect(failed).rejects.toThrow(/"redis-1.0".*there are .*redis-/);
});
