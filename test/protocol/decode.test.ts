/** What the decoder makes of valid replies. */
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import {
  BYTES,
  EACH,
  ErrorReply,
  FLAT,
  RAW,
  type ReplyForm,
  TEXT,
} from "../../src/protocol/resp.ts";
import { CATALOGUE } from "./catalogue.ts";
import { cut, decode, decodeChunks, Recorder, toBytes } from "./recorder.ts";

test.each(CATALOGUE)("S6: %s is read", (_name, bytes, values) => {
  expect(decode(bytes)).toEqual(values);
});

test.each(CATALOGUE)("S14: %s, split at any byte, has the same value", (_name, bytes, values) => {
  const all = toBytes(bytes);
  for (let at = 0; at <= all.length; at++) {
    expect(decodeChunks([all.subarray(0, at), all.subarray(at)])).toEqual(values);
  }
  expect(decodeChunks(cut(all, [1]))).toEqual(values);
});

test("S14: all kinds after each other, in chunks of any size, have the same values", () => {
  const all = toBytes(CATALOGUE.map(([, bytes]) => bytes).join(""));
  const values = CATALOGUE.flatMap(([, , value]) => value);
  for (const size of [1, 2, 3, 7, 64, 1000, all.length]) {
    expect(decodeChunks(cut(all, [size]))).toEqual(values);
  }
});

test("S6: the raw form has maps and sets, with keys of any kind", () => {
  const bytes = "%2\r\n*1\r\n:1\r\n~2\r\n+a\r\n+b\r\n%?\r\n.\r\n*2\r\n~0\r\n%0\r\n";
  const [map] = decode(bytes, { form: RAW });
  expect(map).toEqual(
    new Map<unknown, unknown>([
      [[1], new Set(["a", "b"])],
      [new Map(), [new Set(), new Map()]],
    ]),
  );
});

test("S6: attributes do not change the form of what follows", () => {
  const bytes = "*2\r\n|1\r\n~1\r\n$1\r\na\r\n%0\r\n~1\r\n$1\r\nb\r\n$1\r\nc\r\n";
  expect(decode(bytes, { form: RAW | BYTES })).toEqual([
    [new Set([Buffer.from("b")]), Buffer.from("c")],
  ]);
});

test("S6: each element of EXEC's array has its own form", () => {
  const forms: ReplyForm[] = [EACH, BYTES, TEXT, RAW, BYTES];
  const recorder = new Recorder();
  const asked: (number | undefined)[] = [];
  const decoder = new Decoder({
    pushForm: TEXT,
    form: (element) => {
      asked.push(element);
      return forms[element === undefined ? 0 : element + 1] ?? TEXT;
    },
    reply: (value) => recorder.reply(value),
    push: (message) => recorder.push(message),
  });
  const bytes =
    "*4\r\n$1\r\na\r\n|1\r\n$1\r\nx\r\n_\r\n$1\r\nb\r\n~1\r\n~1\r\n$1\r\nc\r\n*1\r\n$1\r\nd\r\n";
  for (const chunk of cut(toBytes(bytes), [1])) decoder.write(chunk);
  expect(recorder.seen).toEqual([
    [Buffer.from("a"), "b", new Set([new Set(["c"])]), [Buffer.from("d")]],
  ]);
  expect(asked).toEqual([undefined, 0, 1, 2, 3]);
});

test("S6: the form is asked once per reply, when it begins", () => {
  const asked: string[] = [];
  const decoder = new Decoder({
    pushForm: BYTES,
    form: () => {
      asked.push("form");
      return TEXT;
    },
    reply: () => asked.push("reply"),
    push: (message) => asked.push(`push ${message.every(Buffer.isBuffer)}`),
  });
  decoder.write(Buffer.from("*2\r\n$1\r\na\r\n"));
  decoder.write(Buffer.from("*1\r\n$1\r\nb\r\n>1\r\n$1\r\nx\r\n$3\r\nab"));
  decoder.write(Buffer.from("c\r\n"));
  expect(asked).toEqual(["form", "reply", "push true", "form", "reply"]);
});

test("S7: integers are exact up to 64 bits", () => {
  const exact = [9007199254740985, 9007199254740991, -9007199254740991, 999999999999999];
  const big = [9007199254740992n, -9007199254740993n, 9223372036854775807n, -9223372036854775808n];
  const bytes = [...exact, ...big].map((value) => `:${value}\r\n`).join("");
  expect(decode(bytes)).toEqual([...exact, ...big]);
  expect(Object.is(decode(":-0\r\n")[0], 0)).toBe(true);
});

test("S7: doubles come back as they were", () => {
  const values = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0, 123456789.12345679];
  const bytes = values.map((value) => `,${Object.is(value, -0) ? "-0" : value}\r\n`).join("");
  expect(decode(bytes)).toEqual(values);
});

test("S7: a big number is always a bigint", () => {
  expect(decode("(5\r\n(+5\r\n(-0\r\n")).toEqual([5n, 5n, 0n]);
});

test("S8: bytes are lossless, and text never throws", () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const bytes = Buffer.concat([Buffer.from("$256\r\n"), all, Buffer.from("\r\n")]);
  for (const size of [1, 100, 1000]) {
    expect(decodeChunks(cut(bytes, [size]), { form: BYTES })).toEqual([all]);
    expect(decodeChunks(cut(bytes, [size]))).toEqual([all.toString("utf8")]);
  }
  expect(decode("$2\r\n\xff\xc3\r\n")).toEqual(["\ufffd\ufffd"]);
});

test("S8: text of every length and alphabet is read alike", () => {
  for (const letter of ["a", "é", "€", "😀", "\0"]) {
    for (const length of [...Array(40).keys(), 4095, 4096, 5000]) {
      const text = "x".repeat(length) + letter;
      const bytes = `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
      expect(decode(Buffer.from(bytes))).toEqual([text]);
    }
  }
});

test("S8: buffers in a reply belong to it alone, however they arrived", () => {
  for (const length of [1, 64, 65, 5000, 100_000]) {
    const text = "ab".repeat(length).slice(0, length);
    const bytes = toBytes(`*2\r\n$${length}\r\n${text}\r\n$${length}\r\n${text}\r\n`);
    for (const size of [7, 70_000, bytes.length]) {
      const [reply] = decodeChunks(cut(bytes, [size]), { form: BYTES });
      const values = Array.isArray(reply) ? reply : [];
      // `toEqual` compares byte by byte, which takes seconds.
      const same = values.map((value) => Buffer.isBuffer(value) && value.equals(Buffer.from(text)));
      expect(same).toEqual([true, true]);
    }
  }
});

test("S3: an error of the sink comes out of write, and ends the decoder", () => {
  const decoder = new Decoder({
    pushForm: TEXT,
    form: () => TEXT,
    reply: () => {
      throw new ProtocolError("nobody waits for this reply");
    },
    push: () => undefined,
  });
  expect(() => decoder.write(Buffer.from("+OK\r\n"))).toThrow("nobody waits");
  expect(() => decoder.write(Buffer.from(">0\r\n"))).toThrow(ProtocolError);
  expect(decoder.isIdle).toBe(false);
});

test("the decoder is idle exactly between replies", () => {
  const replies = [
    "|1\r\n+a\r\n$1\r\nb\r\n:1\r\n",
    "*1\r\n$2\r\nab\r\n",
    ">0\r\n",
    "$?\r\n;1\r\na\r\n;0\r\n",
  ];
  const decoder = new Decoder(new Recorder());
  for (const reply of replies) {
    for (let at = 0; at < reply.length; at++) {
      expect(decoder.isIdle).toBe(at === 0);
      decoder.write(toBytes(reply.charAt(at)));
    }
  }
  expect(decoder.isIdle).toBe(true);
});

test("an error reply knows its code", () => {
  const codes = decode("-WRONGTYPE x\r\n-ERR\r\n-no code\r\n").map((reply) =>
    reply instanceof ErrorReply ? reply.code : undefined,
  );
  expect(codes).toEqual(["WRONGTYPE", "ERR", "ERR"]);
});

test("S6: in a flat reply the items of inner arrays are the outer array's, one level deep", () => {
  const pairs = "*2\r\n*2\r\n+a\r\n,1.5\r\n*2\r\n+b\r\n*1\r\n:2\r\n";
  expect(decode(pairs, { form: FLAT })).toEqual([["a", 1.5, "b", [2]]]);
  expect(decode("*2\r\n*0\r\n*-1\r\n", { form: FLAT })).toEqual([[null]]);
  for (let at = 1; at < pairs.length; at += 1) {
    const chunks = [pairs.slice(0, at), pairs.slice(at)].map((chunk) => Buffer.from(chunk));
    expect(decodeChunks(chunks, { form: FLAT })).toEqual([["a", 1.5, "b", [2]]]);
  }
});

test("S6: empty strings in bytes form are buffers of their own, streamed ones, too", () => {
  const [map] = decode("%2\r\n$?\r\n;0\r\n+a\r\n$?\r\n;0\r\n+b\r\n", { form: BYTES | RAW });
  expect(map).toBeInstanceOf(Map);
  expect(map).toHaveProperty("size", 2);
});
