import type { RespValue } from "../protocol/resp.ts";
import type { Coordinates, GeoDetails } from "./arguments_geo.ts";
import type { Bulk, Decoder } from "./command.ts";
import { array, bulk, bulks, double, integer, list, nullable, textOrNull } from "./decoders.ts";

function coordinates(reply: RespValue): Coordinates {
  const [longitude = null, latitude = null] = array(reply);
  return { longitude: double(longitude), latitude: double(latitude) };
}

/** A position or `null` for each member that was asked for. */
export const coordinatesOrNulls: Decoder<(Coordinates | null)[]> = list(nullable(coordinates));

/** A geohash or `null` for each member that was asked for. */
export const textsOrNulls: Decoder<(string | null)[]> = list(textOrNull);

/**
 * A part of a reply that was asked for by an option.
 *
 * @example `Asked<true, { a: 1 }>` is `{ a: 1 }`, `Asked<boolean, { a: 1 }>` is `{ a?: 1 }`, and
 * `Asked<false, { a: 1 }>` is `unknown`, which an intersection swallows
 */
export type Asked<Option, Part> = [Option] extends [true]
  ? Part
  : true extends Option
    ? Partial<Part>
    : unknown;

/** A member that was found, with what was asked for. */
export type GeoMatch<B extends Bulk, Distance, Position, Hash> = {
  readonly member: B;
} & Asked<Distance, { readonly distance: number }> &
  Asked<Position, Coordinates> &
  Asked<Hash, { readonly hash: number }>;

/**
 * What a search finds. Where it is not known at compile time whether anything was asked for, it may
 * be bare members.
 */
export type GeoMatches<B extends Bulk, Distance, Position, Hash> =
  | GeoMatch<B, Distance, Position, Hash>[]
  | (true extends Surely<Distance> | Surely<Position> | Surely<Hash> ? never : B[]);

type Surely<Option> = [Option] extends [true] ? true : false;

/** A member with everything that can be asked for. */
export interface AnyGeoMatch<B extends Bulk> extends Partial<Coordinates> {
  readonly member: B;
  readonly distance?: number;
  readonly hash?: number;
}

const DISTANCE = 1;
const HASH = 2;
const POSITION = 4;

/** The decoders of all combinations of details; nothing asked for gives bare members. */
const MATCHES = Array.from({ length: 8 }, (_, details) => list((reply) => match(reply, details)));

/** The decoder of what a search finds, for the details that were asked for. */
export function geoMatches<B extends Bulk>(
  details: GeoDetails | undefined,
): Decoder<B[] | AnyGeoMatch<B>[]> {
  const asked =
    (details?.withDistance === true ? DISTANCE : 0) |
    (details?.withHash === true ? HASH : 0) |
    (details?.withCoordinates === true ? POSITION : 0);
  return asked === 0 ? bulks<B> : (MATCHES[asked] as Decoder<AnyGeoMatch<B>[]>);
}

function match(reply: RespValue, details: number): AnyGeoMatch<Bulk> {
  const items = array(reply);
  const found: { -readonly [K in keyof AnyGeoMatch<Bulk>]: AnyGeoMatch<Bulk>[K] } = {
    member: bulk(items[0] ?? null),
  };
  let next = 1;
  if (details & DISTANCE) found.distance = double(items[next++] ?? null);
  if (details & HASH) found.hash = integer(items[next++] ?? null);
  if (details & POSITION) Object.assign(found, coordinates(items[next] ?? null));
  return found;
}
