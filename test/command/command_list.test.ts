import { expect, test } from "vitest";
import { Command } from "../../src/command/command.ts";
import { CommandList } from "../../src/command/command_list.ts";
import { bulkOrNull, integer } from "../../src/command/decoders.ts";
import { BYTES, TEXT } from "../../src/protocol/resp.ts";

test("a list tells of each command what it was pushed with", () => {
  const list = new CommandList();
  expect(list.push(new Command(["GET", "a"], bulkOrNull, BYTES))).toBe(0);
  expect(list.push(new Command(["INCRBY", "n", 2], integer))).toBe(1);
  expect(list.length).toBe(2);
  expect([...list.keys()]).toEqual([0, 1]);
  expect(list.argv(0)).toEqual(["GET", "a"]);
  expect(list.argv(1)).toEqual(["INCRBY", "n", 2]);
  expect([list.form(0), list.form(1)]).toEqual([BYTES, TEXT]);
  expect([list.decode(0, null), list.decode(1, 7)]).toEqual([null, 7]);
  expect(() => list.decode(1, "text")).toThrow("Expected an integer");
});

test("a list keeps whole only the commands that have traits", () => {
  const list = new CommandList();
  expect(list.special.size).toBe(0);
  list.push(new Command(["GET", "a"], bulkOrNull));
  const blocking = new Command(["BLPOP", "queue", 0], bulkOrNull);
  list.push(blocking);
  expect([...list.special]).toEqual([[1, blocking]]);
  expect(list.special.get(1)).toBe(blocking);
});

test("a truncated list has forgotten all about the commands behind its end", () => {
  const list = new CommandList();
  list.push(new Command(["GET", "a"], bulkOrNull));
  list.push(new Command(["BLPOP", "queue", 0], bulkOrNull, BYTES));
  list.truncate(5);
  expect(list.length).toBe(2);
  list.truncate(1);
  expect([list.length, list.special.size]).toEqual([1, 0]);
  expect(list.push(new Command(["INCR", "n"], integer))).toBe(1);
  expect([list.argv(1), list.form(1), list.decode(1, 7)]).toEqual([["INCR", "n"], TEXT, 7]);
  expect([...list.keys()].map((index) => list.argv(index))).toEqual([
    ["GET", "a"],
    ["INCR", "n"],
  ]);
});

test.each([0, 1, 1023, 1024, 1025, 2047, 2048, 2500])(
  "a list of thousands that was cut to %i goes on there",
  (length) => {
    const list = new CommandList();
    const push = (text: string, form = TEXT): number =>
      list.push(new Command(["GET", text], bulkOrNull, form));
    for (let index = 0; index < 2500; index += 1) push(String(index));
    list.truncate(length);
    expect(push("new", BYTES)).toBe(length);
    for (let index = length + 1; index < 3000; index += 1) push(String(index));
    expect(list.length).toBe(3000);
    for (const index of list.keys()) {
      const isNew = index === length;
      expect(list.argv(index)[1]).toBe(isNew ? "new" : String(index));
      expect(list.form(index)).toBe(isNew ? BYTES : TEXT);
    }
  },
);

test("a list has nothing to tell of a command that is not in it", () => {
  const list = new CommandList();
  expect([list.argv(0), list.form(0), list.decode(0, 1)]).toEqual([[], TEXT, undefined]);
});
