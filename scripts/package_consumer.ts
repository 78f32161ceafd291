/**
 * The project that package_check installs the package into.
 */

/** A small program of a careful user; it is compiled, not run. */
export const CONSUMER = `import { Redis, WatchError } from "typedis";
import * as testing from "typedis/testing";

export async function main(): Promise<[string | null, number]> {
  const redis = await Redis.connect("redis://127.0.0.1:6379");
  const written: boolean = await redis.set("greeting", "hello");
  const [greeting, count] = await redis.pipeline((pipe) => [pipe.get("greeting"), pipe.incr("n")]);
  const isWatchError: boolean = new Error() instanceof WatchError;
  console.log(written, isWatchError, Object.keys(testing));
  return [greeting, count];
}
`;

/** Module and its resolution are given on the command line. */
export const CONSUMER_CONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    types: ["node"],
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  },
  files: ["main.ts"],
});

/** Both entries load, and what is not exported stays closed. */
export const IMPORTS = `import assert from "node:assert/strict";
import { Redis } from "typedis";
import * as testing from "typedis/testing";

assert.equal(typeof Redis.connect, "function");
assert.ok(Object.keys(testing).length > 0);
await assert.rejects(import("typedis/dist/index.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
`;
