import {
  type GeoCircle,
  type GeoDetails,
  type GeoMemberCenter,
  type GeoPositionCenter,
  type GeoSelection,
  pushDetails,
  pushSelection,
} from "../command/arguments_geo.ts";
import type { Bulk, Decoder, Key } from "../command/command.ts";
import { integer } from "../command/decoders.ts";
import { type AnyGeoMatch, type GeoMatches, geoMatches } from "../command/decoders_geo.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** A circle around a position. */
export type PositionCircle = GeoPositionCenter & GeoCircle;

/** A circle around a member. */
export type MemberCircle = GeoMemberCenter & GeoCircle;

/** Options of a radius search that gives members and nothing else. */
export type GeoradiusOptions = GeoSelection &
  GeoDetails<false | undefined, false | undefined, false | undefined> &
  StoredNowhere;

/** Options of a radius search that stores what it finds. */
export type GeoradiusStoreOptions = GeoSelection &
  GeoDetails<undefined, undefined, undefined> &
  (
    | {
        /** The key that gets the members with their positions (`STORE`). */
        readonly store: Key;
        readonly storeDistances?: undefined;
      }
    | {
        /** The key that gets the members with their distances as scores (`STOREDIST`). */
        readonly storeDistances: Key;
        readonly store?: undefined;
      }
  );

interface StoredNowhere {
  readonly store?: undefined;
  readonly storeDistances?: undefined;
}

type AnyOptions = GeoSelection &
  GeoDetails & {
    readonly store?: Key | undefined;
    readonly storeDistances?: Key | undefined;
  };

/** The older searches in geo indexes, by circles only. */
export abstract class GeoRadiusCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Find the members in a circle around a position.
   *
   * @deprecated Use `geosearch`.
   * @returns the members; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const near = await redis.georadius("cities", circle);
   * // ["Catania"]
   * ```
   * @see https://redis.io/commands/georadius
   * @since 3.2.0
   */
  georadius(key: Key, circle: PositionCircle, options?: GeoradiusOptions): Reply<M, B[]>;
  /**
   * Find the members in a circle around a position, with how far away or where they are.
   *
   * @deprecated Use `geosearch`.
   * @returns the members with what was asked for; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const options = { withDistance: true, order: "DESC", count: 1 } as const;
   * const near = await redis.georadius("cities", circle, options);
   * // [{ member: "Catania", distance: 56.4413 }]
   * ```
   * @see https://redis.io/commands/georadius
   * @since 3.2.0
   */
  georadius<
    Distance extends boolean | undefined = false,
    Position extends boolean | undefined = false,
    Hash extends boolean | undefined = false,
  >(
    key: Key,
    circle: PositionCircle,
    options: GeoSelection & GeoDetails<Distance, Position, Hash> & StoredNowhere,
  ): Reply<M, GeoMatches<B, Distance, Position, Hash>>;
  /**
   * Store the members in a circle around a position, in place of what the key held.
   *
   * @deprecated Use `geosearchstore`.
   * @returns how many members were stored; with 0 the key is deleted
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const stored = await redis.georadius("cities", circle, { store: "near" }); // 1
   * ```
   * @see https://redis.io/commands/georadius
   * @since 3.2.0
   */
  georadius(key: Key, circle: PositionCircle, options: GeoradiusStoreOptions): Reply<M, number>;
  georadius(
    key: Key,
    circle: PositionCircle,
    options?: AnyOptions,
  ): Reply<M, B[] | AnyGeoMatch<B>[] | number> {
    const argv = positionCircle("GEORADIUS", key, circle);
    return this.send(argv, pushOptions<B>(argv, options));
  }

  /**
   * Find the members in a circle around a member.
   *
   * @deprecated Use `geosearch`.
   * @returns the members; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
   * const near = await redis.georadiusbymember("cities", circle, { order: "ASC" });
   * // ["Palermo", "Catania"]
   * ```
   * @see https://redis.io/commands/georadiusbymember
   * @since 3.2.0
   */
  georadiusbymember(key: Key, circle: MemberCircle, options?: GeoradiusOptions): Reply<M, B[]>;
  /**
   * Find the members in a circle around a member, with how far away or where they are.
   *
   * @deprecated Use `geosearch`.
   * @returns the members with what was asked for; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
   * const options = { withDistance: true, order: "DESC", count: 1 } as const;
   * const near = await redis.georadiusbymember("cities", circle, options);
   * // [{ member: "Catania", distance: 166.2742 }]
   * ```
   * @see https://redis.io/commands/georadiusbymember
   * @since 3.2.0
   */
  georadiusbymember<
    Distance extends boolean | undefined = false,
    Position extends boolean | undefined = false,
    Hash extends boolean | undefined = false,
  >(
    key: Key,
    circle: MemberCircle,
    options: GeoSelection & GeoDetails<Distance, Position, Hash> & StoredNowhere,
  ): Reply<M, GeoMatches<B, Distance, Position, Hash>>;
  /**
   * Store the members in a circle around a member, in place of what the key held.
   *
   * @deprecated Use `geosearchstore`.
   * @returns how many members were stored; with 0 the key is deleted
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
   * const stored = await redis.georadiusbymember("cities", circle, { store: "near" });
   * // 2
   * ```
   * @see https://redis.io/commands/georadiusbymember
   * @since 3.2.0
   */
  georadiusbymember(
    key: Key,
    circle: MemberCircle,
    options: GeoradiusStoreOptions,
  ): Reply<M, number>;
  georadiusbymember(
    key: Key,
    circle: MemberCircle,
    options?: AnyOptions,
  ): Reply<M, B[] | AnyGeoMatch<B>[] | number> {
    const argv = memberCircle("GEORADIUSBYMEMBER", key, circle);
    return this.send(argv, pushOptions<B>(argv, options));
  }

  /**
   * Find the members in a circle around a position; replicas may answer.
   *
   * @deprecated Use `geosearch`.
   * @returns the members; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const near = await redis.georadius_ro("cities", circle);
   * // ["Catania"]
   * ```
   * @see https://redis.io/commands/georadius_ro
   * @since 3.2.10
   */
  georadius_ro(key: Key, circle: PositionCircle, options?: GeoradiusOptions): Reply<M, B[]>;
  /**
   * Find the members in a circle around a position, with their distances or positions;
   * replicas may answer.
   *
   * @deprecated Use `geosearch`.
   * @returns the members with what was asked for; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { longitude: 15, latitude: 37, radius: 100, unit: "KM" } as const;
   * const options = { withDistance: true, order: "DESC", count: 1 } as const;
   * const near = await redis.georadius_ro("cities", circle, options);
   * // [{ member: "Catania", distance: 56.4413 }]
   * ```
   * @see https://redis.io/commands/georadius_ro
   * @since 3.2.10
   */
  georadius_ro<
    Distance extends boolean | undefined = false,
    Position extends boolean | undefined = false,
    Hash extends boolean | undefined = false,
  >(
    key: Key,
    circle: PositionCircle,
    options: GeoSelection & GeoDetails<Distance, Position, Hash>,
  ): Reply<M, GeoMatches<B, Distance, Position, Hash>>;
  georadius_ro(
    key: Key,
    circle: PositionCircle,
    options?: GeoSelection & GeoDetails,
  ): Reply<M, B[] | AnyGeoMatch<B>[]> {
    const argv = positionCircle("GEORADIUS_RO", key, circle);
    pushSelection(argv, options);
    pushDetails(argv, options);
    return this.send(argv, geoMatches<B>(options));
  }

  /**
   * Find the members in a circle around a member; replicas may answer.
   *
   * @deprecated Use `geosearch`.
   * @returns the members; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
   * const near = await redis.georadiusbymember_ro("cities", circle, { order: "ASC" });
   * // ["Palermo", "Catania"]
   * ```
   * @see https://redis.io/commands/georadiusbymember_ro
   * @since 3.2.10
   */
  georadiusbymember_ro(key: Key, circle: MemberCircle, options?: GeoradiusOptions): Reply<M, B[]>;
  /**
   * Find the members in a circle around a member, with their distances or positions;
   * replicas may answer.
   *
   * @deprecated Use `geosearch`.
   * @returns the members with what was asked for; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds something other than a sorted set
   * @throws {ServerError} if the member does not exist
   * @example
   * ```ts
   * await redis.geoadd("cities", {
   *   Palermo: { longitude: 13.361389, latitude: 38.115556 },
   *   Catania: { longitude: 15.087269, latitude: 37.502669 },
   * });
   * const circle = { member: "Palermo", radius: 200, unit: "KM" } as const;
   * const options = { withDistance: true, order: "DESC", count: 1 } as const;
   * const near = await redis.georadiusbymember_ro("cities", circle, options);
   * // [{ member: "Catania", distance: 166.2742 }]
   * ```
   * @see https://redis.io/commands/georadiusbymember_ro
   * @since 3.2.10
   */
  georadiusbymember_ro<
    Distance extends boolean | undefined = false,
    Position extends boolean | undefined = false,
    Hash extends boolean | undefined = false,
  >(
    key: Key,
    circle: MemberCircle,
    options: GeoSelection & GeoDetails<Distance, Position, Hash>,
  ): Reply<M, GeoMatches<B, Distance, Position, Hash>>;
  georadiusbymember_ro(
    key: Key,
    circle: MemberCircle,
    options?: GeoSelection & GeoDetails,
  ): Reply<M, B[] | AnyGeoMatch<B>[]> {
    const argv = memberCircle("GEORADIUSBYMEMBER_RO", key, circle);
    pushSelection(argv, options);
    pushDetails(argv, options);
    return this.send(argv, geoMatches<B>(options));
  }
}

function positionCircle(name: string, key: Key, circle: PositionCircle): Argument[] {
  return [name, key, circle.longitude, circle.latitude, circle.radius, circle.unit];
}

function memberCircle(name: string, key: Key, circle: MemberCircle): Argument[] {
  return [name, key, circle.member, circle.radius, circle.unit];
}

/** Appends the options of a search that may store. @returns how to read the reply */
function pushOptions<B extends Bulk>(
  argv: Argument[],
  options: AnyOptions | undefined,
): Decoder<B[] | AnyGeoMatch<B>[] | number> {
  pushSelection(argv, options);
  pushDetails(argv, options);
  if (options?.store !== undefined) argv.push("STORE", options.store);
  else if (options?.storeDistances !== undefined) argv.push("STOREDIST", options.storeDistances);
  else return geoMatches<B>(options);
  return integer;
}
