import fc from "fast-check";
import type { Argument } from "../../src/protocol/resp.ts";

/** Keys whose names are those of options, too, and one that is not ASCII. */
export const KEYS: readonly string[] = ["a", "b", "A", "replace", "XX", "ü", "1"];

const key = fc.constantFrom(...KEYS);
const member = fc.constantFrom("x", "y", "z", "", "12", "ü");
const bytes = fc.uint8Array({ maxLength: 20 }).map((value) => Buffer.from(value));
const text = fc.oneof(member, bytes);
const score = fc.constantFrom("0", "1", "1.5", "-2", "inf", "3e7");
const keys = fc.array(key, { minLength: 1, maxLength: 3 });

type Words = readonly Argument[];
type Part = fc.Arbitrary<Argument | Words>;

/** A command of words that are made one by one; lists become several words. */
function words(...parts: readonly (Argument | Part)[]): fc.Arbitrary<Words> {
  const made = parts.map((part) =>
    typeof part === "object" && "generate" in part ? part : fc.constant<Argument>(part),
  );
  return fc.tuple(...made).map((all) => all.flatMap((one): Words => (isWords(one) ? one : [one])));
}

function isWords(part: Argument | Words): part is Words {
  return Array.isArray(part);
}

const optional = (...parts: readonly (Argument | Part)[]): Part =>
  fc.option(words(...parts)).map((some) => some ?? []);

/** Some keys with something in them, of any type. */
export const randomData: fc.Arbitrary<readonly Words[]> = fc.array(
  fc.oneof(
    words("SET", key, text),
    words("SETBIT", key, fc.nat(200), 1),
    words("RPUSH", key, fc.array(text, { minLength: 1, maxLength: 4 })),
    words("SADD", key, fc.array(member, { minLength: 1, maxLength: 4 })),
    words("HSET", key, member, text),
    words("ZADD", key, score, member),
    words("ZADD", key, score, member),
    words("PFADD", key, fc.array(text, { minLength: 1, maxLength: 4 })),
    words("GEOADD", key, 13.36, 38.11, member),
    words("XADD", key, "1-1", "f", text),
    words("PEXPIRE", key, 1_000_000),
  ),
  { maxLength: 8 },
);

// Over at once or never: nothing may expire between the first time and the second.
const seconds = fc.constantFrom(-1, 0, 1000, "x", "");
const expiry = fc.oneof(
  optional(fc.constantFrom("EX", "px"), fc.constantFrom(0, 99_999)),
  optional(fc.constantFrom("EXAT", "pxat"), fc.constantFrom(0, 1, 99_999)),
);
const numbered = keys.map((some): Words => [some.length, ...some]);
const aggregate = optional("AGGREGATE", fc.constantFrom("SUM", "MIN", "MAX"));
const when = optional(fc.constantFrom("NX", "xx", "GT", "LT"));
const PAYLOAD = Buffer.from("000576616c75650a0081f6c138c1aa9b6e", "hex");

/** Calls of all rows of the table, and of what resembles them. */
export const randomRow: fc.Arbitrary<Words> = fc.oneof(
  words("SET", key, text, optional(fc.constantFrom("NX", "xx", "KEEPTTL", "GET")), expiry),
  words("MSET", key, text, key, text),
  words("SETEX", key, seconds, text),
  words("PSETEX", key, fc.constantFrom(-1, 99_999), text),
  words("SETRANGE", key, fc.integer({ min: -1, max: 30 }), text),
  words("HMSET", key, member, text, member, text),
  words("LSET", key, fc.integer({ min: -2, max: 3 }), text),
  words("LSET", key, 0, text),
  words("EXPIRE", key, seconds, when),
  words("PEXPIRE", key, fc.constantFrom(-1, 0, 50_000, 99_999), when),
  words("EXPIREAT", key, fc.constantFrom(0, 1, 4_102_444_800), when),
  words("COPY", key, key, optional("DB", 1), optional("REPLACE")),
  words("RESTORE", key, fc.constantFrom(0, 99_999), PAYLOAD, optional("REPLACE")),
  words("BITOP", fc.constantFrom("AND", "OR", "XOR"), key, keys),
  words("BITOP", "NOT", key, key),
  words("PFMERGE", key, keys),
  words(fc.constantFrom("SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"), key, keys),
  words(fc.constantFrom("ZINTERSTORE", "ZUNIONSTORE"), key, numbered, aggregate),
  words("ZDIFFSTORE", key, numbered),
  words("ZRANGESTORE", key, key, "-inf", "+inf", "BYSCORE"),
  words("GEOSEARCHSTORE", key, key, "FROMLONLAT", 15, 37, "BYRADIUS", 500, "km"),
  words(fc.constantFrom("FLUSHDB", "FLUSHALL")),
  words("SCRIPT", "LOAD", fc.constantFrom("return 1", "return 2", "(")),
  words("CONFIG", "SET", "slowlog-max-len", fc.constantFrom(1, 100, "x")),
);

interface CounterExample {
  readonly data: readonly Words[];
  readonly argv: Words;
}

const given = (argv: string, ...data: readonly string[]): CounterExample => ({
  data: data.map((line) => line.split(" ")),
  argv: argv.split(" "),
});

/** Calls that must not be in the table: each differs when it runs twice on these data. */
export const COUNTER_EXAMPLES: readonly CounterExample[] = [
  given("SET a 1 NX"),
  given("SET a 1 GET"),
  given("SET a 1 XX EXAT 1", "SET a 0"),
  given("SET a 1 IFEQ 0", "SET a 0"),
  given("SETNX a 1"),
  given("GETSET a 1"),
  given("INCR a"),
  given("INCRBYFLOAT a 1.5"),
  given("APPEND a x"),
  given("LPUSH a x"),
  given("LTRIM a 1 -1", "RPUSH a 1 2 3"),
  given("LREM a 1 x", "RPUSH a x x x"),
  given("LINSERT a BEFORE x x", "RPUSH a x"),
  given("RPOPLPUSH a a", "RPUSH a 1 2"),
  given("GETDEL a", "SET a 1"),
  given("PERSIST a", "SET a 1 EX 100"),
  given("SADD a x"),
  given("SPOP a", "SADD a x y"),
  given("HSET a f v"),
  given("HINCRBY a f 1"),
  given("ZADD a 1 x"),
  given("ZADD a XX INCR 1 x", "ZADD a 1 x"),
  given("DEL a", "SET a 1"),
  given("UNLINK a", "SET a 1"),
  given("RENAME a b", "SET a 1"),
  given("MOVE a 1", "SET a 1", "FLUSHALL", "SET a 1"),
  given("COPY a b", "SET a 1"),
  given("COPY replace b", "SET replace 1"),
  given("EXPIRE a 0", "SET a 1"),
  given("EXPIRE a -1", "SET a 1"),
  given("EXPIRE a 100 NX", "SET a 1"),
  given("EXPIREAT a 1", "SET a 1"),
  given("BITOP XOR a a b", "SET a x", "SET b y"),
  given("BITOP NOT a a", "SET a x"),
  given("SETBIT a 7 1"),
  given("SDIFFSTORE a b a", "SADD a x", "SADD b x y"),
  given("ZUNIONSTORE a 2 a b", "ZADD a 1 x", "ZADD b 1 x"),
  given("ZRANGESTORE a a 1 -1", "ZADD a 1 x 2 y 3 z"),
  given("PFADD a x"),
  given("XADD a 1-1 f v"),
  given("SWAPDB 0 1", "SET a 1"),
];

/** Commands that no sample shows to differ, and that are not in the table nevertheless. */
export const LEFT_OUT: readonly (readonly [names: RegExp, because: string])[] = [
  [/^(ACL|CLIENT|CONFIG|HOTKEYS|LATENCY|MEMORY|SLOWLOG|COMMANDLOG) /, "for administrators"],
  [/^(MODULE|FUNCTION|SCRIPT) /, "for administrators"],
  [/^(EVAL|EVALSHA|FCALL)$/, "only their authors know what scripts do"],
  [/^S?PUBLISH$/, "who is subscribed gets it twice"],
  [/^WAIT(AOF)?$/, "it answers for the writes of its own connection"],
  [/^MIGRATE$/, "the other server is not asked"],
  [/^(GETEX|HGETEX|HSETEX)$/, "with an expiry in the past they delete"],
  [/^(SORT|GEORADIUS|GEORADIUSBYMEMBER)$/, "which word is the key to store in depends on others"],
  [/^(VSETATTR|XCFGSET|XGROUP SETID|XSETID)$/, "could be, but nobody has asked for it"],
];
