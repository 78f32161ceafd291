/** What stands in for Node's `Timeout`. */
class VirtualTimer {
  readonly at: number;
  readonly fire: () => void;
  /** Whether it would keep the process alive. */
  isReferenced = true;

  constructor(at: number, fire: () => void) {
    this.at = at;
    this.fire = fire;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }
}

/** A turn of the real event loop comes with this one, however the global is replaced. */
const realImmediate = setImmediate;

/**
 * Time that passes when somebody says so. While it is installed, timers, immediates and
 * `performance.now()` are its own; promises and `process.nextTick` stay Node's, and run until
 * nothing is left of them in {@link VirtualClock.settle}.
 */
export class VirtualClock {
  now = 0;
  readonly #timers = new Set<VirtualTimer>();
  readonly #immediates: (() => void)[] = [];

  /** Timers that have not fired, and keep the process alive. */
  get pending(): number {
    return [...this.#timers].filter((timer) => timer.isReferenced).length;
  }

  /** When the next timer is due; `Infinity` if there is none. */
  get nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#timers) if (at < next) next = at;
    return next;
  }

  /**
   * Goes on to `time`: late timers see the new time, as Node's do.
   *
   * @param dueBy which timers fire; more than `time` lets them fire early
   */
  async advance(time: number, dueBy: number): Promise<void> {
    this.now = Math.max(this.now, time);
    for (let timer = this.#due(dueBy); timer !== undefined; timer = this.#due(dueBy)) {
      this.#timers.delete(timer);
      timer.fire();
      await this.settle();
    }
  }

  /** Runs what waits for the end of this turn of the event loop, and what that adds. */
  async turn(): Promise<void> {
    while (this.#immediates.length > 0) {
      for (const immediate of this.#immediates.splice(0)) immediate();
      await this.settle();
    }
  }

  /** Lets promises and ticks run until there are none. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      realImmediate(resolve);
    });
  }

  /** Replaces the globals. @returns puts them back */
  install(random: () => number): () => void {
    const replacements: Readonly<Record<string, unknown>> = {
      setTimeout: (fire: () => void, delayMs = 1) => this.#add(fire, delayMs),
      clearTimeout: (timer?: VirtualTimer) => timer && this.#timers.delete(timer),
      setImmediate: (fire: () => void) => void this.#immediates.push(fire),
      performance: { now: () => this.now },
    };
    const originals = Object.keys(replacements).map(
      (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name) ?? {}] as const,
    );
    const realRandom = Math.random;
    for (const [name, value] of Object.entries(replacements)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    Math.random = random;
    return () => {
      for (const [name, original] of originals) Object.defineProperty(globalThis, name, original);
      Math.random = realRandom;
    };
  }

  #add(fire: () => void, delayMs: number): VirtualTimer {
    const timer = new VirtualTimer(this.now + Math.max(1, Math.trunc(delayMs)), fire);
    this.#timers.add(timer);
    return timer;
  }

  /** The earliest that is due; of equals the oldest. */
  #due(by: number): VirtualTimer | undefined {
    let earliest: VirtualTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= by && (earliest === undefined || timer.at < earliest.at)) {
        earliest = timer;
      }
    }
    return earliest;
  }
}
