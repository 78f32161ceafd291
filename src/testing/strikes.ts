/** Finds the places of faults in a stream of bytes. */
import type { Direction, Place, PlacedFault } from "./faults.ts";
import type { Boundary } from "./frames.ts";

/** A fault's place in a chunk: before the byte at `offset`. */
export interface Hit {
  readonly offset: number;
  readonly fault: PlacedFault;
}

/** A fault whose place is not yet found. */
interface Armed {
  readonly fault: PlacedFault;
  /** How many commands or replies still begin up to its own. */
  framesLeft: number;
  /** Counted from the beginning of the stream; `undefined` before its command or reply began. */
  position: number | undefined;
}

/** The faults that are to happen at a place in one direction, each of them once. */
export class Strikes {
  #armed: readonly Armed[];
  /** Where the chunk begins in the stream. */
  #base = 0;

  constructor(faults: readonly PlacedFault[], direction: Direction) {
    this.#armed = faults
      .filter(({ at }) => directionOf(at) === direction)
      .map((fault) => ({ fault, ...beginning(fault.at) }));
  }

  /** Whether it must know where commands or replies begin and end. */
  get countFrames(): boolean {
    return this.#armed.some(({ fault }) => !("direction" in fault.at));
  }

  /** The places in the next `length` bytes, in order. */
  find(length: number, boundaries: readonly Boundary[]): Hit[] {
    const hits: Hit[] = [];
    const missed: Armed[] = [];
    for (const armed of this.#armed) {
      const offset = this.#locate(armed, length, boundaries);
      if (offset === undefined) missed.push(armed);
      else hits.push({ offset, fault: armed.fault });
    }
    this.#armed = missed;
    this.#base += length;
    return hits.sort((a, b) => a.offset - b.offset);
  }

  #locate(armed: Armed, length: number, boundaries: readonly Boundary[]): number | undefined {
    const { at } = armed.fault;
    if (!("direction" in at)) {
      for (const { type, offset, name } of boundaries) {
        const isBegun = armed.position !== undefined;
        // Behind a shorter one than was expected there is nothing of it any more.
        if (type === "end" && isBegun) return this.#offsetOf(armed, offset);
        if (type === "end" || isBegun || !isNamed(at.of, name)) continue;
        armed.framesLeft -= 1;
        if (armed.framesLeft > 0) continue;
        armed.position = this.#base + offset + (at.bytes === "all" ? Infinity : (at.bytes ?? 0));
      }
    }
    const offset = this.#offsetOf(armed, Infinity);
    const isReached = offset < length || (offset === length && at.bytes !== 0);
    return isReached ? offset : undefined;
  }

  #offsetOf({ position = Infinity }: Armed, limit: number): number {
    return Math.min(position - this.#base, limit);
  }
}

function directionOf(at: Place): Direction {
  if ("direction" in at) return at.direction;
  return "command" in at ? "toServer" : "toClient";
}

function beginning(at: Place): { framesLeft: number; position: number | undefined } {
  if ("direction" in at) return { framesLeft: 0, position: at.bytes };
  return { framesLeft: "command" in at ? at.command : at.reply, position: undefined };
}

function isNamed(wanted: string | undefined, name: string): boolean {
  return wanted === undefined || wanted.toUpperCase() === name;
}
