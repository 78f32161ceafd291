import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const project = fileURLToPath(new URL("../..", import.meta.url));
let compiled = "";

/** Node 20 reads no TypeScript, so the processes below run a compiled copy. */
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), "typedis-test-"));
  writeFileSync(join(compiled, "package.json"), '{ "type": "module" }');
  const options =
    "--target es2023 --module nodenext --types node --rewriteRelativeImportExtensions";
  const all = ["--ignoreConfig", ...options.split(" "), "--rootDir", "src", "--outDir", compiled];
  const tsc = join(project, "node_modules", ".bin", "tsc");
  execFileSync(tsc, [...all, "src/testing/index.ts"], { cwd: project, stdio: "inherit" });
});
afterAll(() => rmSync(compiled, { recursive: true }));

/** A process that has started a server. */
interface Starter {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  readonly serverPid: number;
  readonly directory: string;
}

/** Starts a server in a process of its own and then runs `body` there. */
async function starter(body: string): Promise<Starter> {
  const index = pathToFileURL(join(compiled, "testing", "index.js")).href;
  const script = `
    import { startProxy, startServer } from ${JSON.stringify(index)};
    const server = await startServer({ unixSocket: true });
    await new Promise((written) => process.stdout.write(server.pid + " " + server.path, written));
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await once(child.stdout, "data");
  const [pid = "", path = ""] = String(line).split(" ");
  return { child, ended, serverPid: Number(pid), directory: dirname(path) };
}

/** Whether a process runs. One that has ended may stay in the table until init looks after it. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) return !/^State:\s*Z/m.test(readFileSync(status, "utf8"));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectNothingLeft({ serverPid, directory }: Starter): Promise<void> {
  expect(serverPid).toBeGreaterThan(1);
  await expect.poll(() => [isRunning(serverPid), existsSync(directory)]).toEqual([false, false]);
}

test("a process with a running server ends by itself and leaves nothing", async () => {
  const it = await starter("");
  expect(await it.ended).toEqual([0, null]);
  await expectNothingLeft(it);
});

test("a proxy that is stopped in the middle of its faults keeps no process alive", async () => {
  const it = await starter(`
    const { connect } = await import("node:net");
    const faults = [
      { kind: "freeze", at: { command: 2 }, direction: "toServer", ms: 600_000 },
      { kind: "latency", ms: 600_000, direction: "toClient" },
    ];
    const proxy = await startProxy(server, { faults });
    const client = connect(proxy.port, proxy.host, () => client.write("PING\\r\\nPING\\r\\n"));
    await new Promise((resolve) => {
      proxy.onServerBytes = () => (resolve(), "forward");
    });
    await proxy.stop();
    await server.stop();`);
  expect(await it.ended).toEqual([0, null]);
});

test("process.exit leaves nothing", async () => {
  const it = await starter("process.exit(3);");
  expect(await it.ended).toEqual([3, null]);
  await expectNothingLeft(it);
});

test("an error that nobody catches leaves nothing", async () => {
  const it = await starter("process.on('uncaughtException', () => process.exit(1)); nonsense();");
  await it.ended;
  await expectNothingLeft(it);
});

test("SIGKILL leaves nothing", async () => {
  const it = await starter("setInterval(() => {}, 1000);");
  expect(isRunning(it.serverPid)).toBe(true);
  expect(existsSync(it.directory)).toBe(true);
  it.child.kill("SIGKILL");
  expect(await it.ended).toEqual([null, "SIGKILL"]);
  await expectNothingLeft(it);
});

test("SIGKILL leaves nothing of a paused server", async () => {
  const it = await starter("server.pause(); setInterval(() => {}, 1000);");
  it.child.kill("SIGKILL");
  await expectNothingLeft(it);
});

test("SIGKILL of the whole process group leaves nothing", async () => {
  const it = await starter("setInterval(() => {}, 1000);");
  process.kill(-(it.child.pid ?? 0), "SIGKILL");
  await it.ended;
  await expectNothingLeft(it);
});

test("SIGKILL leaves nothing of a server that was restarted", async () => {
  const it = await starter(`
    await server.restart();
    process.stdout.write("again " + server.pid);
    setInterval(() => {}, 1000);`);
  const [line] = it.child.stdout ? await once(it.child.stdout, "data") : [];
  const serverPid = Number(String(line).split(" ")[1]);
  it.child.kill("SIGKILL");
  await expectNothingLeft({ ...it, serverPid });
});
