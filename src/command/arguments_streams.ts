import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import { type OneOrMany, pairsOf } from "./arguments.ts";
import type { Key } from "./command.ts";

/**
 * The id of an entry, `"<milliseconds>-<number>"`, or a special one that the command allows. A
 * number (or text without a dash) is the milliseconds only.
 */
export type StreamId = string | number;

/**
 * Streams, and for each the id behind which to read: an object, a `Map`, or pairs (whose keys may
 * be bytes).
 */
export type StreamPositions =
  | Readonly<Record<string, StreamId>>
  | ReadonlyMap<Key, StreamId>
  | readonly (readonly [key: Key, after: StreamId])[];

/** A consumer of a group. Each consumer has a name of its own in the group. */
export interface GroupConsumer {
  /** The name of the group. */
  readonly group: Key;
  /** The name of the consumer. */
  readonly consumer: Key;
}

/**
 * What becomes of the references that groups hold to a deleted entry: they stay (`"KEEPREF"`), or
 * they are deleted, too (`"DELREF"`); or the entry is only deleted if every group has been given
 * and has acknowledged it (`"ACKED"`).
 */
export type EntryReferences = "KEEPREF" | "DELREF" | "ACKED";

/** What about references to deleted entries. */
export interface ReferenceOptions {
  /**
   * What becomes of the references that groups hold to a deleted entry; they stay unless given.
   * @since Redis 8.2.0
   */
  readonly references?: EntryReferences | undefined;
}

/** Which entries to delete from the old end of a stream. */
export type StreamTrim = ReferenceOptions &
  (
    | {
        /** Leave at most this many entries (`MAXLEN`). */
        readonly maxLength: number;
        readonly minId?: undefined;
      }
    | {
        /** Delete the entries with lower ids (`MINID`). @since 6.2.0 */
        readonly minId: StreamId;
        readonly maxLength?: undefined;
      }
  ) &
  (
    | {
        /** Leave some more entries if that is faster (`~`); `false` is exact (`=`). */
        readonly approximate: true;
        /** Delete at most this many entries; 0 for no limit (`LIMIT`). @since 6.2.0 */
        readonly limit?: number | undefined;
      }
    | { readonly approximate?: false | undefined; readonly limit?: undefined }
  );

/** Who adds an entry, so that adding it again has no effect. */
export interface Idempotency {
  /** A name for the one who adds; it must stay the same when it tries again. */
  readonly producer: Key;
  /**
   * A name for the entry, which the producer uses once (`IDMP`). Unless given, the server takes the
   * content for it (`IDMPAUTO`): the same fields and values again are the same entry.
   */
  readonly entry?: Key | undefined;
}

/** Appends how to trim a stream. */
export function pushTrim(argv: Argument[], trim: StreamTrim): void {
  argv.push(trim.maxLength === undefined ? "MINID" : "MAXLEN");
  if (trim.approximate !== undefined) argv.push(trim.approximate ? "~" : "=");
  argv.push(trim.maxLength ?? trim.minId);
  if (trim.limit !== undefined) argv.push("LIMIT", trim.limit);
  pushReferences(argv, trim);
}

/** Appends what becomes of references, if given. */
export function pushReferences(argv: Argument[], options: ReferenceOptions | undefined): void {
  if (options?.references !== undefined) argv.push(options.references);
}

/** Appends `STREAMS key [key …] id [id …]`. */
export function pushPositions(argv: Argument[], streams: StreamPositions): void {
  const positions = [...pairsOf<Key, StreamId>(argv, streams, "streams")];
  if (positions.length === 0) throw noStreams(argv);
  argv.push("STREAMS");
  for (const [key] of positions) argv.push(key);
  for (const [, id] of positions) argv.push(id);
}

/** Appends `STREAMS` with the keys, and with `>` for each: what no consumer has got yet. */
export function pushUnread(argv: Argument[], keys: OneOrMany<Key>): void {
  const all = typeof keys === "string" || keys instanceof Uint8Array ? [keys] : [...keys];
  if (all.length === 0) throw noStreams(argv);
  argv.push("STREAMS");
  for (const key of all) argv.push(key);
  for (const _ of all) argv.push(">");
}

/** Whether these are keys without positions. */
export function areKeys(streams: OneOrMany<Key> | StreamPositions): streams is OneOrMany<Key> {
  if (typeof streams === "string" || streams instanceof Uint8Array) return true;
  return streams instanceof Set || (Array.isArray(streams) && !Array.isArray(streams[0]));
}

function noStreams(argv: readonly Argument[]): ArgumentError {
  const command = String(argv[0]);
  return new ArgumentError(`${command} needs at least one of streams, but got none`, { command });
}
