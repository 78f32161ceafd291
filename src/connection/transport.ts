import { createConnection, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import { endListening, listenTo } from "../base/aborts.ts";
import { ConnectError, TimeoutError } from "../errors.ts";

const EMPTY = Buffer.alloc(0);
const READ_BUFFER_BYTES = 64 * 1024;

export type { TlsOptions };

/** Where a server is. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket, instead of host and port. */
  readonly path: string | undefined;
  /** For messages: `"127.0.0.1:6379"`, or the path. */
  readonly address: string;
  readonly tls: TlsOptions | undefined;
}

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
 * One open byte stream to a server: TCP, TLS or a unix socket. The only place that knows `node:net`
 * and `node:tls`. It has no idea of RESP.
 */
export class Transport {
  readonly #socket: Socket;
  readonly #drained: (error?: Error | null) => void;

  /** @internal See {@link openTransport}. */
  constructor(socket: Socket, listener: TransportListener) {
    this.#socket = socket;
    this.#drained = (error) => {
      // Of a destroyed socket Node says that it has written what it throws away.
      if (!error && !socket.destroyed && socket.writableLength === 0) listener.drained();
    };
  }

  /**
   * Hands bytes to the kernel. @returns whether it took all of them: then the buffers are free
   * again
   */
  write(pieces: readonly Buffer[]): boolean {
    const socket = this.#socket;
    const last = pieces.length - 1;
    if (last > 0) socket.cork();
    for (let index = 0; index < last; index += 1) socket.write(pieces[index] ?? EMPTY);
    // The callback, not "drain": that event is for buffers above the high-water mark only.
    socket.write(pieces[last] ?? EMPTY, this.#drained);
    if (last > 0) socket.uncork();
    // What a broken socket seems to take goes nowhere: then nothing more may count as written.
    return socket.writableLength === 0 && socket.errored === null && !socket.destroyed;
  }

  /** Closes now; nothing more is told to the listener but `closed`. */
  destroy(): void {
    this.#socket.destroy();
  }
}

/**
 * Opens a transport.
 *
 * @throws {ConnectError} refused, unknown host, certificate …, with Node's error as `cause`
 * @throws {TimeoutError} if it takes longer than `timeoutMs`
 */
export function openTransport(
  endpoint: Endpoint,
  limits: { readonly timeoutMs: number; readonly closing?: AbortSignal | undefined },
  listener: TransportListener,
): Promise<Transport> {
  const { timeoutMs, closing } = limits;
  return new Promise((resolve, reject) => {
    const socket = endpoint.tls === undefined ? openPlain(endpoint, listener) : openTls(endpoint);
    let failure: Error | undefined;
    const timer = setTimeout(() => {
      failure = new TimeoutError(
        `No connection to ${endpoint.address} within ${timeoutMs} ms; ` +
          "is the host reachable, and the port right" +
          (endpoint.tls === undefined ? "?" : ", and does it speak TLS (else redis://)?"),
        { address: endpoint.address, applied: false },
      );
      socket.destroy();
    }, timeoutMs);
    const onClosing = (): void => {
      socket.destroy();
    };
    listenTo(closing, onClosing);
    const settled = (): void => {
      clearTimeout(timer);
      endListening(closing, onClosing);
    };
    socket.on("error", (error) => {
      failure ??= error;
    });
    socket.once("close", () => {
      settled();
      reject(failure instanceof TimeoutError ? failure : connectError(endpoint, failure));
    });
    socket.once(endpoint.tls === undefined ? "connect" : "secureConnect", () => {
      settled();
      socket.removeAllListeners("close");
      socket.once("close", () => listener.closed(failure));
      resolve(attach(socket, endpoint, listener));
    });
  });
}

function attach(socket: Socket, endpoint: Endpoint, listener: TransportListener): Transport {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  socket.on("end", () => socket.destroy());
  if (endpoint.tls !== undefined) socket.on("data", (chunk: Buffer) => listener.received(chunk));
  return new Transport(socket, listener);
}

function openPlain(endpoint: Endpoint, listener: TransportListener): Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const onread = {
    buffer,
    callback: (bytes: number): boolean => {
      listener.received(bytes === READ_BUFFER_BYTES ? buffer : buffer.subarray(0, bytes));
      return true;
    },
  };
  const { path, host, port } = endpoint;
  return path === undefined
    ? createConnection({ host, port, noDelay: true, onread })
    : createConnection({ path, onread });
}

function openTls(endpoint: Endpoint): Socket {
  const { path, host, port, tls } = endpoint;
  const servername = isIP(host) === 0 && path === undefined ? { servername: host } : {};
  return connectTls({ ...(path === undefined ? { host, port } : { path }), ...servername, ...tls });
}

function connectError(endpoint: Endpoint, cause: Error | undefined): ConnectError {
  const details = { address: endpoint.address, cause };
  const code = cause !== undefined && "code" in cause ? String(cause.code) : "";
  const because = ADVICE[code] ?? cause?.message ?? "the connection was closed at once";
  if (cause !== undefined && CERTIFICATE_CODES.has(code)) {
    const refused = `Cannot connect to ${endpoint.address}: its certificate was refused`;
    return new ConnectError(`${refused}: ${cause.message}. ${CERTIFICATE_ADVICE}`, details);
  }
  return new ConnectError(`Cannot connect to ${endpoint.address}: ${because}`, details);
}

const CERTIFICATE_CODES: ReadonlySet<string> = new Set(
  (
    "CERT_HAS_EXPIRED CERT_SIGNATURE_FAILURE CERT_UNTRUSTED DEPTH_ZERO_SELF_SIGNED_CERT " +
    "ERR_TLS_CERT_ALTNAME_INVALID SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT " +
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE"
  ).split(" "),
);
const CERTIFICATE_ADVICE =
  "Give the authority that signed it as tls: { ca }, and a name that is in it as host or " +
  "tls: { servername }";

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused; is the server running, and is this its port?",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up just now",
  ENOENT: "there is no such unix socket; is the server running with `unixsocket` set to this path?",
  EACCES: "access to the socket is denied",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the server closed the connection; does it expect TLS (rediss://), or plain TCP?",
  EPROTO: "TLS failed; does the server expect plain TCP (redis://)?",
  ERR_SSL_WRONG_VERSION_NUMBER: "TLS failed; does the server expect plain TCP (redis://)?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "TLS failed; does the server expect plain TCP (redis://)?",
};
