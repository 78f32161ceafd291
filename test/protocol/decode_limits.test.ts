/** What the decoder refuses, and that refusing costs nothing. */
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Decoder, type DecoderLimits } from "../../src/protocol/decode.ts";
import { cut, decodeChunks, Recorder, toBytes } from "./recorder.ts";

const INVALID: readonly string[] = [
  "*1e3\r\n",
  "*1000000000\r\n",
  "*99999999999999999999\r\n",
  "*-2\r\n",
  "*+1\r\n",
  "* 1\r\n",
  "*\r\n",
  "*01\r\n",
  "*0x1\r\n",
  "*1.0\r\n",
  "*1\n",
  "*1\rx",
  "*-1x\r\n",
  "*--1\r\n",
  "*??\r\n",
  "$-2\r\n",
  "$+1\r\n",
  "$ 1\r\n",
  "$\r\n",
  "$1e3\r\n",
  "$-\r\n",
  "$-0\r\n",
  "$00\r\n",
  "$1\r\nabc\r\n",
  "$1\r\na\n\r",
  "$536870913\r\n",
  "$9007199254740993\r\n",
  "%-1\r\n",
  "~-1\r\n",
  ">-1\r\n",
  "|-1\r\n",
  "!-1\r\n",
  "=-1\r\n",
  ">?\r\n",
  "|?\r\n",
  "!?\r\n",
  "=?\r\n",
  "=3\r\ntxt\r\n",
  "=4\r\ntxt-\r\n",
  "*1\r\n>1\r\n+a\r\n",
  "|1\r\n>0\r\n",
  ":\r\n",
  ":-\r\n",
  ":+\r\n",
  ":1.0\r\n",
  ":1e3\r\n",
  ":0x10\r\n",
  ": 1\r\n",
  ":1 \r\n",
  ":--1\r\n",
  ":1_0\r\n",
  ":9223372036854775808\r\n",
  ":-9223372036854775809\r\n",
  ":000000000000000000000000001\r\n",
  "#\r\n",
  "#x\r\n",
  "#tt\r\n",
  "_x\r\n",
  "_ \r\n",
  ",\r\n",
  ",.\r\n",
  ",1e\r\n",
  ",1e+\r\n",
  ",e1\r\n",
  ",1.2.3\r\n",
  ",0x1\r\n",
  ",Infinity\r\n",
  ", 1\r\n",
  ",infx\r\n",
  "(\r\n",
  "(-\r\n",
  "(1n\r\n",
  "(0x1\r\n",
  "(1.0\r\n",
  "+a\n",
  "+a\rb\r\n",
  "-ERR a\nb\r\n",
  ".\r\n",
  "*1\r\n.\r\n",
  "*?\r\n.x\r\n",
  "%?\r\n+a\r\n.\r\n",
  ";1\r\na\r\n",
  "$?\r\n+a\r\n",
  "$?\r\n;-1\r\n",
  "$?\r\n;?\r\n",
  "$?\r\n;1\r\nab",
  "$?\r\n.\r\n",
  "$?\r\n$1\r\n",
  "HTTP/1.1 400 Bad Request\r\n",
  "\r\n",
  "\n",
  "\0",
  "OK\r\n",
  "\xff\r\n",
];

test.each(INVALID.map((bytes) => [JSON.stringify(bytes), bytes]))(
  "S5: %s is an error",
  (_, text) => {
    const bytes = toBytes(`+OK\r\n${text}\r\n`);
    for (const size of [1, 2, bytes.length]) {
      const recorder = new Recorder();
      const decoder = new Decoder(recorder);
      expect(() => {
        for (const chunk of cut(bytes, [size])) decoder.write(chunk);
      }).toThrow(ProtocolError);
      expect(recorder.seen).toEqual(["OK"]);
      expect(() => decoder.write(toBytes("+OK\r\n"))).toThrow(ProtocolError);
    }
  },
);

test("S5: a megabyte of nested arrays is refused at the limit of depth", () => {
  const bytes = toBytes("*1\r\n".repeat(256 * 1024));
  for (const size of [1, bytes.length]) {
    expect(() => decodeChunks(cut(bytes, [size]))).toThrow("nested too deeply");
  }
  const deepest = `${"*1\r\n".repeat(128)}:1\r\n`;
  expect(() => decodeChunks([toBytes(deepest)])).not.toThrow();
  expect(() => decodeChunks([toBytes(`*1\r\n${deepest}`)])).toThrow(ProtocolError);
});

test("S5: attributes count as nesting", () => {
  const bytes = toBytes("|1\r\n".repeat(200));
  expect(() => decodeChunks([bytes])).toThrow("nested too deeply");
});

test("S5: nothing is allocated for an announced length", () => {
  const before = process.memoryUsage();
  const decoders = Array.from({ length: 200 }, (_, i) => {
    const decoder = new Decoder(new Recorder());
    decoder.write(toBytes(i % 2 === 0 ? "$536870912\r\nabc" : "*16777216\r\n:1\r\n"));
    return decoder;
  });
  const after = process.memoryUsage();
  expect(decoders.every((decoder) => !decoder.isIdle)).toBe(true);
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(
    20_000_000,
  );
});

/** Limits, what is just allowed, and what is just too much. */
const LIMITED: readonly (readonly [string, Partial<DecoderLimits>, string, string])[] = [
  ["maxBulkBytes", { maxBulkBytes: 3 }, "$3\r\nabc\r\n", "$4\r\nabcd\r\n"],
  ["maxBulkBytes", { maxBulkBytes: 3 }, "!3\r\nabc\r\n", "!4\r\nabcd\r\n"],
  [
    "maxBulkBytes",
    { maxBulkBytes: 3 },
    "$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n",
    "$?\r\n;2\r\nab\r\n;2\r\n",
  ],
  ["maxReplyElements", { maxReplyElements: 3 }, "*3\r\n_\r\n_\r\n_\r\n", "*4\r\n"],
  ["maxReplyElements", { maxReplyElements: 3 }, "%1\r\n_\r\n*1\r\n_\r\n", "%2\r\n"],
  [
    "maxReplyElements",
    { maxReplyElements: 3 },
    "*?\r\n_\r\n_\r\n_\r\n.\r\n",
    "*?\r\n_\r\n_\r\n_\r\n_\r\n",
  ],
  [
    "maxReplyElements",
    { maxReplyElements: 3 },
    "|1\r\n_\r\n_\r\n*1\r\n_\r\n",
    "|1\r\n_\r\n_\r\n*2\r\n",
  ],
  ["maxDepth", { maxDepth: 2 }, "*1\r\n*1\r\n_\r\n", "*1\r\n*1\r\n*0\r\n"],
  ["maxLineBytes", { maxLineBytes: 3 }, "+abc\r\n", "+abcd\r\n"],
  ["maxLineBytes", { maxLineBytes: 3 }, "-abc\r\n", "-abcd"],
];

test.each(LIMITED)("S5: %s is exact, whatever the chunks (%o)", (_name, limits, fits, exceeds) => {
  for (const size of [1, 2, 100]) {
    const twice = toBytes(fits + fits);
    expect(decodeChunks(cut(twice, [size]), { limits })).toHaveLength(2);
    const tooMuch = toBytes(`${exceeds}xxxxxxxx\r\n`);
    expect(() => decodeChunks(cut(tooMuch, [size]), { limits })).toThrow(ProtocolError);
  }
});

test("S5: an endless line is refused", () => {
  for (const type of ["+", "-", ":", ",", "(", "#", "_", "$", "*"]) {
    const decoder = new Decoder(new Recorder());
    decoder.write(toBytes(type));
    const chunk = Buffer.alloc(1000, "1");
    expect(() => {
      for (let i = 0; i < 100; i++) decoder.write(chunk);
    }).toThrow(ProtocolError);
  }
});

/** Beginnings and what could follow for ever. */
const ENDLESS: readonly (readonly [string, string])[] = [
  ["*?\r\n", "$100\r\n" + "x".repeat(100) + "\r\n"],
  ["$?\r\n", ";100\r\n" + "x".repeat(100) + "\r\n"],
  ["", "|1\r\n+a\r\n:1\r\n"],
  ["*16000000\r\n", "$100\r\n" + "x".repeat(100) + "\r\n"],
];

test.each(ENDLESS)("S5: an endless reply is refused: %j", (begin, repeated) => {
  const limits = { maxReplyBytes: 100_000 };
  const decoder = new Decoder(new Recorder(), limits);
  decoder.write(toBytes(begin));
  let bytes = 0;
  expect(() => {
    for (; bytes < 1_000_000; bytes += repeated.length) decoder.write(toBytes(repeated));
  }).toThrow(ProtocolError);
  expect(bytes).toBeLessThan(101_000);
});

test("S5: many replies in one chunk are no large reply", () => {
  const limits = { maxReplyBytes: 100 };
  const bytes = toBytes("$50\r\n" + "x".repeat(50) + "\r\n");
  const all = Buffer.concat(Array.from({ length: 1000 }, () => bytes));
  for (const size of [1, 90, 1001, all.length]) {
    expect(decodeChunks(cut(all, [size]), { limits })).toHaveLength(1000);
  }
});

test("S5: a 20 MB bulk string in small chunks costs what its bytes cost", () => {
  const value = Buffer.alloc(20_000_000, "0123456789abcdef");
  const bytes = Buffer.concat([toBytes(`$${value.length}\r\n`), value, toBytes("\r\n")]);
  const recorder = new Recorder(1);
  const decoder = new Decoder(recorder);
  for (const chunk of cut(bytes, [100, 1, 1000, 3])) decoder.write(chunk);
  expect(Buffer.isBuffer(recorder.seen[0]) && recorder.seen[0].equals(value)).toBe(true);
});

test("S5: an array of 200,000 in small chunks costs what its bytes cost", () => {
  const values = Array.from({ length: 200_000 }, (_, i) => `element:${i}`);
  const items = values.map((value) => `$${value.length}\r\n${value}\r\n`).join("");
  const bytes = toBytes(`*${values.length}\r\n${items}`);
  const recorder = new Recorder();
  const decoder = new Decoder(recorder);
  for (const chunk of cut(bytes, [3, 1, 20])) decoder.write(chunk);
  expect(JSON.stringify(recorder.seen)).toBe(JSON.stringify([values]));
});
