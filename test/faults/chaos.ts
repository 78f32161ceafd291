import type { Direction, ProxyConnection, TestProxy, Verdict } from "../../src/testing/index.ts";

/** Numbers that look random and are the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `end - 1`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }
}

/** How often a chunk of bytes meets with what; the rest is forwarded as it is. */
export interface Odds {
  /** Comes late, in pieces, in order. */
  readonly drip: number;
  /** The connection is cut instead of forwarding it, in the middle of it, or behind it. */
  readonly cut: number;
  /** From here on the connection swallows everything in this direction, and stays open. */
  readonly blackHole: number;
}

/** What waits to go on in one direction of one connection. */
interface Lane {
  readonly pieces: Buffer[];
  isDead: boolean;
}

/** Disturbs the conversations that go through a proxy, as its random numbers say. */
export class Chaos {
  /** How often each kind of disturbance has happened. */
  readonly counts = { drip: 0, cutBefore: 0, cutInside: 0, cutAfter: 0, blackHole: 0, refuse: 0 };
  readonly #proxy: TestProxy;
  readonly #random: Random;
  readonly #odds: Odds;
  readonly #lanes = new WeakMap<ProxyConnection, Record<Direction, Lane>>();

  constructor(proxy: TestProxy, random: Random, odds: Odds) {
    this.#proxy = proxy;
    this.#random = random;
    this.#odds = odds;
  }

  start(): void {
    this.#proxy.onClientBytes = (chunk, connection) => this.#decide("toServer", chunk, connection);
    this.#proxy.onServerBytes = (chunk, connection) => this.#decide("toClient", chunk, connection);
  }

  /** Refuses connections for a moment. */
  refuse(milliseconds: number): void {
    this.counts.refuse += 1;
    this.#proxy.accepting = false;
    this.#proxy.cut();
    setTimeout(() => {
      this.#proxy.accepting = true;
    }, milliseconds);
  }

  #decide(direction: Direction, chunk: Buffer, connection: ProxyConnection): Verdict {
    const lane = this.#lane(connection, direction);
    if (lane.isDead) return "drop";
    const fate = this.#random.next();
    const { drip, cut, blackHole } = this.#odds;
    if (fate < cut) return this.#cut(lane, { direction, chunk, connection });
    if (fate < cut + blackHole) {
      this.counts.blackHole += 1;
      lane.isDead = true;
      return "drop";
    }
    if (lane.pieces.length === 0 && fate >= cut + blackHole + drip) return "forward";
    // What comes after something that waits must wait, too.
    this.counts.drip += 1;
    const at = this.#random.below(chunk.length);
    lane.pieces.push(chunk.subarray(0, at), chunk.subarray(at));
    if (lane.pieces.length === 2) this.#drip(lane, direction, connection);
    return "drop";
  }

  #cut(
    lane: Lane,
    {
      direction,
      chunk,
      connection,
    }: {
      readonly direction: Direction;
      readonly chunk: Buffer;
      readonly connection: ProxyConnection;
    },
  ): Verdict {
    lane.isDead = true;
    const where = this.#random.below(3);
    if (where === 0 || lane.pieces.length > 0) {
      this.counts.cutBefore += 1;
      return "cut";
    }
    const end = where === 1 ? this.#random.below(chunk.length) : chunk.length;
    this.counts[where === 1 ? "cutInside" : "cutAfter"] += 1;
    connection.send(direction, chunk.subarray(0, end));
    // Not before the kernel has taken what was sent.
    setTimeout(() => connection.cut(), 2);
    return "drop";
  }

  #drip(lane: Lane, direction: Direction, connection: ProxyConnection): void {
    setTimeout(() => {
      const piece = lane.pieces.shift();
      if (lane.isDead || piece === undefined) return;
      connection.send(direction, piece);
      if (lane.pieces.length > 0) this.#drip(lane, direction, connection);
    }, this.#random.below(4));
  }

  #lane(connection: ProxyConnection, direction: Direction): Lane {
    let lanes = this.#lanes.get(connection);
    if (lanes === undefined) {
      const lane = (): Lane => ({ pieces: [], isDead: false });
      lanes = { toServer: lane(), toClient: lane() };
      this.#lanes.set(connection, lanes);
    }
    return lanes[direction];
  }
}
