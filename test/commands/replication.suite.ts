import { expect, test } from "vitest";
import type { Surface } from "../support/surfaces.ts";

/** Nothing listens here, so nothing is lost. */
const NOWHERE = "127.0.0.1";

/** What every surface does with the commands on primaries and replicas. */
export function replicationSuite(surface: Surface): void {
  test("REPLICAOF and SLAVEOF make a replica, and a primary again", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.replicaof(NOWHERE, 1)).toBe(true);
      expect(await commands.role()).toMatchObject({ role: "slave", host: NOWHERE, port: 1 });
      expect(await commands.replicaof(NOWHERE, 1)).toBe(true); // OK Already connected …
      expect(await commands.replicaof("NO ONE")).toBe(true);
      expect(await commands.slaveof(NOWHERE, 1)).toBe(true);
      expect(await commands.role()).toMatchObject({ role: "slave" });
      expect(await commands.slaveof("NO ONE")).toBe(true);
      expect(await commands.role()).toMatchObject({ role: "master" });
      expect(await commands.replicaof("NO ONE")).toBe(true);
    }
  });

  test("FAILOVER fails without replicas, and there is none to end", async () => {
    const { commands } = surface;
    await expect(commands.failover()).rejects.toThrow("requires connected replicas");
    await expect(commands.failover({ timeout: 10 })).rejects.toThrow("requires connected replicas");
    await expect(commands.failover({ timeout: 0 })).rejects.toThrow("timeout must be greater");
    const to = { host: NOWHERE, port: 1 };
    for (const options of [
      { to },
      { to, timeout: 10 },
      { to, timeout: 10, force: true },
    ] as const) {
      await expect(commands.failover(options)).rejects.toThrow("requires connected replicas");
    }
    await expect(commands.failover("ABORT")).rejects.toThrow("No failover in progress");
  });

  test("SHUTDOWN ABORT fails if the server is not about to end", async () => {
    const { commands, name } = surface;
    const message = name.startsWith("transaction")
      ? "not allowed inside a transaction"
      : "No shutdown in progress";
    await expect(commands.shutdown("ABORT")).rejects.toThrow(message);
  });
}

/** Never called: what must not compile. */
export function replicationTypes({ commands }: Surface): void {
  // @ts-expect-error force needs a replica and a timeout
  void commands.failover({ force: true });
  // @ts-expect-error a primary has a port
  void commands.replicaof("127.0.0.1");
  // @ts-expect-error to go on has no options
  void commands.shutdown("ABORT", { now: true });
}
