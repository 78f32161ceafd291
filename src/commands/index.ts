import type { Bulk, Counter } from "../command/command.ts";
import { Executor, type Mode } from "../command/executor.ts";
import { AclCommands } from "./acl.ts";
import { BitmapCommands } from "./bitmaps.ts";
import { BlockingListCommands } from "./blocking_lists.ts";
import { ClusterCommands } from "./cluster.ts";
import { ClusterAdminCommands } from "./cluster_admin.ts";
import { CommandLogCommands } from "./command_log.ts";
import { ConditionalStringCommands } from "./conditional_strings.ts";
import { ConnectionCommands } from "./connection.ts";
import { DiagnosticsCommands } from "./diagnostics.ts";
import { ExpiryCommands } from "./expiry.ts";
import { FunctionCommands } from "./functions.ts";
import { GeoCommands } from "./geo.ts";
import { GeoRadiusCommands } from "./geo_radius.ts";
import { HashExpiryCommands } from "./hash_expiry.ts";
import { HashCommands } from "./hashes.ts";
import { HotkeysCommands } from "./hotkeys.ts";
import { HyperLogLogCommands } from "./hyperloglog.ts";
import { IntrospectionCommands } from "./introspection.ts";
import { KeyCommands } from "./keys.ts";
import { ListCommands } from "./lists.ts";
import { ModuleAdminCommands } from "./module_admin.ts";
import { PubSubCommands } from "./pubsub.ts";
import { RawCommands } from "./raw.ts";
import { ReplicationCommands } from "./replication.ts";
import { ScriptingCommands } from "./scripting.ts";
import { ServerCommands } from "./server.ts";
import { SetCommands } from "./sets.ts";
import { SlotMigrationCommands } from "./slot_migration.ts";
import { SortedSetAlgebraCommands } from "./sorted_set_algebra.ts";
import { SortedSetPopCommands } from "./sorted_set_pops.ts";
import { SortedSetRangeCommands } from "./sorted_set_ranges.ts";
import { SortedSetCommands } from "./sorted_sets.ts";
import { SortCommands } from "./sorting.ts";
import { StreamGroupCommands } from "./stream_groups.ts";
import { StreamInfoCommands } from "./stream_info.ts";
import { StreamCommands } from "./streams.ts";
import { StringCommands } from "./strings.ts";
import { TransferCommands } from "./transfer.ts";
import { VectorCommands } from "./vectors.ts";

/**
 * Every command that any surface can carry. `M` says how replies arrive, `B` how bulk strings look,
 * `N` how counters do. A command is declared once, in its group; this file alone composes the
 * groups.
 */
export interface Commands<M extends Mode, B extends Bulk, N extends Counter = number>
  extends StringCommands<M, B, N>,
    ConditionalStringCommands<M>,
    BitmapCommands<M>,
    HyperLogLogCommands<M>,
    BlockingListCommands<M, B>,
    HashCommands<M, B, N>,
    HashExpiryCommands<M, B>,
    ListCommands<M, B>,
    SetCommands<M, B>,
    ExpiryCommands<M>,
    KeyCommands<M, B>,
    SortCommands<M, B>,
    TransferCommands<M>,
    SortedSetCommands<M, B>,
    SortedSetPopCommands<M, B>,
    SortedSetRangeCommands<M, B>,
    SortedSetAlgebraCommands<M, B>,
    VectorCommands<M, B>,
    StreamCommands<M, B>,
    StreamGroupCommands<M, B>,
    StreamInfoCommands<M, B>,
    GeoCommands<M, B>,
    GeoRadiusCommands<M, B>,
    ConnectionCommands<M, B>,
    ServerCommands<M>,
    IntrospectionCommands<M, B>,
    DiagnosticsCommands<M, B>,
    ScriptingCommands<M>,
    FunctionCommands<M, B>,
    PubSubCommands<M, B>,
    AclCommands<M>,
    ClusterCommands<M, B>,
    ClusterAdminCommands<M>,
    SlotMigrationCommands<M>,
    ReplicationCommands<M>,
    ModuleAdminCommands<M>,
    CommandLogCommands<M, B>,
    HotkeysCommands<M, B>,
    RawCommands<M, B> {}
export abstract class Commands<
  M extends Mode,
  B extends Bulk,
  N extends Counter = number,
> extends Executor<M> {}

const GROUPS = [
  StringCommands,
  ConditionalStringCommands,
  BitmapCommands,
  HyperLogLogCommands,
  BlockingListCommands,
  HashCommands,
  HashExpiryCommands,
  ListCommands,
  SetCommands,
  ExpiryCommands,
  KeyCommands,
  SortCommands,
  TransferCommands,
  SortedSetCommands,
  SortedSetPopCommands,
  SortedSetRangeCommands,
  SortedSetAlgebraCommands,
  VectorCommands,
  StreamCommands,
  StreamGroupCommands,
  StreamInfoCommands,
  GeoCommands,
  GeoRadiusCommands,
  ConnectionCommands,
  ServerCommands,
  IntrospectionCommands,
  DiagnosticsCommands,
  ScriptingCommands,
  FunctionCommands,
  PubSubCommands,
  AclCommands,
  ClusterCommands,
  ClusterAdminCommands,
  SlotMigrationCommands,
  ReplicationCommands,
  ModuleAdminCommands,
  CommandLogCommands,
  HotkeysCommands,
  RawCommands,
] as const;

type Group = abstract new () => Executor<Mode>;

/** Puts each group's methods on `target`. Throws if two groups declare the same method. */
function install(target: Group, groups: readonly Group[]): void {
  for (const group of groups) {
    const methods = Object.getOwnPropertyDescriptors(group.prototype as object);
    for (const [name, method] of Object.entries<PropertyDescriptor>(methods)) {
      if (name === "constructor") continue;
      if (Object.hasOwn(target.prototype as object, name))
        throw new TypeError(`${name} is declared twice`);
      Object.defineProperty(target.prototype as object, name, method);
    }
  }
}

install(Commands, GROUPS);

/** What the interface promises and `GROUPS` does not install; a group left out does not compile. */
type MethodsOf<G> = G extends abstract new () => infer I ? keyof I : never;
type Missing = Exclude<keyof Commands<"promise", string>, MethodsOf<(typeof GROUPS)[number]>>;
const nothingIsMissing: [Missing] extends [never] ? true : Missing = true;
void nothingIsMissing;
