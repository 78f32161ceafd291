import { Redis, TimeoutError } from "typedis";
import { startServer, type TestServer } from "typedis/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

describe("the deadline of a command that blocks", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version: "redis-8.6" });
  });
  afterAll(() => server.stop());

  test("with({ timeout }) ends a wait that would have no end", async () => {
    await using redis = await Redis.connect(server.url);
    const waiting = redis.with({ timeout: 200 }).blpop("nothing", 0);
    await expect(waiting).rejects.toThrow(TimeoutError);
    await expect(waiting).rejects.toMatchObject({ applied: "unknown" });
  });

  test("the client's default deadline leaves a command the time that it asked for", async () => {
    await using redis = await Redis.connect({ url: server.url, commandTimeout: 100 });
    expect(await redis.blpop("nothing", 0.3)).toBeNull();
  });
});
