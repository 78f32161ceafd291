/** R10: the first connect fails fast, with the cause and advice, and leaves nothing behind. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConnectError, Redis, type RedisOptions, TimeoutError } from "../../src/index.ts";
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  type ScriptStep,
  startScriptedServer,
} from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

/** A port where nobody listens. */
const NOBODY = 1;

/** What to say to a command; `""`: nothing. */
type Answer = NonNullable<ScriptedServerOptions["answer"]>;

let server: ScriptedServer | undefined;
let crashes: unknown[] = [];
let resources = "";
const expectNothingLeft = async (): Promise<void> => {
  await expect.poll(() => openSockets()).toBe(resources);
  expect(crashes).toEqual([]);
};
const onCrash = (error: unknown): void => {
  crashes.push(error);
};

beforeEach(() => {
  crashes = [];
  resources = openSockets();
  process.on("uncaughtExceptionMonitor", onCrash);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await expectNothingLeft();
  process.off("uncaughtExceptionMonitor", onCrash);
});

/** The sockets that keep this process alive. */
function openSockets(): string {
  const sockets = process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|TLS/.test(name));
  return sockets.toSorted().join(" ");
}

async function scripted(options: ScriptedServerOptions): Promise<string> {
  server = await startScriptedServer(options);
  return server.url;
}

test("a port where nobody listens", async () => {
  const error = await failureOf(Redis.connect({ port: NOBODY }));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ code: "CONNECT", applied: false, address: `127.0.0.1:${NOBODY}` });
  expect(error).toHaveProperty("message", expect.stringMatching(/refused; is the server running/));
  expect(error).toHaveProperty("cause.code", "ECONNREFUSED");
});

test("a unix socket that is not there", async () => {
  const error = await failureOf(Redis.connect("unix:///nowhere/redis.sock"));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ address: "/nowhere/redis.sock" });
  expect(error).toHaveProperty("message", expect.stringMatching(/no such unix socket/));
});

test("a host that is not known", async () => {
  const error = await failureOf(Redis.connect("redis://no-such-host.invalid"));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ address: "no-such-host.invalid:6379" });
  expect(error).toHaveProperty(
    "message",
    expect.stringMatching(/host name (is not known|could not)/),
  );
});

test.each<[string, Answer]>([
  ["answers as HTTP", () => "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"],
  ["answers garbage", () => "\u0000\u0001\u0002 what?\r\n"],
  ["answers lengths out of all proportion", () => "$99999999999999999999\r\n"],
])("a server that %s", async (_, answer) => {
  const error = await failureOf(Redis.connect(await scripted({ answer })));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toHaveProperty("message", expect.stringMatching(/does not speak RESP.*port right/));
});

test("a server that speaks before it is asked", async () => {
  const url = await scripted({
    scripts: [[{ send: "220 mail.example.org ESMTP\r\n" }]],
    answer: () => "",
  });
  const error = await failureOf(Redis.connect(url));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toHaveProperty("message", expect.stringMatching(/does not speak RESP/));
});

test("a server that hangs up at once, or in the middle of the handshake", async () => {
  for (const steps of [
    [{ close: "end" }],
    [{ expect: ["HELLO", /./] }, { close: "end" }],
    [{ expect: ["HELLO", /./], reply: "%0\r\n" }, { close: "reset" }],
  ] satisfies ScriptStep[][]) {
    const error = await failureOf(Redis.connect(await scripted({ scripts: [steps] })));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ applied: false });
    await server?.stop();
  }
});

describe("a server that accepts and says nothing", () => {
  test.each<[string, RedisOptions, Answer]>([
    ["at all", {}, () => ""],
    ["at all, RESP2", { protocol: 2 }, () => ""],
    ["to AUTH", { protocol: 2, password: "pw" }, () => ""],
    ["after HELLO", { db: 1 }, ([name]) => (name === "HELLO" ? "%0\r\n" : "")],
    ["but half a reply", {}, () => "%1\r\n$6\r\nserver"],
  ])("%s", async (_, options, answer) => {
    const url = await scripted({ answer });
    const error = await failureOf(Redis.connect({ url, connectTimeout: 500, ...options }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "TIMEOUT", applied: false });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/500 ms; is it a Redis or Valkey/),
    );
    await expect.poll(() => server?.connections).toBe(0);
  });

  test("over TLS", async () => {
    const url = (await scripted({})).replace("redis:", "rediss:");
    const error = await failureOf(Redis.connect({ url, connectTimeout: 500 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toHaveProperty("message", expect.stringMatching(/500 ms.*speak TLS/));
  });
});

test("many that fail at once, and nobody who looks, crash nothing", async () => {
  const failures = await Promise.allSettled(
    Array.from({ length: 50 }, () => Redis.connect({ port: NOBODY })),
  );
  for (const { status } of failures) expect(status).toBe("rejected");
});

test("R7: a blocked event loop takes nothing of the time to connect", async () => {
  server = await startScriptedServer({ answer: () => undefined });
  const connecting = Redis.connect({ url: server.url, connectTimeout: 200 });
  // Twice as long: each step of connecting would be over before anything of it is read.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  const redis = await connecting;
  redis.destroy();
});

test("R10: a server that greets, and ends each connection, is asked ever more seldom", async () => {
  const hello = "%2\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:1\r\n";
  const greet: readonly ScriptStep[] = [
    { expect: ["HELLO", "3"], reply: hello },
    { expect: ["CLIENT", "SETINFO", "LIB-NAME", /./], reply: "+OK\r\n" },
    { expect: ["CLIENT", "SETINFO", "LIB-VER", /./], reply: "+OK\r\n" },
    { close: "end" },
  ];
  const scripts = Array.from({ length: 5 }, () => greet);
  server = await startScriptedServer({ scripts });
  const redis = await Redis.connect({ url: server.url, reconnect: { base: 1 } });
  const attempts: number[] = [];
  redis.on("reconnecting", ({ attempt }) => attempts.push(attempt));
  await expect.poll(() => attempts.length).toBeGreaterThan(4);
  expect(attempts.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  redis.destroy();
});
