/// <reference types="node" preserve="true" />

/**
 * typedis: a typed Redis and Valkey client whose centre is the pipeline.
 */

export type { BackoffOptions } from "./base/backoff.ts";
export { CommandBuilder, command } from "./client/builder.ts";
export type { CounterOf, ViewOptions } from "./client/core.ts";
export type { MonitoredCommand, MonitorStream } from "./client/monitor.ts";
export { Pipeline } from "./client/pipeline.ts";
export type { ErrorOf, PipelineOptions, Raising } from "./client/pipeline_options.ts";
export { Redis } from "./client/redis.ts";
export type { ScopeResult } from "./client/resolve.ts";
export { Session, type TrackingOptions } from "./client/session.ts";
export { PipelineStream } from "./client/stream.ts";
export type { PipelineStreamOptions, StreamSource } from "./client/stream_options.ts";
export type { TransactionOptions } from "./client/transaction.ts";
export { WatchedClient } from "./client/watched_client.ts";
export type {
  AtMostOne,
  ExactlyOne,
  FieldsOf,
  FieldValues,
  Limit,
  Many,
  OneOrMany,
  Score,
} from "./command/arguments.ts";
export type {
  ClientExclusion,
  ClientKillFilter,
  ClientListFilter,
  ClientTraits,
  ClientType,
  NewerClientFilter,
} from "./command/arguments_client.ts";
export type {
  Coordinates,
  GeoArea,
  GeoBox,
  GeoCircle,
  GeoDetails,
  GeoMember,
  GeoMemberCenter,
  GeoMembers,
  GeoPolygon,
  GeoPositionCenter,
  GeoSelection,
  GeoUnit,
} from "./command/arguments_geo.ts";
export type {
  ConvertedScriptInput,
  RawScriptInput,
  ScriptInput,
} from "./command/arguments_scripts.ts";
export type {
  AggregateOptions,
  LexBound,
  MemberScore,
  MemberScores,
  ScoreBound,
} from "./command/arguments_sorted_sets.ts";
export type {
  EntryReferences,
  GroupConsumer,
  Idempotency,
  ReferenceOptions,
  StreamId,
  StreamPositions,
  StreamTrim,
} from "./command/arguments_streams.ts";
export type { ValueCondition } from "./command/arguments_strings.ts";
export type { Vector, VectorQuery } from "./command/arguments_vectors.ts";
export { type Bulk, Command, type Decoder, type Key, type Value } from "./command/command.ts";
export { bigint, date, json, number } from "./command/convert.ts";
export type { Field, Hash, Scored } from "./command/decoders.ts";
export { double, flag, integer, text, texts } from "./command/decoders.ts";
export type { AclLogEntry, AclSelector, AclUser, AclVerdict } from "./command/decoders_acl.ts";
export type { ClientInfo, TrackingInfo } from "./command/decoders_client.ts";
export type {
  ClusterInfo,
  ClusterLink,
  EpochBump,
  Shard,
  ShardNode,
  SlotNode,
  SlotOwners,
  SlotRange,
  SlotStats,
} from "./command/decoders_cluster.ts";
export type { ClusterNode, MovingSlot } from "./command/decoders_cluster_nodes.ts";
export type {
  CommandArgument,
  CommandArgumentType,
  CommandDocs,
  CommandInfo,
  CommandKeys,
  FlaggedKey,
  KeyFinding,
  KeySearch,
} from "./command/decoders_command.ts";
export type {
  LatencyEvent,
  LatencyHistogram,
  LatencySample,
  MemoryStats,
  SlowlogEntry,
} from "./command/decoders_diagnostics.ts";
export type {
  FunctionEngine,
  FunctionInfo,
  FunctionLibrary,
  FunctionLibraryWithCode,
  FunctionStats,
  RunningFunction,
} from "./command/decoders_functions.ts";
export type { AnyGeoMatch, Asked, GeoMatch, GeoMatches } from "./command/decoders_geo.ts";
export type { HotKey, HotKeys } from "./command/decoders_hotkeys.ts";
export type { ByteRange, LcsMatch, LcsMatches } from "./command/decoders_lcs.ts";
export type { ChannelSubscribers, Subscribers } from "./command/decoders_pubsub.ts";
export type {
  BackgroundSave,
  ConnectedReplica,
  ReplicationState,
  Role,
  ServerTime,
} from "./command/decoders_server.ts";
export type { SlotMigration, SlotMigrationTask } from "./command/decoders_slot_migration.ts";
export type {
  PoppedMember,
  PoppedMembers,
  Ranked,
  ZscanMembersPage,
  ZscanPage,
} from "./command/decoders_sorted_sets.ts";
export type {
  ConsumerDelivery,
  ConsumerDetails,
  ConsumerInfo,
  GroupDelivery,
  GroupDetails,
  GroupInfo,
  StreamDetails,
  StreamFacts,
  StreamInfo,
} from "./command/decoders_stream_info.ts";
export type {
  ClaimedEntries,
  ClaimedIds,
  DeliveredStreamEntry,
  EntryDeletion,
  PendingDelivery,
  PendingStreamEntry,
  PendingSummary,
  StreamEntry,
  StreamRead,
} from "./command/decoders_streams.ts";
export type {
  RawVector,
  VectorMatch,
  VectorMatchWithAttributes,
  VectorSetInfo,
  VectorStorage,
} from "./command/decoders_vectors.ts";
export type { Delivery, Mode, Reply } from "./command/executor.ts";
export { Library, LibraryFunction, type LibraryOptions, library } from "./command/library.ts";
export type { RetryPolicy } from "./command/repeat.ts";
export { PipelineReply, type Settled } from "./command/reply.ts";
export type { Cursor, ScanOptions } from "./command/scan.ts";
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
export type { AclCommands } from "./commands/acl.ts";
export type {
  Bit,
  BitcountRange,
  BitfieldGet,
  BitfieldIncrby,
  BitfieldOffset,
  BitfieldOperation,
  BitfieldOverflow,
  BitfieldResult,
  BitfieldResults,
  BitfieldSet,
  BitfieldType,
  BitmapCommands,
  BitposRange,
  BitUnit,
} from "./commands/bitmaps.ts";
export type {
  BlmoveOptions,
  BlmpopOptions,
  BlockingListCommands,
  BlockingOptions,
  PoppedElement,
} from "./commands/blocking_lists.ts";
export type {
  ClusterCommands,
  ClusterscanOptions,
  SlotMetric,
  SlotStatsOptions,
} from "./commands/cluster.ts";
export type { ClusterAdminCommands, SetslotOptions, SlotState } from "./commands/cluster_admin.ts";
export type { CommandLog, CommandLogCommands, CommandLogEntry } from "./commands/command_log.ts";
export type {
  ConditionalStringCommands,
  DelexOptions,
  MsetexOptions,
} from "./commands/conditional_strings.ts";
export type { ConnectionCommands } from "./commands/connection.ts";
export type { DiagnosticsCommands } from "./commands/diagnostics.ts";
export type { ExpireCondition, ExpireOptions, ExpiryCommands } from "./commands/expiry.ts";
export type {
  FunctionCommands,
  FunctionFlushOptions,
  FunctionListOptions,
  FunctionRestoreOptions,
} from "./commands/functions.ts";
export type {
  GeoaddOptions,
  GeoCommands,
  GeodistOptions,
  GeosearchstoreOptions,
} from "./commands/geo.ts";
export type {
  GeoRadiusCommands,
  GeoradiusOptions,
  GeoradiusStoreOptions,
  MemberCircle,
  PositionCircle,
} from "./commands/geo_radius.ts";
export type {
  FieldExpiry,
  FieldPersistence,
  HashExpiryCommands,
  HexpireOptions,
  HsetexOptions,
} from "./commands/hash_expiry.ts";
export type {
  HashCommands,
  HrandfieldOptions,
  HscanNamesOptions,
  HscanNamesPage,
  HscanPage,
} from "./commands/hashes.ts";
export type { HotkeysCommands, HotkeysOptions } from "./commands/hotkeys.ts";
export type { HyperLogLogCommands } from "./commands/hyperloglog.ts";
export { Commands } from "./commands/index.ts";
export type { CommandListFilter, IntrospectionCommands } from "./commands/introspection.ts";
export type {
  AppendOnlyCopies,
  CopyOptions,
  KeyCommands,
  KeyType,
  ScanKeysOptions,
  ScanPage,
  WaitaofRequirement,
} from "./commands/keys.ts";
export type {
  InsertPlace,
  ListCommands,
  ListSide,
  LmpopOptions,
  LposOptions,
  MoveSides,
  PoppedElements,
} from "./commands/lists.ts";
export type {
  ModuleAdminCommands,
  ModuleInfo,
  ModuleLoadexOptions,
} from "./commands/module_admin.ts";
export type { PubSubCommands } from "./commands/pubsub.ts";
export type { RawCommands } from "./commands/raw.ts";
export type {
  FailoverOptions,
  ReplicaAddress,
  ReplicationCommands,
  ShutdownOptions,
} from "./commands/replication.ts";
export type { ScriptFlushOptions, ScriptingCommands } from "./commands/scripting.ts";
export type {
  FlushOptions,
  InfoSection,
  LolwutOptions,
  ServerCommands,
} from "./commands/server.ts";
export type { SetCommands, SintercardOptions, SscanPage } from "./commands/sets.ts";
export type {
  FlushslotOptions,
  MigrationChoice,
  SlotDestination,
  SlotMigrationCommands,
} from "./commands/slot_migration.ts";
export type {
  SortedSetAlgebraCommands,
  ZdiffOptions,
  ZintercardOptions,
  ZunionOptions,
} from "./commands/sorted_set_algebra.ts";
export type {
  BzmpopOptions,
  SortedSetPopCommands,
  ZmpopOptions,
} from "./commands/sorted_set_pops.ts";
export type {
  RangeBy,
  RangeEnds,
  SortedSetRangeCommands,
  ZrangebyscoreOptions,
  ZrangeOptions,
  ZrangestoreRange,
} from "./commands/sorted_set_ranges.ts";
export type {
  SortedSetCommands,
  ZaddCondition,
  ZaddIncrementOptions,
  ZaddOptions,
  ZscanMembersOptions,
} from "./commands/sorted_sets.ts";
export type {
  SortCommands,
  SortGetOptions,
  SortOptions,
  SortRules,
  SortStoreOptions,
} from "./commands/sorting.ts";
export type {
  ClaimOptions,
  StreamGroupCommands,
  XautoclaimOptions,
  XclaimOptions,
  XgroupCreateOptions,
  XgroupSetidOptions,
  XpendingRange,
  XreadgroupClaimOptions,
  XreadgroupOptions,
} from "./commands/stream_groups.ts";
export type { StreamInfoCommands, XinfoStreamOptions } from "./commands/stream_info.ts";
export type {
  StreamCommands,
  XaddOptions,
  XcfgsetOptions,
  XrangeOptions,
  XreadOptions,
  XsetidOptions,
} from "./commands/streams.ts";
export type {
  Expiry,
  GetexOptions,
  LcsLengthOptions,
  LcsMatchesOptions,
  SetExpiry,
  SetOptions,
  StringCommands,
} from "./commands/strings.ts";
export type {
  MigrateCredentials,
  MigrateOptions,
  MigrateTarget,
  RestoreOptions,
  TransferCommands,
} from "./commands/transfer.ts";
export type {
  VaddOptions,
  VectorCommands,
  VrangeOptions,
  VsimAttributesOptions,
  VsimOptions,
  VsimRules,
  VsimScoresOptions,
} from "./commands/vectors.ts";
export type { CredentialProvider, Credentials } from "./connection/credentials.ts";
export type { OpenStream } from "./connection/endpoint.ts";
export type { ConnectionEvents } from "./connection/link.ts";
export type { PoolOptions, RedisOptions, ReplyLimits } from "./connection/options.ts";
export {
  AbortError,
  type Applied,
  ArgumentError,
  AskError,
  AuthenticationError,
  BusyError,
  BusyGroupError,
  BusyKeyError,
  ClosedError,
  ClusterDownError,
  ConnectError,
  ConnectionLostError,
  CrossSlotError,
  DecodeError,
  type ErrorDetails,
  ExecAbortError,
  LibraryMismatchError,
  LoadingError,
  MasterDownError,
  MovedError,
  NoGroupError,
  NoReplicasError,
  NoScriptError,
  OptionsError,
  OutOfMemoryError,
  PermissionError,
  PersistenceError,
  PipelineStateError,
  PipelineStreamError,
  type PipelineStreamProgress,
  ProtocolError,
  QueueFullError,
  ReadOnlyError,
  RedisError,
  ServerError,
  TimeoutError,
  TransactionAbortedError,
  TransportError,
  TryAgainError,
  UnblockedError,
  WatchError,
  type WatchReason,
  WrongTypeError,
} from "./errors.ts";
export { type Argument, ErrorReply, type RespValue } from "./protocol/resp.ts";
