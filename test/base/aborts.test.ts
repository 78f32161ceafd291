import { expect, test } from "vitest";
import { Ending, endListening, listenTo } from "../../src/base/aborts.ts";

test.each([
  ["an ending", () => new Ending()],
  ["an AbortController", () => new AbortController()],
])("%s tells each who listens once, with its first reason", (_, make) => {
  const ending = make();
  const signal = ending instanceof AbortController ? ending.signal : ending;
  const told: string[] = [];
  const first = (): void => {
    told.push(`first: ${String(signal.reason)}`);
    endListening(signal, second);
  };
  const second = (): void => void told.push("second");
  const gone = (): void => void told.push("gone");
  for (const listener of [first, second, gone, first]) listenTo(signal, listener);
  endListening(signal, gone);
  expect(() => signal.throwIfAborted()).not.toThrow();
  expect(signal.aborted).toBe(false);

  ending.abort("over");
  ending.abort("again");

  expect(told).toEqual(["first: over", "second"]);
  expect(signal.aborted).toBe(true);
  expect(() => signal.throwIfAborted()).toThrow("over");
});
