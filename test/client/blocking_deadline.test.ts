import { setTimeout as sleep } from "node:timers/promises";
import { Redis, TimeoutError } from "typedis";
import { startServer, type TestServer } from "typedis/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

describe("the deadline of a command that blocks", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version: "redis-8.6" });
  });
  afterAll(() => server.stop());

  test("with({ timeout }) ends a wait that would have no end", async () => {
    await using redis = await Redis.connect(server.url);
    await redis.blpop("nothing", 0.01); // leaves a connection: the time is for the wait alone
    const waiting = redis.with({ timeout: 200 }).blpop("nothing", 0);
    await expect(waiting).rejects.toThrow(TimeoutError);
    await expect(waiting).rejects.toMatchObject({ applied: "unknown" });
  });

  test("the client's default deadline leaves a command the time that it asked for", async () => {
    await using redis = await Redis.connect({ url: server.url, commandTimeout: 100 });
    await using other = await Redis.connect(server.url);
    const popped = redis.blpop("queue", 30);
    await sleep(300);
    await other.rpush("queue", "item");
    expect(await popped).toMatchObject({ value: "item" });
  });

  test("R7: who got no connection because the event loop was blocked is told so", async () => {
    await using redis = await Redis.connect({ url: server.url, commandTimeout: 200 });
    const waiting = redis.blpop("nothing", 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    await expect(waiting).rejects.toThrow(/event loop was blocked for \d+ ms/);
  });

  test("R9: a wait of weeks is longer than a timer, and keeps none busy", async () => {
    const warn = vi.spyOn(process, "emitWarning");
    await using redis = await Redis.connect(server.url);
    await using other = await Redis.connect(server.url);
    const waiting = redis.blpop("queue", 50 * 24 * 3_600);
    const isBlocked = async () => (await other.info("clients"))["blocked_clients"];
    await expect.poll(isBlocked).toBe("1");
    await other.rpush("queue", "item");
    expect(await waiting).toMatchObject({ value: "item" });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
