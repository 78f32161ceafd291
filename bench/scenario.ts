/**
 * What is measured. The same calls, in the same order, for each client.
 */
import { type Call, makeCall } from "./call.ts";

/** How the calls of a scenario are issued. */
export type Manner = "pipeline" | "transaction" | "sequential" | "concurrent" | "watch" | "stream";

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly manner: Manner;
  /** What is counted: "commands", or what they carry. */
  readonly unit: string;
  /** Units of one execution; commands, unless it says otherwise. MB for `unit` "MB". */
  readonly units: number;
  /** Executions between two looks at the clock: short ones are measured together. */
  readonly repeat: number;
  /** Part of the chart, and of `--quick` if it is not too large. */
  readonly isMain: boolean;
  /** Runs only if it is asked for by name. */
  readonly isOnRequest: boolean;
  /** Pipelines that have been queued and wait, unexecuted. */
  readonly idle: number;
  /** How `redis-benchmark` comes near to it. */
  readonly reference: Depth | undefined;
  readonly calls: () => readonly Call[];
  /** What the server holds before the first round. */
  readonly seed: () => readonly Call[];
  /** Brings the server back to that state, before each execution, outside the timed part. */
  readonly reset: readonly Call[];
}

/** Connections, commands that each sends at once, and commands in all. */
interface Depth {
  readonly connections: number;
  readonly depth: number;
  readonly requests: number;
}

type Rest = "idle" | "reference" | "isMain" | "isOnRequest" | "repeat" | "reset" | "seed";
type Parts = Omit<Scenario, Rest> & Partial<Pick<Scenario, Rest>>;

function scenario(parts: Parts): Scenario {
  const defaults = { isMain: false, isOnRequest: false, repeat: 1, reset: [], seed: () => [] };
  return { ...defaults, idle: 0, reference: undefined, ...parts };
}

const KEYS = 10_000;
const WATCHED = "counter";
const AT_ONCE = 50;

const numbered = (prefix: string, index: number): string =>
  `${prefix}:${String(index).padStart(16 - prefix.length - 1, "0")}`;
const keyOf = (index: number): string => numbered("key", index % KEYS);
/** 16 bytes, like the keys. */
const valueOf = (index: number): string => numbered("value", index % KEYS);
const set = (index: number): Call =>
  makeCall("SET", "OK", { key: keyOf(index), value: valueOf(index) });
const get = (index: number): Call => makeCall("GET", valueOf(index), { key: keyOf(index) });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const repeated = (count: number, make: (index: number) => Call): Call[] => {
  const distinct = numbers(Math.min(count, KEYS)).map(make);
  return numbers(count).flatMap((index) => distinct[index % KEYS] ?? []);
};

/** SET and GET of the same key in turn, over 10,000 keys; the calls are shared to save memory. */
function pairs(count: number): Call[] {
  const sets = repeated(count / 2, set);
  const gets = repeated(count / 2, get);
  return sets.flatMap((call, index) => [call, gets[index] ?? []].flat());
}

const HASH = ["name", "Ann Example", "age", "33", "city", "Vienna"];
const GROUPS = 143;

/** 1,000 commands of seven kinds, each group on keys of its own. */
function mixed(): Call[] {
  const groups = numbers(GROUPS).map((index) => {
    const key = (kind: string): string => `${kind}:${index}`;
    return [
      set(index),
      makeCall("INCR", 1, { key: key("counter") }),
      makeCall("HSET", 0, { key: key("hash"), field: "age", value: "33" }),
      makeCall("LPUSH", 1, { key: key("list"), value: valueOf(index) }),
      makeCall("ZADD", 0, { key: key("zset"), score: index, field: "member" }),
      get(index),
      makeCall("HGETALL", HASH, { key: key("hash") }),
    ];
  });
  return groups.flat().slice(0, 1000);
}

function mixedSeed(): Call[] {
  return numbers(GROUPS).flatMap((index) => [
    ...hash(`hash:${index}`, HASH),
    makeCall("ZADD", 1, { key: `zset:${index}`, score: index, field: "member" }),
  ]);
}

function mixedReset(): Call[] {
  const keys = numbers(GROUPS).flatMap((index) => [`counter:${index}`, `list:${index}`]);
  return [makeCall("DEL", keys.length, { keys })];
}

function hash(key: string, flat: readonly string[]): Call[] {
  return flat.flatMap((field, at) =>
    at % 2 === 0 ? makeCall("HSET", 1, { key, field, value: flat[at + 1] ?? "" }) : [],
  );
}

const fieldsOf = (count: number): string[] =>
  numbers(count).flatMap((index) => [numbered("field", index), valueOf(index)]);

function elements(count: number): Call[] {
  return [makeCall("RPUSH", count, { key: "list", keys: numbers(count).map(valueOf) })];
}

function pipeline(count: number, isMain: boolean, repeat = 1): Scenario {
  const isOnRequest = count === 1_000_000;
  return scenario({
    name: isOnRequest ? "million" : `pipeline-${count}`,
    title: `pipeline of ${count.toLocaleString("en")}, half SET, half GET`,
    manner: "pipeline",
    unit: "commands",
    units: count,
    repeat,
    isMain,
    isOnRequest,
    reference: count > 10_000 ? undefined : { connections: 1, depth: count, requests: 200_000 },
    calls: () => pairs(count),
  });
}

function concurrent(count: number, isMain: boolean, repeat: number): Scenario {
  return scenario({
    name: `concurrent-${count}`,
    title: `${count.toLocaleString("en")} GETs at once, each awaited for itself`,
    manner: "concurrent",
    unit: "commands",
    units: count,
    repeat,
    isMain,
    calls: () => repeated(count, get),
    seed: () => repeated(count, set),
  });
}

type LargeParts = Omit<Parts, "manner" | "calls"> & { readonly call: () => Call };

/** A call whose reply has many elements; 50 at once if they are not very many. */
function large({ call, ...rest }: LargeParts, isHuge = true): Scenario {
  if (isHuge) return scenario({ manner: "sequential", calls: () => [call()], ...rest });
  const calls = (): Call[] => new Array<Call>(AT_ONCE).fill(call());
  const title = `${rest.title}, ${AT_ONCE} at once`;
  return scenario({ manner: "concurrent", ...rest, calls, title, units: rest.units * AT_ONCE });
}

function hgetall(count: number): Scenario {
  const parts: LargeParts = {
    name: `hgetall-${count}`,
    title: `HGETALL of ${count.toLocaleString("en")} fields`,
    unit: "fields",
    units: count,
    call: () => makeCall("HGETALL", fieldsOf(count), { key: "hash" }),
    seed: () => hash("hash", fieldsOf(count)),
  };
  return large(parts, count > 1000);
}

function lrange(count: number): Scenario {
  const parts: LargeParts = {
    name: `lrange-${count}`,
    title: `LRANGE of ${count.toLocaleString("en")} elements`,
    unit: "elements",
    units: count,
    call: () => makeCall("LRANGE", numbers(count).map(valueOf), { key: "list" }),
    seed: () => elements(count),
  };
  return large(parts, count > 1000);
}

const members = (count: number): Call[] =>
  numbers(count).map((score) =>
    makeCall("ZADD", 1, { key: "zset", score, field: numbered("member", score) }),
  );

/** Values of one size in one direction, 50 at once. */
function values(kib: number, isText: boolean, isGet: boolean): Scenario {
  const text = "0123456789abcdef".repeat(kib * 64);
  const value = isText ? text : Buffer.from(text);
  const form = isText ? "text" : "bytes";
  const keys = numbers(AT_ONCE).map(keyOf);
  const sets = keys.map((key) => makeCall("SET", "OK", { key, value }));
  const gets = keys.map((key) => makeCall(isText ? "GET" : "GETBYTES", value, { key }));
  return scenario({
    name: `${isGet ? "get" : "set"}-${kib}k-${form}`,
    title: `${isGet ? "GET" : "SET"} of ${kib} KiB as ${form}, 50 at once`,
    manner: "concurrent",
    unit: "MB",
    units: (AT_ONCE * kib * 1024) / 1e6,
    repeat: kib === 1 ? 10 : 1,
    calls: () => (isGet ? gets : sets),
    seed: () => (isGet ? sets : []),
  });
}

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  pipeline(10, false, 50),
  pipeline(100, true, 10),
  pipeline(1_000, true, 2),
  pipeline(10_000, true),
  pipeline(100_000, true),
  pipeline(1_000_000, false),
  scenario({
    name: "stream-1000000",
    title: "1,000,000 SETs as bulk work, no reply kept",
    manner: "stream",
    unit: "commands",
    units: 1_000_000,
    isOnRequest: true,
    calls: () => repeated(1_000_000, set),
  }),
  scenario({
    name: "idle-100",
    title: "pipeline of 1,000, while 100 pipelines of 100 wait unexecuted",
    manner: "pipeline",
    unit: "commands",
    units: 1000,
    repeat: 2,
    idle: 100,
    calls: () => pairs(1000),
  }),
  scenario({
    name: "multi-1000",
    title: "MULTI … EXEC of 1,000, half SET, half GET",
    manner: "transaction",
    unit: "commands",
    units: 1000,
    repeat: 2,
    isMain: true,
    calls: () => pairs(1000),
  }),
  scenario({
    name: "mixed-1000",
    title: "pipeline of 1,000, seven kinds of commands",
    manner: "pipeline",
    unit: "commands",
    units: 1000,
    isMain: true,
    calls: mixed,
    seed: mixedSeed,
    reset: mixedReset(),
  }),
  scenario({
    name: "sequential",
    title: "GET after GET, each awaited",
    manner: "sequential",
    unit: "commands",
    units: 100,
    isMain: true,
    reference: { connections: 1, depth: 1, requests: 5_000 },
    calls: () => repeated(100, get),
    seed: () => repeated(100, set),
  }),
  concurrent(50, false, 10),
  concurrent(1000, true, 2),
  scenario({
    name: "watch",
    title: "WATCH GET MULTI SET EXEC, one after the other",
    manner: "watch",
    unit: "transactions",
    units: 1,
    repeat: 20,
    calls: () => [makeCall("GET", "", { key: WATCHED })],
    seed: () => [makeCall("SET", "OK", { key: WATCHED, value: "0" })],
  }),
  hgetall(20),
  hgetall(100_000),
  lrange(500),
  lrange(100_000),
  large({
    name: "mget-10000",
    title: "MGET of 10,000 keys",
    unit: "values",
    units: KEYS,
    call: () => makeCall("MGET", numbers(KEYS).map(valueOf), { keys: numbers(KEYS).map(keyOf) }),
    seed: () => repeated(KEYS, set),
  }),
  large({
    name: "zrange-100000",
    title: "ZRANGE WITHSCORES of 100,000 members",
    unit: "members",
    units: 100_000,
    call: () => {
      const expected = numbers(100_000).flatMap((score) => [numbered("member", score), score]);
      return makeCall("ZRANGE", expected, { key: "zset" });
    },
    seed: () => members(100_000),
  }),
  ...[1, 64, 1024].flatMap((kib) => [
    values(kib, true, false),
    values(kib, true, true),
    values(kib, false, false),
    values(kib, false, true),
  ]),
];
