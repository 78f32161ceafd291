/**
 * The way into every task: `node scripts/bootstrap.mjs <task> [arguments…]`.
 *
 * Plain JavaScript without dependencies, so that a fresh clone with nothing but Node and npm can run
 * it. It installs the dependencies if they differ from the lock file, gets the servers where the task
 * needs them, compiles what is stale and runs the task. All else is TypeScript.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The servers that the tests need, and the one that shows the newest Redis. */
const TESTED = ["redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.1"];
const NEWEST = ["redis-8.6"];

/** What each task runs, and what must be there first. `dist`: the built package. */
const TASKS = {
  test: { run: "scripts/test.js", servers: TESTED, tools: true },
  "test:node": { run: "scripts/test_node.js", servers: TESTED, tools: true, dist: true },
  demo: { run: "examples/demo.js", servers: NEWEST, tools: true, dist: true },
  bench: { run: "bench/main.js", servers: NEWEST, tools: true, dist: true },
  "bench:budget": { run: "bench/budget/main.js", servers: NEWEST, tools: true, dist: true },
  tidy: { run: "scripts/tidy.js", tools: true },
  "type-budget": { run: "scripts/type_budget.js", tools: true, dist: true },
  "package-check": { run: "scripts/package_check.js", tools: true, dist: true },
  facts: { run: "scripts/generate_facts.js", servers: TESTED, tools: true },
  lock: { run: "scripts/complete_lock.js", tools: true },
  docs: { run: "scripts/docs.js", tools: true },
  build: { dist: true },
  examples: { tools: true, dist: true },
  servers: { servers: TESTED },
};

/** Whether the preparation succeeded and the task itself was started. */
let ranTask = false;

const say = (message) => console.log(`[typedis] ${message}`);

/** Runs a program with this terminal; resolves to its exit code, or 127 if it cannot be started. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: "inherit" });
    child.on("error", (error) => {
      say(`cannot run ${program}: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs one step of the preparation and says how long it took. */
async function step(name, program, args) {
  say(`${name} …`);
  const start = performance.now();
  const code = await run(program, args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`${name}: ${code === 0 ? "done" : `FAILED (exit code ${code})`} in ${seconds} s`);
  return code === 0;
}

function readPackages(file) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
}

/** True if each package that the lock file asks for is installed in its version. */
function isInstalled() {
  if (!existsSync(join(ROOT, "node_modules/.package-lock.json"))) return false;
  const installed = readPackages("node_modules/.package-lock.json");
  return Object.entries(readPackages("package-lock.json")).every(
    ([path, entry]) =>
      path === "" || entry.optional === true || installed[path]?.version === entry.version,
  );
}

async function install() {
  if (isInstalled()) return true;
  return step("npm ci (dependencies)", "npm", [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
  ]);
}

/** Gets the servers that the tests need; what is missing is said, and fails the tests that need it. */
async function getServers(ids) {
  const isMissing = (id) => !existsSync(join(ROOT, ".cache/servers", id, "bin"));
  if (!ids.some(isMissing)) return true;
  const script = join(ROOT, "scripts/get_servers.sh");
  if (existsSync(script)) await step(`servers (${ids.join(", ")})`, "bash", [script, ...ids]);
  const missing = ids.filter(isMissing);
  if (missing.length === 0) return true;
  say(`missing servers: ${missing.join(", ")} (looked in .cache/servers/<id>/bin).`);
  say("scripts/get_servers.sh needs Linux, apt-get and a network; see its first lines.");
  return false;
}

function* walk(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path).sort()) yield* walk(join(path, name));
}

/** A digest of names, sizes and times of the given files and folders: changes when they may have. */
function fingerprint(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of walk(join(ROOT, path))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(ROOT, file)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}

/** Removes compiled files whose source is gone, so that nothing can import them by mistake. */
function removeOrphans(output, source) {
  for (const file of walk(join(ROOT, output))) {
    const stem = relative(join(ROOT, output), file).replace(/(\.d\.ts|\.js)(\.map)?$/, "");
    if (/\.(ts|js|map)$/.test(file) && !existsSync(join(ROOT, source, `${stem}.ts`))) rmSync(file);
  }
}

/** Makes `output` with `build` if its sources changed since the last time that succeeded. */
async function unlessFresh(name, output, inputs, build) {
  const stamp = join(ROOT, ".cache", `${name}.stamp`);
  const current = fingerprint(["tsconfig.json", "package-lock.json", ...inputs]);
  const isFresh = existsSync(stamp) && readFileSync(stamp, "utf8") === current;
  if (isFresh && existsSync(join(ROOT, output))) return true;
  const done = await build();
  mkdirSync(dirname(stamp), { recursive: true });
  if (done) writeFileSync(stamp, current);
  return done;
}

/** Runs a program of an installed package. */
function tool(name, path, args) {
  return step(name, process.execPath, [join(ROOT, "node_modules", path), ...args]);
}

/** Scripts, examples and benches. Not type-checked here: that is a check of its own. */
function compileTools() {
  const inputs = ["tsconfig.tools.json", "src", "scripts", "examples", "bench"];
  return unlessFresh("tools", ".build", inputs, async () => {
    const flags = ["-p", "tsconfig.tools.json", "--noCheck"];
    const done = await tool("tsc (tools)", "typescript/bin/tsc", flags);
    removeOrphans(".build", "");
    return done;
  });
}

/** Declarations file by file, and JavaScript in as few files as there are entries. */
function buildPackage() {
  const inputs = ["tsconfig.build.json", "rolldown.config.mjs", "src"];
  return unlessFresh("dist", "dist", inputs, async () => {
    rmSync(join(ROOT, "dist"), { recursive: true, force: true });
    const flags = ["-p", "tsconfig.build.json", "--emitDeclarationOnly"];
    if (!(await tool("tsc (dist)", "typescript/bin/tsc", flags))) return false;
    return tool("rolldown (dist)", "rolldown/bin/cli.mjs", ["-c", "rolldown.config.mjs"]);
  });
}

/** Prepares what the task needs; returns false if it cannot run. Tests run regardless, and tell. */
async function prepare(name, task, args) {
  const ids = name === "servers" && args.length > 0 ? args : task.servers;
  const [installed, served] = await Promise.all([install(), task.servers ? getServers(ids) : true]);
  if (!installed) return false;
  if (!served && name !== "test") return false;
  if (task.tools && !(await compileTools()) && name !== "test") return false;
  return !task.dist || buildPackage();
}

async function main([name, ...args]) {
  const task = TASKS[name ?? ""];
  if (task === undefined) {
    say(`usage: node scripts/bootstrap.mjs <task>; tasks: ${Object.keys(TASKS).join(", ")}`);
    return 2;
  }
  if (Number(process.versions.node.split(".")[0]) < 20) {
    say(`Node 20 or newer is needed; this is ${process.version}.`);
    return 2;
  }
  if (!(await prepare(name, task, args))) return 1;
  if (task.run === undefined) return 0;
  const program = join(ROOT, ".build", task.run);
  if (existsSync(program)) {
    ranTask = true;
    return run(process.execPath, ["--enable-source-maps", program, ...args]);
  }
  say(`${task.run.replace(/\.js$/, ".ts")} does not exist yet`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
// The tests end in their count, also where they could not begin.
if (process.argv[2] === "test" && !ranTask) console.log("0 passed, 1 failed");
