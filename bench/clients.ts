/**
 * All clients that can be measured. One more is one entry here and one file in `clients/`.
 */
import type { Client } from "./client.ts";

/** In the order in which they take turns. */
export const CLIENTS: readonly Client[] = [
  {
    name: "typedis",
    setup: "defaults: RESP3, 5 s command timeout",
    package: "typedis",
    load: async () => (await import("./clients/typedis.ts")).open,
  },
  {
    name: "redis",
    setup: "defaults: 5 s command timeout",
    package: "redis",
    load: async () => (await import("./clients/redis.ts")).open,
  },
  {
    name: "redis (tuned)",
    setup: "command timeout off",
    package: "redis",
    load: async () => (await import("./clients/redis.ts")).openTuned,
  },
  {
    name: "ioredis",
    setup: "defaults: no command timeout",
    package: "ioredis",
    load: async () => (await import("./clients/ioredis.ts")).open,
  },
  {
    name: "raw",
    setup: "a socket: bytes encoded before the timed part, reply bytes counted",
    package: undefined,
    load: async () => (await import("./clients/raw.ts")).openCounting,
  },
  {
    name: "raw + parse",
    setup: "a socket: bytes encoded before the timed part, replies parsed",
    package: undefined,
    load: async () => (await import("./clients/raw.ts")).openParsing,
  },
];
