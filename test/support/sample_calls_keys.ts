import type { Bulk } from "../../src/command/command.ts";
import { array, text, textOrNull } from "../../src/command/decoders.ts";
import type { ExpiryCommands } from "../../src/commands/expiry.ts";
import type { FunctionCommands } from "../../src/commands/functions.ts";
import type { KeyCommands } from "../../src/commands/keys.ts";
import type { ScriptingCommands } from "../../src/commands/scripting.ts";
import type { TransferCommands } from "../../src/commands/transfer.ts";
import type { SamplesOf } from "./sample.ts";

/** Far away, so that nothing expires while the tests run. */
const LATER = 4_102_444_800;

/** What Redis 7.0 gave for `DUMP` of a string; newer servers take it, too. */
const DUMPED_STRING = Buffer.from("000576616c75650a0081f6c138c1aa9b6e", "hex");

/** What Redis 7.0 gave for `FUNCTION DUMP` of a library named as the one below. */
const DUMPED_LIBRARY = Buffer.from(
  "f5c3408b409b1f23216c7561206e616d653d6c6962726172790a72656469732e726567697374650b725f" +
    "66756e6374696f6e7b20c009005f402e0f203d202266222c2063616c6c6261636b200fc01f0c286b6579" +
    "73292072657475726e2006404e40260428224745542032401e0e5b315d2920656e642c20666c61677320" +
    "3d107b20226e6f2d77726974657322207d207d0a001eda8ca4244b7c30",
  "hex",
);

/** A server port where nobody listens. */
const NOBODY = { host: "127.0.0.1", port: 1 } as const;

/** The program that is loaded before each sample, and its digest. */
export const LOADED_SCRIPT = "return KEYS[1]";
const DIGEST = "4a2267357833227dd98abdedb8cf24b15a986445";

/** The library of functions that is loaded before each sample. */
export const LOADED_LIBRARY = `#!lua name=library
local function get(keys) return redis.call("GET", keys[1]) end
redis.register_function{ function_name = "f", callback = get, flags = { "no-writes" } }`;

export const expirySamples: SamplesOf<ExpiryCommands<"command">> = {
  expire: [
    (on) => on.expire("str", 100),
    (on) => on.expire("none", 100),
    (on) => on.expire("str", 100, { when: "NX" }),
    (on) => on.expire("volatile", 100, { when: "XX" }),
    (on) => on.expire("volatile", 100, { when: "GT" }),
    (on) => on.expire("volatile", 100, { when: ["XX", "LT"] }),
  ],
  expireat: [
    (on) => on.expireat("str", LATER),
    (on) => on.expireat("str", new Date(LATER * 1000), { when: "NX" }),
    (on) => on.expireat("volatile", LATER, { when: "XX" }),
    (on) => on.expireat("volatile", LATER, { when: "GT" }),
    (on) => on.expireat("volatile", 1, { when: ["XX", "LT"] }),
  ],
  expiretime: [(on) => on.expiretime("volatile"), (on) => on.expiretime("none")],
  pexpire: [
    (on) => on.pexpire("str", 100_000),
    (on) => on.pexpire("str", 100_000, { when: "NX" }),
    (on) => on.pexpire("volatile", 100_000, { when: "XX" }),
    (on) => on.pexpire("volatile", 100_000, { when: "GT" }),
    (on) => on.pexpire("volatile", 100_000, { when: "LT" }),
  ],
  pexpireat: [
    (on) => on.pexpireat("str", LATER * 1000),
    (on) => on.pexpireat("str", new Date(LATER * 1000), { when: "NX" }),
    (on) => on.pexpireat("volatile", LATER * 1000, { when: "XX" }),
    (on) => on.pexpireat("volatile", LATER * 1000, { when: ["XX", "GT"] }),
    (on) => on.pexpireat("volatile", 1, { when: "LT" }),
  ],
  pexpiretime: [(on) => on.pexpiretime("volatile"), (on) => on.pexpiretime("str")],
  persist: [(on) => on.persist("volatile"), (on) => on.persist("str")],
  pttl: [(on) => on.pttl("str"), (on) => on.pttl("volatile")],
  ttl: [(on) => on.ttl("none"), (on) => on.ttl("volatile")],
};

export const keySamples: SamplesOf<KeyCommands<"command", Bulk>> = {
  copy: [
    (on) => on.copy("str", "new"),
    (on) => on.copy("str", "other"),
    (on) => on.copy("str", "other", { db: 1, replace: true }),
  ],
  del: [(on) => on.del("str"), (on) => on.del(["str", "none"])],
  unlink: [(on) => on.unlink("str"), (on) => on.unlink(["str", "none"])],
  exists: [(on) => on.exists("str"), (on) => on.exists(["str", "none"])],
  touch: [(on) => on.touch("str"), (on) => on.touch(["str", "none"])],
  keys: [(on) => on.keys("*")],
  scan: [
    (on) => on.scan(0, { count: 1000 }),
    (on) => on.scan("0", { match: "str*", count: 1000, type: "string" }),
  ],
  randomkey: [(on) => on.randomkey()],
  type: [(on) => on.type("zset"), (on) => on.type("none")],
  rename: [(on) => on.rename("str", "new"), (on) => on.rename("none", "new")],
  renamenx: [(on) => on.renamenx("str", "new"), (on) => on.renamenx("str", "other")],
  move: [(on) => on.move("str", 1), (on) => on.move("none", 1)],
  objectEncoding: [(on) => on.objectEncoding("str"), (on) => on.objectEncoding("none")],
  objectFreq: [(on) => on.objectFreq("str"), (on) => on.objectFreq("none")],
  objectIdletime: [(on) => on.objectIdletime("str"), (on) => on.objectIdletime("none")],
  objectRefcount: [(on) => on.objectRefcount("str"), (on) => on.objectRefcount("none")],
  wait: [(on) => on.wait(1, 1)],
  waitaof: [(on) => on.waitaof({ replicas: 1 }, 1), (on) => on.waitaof({ local: true }, 1)],
};

export const transferSamples: SamplesOf<TransferCommands<"command">> = {
  dump: [(on) => on.dump("str"), (on) => on.dump("none")],
  restore: [
    (on) => on.restore("new", DUMPED_STRING),
    (on) => on.restore("str", DUMPED_STRING),
    (on) => on.restore("str", DUMPED_STRING, { replace: true, expireInMilliseconds: 100_000 }),
    (on) => on.restore("new", DUMPED_STRING, { expireAtMilliseconds: LATER * 1000 }),
    (on) => on.restore("new", DUMPED_STRING, { idleSeconds: 10 }),
    (on) => on.restore("new", DUMPED_STRING, { frequency: 10 }),
  ],
  migrate: [
    (on) => on.migrate(NOBODY, "none"),
    (on) => on.migrate(NOBODY, "str", { timeout: 100, copy: true, replace: true }),
    (on) => on.migrate({ ...NOBODY, db: 1, password: "p" }, "none"),
    (on) => on.migrate({ ...NOBODY, username: "u", password: "p" }, ["none", "str"]),
  ],
};

export const scriptingSamples: SamplesOf<ScriptingCommands<"command">> = {
  eval: [
    (on) => on.eval("return 1"),
    (on) => on.eval("return {KEYS[1], ARGV[1]}", { keys: "str", args: [1] }),
    (on) => on.eval("return ARGV[1]", { args: "text", reply: text }),
    (on) => on.eval("return {KEYS[1]}", { keys: ["str"], reply: (it) => array(it).map(text) }),
  ],
  eval_ro: [
    (on) => on.eval_ro("return redis.call('GET', KEYS[1])", { keys: "str" }),
    (on) => on.eval_ro("return 'text'", { reply: text }),
  ],
  evalsha: [
    (on) => on.evalsha(DIGEST, { keys: ["str", "other"] }),
    (on) => on.evalsha(DIGEST, { keys: "str", args: "a", reply: text }),
  ],
  evalsha_ro: [
    (on) => on.evalsha_ro(DIGEST, { keys: "str" }),
    (on) => on.evalsha_ro(DIGEST, { keys: "str", reply: text }),
  ],
  scriptExists: [
    (on) => on.scriptExists(DIGEST),
    (on) => on.scriptExists([DIGEST, "0".repeat(40)]),
  ],
  scriptFlush: [
    (on) => on.scriptFlush(),
    (on) => on.scriptFlush({ mode: "SYNC" }),
    (on) => on.scriptFlush({ mode: "ASYNC" }),
  ],
  scriptKill: [(on) => on.scriptKill()],
  scriptLoad: [(on) => on.scriptLoad("return 1")],
  scriptShow: [(on) => on.scriptShow(DIGEST)],
};

export const functionSamples: SamplesOf<FunctionCommands<"command", Bulk>> = {
  fcall: [
    (on) => on.fcall("f", { keys: ["str"] }),
    (on) => on.fcall("f", { keys: "str", args: ["a"], reply: textOrNull }),
  ],
  fcall_ro: [
    (on) => on.fcall_ro("f", { keys: "str" }),
    (on) => on.fcall_ro("f", { keys: "str", reply: textOrNull }),
  ],
  functionDelete: [(on) => on.functionDelete("library"), (on) => on.functionDelete("none")],
  functionDump: [(on) => on.functionDump()],
  functionFlush: [
    (on) => on.functionFlush(),
    (on) => on.functionFlush({ mode: "SYNC" }),
    (on) => on.functionFlush({ mode: "ASYNC" }),
  ],
  functionKill: [(on) => on.functionKill()],
  functionList: [
    (on) => on.functionList(),
    (on) => on.functionList({ library: "lib*" }),
    (on) => on.functionList({ withCode: true }),
  ],
  functionLoad: [
    (on) => on.functionLoad(LOADED_LIBRARY),
    (on) => on.functionLoad(LOADED_LIBRARY, { replace: true }),
  ],
  functionRestore: [
    (on) => on.functionRestore(DUMPED_LIBRARY),
    (on) => on.functionRestore(DUMPED_LIBRARY, { policy: "APPEND" }),
    (on) => on.functionRestore(DUMPED_LIBRARY, { policy: "FLUSH" }),
    (on) => on.functionRestore(DUMPED_LIBRARY, { policy: "REPLACE" }),
  ],
  functionStats: [(on) => on.functionStats()],
};
