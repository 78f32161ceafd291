/**
 * typedis: a typed Redis and Valkey client whose centre is the pipeline.
 */

export type { BackoffOptions } from "./base/backoff.ts";
export { CommandBuilder, command } from "./client/builder.ts";
export type { ViewOptions } from "./client/core.ts";
export type { MonitoredCommand, MonitorStream } from "./client/monitor.ts";
export { Pipeline } from "./client/pipeline.ts";
export type { ErrorOf, PipelineOptions } from "./client/pipeline_options.ts";
export { Redis } from "./client/redis.ts";
export type { ScopeResult } from "./client/resolve.ts";
export { Session, type TrackingOptions } from "./client/session.ts";
export type { TransactionOptions } from "./client/transaction.ts";
export { WatchedClient } from "./client/watched_client.ts";
export type { AtMostOne, FieldValues, Many, OneOrMany } from "./command/arguments.ts";
export { type Bulk, Command, type Decoder, type Key, type Value } from "./command/command.ts";
export { bigint, date, json, number } from "./command/convert.ts";
export type { Field, Hash, Scored } from "./command/decoders.ts";
export { double, flag, integer, text, texts } from "./command/decoders.ts";
export type { Delivery, Mode, Reply } from "./command/executor.ts";
export { Library, LibraryFunction, type LibraryOptions, library } from "./command/library.ts";
export { PipelineReply, type Settled } from "./command/reply.ts";
export {
  type Callable,
  type NamedValues,
  Script,
  type ScriptOptions,
  script,
} from "./command/script.ts";
export type {
  Conversion,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from "./command/standard_schema.ts";
export { Commands } from "./commands/index.ts";
export type { ConnectionEvents } from "./connection/link.ts";
export type { PoolOptions, RedisOptions } from "./connection/options.ts";
export * from "./errors.ts";
export { type Argument, ErrorReply, type RespValue } from "./protocol/resp.ts";
