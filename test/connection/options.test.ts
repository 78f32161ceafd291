import { expect, test } from "vitest";
import { resolveSettings } from "../../src/connection/options.ts";
import { OptionsError, Redis } from "../../src/index.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";

test("nothing given is 127.0.0.1:6379 with the documented defaults", () => {
  expect(resolveSettings({})).toEqual({
    host: "127.0.0.1",
    port: 6379,
    path: undefined,
    address: "127.0.0.1:6379",
    username: undefined,
    password: undefined,
    provider: undefined,
    db: 0,
    tls: undefined,
    openStream: undefined,
    clientName: undefined,
    protocol: 3,
    connectTimeoutMs: 5_000,
    commandTimeoutMs: 5_000,
    closeTimeoutMs: 5_000,
    backoff: { base: 50, cap: 2_000 },
    maxRetries: 3,
    maxQueued: 100_000,
    maxQueuedBytes: 2 ** 28,
    poolMax: 16,
    poolMaxWaiting: 10_000,
    poolIdleMs: 30_000,
    limits: DEFAULT_LIMITS,
  });
});

test("zero and false count as given", () => {
  const given = {
    commandTimeout: 0,
    closeTimeout: 0,
    maxRetries: 0,
    maxQueued: 0,
    db: 0,
    tls: false,
    reconnect: { base: 0, cap: 0 },
    pool: { idleTimeout: 0 },
  };
  expect(resolveSettings(given)).toMatchObject({
    commandTimeoutMs: 0,
    closeTimeoutMs: 0,
    maxRetries: 0,
    maxQueued: 0,
    tls: undefined,
    backoff: { base: 0, cap: 0 },
    poolIdleMs: 0,
  });
  expect(resolveSettings({ tls: true }).tls).toEqual({});
});

test.each<[string, unknown]>([
  ["hots", { hots: "h" }],
  ["Password", { Password: "hunter2" }],
  ["max", { max: 5 }],
  ["maximum", { pool: { maximum: 5 } }],
  ["bse", { reconnect: { bse: 5 } }],
  ["pool", { pool: 5 }],
  ["pool", { pool: null }],
  ["pool", { pool: [] }],
  ["reconnect", { reconnect: true }],
  ["host", { host: 5 }],
  ["host", { host: "" }],
  ["host", { host: null }],
  ["port", { port: "6379" }],
  ["port", { port: 0 }],
  ["port", { port: 65_536 }],
  ["port", { port: 1.5 }],
  ["port", { port: Number.NaN }],
  ["port", { url: "redis://h:0" }],
  ["path", { path: Buffer.from("/x") }],
  ["username", { username: {} }],
  ["password", { password: 42 }],
  ["password", { password: "" }],
  ["db", { db: -1 }],
  ["db", { db: "0" }],
  ["tls", { tls: "yes" }],
  ["tls", { tls: 1 }],
  ["tls", { tls: null }],
  // Node would throw only when it has begun to connect, and leave nobody to hear of its failure.
  ["tls.servername", { tls: { servername: 5 } }],
  ["clientName", { clientName: "two words" }],
  ["clientName", { clientName: "ünïcode" }],
  ["clientName", { clientName: "line\nbreak" }],
  ["protocol", { protocol: 4 }],
  ["protocol", { protocol: "3" }],
  ["connectTimeout", { connectTimeout: 0 }],
  ["connectTimeout", { connectTimeout: Number.POSITIVE_INFINITY }],
  ["commandTimeout", { commandTimeout: -1 }],
  ["commandTimeout", { commandTimeout: "5s" }],
  ["closeTimeout", { closeTimeout: 2 ** 31 }],
  ["maxRetries", { maxRetries: 0.5 }],
  ["maxQueued", { maxQueued: -5 }],
  ["pool.max", { pool: { max: 0 } }],
  ["pool.idleTimeout", { pool: { idleTimeout: "x" } }],
  ["reconnect.base", { reconnect: { base: -1 } }],
  ["reconnect.cap", { reconnect: { cap: Symbol("x") } }],
  ["url", { url: 5 }],
  ["URL", new URL("redis://:hunter2@somewhere")],
  ["array", ["redis://:hunter2@h"]],
  ["Map", new Map([["host", "h"]])],
  ["null", null],
  ["number", 6379],
  ["function", () => "redis://h"],
])("a wrong %s throws at the call, and is named", (name, options) => {
  // @ts-expect-error these are no options
  const connect = (): unknown => Redis.connect(options);
  expect(connect).toThrow(OptionsError);
  expect(connect).toThrow(name);
  expect(connect).not.toThrow("hunter2");
});

test("who calls the constructor, as of other clients, is told how to connect", () => {
  const construct = (...options: readonly unknown[]): unknown => Reflect.construct(Redis, options);
  for (const options of [[], ["redis://:hunter2@h"], [{ host: "h" }], [6379, "h"]]) {
    expect(() => construct(...options)).toThrow(OptionsError);
    expect(() => construct(...options)).toThrow(/await Redis\.connect\(/);
    expect(() => construct(...options)).not.toThrow("hunter2");
  }
});

test("the error of wrong options comes from the caller's line", () => {
  let stack: string | undefined;
  try {
    void Redis.connect({ port: -1 });
  } catch (error) {
    stack = error instanceof Error ? error.stack : undefined;
  }
  expect(stack).toContain("options.test.ts");
});
