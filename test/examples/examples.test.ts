import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Redis } from "typedis";
import { startServer, type TestServer } from "typedis/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findServer } from "../../src/testing/find_server.ts";
import { compileExamples, runExample } from "./programs.ts";

beforeAll(compileExamples, 120_000);

describe.each(["redis-7.0", "redis-8.6"])("the examples on %s", (version) => {
  let server: TestServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startServer({ version });
    redis = await Redis.connect(server.url);
  });
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  /** What an example prints, in lines; it must end well, with nothing on stderr. */
  async function linesOf(name: string): Promise<string[]> {
    const { code, stdout, stderr } = await runExample(name, { REDIS_URL: server.url });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.trimEnd().split("\n");
  }

  test("the five shapes do what they say", async () => {
    expect(await linesOf("shapes")).toEqual([
      "transaction: true true true [ 'bar', 'foo' ]",
      "record: 0 0",
      "explicit: 2 [ true, 2 ]",
      "await using: 1",
      "watch: [ 1, 2, 3, 4, 5 ]",
      "transaction with watch: 6 6",
    ]);
  });

  test("JSON comes out checked by a schema", async () => {
    expect(await linesOf("json_schema")).toEqual([
      "Ada is 36",
      "{ name: 'Ada', age: 36 } null",
      "DecodeError: The conversion of GET user:2's reply failed: " +
        "The reply does not fit the schema: a user has a name and an age",
    ]);
    expect(await redis.dbsize()).toBe(0);
  });

  test("workers that wait in BLPOP share the jobs of a queue", async () => {
    expect(await linesOf("work_queue")).toEqual([
      "3 workers did 4 jobs",
      "mail ann, mail bob, resize photo, send report",
      "counted by the server: 4",
    ]);
    expect(await redis.dbsize()).toBe(0);
  });

  test("errors say what failed and whether it was applied", async () => {
    expect(await linesOf("errors")).toEqual([
      expect.stringMatching(
        /^WRONGTYPE: Command #1 \(RPUSH example:name x\) of the pipeline failed: WRONGTYPE /,
      ),
      "the other command: 3",
      "#1 INCR example:name: ERR",
      "settled all the same: Ada Lovelace true",
      "ArgumentError: applied false",
      "TimeoutError: applied unknown",
    ]);
    expect(await redis.dbsize()).toBe(0);
  });

  test("bulk work loads all rows, reads them back, and leaves nothing behind", async () => {
    const path = [dirname(findServer({ version })), process.env["PATH"]].join(delimiter);
    const environment = { REDIS_URL: server.url, PATH: path };
    const { code, stdout, stderr } = await runExample("bulk_load", environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/typedis +20,000 rows in [\d,]+ ms/);
    expect(stdout).toContain("20,000 rows read back ✓");
    expect(stdout).toMatch(/redis-cli +20,000 rows in [\d,]+ ms/);
    expect(await redis.dbsize()).toBe(0);
  });

  test("bulk work needs no redis-cli", async () => {
    const environment = { REDIS_URL: server.url, PATH: "" };
    const { code, stdout, stderr } = await runExample("bulk_load", environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("is not there to compare with");
    expect(await redis.dbsize()).toBe(0);
  });

  test("bytes come back as they went in", async () => {
    expect(await linesOf("bytes")).toEqual([
      "the same bytes: true <Buffer 89 50 4e 47 ff 00>",
      "text beside it: pixel.png",
      "in a pipeline: [ '9 bytes', '6 bytes' ]",
    ]);
    expect(await redis.dbsize()).toBe(0);
  });
});

describe.each(["redis-7.0", "redis-8.6"])("the example of TLS on %s", (version) => {
  test("a server is trusted with its authority's certificate, and not without", async () => {
    await using server = await startServer({ version, tls: true });
    const folder = mkdtempSync(join(tmpdir(), "typedis-example-"));
    try {
      const caFile = join(folder, "ca.pem");
      writeFileSync(caFile, server.tls?.ca ?? "");
      const environment = { REDIS_URL: server.url, REDIS_CA: caFile };
      expect(await runExample("tls", environment)).toEqual({
        code: 0,
        stdout: "over TLS: PONG\nConnectError: applied false\n",
        stderr: "",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
