/**
 * How fast replies are decoded, without a socket: recorded bytes go through the decoder of the
 * protocol and the command's own. Builds of the package are compared round by round in turns, each
 * in a process of its own, as neither V8's optimisations nor the heap should be shared.
 *
 * `node .build/bench/micro/decode.js [--only a,b] [--rounds n] dist [../other/dist …]`
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type * as Decoders from "../../src/command/decoders.ts";
import type { ReplySink } from "../../src/protocol/assemble.ts";
import type * as Decoding from "../../src/protocol/decode.ts";
import { BYTES, FLAT, type ReplyForm, type RespValue, TEXT } from "../../src/protocol/resp.ts";

/** What is measured of a build. */
type Build = typeof Decoding & typeof Decoders;
type Decode = (reply: RespValue) => unknown;

interface Case {
  readonly name: string;
  /** What one reply counts for: elements, or KiB. */
  readonly units: number;
  readonly form: ReplyForm;
  readonly bytes: () => Buffer;
  readonly decode: (build: Build) => Decode;
}

/** What a socket hands over at a time. */
const CHUNK_BYTES = 64 * 1024;
/** About the time of a round. */
const ROUND_MS = 10;
const WARM_UP_MS = 300;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const numbered = (prefix: string, index: number): string =>
  bulk(`${prefix}:${String(index).padStart(15 - prefix.length, "0")}`);

function replies(name: string, units: number, text: () => string, rest: Partial<Case> = {}): Case {
  const decode = ({ raw }: Build): Decode => raw;
  return { name, units, form: TEXT, bytes: () => Buffer.from(text()), decode, ...rest };
}

function hash(count: number, form: ReplyForm): Case {
  const field = (at: number): string => numbered("field", at) + numbered("value", at);
  const name = `hgetall-${count}-${form === TEXT ? "text" : "bytes"}`;
  const decode = (build: Build): Decode => build.hash(form);
  const text = (): string => `%${count}\r\n${numbers(count).map(field).join("")}`;
  return replies(name, count, text, { form, decode });
}

function list(name: string, count: number, item: (index: number) => string, form = TEXT): Case {
  const text = (): string => `*${count}\r\n${numbers(count).map(item).join("")}`;
  return replies(`${name}-${count}`, count, text, { form });
}

function scores(name: string, score: (index: number) => number): Case {
  const count = 100_000;
  const pair = (at: number): string => `*2\r\n${numbered("member", at)},${score(at)}\r\n`;
  const text = (): string => `*${count}\r\n${numbers(count).map(pair).join("")}`;
  const decode = (build: Build): Decode => build.scoredMembers;
  return replies(name, count, text, { form: FLAT, decode });
}

function value(kib: number, form: ReplyForm, character: string): Case {
  const text = (): string => character.repeat((kib * 1024) / Buffer.byteLength(character));
  const kind = form === BYTES ? "bytes" : character === "a" ? "ascii" : "utf8";
  const count = Math.max(1, 256 / kib);
  return replies(`get-${kib}k-${kind}`, kib * count, () => bulk(text()).repeat(count), { form });
}

const value16 = (index: number): string => numbered("value", index);

const CASES: readonly Case[] = [
  replies("ok-1000", 1000, () => "+OK\r\n".repeat(1000)),
  replies("integer-1000", 1000, () => ":12345\r\n".repeat(1000)),
  replies("bulk-1000", 1000, () => value16(7).repeat(1000)),
  hash(20, TEXT),
  hash(100_000, TEXT),
  hash(100_000, BYTES),
  list("lrange", 500, value16),
  list("lrange", 100_000, value16),
  list("lrange-bytes", 100_000, value16, BYTES),
  list("lrange-short", 100_000, (at) => bulk(String(at))),
  list("lrange-40", 100_000, (at) => bulk(`a somewhat longer element, of many: ${at % 10_000}`)),
  list("lrange-utf8", 100_000, (at) => bulk(`größer ${at}`)),
  list("mget", 10_000, (at) => (at % 10 === 0 ? "_\r\n" : value16(at))),
  list("integers", 100_000, (at) => `:${at}\r\n`),
  scores("zrange-whole", (at) => at),
  scores("zrange-fraction", (at) => at / 7),
  scores("zrange-time", (at) => 1_700_000_000_000 + at),
  ...[1, 64, 1024].flatMap((kib) => [
    value(kib, TEXT, "a"),
    value(kib, TEXT, "ö"),
    value(kib, BYTES, "a"),
  ]),
];

/** Feeds the bytes of a case to a decoder that lives as long as a connection. */
class Subject implements ReplySink {
  readonly pushForm: ReplyForm = TEXT;
  readonly #form: ReplyForm;
  readonly #bytes: Buffer;
  readonly #decode: Decode;
  readonly #decoder: Decoding.Decoder;
  readonly #repeat: number;
  /** The last reply: so that making it cannot be optimised away. */
  last: unknown = undefined;

  constructor(build: Build, { form, bytes, decode }: Case) {
    this.#form = form;
    this.#bytes = bytes();
    this.#decode = decode(build);
    this.#decoder = new build.Decoder(this);
    this.#repeat = this.#warmUp();
  }

  form(): ReplyForm {
    return this.#form;
  }

  reply(reply: RespValue): void {
    this.last = this.#decode(reply);
  }

  push(): void {
    throw new Error("There are no pushes here");
  }

  /** CPU microseconds of one time through the bytes. */
  round(): number {
    const before = process.cpuUsage();
    for (let turn = 0; turn < this.#repeat; turn += 1) this.#feed();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / this.#repeat;
  }

  /** Returns how often the bytes fit a round. */
  #warmUp(): number {
    const start = performance.now();
    let turns = 0;
    for (; turns < 10 || performance.now() < start + WARM_UP_MS; turns += 1) this.#feed();
    return Math.ceil((turns * ROUND_MS) / (performance.now() - start));
  }

  #feed(): void {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      this.#decoder.write(bytes.subarray(at, at + CHUNK_BYTES));
    }
  }
}

async function load(folder: string): Promise<Build> {
  const url = (file: string): string => pathToFileURL(resolve(join(folder, file))).href;
  const decoding = (await import(url("protocol/decode.js"))) as typeof Decoding;
  const decoders = (await import(url("command/decoders.js"))) as typeof Decoders;
  return { ...decoding, ...decoders };
}

/** The child: answers each message by the time of a round. */
async function serve(folder: string, name: string): Promise<void> {
  const build = await load(folder);
  const it = CASES.find((candidate) => candidate.name === name);
  if (it === undefined) throw new Error(`There is no case ${name}`);
  const subject = new Subject(build, it);
  process.on("message", () => process.send?.(subject.round()));
  process.send?.(0);
}

async function answer(child: ChildProcess): Promise<number> {
  const [micros] = (await once(child, "message")) as [number];
  return micros;
}

async function measure(folders: readonly string[], it: Case, rounds: number): Promise<string> {
  const subjects: { child: ChildProcess; times: number[] }[] = [];
  for (const folder of folders) {
    const child = fork(fileURLToPath(import.meta.url), ["--serve", it.name, folder]);
    await answer(child);
    subjects.push({ child, times: [] });
  }
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const { child, times } of subjects) {
      child.send("round");
      times.push(await answer(child));
    }
  }
  const cells = subjects.map(({ child, times }) => {
    child.disconnect();
    times.sort((a, b) => a - b);
    const nanos = (micros = Number.NaN): string => ((micros * 1000) / it.units).toFixed(1);
    return `${nanos(times[rounds >> 1]).padStart(9)} (${nanos(times[0]).padStart(7)})`;
  });
  return `${it.name.padEnd(24)}${cells.join("")}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      only: { type: "string" },
      rounds: { type: "string", default: "20" },
      serve: { type: "string" },
    },
    allowPositionals: true,
  });
  if (values.serve !== undefined) return serve(positionals[0] ?? "dist", values.serve);
  const isChosen = ({ name }: Case): boolean =>
    values.only?.split(",").some((part) => name.startsWith(part)) ?? true;
  console.log("CPU ns per element, or per KiB of values: median (best)");
  for (const it of CASES.filter(isChosen)) {
    console.log(await measure(positionals, it, Number(values.rounds)));
  }
}

await main();
