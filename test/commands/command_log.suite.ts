import { expect } from "vitest";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

const SINCE = { valkey: "8.1.0" };
/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with Valkey's logs of commands. */
export function commandLogSuite(surface: Surface): void {
  testSince(surface, SINCE, "COMMANDLOG GET gives slow commands", async () => {
    const { commands, bytes } = surface;
    await commands.commandlogReset("SLOW");
    await commands.configSet({ "commandlog-execution-slower-than": 0 });
    await bytes.set("key", BYTES);
    await commands.configSet({ "commandlog-execution-slower-than": -1 });
    const entries = await bytes.commandlogGet("SLOW", -1);
    const entry = entries.find((it) => String(it.arguments[0]).toUpperCase() === "SET");
    expect(entry).toEqual({
      id: expect.any(Number),
      unixSeconds: expect.any(Number),
      amount: expect.any(Number),
      arguments: [Buffer.from("SET"), Buffer.from("key"), BYTES],
      clientAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      clientName: expect.any(String),
    });
    expect(await commands.commandlogLen("SLOW")).toBe(entries.length);
    expect(await commands.commandlogGet("SLOW", 1)).toHaveLength(1);
    expect(await commands.commandlogGet("SLOW", 0)).toHaveLength(0);
    expect(await commands.commandlogReset("SLOW")).toBe(true);
    expect(await commands.commandlogGet("SLOW")).toEqual([]);
  });

  testSince(surface, SINCE, "COMMANDLOG GET gives large requests and replies", async () => {
    const { commands, name } = surface;
    const isQueued = name.startsWith("transaction");
    await commands.commandlogReset("LARGE-REQUEST");
    await commands.commandlogReset("LARGE-REPLY");
    const large = "x".repeat(2 * 1_048_576);
    await commands.set("key", large);
    await commands.get("key");
    const [request] = await commands.commandlogGet("LARGE-REQUEST");
    // The server does not log the requests of a transaction.
    const words = isQueued ? undefined : ["SET", "key"];
    expect(request?.arguments.slice(0, 2)).toEqual(words);
    if (!isQueued) expect(request?.amount).toBeGreaterThan(large.length);
    // All that follows it in a transaction has a large reply, too.
    const replies = await commands.commandlogGet("LARGE-REPLY", 5);
    const reply = replies.find((it) => it.arguments[0] === "GET");
    expect(reply?.arguments).toEqual(["GET", "key"]);
    expect(reply?.amount).toBeGreaterThan(large.length);
    expect(await commands.commandlogLen("LARGE-REPLY")).toBeGreaterThan(0);
    expect(await commands.commandlogReset("LARGE-REPLY")).toBe(true);
    expect(await commands.commandlogLen("LARGE-REPLY")).toBe(0);
  });
}

/** Never called: what must not compile. */
export function commandLogTypes({ commands }: Surface): void {
  // @ts-expect-error no such log
  void commands.commandlogGet("QUICK");
}
