import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import { type Many, pairsOf } from "./arguments.ts";
import type { Value } from "./command.ts";

/** A unit of distance: metres, kilometres, feet or miles. */
export type GeoUnit = "M" | "KM" | "FT" | "MI";

/** A position on the earth, in degrees. */
export interface Coordinates {
  /** From -180 to 180; east is positive. */
  readonly longitude: number;
  /** From -85.05112878 to 85.05112878; north is positive. */
  readonly latitude: number;
}

/** A member of a geo index and where it is. */
export interface GeoMember extends Coordinates {
  /** Text, bytes or a number, which is sent in decimal. */
  readonly member: Value;
}

/** Members with positions: an object, a `Map`, or a list of `{ member, longitude, latitude }`. */
export type GeoMembers =
  | Readonly<Record<string, Coordinates>>
  | ReadonlyMap<Value, Coordinates>
  | Many<GeoMember>;

/** The centre of an area: a position. */
export interface GeoPositionCenter extends Coordinates {
  readonly member?: undefined;
}

/** The centre of an area: where a member of the index is. */
export interface GeoMemberCenter {
  /** A member, which must exist. */
  readonly member: Value;
  readonly longitude?: undefined;
  readonly latitude?: undefined;
}

/** A circle around the centre (`BYRADIUS`). */
export interface GeoCircle {
  /** The distance from the centre to the edge. */
  readonly radius: number;
  readonly unit: GeoUnit;
  readonly width?: undefined;
  readonly height?: undefined;
}

/** A rectangle around the centre (`BYBOX`). */
export interface GeoBox {
  /** The distance from the western to the eastern edge. */
  readonly width: number;
  /** The distance from the southern to the northern edge. */
  readonly height: number;
  readonly unit: GeoUnit;
  readonly radius?: undefined;
}

/** A polygon (`BYPOLYGON`). @since Valkey 9.0.0 */
export interface GeoPolygon {
  /** The corners, at least three, in order; the last one is joined to the first. */
  readonly polygon: readonly Coordinates[];
  readonly member?: undefined;
  readonly longitude?: undefined;
  readonly latitude?: undefined;
  readonly radius?: undefined;
  readonly width?: undefined;
  readonly height?: undefined;
  readonly unit?: undefined;
}

/** A circle or rectangle around a member or a position, or a polygon. */
export type GeoArea =
  | ((GeoPositionCenter | GeoMemberCenter) &
      (GeoCircle | GeoBox) & { readonly polygon?: undefined })
  | GeoPolygon;

/** In which order members come, and how many. */
export type GeoSelection = {
  /** From the nearest to the farthest (`"ASC"`) or back (`"DESC"`); in no order unless given. */
  readonly order?: "ASC" | "DESC" | undefined;
} & (
  | {
      /** At most this many members, the nearest unless `order` says otherwise (`COUNT`). */
      readonly count: number;
      /**
       * Stop as soon as enough members are found, which then need not be the nearest (`ANY`).
       * @since 6.2.0
       */
      readonly any?: boolean | undefined;
    }
  | { readonly count?: undefined; readonly any?: undefined }
);

/** What to tell about each member that is found. */
export interface GeoDetails<
  Distance extends boolean | undefined = boolean | undefined,
  Position extends boolean | undefined = boolean | undefined,
  Hash extends boolean | undefined = boolean | undefined,
> {
  /**
   * How far it is from the centre, in the unit of the area; for a polygon in metres
   * (`WITHDIST`).
   */
  readonly withDistance?: Distance;
  /** Where it is (`WITHCOORD`). */
  readonly withCoordinates?: Position;
  /** Its position as the integer that the server stores as the score (`WITHHASH`). */
  readonly withHash?: Hash;
}

/** Appends `longitude latitude member` for every member. */
export function pushGeoMembers(argv: Argument[], members: GeoMembers): void {
  const before = argv.length;
  if (isList(members)) {
    for (const { longitude, latitude, member } of members) argv.push(longitude, latitude, member);
  } else {
    for (const [member, { longitude, latitude }] of pairsOf(argv, members, "members")) {
      argv.push(longitude, latitude, member);
    }
  }
  if (argv.length > before) return;
  throw new ArgumentError(`${String(argv[0])} needs at least one of members, but got none`, {
    command: String(argv[0]),
  });
}

function isList(members: GeoMembers): members is Many<GeoMember> {
  return Array.isArray(members) || members instanceof Set;
}

/** Appends where to search, as `GEOSEARCH` wants it. */
export function pushArea(argv: Argument[], area: GeoArea): void {
  if (area.polygon !== undefined) {
    argv.push("BYPOLYGON", area.polygon.length);
    for (const { longitude, latitude } of area.polygon) argv.push(longitude, latitude);
    return;
  }
  if (area.member !== undefined) argv.push("FROMMEMBER", area.member);
  else argv.push("FROMLONLAT", area.longitude, area.latitude);
  if (area.radius !== undefined) argv.push("BYRADIUS", area.radius, area.unit);
  else argv.push("BYBOX", area.width, area.height, area.unit);
}

/** Appends the order and the count, those that are given. */
export function pushSelection(argv: Argument[], selection: GeoSelection | undefined): void {
  if (selection?.order !== undefined) argv.push(selection.order);
  if (selection?.count !== undefined) argv.push("COUNT", selection.count);
  if (selection?.any === true) argv.push("ANY");
}

/** Appends what to tell about each member. */
export function pushDetails(argv: Argument[], details: GeoDetails | undefined): void {
  if (details?.withDistance === true) argv.push("WITHDIST");
  if (details?.withHash === true) argv.push("WITHHASH");
  if (details?.withCoordinates === true) argv.push("WITHCOORD");
}
