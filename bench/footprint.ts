/**
 * What a client costs before it is fast: the time of its import, and the memory of commands whose
 * replies are owed.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestServer } from "typedis/testing";
import type { Client } from "./client.ts";
import { importMilliseconds } from "./import_time.ts";
import { entryOf, runtimeOf } from "./peers.ts";

/** Of one client. */
export interface Footprint {
  readonly client: string;
  /** Milliseconds; `undefined` if it is built in. */
  readonly importMs: number | undefined;
  /** On the JavaScript heap and in buffers, for each GET in flight; where that can be told. */
  readonly bytesInFlight: number | undefined;
}

const WORKER = fileURLToPath(new URL("footprint_worker.js", import.meta.url));

/** Measures clients one after the other; bare sockets are left out. */
export async function footprints(
  clients: readonly Client[],
  server: TestServer,
  fail: (client: string, error: unknown) => void,
): Promise<Footprint[]> {
  const found: Footprint[] = [];
  for (const client of clients) {
    if (client.package === undefined || client.other !== undefined) continue;
    const importMs =
      client.runtime === "bun" ? undefined : await importMilliseconds(entryOf(client.package));
    const bytesInFlight = await inFlight(client, server).catch((error: unknown) => {
      fail(client.name, error);
      return undefined;
    });
    found.push({ client: client.name, importMs, bytesInFlight });
  }
  return found;
}

async function inFlight(client: Client, server: TestServer): Promise<number | undefined> {
  // Its commands are not on the heap of JavaScript.
  if (client.runtime === "bun") return undefined;
  const [program = "", ...flags] = runtimeOf(client);
  const args = [...flags, "--expose-gc", WORKER, client.name, `${server.port}`, `${server.pid}`];
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 60_000 });
    return Number(stdout.trim().split("\n").at(-1));
  } finally {
    server.resume();
  }
}
