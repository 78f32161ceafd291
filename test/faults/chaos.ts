import { setTimeout as sleep } from "node:timers/promises";
import {
  type Fault,
  type FaultPlan,
  randomFaults,
  type TestProxy,
} from "../../src/testing/index.ts";

/** What happens at random places; the rest of a conversation is forwarded as it is. */
const FATES: FaultPlan = randomFaults({
  everyBytes: 5_000,
  weights: { stall: 8, drip: 6, cut: 3, reset: 2, blackHole: 0.3, halfOpen: 0.3 },
  maxStallMs: 4,
});

/** Disturbs the conversations that go through a proxy, as the proxy's seed says. */
export class Chaos {
  /** How often the way to the server was closed. */
  refusals = 0;
  readonly #proxy: TestProxy;
  readonly #faults: Fault[] = [];

  constructor(proxy: TestProxy) {
    this.#proxy = proxy;
  }

  start(): void {
    this.#proxy.faults = (connection) => {
      const faults = [...FATES(connection)];
      const fate = connection.random();
      if (fate < 0.2) faults.push({ kind: "latency", ms: 1, jitter: 3 });
      else if (fate < 0.4) faults.push({ kind: "split", sizes: [1, 50, 2_000] });
      this.#faults.push(...faults);
      return faults;
    };
  }

  /** Refuses connections for a moment, and ends those that there are. */
  async refuse(milliseconds: number): Promise<void> {
    this.refusals += 1;
    this.#proxy.refuse();
    this.#proxy.cut();
    await sleep(milliseconds);
    await this.#proxy.accept();
  }

  /** How often each kind of fault has happened; of what slows down, on how many connections. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const fault of this.#faults) {
      const times = "at" in fault ? this.#proxy.timesOf(fault) : 1;
      const kind = fault.kind === "cut" && fault.reset === true ? "reset" : fault.kind;
      counts.set(kind, (counts.get(kind) ?? 0) + times);
    }
    return counts;
  }
}
