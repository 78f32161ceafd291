import { spawn } from "node:child_process";
import { Redis } from "typedis";
import { startServer } from "typedis/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { compileExamples, runExample } from "./programs.ts";

const SECONDS = 1_000;

/** What the demo must have found out, whatever the numbers are. */
const FINDINGS = [
  /\d\d\d,\d\d\d words in [\d,]+ files \(\d\.\d MB\)/,
  /\d\d\d,\d\d\d commands in \d+ pipelines/,
  /[\d,]+ commands\/s/,
  /words and [\d,]+ hashes read back: all as counted ✓/,
  /█ +\d[\d,]+\n/,
  /awaited ZINCRBY: \d+ µs each/,
  /would take about [\d.]+ s \(extrapolated\)/,
  /200 transfers/,
  /\d+ conflicts/,
  /\d+ \+ \d+ = 1000 points, 1000 before ✓/,
  /Done after/,
];

describe("the demo", () => {
  beforeAll(compileExamples, 120 * SECONDS);

  test(
    "it starts a server of its own, and all that it checks is true",
    async () => {
      const { code, stdout, stderr } = await runExample("demo", { REDIS_URL: "" });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      for (const finding of FINDINGS) expect(stdout).toMatch(finding);
      expect(stdout).not.toContain("\u001B");
      const widths = stdout.split("\n").map((line) => Array.from(line).length);
      expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    },
    60 * SECONDS,
  );

  test(
    "on somebody's server it leaves nothing behind, and what was there",
    async () => {
      await using server = await startServer({ version: "redis-7.0", password: "secret" });
      await using redis = await Redis.connect(server.url);
      await redis.set("theirs", "untouched");
      const { code, stdout } = await runExample("demo", { REDIS_URL: server.url });
      expect(code).toBe(0);
      expect(stdout).toContain("of REDIS_URL");
      expect(stdout).not.toContain("secret");
      expect(await redis.keys("*")).toEqual(new Set(["theirs"]));
      expect(await redis.get("theirs")).toBe("untouched");
    },
    60 * SECONDS,
  );

  test(
    "interrupted, it cleans up all the same",
    async () => {
      await using server = await startServer({ version: "redis-8.6" });
      await using redis = await Redis.connect(server.url);
      const { code, stdout } = await interruptAt("sending", server.url);
      expect(code).toBe(130);
      expect(stdout).toContain("Interrupted after");
      expect(await redis.dbsize()).toBe(0);
    },
    60 * SECONDS,
  );
});

/** Runs the demo and interrupts it as soon as it has printed `word`. */
async function interruptAt(
  word: string,
  url: string,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const env = { ...process.env, REDIS_URL: url };
  const child = spawn(process.execPath, [".build/examples/demo.js"], { env });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    if (!stdout.includes(word) && (stdout + chunk).includes(word)) child.kill("SIGINT");
    stdout += chunk;
  });
  return { code: await ended, stdout };
}
