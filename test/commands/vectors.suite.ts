import { describe, expect, expectTypeOf, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { type Since, testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Vector sets came with this server; Valkey has none. */
const VECTORS: Since = { redis: "8.0.0" };
const ATTRIBUTES: Since = { redis: "8.2.0" };
const RANGES: Since = { redis: "8.4.0" };
/** The element's name as bytes that are no UTF-8. */
const BYTES = Buffer.from([0xff, 0x00]);
/** A number that no projection, no rounding and no order of insertion changes much. */
const NEARLY_ONE = expect.closeTo(1, 3) as number;

/** What every surface does with vector sets. */
export function vectorsSuite(surface: Surface): void {
  describe("VADD", () => {
    adding(surface);
  });
  describe("elements", () => {
    elements(surface);
  });
  describe("attributes", () => {
    attributes(surface);
  });
  describe("the graph", () => {
    graph(surface);
  });
  describe("VSIM", () => {
    searching(surface);
  });
  refusing(surface);
}

/** Red, green and blue, and a yellow between red and green. */
async function addColours({ commands }: Surface): Promise<void> {
  await commands.vadd("v", [1, 0, 0], "red", { attributes: '{"warm":1}' });
  await commands.vadd("v", [1, 0.9, 0], "yellow", { attributes: '{"warm":1}' });
  await commands.vadd("v", [0, 1, 0], "green");
  await commands.vadd("v", [0, 0, 1], "blue", { attributes: '{"warm":0}' });
}

function adding(surface: Surface): void {
  testSince(surface, VECTORS, "tells whether the element is new", async () => {
    const { commands } = surface;
    expect(await commands.vadd("v", [1, 0, 0], "red")).toBe(true);
    expect(await commands.vadd("v", [0.9, 0, 0], "red")).toBe(false);
    expect(await commands.vcard("v")).toBe(1);
    expect(await commands.vcard("missing")).toBe(0);
    expect(await commands.type("v")).toBe("vectorset");
  });

  testSince(surface, VECTORS, "takes numbers, a Float32Array and its bytes alike", async () => {
    const { commands, bytes } = surface;
    const numbers = [0.5, -0.25, 3];
    const floats = Float32Array.from(numbers);
    const encoded = Buffer.alloc(12);
    for (const [index, number] of numbers.entries()) encoded.writeFloatLE(number, index * 4);
    const part = Float32Array.of(9, ...numbers, 9).subarray(1, 4);
    expect(await commands.vadd("v", numbers, "a", { quantization: "NOQUANT" })).toBe(true);
    expect(await commands.vadd("v", floats, "b", { quantization: "NOQUANT" })).toBe(true);
    expect(await bytes.vadd("v", encoded, BYTES, { quantization: "NOQUANT" })).toBe(true);
    expect(await commands.vadd("v", part, 4, { quantization: "NOQUANT" })).toBe(true);
    const stored = (await commands.vemb("v", "a")) ?? [];
    for (const [index, number] of numbers.entries()) expect(stored[index]).toBeCloseTo(number, 5);
    for (const element of ["b", BYTES, "4"]) {
      expect(await commands.vemb("v", element)).toEqual(stored);
    }
  });

  testSince(
    surface,
    VECTORS,
    "takes every option, and holds later elements to the first",
    async () => {
      const { commands } = surface;
      const first = { reduce: 2, quantization: "NOQUANT", links: 8 } as const;
      const all = { ...first, checkAndSet: true, exploration: 100, attributes: '{"a":1}' };
      expect(await commands.vadd("v", [1, 2, 3], "a", all)).toBe(true);
      expect(await commands.vadd("v", [3, 2, 1], "b", first)).toBe(true);
      expect(await commands.vdim("v")).toBe(2);
      expect(await commands.vgetattr("v", "a")).toBe('{"a":1}');
      const info = { quantType: "f32", hnswM: 8, vectorDim: 2, projectionInputDim: 3, size: 2 };
      expect(await commands.vinfo("v")).toMatchObject(info);
      const other = commands.vadd("v", [3, 2, 1], "c", { ...first, quantization: "BIN" });
      await expect(other).rejects.toThrow("quantization mismatch");
      const long = commands.vadd("v", [3, 2, 1, 0], "c", first);
      await expect(long).rejects.toThrow(ServerError);
    },
  );

  testSince(surface, VECTORS, "sends options of 0, which the server refuses", async () => {
    const { commands } = surface;
    expect(await commands.vcard("v")).toBe(0);
    await expect(commands.vadd("v", [1], "a", { links: 0 })).rejects.toThrow("invalid M");
    await expect(commands.vadd("v", [1], "a", { exploration: 0 })).rejects.toThrow("invalid EF");
    await expect(commands.vadd("v", [1], "a", { reduce: 0 })).rejects.toThrow(ServerError);
  });
}

function elements(surface: Surface): void {
  testSince(surface, VECTORS, "VISMEMBER and VREM say yes or no", async () => {
    const { commands } = surface;
    await commands.vadd("v", [1, 0], "a");
    expect(await commands.vismember("v", "a")).toBe(true);
    expect(await commands.vismember("v", "b")).toBe(false);
    expect(await commands.vismember("missing", "a")).toBe(false);
    expect(await commands.vrem("v", "b")).toBe(false);
    expect(await commands.vrem("v", "a")).toBe(true);
    expect(await commands.vrem("missing", "a")).toBe(false);
    expect(await commands.exists("v")).toBe(0);
  });

  testSince(surface, VECTORS, "VRANDMEMBER gives one or several elements", async () => {
    const { commands, bytes } = surface;
    expect(await commands.vrandmember("missing")).toBeNull();
    expect(await commands.vrandmember("missing", 2)).toEqual([]);
    await commands.vadd("v", [1, 0], "a");
    await commands.vadd("v", [0, 1], "b");
    expect(["a", "b"]).toContain(await commands.vrandmember("v"));
    expect((await commands.vrandmember("v", 5)).sort()).toEqual(["a", "b"]);
    expect(await commands.vrandmember("v", -5)).toHaveLength(5);
    expect(await commands.vrandmember("v", 0)).toEqual([]);
    await commands.vrem("v", "b");
    expect(await bytes.vrandmember("v")).toEqual(Buffer.from("a"));
  });

  testSince(surface, RANGES, "VRANGE gives elements in order", async () => {
    const { commands, bytes } = surface;
    await addColours(surface);
    const all = ["blue", "green", "red", "yellow"];
    expect(await commands.vrange("v", "-", "+")).toEqual(all);
    expect(await commands.vrange("v", "(blue", "[red")).toEqual(["green", "red"]);
    expect(await commands.vrange("v", "-", "+", { count: 2 })).toEqual(all.slice(0, 2));
    expect(await commands.vrange("v", "-", "+", { count: 0 })).toEqual([]);
    expect(await commands.vrange("v", "-", "+", { count: -1 })).toEqual(all);
    expect(await commands.vrange("missing", "-", "+")).toEqual([]);
    expect(await bytes.vrange("v", "(red", "+")).toEqual([Buffer.from("yellow")]);
  });

  testSince(surface, VECTORS, "VEMB gives the vector, in text and bytes form alike", async () => {
    for (const redis of [surface.commands, surface.bytes]) {
      await redis.vadd("v", [1, 0, 0], "a");
      expect(await redis.vemb("v", "a")).toEqual([1, 0, 0]);
      expect(await redis.vemb("v", "a", { raw: false })).toEqual([1, 0, 0]);
      expect(await redis.vemb("v", "missing")).toBeNull();
      expect(await redis.vemb("missing", "a")).toBeNull();
    }
  });

  testSince(surface, VECTORS, "VEMB gives what is stored", async () => {
    for (const redis of [surface.commands, surface.bytes]) {
      await redis.vadd("bytes", [2, 0, 0], "a");
      const data = Buffer.from([127, 0, 0]);
      const raw = { raw: true } as const;
      const int8 = { storage: "int8", data, norm: 2, range: 1 };
      expect(await redis.vemb("bytes", "a", raw)).toStrictEqual(int8);
      await redis.vadd("bits", [1, 0, 0], "a", { quantization: "BIN" });
      const bin = { storage: "bin", data: Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), norm: 1 };
      expect(await redis.vemb("bits", "a", raw)).toStrictEqual(bin);
      await redis.vadd("full", [0, 3], "a", { quantization: "NOQUANT" });
      const f32 = { storage: "f32", data: Buffer.from([0, 0, 0, 0, 0, 0, 0x80, 0x3f]), norm: 3 };
      expect(await redis.vemb("full", "a", raw)).toStrictEqual(f32);
      expect(await redis.vemb("full", "missing", raw)).toBeNull();
    }
  });
}

function attributes(surface: Surface): void {
  testSince(surface, VECTORS, "VGETATTR gives what VSETATTR and VADD have set", async () => {
    const { commands, bytes } = surface;
    await commands.vadd("v", [1, 0], "a", { attributes: '{"year":1979}' });
    await commands.vadd("v", [0, 1], "b");
    expect(await commands.vgetattr("v", "a")).toBe('{"year":1979}');
    expect(await bytes.vgetattr("v", "a")).toEqual(Buffer.from('{"year":1979}'));
    expect(await commands.vgetattr("v", "b")).toBeNull();
    expect(await commands.vgetattr("v", "missing")).toBeNull();
    expect(await commands.vgetattr("missing", "a")).toBeNull();
    expect(await commands.vsetattr("v", "b", Buffer.from("{}"))).toBe(true);
    expect(await commands.vgetattr("v", "b")).toBe("{}");
    expect(await commands.vsetattr("v", "b", "")).toBe(true);
    expect(await commands.vgetattr("v", "b")).toBeNull();
    expect(await commands.vsetattr("v", "missing", "{}")).toBe(false);
    expect(await commands.vsetattr("missing", "a", "{}")).toBe(false);
  });
}

function graph(surface: Surface): void {
  testSince(surface, VECTORS, "VINFO describes the vector set", async () => {
    for (const redis of [surface.commands, surface.bytes]) {
      await redis.vadd("v", [1, 0, 0], "a", { attributes: "{}" });
      await redis.vadd("v", [0, 1, 0], "b");
      expect(await redis.vinfo("v")).toStrictEqual({
        quantType: "int8",
        hnswM: 16,
        vectorDim: 3,
        projectionInputDim: 0,
        size: 2,
        maxLevel: expect.any(Number),
        attributesCount: 1,
        vsetUid: expect.any(Number),
        hnswMaxNodeUid: expect.any(Number),
      });
      expect(await redis.vinfo("missing")).toBeNull();
    }
  });

  testSince(surface, VECTORS, "VLINKS gives neighbours on each level, perhaps scored", async () => {
    const { commands, bytes } = surface;
    await commands.vadd("v", [1, 0], "a");
    await commands.vadd("v", [-1, 0], "b");
    const scored = { withScores: true } as const;
    const last = (await commands.vlinks("v", "a"))?.at(-1);
    expect(last).toEqual(["b"]);
    expect((await bytes.vlinks("v", "a", { withScores: false }))?.at(-1)).toEqual([
      Buffer.from("b"),
    ]);
    const neighbour = { element: "b", score: expect.closeTo(0, 3) as number };
    expect((await commands.vlinks("v", "a", scored))?.at(-1)).toEqual([neighbour]);
    const inBytes = [{ ...neighbour, element: Buffer.from("b") }];
    expect((await bytes.vlinks("v", "a", scored))?.at(-1)).toEqual(inBytes);
    expect(await commands.vlinks("v", "missing")).toBeNull();
    expect(await commands.vlinks("missing", "a", scored)).toBeNull();
  });
}

function searching(surface: Surface): void {
  testSince(surface, VECTORS, "finds what is most like an element or a vector", async () => {
    const { commands, bytes } = surface;
    await addColours(surface);
    const likeRed = await commands.vsim("v", { element: "red" });
    expect(likeRed.slice(0, 2)).toEqual(["red", "yellow"]);
    expect(likeRed).toHaveLength(4);
    const vectors = [[0.1, 0, 1], Float32Array.of(0.1, 0, 1)];
    for (const vector of vectors) {
      expect(await commands.vsim("v", { vector }, { count: 1 })).toEqual(["blue"]);
    }
    const encoded = Buffer.from(Float32Array.of(0.1, 0, 1).buffer);
    const found = await bytes.vsim("v", { vector: encoded }, { count: 1 });
    expect(found).toEqual([Buffer.from("blue")]);
    expect(await commands.vsim("missing", { element: "red" })).toEqual([]);
  });

  testSince(surface, VECTORS, "gives scores", async () => {
    const { commands, bytes } = surface;
    await addColours(surface);
    const scored = { withScores: true, count: 2 } as const;
    const [first, second] = await commands.vsim("v", { element: "red" }, scored);
    expect(first).toEqual({ element: "red", score: NEARLY_ONE });
    expect(second?.element).toBe("yellow");
    expect(second?.score).toBeCloseTo(0.87, 1);
    const [inBytes] = await bytes.vsim("v", { element: "red" }, scored);
    expect(inBytes).toEqual({ element: Buffer.from("red"), score: NEARLY_ONE });
    expect(await commands.vsim("missing", { vector: [1] }, scored)).toEqual([]);
  });

  testSince(surface, ATTRIBUTES, "gives attributes, with scores", async () => {
    const { commands, bytes } = surface;
    await addColours(surface);
    const attributed = { withAttributes: true, count: 3 } as const;
    const [first, ...others] = await commands.vsim("v", { element: "red" }, attributed);
    expect(first).toEqual({ element: "red", score: NEARLY_ONE, attributes: '{"warm":1}' });
    expect(others).toHaveLength(2);
    const green = { element: "green" };
    const [inBytes] = await bytes.vsim("v", green, { ...attributed, withScores: true });
    const expected = { element: Buffer.from("green"), score: NEARLY_ONE, attributes: null };
    expect(inBytes).toEqual(expected);
    expect(await commands.vsim("missing", green, attributed)).toEqual([]);
  });

  testSince(surface, VECTORS, "takes filters and every other option", async () => {
    const { commands } = surface;
    await addColours(surface);
    const red = { element: "red" };
    const cold = await commands.vsim("v", red, { filter: ".warm == 0", filterExploration: 50 });
    expect(cold).toEqual(["blue"]);
    const near = { maxDistance: 0.001, exploration: 50, exact: true, inMainThread: true };
    expect(await commands.vsim("v", red, near)).toEqual(["red"]);
    await expect(commands.vsim("v", red, { filter: "((" })).rejects.toThrow(ServerError);
    await expect(commands.vsim("v", red, { count: 0 })).rejects.toThrow("invalid COUNT");
    await expect(commands.vsim("v", red, { exploration: 0 })).rejects.toThrow("invalid EF");
    await expect(commands.vsim("v", red, { maxDistance: 0 })).rejects.toThrow("invalid EPSILON");
    await expect(commands.vsim("v", { element: "" })).rejects.toThrow("element not found");
  });
}

function refusing(surface: Surface): void {
  testSince(surface, VECTORS, "a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    expect(await commands.vcard("missing")).toBe(0);
    await commands.set("text", "x");
    const refused = [
      commands.vadd("text", [1], "a"),
      commands.vcard("text"),
      commands.vdim("text"),
      commands.vemb("text", "a"),
      commands.vgetattr("text", "a"),
      commands.vinfo("text"),
      commands.vismember("text", "a"),
      commands.vlinks("text", "a"),
      commands.vrandmember("text"),
      commands.vrem("text", "a"),
      commands.vsetattr("text", "a", "{}"),
      commands.vsim("text", { vector: [1] }),
    ];
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ reason: expect.any(WrongTypeError) });
    }
  });

  test("VDIM of a missing vector set is a ServerError", async () => {
    await expect(surface.commands.vdim("missing")).rejects.toThrow(ServerError);
  });

  test("a vector without numbers, or with one that is none, is an ArgumentError", async () => {
    const { commands } = surface;
    await expect(async () => commands.vadd("v", [], "a")).rejects.toThrow(ArgumentError);
    const empty = new Float32Array();
    await expect(async () => commands.vadd("v", empty, "a")).rejects.toThrow(ArgumentError);
    await expect(async () => commands.vsim("v", { vector: [] })).rejects.toThrow(ArgumentError);
    await expect(async () => commands.vadd("v", [Number.NaN], "a")).rejects.toThrow(ArgumentError);
  });
}

/** Never called: the compiler is the test. */
export async function vectorTypes({ commands: redis, bytes }: Surface): Promise<void> {
  const red = { element: "red" };
  expectTypeOf(redis.vsim("v", red)).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(bytes.vgetattr("v", "a")).toEqualTypeOf<Promise<Buffer | null>>();
  expectTypeOf(redis.vemb("v", "a")).toEqualTypeOf<Promise<number[] | null>>();
  // @ts-expect-error an element or a vector
  await redis.vsim("v", { element: "red", vector: [1] });
  // @ts-expect-error attributes come with scores
  await redis.vsim("v", red, { withAttributes: true, withScores: false });
  // @ts-expect-error a bound has a bracket
  await redis.vrange("v", "a", "+");
}
