/// <reference types="node" preserve="true" />

/**
 * Real servers for tests, as the package entry `typedis/testing`: it starts Redis and Valkey
 * servers and clusters that leave nothing behind, a proxy that disturbs the way to them, and
 * servers that follow a script.
 *
 * @module
 */

export type { TlsFiles } from "./certificates.ts";
export { type ClusterOptions, startCluster, type TestCluster } from "./cluster.ts";
export { ScriptError, ServerNotFoundError, ServerStartError } from "./errors.ts";
export type {
  BandwidthFault,
  BlackHoleFault,
  CorruptFault,
  CutFault,
  Direction,
  DripFault,
  Fault,
  FaultAtPlace,
  FreezeFault,
  InsertFault,
  LatencyFault,
  Place,
  PlaceInBytes,
  PlaceInCommand,
  PlaceInReply,
  SplitFault,
} from "./faults.ts";
export type { ServerChoice } from "./find_server.ts";
export {
  type ChunkHook,
  type ProxyOptions,
  type ProxyTarget,
  startProxy,
  type TestProxy,
} from "./proxy.ts";
export type { CutOptions, FaultPlan, ProxyConnection, Verdict } from "./proxy_connection.ts";
export { type RandomFaultKind, type RandomFaultOptions, randomFaults } from "./random_faults.ts";
export type { CloseStep, ExpectStep, ScriptStep, SendStep, WaitStep } from "./script.ts";
export {
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
} from "./scripted_server.ts";
export { type ServerOptions, startServer, type TestServer } from "./server.ts";
