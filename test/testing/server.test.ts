import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ask } from "../../src/testing/ask.ts";
import type { ServerOptions, TestServer } from "../../src/testing/index.ts";
import { ServerStartError, startServer } from "../../src/testing/index.ts";
import { startServerAt } from "../../src/testing/server.ts";

const started: TestServer[] = [];

async function start(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a server answers at its address and says what it is", async () => {
  const server = await start();
  expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
  expect(server.kind).toMatch(/^(redis|valkey)$/);
  expect(server.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(
    await ask(server, [
      ["SET", "k", "v"],
      ["GET", "k"],
      ["GET", "none"],
      ["INCR", "n"],
    ]),
  ).toEqual(["OK", "v", "", "1"]);
  expect(server.log()).toContain("Ready to accept connections");
});

test.each([
  ["redis-7.0", "redis", /^7\.0\./],
  ["redis-8.0", "redis", /^8\.0\./],
  ["redis-8.6", "redis", /^8\.6\./],
  ["valkey-8.1", "valkey", /^8\.1\./],
  ["valkey-9.1", "valkey", /^9\.1\./],
])("%s starts by its name", async (version, kind, number) => {
  const server = await start({ version });
  expect(server.kind).toBe(kind);
  expect(server.version).toMatch(number);
});

test("nothing is saved and only the loopback address is bound", async () => {
  const server = await start();
  const replies = await ask(server, [
    ["INFO", "persistence"],
    ["INFO", "server"],
  ]);
  expect(replies[0]).toContain("aof_enabled:0");
  expect(server.log()).not.toContain("0.0.0.0");
});

test("a password is asked for", async () => {
  const password = `it's "quoted" \\ and/odd:@#ü`;
  const server = await start({ password });
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
  const { host, port } = server;
  await expect(ask({ host, port }, [["PING"]])).rejects.toMatchObject({ code: "NOAUTH" });
  expect(decodeURIComponent(new URL(server.url).password)).toBe(password);
});

test("a named user may do everything, and the default user nothing", async () => {
  const server = await start({ username: "alice", password: "pässword >1" });
  expect(await ask(server, [["ACL", "WHOAMI"]])).toEqual(["alice"]);
  const { host, port, password } = server;
  await expect(ask({ host, port }, [["PING"]])).rejects.toMatchObject({ code: "NOAUTH" });
  await expect(ask({ host, port, password }, [["PING"]])).rejects.toMatchObject({
    code: "WRONGPASS",
  });
  expect(new URL(server.url).username).toBe("alice");
});

test("directives of the caller win", async () => {
  const server = await start({
    config: { maxmemory: "10mb", maxclients: 77, "notify-keyspace-events": "", save: "900 1" },
  });
  const info = await ask(server, [
    ["INFO", "memory"],
    ["INFO", "clients"],
  ]);
  expect(info[0]).toContain("maxmemory:10485760");
  expect(info[1]).toContain("maxclients:77");
});

test("TLS: a client that trusts the authority gets in, another one does not", async () => {
  const server = await start({ tls: true, password: "secret" });
  expect(server.url).toBe(`rediss://:secret@127.0.0.1:${server.port}`);
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
  const other = await start({ tls: true });
  await expect(ask({ ...endpoint(server), tls: other.tls }, [["PING"]])).rejects.toThrow(
    /certificate/,
  );
});

test("TLS: the certificate holds for the name and for the address", async () => {
  const { host, port, tls } = await start({ tls: true });
  if (tls === undefined) throw new Error("no TLS");
  expect(tls.serverName).toBe("localhost");
  const elsewhere = { host, port, tls: { ...tls, serverName: "example.org" } };
  await expect(ask(elsewhere, [["PING"]])).rejects.toThrow(/altnames/);
  expect(await ask({ host, port, tls: { ...tls, serverName: "" } }, [["PING"]])).toEqual(["PONG"]);
});

test("TLS: with clientAuth a client needs its certificate", async () => {
  const server = await start({ tls: { clientAuth: true } });
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
  const { host, port, tls } = server;
  if (tls === undefined) throw new Error("no TLS");
  const without = { host, port, tls: { ...tls, cert: "", key: "" } };
  await expect(ask(without, [["PING"]])).rejects.toThrow();
});

test("a unix socket is served next to the port", async () => {
  const server = await start({ unixSocket: true });
  expect(server.url).toBe(`unix://${server.path}`);
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
  const { host, port } = server;
  expect(await ask({ host, port }, [["PING"]])).toEqual(["PONG"]);
});

test("a paused server does not answer until it is resumed", async () => {
  const server = await start();
  server.pause();
  await expect(ask(server, [["PING"]], 100)).rejects.toThrow(/no reply/);
  const reply = ask(server, [["PING"]]);
  server.resume();
  expect(await reply).toEqual(["PONG"]);
});

test("a killed server restarts at the same address without its data", async () => {
  const server = await start({ unixSocket: true, tls: true });
  const { port, path, pid } = server;
  await ask(server, [["SET", "k", "v"]]);
  await server.kill();
  expect(server.isRunning).toBe(false);
  expect(server.pid).toBeUndefined();
  await expect(ask(server, [["PING"]])).rejects.toMatchObject({ code: "CONNECT" });
  await server.restart();
  expect(server).toMatchObject({ port, path, isRunning: true });
  expect(server.pid).not.toBe(pid);
  expect(await ask(server, [["EXISTS", "k"]])).toEqual(["0"]);
  await server.restart();
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
});

test("a stopped server leaves neither process nor directory, but its log", async () => {
  const server = await start({ unixSocket: true });
  const { path = "", pid = 0 } = server;
  server.pause();
  await Promise.all([server.stop(), server[Symbol.asyncDispose]()]);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(dirname(path))).toBe(false);
  expect(server.log()).toContain("Ready to accept connections");
  await expect(server.restart()).rejects.toThrow(/stopped/);
});

test("a directive the server does not know fails with the server's log", async () => {
  const failed = start({ config: { nonsense: "1" } });
  await expect(failed).rejects.toBeInstanceOf(ServerStartError);
  await expect(failed).rejects.toThrow(/ended at once[^]*nonsense/);
});

test("a program that does not get ready in time is ended", async () => {
  const binary = join(mkdtempSync(join(tmpdir(), "typedis-test-")), "redis-server");
  writeFileSync(binary, "#!/bin/sh\necho $$ is slow\nexec sleep 60\n", { mode: 0o755 });
  const error = await start({ binary, startTimeout: 2_000 }).catch((reason: unknown) => reason);
  rmSync(dirname(binary), { recursive: true });
  expect(error).toBeInstanceOf(ServerStartError);
  const message = error instanceof Error ? error.message : "";
  expect(message).toMatch(/was not ready after 2000 ms.*ECONNREFUSED[^]*is slow/);
  expect(isAlive(Number(/(\d+) is slow/.exec(message)?.[1]))).toBe(false);
});

test("many servers at once each get their own port", async () => {
  const servers = await Promise.all(Array.from({ length: 12 }, () => start()));
  expect(new Set(servers.map((server) => server.port)).size).toBe(12);
  // What the system gives to connections begins at 32,768 or later.
  for (const { port } of servers) expect(port).toBeLessThan(32_768);
});

test("a taken port is told from other failures, and a restart waits for its own port", async () => {
  const server = await start();
  const failed = startServerAt({ port: server.port, files: {} }, {});
  await expect(failed).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);

  await server.kill();
  const thief = createServer((socket) => socket.on("error", () => {}).unref());
  thief.listen(server.port, server.host);
  await once(thief, "listening");
  const restarted = server.restart();
  setTimeout(() => thief.close(), 200);
  await restarted;
  expect(await ask(server, [["PING"]])).toEqual(["PONG"]);
});

function endpoint({ host, port }: TestServer): { host: string; port: number } {
  return { host, port };
}
