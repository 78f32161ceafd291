/** One client's way through a proxy. */
import type { Socket } from "node:net";
import { Ring } from "../base/ring.ts";
import type { Direction, Fault, FreezeFault, PlacedFault } from "./faults.ts";
import { Lane } from "./lane.ts";
import { SeededRandom } from "./random.ts";
import { destroy } from "./sockets.ts";

/** How a connection ends. */
export interface CutOptions {
  /** With a reset (RST), as a crash does, instead of an orderly end (FIN). Default: `false`. */
  readonly reset?: boolean | undefined;
}

/** What becomes of a chunk: it goes on, it vanishes, or the connection is destroyed instead. */
export type Verdict = "forward" | "drop" | "cut";

/**
 * Says which faults a connection has. It is called once for each connection: when it is made, or
 * when the plan is set. What it draws from `connection.random()` is the same for the same seed.
 *
 * @example
 * ```ts
 * await using server = await startServer();
 * await using proxy = await startProxy(server);
 * // The first connection is slow, all others are not.
 * proxy.faults = ({ id }) => (id === 1 ? [{ kind: "latency", ms: 50 }] : []);
 * ```
 */
export type FaultPlan = (connection: ProxyConnection) => readonly Fault[];

/** What a connection asks of its proxy. @internal */
export interface ConnectionOwner {
  readonly seed: number;
  decide(direction: Direction, chunk: Buffer, connection: ProxyConnection): Verdict;
  /** Counts how often a fault happens, over all connections. */
  mayHappen(fault: PlacedFault): boolean;
}

const DIRECTIONS = ["toServer", "toClient"] as const;

/**
 * One client's connection through a `TestProxy`: a socket on each side. The proxy makes it, and
 * gives it to hooks and fault plans.
 */
export class ProxyConnection {
  /** 1 for the first connection that the proxy accepted, and so on. */
  readonly id: number;
  /** When both sides are closed. @internal */
  readonly closed: Promise<void>;
  readonly #sockets: Readonly<Record<Direction, Socket>>;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  readonly #random: SeededRandom;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #owed = new Ring<string>();

  /** @internal */
  constructor(id: number, client: Socket, server: Socket, owner: ConnectionOwner) {
    this.id = id;
    this.#random = new SeededRandom(owner.seed, 3 * id);
    this.#sockets = { toServer: server, toClient: client };
    this.#lanes = {
      toServer: this.#lane("toServer", owner),
      toClient: this.#lane("toClient", owner),
    };
    const ends = [client, server].map((it) => new Promise((resolve) => it.once("close", resolve)));
    this.closed = Promise.all(ends).then(() => this.#end());
  }

  /** A random number from 0 to below 1: the same ones for the same proxy seed and `id`. */
  random(): number {
    return this.#random.next();
  }

  /**
   * Sends bytes of one's own to one side at once, whatever waits, such as the first half of a chunk
   * that is then cut.
   */
  send(direction: Direction, bytes: Uint8Array): void {
    const socket = this.#sockets[direction];
    if (socket.writable) socket.write(bytes);
  }

  /** Destroys both sides now. What was held or late is lost. */
  cut({ reset = false }: CutOptions = {}): void {
    this.blackHole();
    for (const socket of Object.values(this.#sockets)) destroy(socket, reset);
  }

  /** Stops forwarding in one direction, by default in both. Nothing is lost. */
  hold(direction?: Direction): void {
    for (const lane of this.#some(direction)) lane.hold();
  }

  /** Forwards again in one direction, by default in both. */
  release(direction?: Direction): void {
    for (const lane of this.#some(direction)) lane.releaseAll();
  }

  /**
   * Lets everything vanish from now on in one direction, by default in both: bytes, what was held,
   * and the end of the connection.
   */
  blackHole(direction?: Direction): void {
    for (const lane of this.#some(direction)) lane.die();
  }

  /** Replaces the faults for what comes from now on. @internal */
  setFaults(faults: readonly Fault[]): void {
    const placed = faults.filter(isPlaced);
    for (const lane of this.#some()) lane.set(faults, placed);
    for (const fault of faults) {
      if (isPlaced(fault)) continue;
      if (fault.kind === "freeze" || fault.kind === "blackHole") this.#happen(fault);
    }
  }

  #lane(direction: Direction, owner: ConnectionOwner): Lane {
    const { toServer, toClient } = this.#sockets;
    const [from, to] = direction === "toServer" ? [toClient, toServer] : [toServer, toClient];
    const random = new SeededRandom(owner.seed, 3 * this.id + 1 + DIRECTIONS.indexOf(direction));
    return new Lane(direction, { from, to }, random, {
      lets: (chunk) => {
        const verdict = owner.decide(direction, chunk, this);
        if (verdict === "cut") this.cut();
        return verdict === "forward";
      },
      owed: this.#owed,
      mayHappen: (fault) => owner.mayHappen(fault),
      happen: (fault) => this.#happen(fault),
    });
  }

  #some(direction?: Direction): readonly Lane[] {
    return direction ? [this.#lanes[direction]] : Object.values(this.#lanes);
  }

  #happen(fault: Fault): void {
    if (fault.kind === "cut") this.cut(fault);
    else if (fault.kind === "blackHole") this.blackHole(fault.direction);
    else if (fault.kind === "freeze") this.#freeze(fault);
  }

  #freeze({ direction, ms }: FreezeFault): void {
    if (ms === undefined) return this.hold(direction);
    const lanes = this.#some(direction);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      for (const lane of lanes) lane.release(timer);
    }, ms);
    this.#timers.add(timer);
    for (const lane of lanes) lane.hold(timer);
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.blackHole();
  }
}

function isPlaced(fault: Fault): fault is PlacedFault {
  return "at" in fault && fault.at !== undefined;
}
