import type { Bulk, Command, Counter } from "../command/command.ts";
import { SCRIPT, STATEFUL } from "../command/traits.ts";
import { call } from "../connection/call.ts";
import type { Connection } from "../connection/connection.ts";
import type { ReplyForm } from "../protocol/resp.ts";
import type { Core, Limits } from "./core.ts";
import { runScript } from "./execute.ts";
import { refuseLate, refuseStateful } from "./refuse.ts";
import { ScanningCommands } from "./scan.ts";

/**
 * A client bound to the connection that holds a WATCH: what it reads is covered by the lock. It
 * ends with its watch block.
 */
export class WatchedClient<
  B extends Bulk = string,
  N extends Counter = number,
> extends ScanningCommands<B, N> {
  protected override readonly form: ReplyForm;
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #limits: Limits;
  #hasEnded = false;

  /** @internal Comes from `pipe.watch()` and `redis.transaction({ watch })`. */
  constructor(core: Core, form: ReplyForm, connection: Connection, limits: Limits) {
    super();
    this.#core = core;
    this.#connection = connection;
    this.form = form;
    this.#limits = limits;
  }

  protected override deliver<T>(command: Command<T>): Promise<T> {
    if (command.traits & STATEFUL) throw refuseStateful(command, "a watched client");
    if (this.#hasEnded) {
      throw refuseLate(command, "The watch block of this client has ended; use the client itself");
    }
    const limits = this.#limits.limitsFor(command);
    if ((command.traits & SCRIPT) === 0) return call(this.#connection, command, limits);
    const { deadline, signal, retry } = limits;
    return runScript(this.#core, command, { deadline, signal, retry, on: this.#connection });
  }

  /** @internal */
  end(): void {
    this.#hasEnded = true;
  }
}
