/**
 * What the encoder makes of commands: read back by the decoder, they are the bytes of the
 * arguments.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Encoder, PASS_THROUGH_BYTES } from "../../src/protocol/encode.ts";
import { type Argument, BYTES } from "../../src/protocol/resp.ts";
import { decode } from "./recorder.ts";

function encode(...commands: readonly (readonly Argument[])[]): Buffer {
  const encoder = new Encoder();
  for (const argv of commands) encoder.command(argv);
  return Buffer.concat(encoder.take());
}

function bytesOf(value: Argument): Buffer {
  if (typeof value === "object") return Buffer.from(value);
  if (value === Infinity) return Buffer.from("inf");
  return Buffer.from(value === -Infinity ? "-inf" : String(value));
}

/** The definition, without haste. */
function wireOf(argv: readonly Argument[]): Buffer {
  const items = argv
    .map(bytesOf)
    .flatMap((bytes) => [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
  return Buffer.concat([Buffer.from(`*${argv.length}\r\n`), ...items]);
}

const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc.string({ unit: "binary-ascii", maxLength: 100 }),
  fc.uint8Array({ maxLength: 200 }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt(),
  fc.constantFrom(0, -0, Infinity, -Infinity, 1e21, 2 ** 53, 999_999_999, 1e9, -1, 0.1),
);

test("a command is an array of bulk strings", () => {
  expect(encode(["SET", "k", 12, 3n, Buffer.from("\r\n")]).toString()).toBe(
    "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n12\r\n$1\r\n3\r\n$2\r\n\r\n\r\n",
  );
  expect(encode(["A", ""]).toString()).toBe("*2\r\n$1\r\nA\r\n$0\r\n\r\n");
});

test("S7: numbers are sent in decimal, infinities as Redis writes them", () => {
  const numbers = [
    0,
    -0,
    9,
    10,
    99,
    100,
    1023,
    999_999_999,
    1e9,
    2 ** 53 - 1,
    -5,
    1.5,
    1e21,
    5e-324,
  ];
  const [sent] = decode(encode([...numbers, Infinity, -Infinity, 2n ** 64n, -7n]));
  expect(sent).toEqual([...numbers.map(String), "inf", "-inf", "18446744073709551616", "-7"]);
});

test("S8, S10: whatever the arguments hold, they arrive as they are", () => {
  fc.assert(
    fc.property(fc.array(fc.array(argument, { minLength: 1, maxLength: 12 })), (commands) => {
      const bytes = encode(...commands);
      expect(bytes.equals(Buffer.concat(commands.map(wireOf)))).toBe(true);
      const expected = commands.map((argv) => argv.map(bytesOf));
      expect(decode(bytes, { form: BYTES })).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("S8: lone surrogates become U+FFFD, and the length agrees", () => {
  for (const text of ["\ud800", "a\udc00b", "\udc00\ud800", `${"é".repeat(40)}\ud800`]) {
    expect(decode(encode([text]))).toEqual([[Buffer.from(text).toString()]]);
  }
});

test("S8: text of every length and alphabet has its exact length", () => {
  const lengths = [...Array(110).keys(), 333, 334, 999, 1000, 1365, 3333, 4095, 4096, 4097, 70_000];
  for (const letter of ["a", "é", "€", "😀", "\ud800"]) {
    const texts = lengths.flatMap((length) => [
      "x".repeat(length) + letter,
      letter.repeat(length),
      letter + "x".repeat(length),
    ]);
    const expected = texts.map((text) => Buffer.from(text).toString());
    expect(decode(encode(texts))).toEqual([expected]);
  }
});

test("S10: a value that looks like a command stays a value", () => {
  const hostile = "x\r\n*1\r\n$8\r\nFLUSHALL\r\n";
  expect(decode(encode(["SET", "k", hostile]))).toEqual([["SET", "k", hostile]]);
});

test("large byte arguments are passed on as they are, in their place", () => {
  const lengths = [-1, 0, 1].map((more) => PASS_THROUGH_BYTES + more);
  const values = lengths.map((length) => Buffer.alloc(length, "v"));
  const encoder = new Encoder();
  const commands = [["A", ...values, "z"], ["B"], [...values], [new Uint8Array(40_000).fill(1)]];
  for (const argv of commands) encoder.command(argv);
  const { size } = encoder;
  const pieces = encoder.take();
  const all = Buffer.concat(pieces);
  expect(all.length).toBe(size);
  expect(encoder.size).toBe(0);
  expect(pieces.filter((piece) => piece.buffer === values[1]?.buffer)).toHaveLength(2);
  expect(all.equals(Buffer.concat(commands.map(wireOf)))).toBe(true);
});

test("growing keeps what is encoded", () => {
  for (const length of [1, 31, 33, 1000, 16_000, 200_000]) {
    const commands = Array.from({ length: 300 }, (_, i) => ["SET", i, "v".repeat(length)]);
    expect(decode(encode(...commands))).toEqual(commands.map((argv) => argv.map(String)));
  }
});

test("what is taken stays as it is until recycled", () => {
  const step = fc.oneof(
    fc.record({ argv: fc.array(argument, { minLength: 1, maxLength: 4 }) }),
    fc.record({ fill: fc.integer({ min: 1, max: 70_000 }) }),
    fc.constantFrom("take", "recycle"),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const encoder = new Encoder();
      const sent: Buffer[] = [];
      let owned: Buffer[] = [];
      const expected: Buffer[] = [];
      for (const what of steps) {
        if (what === "take") owned.push(...encoder.take());
        else if (what === "recycle") {
          sent.push(...owned.map((piece) => Buffer.from(piece)));
          owned = [];
          encoder.recycle();
        } else {
          const argv = "argv" in what ? what.argv : ["F", Buffer.alloc(what.fill, "f")];
          encoder.command(argv);
          expected.push(wireOf(argv));
        }
      }
      const all = Buffer.concat([...sent, ...owned, ...encoder.take()]);
      expect(all.equals(Buffer.concat(expected))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("one buffer serves batch after batch, and a huge one is given back", () => {
  const encoder = new Encoder();
  const memoryOf = (value: string): ArrayBufferLike | undefined => {
    encoder.command(["SET", "k", value]);
    const memory = encoder.take()[0]?.buffer;
    encoder.recycle();
    return memory;
  };
  const first = memoryOf("a");
  expect(memoryOf("b")).toBe(first);
  expect(memoryOf("c".repeat(10_000_000))?.byteLength).toBeGreaterThan(10_000_000);
  const later = memoryOf("d");
  expect(later?.byteLength).toBe(64 * 1024);
  expect(memoryOf("e")).toBe(later);
});

test.each([
  ["in the middle of the buffer", [1]],
  ["where the buffer grows for its header", [16_000, 16_000, 16_000, 16_000, 1402]],
])("a command that cannot be encoded leaves no trace: %s", (_, lengths) => {
  const encoder = new Encoder();
  encoder.command(["TAKEN"]);
  encoder.take();
  for (const length of lengths) encoder.command(["A", Buffer.alloc(length)]);
  const hostile = {
    get length(): number {
      throw new RangeError("no memory");
    },
  };
  const broken: readonly Argument[] = ["X", Buffer.alloc(PASS_THROUGH_BYTES), "y".repeat(100_000)];
  const argv = new Proxy(broken, {
    get: (target, name) => (name === "2" ? hostile.length : (Reflect.get(target, name) as unknown)),
  });
  expect(() => encoder.command(argv)).toThrow("no memory");
  encoder.command(["C"]);
  expect(decode(Buffer.concat(encoder.take()))).toEqual([
    ...lengths.map((length) => ["A", "\0".repeat(length)]),
    ["C"],
  ]);
});
