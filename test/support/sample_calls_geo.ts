import type { Bulk } from "../../src/command/command.ts";
import type { GeoCommands } from "../../src/commands/geo.ts";
import type { GeoRadiusCommands } from "../../src/commands/geo_radius.ts";
import type { VectorCommands } from "../../src/commands/vectors.ts";
import type { SamplesOf } from "./sample.ts";

const CENTER = { longitude: 15, latitude: 37 } as const;
const CIRCLE = { radius: 200, unit: "KM" } as const;
const BOX = { width: 400, height: 400, unit: "MI" } as const;
const POLYGON = [
  { longitude: 10, latitude: 30 },
  { longitude: 20, latitude: 30 },
  { longitude: 15, latitude: 45 },
];
const EVERYTHING = { withDistance: true, withCoordinates: true, withHash: true } as const;

export const geoSamples: SamplesOf<GeoCommands<"command", Bulk>> = {
  geoadd: [
    (on) => on.geoadd("geo", { x: CENTER, new: CENTER }),
    (on) => on.geoadd("geo", new Map([["x", CENTER]]), { when: "NX" }),
    (on) => on.geoadd("geo", [{ member: "x", ...CENTER }], { when: "XX", countChanged: true }),
  ],
  geodist: [
    (on) => on.geodist("geo", "x", "y"),
    (on) => on.geodist("geo", "x", "none"),
    (on) => on.geodist("geo", "x", "y", { unit: "M" }),
    (on) => on.geodist("geo", "x", "y", { unit: "KM" }),
    (on) => on.geodist("geo", "x", "y", { unit: "FT" }),
    (on) => on.geodist("geo", "x", "y", { unit: "MI" }),
  ],
  geohash: [(on) => on.geohash("geo", ["x", "none"]), (on) => on.geohash("geo", "x")],
  geopos: [(on) => on.geopos("geo", ["x", "none"]), (on) => on.geopos("geo", "x")],
  geosearch: [
    (on) => on.geosearch("geo", { ...CENTER, ...CIRCLE }, { order: "ASC" }),
    (on) => on.geosearch("geo", { member: "x", radius: 1, unit: "M" }),
    (on) => on.geosearch("geo", { member: "x", radius: 1, unit: "FT" }),
    (on) => on.geosearch("geo", { member: "x", ...BOX }, { order: "DESC", ...EVERYTHING }),
    (on) => on.geosearch("geo", { ...CENTER, ...CIRCLE }, { count: 1, any: true }),
    (on) => on.geosearch("geo", { ...CENTER, ...CIRCLE }, { order: "ASC", withDistance: true }),
    (on) => on.geosearch("geo", { ...CENTER, ...CIRCLE }, { order: "ASC", withCoordinates: true }),
    (on) => on.geosearch("geo", { ...CENTER, ...CIRCLE }, { order: "ASC", withHash: true }),
    (on) => on.geosearch("geo", { polygon: POLYGON }, { order: "ASC", withDistance: true }),
  ],
  geosearchstore: [
    (on) => on.geosearchstore("dest", "geo", { member: "x", ...CIRCLE }),
    (on) => on.geosearchstore("dest", "geo", { ...CENTER, ...BOX }, { storeDistance: true }),
    (on) => on.geosearchstore("dest", "geo", { ...CENTER, width: 1, height: 1, unit: "M" }),
    (on) =>
      on.geosearchstore("dest", "geo", { ...CENTER, radius: 1, unit: "FT" }, { order: "DESC" }),
    (on) =>
      on.geosearchstore(
        "dest",
        "geo",
        { ...CENTER, ...CIRCLE },
        { order: "ASC", count: 1, any: true },
      ),
    (on) => on.geosearchstore("dest", "geo", { polygon: POLYGON }),
  ],
};

export const geoRadiusSamples: SamplesOf<GeoRadiusCommands<"command", Bulk>> = {
  georadius: [
    (on) => on.georadius("geo", { ...CENTER, ...CIRCLE }, { order: "ASC" }),
    (on) => on.georadius("geo", { ...CENTER, radius: 1, unit: "M" }),
    (on) => on.georadius("geo", { ...CENTER, radius: 1, unit: "FT" }),
    (on) => on.georadius("geo", { ...CENTER, radius: 1, unit: "MI" }),
    (on) => on.georadius("geo", { ...CENTER, ...CIRCLE }, { order: "DESC", ...EVERYTHING }),
    (on) => on.georadius("geo", { ...CENTER, ...CIRCLE }, { count: 1, any: true }),
    (on) => on.georadius("geo", { ...CENTER, ...CIRCLE }, { store: "dest" }),
    (on) => on.georadius("geo", { ...CENTER, ...CIRCLE }, { storeDistances: "dest" }),
  ],
  georadiusbymember: [
    (on) => on.georadiusbymember("geo", { member: "x", ...CIRCLE }, { order: "ASC" }),
    (on) => on.georadiusbymember("geo", { member: "x", radius: 1, unit: "M" }),
    (on) => on.georadiusbymember("geo", { member: "x", radius: 1, unit: "FT" }),
    (on) => on.georadiusbymember("geo", { member: "x", radius: 1, unit: "MI" }),
    (on) =>
      on.georadiusbymember("geo", { member: "x", ...CIRCLE }, { order: "DESC", ...EVERYTHING }),
    (on) => on.georadiusbymember("geo", { member: "x", ...CIRCLE }, { count: 1, any: true }),
    (on) => on.georadiusbymember("geo", { member: "x", ...CIRCLE }, { store: "dest" }),
    (on) => on.georadiusbymember("geo", { member: "x", ...CIRCLE }, { storeDistances: "dest" }),
  ],
  georadius_ro: [
    (on) => on.georadius_ro("geo", { ...CENTER, ...CIRCLE }, { order: "ASC" }),
    (on) => on.georadius_ro("geo", { ...CENTER, radius: 1, unit: "M" }),
    (on) => on.georadius_ro("geo", { ...CENTER, radius: 1, unit: "FT" }),
    (on) => on.georadius_ro("geo", { ...CENTER, radius: 1, unit: "MI" }),
    (on) => on.georadius_ro("geo", { ...CENTER, ...CIRCLE }, { order: "DESC", ...EVERYTHING }),
    (on) => on.georadius_ro("geo", { ...CENTER, ...CIRCLE }, { count: 1, any: true }),
  ],
  georadiusbymember_ro: [
    (on) => on.georadiusbymember_ro("geo", { member: "x", ...CIRCLE }, { order: "ASC" }),
    (on) => on.georadiusbymember_ro("geo", { member: "x", radius: 1, unit: "M" }),
    (on) => on.georadiusbymember_ro("geo", { member: "x", radius: 1, unit: "FT" }),
    (on) => on.georadiusbymember_ro("geo", { member: "x", radius: 1, unit: "MI" }),
    (on) =>
      on.georadiusbymember_ro("geo", { member: "x", ...CIRCLE }, { order: "DESC", ...EVERYTHING }),
    (on) => on.georadiusbymember_ro("geo", { member: "x", ...CIRCLE }, { count: 1, any: true }),
  ],
};

export const vectorSamples: SamplesOf<VectorCommands<"command", Bulk>> = {
  vadd: [
    (on) => on.vadd("vectors", [1, 1], "new"),
    (on) => on.vadd("vectors", Float32Array.of(1, 1), "x", { attributes: "{}" }),
    (on) => on.vadd("none", [1, 2, 3], "new", { reduce: 2, checkAndSet: true }),
    (on) => on.vadd("none", [1, 2], "new", { quantization: "Q8", exploration: 10, links: 8 }),
    (on) => on.vadd("none", [1, 2], "new", { quantization: "BIN" }),
    (on) => on.vadd("none", [1, 2], "new", { quantization: "NOQUANT" }),
  ],
  vcard: [(on) => on.vcard("vectors"), (on) => on.vcard("none")],
  vdim: [(on) => on.vdim("vectors")],
  vemb: [
    (on) => on.vemb("vectors", "x"),
    (on) => on.vemb("vectors", "none"),
    (on) => on.vemb("vectors", "x", { raw: true }),
  ],
  vgetattr: [(on) => on.vgetattr("vectors", "x"), (on) => on.vgetattr("vectors", "y")],
  vinfo: [(on) => on.vinfo("vectors"), (on) => on.vinfo("none")],
  vismember: [(on) => on.vismember("vectors", "x"), (on) => on.vismember("vectors", "none")],
  vlinks: [
    (on) => on.vlinks("vectors", "x"),
    (on) => on.vlinks("vectors", "none"),
    (on) => on.vlinks("vectors", "x", { withScores: true }),
  ],
  vrandmember: [
    (on) => on.vrandmember("single_vector"),
    (on) => on.vrandmember("none"),
    (on) => on.vrandmember("single_vector", 2),
  ],
  vrange: [
    (on) => on.vrange("vectors", "-", "+"),
    (on) => on.vrange("vectors", "[x", "(z", { count: 1 }),
  ],
  vrem: [(on) => on.vrem("vectors", "x"), (on) => on.vrem("vectors", "none")],
  vsetattr: [(on) => on.vsetattr("vectors", "x", "{}"), (on) => on.vsetattr("vectors", "x", "")],
  vsim: [
    (on) => on.vsim("vectors", { element: "x" }),
    (on) => on.vsim("vectors", { vector: [1, 0] }, { withScores: true }),
    (on) => on.vsim("vectors", { vector: Float32Array.of(1, 0) }, { withAttributes: true }),
    (on) =>
      on.vsim(
        "vectors",
        { element: "x" },
        {
          count: 1,
          maxDistance: 0.5,
          exploration: 10,
          filter: ".year > 1950",
          filterExploration: 10,
          exact: true,
          inMainThread: true,
        },
      ),
  ],
};
