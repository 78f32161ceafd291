import type { RespValue } from "../protocol/resp.ts";
import type { Bulk } from "./command.ts";
import { array, bulk, eachPair, emptyRecord, integer } from "./decoders.ts";
import type { SlotRange } from "./decoders_cluster.ts";
import { fieldsOf } from "./decoders_fields.ts";

/** A key and how much of something its commands took. */
export interface HotKey<B extends Bulk> {
  readonly key: B;
  /** Microseconds of the processor, or bytes of the network. */
  readonly amount: number;
}

/** The keys that the server was busy with. What was not counted is `null`. */
export interface HotKeys<B extends Bulk> {
  /** Whether the server goes on counting. */
  readonly isActive: boolean;
  /** One command of so many was counted. */
  readonly sampleRatio: number;
  /** The slots whose keys were counted; without a cluster all. */
  readonly selectedSlots: SlotRange[];
  /** When it began: Unix time in milliseconds. */
  readonly startedAtMilliseconds: number;
  /** For how long it has been counting, or had been. */
  readonly durationInMilliseconds: number;
  /** The keys that took most of the processor, the first one most. */
  readonly byCpuMicroseconds: HotKey<B>[] | null;
  /** The keys that took most of the network, the first one most. */
  readonly byNetworkBytes: HotKey<B>[] | null;
  /** Microseconds of the processor for all commands. */
  readonly allCpuMicroseconds: number | null;
  /** Microseconds of the processor for all commands on the selected slots. */
  readonly selectedCpuMicroseconds: number | null;
  /** Microseconds of the processor for the commands that were counted, on the selected slots. */
  readonly sampledCpuMicroseconds: number | null;
  /** Bytes of the network for all commands. */
  readonly allNetworkBytes: number | null;
  /** Bytes of the network for all commands on the selected slots. */
  readonly selectedNetworkBytes: number | null;
  /** Bytes of the network for the commands that were counted, on the selected slots. */
  readonly sampledNetworkBytes: number | null;
  /** Everything that is a number, by the server's names (`"total-cpu-time-user-ms"`). */
  readonly fields: Readonly<Record<string, number>>;
}

/** One map in an array, or nil. */
export function hotKeysOrNull<B extends Bulk>(reply: RespValue): HotKeys<B> | null {
  const first = reply === null ? null : (array(reply)[0] ?? null);
  return first === null ? null : hotKeys<B>(first);
}

function hotKeys<B extends Bulk>(reply: RespValue): HotKeys<B> {
  const values = fieldsOf(reply);
  const fields = numbersOf(values);
  const number = (name: string): number | null => fields[name] ?? null;
  return {
    isActive: fields["tracking-active"] === 1,
    sampleRatio: integer(values["sample-ratio"] ?? null),
    selectedSlots: array(values["selected-slots"] ?? []).map(slotRange),
    startedAtMilliseconds: integer(values["collection-start-time-unix-ms"] ?? null),
    durationInMilliseconds: integer(values["collection-duration-ms"] ?? null),
    byCpuMicroseconds: keysOrNull<B>(values["by-cpu-time-us"] ?? null),
    byNetworkBytes: keysOrNull<B>(values["by-net-bytes"] ?? null),
    allCpuMicroseconds: number("all-commands-all-slots-us"),
    selectedCpuMicroseconds: number("all-commands-selected-slots-us"),
    sampledCpuMicroseconds: number("sampled-commands-selected-slots-us"),
    allNetworkBytes: number("net-bytes-all-commands-all-slots"),
    selectedNetworkBytes: number("net-bytes-all-commands-selected-slots"),
    sampledNetworkBytes: number("net-bytes-sampled-commands-selected-slots"),
    fields,
  };
}

function numbersOf(values: Readonly<Record<string, RespValue>>): Record<string, number> {
  const numbers = emptyRecord<number>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") numbers[name] = value;
  }
  return numbers;
}

/** `[5]` or `[5, 10]`. */
function slotRange(reply: RespValue): SlotRange {
  const [start = null, end = start] = array(reply);
  return { start: integer(start), end: integer(end) };
}

function keysOrNull<B extends Bulk>(reply: RespValue): HotKey<B>[] | null {
  if (reply === null) return null;
  const keys: HotKey<B>[] = [];
  eachPair(reply, (key, amount) => {
    keys.push({ key: bulk<B>(key), amount: integer(amount) });
  });
  return keys;
}
