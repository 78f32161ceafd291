/**
 * Real servers for tests, as the package entry `typedis/testing`: it starts Redis and Valkey
 * servers and clusters that leave nothing behind, and a proxy to disturb the way to them.
 *
 * @module
 */

export type { TlsFiles } from "./certificates.ts";
export { type ClusterOptions, startCluster, type TestCluster } from "./cluster.ts";
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
