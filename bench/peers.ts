/**
 * Clients that are large, or bring binaries: in a folder of their own with a lock file of its own,
 * so that nobody has to have them who only runs the tests.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Client } from "./client.ts";

const MANIFESTS = "bench/peers";
const FOLDER = ".cache/peers";
const PROCESSORS: Readonly<Record<string, string>> = { x64: "x64", arm64: "aarch64" };

/** The package that has the program of Bun for this machine. */
export const BUN: string = `@oven/bun-${process.platform}-${PROCESSORS[process.arch] ?? "unknown"}`;

/** Where a package of this project, or of the peers, is installed; `undefined` if it is not. */
export function packageFolder(name: string): string | undefined {
  const folders = [`node_modules/${name}`, `${FOLDER}/node_modules/${name}`];
  return folders.find((folder) => existsSync(join(folder, "package.json")));
}

/** What runs a client's process: a program, to which flags and a file are added. */
export function runtimeOf({ runtime, other }: Client): readonly string[] {
  if (other !== undefined) return [other.program];
  return runtime === "bun" ? [resolve(FOLDER, "node_modules", BUN, "bin/bun")] : [process.execPath];
}

/** What a program of this project imports to have a package of either place. */
export function entryOf(name: string): string {
  if (packageFolder(name)?.startsWith(FOLDER) !== true) return name;
  return pathToFileURL(createRequire(resolve(FOLDER, "package.json")).resolve(name)).href;
}

/** Loads a peer, which is a CommonJS package. */
export function requirePeer(name: string): unknown {
  return createRequire(resolve(FOLDER, "package.json"))(name);
}

/** Installs the peers if one of these packages is missing. Says what it does, and if it cannot. */
export function installPeers(packages: readonly string[]): void {
  const missing = packages.filter((name) => packageFolder(name) === undefined);
  if (missing.length === 0) return;
  console.error(`installing ${missing.join(", ")} into ${FOLDER} (about 130 MB) …`);
  cpSync(MANIFESTS, FOLDER, { recursive: true });
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", FOLDER];
  const { status, stderr } = spawnSync("npm", ["ci", ...flags], { encoding: "utf8" });
  if (status !== 0) console.error(`npm ci failed:\n${stderr}`);
}
