import type { Duplex } from "node:stream";
import { endListening, listenTo } from "../base/aborts.ts";
import type { FairTime } from "../base/fair_time.ts";
import { ClosedError, TimeoutError } from "../errors.ts";
import { connectError } from "./connect_error.ts";
import type { Endpoint } from "./endpoint.ts";
import { type OpenedStream, openStream } from "./open_stream.ts";

const EMPTY = Buffer.alloc(0);

/** Who is told what happens on a transport. */
export interface TransportListener {
  /** Bytes arrived. The buffer is used again after the call: copy what must stay. */
  received(chunk: Buffer): void;
  /** What was written has left this process: its buffers are free, and there is room for more. */
  drained(): void;
  /** The end, told once; with the cause if it was an error. */
  closed(error: Error | undefined): void;
}

/**
 * One open byte stream to a server: TCP, TLS, a unix socket or whatever the user opens. It has no
 * idea of RESP.
 */
export class Transport {
  readonly #stream: Duplex;
  readonly #drained: (error?: Error | null) => void;

  /** @internal See {@link openTransport}. */
  constructor({ stream, hasReader }: OpenedStream, listener: TransportListener) {
    this.#stream = stream;
    this.#drained = (error) => {
      // Of a destroyed stream Node says that it has written what it throws away.
      if (!error && !stream.destroyed && stream.writableLength === 0) listener.drained();
    };
    let failure: Error | undefined;
    stream.on("error", (error) => {
      failure ??= error;
    });
    stream.once("close", () => listener.closed(failure));
    stream.on("end", () => stream.destroy());
    if (!hasReader) stream.on("data", (chunk: Buffer) => listener.received(chunk));
  }

  /**
   * Whether the stream has ended, of which the listener hears a little later: what it seems to take
   * goes nowhere.
   */
  get hasEnded(): boolean {
    return this.#stream.destroyed || this.#stream.errored !== null;
  }

  /**
   * Hands bytes to the kernel. @returns whether it took all of them: then the buffers are free
   * again
   */
  write(pieces: readonly Buffer[]): boolean {
    const stream = this.#stream;
    const last = pieces.length - 1;
    if (last > 0) stream.cork();
    for (let index = 0; index < last; index += 1) stream.write(pieces[index] ?? EMPTY);
    // The callback, not "drain": that event is for buffers above the high-water mark only.
    stream.write(pieces[last] ?? EMPTY, this.#drained);
    if (last > 0) stream.uncork();
    return stream.writableLength === 0 && !this.hasEnded;
  }

  /** Closes now; nothing more is told to the listener but `closed`. */
  destroy(): void {
    this.#stream.destroy();
  }
}

/**
 * Opens a transport.
 *
 * @throws {ConnectError} refused, unknown host, certificate …, with Node's error as `cause`
 * @throws {TimeoutError} if it takes longer than `time` allows
 */
export async function openTransport(
  endpoint: Endpoint,
  limits: { readonly time: FairTime; readonly closing?: AbortSignal | undefined },
  listener: TransportListener,
): Promise<Transport> {
  const { time, closing } = limits;
  const { address } = endpoint;
  const opening = new AbortController();
  const endTimer = time.timer(() => opening.abort(timedOut(endpoint, time.timeoutMs)));
  const onClosing = (): void => opening.abort(new ClosedError("The client ended", { address }));
  listenTo(closing, onClosing);
  if (closing?.aborted === true) onClosing();
  const received = (chunk: Buffer): void => listener.received(chunk);
  try {
    return new Transport(await openStream(endpoint, received, opening.signal), listener);
  } catch (error) {
    if (error instanceof TimeoutError) throw error;
    throw connectError(endpoint, error instanceof Error ? error : new Error(String(error)));
  } finally {
    endTimer();
    endListening(closing, onClosing);
  }
}

function timedOut({ address, tls }: Endpoint, timeoutMs: number): TimeoutError {
  const why = tls === undefined ? "?" : ", and does it speak TLS (else redis://)?";
  const message = `No connection to ${address} within ${timeoutMs} ms; `;
  const advice = `is the host reachable, and the port right${why}`;
  return new TimeoutError(message + advice, { address, applied: false, attempts: 1 });
}
