import type { Choices } from "./choices.ts";
import type { VirtualClock } from "./clock.ts";
import type { ModelServer } from "./model_server.ts";
import type { Network, Tell } from "./network.ts";
import type { Record } from "./record.ts";

/** A run that has not come to an end by then never does. */
const MAX_ROUNDS = 3_000;

/** What moves by itself at the end of a run: what does not stays as it is for ever. */
export interface Motion {
  /** New connections come about, and bytes move; those of frozen connections only if thawed. */
  readonly network: boolean;
  /** Whoever has paused goes on. @returns whether anybody had */
  readonly resume?: () => boolean;
}

/** Everything outside of the client: server, network and time. */
export class World {
  readonly choices: Choices;
  readonly clock: VirtualClock;
  readonly server: ModelServer;
  readonly network: Network;
  readonly record: Record;
  readonly tell: Tell;

  constructor(parts: Pick<World, "choices" | "clock" | "server" | "network" | "record" | "tell">) {
    this.choices = parts.choices;
    this.clock = parts.clock;
    this.server = parts.server;
    this.network = parts.network;
    this.record = parts.record;
    this.tell = parts.tell;
  }

  /** Whether something will happen when time passes. */
  get #hasNext(): boolean {
    return this.clock.nextAt !== Infinity || this.server.nextAt !== Infinity;
  }

  /** To the next timer. */
  async advance(): Promise<void> {
    if (!this.#hasNext) return;
    const next = Math.min(this.clock.nextAt, this.server.nextAt);
    // Node's timers fire up to a millisecond early, by the clock of `performance.now()`.
    const earlyMs = this.choices.below(2) * 0.5;
    await this.#goTo(Math.max(this.clock.now, next - earlyMs), next);
  }

  /** This process is busy for a while: timers are late. */
  async stall(): Promise<void> {
    const time = this.clock.now + this.choices.below(300);
    await this.#goTo(time, time);
  }

  async #goTo(time: number, timersOf: number): Promise<void> {
    this.tell(() => `it is ${time}`);
    await this.clock.advance(time, timersOf);
    this.server.expire();
  }

  /** Lets all that is under way in this turn of the event loop happen. */
  async turn(): Promise<void> {
    await this.clock.settle();
    await this.clock.turn();
  }

  /** Goes on until something holds, or nothing happens any more. */
  async until(isDone: () => boolean, { network, resume }: Motion): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await this.turn();
      if (isDone()) return;
      let hasMoved = network && this.network.pumpAll();
      if (resume?.() === true) hasMoved = true;
      if (hasMoved) continue;
      if (!this.#hasNext) return;
      await this.advance();
    }
  }
}
