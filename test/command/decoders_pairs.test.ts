/** What comes in pairs or triples, and does not come out even: nothing of it is dropped. */
import { expect, test } from "vitest";
import { command } from "../../src/client/builder.ts";
import type { Command } from "../../src/command/command.ts";
import { DecodeError } from "../../src/errors.ts";
import type { RespValue } from "../../src/protocol/resp.ts";

test.each<[string, Command<unknown>, RespValue]>([
  ["HGETALL", command.hgetall("k"), ["field", "value", "field"]],
  ["HGETALL in bytes", command.bytes.hgetall("k"), [Buffer.from("field")]],
  ["CONFIG GET", command.configGet("*"), ["maxmemory"]],
  ["ZRANGE with scores", command.zrange("k", 0, -1, { withScores: true }), ["one", "1", "two"]],
  ["XRANGE", command.xrange("k", "-", "+"), [["1-1", ["field", "value", "field"]]]],
  ["XRANGE in bytes", command.bytes.xrange("k", "-", "+"), [["1-1", [Buffer.from("field")]]]],
  [
    "VSIM with attributes",
    command.vsim("k", { element: "e" }, { withScores: true, withAttributes: true }),
    ["one", "1", null, "two", "0.5"],
  ],
])("the reply of %s with a rest is a DecodeError", (_, { decode }, reply) => {
  expect(() => decode(reply)).toThrow(DecodeError);
});
