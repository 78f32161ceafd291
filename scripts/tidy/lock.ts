/**
 * The lock file: complete enough for `npm ci`, and free of addresses.
 *
 * A registry that lacks the packages of other platforms makes npm leave them out of the lock, and
 * then refuse it ("Missing: … from lock file"). Completed with version and platform only, it works
 * everywhere; npm fetches none of them where the platform does not match.
 */
import type { Finding } from "./project.ts";

/** One package in the lock file; only what is of interest here. */
interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A lock file, as JSON gives it. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** An optional dependency that the lock file should have and has not. */
interface MissingPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
}

const SYSTEMS = "android darwin linux win32 freebsd openbsd netbsd openharmony aix sunos".split(
  " ",
);
const PROCESSORS = "x64 arm64 arm ia32 ppc64 riscv64 s390x loong64 mips64el wasm32".split(" ");

/** The lock file holds all platforms, no address of a registry and nothing that runs at install. */
export function* lockFindings(lock: Lock): Iterable<Finding> {
  for (const { name, version } of missingPackages(lock)) {
    yield finding(`${name} ${version} is missing: run \`npm run lock\``);
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.resolved !== undefined) yield finding(`${path} has a registry's address`);
    if (entry.hasInstallScript === true) yield finding(`${path} has an install script`);
  }
}

function finding(message: string): Finding {
  return { path: "package-lock.json", line: 1, rule: "lock", message };
}

/** The lock file with what is missing for other platforms added, sorted as npm does. */
export function completed(lock: Lock): Lock {
  const packages: Record<string, object> = { ...lock.packages };
  for (const { path, name, version, dev } of missingPackages(lock)) {
    const words = name.split(/[-/@]/);
    const os = SYSTEMS.find((system) => words.includes(system));
    const cpu = PROCESSORS.find((processor) => words.includes(processor));
    packages[path] = {
      version,
      ...(dev && { dev }),
      optional: true,
      ...(os !== undefined && { os: [os] }),
      ...(cpu !== undefined && { cpu: [cpu] }),
      ...(words.includes("musl") && { libc: ["musl"] }),
    };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

function missingPackages(lock: Lock): MissingPackage[] {
  const missing: MissingPackage[] = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const present = find(lock, path, name);
      if (!/^\d/.test(version) || present?.version === version) continue;
      const place = present === undefined ? "" : `${path}/`;
      missing.push({
        path: `${place}node_modules/${name}`,
        name,
        version,
        dev: entry.dev === true,
      });
    }
  }
  return missing;
}

/** What `name` means to the package at `path`: its own copy, or that of a folder above. */
function find(lock: Lock, path: string, name: string): LockedPackage | undefined {
  for (let folder = path; ; ) {
    const entry = lock.packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === "") return entry;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  }
}
