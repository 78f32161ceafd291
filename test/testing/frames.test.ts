import fc from "fast-check";
import { expect, test } from "vitest";
import { Ring } from "../../src/base/ring.ts";
import { FrameScanner } from "../../src/testing/frames.ts";

const COMMANDS = [
  ["*1\r\n$4\r\nPING\r\n", "PING"],
  ["*3\r\n$3\r\nset\r\n$5\r\na\r\n*1\r\n$0\r\n\r\n", "SET"],
  ["incr n\r\n", "INCR"],
  ["*2\r\n$11\r\nJSON.GETALL\r\n$1\r\nk\r\n", "JSON.GETALL"],
] as const;
const REPLIES = [
  "+OK\r\n",
  "-ERR 1 is not -2\r\n",
  ":-5\r\n",
  "$-1\r\n",
  "*-1\r\n",
  "_\r\n",
  "$7\r\n\r\n+OK\r\n\r\n",
  "*0\r\n",
  "*2\r\n*2\r\n:1\r\n$0\r\n\r\n*1\r\n*0\r\n",
  "%2\r\n+a\r\n~1\r\n:1\r\n$1\r\nb\r\n%0\r\n",
  "|1\r\n+ttl\r\n:3\r\n*1\r\n=5\r\ntxt:a\r\n",
  "!3\r\nERR\r\n",
] as const;
const PUSH = ">2\r\n+message\r\n*1\r\n:1\r\n";

/** Bytes in chunks of any sizes. */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const end = at + (sizes[index % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}

/** The texts between the boundaries, each with its name. */
function framesIn(scanner: FrameScanner, bytes: Buffer, sizes: readonly number[]): string[] {
  const frames: string[] = [];
  let rest = Buffer.alloc(0);
  let base = 0;
  let start = 0;
  for (const chunk of chunksOf(bytes, sizes)) {
    const all = Buffer.concat([rest, chunk]);
    const { boundaries, end } = scanner.scan(all, true);
    for (const { type, offset, name } of boundaries) {
      if (type === "start") start = base + offset;
      else frames.push(`${name} ${bytes.toString("latin1", start, base + offset)}`);
    }
    base += end;
    rest = all.subarray(end);
  }
  return frames;
}

test("commands and replies are told apart, and named, in whatever chunks they come", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 });
  const turns = fc.array(
    fc.record({
      command: fc.constantFrom(...COMMANDS),
      reply: fc.constantFrom(...REPLIES),
      hasPush: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(turns, sizes, sizes, (talk, toServer, toClient) => {
      const owed = new Ring<string>();
      const sent = Buffer.from(talk.map(({ command }) => command[0]).join(""), "latin1");
      const commands = framesIn(new FrameScanner("toServer", owed), sent, toServer);
      expect(commands).toEqual(talk.map(({ command: [text, name] }) => `${name} ${text}`));
      const texts = talk.map(({ reply, hasPush }) => (hasPush ? PUSH : "") + reply);
      const got = Buffer.from(texts.join(""), "latin1");
      const replies = framesIn(new FrameScanner("toClient", owed), got, toClient);
      expect(replies).toEqual(talk.map(({ command: [, name], reply }) => `${name} ${reply}`));
      expect(owed.size).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test("what is no RESP, and what is streamed, is passed over without a frame that ends", () => {
  for (const bytes of ["\x16\x03\x01\x02\x00abc", "*?\r\n:1\r\n.\r\n", `*${"9".repeat(200)}`]) {
    const scanner = new FrameScanner("toServer", new Ring());
    const { boundaries } = scanner.scan(Buffer.from(bytes + "x".repeat(200), "latin1"), true);
    expect(boundaries.filter(({ type }) => type === "end")).toEqual([]);
  }
});
