import { deadlineIn } from "../base/clock.ts";
import type { Events } from "../base/events.ts";
import { Command } from "../command/command.ts";
import { raw } from "../command/decoders.ts";
import { PLAIN } from "../command/traits.ts";
import { call } from "../connection/call.ts";
import type { Credentials } from "../connection/credentials.ts";
import { Deadlines } from "../connection/deadlines.ts";
import { asRedisError } from "../connection/failures.ts";
import { type ConnectionEvents, Link } from "../connection/link.ts";
import type { Settings } from "../connection/options.ts";
import type { Request } from "../connection/request.ts";
import type { ClosedError } from "../errors.ts";
import { TEXT } from "../protocol/resp.ts";
import { type Lease, type Patience, Pool } from "./pool.ts";
import type { Topology } from "./topology.ts";

/** One server: a shared connection that comes back, and a pool of leased ones. */
export class Standalone implements Topology {
  readonly address: string;
  readonly knownScripts: Set<string> = new Set();
  readonly #deadlines: Deadlines;
  readonly #link: Link;
  readonly #pool: Pool;
  readonly #settings: Settings;
  readonly #events: Events<ConnectionEvents>;
  #unsubscribe: (() => void) | undefined;

  constructor(settings: Settings, events: Events<ConnectionEvents>) {
    this.address = settings.address;
    this.#settings = settings;
    this.#events = events;
    this.#deadlines = new Deadlines(settings.address);
    this.#link = new Link(settings, events, this.#deadlines);
    this.#pool = new Pool(settings, this.#deadlines);
    // The next connection may lead to a server that was restarted, or to another one; and what a
    // leased connection has loaded meanwhile may have been lost again.
    for (const name of ["disconnect", "connect"] as const) {
      events.on(name, () => this.knownScripts.clear());
    }
  }

  async connect(): Promise<void> {
    await this.#link.connect();
    const { provider } = this.#settings;
    this.#unsubscribe = provider?.subscribe?.((credentials) => void this.#rotate(credentials));
  }

  /** Credentials have changed. A refusal leaves the connections with those that they have. */
  async #rotate(credentials: Credentials): Promise<void> {
    const deadline = deadlineIn(this.#settings.commandTimeoutMs);
    const limits = { deadline, maxRetries: 0, retry: "never", address: this.address } as const;
    this.note(deadline);
    try {
      await Promise.all([
        this.#link.reauthenticate(credentials, limits),
        this.#pool.reauthenticate(credentials, limits),
      ]);
    } catch (error) {
      this.#events.emit("error", asRedisError(error));
    }
  }

  send(request: Request): void {
    this.#link.send(request);
  }

  drained(): Promise<void> {
    return this.#link.drained();
  }

  note(deadline: number): void {
    this.#deadlines.note(deadline);
  }

  lease(patience: Patience): Promise<Lease> {
    return this.#pool.lease(patience);
  }

  async close(reason: ClosedError, timeoutMs: number): Promise<void> {
    await Promise.all([
      this.#link.close(reason, timeoutMs),
      this.#pool.close(reason, timeoutMs, (clientId) => this.#unblock(clientId)),
    ]);
    this.destroy(reason);
  }

  /** A blocked command ends as if its time were up: no element is popped for nobody. */
  async #unblock(clientId: number): Promise<boolean> {
    const command = new Command(["CLIENT", "UNBLOCK", clientId], raw, TEXT, PLAIN);
    const limits = { deadline: 0, maxRetries: 0, address: this.address };
    const link = { send: (request: Request) => this.#link.sendLast(request) };
    try {
      await call(link, command, limits);
      return true;
    } catch {
      // A user who may not unblock waits for the close timeout instead.
      return false;
    }
  }

  destroy(reason: ClosedError): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#link.destroy(reason);
    this.#pool.destroy(reason);
    this.#deadlines.stop();
  }
}
