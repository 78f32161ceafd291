/** What one run of the whole-client fuzz does: which commands go where, and what comes back. */
import fc from "fast-check";
import { command as builder } from "../../src/client/builder.ts";
import { Command } from "../../src/command/command.ts";
import { STATEFUL } from "../../src/command/traits.ts";
import { CATALOGUE } from "../protocol/catalogue.ts";
import {
  aggregate,
  anyValue,
  change,
  latin1,
  message,
  mutate,
  sizes,
} from "../support/arbitrary_resp.ts";
import { samples } from "../support/sample_calls.ts";

/** The surfaces, and with them the kinds of connection, over which commands go. */
export const WAYS = ["client", "pipeline", "transaction", "watch", "session"] as const;
export type Way = (typeof WAYS)[number];

/** One command. Its last argument is a tag, by which the server knows what to answer. */
export interface FuzzCall {
  readonly command: Command<unknown>;
  /** On the wire. */
  readonly reply: string;
  /** Pushes that come ahead of the reply. */
  readonly pushes?: string;
  /** What the server answers, outside of MULTI, before it runs the command at the second try. */
  readonly refusal?: string | undefined;
}

/** Commands that are called together. */
export interface Group {
  readonly way: Way;
  readonly calls: readonly FuzzCall[];
}

/** Bytes that do not belong there, once. */
export interface Fault {
  /**
   * `"greeting"`: ahead of everything; `"handshake"` and `"reply"`: in place of the reply to a
   * handshake's command, or to any other; `"exec"`: in place of the first reply to EXEC; `"idle"`:
   * when nothing is asked.
   */
  readonly where: "greeting" | "handshake" | "reply" | "exec" | "idle";
  /** The number of the connection, or of the command, from 0. */
  readonly at: number;
  readonly wire: string;
  readonly after: "go on" | "be silent" | "close";
}

export interface Scenario {
  readonly protocol: 2 | 3;
  readonly groups: readonly Group[];
  /** The server's writes are cut so; `[]`: not at all. */
  readonly chunkSizes: readonly number[];
  readonly fault: Fault | undefined;
}

/** Commands that a session, too, would refuse are left out. */
const COMMANDS = samples
  .flatMap(({ make }) => [make(builder), make(builder.bytes)])
  .filter(({ traits }) => (traits & STATEFUL) === 0);

/** Without those of a state that passes: see `REFUSALS`. */
const CODES = (
  "ASK BUSYGROUP BUSYKEY CROSSSLOT DENIED ERR EXECABORT MISCONF MOVED NOAUTH NOGROUP NOPERM " +
  "NOREPLICAS NOSCRIPT OOM UNBLOCKED WRONGPASS WRONGTYPE UNHEARDOF"
).split(" ");

/** What is refused so is sent again. */
const REFUSALS = [
  "BUSY Redis is busy running a script.",
  "CLUSTERDOWN The cluster is down",
  "LOADING Redis is loading the dataset in memory",
  "MASTERDOWN Link with MASTER is down",
  "TRYAGAIN Multiple keys request during rehashing of slot",
];

/** A reply that no other call gets, in any of the ways to write a text or an error. */
function tagged(id: string): fc.Arbitrary<string> {
  const bulk = `$${id.length}\r\n${id}\r\n`;
  const error = fc.constantFrom(...CODES).map((code) => `${code} ${id}`);
  return fc.oneof(
    fc.constantFrom(
      bulk,
      `+${id}\r\n`,
      `=${id.length + 4}\r\ntxt:${id}\r\n`,
      `$?\r\n;1\r\n${id[0]}\r\n;${id.length - 1}\r\n${id.slice(1)}\r\n;0\r\n`,
      `|1\r\n+ttl\r\n:3\r\n${bulk}`,
    ),
    error.map((line) => `-${line}\r\n`),
    error.map((blob) => `!${blob.length}\r\n${blob}\r\n`),
    anyValue.map(({ wire }) => `*2\r\n${bulk}${wire}`),
    anyValue.map(({ wire }) => wire),
  );
}

function call(tag: number): fc.Arbitrary<FuzzCall> {
  return fc.record({
    command: fc
      .constantFrom(...COMMANDS)
      .map(
        ({ argv, decode, form, traits }) =>
          new Command([...argv, `tag:${tag}`], decode, form, traits),
      ),
    reply: tagged(`reply ${tag}.`),
    refusal: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...REFUSALS) },
    ),
    pushes: fc
      .array(fc.array(anyValue, { minLength: 1, maxLength: 2 }), { maxLength: 2 })
      .map((pushes) => pushes.map((all) => aggregate(">", all, all.length, false)).join("")),
  });
}

/** A group of that many calls for each way, with tags from 0. */
function groups(shape: readonly (readonly [Way, number])[]): fc.Arbitrary<Group[]> {
  let tag = 0;
  const all = shape.map(([way, size]) => {
    const calls = Array.from({ length: size }, () => call(tag++));
    return fc.record({ way: fc.constant(way), calls: fc.tuple(...calls) });
  });
  return fc.tuple(...all);
}

const anyGroups = fc
  .array(fc.tuple(fc.constantFrom(...WAYS), fc.integer({ min: 1, max: 6 })), {
    minLength: 1,
    maxLength: 5,
  })
  .chain(groups);

/** Bytes that are no RESP, or RESP that nobody asked for, or the beginning of some. */
const wrongBytes = fc.oneof(
  fc
    .tuple(message, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([{ wire }, changes]) => mutate(wire, changes)),
  fc
    .tuple(fc.constantFrom(...CATALOGUE), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([[, wire], changes]) => mutate(wire, changes)),
  latin1(60),
  fc
    .array(message, { minLength: 1, maxLength: 3 })
    .map((all) => all.map(({ wire }) => wire).join("")),
  fc.tuple(message, fc.nat()).map(([{ wire }, at]) => wire.slice(0, at % wire.length)),
  fc
    .constantFrom(
      ..."$-2|*1e3|*1000000000|$999999999999|%-1|>?|*?|$?|$5\r\nhelloworld|+\n|:|(|_x|\0".split(
        "|",
      ),
      "*1\r\n".repeat(1_000),
      "HTTP/1.1 400 Bad Request",
    )
    .map((line) => `${line}\r\n`),
);

const fault = fc.record({
  where: fc.constantFrom("greeting", "handshake", "reply", "reply", "reply", "exec", "idle"),
  at: fc.integer({ min: 0, max: 7 }),
  wire: wrongBytes,
  after: fc.constantFrom("go on", "close", "close", "be silent"),
}) satisfies fc.Arbitrary<Fault>;

const base = { protocol: fc.constantFrom<2 | 3>(2, 3), groups: anyGroups };
const whole = fc.constant<readonly number[]>([]);

/** Everything that the server says is valid RESP. */
export const validScenario: fc.Arbitrary<Scenario> = fc.record({
  ...base,
  chunkSizes: fc.oneof(whole, sizes),
  fault: fc.constant(undefined),
});

/** At one point the server says something wrong. */
export const faultyScenario: fc.Arbitrary<Scenario> = fc.record({
  ...base,
  chunkSizes: fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: sizes }),
  fault,
});
