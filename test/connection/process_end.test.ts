/** R10: neither a failed connect nor a closed client keeps a process alive, or crashes it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ScriptedServer,
  startProxy,
  startScriptedServer,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
let compiled = "";
let server: TestServer;
let proxy: TestProxy;
let silent: ScriptedServer;

/** Node 20 reads no TypeScript, so the processes below run a compiled copy. */
beforeAll(async () => {
  compiled = mkdtempSync(join(tmpdir(), "typedis-test-"));
  writeFileSync(join(compiled, "package.json"), '{ "type": "module" }');
  symlinkSync(join(project, "node_modules"), join(compiled, "node_modules"));
  const options =
    "--target es2023 --module nodenext --types node --rewriteRelativeImportExtensions --noCheck";
  const all = ["--ignoreConfig", ...options.split(" "), "--rootDir", "src", "--outDir", compiled];
  const tsc = join(project, "node_modules", ".bin", "tsc");
  execFileSync(tsc, [...all, "src/index.ts"], { cwd: project, stdio: "inherit" });
  server = await startServer();
  proxy = await startProxy(server);
  silent = await startScriptedServer({ answer: () => "" });
});
afterAll(async () => {
  rmSync(compiled, { recursive: true });
  await Promise.all([server.stop(), proxy.stop(), silent.stop()]);
});

/** Runs a program in a process of its own. @returns how it ended, and what it said */
async function run(body: string): Promise<{ code: unknown; output: string }> {
  const index = pathToFileURL(join(compiled, "index.js")).href;
  const script = `import { Redis } from ${JSON.stringify(index)};\n${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = await once(child, "close");
  return { code, output };
}

const CAUGHT = ".catch((error) => console.log(error.name, error.code));";

test("a refused connect", async () => {
  // Where nobody listens.
  const ended = await run(`await Redis.connect({ port: 1 })${CAUGHT}`);
  expect(ended).toEqual({ code: 0, output: "ConnectError CONNECT\n" });
});

test("a connect to a server that says nothing", async () => {
  const ended = await run(
    `await Redis.connect({ port: ${silent.port}, connectTimeout: 100 })${CAUGHT}`,
  );
  expect(ended).toEqual({ code: 0, output: "TimeoutError TIMEOUT\n" });
});

test("wrong options", async () => {
  const ended = await run("try { Redis.connect({ prt: 1 }); } catch (e) { console.log(e.name); }");
  expect(ended).toEqual({ code: 0, output: "OptionsError\n" });
});

test("a client that is closed, with leased connections, timers and signals used", async () => {
  const ended = await run(`
    const redis = await Redis.connect(${JSON.stringify(server.url)});
    await redis.rpush("queue", "a");
    await redis.blpop("queue", 1);
    const signal = AbortSignal.timeout(600_000);
    await redis.with({ timeout: 600_000, signal }).get("key");
    await redis.transaction({ watch: "key", timeout: 600_000 }, (tx) => [tx.incr("key")]);
    await redis.close();
    console.log("closed");`);
  expect(ended).toEqual({ code: 0, output: "closed\n" });
});

test("a client that is destroyed while commands wait", async () => {
  const ended = await run(`
    const redis = await Redis.connect(${JSON.stringify(server.url)});
    const waiting = [redis.blpop("nothing", 0), redis.get("key")];
    redis.destroy();
    for (const { reason } of await Promise.allSettled(waiting)) console.log(reason.name);`);
  expect(ended).toEqual({ code: 0, output: "ClosedError\nClosedError\n" });
});

test("a client that is closed while it reconnects to a server that says nothing", async () => {
  const ended = await run(`
    import { createServer, connect } from "node:net";
    const sockets = [];
    let isSilent = false;
    const front = createServer((socket) => {
      sockets.push(socket.on("error", () => {}));
      if (isSilent) { socket.once("data", () => begun()); return; }
      const back = connect(${server.port}, "127.0.0.1").on("error", () => {});
      socket.pipe(back).pipe(socket);
      sockets.push(back);
    });
    let begun;
    const hasBegun = new Promise((resolve) => { begun = resolve; });
    await new Promise((resolve) => front.listen(0, "127.0.0.1", resolve));
    const redis = await Redis.connect({ port: front.address().port, connectTimeout: 600_000 });
    isSilent = true;
    for (const socket of sockets) socket.destroy();
    await hasBegun;
    front.close();
    for (const socket of sockets) socket.unref();
    await redis.close();
    console.log("closed");`);
  expect(ended).toEqual({ code: 0, output: "closed\n" });
});

test("a lost connection that nobody listens to crashes nothing", async () => {
  const ended = await run(`
    const reconnect = { base: 1 };
    const redis = await Redis.connect({ url: ${JSON.stringify(server.url)}, reconnect });
    const id = await redis.clientId();
    await redis.call("CLIENT", "KILL", "ID", id).catch(() => {});
    console.log(await redis.ping());
    await redis.close();`);
  expect(ended).toEqual({ code: 0, output: "PONG\n" });
});
