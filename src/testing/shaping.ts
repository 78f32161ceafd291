/** When, and in which packets, bytes go on. */
import { now } from "../base/clock.ts";
import type { BandwidthFault, Direction, Fault, LatencyFault } from "./faults.ts";
import type { SeededRandom } from "./random.ts";

/** Bytes that go on in one packet. */
export interface Packet {
  readonly bytes: Buffer;
  /** On the clock of `clock.ts`. */
  readonly notBefore: number;
  /** Milliseconds after the packet before it. */
  readonly gapMs: number;
}

/** Bytes, and how long after the ones before them. */
interface Part {
  readonly bytes: Buffer;
  readonly gapMs: number;
}

/** So long, in milliseconds, is the bandwidth of a slice. */
const SLICE_MS = 10;

/** What slows one direction of one connection down. */
export class Shaping {
  readonly #latencies: readonly LatencyFault[];
  readonly #bandwidths: readonly BandwidthFault[];
  readonly #splitters: readonly Splitter[];
  readonly #random: SeededRandom;

  constructor(faults: readonly Fault[], direction: Direction, random: SeededRandom) {
    const own = faults.filter(
      (it) => !("direction" in it) || (it.direction ?? direction) === direction,
    );
    this.#latencies = own.filter((it) => it.kind === "latency");
    this.#bandwidths = own.filter((it) => it.kind === "bandwidth");
    this.#splitters = own.flatMap((it) => {
      if (it.kind === "drip") return new Splitter([1], it.ms);
      return it.kind === "split" ? new Splitter(it.sizes, it.ms) : [];
    });
    this.#random = random;
  }

  shape(bytes: Buffer): Packet[] {
    let parts: Part[] = [{ bytes, gapMs: 0 }];
    for (const splitter of this.#splitters) parts = parts.flatMap((part) => splitter.split(part));
    for (const fault of this.#bandwidths) parts = parts.flatMap((part) => slices(part, fault));
    const notBefore = this.#latency();
    return parts.map((part) => ({ ...part, notBefore }));
  }

  #latency(): number {
    let late = 0;
    for (const { ms, jitter = 0 } of this.#latencies) late += ms + jitter * this.#random.next();
    return late === 0 ? 0 : now() + late;
  }
}

/** Goes round a list of sizes, whatever the chunks are. */
class Splitter {
  readonly #sizes: readonly number[];
  readonly #gapMs: number;
  #index = 0;
  /** How much the packet still takes. */
  #left = 0;

  constructor(sizes: readonly number[], gapMs = 1) {
    this.#sizes = sizes;
    this.#gapMs = gapMs;
  }

  split({ bytes, gapMs }: Part): Part[] {
    const parts: Part[] = [];
    let at = 0;
    while (at < bytes.length) {
      const isNew = this.#left === 0;
      if (isNew) this.#left = this.#nextSize();
      const end = Math.min(at + this.#left, bytes.length);
      this.#left -= end - at;
      const own = isNew ? this.#gapMs : 0;
      parts.push({ bytes: bytes.subarray(at, end), gapMs: at === 0 ? Math.max(gapMs, own) : own });
      at = end;
    }
    return parts;
  }

  #nextSize(): number {
    const size = this.#sizes[this.#index % this.#sizes.length] ?? 1;
    this.#index += 1;
    return Math.max(1, size);
  }
}

/** A part so cut that the bytes flow evenly. */
function slices({ bytes, gapMs }: Part, { bytesPerSecond }: BandwidthFault): Part[] {
  const size = Math.max(1, Math.floor((bytesPerSecond * SLICE_MS) / 1000));
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const slice = bytes.subarray(at, at + size);
    const own = (slice.length * 1000) / bytesPerSecond;
    parts.push({ bytes: slice, gapMs: at === 0 ? Math.max(gapMs, own) : own });
  }
  return parts;
}
