import { expect, test } from "vitest";
import { ArgumentError, WrongTypeError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

export function hyperloglogSuite(surface: Surface): void {
  test("PFADD says whether the estimate may have changed", async () => {
    const redis = surface.commands;
    expect(await redis.pfadd("a", ["x", "y", 3])).toBe(true);
    expect(await redis.pfadd("a", "x")).toBe(false);
    expect(await redis.pfadd("a", new Set(["x", "z"]))).toBe(true);
    expect(await surface.bytes.pfadd("a", Buffer.from([0xff]))).toBe(true);
    expect(await redis.pfadd("a", "")).toBe(true);
  });

  test("PFADD without elements creates the key", async () => {
    const redis = surface.commands;
    expect(await redis.pfadd("a")).toBe(true);
    expect(await redis.pfadd("a")).toBe(false);
    expect(await redis.exists("a")).toBe(1);
  });

  test("PFCOUNT estimates one key or the union of several", async () => {
    const redis = surface.commands;
    await redis.pfadd("a", ["x", "y"]);
    await redis.pfadd("b", ["y", "z"]);
    expect(await redis.pfcount("a")).toBe(2);
    expect(await redis.pfcount(["a", "b", "missing"])).toBe(3);
    expect(await redis.pfcount(new Set(["a", "b"]))).toBe(3);
    expect(await redis.pfcount("missing")).toBe(0);
  });

  test("PFMERGE keeps what the destination had", async () => {
    const redis = surface.commands;
    await redis.pfadd("a", ["x", "y"]);
    await redis.pfadd("b", ["y", "z"]);
    expect(await redis.pfmerge("a", "b")).toBe(true);
    expect(await redis.pfmerge("all", ["a", "b"])).toBe(true);
    expect(await redis.pfmerge("empty")).toBe(true);
    expect(await redis.pfcount("a")).toBe(3);
    expect(await redis.pfcount("all")).toBe(3);
    expect(await redis.pfcount("empty")).toBe(0);
    expect(await redis.exists("empty")).toBe(1);
  });

  test("nothing at all is an ArgumentError", async () => {
    const redis = surface.commands;
    await expect(async () => redis.pfadd("a", [])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.pfcount([])).rejects.toThrow(ArgumentError);
    await expect(async () => redis.pfmerge("a", [])).rejects.toThrow(ArgumentError);
  });

  test("a key of another type, and a string that is none, are WrongTypeErrors", async () => {
    const redis = surface.commands;
    await redis.rpush("list", ["x"]);
    await redis.set("text", "x");
    await expect(redis.pfadd("list", "x")).rejects.toThrow(WrongTypeError);
    await expect(redis.pfcount("list")).rejects.toThrow(WrongTypeError);
    await expect(redis.pfcount("text")).rejects.toThrow(WrongTypeError);
    await expect(redis.pfmerge("a", ["list"])).rejects.toThrow(WrongTypeError);
  });
}
