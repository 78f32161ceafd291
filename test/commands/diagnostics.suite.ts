import { describe, expect, test } from "vitest";
import { Command } from "../../src/command/command.ts";
import { raw } from "../../src/command/decoders.ts";
import { ArgumentError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
const NOTHING_SLOW = 10_000_000;

/** What every surface does with LATENCY, MEMORY and SLOWLOG. */
export function diagnosticsSuite(surface: Surface): void {
  latency(surface);
  histograms(surface);
  memory(surface);
  slowlog(surface);
}

function latency(surface: Surface): void {
  describe("LATENCY", () => {
    test("tells the spikes of an event", async () => {
      const { commands, bytes } = surface;
      await commands.configSet({ "latency-monitor-threshold": 1 });
      await commands.latencyReset();
      await holdUp(surface);
      await commands.configSet({ "latency-monitor-threshold": 0 });
      const event = await slowEvent(surface);
      for (const form of [commands, bytes]) {
        const [first] = await form.latencyHistory(event);
        expect(first?.latencyInMilliseconds).toBeGreaterThanOrEqual(1);
        expect(Math.abs((first?.unixSeconds ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
        const events = await form.latencyLatest();
        expect(events.find((it) => it.event === event)).toEqual({
          event,
          unixSeconds: expect.any(Number),
          latestInMilliseconds: expect.any(Number),
          maxInMilliseconds: expect.any(Number),
        });
        expect(await form.latencyGraph(event)).toContain(event);
        expect(await form.latencyDoctor()).not.toBe("");
      }
      expect(await commands.latencyReset([event, "no-such-event"])).toBe(1);
      expect(await commands.latencyReset(event)).toBe(0);
    });

    test("tells nothing of events that did not happen", async () => {
      const { commands } = surface;
      expect(await commands.latencyReset()).toBeGreaterThanOrEqual(0);
      expect(await commands.latencyHistory("no-such-event")).toEqual([]);
      expect(await commands.latencyLatest()).toEqual([]);
      await expect(commands.latencyGraph("no-such-event")).rejects.toThrow("No samples available");
      await expect(async () => commands.latencyReset([])).rejects.toThrow(ArgumentError);
    });
  });
}

/** Keeps the server busy for some milliseconds; the clock stands still for a script. */
async function holdUp({ commands }: Surface): Promise<void> {
  const script = "local n = 0 for i = 1, 3000000 do n = n + i end return n";
  await commands.run(new Command(["EVAL", script, 0], raw));
}

async function slowEvent({ commands }: Surface): Promise<string> {
  const events = await commands.latencyLatest();
  return events.find(({ event }) => event === "command")?.event ?? "fast-command";
}

function histograms(surface: Surface): void {
  test("LATENCY HISTOGRAM tells how long calls took", async () => {
    const { commands, bytes } = surface;
    await commands.configResetstat();
    await commands.set("k", "v");
    await commands.set("k", "w");
    for (const form of [commands, bytes]) {
      const { set } = await form.latencyHistogram("set");
      expect(set?.calls).toBe(2);
      expect([...(set?.histogram.values() ?? [])].at(-1)).toBe(2);
      expect([...(set?.histogram.keys() ?? [])].every((bound) => bound > 0)).toBe(true);
    }
    expect(Object.keys(await commands.latencyHistogram())).toContain("set");
    expect(Object.keys(await commands.latencyHistogram(["get", "no-such-command"]))).toEqual([]);
    await expect(async () => commands.latencyHistogram([])).rejects.toThrow(ArgumentError);
  });
}

function memory(surface: Surface): void {
  describe("MEMORY", () => {
    test("USAGE gives bytes, or null", async () => {
      const { commands } = surface;
      await commands.rpush(
        "list",
        Array.from({ length: 100 }, () => "x".repeat(100)),
      );
      expect(await commands.memoryUsage("list")).toBeGreaterThan(10_000);
      expect(await commands.memoryUsage("list", { samples: 0 })).toBeGreaterThan(10_000);
      expect(await commands.memoryUsage("list", { samples: 1 })).toBeGreaterThan(1_000);
      expect(await commands.memoryUsage("missing")).toBeNull();
    });

    test("STATS gives numbers, in text and bytes form alike", async () => {
      await surface.commands.set("k", "v");
      for (const commands of [surface.commands, surface.bytes]) {
        const stats = await commands.memoryStats();
        expect(stats.keysCount).toBe(1);
        expect(stats.totalAllocated).toBeGreaterThan(100_000);
        expect(stats.peakPercentage).toBeGreaterThan(1);
        expect(Object.values(stats).filter(Number.isNaN)).toEqual([]);
        expect(stats.databases["0"]?.["overhead.hashtable.main"]).toBeGreaterThan(0);
        expect(stats.fields["allocator.resident"]).toBeGreaterThan(0);
        expect(stats.fields["keys.count"]).toBe(1);
      }
    });

    test("DOCTOR and MALLOC-STATS give text, PURGE says that it did", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        expect(await commands.memoryDoctor()).toMatch(/\w/);
        expect(await commands.memoryMallocStats()).toMatch(/\w/);
        expect(await commands.memoryPurge()).toBe(true);
      }
    });
  });
}

function slowlog(surface: Surface): void {
  describe("SLOWLOG", () => {
    test("tells the commands that took long, in text and bytes form", async () => {
      const { commands, bytes } = surface;
      expect(await commands.slowlogReset()).toBe(true);
      await commands.configSet({ "slowlog-log-slower-than": 0 });
      await commands.set("key", BYTES);
      await commands.configSet({ "slowlog-log-slower-than": NOTHING_SLOW });
      const entries = await bytes.slowlogGet(-1);
      expect(entries.length).toBe(await commands.slowlogLen());
      const words = [Buffer.from("SET"), Buffer.from("key"), BYTES];
      const entry = entries.find((it) => it.arguments.at(-1)?.equals(BYTES) === true);
      expect(entry?.arguments).toEqual(words);
      expect(entry?.clientAddress).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(typeof entry?.clientName).toBe("string");
      expect(entry?.durationInMicroseconds).toBeGreaterThanOrEqual(0);
      expect(Math.abs((entry?.unixSeconds ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
      const [latest] = await commands.slowlogGet(1);
      expect(latest?.id).toBe(entries[0]?.id);
      expect(latest?.arguments.every((word) => typeof word === "string")).toBe(true);
      expect(await commands.slowlogGet(0)).toEqual([]);
      expect((await commands.slowlogGet()).length).toBeGreaterThan(0);
    });

    test("tells nothing after a reset", async () => {
      const { commands } = surface;
      await commands.configSet({ "slowlog-log-slower-than": NOTHING_SLOW });
      expect(await commands.slowlogReset()).toBe(true);
      expect(await commands.slowlogLen()).toBe(0);
      expect(await commands.slowlogGet()).toEqual([]);
    });
  });
}
