/**
 * Real servers for tests, as the package entry `typedis/testing`: it starts Redis and Valkey servers
 * that leave nothing behind.
 *
 * @module
 */

export type { TlsFiles } from "./certificates.ts";
export { ServerNotFoundError, ServerStartError } from "./errors.ts";
export type { ServerChoice } from "./find_server.ts";
export {
  type ChunkHook,
  type Direction,
  type ProxyConnection,
  type ProxyTarget,
  startProxy,
  type TestProxy,
  type Verdict,
} from "./proxy.ts";
export { type ServerOptions, startServer, type TestServer } from "./server.ts";
