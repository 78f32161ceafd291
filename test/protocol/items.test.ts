/** The items of aggregates, which are read in loops of their own where they are plain. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import { BYTES, FLAT, type ReplyForm, type RespValue, TEXT } from "../../src/protocol/resp.ts";
import { cut, decode, decodeChunks, Recorder, toBytes } from "./recorder.ts";

/** What an item is on the wire, as Latin-1, and in a form. */
interface Item {
  readonly wire: string;
  readonly values: (form: ReplyForm) => RespValue[];
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

function bulkOf(text: string): Item {
  const bytes = Buffer.from(text, "latin1");
  return { wire: bulk(text), values: (form) => [form & BYTES ? bytes : bytes.toString()] };
}

const string: fc.Arbitrary<Item> = fc
  .oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.uint8Array({ minLength: 95, maxLength: 105 }),
    fc.uint8Array({ minLength: 990, maxLength: 1010 }),
  )
  .map((bytes) => bulkOf(Buffer.from(bytes).toString("latin1")));
const ascii: fc.Arbitrary<Item> = fc
  .string({ unit: "binary-ascii", maxLength: 30 })
  .map((text) => bulkOf(text));
const odd: fc.Arbitrary<Item> = fc.constantFrom(
  { wire: "$-1\r\n", values: () => [null] },
  { wire: "_\r\n", values: () => [null] },
  { wire: ":-12\r\n", values: () => [-12] },
  { wire: "|1\r\n+a\r\n$1\r\nb\r\n+c\r\n", values: () => ["c"] },
  { wire: "*0\r\n", values: (form: ReplyForm) => (form & FLAT ? [] : [[]]) },
);
const number: fc.Arbitrary<string> = fc.oneof(
  fc.double({ noNaN: true }).map((double) => String(double).toLowerCase()),
  fc.tuple(fc.maxSafeInteger(), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  fc.integer().map(String),
  fc.constantFrom("-0", "1.", ".5", "1e3", "inf", "-inf", "000000000000000000000000000000000001"),
);
const pair: fc.Arbitrary<Item> = fc
  .tuple(fc.oneof(ascii, string), number)
  .map(([{ wire, values }, text]) => {
    const digits = text.replace("infinity", "inf");
    const double = Number(digits.replace("inf", "Infinity"));
    return {
      wire: `*2\r\n${wire},${digits}\r\n`,
      values: (form) => (form & FLAT ? [...values(form), double] : [[...values(form), double]]),
    };
  });
const mixed = fc.array(fc.oneof({ weight: 6, arbitrary: fc.oneof(ascii, string, pair) }, odd));

test.each([TEXT, BYTES, FLAT, FLAT | BYTES])(
  "S5, S6: items in form %s are the same, plain or not, wherever they are cut",
  (form) => {
    fc.assert(
      fc.property(fc.oneof(mixed, fc.array(pair)), fc.nat(40), (items, size) => {
        const wire = items.map((item) => item.wire).join("");
        const bytes = toBytes(`*${items.length}\r\n${wire}+OK\r\n`);
        const expected = [items.flatMap(({ values }) => values(form)), "OK"];
        for (const most of [1, size, bytes.length]) {
          expect(decodeChunks(cut(bytes, [most]), { form })).toEqual(expected);
        }
      }),
    );
  },
);

test.each([0, 9, 10, 99, 100, 999, 1000, 1024, 9999, 10_000, 99_999, 100_000])(
  "S5: strings of %i bytes are the same alone and as items, wherever the first is cut",
  (length) => {
    const text = "a".repeat(length);
    const bytes = toBytes(`${bulk(text)}*3\r\n${bulk(text).repeat(3)}`);
    for (let at = 0; at < 12; at += 1) {
      const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(decodeChunks(chunks)).toEqual([text, [text, text, text]]);
    }
  },
);

test("S7: a double with few digits is the one that its text is nearest to", () => {
  const digits = fc.stringMatching(/^-?[0-9]{1,14}(\.[0-9]{1,14})?$/);
  fc.assert(
    fc.property(digits, (text) => {
      const [value] = decode(`,${text}\r\n`);
      expect(value).toBe(Number(text));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  "$1\r\nab\r\n",
  "$1\r\na\rb",
  "$01\r\na\r\n",
  "$1:\r\na\r\n",
  "$10:\r\na\r\n",
  "$100:\r\na\r\n",
  "$1000:\r\na\r\n",
  `$1000\rx${"a".repeat(1000)}\r\n`,
  `$1000\r\n${"a".repeat(1001)}\r\n`,
  "$1\rxa\r\n",
  "*2\r\n$1\r\na\r\n,1x\r\n",
  "*2\r\n$1\r\na\r\n,1\rx",
  "*2\r\n$1\r\na\r\n,1\nx\r\n",
  "*2\r\n$1\r\nab\r\n,1\r\n",
  "*2\r\n$2\r\na\r\n,1\r\n",
])("S5: among items, %j is an error", (wrong) => {
  const right = "*2\r\n$1\r\na\r\n,1\r\n";
  const bytes = toBytes(`*9\r\n${right}${wrong}${right.repeat(7)}`);
  for (const size of [1, 2, bytes.length]) {
    expect(() => decodeChunks(cut(bytes, [size]), { form: FLAT })).toThrow(ProtocolError);
  }
});

test.each([
  [{ maxBulkBytes: 2 }, "*3\r\n$1\r\na\r\n$3\r\nabc\r\n$1\r\na\r\n"],
  [{ maxLineBytes: 4 }, "*2\r\n*2\r\n$1\r\na\r\n,1.234\r\n*0\r\n"],
  [{ maxDepth: 1 }, "*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\na\r\n,1\r\n"],
  [{ maxReplyElements: 6 }, `*3\r\n${"*2\r\n$1\r\na\r\n,1\r\n".repeat(3)}`],
])("S5: the limit %j holds for items, too", (limits, text) => {
  const bytes = toBytes(text);
  for (const size of [1, bytes.length]) {
    const decoder = new Decoder(new Recorder(FLAT), limits);
    expect(() => {
      for (const chunk of cut(bytes, [size])) decoder.write(chunk);
    }).toThrow(ProtocolError);
  }
});
