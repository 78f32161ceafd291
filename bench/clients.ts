/**
 * All clients that can be measured. One more is one entry here and one file in `clients/`.
 */
import type { Client } from "./client.ts";
import { BUN } from "./peers.ts";

type Parts = Omit<Client, "isPeer" | "runtime">;

const usual = (parts: Parts): Client => ({ ...parts, isPeer: false, runtime: "node" });
const peer = (parts: Parts, runtime: Client["runtime"] = "node"): Client => ({
  ...parts,
  isPeer: true,
  runtime,
});

/** In the order in which they take turns. */
export const CLIENTS: readonly Client[] = [
  usual({
    name: "typedis",
    setup: "defaults: RESP3, 5 s command timeout",
    package: "typedis",
    load: async () => (await import("./clients/typedis.ts")).open,
  }),
  usual({
    name: "redis",
    setup: "defaults: 5 s command timeout",
    package: "redis",
    load: async () => (await import("./clients/redis.ts")).open,
  }),
  usual({
    name: "redis (tuned)",
    setup: "command timeout off",
    package: "redis",
    load: async () => (await import("./clients/redis.ts")).openTuned,
  }),
  usual({
    name: "ioredis",
    setup: "defaults: no command timeout",
    package: "ioredis",
    load: async () => (await import("./clients/ioredis.ts")).open,
  }),
  peer({
    name: "iovalkey",
    setup: "defaults: no command timeout",
    package: "iovalkey",
    load: async () => (await import("./clients/iovalkey.ts")).open,
  }),
  peer({
    name: "valkey-glide",
    setup: "request timeout 60 s: the default of 250 ms fails large pipelines",
    package: "@valkey/valkey-glide",
    load: async () => (await import("./clients/glide.ts")).open,
  }),
  peer(
    {
      name: "Bun",
      setup: "the client built into Bun, in a process of Bun; defaults",
      package: BUN,
      load: async () => (await import("./clients/bun.ts")).open,
    },
    "bun",
  ),
  usual({
    name: "raw",
    setup: "a socket: bytes encoded before the timed part, reply bytes counted",
    package: undefined,
    load: async () => (await import("./clients/raw.ts")).openCounting,
  }),
  usual({
    name: "raw + parse",
    setup: "a socket: bytes encoded before the timed part, replies parsed",
    package: undefined,
    load: async () => (await import("./clients/raw.ts")).openParsing,
  }),
];
