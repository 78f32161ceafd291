import type { RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import {
  array,
  bulk,
  eachPair,
  evenArray,
  integer,
  list,
  text,
  textOrNull,
  texts,
  unexpected,
} from "./decoders.ts";

/** One entry of a stream. */
export interface StreamEntry<B extends Bulk> {
  /** `"<milliseconds>-<number>"`; text in bytes form, too. */
  readonly id: string;
  /** The fields with their values, in their order; a field may be there more than once. */
  readonly fields: [field: B, value: B][];
}

/** An entry that a consumer got earlier and has not acknowledged. */
export interface PendingStreamEntry<B extends Bulk> {
  /** `"<milliseconds>-<number>"`; text in bytes form, too. */
  readonly id: string;
  /** The fields with their values; `null` if the entry was deleted meanwhile. */
  readonly fields: [field: B, value: B][] | null;
}

/** An entry with what a group knows of its deliveries. */
export interface DeliveredStreamEntry<B extends Bulk> extends StreamEntry<B> {
  /** How long ago it was delivered before; 0 for the first time. */
  readonly idleInMilliseconds: number;
  /** How often it was delivered before; 0 for the first time. */
  readonly deliveries: number;
}

/** What was read from one stream. */
export interface StreamRead<B extends Bulk, Entry = StreamEntry<B>> {
  /** The stream. */
  readonly key: B;
  /** Its entries, from the lowest id on. */
  readonly entries: Entry[];
}

function fieldPairs<B extends Bulk>(reply: RespValue): [field: B, value: B][] {
  const items = evenArray(reply);
  const fields: [B, B][] = [];
  for (let index = 0; index < items.length; index += 2) {
    fields.push([bulk<B>(items[index] ?? null), bulk<B>(items[index + 1] ?? null)]);
  }
  return fields;
}

export function streamEntry<B extends Bulk>(reply: RespValue): StreamEntry<B> {
  const [id = null, fields = null] = array(reply);
  return { id: text(id), fields: fieldPairs<B>(fields) };
}

export function streamEntryOrNull<B extends Bulk>(reply: RespValue): StreamEntry<B> | null {
  return reply === null ? null : streamEntry<B>(reply);
}

function pendingEntry<B extends Bulk>(reply: RespValue): PendingStreamEntry<B> {
  const [id = null, fields = null] = array(reply);
  return { id: text(id), fields: fields === null ? null : fieldPairs<B>(fields) };
}

function deliveredEntry<B extends Bulk>(reply: RespValue): DeliveredStreamEntry<B> {
  const [id = null, fields = null, idle = null, deliveries = null] = array(reply);
  return {
    id: text(id),
    fields: fieldPairs<B>(fields),
    idleInMilliseconds: integer(idle),
    deliveries: integer(deliveries),
  };
}

/** Entries; a server that is asked for none may say nil. */
export function streamEntries<B extends Bulk>(reply: RespValue): StreamEntry<B>[] {
  return reply === null ? [] : array(reply).map(streamEntry<B>);
}

/** What was read from each stream that had anything; `null` if none had. */
function streamReads<B extends Bulk, Entry>(
  reply: RespValue,
  entry: Decoder<Entry>,
): StreamRead<B, Entry>[] | null {
  if (reply === null) return null;
  const reads: StreamRead<B, Entry>[] = [];
  eachPair(reply, (key, entries) => {
    reads.push({ key: bulk<B>(key), entries: array(entries).map(entry) });
  });
  return reads;
}

export function readEntries<B extends Bulk>(reply: RespValue): StreamRead<B>[] | null {
  return streamReads<B, StreamEntry<B>>(reply, streamEntry<B>);
}

export function readPendingEntries<B extends Bulk>(
  reply: RespValue,
): StreamRead<B, PendingStreamEntry<B>>[] | null {
  return streamReads<B, PendingStreamEntry<B>>(reply, pendingEntry<B>);
}

export function readDeliveredEntries<B extends Bulk>(
  reply: RespValue,
): StreamRead<B, DeliveredStreamEntry<B>>[] | null {
  return streamReads<B, DeliveredStreamEntry<B>>(reply, deliveredEntry<B>);
}

/**
 * What became of an entry: it was deleted; it was kept, because a group still needs it; or it is
 * not there.
 */
export type EntryDeletion = "deleted" | "kept" | "missing";

export const entryDeletions: Decoder<EntryDeletion[]> = list((reply) => {
  switch (reply) {
    case 1:
      return "deleted";
    case 2:
      return "kept";
    case -1:
      return "missing";
    default:
      throw unexpected("1, 2 or -1", reply);
  }
});

/** One step of going through the entries that a group has pending. */
interface AutoclaimStep {
  /** Where the next step starts; `"0-0"` after the last one. */
  readonly cursor: string;
  /** Entries that were pending but no longer exist; they are not pending any more. */
  readonly deletedIds: string[];
}

/** The entries that one step of an automatic claim has claimed. */
export interface ClaimedEntries<B extends Bulk> extends AutoclaimStep {
  readonly entries: StreamEntry<B>[];
}

/** The ids of the entries that one step of an automatic claim has claimed. */
export interface ClaimedIds extends AutoclaimStep {
  readonly ids: string[];
}

export function claimedEntries<B extends Bulk>(reply: RespValue): ClaimedEntries<B> {
  const [cursor = null, entries = null, deleted = null] = array(reply);
  return { cursor: text(cursor), entries: streamEntries<B>(entries), deletedIds: texts(deleted) };
}

export function claimedIds(reply: RespValue): ClaimedIds {
  const [cursor = null, ids = null, deleted = null] = array(reply);
  return { cursor: text(cursor), ids: texts(ids), deletedIds: texts(deleted) };
}

/** What a group has pending: delivered, and not yet acknowledged. */
export interface PendingSummary<B extends Bulk> {
  /** How many entries are pending. */
  readonly count: number;
  /** The lowest id of them; `null` if nothing is pending. */
  readonly smallestId: string | null;
  /** The highest id of them; `null` if nothing is pending. */
  readonly greatestId: string | null;
  /** The consumers that have pending entries, and how many. */
  readonly consumers: { readonly name: B; readonly count: number }[];
}

export function pendingSummary<B extends Bulk>(reply: RespValue): PendingSummary<B> {
  const [count = null, smallest = null, greatest = null, counts = null] = array(reply);
  const consumers: { name: B; count: number }[] = [];
  eachPair(counts ?? [], (name, pending) => {
    consumers.push({ name: bulk<B>(name), count: Number(text(pending)) });
  });
  return {
    count: integer(count),
    smallestId: textOrNull(smallest),
    greatestId: textOrNull(greatest),
    consumers,
  };
}

/** An entry that was delivered to a consumer and is not yet acknowledged. */
export interface PendingDelivery<B extends Bulk> {
  readonly id: string;
  /** The consumer that has it. */
  readonly consumer: B;
  /** How long ago it was last delivered. */
  readonly idleInMilliseconds: number;
  /** How often it was delivered. */
  readonly deliveries: number;
}

export function pendingDeliveries<B extends Bulk>(reply: RespValue): PendingDelivery<B>[] {
  return array(reply).map((item) => {
    const [id = null, consumer = null, idle = null, deliveries = null] = array(item);
    return {
      id: text(id),
      consumer: bulk<B>(consumer),
      idleInMilliseconds: integer(idle),
      deliveries: integer(deliveries),
    };
  });
}
