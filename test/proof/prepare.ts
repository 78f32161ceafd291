import type { Redis } from "../../src/client/redis.ts";
import { Command } from "../../src/command/command.ts";
import { raw } from "../../src/command/decoders.ts";
import { factsOf } from "../../src/command/facts.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { LOADED_LIBRARY, LOADED_SCRIPT } from "../support/sample_calls_keys.ts";

/** What each sample call finds, a command a line. */
const DATA = `
FLUSHALL
SET str value
SET other valid
SET n 10
SET volatile v PXAT 4102444800000
RPUSH list a b c b
RPUSH list2 x
RPUSH numbers 3 1 2
MSET weight_1 9 weight_2 5 weight_3 7 name_1 one name_3 three
SADD set x y z
SADD set2 y z
SADD single_member x
HSET hash f 1 g 2
HSET single_field f v
HSET hash_volatile f 1 g 2
HPEXPIREAT hash_volatile 4102444800000 FIELDS 1 f
ZADD zset 1 x 2 y 3 z
ZADD zset2 5 y
ZADD single_score 1.5 x
ZADD lex 0 a 0 b 0 c
GEOADD geo 13.36 38.11 x 15.08 37.50 y
PFADD hll x y z
PFADD hll2 z w
XADD stream 1-1 f v
XADD stream 2-1 f w g x
XADD stream2 1-1 f v
XADD stream3 1-1 f v
XDEL stream3 1-1
XGROUP CREATE stream group 0
XGROUP CREATE stream2 group 0
XREADGROUP GROUP group busy COUNT 1 STREAMS stream >
VADD vectors VALUES 2 1 0 x SETATTR {"year":1960}
VADD vectors VALUES 2 0 1 y
VADD vectors VALUES 2 1 1 z
VADD single_vector VALUES 2 1 0 x
FUNCTION FLUSH
ACL SETUSER bob reset on >password ~str +get
ACL DELUSER eve
ACL LOG RESET
SLOWLOG RESET
LATENCY RESET
HOTKEYS STOP
HOTKEYS RESET
`;

/** A node of its own, with all slots but the last one. */
const CLUSTER = `
FLUSHALL
CLUSTER RESET HARD
CLUSTER ADDSLOTSRANGE 0 16382
`;

const ALL: readonly (readonly string[])[] = [
  ...linesOf(DATA),
  ["SCRIPT", "LOAD", LOADED_SCRIPT],
  ["FUNCTION", "LOAD", LOADED_LIBRARY],
];

/** Whether a server has the command. */
export function isKnownTo({ kind, version }: TestServer, argv: readonly unknown[]): boolean {
  const since = factsOf(argv.map(String))?.since[kind];
  return since !== undefined && isAtLeast(version, since);
}

/** Compares versions such as `"8.6.1"` and `"8.4"`. */
export function isAtLeast(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, "en", { numeric: true }) >= 0;
}

/** Brings a server into the state that the sample calls expect. */
export async function prepare(redis: Redis, server: TestServer): Promise<void> {
  await runAll(redis, server, ALL);
}

/** Brings a server that is a cluster into the state that calls of `CLUSTER` expect. */
export async function prepareCluster(redis: Redis, server: TestServer): Promise<void> {
  await runAll(redis, server, linesOf(CLUSTER));
}

/** Runs the commands that the server knows. Some fail: there is nothing to stop, or to reset. */
async function runAll(
  redis: Redis,
  server: TestServer,
  commands: readonly (readonly string[])[],
): Promise<void> {
  const pipe = redis.pipeline({ raiseOnError: false });
  for (const argv of commands) {
    if (isKnownTo(server, argv)) pipe.run(new Command(argv, raw));
  }
  await pipe.execute();
}

function linesOf(text: string): string[][] {
  const lines = text.trim().split("\n");
  return lines.map((line) => line.split(" "));
}
