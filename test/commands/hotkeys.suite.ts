import { expect, test } from "vitest";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { isAtLeast, testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

const SINCE = { redis: "8.6.0" };
/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on hot keys. */
export function hotkeysSuite(surface: Surface): void {
  testSince(surface, SINCE, "HOTKEYS GET gives the keys, until HOTKEYS RESET", async () => {
    const { commands, bytes } = surface;
    await forget(surface);
    expect(await commands.hotkeysGet()).toBeNull();
    expect(await commands.hotkeysStart(["CPU", "NET"])).toBe(true);
    await bytes.set(BYTES, "value");
    const hot = await bytes.hotkeysGet();
    expect(hot).toMatchObject({
      isActive: true,
      sampleRatio: 1,
      selectedSlots: [{ start: 0, end: 16_383 }],
      byCpuMicroseconds: [{ key: BYTES, amount: expect.any(Number) }],
      byNetworkBytes: [{ key: BYTES, amount: expect.any(Number) }],
      allCpuMicroseconds: expect.any(Number),
      allNetworkBytes: expect.any(Number),
      selectedCpuMicroseconds: null,
      sampledNetworkBytes: null,
    });
    expect(hot?.startedAtMilliseconds).toBeGreaterThan(1_600_000_000_000);
    expect(hot?.durationInMilliseconds).toBeGreaterThanOrEqual(0);
    expect(hot?.fields["total-net-bytes"]).toBeGreaterThan(0);
    expect(await commands.hotkeysStop()).toBe(true);
    expect(await commands.hotkeysStop()).toBe(false);
    expect(await commands.hotkeysGet()).toMatchObject({ isActive: false });
    expect(await commands.hotkeysReset()).toBe(true);
    expect(await commands.hotkeysGet()).toBeNull();
  });

  testSince(surface, SINCE, "HOTKEYS START takes one metric and options", async () => {
    const { commands } = surface;
    await forget(surface);
    const options = { count: 2, durationInSeconds: 1_000, sampleRatio: 2 };
    expect(await commands.hotkeysStart("NET", options)).toBe(true);
    const hot = await commands.hotkeysGet();
    expect(hot).toMatchObject({ sampleRatio: 2, byCpuMicroseconds: null, byNetworkBytes: [] });
    await expect(commands.hotkeysStart("NET")).rejects.toThrow(ServerError);
    await expect(commands.hotkeysReset()).rejects.toThrow(ServerError);
    await commands.hotkeysStop();
    // Slots are for clusters.
    await expect(commands.hotkeysStart("CPU", { slots: [1, 2] })).rejects.toThrow(ServerError);
    for (const wrong of [{ count: 0 }, { durationInSeconds: 0 }, { sampleRatio: 0 }]) {
      await expect(commands.hotkeysStart("CPU", wrong)).rejects.toThrow(ServerError);
    }
  });

  test("HOTKEYS START refuses empty lists", async () => {
    const { commands } = surface;
    await expect(async () => commands.hotkeysStart([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.hotkeysStart("CPU", { slots: [] })).rejects.toThrow(
      ArgumentError,
    );
  });
}

async function forget(surface: Surface): Promise<void> {
  if (!isAtLeast(surface, SINCE)) return;
  await surface.commands.hotkeysStop();
  await surface.commands.hotkeysReset();
}
