/**
 * The project that package_check installs the package into.
 */

/**
 * A small program of a careful user; it is compiled, not run. Its configuration names no `types`:
 * from version 6 on TypeScript then takes none by itself, so that the package must ask for Node's.
 */
export const CONSUMER = `import { Redis, WatchError } from "typedis";
import * as testing from "typedis/testing";

export async function main(): Promise<[string | null, number]> {
  await using redis = await Redis.connect("redis://127.0.0.1:6379");
  // @ts-expect-error: Buffer is known, and is no number
  const blob: number = await redis.bytes.get("greeting");
  const written: boolean = await redis.set("greeting", "hello");
  const [greeting, count] = await redis.pipeline((pipe) => [pipe.get("greeting"), pipe.incr("n")]);
  const isWatchError: boolean = new Error() instanceof WatchError;
  console.log(written, blob, isWatchError, Object.keys(testing));
  return [greeting, count];
}
`;

const OPTIONS = {
  target: "es2022",
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

/** Module and its resolution are given on the command line. */
export const CONSUMER_CONFIG = JSON.stringify({
  compilerOptions: { ...OPTIONS, skipLibCheck: false },
  files: ["main.ts"],
});

/** For tests of types, in `files`. */
export function declarationsConfig(files: readonly string[]): string {
  const options = { ...OPTIONS, module: "nodenext", lib: ["es2023", "esnext.disposable"] };
  return JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true }, files });
}

/** Both entries load, and what is not exported stays closed. */
export const IMPORTS = `import assert from "node:assert/strict";
import { Redis } from "typedis";
import * as testing from "typedis/testing";

assert.equal(typeof Redis.connect, "function");
assert.ok(Object.keys(testing).length > 0);
await assert.rejects(import("typedis/dist/index.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
`;
