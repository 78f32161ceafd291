import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError, WrongTypeError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe]);

const PALERMO = { longitude: 13.361389, latitude: 38.115556 };
const CATANIA = { longitude: 15.087269, latitude: 37.502669 };
const AROUND_BOTH = { longitude: 15, latitude: 37, radius: 200, unit: "KM" } as const;
const AROUND_CATANIA = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
const ITALY = {
  polygon: [
    { longitude: 6, latitude: 46 },
    { longitude: 20, latitude: 42 },
    { longitude: 16, latitude: 36 },
    { longitude: 10, latitude: 36 },
  ],
} as const;
/** What the server makes of a position: 52 bits. */
const NEAR_PALERMO = {
  longitude: expect.closeTo(PALERMO.longitude, 4),
  latitude: expect.closeTo(PALERMO.latitude, 4),
};
const PALERMO_HASH = 3_479_099_956_230_698;

/** What every surface does with the commands on geo indexes. */
export function geoSuite(surface: Surface): void {
  const addCities = () => surface.commands.geoadd("cities", { Palermo: PALERMO, Catania: CATANIA });

  test("a key of another type is a WrongTypeError", async () => {
    const { commands } = surface;
    await commands.set("text", "x");
    await expect(commands.geoadd("text", { a: PALERMO })).rejects.toThrow(WrongTypeError);
    await expect(commands.geodist("text", "a", "b")).rejects.toThrow(WrongTypeError);
    await expect(commands.geohash("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.geopos("text", "a")).rejects.toThrow(WrongTypeError);
    await expect(commands.geosearch("text", AROUND_BOTH)).rejects.toThrow(WrongTypeError);
    await expect(commands.geosearchstore("d", "text", AROUND_BOTH)).rejects.toThrow(WrongTypeError);
  });

  test("bytes come back as they were, and everything else as text and numbers", async () => {
    const { bytes } = surface;
    expect(await bytes.geoadd(BYTES, [{ member: BYTES, ...PALERMO }])).toBe(1);
    expect(await bytes.geodist(BYTES, BYTES, BYTES)).toBe(0);
    expect(await bytes.geohash(BYTES, [BYTES, "no"])).toEqual(["sqc8b49rny0", null]);
    expect(await bytes.geopos(BYTES, [BYTES, "no"])).toEqual([NEAR_PALERMO, null]);
    const circle = { member: BYTES, radius: 1, unit: "M" } as const;
    expect(await bytes.geosearch(BYTES, circle)).toEqual([BYTES]);
    const all = { withDistance: true, withCoordinates: true, withHash: true } as const;
    const match = { member: BYTES, distance: 0, hash: PALERMO_HASH, ...NEAR_PALERMO };
    expect(await bytes.geosearch(BYTES, circle, all)).toEqual([match]);
    expect(await bytes.georadiusbymember(BYTES, circle, all)).toEqual([match]);
    expect(await bytes.georadiusbymember_ro(BYTES, circle)).toEqual([BYTES]);
  });

  describe("GEOADD", () => {
    test("takes an object, a Map, or a list of members", async () => {
      const { commands } = surface;
      expect(await addCities()).toBe(2);
      expect(await commands.geoadd("cities", new Map([["here", PALERMO]]))).toBe(1);
      expect(await commands.geoadd("cities", [{ member: 7, longitude: 0, latitude: 0 }])).toBe(1);
      const origin = { member: Buffer.from("b"), longitude: 0, latitude: -0 };
      expect(await commands.geoadd("cities", new Set([origin]))).toBe(1);
      expect(new Set(await commands.zrange("cities", 0, -1))).toEqual(
        new Set(["Palermo", "Catania", "here", "7", "b"]),
      );
    });

    test("adds or moves under a condition", async () => {
      const { commands } = surface;
      await commands.geoadd("cities", { Palermo: PALERMO });
      const two = { Palermo: CATANIA, Catania: CATANIA };
      expect(await commands.geoadd("cities", two, { when: "XX" })).toBe(0);
      expect(await commands.geodist("cities", "Palermo", "Catania")).toBeNull();
      expect(await commands.geoadd("cities", { Palermo: PALERMO, Catania: CATANIA })).toBe(1);
      expect(await commands.geoadd("cities", two, { when: "NX" })).toBe(0);
      expect(await commands.geodist("cities", "Palermo", "Catania")).toBeGreaterThan(0);
    });

    test("counts moves where asked to", async () => {
      const { commands } = surface;
      await addCities();
      const moved = { Palermo: CATANIA, Catania: CATANIA, new: CATANIA };
      expect(await commands.geoadd("cities", moved, { countChanged: true })).toBe(2);
      const again = { Palermo: PALERMO };
      expect(await commands.geoadd("cities", again, { countChanged: false })).toBe(0);
    });

    test("refuses no members, and positions out of range", async () => {
      const { commands } = surface;
      await expect(async () => commands.geoadd("g", {})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.geoadd("g", new Map())).rejects.toThrow(ArgumentError);
      await expect(async () => commands.geoadd("g", [])).rejects.toThrow(ArgumentError);
      const nowhere = { a: { longitude: Number.NaN, latitude: 0 } };
      await expect(async () => commands.geoadd("g", nowhere)).rejects.toThrow(ArgumentError);
      const beyond = { a: { longitude: 0, latitude: 0 }, b: { longitude: 181, latitude: 0 } };
      await expect(commands.geoadd("g", beyond)).rejects.toThrow(ServerError);
      expect(await commands.exists("g")).toBe(0);
    });
  });

  describe("GEODIST, GEOHASH and GEOPOS", () => {
    test("give a distance in every unit", async () => {
      const { commands } = surface;
      await addCities();
      expect(await commands.geodist("cities", "Palermo", "Catania")).toBe(166_274.1516);
      const distances = [];
      for (const unit of ["M", "KM", "FT", "MI"] as const) {
        distances.push(await commands.geodist("cities", "Palermo", "Catania", { unit }));
      }
      expect(distances).toEqual([166_274.1516, 166.2742, 545_518.87, 103.3182]);
    });

    test("give null for what does not exist", async () => {
      const { commands } = surface;
      await addCities();
      expect(await commands.geodist("cities", "Palermo", "no")).toBeNull();
      expect(await commands.geodist("missing", "Palermo", "Catania")).toBeNull();
      expect(await commands.geohash("cities", ["no", "Catania"])).toEqual([null, "sqdtr74hyu0"]);
      expect(await commands.geohash("missing", "a")).toEqual([null]);
      expect(await commands.geopos("cities", ["no", "Palermo"])).toEqual([null, NEAR_PALERMO]);
      expect(await commands.geopos("missing", new Set(["a"]))).toEqual([null]);
    });

    test("refuse no members", async () => {
      const { commands } = surface;
      await expect(async () => commands.geohash("g", [])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.geopos("g", [])).rejects.toThrow(ArgumentError);
    });
  });

  describe("GEOSEARCH", () => {
    test("finds members in circles and rectangles, around positions and members", async () => {
      const { commands } = surface;
      await addCities();
      const order = { order: "ASC" } as const;
      expect(await commands.geosearch("cities", AROUND_CATANIA)).toEqual(["Catania"]);
      expect(await commands.geosearch("cities", AROUND_BOTH, order)).toEqual([
        "Catania",
        "Palermo",
      ]);
      const atPalermo = { member: "Palermo", radius: 0, unit: "M" } as const;
      expect(await commands.geosearch("cities", atPalermo)).toEqual(["Palermo"]);
      const box = { width: 400, height: 400, unit: "KM" } as const;
      expect(
        await commands.geosearch("cities", { longitude: 15, latitude: 37, ...box }, order),
      ).toEqual(["Catania", "Palermo"]);
      const flat = { member: "Palermo", width: 400, height: 1, unit: "MI" } as const;
      expect(await commands.geosearch("cities", flat)).toEqual(["Palermo"]);
      expect(await commands.geosearch("cities", { member: "Palermo", ...box }, order)).toEqual([
        "Palermo",
        "Catania",
      ]);
    });

    test("gives nothing for a missing key, and fails for a missing centre", async () => {
      const { commands } = surface;
      await addCities();
      const around = { member: "no", radius: 1, unit: "KM" } as const;
      expect(await commands.geosearch("missing", around)).toEqual([]);
      expect(await commands.geosearch("missing", around, { withDistance: true })).toEqual([]);
      await expect(commands.geosearch("cities", around)).rejects.toThrow(ServerError);
    });

    test("orders and counts", async () => {
      const { commands } = surface;
      await addCities();
      const search = (options: Parameters<typeof commands.geosearch>[2]) =>
        commands.geosearch("cities", AROUND_BOTH, options);
      expect(await search({ order: "DESC" })).toEqual(["Palermo", "Catania"]);
      expect(await search({ order: "ASC", count: 1 })).toEqual(["Catania"]);
      expect(await search({ count: 1 })).toEqual(["Catania"]);
      expect(await search({ count: 1, any: false })).toEqual(["Catania"]);
      expect(await search({ count: 1, any: true })).toHaveLength(1);
      await expect(search({ count: 0 })).rejects.toThrow(ServerError);
    });

    test("tells what was asked for, in every combination", async () => {
      const { commands } = surface;
      await commands.geoadd("cities", { Palermo: PALERMO });
      const circle = { member: "Palermo", radius: 1, unit: "KM" } as const;
      for (const withDistance of [true, false]) {
        for (const withCoordinates of [true, false]) {
          for (const withHash of [true, false]) {
            const details = { withDistance, withCoordinates, withHash };
            const [found] = await commands.geosearch("cities", circle, details);
            const bare = !withDistance && !withCoordinates && !withHash;
            const full = {
              member: "Palermo",
              ...(withDistance && { distance: 0 }),
              ...(withCoordinates && NEAR_PALERMO),
              ...(withHash && { hash: PALERMO_HASH }),
            };
            expect(found).toEqual(bare ? "Palermo" : full);
          }
        }
      }
    });

    test("gives details whose types are known", async () => {
      const { commands } = surface;
      await addCities();
      const [nearest] = await commands.geosearch("cities", AROUND_BOTH, {
        withDistance: true,
        withHash: false,
        order: "ASC",
      });
      const distance: number | undefined = nearest?.distance;
      expect(distance).toBe(56.4413);
    });

    testSince(surface, { valkey: "9.0.0" }, "searches polygons", async () => {
      const { commands } = surface;
      await addCities();
      const found = await commands.geosearch("cities", ITALY, { withDistance: true });
      expect(found.map(({ member }) => member).sort()).toEqual(["Catania", "Palermo"]);
      expect(found[0]?.distance).toBeGreaterThan(1_000);
      expect(await commands.geosearchstore("found", "cities", ITALY)).toBe(2);
      await expect(commands.geosearch("cities", { polygon: [] })).rejects.toThrow(ServerError);
    });
  });

  describe("GEOSEARCHSTORE", () => {
    test("stores what it finds, with positions or distances", async () => {
      const { commands } = surface;
      await addCities();
      const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
      expect(await commands.geosearchstore("near", "cities", circle)).toBe(2);
      expect(await commands.geopos("near", "Palermo")).toEqual([NEAR_PALERMO]);
      const farthest = { order: "DESC", count: 1, storeDistance: true } as const;
      expect(await commands.geosearchstore("near", "cities", circle, farthest)).toBe(1);
      const [stored] = await commands.zrange("near", 0, -1, { withScores: true });
      expect(stored).toEqual({ member: "Catania", score: expect.closeTo(166.2742, 3) });
    });

    test("deletes the destination where nothing is found", async () => {
      const { commands } = surface;
      await commands.set("near", "x");
      const circle = { member: "no", radius: 0, unit: "FT" } as const;
      expect(await commands.geosearchstore("near", "missing", circle)).toBe(0);
      expect(await commands.exists("near")).toBe(0);
    });
  });

  describe("GEORADIUS, GEORADIUSBYMEMBER and the read-only forms", () => {
    const member = { member: "Palermo", radius: 200, unit: "KM" } as const;
    const farthest = { withDistance: true, order: "DESC", count: 1, any: true } as const;

    test("find members", async () => {
      const { commands } = surface;
      await addCities();
      const order = { order: "ASC" } as const;
      expect(await commands.georadius("cities", AROUND_CATANIA)).toEqual(["Catania"]);
      expect(await commands.georadius_ro("cities", AROUND_CATANIA)).toEqual(["Catania"]);
      const both = ["Palermo", "Catania"];
      expect(await commands.georadiusbymember("cities", member, order)).toEqual(both);
      expect(await commands.georadiusbymember_ro("cities", member, order)).toEqual(both);
      expect(await commands.georadius("missing", AROUND_CATANIA)).toEqual([]);
      expect(await commands.georadiusbymember_ro("missing", member)).toEqual([]);
    });

    test("give details", async () => {
      const { commands } = surface;
      await commands.geoadd("cities", { Palermo: PALERMO });
      const found = [{ member: "Palermo", distance: 190.4424 }];
      expect(await commands.georadius("cities", AROUND_BOTH, farthest)).toEqual(found);
      expect(await commands.georadius_ro("cities", AROUND_BOTH, farthest)).toEqual(found);
      const at = { withCoordinates: true, withHash: true } as const;
      const there = [{ member: "Palermo", hash: PALERMO_HASH, ...NEAR_PALERMO }];
      expect(await commands.georadiusbymember("cities", member, at)).toEqual(there);
      expect(await commands.georadiusbymember_ro("cities", member, at)).toEqual(there);
    });

    test("store what they find, with positions or distances", async () => {
      const { commands } = surface;
      await addCities();
      expect(await commands.georadius("cities", AROUND_BOTH, { store: "near" })).toBe(2);
      expect(await commands.geopos("near", "Palermo")).toEqual([NEAR_PALERMO]);
      const distances = { storeDistances: "near", order: "ASC", count: 1 } as const;
      expect(await commands.georadiusbymember("cities", member, distances)).toBe(1);
      expect(await commands.zscore("near", "Palermo")).toBe(0);
      expect(await commands.georadius("missing", AROUND_BOTH, { store: "near" })).toBe(0);
      expect(await commands.exists("near")).toBe(0);
    });

    test("fail on another type, and without the member in the centre", async () => {
      const { commands } = surface;
      await addCities();
      await commands.set("text", "x");
      const around = { ...member, member: "no" };
      await expect(commands.georadius("text", AROUND_BOTH)).rejects.toThrow(WrongTypeError);
      await expect(commands.georadius_ro("text", AROUND_BOTH)).rejects.toThrow(WrongTypeError);
      await expect(commands.georadiusbymember("cities", around)).rejects.toThrow(ServerError);
      await expect(commands.georadiusbymember_ro("cities", around)).rejects.toThrow(ServerError);
    });
  });
}

/** What must not compile. */
export function geoThatDoesNotCompile({ commands }: Surface): void {
  // @ts-expect-error a circle has a unit
  void commands.geosearch("g", { member: "a", radius: 1 });
  // @ts-expect-error an area has one centre
  void commands.geosearch("g", { member: "a", ...PALERMO, radius: 1, unit: "M" });
  // @ts-expect-error an area has one shape
  void commands.geosearch("g", { member: "a", radius: 1, width: 1, height: 1, unit: "M" });
  // @ts-expect-error a polygon has no centre
  void commands.geosearch("g", { ...ITALY, member: "a" });
  // @ts-expect-error ANY needs a count
  void commands.geosearch("g", AROUND_BOTH, { any: true });
  // @ts-expect-error no such option
  void commands.geosearch("g", AROUND_BOTH, { withDistance: true, withEverything: true });
  // @ts-expect-error one key to store at
  void commands.georadius("g", AROUND_BOTH, { store: "a", storeDistances: "b" });
  // @ts-expect-error what is stored is not told
  void commands.georadius("g", AROUND_BOTH, { store: "a", withDistance: true });
  // @ts-expect-error a read-only command does not store
  void commands.georadius_ro("g", AROUND_BOTH, { store: "a" });
  void commands.geosearch("g", AROUND_BOTH, { withHash: true }).then(([first]) => {
    // @ts-expect-error a distance has to be asked for
    const distance: number = first?.distance;
    return distance;
  });
}
