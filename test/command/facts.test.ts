import { expect, test } from "vitest";
import {
  commandNames,
  factsOf,
  isReadOnly,
  keyIndexes,
  slotIndexes,
} from "../../src/command/facts.ts";
import { calls } from "./facts_calls.ts";

const argvOf = (call: string): string[] => call.split(" ");

test("facts say what servers say", () => {
  expect(factsOf(["GET", "k"])).toEqual({
    name: "GET",
    arity: 2,
    group: "string",
    since: { redis: "1.0.0", valkey: "1.0.0" },
    isReadOnly: true,
    isWrite: false,
    isBlocking: false,
    isAdmin: false,
    isDangerous: false,
    isDeprecated: false,
    isNondeterministic: false,
    isCacheable: true,
    requestPolicy: undefined,
    responsePolicy: undefined,
  });
  expect(factsOf(["CONFIG", "SET", "a", "b"])).toMatchObject({
    name: "CONFIG SET",
    arity: -4,
    isAdmin: true,
    isDangerous: true,
    requestPolicy: "all_nodes",
    responsePolicy: "all_succeeded",
  });
  expect(factsOf(["BLPOP"])).toMatchObject({ isWrite: true, isBlocking: true, isReadOnly: false });
  expect(factsOf(["MSETEX"])?.since).toEqual({ redis: "8.4.0", valkey: "9.1.0" });
  expect(factsOf(["DELIFEQ"])?.since).toEqual({ redis: undefined, valkey: "9.0.0" });
  expect(factsOf(["VADD"])?.since).toEqual({ redis: "8.0.0", valkey: undefined });
});

test("commands are found by text in any case and by bytes, a container's by two words", () => {
  const facts = factsOf(["CONFIG", "GET"]);
  expect(facts?.name).toBe("CONFIG GET");
  expect(factsOf(["config", "get", "*"])).toBe(facts);
  expect(factsOf([Buffer.from("Config"), new Uint8Array(Buffer.from("GeT"))])).toBe(facts);
  expect(factsOf(["CONFIG"])?.name).toBe("CONFIG");
  expect(factsOf(["COMMAND"])?.name).toBe("COMMAND");
});

test("what no server knows has no facts", () => {
  for (const argv of [
    [],
    ["NO"],
    ["CONFIG", "NO"],
    ["CONFIG GET"],
    [7],
    [Buffer.alloc(99)],
    [""],
  ]) {
    expect(factsOf(argv)).toBeUndefined();
    expect(isReadOnly(argv)).toBe(false);
  }
  for (const word of ["constructor", "__proto__", "get|x", "@string"]) {
    expect(factsOf([word])).toBeUndefined();
  }
});

test("replies are cacheable when only the keys decide them", () => {
  const cacheable = "GET MGET HGETALL SMEMBERS ZRANGE XRANGE BITCOUNT LCS GEOSEARCH EXISTS TYPE";
  const others = "SET TTL SRANDMEMBER SCAN KEYS DBSIZE XREAD EVAL_RO SORT_RO TOUCH VSIM DUMP";
  const all = argvOf(`${cacheable} ${others}`);
  const found = all.filter((name) => factsOf([name])?.isCacheable === true);
  expect(found).toEqual(argvOf(cacheable));
});

test.each([
  ["SORT k ALPHA", "SORT k ALPHA STORE d"],
  ["GEORADIUS k 1 2 3 m COUNT 1", "GEORADIUS k 1 2 3 m store d"],
  ["GEORADIUSBYMEMBER k m 3 m", "GEORADIUSBYMEMBER k m 3 m STOREDIST d"],
  ["BITFIELD k GET u8 0 get u8 8", "BITFIELD k GET u8 0 SET u8 0 1"],
  ["BITFIELD k GET u8 0", "BITFIELD k GET u8 0 INCRBY u8 0 1"],
  ["BITFIELD k", "BITFIELD k OVERFLOW SAT INCRBY u8 0 1"],
  ["GETEX k", "GETEX k PERSIST"],
  ["HGETEX k FIELDS 1 f", "HGETEX k PERSIST FIELDS 1 f"],
  ["XREAD BLOCK 0 STREAMS k $", "XREADGROUP GROUP g c STREAMS k >"],
  ["ACL LOG 10", "ACL LOG RESET"],
  ["SRANDMEMBER k", "SPOP k"],
  ["SCRIPT EXISTS x", "SCRIPT LOAD x"],
  ["EVAL_RO return(1) 0", "EVAL return(1) 0"],
  ["FCALL_RO f 0", "FCALL f 0"],
  ["JSON.GET k", "JSON.SET k $ 1"],
  ["FT.SEARCH i *", "FT.CREATE i SCHEMA t TEXT"],
  ["TS.RANGE k - +", "TS.ADD k * 1"],
  ["BF.EXISTS k x", "BF.ADD k x"],
])("%s reads, %s does not", (read, other) => {
  expect(isReadOnly(argvOf(read))).toBe(true);
  expect(isReadOnly(argvOf(other))).toBe(false);
});

test("what a server flags as a write never reads, except by its arguments", () => {
  const found = commandNames().filter((name) => {
    return factsOf(argvOf(name))?.isWrite === true && isReadOnly([...argvOf(name), "k", "x"]);
  });
  expect(found.sort()).toEqual(["GEORADIUS", "GEORADIUSBYMEMBER", "SORT"]);
});

/** Neither flagged, and not to be repeated: they act, or answer for their connection only. */
const OTHERS = `
ACL DELUSER, ACL LOAD, ACL SAVE, ACL SETUSER, ASKING, AUTH, BGREWRITEAOF, BGSAVE, CLIENT CACHING,
CLIENT CAPA, CLIENT IMPORT-SOURCE, CLIENT KILL, CLIENT NO-EVICT, CLIENT NO-TOUCH, CLIENT PAUSE,
CLIENT REPLY, CLIENT SETINFO, CLIENT SETNAME, CLIENT TRACKING, CLIENT UNBLOCK, CLIENT UNPAUSE,
CLUSTER ADDSLOTS, CLUSTER ADDSLOTSRANGE, CLUSTER BUMPEPOCH, CLUSTER CANCELSLOTMIGRATIONS,
CLUSTER DELSLOTS, CLUSTER DELSLOTSRANGE, CLUSTER FAILOVER, CLUSTER FLUSHSLOTS, CLUSTER FORGET,
CLUSTER MEET, CLUSTER MIGRATESLOTS, CLUSTER MIGRATION, CLUSTER REPLICATE, CLUSTER RESET,
CLUSTER SAVECONFIG, CLUSTER SET-CONFIG-EPOCH, CLUSTER SETSLOT, CLUSTER SYNCSLOTS, COMMANDLOG RESET,
CONFIG RESETSTAT, CONFIG REWRITE, CONFIG SET, DEBUG, DISCARD, EVAL, EVALSHA, EXEC, FAILOVER, FCALL,
FUNCTION KILL, HELLO, HOTKEYS RESET, HOTKEYS START, HOTKEYS STOP, LATENCY RESET, MEMORY PURGE,
MODULE LOAD, MODULE LOADEX, MODULE UNLOAD, MONITOR, MULTI, PFSELFTEST, PSUBSCRIBE, PSYNC, PUBLISH,
PUNSUBSCRIBE, QUIT, READONLY, READWRITE, REPLCONF, REPLICAOF, RESET, SAVE, SCRIPT DEBUG,
SCRIPT FLUSH, SCRIPT KILL, SCRIPT LOAD, SELECT, SHUTDOWN, SLAVEOF, SLOWLOG RESET, SPUBLISH,
SSUBSCRIBE, SUBSCRIBE, SUNSUBSCRIBE, SYNC, UNSUBSCRIBE, UNWATCH, WAIT, WAITAOF, WATCH`;

test("for every command without such a flag it is decided whether it reads", () => {
  const names = commandNames();
  const isContainer = (name: string): boolean => names.some((one) => one.startsWith(`${name} `));
  const others = names.filter((name) => {
    return (
      factsOf(argvOf(name))?.isWrite === false && !isReadOnly(argvOf(name)) && !isContainer(name)
    );
  });
  expect(others.sort()).toEqual(OTHERS.trim().split(/,\s+/));
});

test.each([
  ["JSON.GET k $.a", [1]],
  ["JSON.MGET a b $", [1, 2]],
  ["JSON.MSET a $ 1 b $ 2", [1, 4]],
  ["JSON.DEBUG MEMORY a", [2]],
  ["TS.MADD a 1 2 b 3 4", [1, 4]],
  ["TS.CREATERULE a b AGGREGATION avg 1", [1, 2]],
  ["TS.MRANGE - + FILTER a=b", []],
  ["CMS.MERGE d 2 a b WEIGHTS 1 2", [1, 3, 4]],
  ["FT.SEARCH i *", []],
  ["FT.SUGADD k x 1", [1]],
  ["NEW.COMMAND k x", [1]],
  ["NEW", []],
])("the keys of %s, of no server here, are at %j", (call, expected) => {
  expect(keyIndexes(argvOf(call))).toEqual(expected);
});

test("keys are found by names and options in any case and in bytes", () => {
  const xread = [
    Buffer.from("xread"),
    "count",
    2,
    Buffer.from("streams"),
    "a",
    Buffer.from("b"),
    0,
    "$",
  ];
  expect(keyIndexes(xread)).toEqual([4, 5]);
  expect(keyIndexes(["zunionstore", "d", 2n, "a", "b"])).toEqual([1, 3, 4]);
  expect(keyIndexes([Buffer.from("eval"), "return 1", Buffer.from("1"), "a", "x"])).toEqual([3]);
  expect(keyIndexes(["sort", "a", "by", "store", Buffer.from("store"), "b"])).toEqual([1, 5]);
});

test("an incomplete command has the keys that are there", () => {
  expect(keyIndexes([])).toEqual([]);
  expect(keyIndexes(["GET"])).toEqual([]);
  expect(keyIndexes(["SORT"])).toEqual([]);
  expect(keyIndexes(["MIGRATE", "h"])).toEqual([]);
  expect(keyIndexes(["BLPOP", "a"])).toEqual([]);
  expect(keyIndexes(["EVAL", "x"])).toEqual([]);
  expect(keyIndexes(["EVAL", "x", "5", "a"])).toEqual([3]);
  expect(keyIndexes(["EVAL", "x", "many", "a"])).toEqual([]);
  expect(keyIndexes(["EVAL", "x", "-1", "a"])).toEqual([]);
  expect(keyIndexes(["EVAL", "x", "1e9", "a"])).toEqual([3]);
  expect(keyIndexes(["XREAD", "STREAMS"])).toEqual([]);
});

test("shard channels decide the slot without being keys", () => {
  expect(keyIndexes(["SPUBLISH", "c", "m"])).toEqual([]);
  expect(slotIndexes(["SPUBLISH", "c", "m"])).toEqual([1]);
  expect(slotIndexes(["SSUBSCRIBE", "a", "b"])).toEqual([1, 2]);
  expect(slotIndexes(["CLUSTERSCAN", "0-{06S}-0"])).toEqual([1]);
  expect(slotIndexes(["MSET", "a", 1, "b", 2])).toEqual([1, 3]);
  expect(slotIndexes(["PUBLISH", "c", "m"])).toEqual([]);
});

test("every command that reads a key is in the table of calls", () => {
  const called = new Set(calls.filter(isReadOnly).map((argv) => factsOf(argv)?.name));
  const readers = commandNames().filter((name) => {
    const argv = [...argvOf(name), "k", "1", "1", "1"];
    return factsOf(argv)?.isReadOnly === true && keyIndexes(argv).length > 0;
  });
  expect(readers.filter((name) => !called.has(name))).toEqual(["OBJECT FREQ"]);
});
