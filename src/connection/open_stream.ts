import { createConnection, isIP, Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { deferred } from "../base/deferred.ts";
import type { Endpoint, OpenStream, TlsOptions } from "./endpoint.ts";

const READ_BUFFER_BYTES = 64 * 1024;

/** A stream that carries bytes in both directions, and how it hands over what it reads. */
export interface OpenedStream {
  readonly stream: Duplex;
  /** Whether it calls `received` by itself; else it emits "data". */
  readonly hasReader: boolean;
}

/**
 * Opens the stream that an endpoint asks for, and waits until it can be written to.
 *
 * @param received gets what is read; the buffer is used again after the call
 * @param signal gives up when it fires, with its reason
 */
export async function openStream(
  endpoint: Endpoint,
  received: (chunk: Buffer) => void,
  signal: AbortSignal,
): Promise<OpenedStream> {
  const { host, port, path, tls } = endpoint;
  const given =
    endpoint.openStream && (await openGiven(endpoint.openStream, { host, port, path }, signal));
  const hasReader = tls === undefined && given === undefined;
  const stream =
    tls === undefined ? (given ?? openPlain(endpoint, received)) : openTls(endpoint, tls, given);
  const isConnecting = stream instanceof Socket && stream.connecting;
  await ready(stream, tls === undefined ? isConnecting && "connect" : "secureConnect", signal);
  if (stream instanceof Socket) {
    stream.setNoDelay(true);
    stream.setKeepAlive(true, 15_000);
  }
  return { stream, hasReader };
}

/** Whoever opens it may be slow: nobody waits longer than the signal says, and no stream leaks. */
async function openGiven(
  open: OpenStream,
  server: Parameters<OpenStream>[0],
  signal: AbortSignal,
): Promise<Duplex> {
  const ended = deferred<never>();
  const abort = (): void => ended.reject(reasonOf(signal));
  const opening = Promise.resolve().then(() => open(server, signal));
  signal.addEventListener("abort", abort, { once: true });
  try {
    const stream: unknown = await Promise.race([opening, ended.promise]);
    if (stream instanceof Duplex) return stream;
    throw new TypeError("openStream() did not return a Duplex stream");
  } catch (error) {
    if (signal.aborted) void opening.then((stream) => stream.destroy(), ignore);
    throw error;
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("the attempt was ended");
}

function ignore(): void {}

/** @param event tells that the stream is ready; `false`: it is already */
function ready(stream: Duplex, event: string | false, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      stream.destroy();
      reject(reasonOf(signal));
    };
    // Stays, harmless once it is ready: an error that nobody listens to would end the process.
    stream.on("error", reject);
    stream.once("close", () => reject(new Error("the connection was closed at once")));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    else if (stream.destroyed) reject(stream.errored ?? new Error("the stream is closed"));
    else if (event === false) resolve();
    else stream.once(event, resolve);
  });
}

function openPlain(endpoint: Endpoint, received: (chunk: Buffer) => void): Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const onread = {
    buffer,
    callback: (bytes: number): boolean => {
      received(bytes === READ_BUFFER_BYTES ? buffer : buffer.subarray(0, bytes));
      return true;
    },
  };
  const { path, host, port } = endpoint;
  return path === undefined
    ? createConnection({ host, port, noDelay: true, onread })
    : createConnection({ path, onread });
}

function openTls(endpoint: Endpoint, tls: TlsOptions, given: Duplex | undefined): Socket {
  const { path, host, port } = endpoint;
  const servername = isIP(host) === 0 && path === undefined ? { servername: host } : {};
  const target = path === undefined ? { host, port } : { path };
  return connectTls({
    // Also beside a socket: without a server name it is the host that the certificate must be for.
    ...target,
    ...(given && { socket: given }),
    ...servername,
    ...tls,
  });
}
