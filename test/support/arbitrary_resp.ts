/** Arbitraries of RESP as servers may send it: valid, and with mistakes. */
import fc from "fast-check";
import { BYTES, ErrorReply, RAW, type ReplyForm, type RespValue } from "../../src/protocol/resp.ts";
import type { RecordedPush } from "../protocol/recorder.ts";

/** A value on the wire, as Latin-1, and what it is in a given form. */
export interface RespSample {
  readonly wire: string;
  readonly value: (form: ReplyForm) => RespValue;
}

/** Text of which each character is one byte of any value. */
export const latin1 = (max: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: max }).map((bytes) => Buffer.from(bytes).toString("latin1"));
/** What fits into one line of RESP. */
export const line: fc.Arbitrary<string> = latin1(30).map((text) => text.replaceAll(/[\r\n]/g, "."));

const utf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");
const blob =
  (text: string) =>
  (form: ReplyForm): RespValue =>
    (form & BYTES) === 0 ? utf8(text) : Buffer.from(text, "latin1");
const always = (value: RespValue) => (): RespValue => value;

const scalar: fc.Arbitrary<RespSample> = fc.oneof(
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

function aggregates(item: fc.Arbitrary<RespSample>): fc.Arbitrary<RespSample> {
  const items = fc.array(item, { maxLength: 5 });
  const values = (all: readonly RespSample[], form: ReplyForm): RespValue[] =>
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

/** An aggregate of the given type on the wire. */
export function aggregate(
  type: string,
  all: readonly RespSample[],
  length: number,
  isStreamed: boolean,
): string {
  const items = all.map(({ wire }) => wire).join("");
  return isStreamed ? `${type}?\r\n${items}.\r\n` : `${type}${length}\r\n${items}`;
}

const { any } = fc.letrec<{ any: RespSample; plain: RespSample }>((tie) => ({
  any: fc.oneof(
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
  plain: fc.oneof({ maxDepth: 5, depthSize: "small" }, scalar, aggregates(tie("any"))),
}));

/** Any valid value. */
export const anyValue: fc.Arbitrary<RespSample> = any;

/** What arrives, and what a decoder makes of it. */
export interface Message {
  readonly wire: string;
  readonly seen: (form: ReplyForm) => (RespValue | RecordedPush)[];
}

/** Some replies or, with `isPush`, a push with these items. */
export const message: fc.Arbitrary<Message> = fc
  .tuple(fc.boolean(), fc.array(anyValue, { minLength: 1, maxLength: 3 }))
  .map(([isPush, all]) => ({
    wire: isPush ? aggregate(">", all, all.length, false) : all.map(({ wire }) => wire).join(""),
    seen: (form: ReplyForm): (RespValue | RecordedPush)[] => {
      const values = all.map(({ value }) => value(form));
      return isPush ? [{ push: values }] : values;
    },
  }));

/** Sizes of the chunks in which bytes arrive. */
export const sizes: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 })),
  { minLength: 1 },
);

/** A place in a text, and what is wrong there. */
export interface Change {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export const change: fc.Arbitrary<Change> = fc.record({
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

/** `wire` with mistakes. */
export function mutate(wire: string, changes: readonly Change[]): string {
  let text = wire;
  for (const { at, remove, insert } of changes) {
    const from = at % (text.length + 1);
    text = text.slice(0, from) + insert + text.slice(from + remove);
  }
  return text;
}
