/** Arbitrary valid RESP in arbitrary chunks, and RESP with arbitrary mistakes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import {
  BYTES,
  ErrorReply,
  RAW,
  type ReplyForm,
  type RespValue,
  TEXT,
} from "../../src/protocol/resp.ts";
import { CATALOGUE } from "./catalogue.ts";
import { cut, decodeChunks, type RecordedPush, Recorder, toBytes } from "./recorder.ts";

/** A value on the wire, as Latin-1, and what it is in a given form. */
interface Sample {
  readonly wire: string;
  readonly value: (form: ReplyForm) => RespValue;
}

const latin1 = (max: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: max }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const line: fc.Arbitrary<string> = latin1(30).map((text) => text.replaceAll(/[\r\n]/g, "."));

const utf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");
const blob =
  (text: string) =>
  (form: ReplyForm): RespValue =>
    (form & BYTES) === 0 ? utf8(text) : Buffer.from(text, "latin1");
const always = (value: RespValue) => (): RespValue => value;

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  line.map((text) => ({ wire: `+${text}\r\n`, value: always(utf8(text)) })),
  line.map((text) => ({ wire: `-${text}\r\n`, value: always(new ErrorReply(utf8(text))) })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int) => ({
    wire: `:${int}\r\n`,
    value: always(Number.isSafeInteger(Number(int)) ? Number(int) : int),
  })),
  fc.integer().map((int) => ({ wire: `:${int}\r\n`, value: always(int) })),
  latin1(100).map((text) => ({ wire: `$${text.length}\r\n${text}\r\n`, value: blob(text) })),
  latin1(100).map((text) => ({
    wire: `!${text.length}\r\n${text}\r\n`,
    value: always(new ErrorReply(utf8(text))),
  })),
  latin1(100).map((text) => ({
    wire: `=${text.length + 4}\r\ntxt:${text}\r\n`,
    value: blob(text),
  })),
  fc.array(latin1(20).filter((text) => text !== "")).map((parts) => ({
    wire: `$?\r\n${parts.map((part) => `;${part.length}\r\n${part}\r\n`).join("")};0\r\n`,
    value: blob(parts.join("")),
  })),
  fc.constantFrom("$-1\r\n", "*-1\r\n", "_\r\n").map((wire) => ({ wire, value: always(null) })),
  fc.boolean().map((is) => ({ wire: is ? "#t\r\n" : "#f\r\n", value: always(is) })),
  fc.bigInt().map((int) => ({ wire: `(${int}\r\n`, value: always(int) })),
  fc.double().map((double) => ({
    wire: `,${String(double).toLowerCase().replace("infinity", "inf")}\r\n`,
    value: always(Object.is(double, -0) ? 0 : double),
  })),
);

function aggregates(item: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const items = fc.array(item, { maxLength: 5 });
  const values = (all: readonly Sample[], form: ReplyForm): RespValue[] =>
    all.map(({ value }) => value(form));
  return fc.oneof(
    fc.tuple(items, fc.boolean()).map(([all, isStreamed]) => ({
      wire: aggregate("*", all, all.length, isStreamed),
      value: (form: ReplyForm) => values(all, form),
    })),
    fc.tuple(items, fc.boolean()).map(([all, isStreamed]) => ({
      wire: aggregate("~", all, all.length, isStreamed),
      value: (form: ReplyForm) => {
        const set = values(all, form);
        return (form & RAW) === 0 ? set : new Set(set);
      },
    })),
    fc
      .tuple(fc.array(fc.tuple(item, item), { maxLength: 4 }), fc.boolean())
      .map(([pairs, isStreamed]) => ({
        wire: aggregate("%", pairs.flat(), pairs.length, isStreamed),
        value: (form: ReplyForm) => {
          if ((form & RAW) === 0) return values(pairs.flat(), form);
          return new Map(pairs.map(([key, value]) => [key.value(form), value.value(form)]));
        },
      })),
  );
}

function aggregate(
  type: string,
  all: readonly Sample[],
  length: number,
  isStreamed: boolean,
): string {
  const items = all.map(({ wire }) => wire).join("");
  return isStreamed ? `${type}?\r\n${items}.\r\n` : `${type}${length}\r\n${items}`;
}

const { value: anyValue } = fc.letrec<{ value: Sample; plain: Sample }>((tie) => ({
  value: fc.oneof(
    { withCrossShrink: true, maxDepth: 5 },
    { arbitrary: tie("plain"), weight: 8 },
    {
      arbitrary: fc
        .tuple(fc.array(fc.tuple(tie("plain"), tie("plain")), { maxLength: 2 }), tie("plain"))
        .map(([pairs, { wire, value }]) => ({
          wire: aggregate("|", pairs.flat(), pairs.length, false) + wire,
          value,
        })),
      weight: 1,
    },
  ),
  plain: fc.oneof({ maxDepth: 5, depthSize: "small" }, scalar, aggregates(tie("value"))),
}));

/** A reply or, with `isPush`, a push with these items. */
const message = fc
  .tuple(fc.boolean(), fc.array(anyValue, { minLength: 1, maxLength: 3 }))
  .map(([isPush, all]) => ({
    wire: isPush ? aggregate(">", all, all.length, false) : all.map(({ wire }) => wire).join(""),
    seen: (form: ReplyForm): (RespValue | RecordedPush)[] => {
      const values = all.map(({ value }) => value(form));
      return isPush ? [{ push: values }] : values;
    },
  }));
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 })), {
  minLength: 1,
});

test("S14: arbitrary RESP in arbitrary chunks is read in every form", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      sizes,
      fc.constantFrom(TEXT, BYTES, RAW, BYTES | RAW),
      (messages, chunkSizes, form) => {
        const bytes = toBytes(messages.map(({ wire }) => wire).join(""));
        const expected = messages.flatMap(({ seen }) => seen(form));
        const seen = decodeChunks(cut(bytes, chunkSizes), { form });
        expect(comparable(seen)).toEqual(comparable(expected));
      },
    ),
    { numRuns: 700 },
  );
});

/**
 * Maps and sets as their entries in order: equal keys that are objects would be taken for each
 * other.
 */
function comparable(value: unknown): unknown {
  if (value instanceof Map) return { map: [...value].map(comparable) };
  if (value instanceof Set) return { set: [...value].map(comparable) };
  return Array.isArray(value) ? value.map(comparable) : value;
}

/** What the decoder saw, and whether it refused; anything but a ProtocolError is thrown on. */
function outcome(bytes: Buffer, chunkSizes: readonly number[]): { seen: unknown; failed: boolean } {
  const recorder = new Recorder(BYTES);
  const decoder = new Decoder(recorder);
  try {
    for (const chunk of cut(bytes, chunkSizes)) decoder.write(chunk);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { seen: recorder.seen, failed: true };
  }
  return { seen: recorder.seen, failed: false };
}

const change = fc.record({
  at: fc.nat(),
  remove: fc.integer({ min: 0, max: 4 }),
  insert: fc.oneof(
    fc.constantFrom(
      "\r\n",
      "*",
      "$",
      "%",
      "|",
      ">",
      "?",
      ".",
      ";",
      "-1",
      "9",
      "1e3",
      "\n",
      "*1\r\n",
    ),
    latin1(4),
  ),
});

test("S14: mutated RESP is read or refused, the same however it is cut", () => {
  const catalogue = fc
    .shuffledSubarray([...CATALOGUE])
    .map((all) => all.map(([, b]) => b).join(""));
  const generated = fc.array(message).map((all) => all.map(({ wire }) => wire).join(""));
  fc.assert(
    fc.property(
      fc.oneof(catalogue, generated),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      sizes,
      (wire, changes, chunkSizes) => {
        let text = wire;
        for (const { at, remove, insert } of changes) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + insert + text.slice(from + remove);
        }
        // A mistake may be refused as soon as it is seen or at the end of its line: `failed` can
        // differ.
        const whole = outcome(toBytes(text), [text.length]);
        const parts = outcome(toBytes(text), chunkSizes);
        expect(parts.seen).toEqual(whole.seen);
      },
    ),
    { numRuns: 1500 },
  );
});

test("S14: random bytes are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (bytes, chunkSizes) => {
      outcome(Buffer.from(bytes), chunkSizes);
    }),
    { numRuns: 3000 },
  );
});
