import type { RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import {
  array,
  bulks,
  double,
  eachPair,
  emptyRecord,
  integer,
  list,
  record,
  text,
} from "./decoders.ts";

/** A command that took long. */
export interface SlowlogEntry<B extends Bulk> {
  /** The number of the entry; never used twice by one run of the server. */
  readonly id: number;
  /** When the command was run. */
  readonly unixSeconds: number;
  /** How long it took, without waiting and transport. */
  readonly durationInMicroseconds: number;
  /**
   * The words of the command; long ones and many are cut by the server, which says so in their
   * place.
   */
  readonly arguments: B[];
  /** Address and port of the client. @since 4.0.0 */
  readonly clientAddress: string;
  /** The name of the connection, or `""`. @since 4.0.0 */
  readonly clientName: string;
}

export function slowlogEntries<B extends Bulk>(reply: RespValue): SlowlogEntry<B>[] {
  return array(reply).map((item) => {
    const entry = array(item);
    return {
      id: integer(entry[0] ?? null),
      unixSeconds: integer(entry[1] ?? null),
      durationInMicroseconds: integer(entry[2] ?? null),
      arguments: bulks<B>(entry[3] ?? null),
      clientAddress: text(entry[4] ?? ""),
      clientName: text(entry[5] ?? ""),
    };
  });
}

/** A spike of latency. */
export interface LatencySample {
  /** When it happened. */
  readonly unixSeconds: number;
  /** How long the server was held up. */
  readonly latencyInMilliseconds: number;
}

export const latencySamples: Decoder<LatencySample[]> = list((reply) => {
  const [unixSeconds = null, latency = null] = array(reply);
  return { unixSeconds: integer(unixSeconds), latencyInMilliseconds: integer(latency) };
});

/** The spikes of one event. */
export interface LatencyEvent {
  /** The event: `"command"`, `"fork"`, `"expire-cycle"` … */
  readonly event: string;
  /** When the last spike happened. */
  readonly unixSeconds: number;
  /** How long the last spike held up the server. */
  readonly latestInMilliseconds: number;
  /** How long the worst spike held up the server. */
  readonly maxInMilliseconds: number;
}

export const latencyEvents: Decoder<LatencyEvent[]> = list((reply) => {
  const [event = null, unixSeconds = null, latest = null, max = null] = array(reply);
  return {
    event: text(event),
    unixSeconds: integer(unixSeconds),
    latestInMilliseconds: integer(latest),
    maxInMilliseconds: integer(max),
  };
});

/** How long the calls of a command took. */
export interface LatencyHistogram {
  /** How many calls there were. */
  readonly calls: number;
  /** For each bound in microseconds, how many calls took at most so long. */
  readonly histogram: Map<number, number>;
}

export const latencyHistograms: Decoder<Record<string, LatencyHistogram>> = record((reply) => {
  let calls = 0;
  const histogram = new Map<number, number>();
  eachPair(reply, (name, value) => {
    if (text(name) === "calls") calls = integer(value);
    if (text(name) !== "histogram_usec") return;
    eachPair(value, (bound, count) => histogram.set(integer(bound), integer(count)));
  });
  return { calls, histogram };
});

/**
 * Where the memory of the server goes, in bytes unless said otherwise; `NaN` if the server does not
 * say.
 */
export interface MemoryStats {
  /** The most memory that was ever in use. */
  readonly peakAllocated: number;
  /** All memory in use. */
  readonly totalAllocated: number;
  /** The memory that was in use after the start. */
  readonly startupAllocated: number;
  /** The replication backlog. */
  readonly replicationBacklog: number;
  /** The buffers of replicas. */
  readonly clientsSlaves: number;
  /** The buffers of ordinary connections. */
  readonly clientsNormal: number;
  /** The links of a cluster's nodes. @since 7.0.0 */
  readonly clusterLinks: number;
  /** The buffer of the append-only file. */
  readonly aofBuffer: number;
  /** Scripts. */
  readonly luaCaches: number;
  /** Functions. @since 7.0.0 */
  readonly functionsCaches: number;
  /** Everything but the data. */
  readonly overheadTotal: number;
  /** How many keys there are. */
  readonly keysCount: number;
  /** The average of a key. */
  readonly keysBytesPerKey: number;
  /** The data. */
  readonly datasetBytes: number;
  /** The data in percent of the memory in use, without what was in use after the start. */
  readonly datasetPercentage: number;
  /** The memory in use in percent of the peak. */
  readonly peakPercentage: number;
  /** Memory of the process in relation to memory in use. */
  readonly fragmentation: number;
  /** Memory of the process above memory in use. */
  readonly fragmentationBytes: number;
  /** The overhead of each database that has keys, by its number and then by the server's names. */
  readonly databases: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Everything else, too, by the server's names (`"allocator.resident"`). */
  readonly fields: Readonly<Record<string, number>>;
}

export function memoryStats(reply: RespValue): MemoryStats {
  const { fields, databases } = splitMemoryStats(reply);
  const number = (name: string): number => fields[name] ?? Number.NaN;
  return {
    peakAllocated: number("peak.allocated"),
    totalAllocated: number("total.allocated"),
    startupAllocated: number("startup.allocated"),
    replicationBacklog: number("replication.backlog"),
    clientsSlaves: number("clients.slaves"),
    clientsNormal: number("clients.normal"),
    clusterLinks: number("cluster.links"),
    aofBuffer: number("aof.buffer"),
    luaCaches: number("lua.caches"),
    functionsCaches: number("functions.caches"),
    overheadTotal: number("overhead.total"),
    keysCount: number("keys.count"),
    keysBytesPerKey: number("keys.bytes-per-key"),
    datasetBytes: number("dataset.bytes"),
    datasetPercentage: number("dataset.percentage"),
    peakPercentage: number("peak.percentage"),
    fragmentation: number("fragmentation"),
    fragmentationBytes: number("fragmentation.bytes"),
    databases,
    fields,
  };
}

const numbers: Decoder<Record<string, number>> = record(double);

/** Databases are `db.0` with a map; all else is a number. */
function splitMemoryStats(reply: RespValue): Pick<MemoryStats, "fields" | "databases"> {
  const fields = emptyRecord<number>();
  const databases = emptyRecord<Record<string, number>>();
  eachPair(reply, (name, value) => {
    const label = text(name);
    if (Array.isArray(value)) databases[label.replace(/^db\./, "")] = numbers(value);
    else fields[label] = double(value);
  });
  return { fields, databases };
}
