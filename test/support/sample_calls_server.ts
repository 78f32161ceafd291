import type { Bulk } from "../../src/command/command.ts";
import type { AclCommands } from "../../src/commands/acl.ts";
import type { CommandLogCommands } from "../../src/commands/command_log.ts";
import type { ConnectionCommands } from "../../src/commands/connection.ts";
import type { DiagnosticsCommands } from "../../src/commands/diagnostics.ts";
import type { HotkeysCommands } from "../../src/commands/hotkeys.ts";
import type { IntrospectionCommands } from "../../src/commands/introspection.ts";
import type { ModuleAdminCommands } from "../../src/commands/module_admin.ts";
import type { PubSubCommands } from "../../src/commands/pubsub.ts";
import type { RawCommands } from "../../src/commands/raw.ts";
import type { ServerCommands } from "../../src/commands/server.ts";
import type { SamplesOf } from "./sample.ts";

/** The number of no connection. */
const NOBODY = 999_999_999;

/** A filter that no connection passes. */
const NO_ONE = {
  user: "bob",
  address: "127.0.0.1:1",
  localAddress: "127.0.0.1:1",
  skipMe: true,
} as const;

const TRAITS = {
  name: "none",
  flags: "b",
  libraryName: "none",
  libraryVersion: "1.0",
  db: 3,
  capabilities: "r",
  ip: "127.0.0.9",
} as const;

export const connectionSamples: SamplesOf<ConnectionCommands<"command", Bulk>> = {
  clientId: [(on) => on.clientId()],
  clientInfo: [(on) => on.clientInfo()],
  clientGetname: [(on) => on.clientGetname()],
  clientGetredir: [(on) => on.clientGetredir()],
  clientKill: [
    (on) => on.clientKill({ id: NOBODY }),
    (on) => on.clientKill("127.0.0.1:1"),
    (on) => on.clientKill({ ...NO_ONE, type: "pubsub" }),
    (on) => on.clientKill({ type: "replica", skipMe: false }),
    (on) => on.clientKill({ type: "master" }),
    (on) => on.clientKill({ type: "normal", minAgeSeconds: NOBODY }),
    (on) => on.clientKill({ id: [NOBODY, NOBODY - 1] }),
    (on) => on.clientKill({ ...TRAITS, minIdleSeconds: 1000 }),
    (on) =>
      on.clientKill({
        id: NOBODY,
        not: { ...TRAITS, ids: [1, 2], type: "normal", user: "bob", address: "127.0.0.1:1" },
      }),
    (on) => on.clientKill({ id: NOBODY, not: { localAddress: "127.0.0.1:1" } }),
  ],
  clientList: [
    (on) => on.clientList(),
    (on) => on.clientList({ type: "normal" }),
    (on) => on.clientList({ type: "master" }),
    (on) => on.clientList({ type: "replica" }),
    (on) => on.clientList({ type: "pubsub" }),
    (on) => on.clientList({ ids: [NOBODY, NOBODY - 1] }),
    (on) => on.clientList({ ...NO_ONE, minAgeSeconds: NOBODY }),
    (on) => on.clientList({ skipMe: false, ids: NOBODY }),
    (on) => on.clientList({ ...TRAITS, minIdleSeconds: 1000 }),
    (on) =>
      on.clientList({
        ids: NOBODY,
        not: { ...TRAITS, ids: [1, 2], type: "normal", user: "bob", address: "127.0.0.1:1" },
      }),
    (on) => on.clientList({ ids: NOBODY, not: { localAddress: "127.0.0.1:1" } }),
  ],
  clientPause: [
    (on) => on.clientPause(1),
    (on) => on.clientPause(1, { mode: "WRITE" }),
    (on) => on.clientPause(1, { mode: "ALL" }),
  ],
  clientTrackinginfo: [(on) => on.clientTrackinginfo()],
  clientUnblock: [
    (on) => on.clientUnblock(NOBODY),
    (on) => on.clientUnblock(NOBODY, { as: "TIMEOUT" }),
    (on) => on.clientUnblock(NOBODY, { as: "ERROR" }),
  ],
  clientUnpause: [(on) => on.clientUnpause()],
  echo: [(on) => on.echo("text"), (on) => on.echo("")],
  ping: [(on) => on.ping(), (on) => on.ping("text")],
};

export const serverSamples: SamplesOf<ServerCommands<"command">> = {
  bgrewriteaof: [(on) => on.bgrewriteaof()],
  bgsave: [(on) => on.bgsave(), (on) => on.bgsave({ schedule: true }), (on) => on.bgsave("CANCEL")],
  configGet: [(on) => on.configGet("maxmemory"), (on) => on.configGet(["maxmemory", "list-max-*"])],
  configResetstat: [(on) => on.configResetstat()],
  configRewrite: [(on) => on.configRewrite()],
  configSet: [
    (on) => on.configSet({ "slowlog-max-len": 100 }),
    (on) => on.configSet({ "slowlog-max-len": "100", "latency-monitor-threshold": 0 }),
  ],
  dbsize: [(on) => on.dbsize()],
  flushall: [
    (on) => on.flushall(),
    (on) => on.flushall({ mode: "ASYNC" }),
    (on) => on.flushall({ mode: "SYNC" }),
  ],
  flushdb: [
    (on) => on.flushdb(),
    (on) => on.flushdb({ mode: "ASYNC" }),
    (on) => on.flushdb({ mode: "SYNC" }),
  ],
  info: [(on) => on.info(), (on) => on.info("server"), (on) => on.info(["server", "keyspace"])],
  lastsave: [(on) => on.lastsave()],
  lolwut: [(on) => on.lolwut(), (on) => on.lolwut({ version: 5, parameters: [40, 2, 2] })],
  role: [(on) => on.role()],
  save: [(on) => on.save()],
  swapdb: [(on) => on.swapdb(0, 1)],
  time: [(on) => on.time()],
};

export const introspectionSamples: SamplesOf<IntrospectionCommands<"command", Bulk>> = {
  command: [(on) => on.command()],
  commandCount: [(on) => on.commandCount()],
  commandDocs: [(on) => on.commandDocs(["get", "set"]), (on) => on.commandDocs()],
  commandGetkeys: [(on) => on.commandGetkeys(["MSET", "a", 1, "b", 2])],
  commandGetkeysandflags: [(on) => on.commandGetkeysandflags(["LMOVE", "a", "b", "LEFT", "RIGHT"])],
  commandInfo: [(on) => on.commandInfo("get"), (on) => on.commandInfo(["get", "none"])],
  commandList: [
    (on) => on.commandList(),
    (on) => on.commandList({ module: "none" }),
    (on) => on.commandList({ aclCategory: "string" }),
    (on) => on.commandList({ pattern: "z*" }),
  ],
};

export const diagnosticsSamples: SamplesOf<DiagnosticsCommands<"command", Bulk>> = {
  latencyDoctor: [(on) => on.latencyDoctor()],
  latencyGraph: [(on) => on.latencyGraph("command")],
  latencyHistogram: [(on) => on.latencyHistogram("set"), (on) => on.latencyHistogram()],
  latencyHistory: [(on) => on.latencyHistory("command")],
  latencyLatest: [(on) => on.latencyLatest()],
  latencyReset: [
    (on) => on.latencyReset(),
    (on) => on.latencyReset("command"),
    (on) => on.latencyReset(["command", "fork"]),
  ],
  memoryDoctor: [(on) => on.memoryDoctor()],
  memoryMallocStats: [(on) => on.memoryMallocStats()],
  memoryPurge: [(on) => on.memoryPurge()],
  memoryStats: [(on) => on.memoryStats()],
  memoryUsage: [
    (on) => on.memoryUsage("list"),
    (on) => on.memoryUsage("list", { samples: 5 }),
    (on) => on.memoryUsage("none"),
  ],
  slowlogGet: [(on) => on.slowlogGet(), (on) => on.slowlogGet(5)],
  slowlogLen: [(on) => on.slowlogLen()],
  slowlogReset: [(on) => on.slowlogReset()],
};

export const commandLogSamples: SamplesOf<CommandLogCommands<"command", Bulk>> = {
  commandlogGet: [
    (on) => on.commandlogGet("SLOW"),
    (on) => on.commandlogGet("LARGE-REQUEST", 5),
    (on) => on.commandlogGet("LARGE-REPLY", 5),
  ],
  commandlogLen: [
    (on) => on.commandlogLen("SLOW"),
    (on) => on.commandlogLen("LARGE-REQUEST"),
    (on) => on.commandlogLen("LARGE-REPLY"),
  ],
  commandlogReset: [
    (on) => on.commandlogReset("SLOW"),
    (on) => on.commandlogReset("LARGE-REQUEST"),
    (on) => on.commandlogReset("LARGE-REPLY"),
  ],
};

export const hotkeysSamples: SamplesOf<HotkeysCommands<"command", Bulk>> = {
  hotkeysGet: [(on) => on.hotkeysGet()],
  hotkeysReset: [(on) => on.hotkeysReset()],
  hotkeysStart: [
    (on) => on.hotkeysStart("CPU"),
    (on) => on.hotkeysStart(["CPU", "NET"], { count: 5, durationInSeconds: 100, sampleRatio: 2 }),
    (on) => on.hotkeysStart("NET", { slots: [0, 1] }),
  ],
  hotkeysStop: [(on) => on.hotkeysStop()],
};

export const moduleAdminSamples: SamplesOf<ModuleAdminCommands<"command">> = {
  moduleList: [(on) => on.moduleList()],
  moduleLoad: [(on) => on.moduleLoad("none.so"), (on) => on.moduleLoad("none.so", ["a", 1])],
  moduleLoadex: [
    (on) => on.moduleLoadex("none.so"),
    (on) => on.moduleLoadex("none.so", { config: { "a.b": 1, "a.c": "2" }, args: ["a", "b"] }),
  ],
  moduleUnload: [(on) => on.moduleUnload("none")],
};

export const pubSubSamples: SamplesOf<PubSubCommands<"command", Bulk>> = {
  publish: [(on) => on.publish("channel", "message")],
  spublish: [(on) => on.spublish("channel", "message")],
  pubsubChannels: [(on) => on.pubsubChannels(), (on) => on.pubsubChannels("c*")],
  pubsubNumpat: [(on) => on.pubsubNumpat()],
  pubsubNumsub: [(on) => on.pubsubNumsub("channel"), (on) => on.pubsubNumsub(["a", "b"])],
  pubsubShardchannels: [(on) => on.pubsubShardchannels(), (on) => on.pubsubShardchannels("c*")],
  pubsubShardnumsub: [
    (on) => on.pubsubShardnumsub("channel"),
    (on) => on.pubsubShardnumsub(["a", "b"]),
  ],
};

export const aclSamples: SamplesOf<AclCommands<"command">> = {
  aclCat: [(on) => on.aclCat(), (on) => on.aclCat("hyperloglog")],
  aclDeluser: [(on) => on.aclDeluser("bob"), (on) => on.aclDeluser(["bob", "none"])],
  aclDryrun: [(on) => on.aclDryrun("bob", ["GET", "str"]), (on) => on.aclDryrun("default", "PING")],
  aclGenpass: [(on) => on.aclGenpass(), (on) => on.aclGenpass(128)],
  aclGetuser: [(on) => on.aclGetuser("bob"), (on) => on.aclGetuser("none")],
  aclList: [(on) => on.aclList()],
  aclLoad: [(on) => on.aclLoad()],
  aclLog: [(on) => on.aclLog(), (on) => on.aclLog(5)],
  aclLogReset: [(on) => on.aclLogReset()],
  aclSave: [(on) => on.aclSave()],
  aclSetuser: [
    (on) => on.aclSetuser("eve"),
    (on) => on.aclSetuser("eve", "on"),
    (on) => on.aclSetuser("eve", ["on", ">password", "~key:*", "+@read"]),
  ],
  aclUsers: [(on) => on.aclUsers()],
  aclWhoami: [(on) => on.aclWhoami()],
};

export const rawSamples: SamplesOf<RawCommands<"command", Bulk>> = {
  call: [(on) => on.call("OBJECT", "ENCODING", "str"), (on) => on.call("HGETALL", "single_field")],
};
