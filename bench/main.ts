/**
 * `npm run bench`: how fast typedis is, beside other clients and a bare socket. Measures and tells;
 * fails only if a client fails or reads wrongly. See docs/benchmarks.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startServer, type TestServer } from "typedis/testing";
import { fetchNode } from "../scripts/fetch_node.ts";
import { chartOf } from "./chart.ts";
import type { Client } from "./client.ts";
import { seed } from "./clients/raw.ts";
import { CLIENTS } from "./clients.ts";
import { type Footprint, footprints } from "./footprint.ts";
import { choosePlacement, describeMachine, pin } from "./machine.ts";
import { type Asked, idOf, type Options, readOptions, USAGE } from "./options.ts";
import { reportOutcomes } from "./outcomes/main.ts";
import { installPeers, packageFolder } from "./peers.ts";
import { profileText } from "./profile.ts";
import { type Report, type ScenarioResult, UNDER } from "./result.ts";
import { profileFile, runScenario, type Surroundings } from "./running.ts";
import { SCENARIOS } from "./scenario.ts";
import { footprintText, headerText, scenarioText } from "./text.ts";

const SERVER = "redis-8.6";

function readCommandLine(): Options | Asked | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

function listText(): string {
  const scenarios = SCENARIOS.map(({ name, title, isOnRequest, isMain }) => {
    const note = isOnRequest ? " (on request)" : isMain ? " (main)" : "";
    return `  ${name.padEnd(18)} ${title}${note}`;
  });
  const clients = CLIENTS.map(({ name, setup }) => `  ${idOf(name).padEnd(18)} ${setup}`);
  return ["Scenarios:", ...scenarios, "Clients:", ...clients].join("\n");
}

/** As installed; ours as it is here. */
function versionOf({ package: name }: Client): string {
  if (name === undefined) return "";
  const folder = name === "typedis" ? "." : packageFolder(name);
  if (folder === undefined) return "";
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as {
    version: string;
  };
  return version;
}

/** Without the clients that cannot be had here, which is said. */
function withInstalled(options: Options): Options {
  const needed = (client: Client): string[] =>
    client.isPeer && client.package !== undefined ? [client.package] : [];
  installPeers(options.clients.flatMap(needed));
  const clients = options.clients.filter((client) => {
    const missing = needed(client).find((name) => packageFolder(name) === undefined);
    if (missing === undefined) return true;
    console.log(`MISSING ${client.name}: ${missing} is not to be had here`);
    return false;
  });
  return { ...options, clients };
}

/** With each client once more for each other version of Node. */
async function withNodes(options: Options): Promise<Options> {
  const clients = [...options.clients];
  for (const version of options.nodes) {
    const program = await fetchNode(version);
    if (program === undefined) {
      console.log(`MISSING Node ${version}: it is not to be had here`);
      continue;
    }
    for (const client of options.clients) {
      if (client.runtime !== "node") continue;
      const other = { program, name: client.name };
      clients.push({ ...client, name: `${client.name}${UNDER}${version}`, other });
    }
  }
  return { ...options, clients };
}

async function measure(options: Options): Promise<Report> {
  const placement = choosePlacement();
  const hasUsual = existsSync(join(".cache/servers", SERVER));
  const version = options.server ?? (hasUsual ? SERVER : undefined);
  const server = await startServer({ version });
  try {
    if (placement.server !== undefined) pin(server.pid ?? 0, placement.server);
    const about: Omit<Report, "scenarios" | "footprints"> = {
      machine: describeMachine(),
      placement: placement.note,
      node: process.version,
      server: `${server.kind} ${server.version}`,
      clients: options.clients.map((it) => ({ ...it, version: versionOf(it) })),
      rounds: options.rounds,
      roundMs: options.roundMs,
    };
    console.log(headerText(about));
    const { port, pid } = server;
    const serverId = version ?? SERVER;
    const surroundings = { options, placement, port, seed, serverPid: pid, serverId };
    const scenarios = await measureAll(surroundings);
    return { ...about, scenarios, footprints: await measureFootprints(options, server) };
  } finally {
    await server.stop();
  }
}

async function measureFootprints(options: Options, server: TestServer): Promise<Footprint[]> {
  if (!options.hasFootprint) return [];
  console.error("footprint …");
  await seed(server.port, []);
  const found = await footprints(options.clients, server, (client, error) => {
    console.error(`${client} FAILED: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
  console.log(`\n${footprintText(found)}`);
  return found;
}

async function measureAll(surroundings: Surroundings): Promise<ScenarioResult[]> {
  const { options } = surroundings;
  const { scenarios, clients } = options;
  const results: ScenarioResult[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    console.error(`[${index + 1}/${scenarios.length}] ${scenario.name} …`);
    const result = await runScenario(surroundings, scenario);
    results.push(result);
    console.log(`\n${scenarioText(result)}`);
    for (const { name } of clients) {
      const file = profileFile(options, scenario, name);
      if (file !== undefined && existsSync(file)) console.log(`\n${profileText(file)}`);
    }
  }
  return results;
}

async function main(): Promise<void> {
  const options = readCommandLine();
  if (options === undefined) return;
  if (options === "help") console.log(USAGE);
  else if (options === "list") console.log(listText());
  else if (typeof options === "string") await reportOutcomes(options === "outcomes to README");
  else await measureAndReport(options);
}

async function measureAndReport(options: Options): Promise<void> {
  if (options.profiles !== undefined) mkdirSync(options.profiles, { recursive: true });
  const start = performance.now();
  const report = await measure(await withNodes(withInstalled(options)));
  console.error(`done in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.svg !== undefined) writeFileSync(options.svg, chartOf(report));
  if (report.scenarios.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}

await main();
