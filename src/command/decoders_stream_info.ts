import type { RespValue } from "../protocol/resp.ts";
import type { Bulk } from "./command.ts";
import { array, bulk, integer, integerOrNull, raw, record, text } from "./decoders.ts";
import { type StreamEntry, streamEntries, streamEntryOrNull } from "./decoders_streams.ts";

/** What is known of a stream, whatever the detail. */
export interface StreamFacts {
  /** How many entries it has. */
  readonly length: number;
  /** How many keys its tree has. */
  readonly radixTreeKeys: number;
  /** How many nodes its tree has. */
  readonly radixTreeNodes: number;
  /** The id of the entry that was added last, even if it was deleted. */
  readonly lastGeneratedId: string;
  /** The highest id of a deleted entry; `"0-0"` for none. @since 7.0.0 */
  readonly maxDeletedEntryId: string;
  /** How many entries were ever added. @since 7.0.0 */
  readonly entriesAdded: number;
  /** The id of the first entry; `"0-0"` for none. @since 7.0.0 */
  readonly recordedFirstEntryId: string;
  /** How long the names of idempotent entries are kept. @since Redis 8.6.0 */
  readonly idmpDurationInSeconds?: number;
  /** How many names of idempotent entries are kept for each producer. @since Redis 8.6.0 */
  readonly idmpMaxSize?: number;
  /** How many producers are known. @since Redis 8.6.0 */
  readonly producersTracked?: number;
  /** How many names of idempotent entries are known. @since Redis 8.6.0 */
  readonly namesTracked?: number;
  /** How many idempotent entries were ever added. @since Redis 8.6.0 */
  readonly idempotentAdded?: number;
  /** How many idempotent entries were not added, because they were there. @since Redis 8.6.0 */
  readonly duplicatesRefused?: number;
}

/** A stream in short. */
export interface StreamInfo<B extends Bulk> extends StreamFacts {
  /** How many groups it has. */
  readonly groups: number;
  /** The entry with the lowest id; `null` if there is none. */
  readonly firstEntry: StreamEntry<B> | null;
  /** The entry with the highest id; `null` if there is none. */
  readonly lastEntry: StreamEntry<B> | null;
}

/** A stream with its entries, groups and consumers. */
export interface StreamDetails<B extends Bulk> extends StreamFacts {
  /** The first entries, as many as were asked for. */
  readonly entries: StreamEntry<B>[];
  readonly groups: GroupDetails<B>[];
}

/** How far a group is. */
interface GroupProgress<B extends Bulk> {
  readonly name: B;
  /** The highest id that was delivered to a consumer of the group. */
  readonly lastDeliveredId: string;
  /** How many entries the group has read; `null` if that is not known. @since 7.0.0 */
  readonly entriesRead: number | null;
  /** How many entries the group has not read yet; `null` if that is not known. @since 7.0.0 */
  readonly lag: number | null;
}

/** A group in short. */
export interface GroupInfo<B extends Bulk> extends GroupProgress<B> {
  /** How many consumers it has. */
  readonly consumers: number;
  /** How many entries are delivered and not yet acknowledged. */
  readonly pending: number;
}

/** A group with what it has pending, and its consumers. */
export interface GroupDetails<B extends Bulk> extends GroupProgress<B> {
  /** How many entries are delivered and not yet acknowledged. */
  readonly pendingCount: number;
  /** The first of them, as many as were asked for. */
  readonly pending: GroupDelivery<B>[];
  readonly consumers: ConsumerDetails<B>[];
}

/** An entry that is delivered and not yet acknowledged. */
export interface ConsumerDelivery {
  readonly id: string;
  /** When it was last delivered: Unix time in milliseconds. */
  readonly deliveredAtMilliseconds: number;
  /** How often it was delivered. */
  readonly deliveries: number;
}

/** An entry that is delivered and not yet acknowledged, and who has it. */
export interface GroupDelivery<B extends Bulk> extends ConsumerDelivery {
  readonly consumer: B;
}

/** A consumer in short. */
export interface ConsumerInfo<B extends Bulk> {
  readonly name: B;
  /** How many entries it has not yet acknowledged. */
  readonly pending: number;
  /** How long ago it last tried to read or claim. */
  readonly idleInMilliseconds: number;
  /** How long ago it last got an entry; -1 if it never did. @since 7.2.0 */
  readonly inactiveInMilliseconds?: number;
}

/** A consumer with what it has pending. */
export interface ConsumerDetails<B extends Bulk> {
  readonly name: B;
  /** When it last tried to read or claim: Unix time in milliseconds. */
  readonly seenAtMilliseconds: number;
  /** When it last got an entry: Unix time in milliseconds; -1 if it never did. @since 7.2.0 */
  readonly activeAtMilliseconds?: number;
  /** How many entries it has not yet acknowledged. */
  readonly pendingCount: number;
  /** The first of them, as many as were asked for. */
  readonly pending: ConsumerDelivery[];
}

type Named = Record<string, RespValue | undefined>;

const named: (reply: RespValue) => Named = record(raw);

const take = (fields: Named, name: string): RespValue => fields[name] ?? null;

const count = (fields: Named, name: string): number => integer(take(fields, name));

/** `{ [property]: number }`, or nothing where the server does not tell. */
function told<P extends string>(fields: Named, name: string, property: P): { [K in P]?: number } {
  const value = fields[name];
  return (value === undefined ? {} : { [property]: integer(value) }) as { [K in P]?: number };
}

function streamFacts(fields: Named): StreamFacts {
  return {
    length: count(fields, "length"),
    radixTreeKeys: count(fields, "radix-tree-keys"),
    radixTreeNodes: count(fields, "radix-tree-nodes"),
    lastGeneratedId: text(take(fields, "last-generated-id")),
    maxDeletedEntryId: text(take(fields, "max-deleted-entry-id")),
    entriesAdded: count(fields, "entries-added"),
    recordedFirstEntryId: text(take(fields, "recorded-first-entry-id")),
    ...told(fields, "idmp-duration", "idmpDurationInSeconds"),
    ...told(fields, "idmp-maxsize", "idmpMaxSize"),
    ...told(fields, "pids-tracked", "producersTracked"),
    ...told(fields, "iids-tracked", "namesTracked"),
    ...told(fields, "iids-added", "idempotentAdded"),
    ...told(fields, "iids-duplicates", "duplicatesRefused"),
  };
}

export function streamInfo<B extends Bulk>(reply: RespValue): StreamInfo<B> {
  const fields = named(reply);
  return {
    ...streamFacts(fields),
    groups: count(fields, "groups"),
    firstEntry: streamEntryOrNull<B>(take(fields, "first-entry")),
    lastEntry: streamEntryOrNull<B>(take(fields, "last-entry")),
  };
}

export function streamDetails<B extends Bulk>(reply: RespValue): StreamDetails<B> {
  const fields = named(reply);
  return {
    ...streamFacts(fields),
    entries: streamEntries<B>(take(fields, "entries")),
    groups: array(take(fields, "groups")).map(groupDetails<B>),
  };
}

function groupProgress<B extends Bulk>(fields: Named): GroupProgress<B> {
  return {
    name: bulk<B>(take(fields, "name")),
    lastDeliveredId: text(take(fields, "last-delivered-id")),
    entriesRead: integerOrNull(take(fields, "entries-read")),
    lag: integerOrNull(take(fields, "lag")),
  };
}

function groupDetails<B extends Bulk>(reply: RespValue): GroupDetails<B> {
  const fields = named(reply);
  return {
    ...groupProgress<B>(fields),
    pendingCount: count(fields, "pel-count"),
    pending: array(take(fields, "pending")).map(groupDelivery<B>),
    consumers: array(take(fields, "consumers")).map(consumerDetails<B>),
  };
}

function groupDelivery<B extends Bulk>(reply: RespValue): GroupDelivery<B> {
  const [id = null, consumer = null, time = null, deliveries = null] = array(reply);
  return { ...consumerDelivery([id, time, deliveries]), consumer: bulk<B>(consumer) };
}

function consumerDelivery(reply: RespValue): ConsumerDelivery {
  const [id = null, time = null, deliveries = null] = array(reply);
  return {
    id: text(id),
    deliveredAtMilliseconds: integer(time),
    deliveries: integer(deliveries),
  };
}

function consumerDetails<B extends Bulk>(reply: RespValue): ConsumerDetails<B> {
  const fields = named(reply);
  return {
    name: bulk<B>(take(fields, "name")),
    seenAtMilliseconds: count(fields, "seen-time"),
    ...told(fields, "active-time", "activeAtMilliseconds"),
    pendingCount: count(fields, "pel-count"),
    pending: array(take(fields, "pending")).map(consumerDelivery),
  };
}

export function groupInfos<B extends Bulk>(reply: RespValue): GroupInfo<B>[] {
  return array(reply).map((item) => {
    const fields = named(item);
    return {
      ...groupProgress<B>(fields),
      consumers: count(fields, "consumers"),
      pending: count(fields, "pending"),
    };
  });
}

export function consumerInfos<B extends Bulk>(reply: RespValue): ConsumerInfo<B>[] {
  return array(reply).map((item) => {
    const fields = named(item);
    return {
      name: bulk<B>(take(fields, "name")),
      pending: count(fields, "pending"),
      idleInMilliseconds: count(fields, "idle"),
      ...told(fields, "inactive", "inactiveInMilliseconds"),
    };
  });
}
