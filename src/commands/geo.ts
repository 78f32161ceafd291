import { type OneOrMany, pushAll } from "../command/arguments.ts";
import {
  type Coordinates,
  type GeoArea,
  type GeoDetails,
  type GeoMembers,
  type GeoSelection,
  type GeoUnit,
  pushArea,
  pushDetails,
  pushGeoMembers,
  pushSelection,
} from "../command/arguments_geo.ts";
import type { Bulk, Key, Value } from "../command/command.ts";
import { doubleOrNull, integer } from "../command/decoders.ts";
import {
  type AnyGeoMatch,
  coordinatesOrNulls,
  type GeoMatches,
  geoMatches,
  textsOrNulls,
} from "../command/decoders_geo.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Options of {@link GeoCommands.geoadd}. */
export interface GeoaddOptions {
  /** Only add new members (`NX`), or only move those that are there (`XX`). @since 6.2.0 */
  readonly when?: "NX" | "XX" | undefined;
  /** Count the members that were moved, too, not only the new ones (`CH`). @since 6.2.0 */
  readonly countChanged?: boolean | undefined;
}

/** Options of {@link GeoCommands.geodist}. */
export interface GeodistOptions {
  /** The unit of the distance, metres unless given. */
  readonly unit?: GeoUnit | undefined;
}

/** Options of {@link GeoCommands.geosearchstore}. */
export type GeosearchstoreOptions = GeoSelection & {
  /** Store the distance from the centre as the score, not the position (`STOREDIST`). */
  readonly storeDistance?: boolean | undefined;
};

/**
 * Commands on geo indexes: members with positions, kept as a sorted set. `zrem` removes a member,
 * and other commands on sorted sets work, too.
 */
export abstract class GeoCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Add members to a geo index, or move them.
   *
   * @param members an object, a `Map`, or a list of `{ member, longitude, latitude }`
   * @returns how many members are new; with `countChanged` how many are new or were moved
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if a position is out of range; nothing is added then
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * const added = await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * }); // 2
   * ```
   * @see https://redis.io/commands/geoadd
   * @since 3.2.0
   */
  geoadd(key: Key, members: GeoMembers, options?: GeoaddOptions): Reply<M, number> {
    const argv: Argument[] = ["GEOADD", key];
    if (options?.when !== undefined) argv.push(options.when);
    if (options?.countChanged === true) argv.push("CH");
    pushGeoMembers(argv, members);
    return this.send(argv, integer);
  }

  /**
   * Get the distance between two members of a geo index.
   *
   * @returns the distance in the unit of the options, or `null` if a member does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const distance = await redis.geodist("cities", "Palermo", "Catania", { unit: "KM" });
   * // 166.2742
   * ```
   * @see https://redis.io/commands/geodist
   * @since 3.2.0
   */
  geodist(key: Key, from: Value, to: Value, options?: GeodistOptions): Reply<M, number | null> {
    const argv: Argument[] = ["GEODIST", key, from, to];
    if (options?.unit !== undefined) argv.push(options.unit);
    return this.send(argv, doubleOrNull);
  }

  /**
   * Get the geohashes of members: eleven letters and digits, of which nearby places share the first
   * ones.
   *
   * @returns the geohashes in the order of the members; `null` where a member does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.geoadd("cities", { Palermo: { longitude: 13.361389, latitude: 38.115556 } });
   * const hashes = await redis.geohash("cities", ["Palermo", "Atlantis"]);
   * // ["sqc8b49rny0", null]
   * ```
   * @see https://redis.io/commands/geohash
   * @since 3.2.0
   */
  geohash(key: Key, members: OneOrMany<Value>): Reply<M, (string | null)[]> {
    const argv: Argument[] = ["GEOHASH", key];
    pushAll(argv, members, "members");
    return this.send(argv, textsOrNulls);
  }

  /**
   * Get the positions of members. The server keeps 52 bits of a position: it is off by less than a
   * metre.
   *
   * @returns the positions in the order of the members; `null` where a member does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ArgumentError} if `members` is empty
   * @example
   * ```ts
   * await redis.geoadd("places", { origin: { longitude: 0, latitude: 0 } });
   * const [origin, atlantis] = await redis.geopos("places", ["origin", "Atlantis"]);
   * const missing = atlantis; // null
   * ```
   * @see https://redis.io/commands/geopos
   * @since 3.2.0
   */
  geopos(key: Key, members: OneOrMany<Value>): Reply<M, (Coordinates | null)[]> {
    const argv: Argument[] = ["GEOPOS", key];
    pushAll(argv, members, "members");
    return this.send(argv, coordinatesOrNulls);
  }

  /**
   * Find the members in an area.
   *
   * @param area a circle or rectangle around a member or a position, or a polygon
   * @returns the members; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member in the centre of the area does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const area = { longitude: 15, latitude: 37, radius: 200, unit: "KM" } as const;
   * const near = await redis.geosearch("cities", area, { order: "ASC" }); // ["Catania", "Palermo"]
   * ```
   * @see https://redis.io/commands/geosearch
   * @since 6.2.0
   */
  geosearch(
    key: Key,
    area: GeoArea,
    options?: GeoSelection & GeoDetails<false | undefined, false | undefined, false | undefined>,
  ): Reply<M, B[]>;
  /**
   * Find the members in an area, with how far away or where they are.
   *
   * @param area a circle or rectangle around a member or a position, or a polygon
   * @returns the members with what was asked for; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member in the centre of the area does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const near = await redis.geosearch(
   *   "cities",
   *   { member: "Palermo", width: 400, height: 400, unit: "KM" },
   *   { withDistance: true, order: "DESC", count: 1 },
   * ); // [{ member: "Catania", distance: 166.2742 }]
   * ```
   * @see https://redis.io/commands/geosearch
   * @since 6.2.0
   */
  geosearch<
    Distance extends boolean | undefined = false,
    Position extends boolean | undefined = false,
    Hash extends boolean | undefined = false,
  >(
    key: Key,
    area: GeoArea,
    options: GeoSelection & GeoDetails<Distance, Position, Hash>,
  ): Reply<M, GeoMatches<B, Distance, Position, Hash>>;
  geosearch(
    key: Key,
    area: GeoArea,
    options?: GeoSelection & GeoDetails,
  ): Reply<M, B[] | AnyGeoMatch<B>[]> {
    const argv: Argument[] = ["GEOSEARCH", key];
    pushArea(argv, area);
    pushSelection(argv, options);
    pushDetails(argv, options);
    return this.send(argv, geoMatches<B>(options));
  }

  /**
   * Store the members in an area as a geo index of its own, in place of what `destination` held.
   *
   * @param area a circle or rectangle around a member or a position, or a polygon
   * @returns how many members were stored; with 0 `destination` is deleted
   * @throws {WrongTypeError} if `source` holds something other than a sorted set
   * @throws {ServerError} if the member in the centre of the area does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const area = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const stored = await redis.geosearchstore("near", "cities", area); // 1
   * ```
   * @see https://redis.io/commands/geosearchstore
   * @since 6.2.0
   */
  geosearchstore(
    destination: Key,
    source: Key,
    area: GeoArea,
    options?: GeosearchstoreOptions,
  ): Reply<M, number> {
    const argv: Argument[] = ["GEOSEARCHSTORE", destination, source];
    pushArea(argv, area);
    pushSelection(argv, options);
    if (options?.storeDistance === true) argv.push("STOREDIST");
    return this.send(argv, integer);
  }
}
