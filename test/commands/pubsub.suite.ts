import { expect, test } from "vitest";
import { ArgumentError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands on messages, while nobody listens. */
export function pubsubSuite(surface: Surface): void {
  test("PUBLISH and SPUBLISH count receivers", async () => {
    const { commands, bytes } = surface;
    expect(await commands.publish("news", "hello")).toBe(0);
    expect(await commands.publish("", 0)).toBe(0);
    expect(await bytes.publish(BYTES, BYTES)).toBe(0);
    expect(await commands.spublish("news", "")).toBe(0);
  });

  test("PUBSUB CHANNELS and SHARDCHANNELS give a set", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.pubsubChannels()).toEqual(new Set());
      expect(await commands.pubsubChannels("")).toEqual(new Set());
      expect(await commands.pubsubShardchannels()).toEqual(new Set());
      expect(await commands.pubsubShardchannels("n*")).toEqual(new Set());
    }
  });

  test("PUBSUB NUMPAT counts", async () => {
    expect(await surface.commands.pubsubNumpat()).toBe(0);
  });

  test("PUBSUB NUMSUB and SHARDNUMSUB count by channel", async () => {
    const { commands, bytes } = surface;
    const counts = await commands.pubsubNumsub(["news", "__proto__"]);
    expect(Object.entries(counts)).toEqual([
      ["news", 0],
      ["__proto__", 0],
    ]);
    expect(Object.getPrototypeOf(counts)).toBeNull();
    expect({ ...(await commands.pubsubShardnumsub("news")) }).toEqual({ news: 0 });
    const none = [{ channel: BYTES, subscribers: 0 }];
    expect(await bytes.pubsubNumsub(BYTES)).toEqual(none);
    expect(await bytes.pubsubShardnumsub(new Set([BYTES]))).toEqual(none);
    await expect(async () => commands.pubsubNumsub([])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.pubsubShardnumsub([])).rejects.toThrow(ArgumentError);
  });
}
