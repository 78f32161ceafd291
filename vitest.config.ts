import { defineConfig } from "vitest/config";

const source = (path: string): string => new URL(path, import.meta.url).pathname;

export default defineConfig({
  // `using` is newer than the oldest Node.
  oxc: { target: "es2022" },
  resolve: {
    alias: [
      { find: /^typedis$/, replacement: source("./src/index.ts") },
      { find: /^typedis\/testing$/, replacement: source("./src/testing/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Generous: on a busy machine seconds go by in which nothing of ours runs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000, interval: 20 } },
    maxWorkers: 2,
    typecheck: {
      enabled: true,
      include: ["test/types/**/*.test-d.ts"],
      // Errors elsewhere are for `npm run typecheck` to tell.
      ignoreSourceErrors: true,
    },
  },
});
