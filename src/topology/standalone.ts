import type { Events } from "../base/events.ts";
import { Deadlines } from "../connection/deadlines.ts";
import { type ConnectionEvents, Link } from "../connection/link.ts";
import type { Settings } from "../connection/options.ts";
import type { Request } from "../connection/request.ts";
import type { ClosedError } from "../errors.ts";
import { type Lease, type Patience, Pool } from "./pool.ts";
import type { Topology } from "./topology.ts";

/** One server: a shared connection that comes back, and a pool of leased ones. */
export class Standalone implements Topology {
  readonly address: string;
  readonly knownScripts: Set<string> = new Set();
  readonly #deadlines: Deadlines;
  readonly #link: Link;
  readonly #pool: Pool;

  constructor(settings: Settings, events: Events<ConnectionEvents>) {
    this.address = settings.address;
    this.#deadlines = new Deadlines(settings.address);
    this.#link = new Link(settings, events, this.#deadlines);
    this.#pool = new Pool(settings, this.#deadlines);
    // The next connection may lead to a server that was restarted, or to another one.
    events.on("disconnect", () => this.knownScripts.clear());
  }

  connect(): Promise<void> {
    return this.#link.connect();
  }

  send(request: Request): void {
    this.#link.send(request);
  }

  note(deadline: number): void {
    this.#deadlines.note(deadline);
  }

  lease(patience: Patience): Promise<Lease> {
    return this.#pool.lease(patience);
  }

  async close(reason: ClosedError, timeoutMs: number): Promise<void> {
    await Promise.all([this.#pool.close(reason, timeoutMs), this.#link.close(reason, timeoutMs)]);
    this.destroy(reason);
  }

  destroy(reason: ClosedError): void {
    this.#link.destroy(reason);
    this.#pool.destroy(reason);
    this.#deadlines.stop();
  }
}
