import type { RespValue } from "../protocol/resp.ts";
import type { Decoder } from "./command.ts";
import { integer, list, text, trust } from "./decoders.ts";
import type { SlotRange } from "./decoders_cluster.ts";
import { parseRange } from "./decoders_cluster_nodes.ts";
import { fieldsOf } from "./decoders_fields.ts";

/** A migration of slots, as Redis tells of it. */
export interface SlotMigrationTask {
  readonly id: string;
  readonly slots: SlotRange[];
  /** The id of the node that has the slots. */
  readonly source: string;
  /** The id of the node that gets the slots. */
  readonly destination: string;
  /** What the node that was asked does: it gets them (`"import"`) or gives them (`"migrate"`). */
  readonly operation: "import" | "migrate";
  /** How far it is: `"completed"`, `"failed"`, `"canceled"`, or a step on the way. */
  readonly state: string;
  /** Why it failed last, or `""`. */
  readonly lastError: string;
  /** How often it was tried again. */
  readonly retries: number;
  /** When it was ordered: Unix time in milliseconds. */
  readonly createdAtMilliseconds: number;
  /** When it began: Unix time in milliseconds; 0 or less if it has not. */
  readonly startedAtMilliseconds: number;
  /** When it ended: Unix time in milliseconds; 0 or less if it has not. */
  readonly endedAtMilliseconds: number;
  /** For how long writes had to wait. */
  readonly writePauseInMilliseconds: number;
}

export const slotMigrationTasks: Decoder<SlotMigrationTask[]> = list((reply) => {
  const fields = fieldsOf(reply);
  const word = (name: string): string => text(fields[name] ?? "");
  const number = (name: string): number => integer(fields[name] ?? 0);
  return {
    id: word("id"),
    slots: rangesOf(word("slots")),
    source: word("source"),
    destination: word("dest"),
    operation: trust<"import" | "migrate">(word("operation")),
    state: word("state"),
    lastError: word("last_error"),
    retries: number("retries"),
    createdAtMilliseconds: number("create_time"),
    startedAtMilliseconds: number("start_time"),
    endedAtMilliseconds: number("end_time"),
    writePauseInMilliseconds: number("write_pause_ms"),
  };
});

/** A migration of slots, as Valkey tells of it. */
export interface SlotMigration {
  /** A name that no other migration has. */
  readonly name: string;
  /** What the node that was asked does: it gets the slots (`"IMPORT"`) or gives them. */
  readonly operation: "IMPORT" | "EXPORT";
  readonly slots: SlotRange[];
  /** The id of the node that gets the slots. */
  readonly targetNode: string;
  /** The id of the node that has the slots. */
  readonly sourceNode: string;
  /** When it was ordered: Unix time in seconds. */
  readonly createdAtSeconds: number;
  /** When its state changed last: Unix time in seconds. */
  readonly updatedAtSeconds: number;
  /** When the other node spoke last: Unix time in seconds. */
  readonly acknowledgedAtSeconds: number;
  /** How far it is: `"success"`, `"failed"`, `"cancelled"`, or a step on the way. */
  readonly state: string;
  /** More on the state, or `""`. */
  readonly message: string;
  /** Bytes of memory that were copied because they were written meanwhile. */
  readonly copyOnWriteBytes: number;
  /** Bytes of changes that must still be sent; `null` if the server does not tell. */
  readonly remainingBytes: number | null;
}

export const slotMigrations: Decoder<SlotMigration[]> = list((reply) => {
  const fields = fieldsOf(reply);
  const field = (name: string): RespValue => fields[name] ?? null;
  const word = (name: string): string => text(fields[name] ?? "");
  const remaining = field("remaining_repl_size");
  return {
    name: word("name"),
    operation: trust<"IMPORT" | "EXPORT">(word("operation")),
    slots: rangesOf(word("slot_ranges")),
    targetNode: word("target_node"),
    sourceNode: word("source_node"),
    createdAtSeconds: integer(field("create_time")),
    updatedAtSeconds: integer(field("last_update_time")),
    acknowledgedAtSeconds: integer(field("last_ack_time")),
    state: word("state"),
    message: word("message"),
    copyOnWriteBytes: integer(field("cow_size")),
    remainingBytes: remaining === null ? null : integer(remaining),
  };
});

/** `0-1 5-5`. */
function rangesOf(ranges: string): SlotRange[] {
  return ranges === "" ? [] : ranges.split(" ").map(parseRange);
}
