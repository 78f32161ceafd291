import { describe, expect, test, vi } from "vitest";
import { ConnectionLostError, TimeoutError } from "../../src/errors.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ commandTimeout: 200 });

/** Swallows everything that the connections open now are sent; later ones are served. */
function blackHole(): void {
  const frozen = it.proxy.accepted;
  it.proxy.onServerBytes = (_, connection) => (connection.id <= frozen ? "drop" : "forward");
}

describe("a connection whose server has gone silent", () => {
  test("R7: is replaced when it stays silent after a deadline has passed", async () => {
    const lost = vi.fn();
    it.redis.on("disconnect", lost);
    blackHole();
    const first = await failureOf(it.redis.incr("n"));
    expect(first).toBeInstanceOf(TimeoutError);
    expect(first).toHaveProperty("applied", "unknown");
    await expect.poll(() => lost).toHaveBeenCalledTimes(1);
    expect(await it.redis.with({ timeout: 5_000 }).get("n")).toBe("1");
  });

  test("R7: tells the truth about what else was in flight on it", async () => {
    blackHole();
    const first = failureOf(it.redis.with({ timeout: 1_500 }).get("first"));
    const patient = it.redis.with({ timeout: 15_000 });
    const write = failureOf(patient.incr("n"));
    const read = patient.get("other");
    expect(await failureOf(it.redis.get("impatient"))).toBeInstanceOf(TimeoutError);
    expect(await first).toBeInstanceOf(TimeoutError);
    const error = await write;
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toHaveProperty("applied", "unknown");
    expect(await read).toBeNull();
  });

  test("R7: is kept as long as the first who waits for it has patience", async () => {
    const lost = vi.fn();
    it.redis.on("disconnect", lost);
    it.proxy.hold("toClient");
    const write = it.redis.with({ timeout: 15_000 }).incr("n");
    for (const timeout of [200, 1_600]) {
      const error = await failureOf(it.redis.with({ timeout }).get("impatient"));
      expect(error).toBeInstanceOf(TimeoutError);
    }
    it.proxy.release();
    expect(await write).toBe(1);
    expect(lost).not.toHaveBeenCalled();
  });

  test("R7: is kept if the server was only slow", async () => {
    const lost = vi.fn();
    it.redis.on("disconnect", lost);
    it.proxy.hold("toClient");
    expect(await failureOf(it.redis.get("slow"))).toBeInstanceOf(TimeoutError);
    it.proxy.release();
    const tags = Array.from({ length: 1_000 }, (_, index) => `tag ${index}`);
    const patient = it.redis.with({ timeout: 10_000 });
    expect(await Promise.all(tags.map((tag) => patient.echo(tag)))).toEqual(tags);
    expect(lost).not.toHaveBeenCalled();
  });
});
