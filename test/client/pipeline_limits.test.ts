import { afterEach, expect, test } from "vitest";
import { TimeoutError } from "../../src/index.ts";
import { checkThousand, onNewest, rejection, wire } from "./pipeline_target.ts";

const MEGABYTE = 2 ** 20;

const samplers: NodeJS.Timeout[] = [];
afterEach(() => {
  for (const sampler of samplers.splice(0)) clearInterval(sampler);
});

/** How many bytes the process holds, in the heap and outside of it. */
function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The most bytes in buffers while something runs, above what there was before. */
function watchBuffers(): () => number {
  const { external: before } = process.memoryUsage();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage().external);
  };
  samplers.push(setInterval(look, 5));
  return () => {
    look();
    return most - before;
  };
}

onNewest("limits", (target) => {
  test("P17: a pipeline of a million commands works, in bounded memory", async () => {
    const redis = await target.connectDirectly();
    const before = used();
    const pipe = redis.pipeline();
    const text = "v".repeat(200);
    for (let index = 0; index < 1_000_000; index += 1) pipe.append("key", text);
    const queued = used();
    // 230 MB of commands go out; of their bytes, only chunks are there at any time.
    const mostBuffers = watchBuffers();
    const results = await pipe.execute();
    expect(results).toHaveLength(1_000_000);
    expect(results.every((length, index) => length === (index + 1) * 200)).toBe(true);
    expect(mostBuffers()).toBeLessThan(64 * MEGABYTE);
    expect(queued - before).toBeLessThan(600 * MEGABYTE);
    expect(used() - before).toBeLessThan(800 * MEGABYTE);
    await checkThousand(redis);
  }, 120_000);

  test("P17: large values go out in chunks, as the socket drains", async () => {
    const redis = await target.connectDirectly();
    const value = "v".repeat(64 * 1024);
    const pipe = redis.pipeline();
    for (let index = 0; index < 4_000; index += 1) pipe.set("key", value);
    const mostBuffers = watchBuffers();
    const results = await pipe.execute();
    expect(results).toHaveLength(4_000);
    expect(mostBuffers()).toBeLessThan(64 * MEGABYTE);
  }, 60_000);

  test("P17: the server works on the first commands while the last are not written", async () => {
    const redis = await target.connect();
    const value = "v".repeat(256 * 1024);
    const pipe = redis.pipeline();
    const first = pipe.set("first", "1");
    for (let index = 0; index < 200; index += 1) pipe.set("key", value);
    pipe.set("last", "1");
    let chunks = 0;
    target.proxy.onClientBytes = (_, connection) => {
      // The first chunk passes, the rest waits.
      chunks += 1;
      if (chunks === 2) connection.hold("toServer");
      return "forward";
    };
    const execution = pipe.execute();
    const other = await target.connectDirectly();
    await expect.poll(() => other.get("first")).toBe("1");
    expect(await other.exists("last")).toBe(0);
    target.proxy.hold("toServer");
    target.proxy.release();
    expect(await execution).toHaveLength(202);
    expect(await first).toBe(true);
    expect(await other.exists("last")).toBe(1);
  });

  test("P17: other commands wait their turn behind a large pipeline", async () => {
    const redis = await target.connectDirectly();
    const value = "v".repeat(64 * 1024);
    const pipe = redis.pipeline();
    for (let index = 0; index < 300; index += 1) pipe.append("key", value);
    const execution = pipe.execute();
    const length = redis.strlen("key");
    const small = redis.pipeline((inner) => [inner.incr("n"), inner.incr("n")]);
    expect(await length).toBe(300 * value.length);
    expect(await small).toEqual([1, 2]);
    expect((await execution).at(-1)).toBe(300 * value.length);
  });

  test("P17: a transaction of 200,000 commands is never split", async () => {
    // The server may be busy with the transaction for longer than deadlines usually are.
    const other = await target.connectDirectly({ commandTimeout: 0 });
    const rounds = { isOver: false };
    const noise = (async (): Promise<void> => {
      while (!rounds.isOver) await other.incr("n");
    })();
    const pipe = target.redis.pipeline({ transaction: true });
    for (let index = 0; index < 200_000; index += 1) pipe.incr("n");
    const execution = pipe.execute();
    // On the same connection: it must not get in between either.
    const after = target.redis.with({ timeout: 0 }).incr("n");
    const results = await execution;
    rounds.isOver = true;
    await noise;
    const first = Number(results[0]);
    expect(results).toHaveLength(200_000);
    expect(results.every((value, index) => value === first + index)).toBe(true);
    expect(await after).toBeGreaterThan(first + 199_999);
    const written = target.written;
    expect(written.split(wire("MULTI"))).toHaveLength(2);
    expect(written.split(wire("EXEC"))).toHaveLength(2);
  }, 60_000);

  test("P17: the default timeout grows with the number of commands", async () => {
    const redis = await target.connect({ commandTimeout: 1_000 });
    const pipe = redis.pipeline();
    for (let index = 0; index < 60_000; index += 1) pipe.incr("n");
    target.proxy.hold("toClient");
    // Six seconds for these, one for this, which is over when it rejects.
    const execution = pipe.execute();
    expect(await rejection(redis.get("n"))).toBeInstanceOf(TimeoutError);
    target.proxy.release();
    expect((await execution).at(-1)).toBe(60_000);
  }, 60_000);
});
