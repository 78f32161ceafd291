import { expect, test, vi } from "vitest";
import { endListening, listenTo } from "../../src/base/aborts.ts";
import { backoffDelay } from "../../src/base/backoff.ts";
import { Bell } from "../../src/base/bell.ts";
import { now, sleep } from "../../src/base/clock.ts";
import { within } from "../../src/base/within.ts";
import { failureOf } from "../support/proxied.ts";

test("a signal has one real listener, however many wait, and none when all have left", () => {
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, "addEventListener");
  const remove = vi.spyOn(signal, "removeEventListener");
  const listeners = Array.from({ length: 100 }, () => vi.fn<() => void>());
  for (const listener of listeners) listenTo(signal, listener);
  expect(add).toHaveBeenCalledOnce();
  for (const listener of listeners) endListening(signal, listener);
  expect(remove).toHaveBeenCalledOnce();
  listenTo(signal, () => {});
  expect(add).toHaveBeenCalledTimes(2);
});

test("who has left in time is not told, the others are, once", () => {
  const controller = new AbortController();
  const [stays, leaves] = [vi.fn<() => void>(), vi.fn<() => void>()];
  listenTo(controller.signal, stays);
  listenTo(controller.signal, leaves);
  listenTo(undefined, leaves);
  endListening(controller.signal, leaves);
  endListening(undefined, leaves);
  controller.abort();
  controller.abort();
  expect(stays).toHaveBeenCalledOnce();
  expect(leaves).not.toHaveBeenCalled();
});

test("a sleep ends with its signal, and at once if that has fired", async () => {
  const controller = new AbortController();
  const sleeping = sleep(600_000, controller.signal);
  controller.abort();
  await sleeping;
  await sleep(600_000, controller.signal);
});

test("a delay of the backoff never exceeds its bounds, and doubles on average", () => {
  const options = { base: 10, cap: 1_000 };
  for (let attempt = 1; attempt < 2_000; attempt += 1) {
    const delay = backoffDelay(attempt, options);
    const ceiling = attempt > 7 ? 1_000 : 10 * 2 ** (attempt - 1);
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThan(ceiling);
  }
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  expect([1, 2, 3, 8].map((attempt) => backoffDelay(attempt, options))).toEqual([5, 10, 20, 500]);
  vi.restoreAllMocks();
});

test("a wait ends with its promise, its deadline or its signal", async () => {
  const limits = {
    deadline: 0,
    onTimeout: () => new Error("late"),
    onAbort: (reason: unknown) => new Error(String(reason)),
  };
  const never = new Promise<never>(() => {});
  expect(await within(Promise.resolve(1), limits)).toBe(1);
  expect(await within(Promise.resolve(1), { ...limits, deadline: now() + 60_000 })).toBe(1);
  expect(await failureOf(within(never, { ...limits, deadline: now() - 1 }))).toMatchObject({
    message: "late",
  });
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = failureOf(within(never, { ...limits, signal }));
  controller.abort("enough");
  expect(await aborted).toMatchObject({ message: "enough" });
  expect(await failureOf(within(never, { ...limits, signal }))).toMatchObject({
    message: "enough",
  });
});

test("a bell is waited for until what is asked at each ring holds, or time is up", async () => {
  const bell = new Bell();
  let left = 3;
  const waiting = bell.until(() => left === 0, 600_000);
  while (left > 0) {
    left -= 1;
    bell.ring();
    await Promise.resolve();
  }
  await waiting;
  await bell.until(() => true, 600_000);
  await bell.until(() => false, 1);
});
