/** Arbitrary valid RESP in arbitrary chunks, and RESP with arbitrary mistakes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import { BYTES, RAW, TEXT } from "../../src/protocol/resp.ts";
import { change, message, mutate, sizes } from "../support/arbitrary_resp.ts";
import { CATALOGUE } from "./catalogue.ts";
import { cut, decodeChunks, Recorder, toBytes } from "./recorder.ts";

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
        const text = mutate(wire, changes);
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
