/**
 * Where a server program is found: in the PATH, or in a cache folder filled by `npm run servers`.
 */

import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ServerNotFoundError } from "./errors.ts";

/** Which server program to start. */
export interface ServerChoice {
  /**
   * The name of a folder in the cache, such as `"redis-7.0"` or `"valkey-9.1"`. Default: the
   * environment variable `TYPEDIS_SERVER`; else `redis-server` or `valkey-server` of the PATH; else
   * the newest in the cache.
   */
  readonly version?: string | undefined;
  /** The path of a server program. Goes before `version`. */
  readonly binary?: string | undefined;
}

/** Where to look: `process.env` and the current directory, but for tests. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const PROGRAMS = ["redis-server", "valkey-server"] as const;

/** Finds the program for `choice` and returns its path. @throws {ServerNotFoundError} */
export function findServer(
  choice: ServerChoice,
  { env, cwd }: Surroundings = { env: process.env, cwd: process.cwd() },
): string {
  if (choice.binary !== undefined) return named(choice.binary, cwd, env);
  const caches = cacheFolders(env, cwd);
  const version = choice.version ?? (env["TYPEDIS_SERVER"] || undefined);
  if (version !== undefined) {
    const found = first(caches, (cache) => programIn(join(cache, version, "bin")));
    return found ?? fail(`no server "${version}"`, caches);
  }
  const found =
    first(pathFolders(env), programIn) ??
    first(caches, (cache) =>
      first(versionsIn(cache), (name) => programIn(join(cache, name, "bin"))),
    );
  return found ?? fail(`neither ${PROGRAMS.join(" nor ")} in the PATH, nor a server`, caches);
}

/** The names of the servers in a cache folder, newest first. */
export function versionsIn(cache: string): string[] {
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => programIn(join(cache, name, "bin")) !== undefined)
    .sort((a, b) => compareVersions(b, a));
}

/** Compares what follows the dash, number by number: `"redis-8.6"` is older than `"redis-8.10"`. */
function compareVersions(a: string, b: string): number {
  const [of, to] = [a, b].map((name) => name.slice(name.indexOf("-") + 1));
  return (of ?? "").localeCompare(to ?? "", "en", { numeric: true });
}

/**
 * The one named by TYPEDIS_SERVERS; else every `.cache/servers` of a folder above us or the caller.
 */
function cacheFolders(env: Surroundings["env"], cwd: string): string[] {
  const own = env["TYPEDIS_SERVERS"];
  if (own) return [resolve(cwd, own)];
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [...upwards(cwd), ...upwards(here)].map((dir) => join(dir, ".cache", "servers"));
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function pathFolders(env: Surroundings["env"]): string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

function programIn(folder: string): string | undefined {
  return PROGRAMS.map((name) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not for us: no program.
    return false;
  }
}

/** A path, or the name of a program of the PATH. */
function named(binary: string, cwd: string, env: Surroundings["env"]): string {
  const isPath = binary.includes("/") || binary.includes("\\");
  const candidates = isPath
    ? [resolve(cwd, binary)]
    : pathFolders(env).map((folder) => join(folder, binary));
  return candidates.find(isProgram) ?? fail(`no program "${binary}"`, isPath ? [] : undefined);
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `caches` as looked through; `undefined` when only the PATH was. */
function fail(what: string, caches: readonly string[] | undefined): never {
  const present = [...new Set((caches ?? []).flatMap(versionsIn))];
  const places = caches === undefined ? "the PATH" : caches.join(", ");
  const where = places === "" ? "" : ` in ${places}`;
  const others = present.length === 0 ? "" : ` (there are ${present.join(", ")})`;
  throw new ServerNotFoundError(`Found ${what}${where}${others}.${ADVICE}`);
}

const ADVICE = `
How to get a server:
  Debian, Ubuntu:    apt-get install redis-server
  macOS:             brew install redis
  Windows:           inside WSL, as on Debian or Ubuntu
  Docker:            run the tests in an image that has one, such as "redis" with Node added
  typedis itself:    npm run servers (several versions, without root)
Or name a program: startServer({ binary: "/path/to/redis-server" }), or a folder of servers in the
environment variable TYPEDIS_SERVERS (each as <version>/bin/redis-server).`;
