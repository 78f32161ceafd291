import type { Duplex } from "node:stream";
import type { ConnectionOptions as TlsOptions } from "node:tls";

export type { TlsOptions };

/**
 * Opens the byte stream to a server in place of typedis: through a tunnel, a proxy, or anything
 * else that is a `Duplex`. TLS, if it is asked for, is spoken over it.
 *
 * @param server where the stream is to lead
 * @param signal fires when nobody waits for the stream any more
 */
export type OpenStream = (
  server: { readonly host: string; readonly port: number; readonly path: string | undefined },
  signal: AbortSignal,
) => Duplex | Promise<Duplex>;

/** Where a server is. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket, instead of host and port. */
  readonly path: string | undefined;
  /** For messages: `"127.0.0.1:6379"`, or the path. */
  readonly address: string;
  readonly tls: TlsOptions | undefined;
  /** Opens the stream in place of `node:net`. */
  readonly openStream: OpenStream | undefined;
}
