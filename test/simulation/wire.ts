import { Duplex } from "node:stream";
import type { ModelClient } from "./model_client.ts";

type Taken = (error?: Error | null) => void;

/**
 * The client's end of a connection that exists in memory only. Bytes move when they are told to, in
 * any portions.
 *
 * `client → | held: not taken yet | toServer: on the way | input | server | output | → client`
 */
export class Wire extends Duplex {
  readonly server: ModelClient;
  /** Has left the client, and may still arrive when the client's end is destroyed. */
  toServer = "";
  /** Everything that the client ever handed over. */
  written = "";
  isFrozen = false;
  /** Whether nothing more is taken from the client for now. */
  isClogged = false;
  /** So many bytes are taken before the client has to wait. */
  readonly #room: number;
  #held: { readonly chunk: Buffer; readonly taken: Taken } | undefined;

  constructor(server: ModelClient, room: number) {
    super();
    this.server = server;
    this.#room = room;
  }

  override _write(chunk: Buffer, _encoding: string, taken: Taken): void {
    this.written += chunk.toString("latin1");
    this.#held = { chunk, taken };
    this.#take();
  }

  override _read(): void {}

  /** Whether anything is under way that could still have an effect on the server. */
  get isBusy(): boolean {
    return this.toServer !== "" || this.server.input !== "";
  }

  /** Lets `count` bytes arrive at the server. */
  deliver(count: number): void {
    this.server.input += this.toServer.slice(0, count);
    this.toServer = this.toServer.slice(count);
    this.#take();
  }

  /** Lets `count` bytes of the answers arrive at the client. */
  answer(count: number): void {
    const bytes = this.server.output.slice(0, count);
    this.server.output = this.server.output.slice(count);
    if (!this.destroyed && bytes !== "") this.push(Buffer.from(bytes, "latin1"));
  }

  unclog(): void {
    this.isClogged = false;
    this.#take();
  }

  /** The kernel reads the client's buffer now, not when it was handed over. */
  #take(): void {
    while (this.#held !== undefined && !this.isClogged && this.toServer.length < this.#room) {
      const { chunk, taken } = this.#held;
      const room = this.#room - this.toServer.length;
      this.toServer += chunk.toString("latin1", 0, Math.min(room, chunk.length));
      this.#held = undefined;
      if (chunk.length <= room) taken();
      else this.#held = { chunk: chunk.subarray(room), taken };
    }
  }
}
