import { afterEach, expect, test, vi } from "vitest";
import { Events } from "../../src/base/events.ts";

interface Heard {
  readonly ping: readonly [number];
  readonly error: readonly [Error];
}

afterEach(() => vi.restoreAllMocks());

test("listeners get what is emitted, in order, until they leave", () => {
  const events = new Events<Heard>();
  const heard: string[] = [];
  const leave = events.on("ping", (n) => void heard.push(`a${n}`));
  events.on("ping", (n) => void heard.push(`b${n}`));
  events.emit("ping", 1);
  leave();
  leave();
  events.emit("ping", 2);
  expect(heard).toEqual(["a1", "b1", "b2"]);
});

test("an error without a listener is nothing special", () => {
  expect(() => new Events<Heard>().emit("error", new Error("nobody hears"))).not.toThrow();
});

test("a listener that joins or leaves during an event does not disturb it", () => {
  const events = new Events<Heard>();
  const heard: string[] = [];
  const leave = events.on("ping", () => {
    leave();
    events.on("ping", () => void heard.push("late"));
    heard.push("first");
  });
  events.on("ping", () => void heard.push("second"));
  events.emit("ping", 1);
  expect(heard).toEqual(["first", "second"]);
});

test("what a listener throws is thrown outside of the emitter; the others still hear", async () => {
  const events = new Events<Heard>();
  const thrown: (() => void)[] = [];
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => void thrown.push(task));
  const second = vi.fn<(n: number) => void>();
  events.on("ping", () => {
    throw new Error("of a listener");
  });
  events.on("ping", second);
  expect(() => events.emit("ping", 1)).not.toThrow();
  expect(second).toHaveBeenCalledWith(1);
  expect(thrown).toHaveLength(1);
  expect(thrown[0]).toThrow("of a listener");
});
