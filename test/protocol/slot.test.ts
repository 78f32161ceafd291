/** Slots: the published vectors, a bit-by-bit CRC, and a real server's own opinion. */
import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Decoder } from "../../src/protocol/decode.ts";
import { Encoder } from "../../src/protocol/encode.ts";
import { keySlot, SLOTS } from "../../src/protocol/slot.ts";
import { startServer } from "../../src/testing/index.ts";
import { Recorder } from "./recorder.ts";

test.each([
  ["", 0],
  ["123456789", 0x31c3 % SLOTS],
  ["foo", 12182],
  ["bar", 5061],
  ["{user1000}.following", keySlot("user1000")],
  ["{user1000}.followers", keySlot("user1000")],
  ["foo{bar}{zap}", keySlot("bar")],
  ["foo{{bar}}zap", keySlot("{bar")],
  ["a}b{c}", keySlot("c")],
])("the slot of %j is %i", (key, slot) => {
  expect(keySlot(key)).toBe(slot);
  expect(keySlot(Buffer.from(key))).toBe(slot);
});

test("an empty or unclosed tag is none: the whole key counts", () => {
  for (const key of ["{}{x}", "foo{}{bar}", "{", "}", "}{", "a{b", "{}"]) {
    expect(keySlot(key)).toBe(slowSlot(Buffer.from(key)));
  }
});

test("the slot is the CRC16 of the tag's bytes, for text and for bytes", () => {
  const key = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "{", "}", "é", "😀", "\ud800") }),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(key, (text) => {
      const bytes = Buffer.from(text);
      expect(keySlot(text)).toBe(slowSlot(bytes));
      expect(keySlot(new Uint8Array(bytes))).toBe(slowSlot(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("a real server computes the same slots", async () => {
  await using server = await startServer({ config: { "cluster-enabled": "yes" } });
  const sampled = fc.sample(
    fc.string({ unit: fc.constantFrom("a", "{", "}", "é", "\r", "\0") }),
    200,
  );
  const keys = ["123456789", "{}{x}", "foo{{bar}}zap", ...sampled];
  const encoder = new Encoder();
  for (const key of keys) encoder.command(["CLUSTER", "KEYSLOT", key]);
  const recorder = new Recorder();
  const decoder = new Decoder(recorder);
  const socket = connect(server.port, server.host);
  socket.on("data", (chunk) => {
    decoder.write(chunk);
    if (recorder.seen.length === keys.length) socket.end();
  });
  socket.write(Buffer.concat(encoder.take()));
  await once(socket, "close");
  expect(recorder.seen).toEqual(keys.map((key) => keySlot(key)));
});

/** The definition, bit by bit. */
function slowSlot(key: Buffer): number {
  const open = key.indexOf("{");
  const close = open < 0 ? -1 : key.indexOf("}", open);
  let crc = 0;
  for (const byte of close > open + 1 ? key.subarray(open + 1, close) : key) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = (crc >> 15) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (top === 1 ? 0x1021 : 0);
    }
  }
  return crc % SLOTS;
}
