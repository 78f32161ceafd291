/** P24: what may follow what on a pipeline that watches. */
import { expect, test } from "vitest";
import { PipelineStateError, ServerError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 } });

test("P24: commands after a watch block are a second batch, without MULTI", async () => {
  const shared = await it.redis.clientId();
  const pipe = it.redis.pipeline();
  await pipe.watch("a", () => {
    pipe.set("a", 1);
  });
  expect(pipe.results).toEqual([true]);
  it.wire.clear();
  const later = pipe.incr("a");
  const id = pipe.clientId();
  expect(pipe.length).toBe(3);
  expect(await pipe.execute()).toEqual([true, 2, shared]);
  expect(await later).toBe(2);
  expect(await id).toBe(shared);
  expect(it.wire.names()).toEqual(["INCR", "CLIENT"]);
  expect(pipe.results).toEqual([true, 2, shared]);
});

test("P24: the second batch of a transactional pipeline is a MULTI of its own", async () => {
  const pipe = it.redis.pipeline({ transaction: true });
  await pipe.watch("a", () => {
    pipe.set("a", 1);
  });
  it.wire.clear();
  pipe.incr("a");
  expect(await pipe.execute()).toEqual([true, 2]);
  expect(it.wire.names()).toEqual(["MULTI", "INCR", "EXEC"]);
});

test("P24: the end of the scope executes the second batch", async () => {
  const result = await it.redis.pipeline(async (pipe) => {
    const first = await pipe.watch("a", () => pipe.set("a", 5));
    return { first, second: pipe.incr("a") };
  });
  expect(result).toEqual({ first: true, second: 6 });
  const results = await it.redis.pipeline(async (pipe) => {
    await pipe.watch("a", () => {
      pipe.incr("a");
    });
    pipe.incr("a");
  });
  expect(results).toEqual([7, 8]);
});

test("P24: several watch blocks run in sequence, and results keep their order", async () => {
  const pipe = it.redis.pipeline();
  for (let i = 1; i <= 3; i += 1) {
    await pipe.watch(`key:${i}`, () => {
      pipe.set(`key:${i}`, i);
      pipe.get(`key:${i}`);
    });
  }
  await pipe.watch("nothing", () => 0);
  pipe.get("key:2");
  expect(await pipe.execute()).toEqual([true, "1", true, "2", true, "3", "2"]);
  expect(it.wire.count("EXEC")).toBe(3);
  expect(new Set(it.wire.named("WATCH").map(({ connection }) => connection)).size).toBe(1);
});

test("P24: errors of the second batch count from the first command of the pipeline", async () => {
  const pipe = it.redis.pipeline({ raiseOnError: false });
  await pipe.watch("a", () => {
    pipe.set("a", "text");
  });
  const wrong = pipe.incr("a");
  await pipe.execute();
  expect(await failureOf(wrong)).toMatchObject({ index: 1, command: "INCR a" });
  expect(await failureOf(wrong)).toHaveProperty("message", expect.stringContaining("Command #2 "));
  expect(pipe.results[1]).toBeInstanceOf(ServerError);
});

test("P24: a nested watch throws at the call, sends nothing and harms nothing", async () => {
  const pipe = it.redis.pipeline();
  const result = await pipe.watch("a", () => {
    expect(() => pipe.watch("b", () => 0)).toThrow(PipelineStateError);
    expect(() => pipe.watch("b", () => 0)).toThrow(/a watch block of this pipeline is running/);
    return pipe.set("a", 1);
  });
  expect(result).toBe(true);
  expect(it.wire.named("WATCH").map(({ argv }) => argv[1])).toEqual(["a"]);
});

test("P24: an overlapping watch throws at the call, sends nothing and harms nothing", async () => {
  const pipe = it.redis.pipeline();
  const first = pipe.watch("a", () => pipe.set("a", 1));
  expect(() => pipe.watch("b", () => 0)).toThrow(PipelineStateError);
  expect(await first).toBe(true);
  expect(await pipe.watch("b", () => pipe.set("b", 2))).toBe(true);
  expect(it.wire.named("WATCH").map(({ argv }) => argv[1])).toEqual(["a", "b"]);
});

test("P24: watch after queueing throws at the call, sends nothing and drops nothing", async () => {
  const pipe = it.redis.pipeline();
  pipe.set("a", 1);
  expect(() => pipe.watch("a", () => 0)).toThrow(PipelineStateError);
  expect(() => pipe.watch("a", () => 0)).toThrow(/must come before the commands that it guards/);
  expect(it.wire.names()).toEqual([]);
  pipe.incr("a");
  expect(await pipe.execute()).toEqual([true, 2]);
  expect(it.wire.names()).toEqual(["SET", "INCR"]);
});

test("P24: watch on a pipeline that is over throws at the call and sends nothing", async () => {
  const executed = it.redis.pipeline();
  await executed.execute();
  const discarded = it.redis.pipeline();
  discarded.discard();
  for (const pipe of [executed, discarded]) {
    expect(() => pipe.watch("a", () => 0)).toThrow(PipelineStateError);
  }
  expect(it.wire.names()).toEqual([]);
});

test("P24: execute and discard during a watch throw at the call and harm nothing", async () => {
  const pipe = it.redis.pipeline();
  const result = await pipe.watch("a", () => {
    expect(() => pipe.execute()).toThrow(PipelineStateError);
    expect(() => pipe.discard()).toThrow(PipelineStateError);
    return pipe.set("a", 1);
  });
  expect(result).toBe(true);
});

test("P24: a scope that forgets to await its watch says so", async () => {
  let watching: Promise<unknown> = Promise.resolve();
  const scope = it.redis.pipeline((pipe) => {
    watching = pipe.watch("a", () => 0);
  });
  expect(await failureOf(scope)).toBeInstanceOf(PipelineStateError);
  expect(await failureOf(watching)).toBeInstanceOf(PipelineStateError);
});

test("P24: a handle of the block is settled when watch resolves, and not before", async () => {
  const pipe = it.redis.pipeline();
  let early: unknown;
  const reply = await pipe.watch("a", async () => {
    const handle = pipe.set("a", 1);
    early = await failureOf(handle);
    return [handle];
  });
  expect(early).toBeInstanceOf(PipelineStateError);
  expect(reply).toEqual([true]);
});
