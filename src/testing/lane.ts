/** One direction of a connection through a proxy. */
import type { Socket } from "node:net";
import { now } from "../base/clock.ts";
import { Ring } from "../base/ring.ts";
import type { Direction, Fault, PlacedFault } from "./faults.ts";
import { FrameScanner } from "./frames.ts";
import type { SeededRandom } from "./random.ts";
import { type Packet, Shaping } from "./shaping.ts";
import { destroy } from "./sockets.ts";
import { Strikes } from "./strikes.ts";

/** What a lane asks of its connection. */
export interface LaneOwner {
  /** Whether a chunk goes on at all; asked before any fault. */
  lets(chunk: Buffer): boolean;
  /** The names of the commands that are owed replies. */
  readonly owed: Ring<string>;
  /** Whether a fault whose place was found happens; counts. */
  mayHappen(fault: PlacedFault): boolean;
  /** Makes a fault happen; everything before its place has gone on. */
  happen(fault: PlacedFault): void;
}

/** Something to be done when all that came before it has gone on. */
type Step = () => void;

/** So many bytes may wait here; then the sender waits, too. */
const MAX_QUEUED_BYTES = 64 * 1024;
const NONE: Buffer = Buffer.alloc(0);

/**
 * Takes bytes from one socket and gives them to another one, as its faults allow. Everything goes
 * on in order, steps and the end of the stream included.
 *
 * `from` ─ scanner ─ `#strikes` ─ `#shaping` ─ `#queue` ─ `to`
 *
 * It waits for a timer, a write or `release`, or its queue is empty. Once dead it drops everything.
 */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #owner: LaneOwner;
  readonly #direction: Direction;
  readonly #random: SeededRandom;
  readonly #scanner: FrameScanner;
  /** The beginning of a command whose name is not there yet. */
  #rest: Buffer = NONE;
  #strikes: Strikes;
  #shaping: Shaping;
  /** How many of the bytes that come next are to be changed. */
  #toCorrupt = 0;
  readonly #queue = new Ring<Packet | Step>();
  #queuedBytes = 0;
  #lastLeft = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Who holds it. */
  readonly #holders = new Set<unknown>();
  /** Whether a step waits for bytes to be written. */
  #isFlushing = false;
  #isDead = false;

  constructor(
    direction: Direction,
    { from, to }: { readonly from: Socket; readonly to: Socket },
    random: SeededRandom,
    owner: LaneOwner,
  ) {
    this.#from = from;
    this.#to = to;
    this.#owner = owner;
    this.#direction = direction;
    this.#random = random;
    this.#scanner = new FrameScanner(direction, owner.owed);
    this.#strikes = new Strikes([], direction);
    this.#shaping = new Shaping([], direction, random);
    this.#listen();
  }

  /** Replaces the faults for what comes from now on. What waits goes on as it would have. */
  set(faults: readonly Fault[], placed: readonly PlacedFault[]): void {
    this.#strikes = new Strikes(placed, this.#direction);
    this.#shaping = new Shaping(faults, this.#direction, this.#random);
  }

  /** Stops it until everybody who holds it has released it. */
  hold(by?: unknown): void {
    this.#holders.add(by);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#throttle();
  }

  /** Lets it go on for one who held it. */
  release(by: unknown): void {
    if (this.#holders.delete(by)) this.#resume();
  }

  /** Lets it go on, whoever holds it. */
  releaseAll(): void {
    this.#holders.clear();
    this.#resume();
  }

  /** Drops what waits and what will come, the end of the stream included. */
  die(): void {
    this.#isDead = true;
    clearTimeout(this.#timer);
    this.#queue.drain();
    this.#queuedBytes = 0;
    this.#throttle();
  }

  #listen(): void {
    this.#from.on("data", (chunk: Buffer) => {
      if (!this.#isDead) this.#receive(chunk);
    });
    this.#from.on("end", () => {
      this.#pass(this.#rest);
      this.#add(() => this.#to.end());
    });
    let isReset = false;
    this.#from.on("error", ({ code }: NodeJS.ErrnoException) => {
      isReset = code === "ECONNRESET";
    });
    // A broken side breaks the other one; "close" follows each error.
    this.#from.on("close", (hadError) => {
      if (hadError) this.#add(() => destroy(this.#to, isReset));
    });
    this.#to.on("drain", () => this.#throttle());
  }

  #receive(chunk: Buffer): void {
    if (!this.#owner.lets(chunk)) return;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const { boundaries, end } = this.#scanner.scan(bytes, this.#strikes.countFrames);
    this.#rest = bytes.subarray(end);
    let at = 0;
    for (const { offset, fault } of this.#strikes.find(end, boundaries)) {
      if (!this.#owner.mayHappen(fault)) continue;
      this.#pass(bytes.subarray(at, offset));
      at = offset;
      if (fault.kind === "insert") this.#shape(Buffer.from(fault.bytes));
      else if (fault.kind === "corrupt") this.#toCorrupt = fault.length ?? 1;
      else this.#add(() => this.#owner.happen(fault));
    }
    this.#pass(bytes.subarray(at, end));
  }

  #resume(): void {
    if (this.#timer === undefined) this.#run();
    this.#throttle();
  }

  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const count = Math.min(this.#toCorrupt, bytes.length);
    this.#toCorrupt -= count;
    for (let at = 0; at < count; at += 1) {
      // Never to the same value, so that a corrupt byte is one.
      bytes[at] = (bytes[at] ?? 0) ^ (1 + this.#random.below(255));
    }
    this.#shape(bytes);
  }

  #shape(bytes: Buffer): void {
    for (const packet of this.#shaping.shape(bytes)) this.#add(packet);
  }

  #add(it: Packet | Step): void {
    if (this.#isDead) return;
    this.#queue.push(it);
    if (typeof it !== "function") this.#queuedBytes += it.bytes.length;
    this.#resume();
  }

  /** Lets go on what is due, and sets the timer for the rest. */
  #run(): void {
    this.#timer = undefined;
    while (this.#holders.size === 0 && !this.#isFlushing) {
      const next = this.#queue.peek();
      if (next === undefined) break;
      if (typeof next === "function") {
        this.#queue.shift();
        this.#whenWritten(next);
        continue;
      }
      const waitMs = Math.max(next.notBefore, this.#lastLeft + next.gapMs) - now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#run(), Math.ceil(waitMs));
        break;
      }
      this.#queue.shift();
      this.#queuedBytes -= next.bytes.length;
      this.#lastLeft = now();
      if (this.#to.writable) this.#to.write(next.bytes);
    }
    this.#throttle();
  }

  /** Takes a step when the kernel has all that was written. */
  #whenWritten(step: Step): void {
    if (!this.#to.writable || this.#to.writableLength === 0) return step();
    this.#isFlushing = true;
    this.#to.write(NONE, () => {
      this.#isFlushing = false;
      step();
      this.#run();
    });
  }

  /** A slow receiver slows the sender down, as it would without a proxy. */
  #throttle(): void {
    const isFull = this.#queuedBytes > MAX_QUEUED_BYTES || this.#to.writableNeedDrain;
    if (this.#holders.size > 0 || (isFull && !this.#isDead)) this.#from.pause();
    else this.#from.resume();
  }
}
