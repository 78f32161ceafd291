import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/connection/options.ts";
import { parseUrl } from "../../src/connection/url.ts";
import { OptionsError } from "../../src/errors.ts";

test.each<[string, object]>([
  ["redis://localhost", { host: "localhost" }],
  ["redis://localhost/", { host: "localhost" }],
  ["redis://127.0.0.1:6380", { host: "127.0.0.1", port: 6380 }],
  ["redis://[::1]:6380/2", { host: "::1", port: 6380, db: 2 }],
  ["redis://[fe80::1]", { host: "fe80::1" }],
  ["redis://example.org/0", { host: "example.org", db: 0 }],
  ["redis://example.org:1?db=3", { host: "example.org", port: 1, db: 3 }],
  ["valkey://example.org", { host: "example.org" }],
  ["rediss://example.org", { host: "example.org", tls: true }],
  ["valkeys://example.org:7000/1", { host: "example.org", port: 7000, db: 1, tls: true }],
  ["REDIS://example.org", { host: "example.org" }],
  ["redis://:secret@h", { host: "h", password: "secret" }],
  ["redis://alice@h", { host: "h", username: "alice" }],
  [
    "redis://alice:secret@h:1/1",
    { host: "h", port: 1, db: 1, username: "alice", password: "secret" },
  ],
  ["redis://a:b:c@h", { host: "h", username: "a", password: "b:c" }],
  ["redis://:p%40ss%3A%2F%3F%23%25@h", { host: "h", password: "p@ss:/?#%" }],
  ["redis://:p@ss@h", { host: "h", password: "p@ss" }],
  ["redis://%C3%A9lise:%E2%82%AC@h", { host: "h", username: "élise", password: "€" }],
  ["unix:///run/redis.sock", { path: "/run/redis.sock" }],
  ["unix:///run/redis%20one.sock?db=4", { path: "/run/redis one.sock", db: 4 }],
  ["unix://:secret@/run/redis.sock", { path: "/run/redis.sock", password: "secret" }],
  [
    "unix://alice:p%40ss@/run/redis.sock?db=1",
    { path: "/run/redis.sock", username: "alice", password: "p@ss", db: 1 },
  ],
])("%s is understood", (url, expected) => {
  expect(parseUrl(url)).toEqual(expected);
});

describe("what is wrong throws an OptionsError that does not show the password", () => {
  test.each([
    "",
    "localhost",
    "localhost:6379",
    ":hunter2@localhost",
    "//:hunter2@localhost",
    "http://:hunter2@localhost",
    "redis:",
    "redis://",
    "redis:///",
    "redis://:hunter2@",
    "redis://:hunter2@:6379",
    "redis://:hunter2@host:port",
    "redis://:hunter2@host:65536",
    "redis://:hunter2@host:-1",
    "redis://:hunter2@ho st",
    "redis://:hunter2@[::1",
    "redis://:hunter2@host/one",
    "redis://:hunter2@host/-1",
    "redis://:hunter2@host/1.5",
    "redis://:hunter2@host/1e1",
    "redis://:hunter2@host/0x1",
    "redis://:hunter2@host/%31",
    "redis://:hunter2@host/1/2",
    "redis://:hunter2@host/99999999999",
    "redis://:hunter2@host?db=x",
    "redis://:hunter2@host/1?db=2",
    "redis://:hunter2@host?password=hunter2",
    "redis://:hunter2@host?timeout=5",
    "redis://:hunter2@host#hunter2",
    "redis://user:12#hunter2@host",
    "redis://user:12?hunter2@host",
    "redis://user:12/hunter2@host",
    "redis://:hunter2/@host",
    "redis://:hunter2%@host",
    "redis://hunter2%E0%A4%A@host",
    "unix://",
    "unix://:hunter2@",
    "unix://run/redis.sock",
    "unix://:hunter2@run/redis.sock",
    "unix:///run/%zz",
    "unix:///run/redis.sock?db=-1",
    "unix:///run/redis.sock#hunter2",
  ])("%s", (url) => {
    let error: unknown;
    try {
      resolveSettings(url);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(OptionsError);
    const { message, stack, cause } = error as OptionsError;
    expect(`${message} ${stack} ${String(cause)}`).not.toContain("hunter2");
    expect(message.length).toBeGreaterThan(20);
  });

  test("a scheme that is not known is named, with those that are", () => {
    expect(() => parseUrl("redis+tls://h")).toThrow(/redis\+tls.*redis:\/\//);
  });
});

test("other options win over the parts of a URL", () => {
  const url = "redis://alice:secret@one:1/1";
  expect(resolveSettings({ url, host: "two", db: 5, password: "other" })).toMatchObject({
    host: "two",
    port: 1,
    db: 5,
    username: "alice",
    password: "other",
    address: "two:1",
  });
  expect(resolveSettings({ url, host: undefined, tls: undefined })).toMatchObject({ host: "one" });
});

test("an address of IPv6 has its brackets, a unix socket its path", () => {
  expect(resolveSettings("redis://[::1]:7").address).toBe("[::1]:7");
  expect(resolveSettings({ host: "::1" }).address).toBe("[::1]:6379");
  expect(resolveSettings("unix:///run/redis.sock").address).toBe("/run/redis.sock");
});
