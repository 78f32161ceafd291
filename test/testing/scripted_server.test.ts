import { afterEach, describe, expect, test } from "vitest";
import { Redis, type RedisOptions } from "../../src/index.ts";
import {
  ScriptError,
  type ScriptedServer,
  type ScriptedServerOptions,
  type ScriptStep,
  startScriptedServer,
} from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";
import { talkTo } from "./talk.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function scripted(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await startScriptedServer(options);
  ends.push(() => server.stop());
  return server;
}

async function clientOf(server: ScriptedServer, options: RedisOptions = {}): Promise<Redis> {
  const redis = await Redis.connect({ url: server.url, reconnect: { base: 1 }, ...options });
  ends.push(() => redis.destroy());
  return redis;
}

describe("a script", () => {
  test("is followed step by step, the handshake besides, in both protocols", async () => {
    for (const protocol of [2, 3] as const) {
      const server = await scripted({
        scripts: [
          [
            { expect: ["get", "key"], reply: "$5\r\nva" },
            { wait: 5 },
            { send: Buffer.from("lue\r\n") },
            { expect: ["INCR", /^visits:\d+$/], reply: ":7\r\n" },
          ],
        ],
      });
      const redis = await clientOf(server, { protocol, db: 1, username: "me", password: "pw" });
      expect(await redis.get("key")).toBe("value");
      expect(await redis.incr("visits:12")).toBe(7);
      await server.done();
      expect(server.commands.at(-1)).toEqual(["INCR", "visits:12"]);
      expect(server.commands).toContainEqual(["SELECT", "1"]);
    }
  });

  test("waits for what a test decides, and looks at commands afterwards", async () => {
    let go = (): void => {};
    const wait = (): Promise<void> =>
      new Promise((resolve) => {
        go = resolve;
      });
    const server = await scripted({
      scripts: [[{ expect: ["PING"] }, { wait }, { send: "+PONG\r\n" }, { expect: ["PING"] }]],
    });
    const talk = await talkTo(server);
    talk.socket.write("*1\r\n$4\r\nPING\r\n".repeat(2));
    await expect.poll(() => server.commands).toHaveLength(2);
    expect(talk.received()).toBe("");
    go();
    await server.done();
    await expect.poll(() => talk.received()).toBe("+PONG\r\n");
    talk.socket.destroy();
  });

  test.each([
    ["end", "ended"],
    ["reset", "ECONNRESET"],
  ] as const)("closes: %s, after everything was sent", async (close, seen) => {
    const server = await scripted({ scripts: [[{ send: "+HALF" }, { close }]] });
    const talk = await talkTo(server);
    expect(await talk.closed).toBe(seen);
    expect(talk.received()).toBe("+HALF");
    await server.done();
    await expect.poll(() => server.connections).toBe(0);
  });

  test("is another one for each connection", async () => {
    const server = await scripted({
      scripts: [
        [{ expect: ["SET", "a", "1"] }, { close: "reset" }],
        [{ expect: ["SET", "a", "2"], reply: "+OK\r\n" }],
      ],
    });
    const redis = await clientOf(server);
    expect(await failureOf(redis.set("a", 1))).toMatchObject({ applied: "unknown" });
    expect(await redis.set("a", 2)).toBe(true);
    await server.done();
  });
});

describe("done() tells", () => {
  const STEPS: ScriptStep[] = [
    { expect: ["SET", "key", /^v/], reply: "+OK\r\n" },
    { expect: ["GET", "key"], reply: "$-1\r\n" },
  ];

  test.each<[string, string, RegExp]>([
    [
      "another command",
      "*1\r\n$8\r\nFLUSHALL\r\n",
      /step 2 of 2: expected GET key, .* got FLUSHALL$/,
    ],
    ["another argument", "*2\r\n$3\r\nGET\r\n$2\r\n:)\r\n", /expected GET key, but got GET ":\)"$/],
    ["too few of them", "*1\r\n$3\r\nGET\r\n", /but got GET$/],
    ["no RESP", "GET key\r\n", /expected commands in RESP, but got "\*3/],
  ])("%s", async (_, sent, message) => {
    const server = await scripted({ scripts: [STEPS] });
    const talk = await talkTo(server);
    talk.socket.write(`*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n${sent}`);
    const error = await failureOf(server.done());
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({ code: "SCRIPT", message: expect.stringMatching(message) });
    talk.socket.destroy();
    await talk.closed;
  });

  test("an early end of the connection", async () => {
    const server = await scripted({ scripts: [STEPS] });
    (await talkTo(server)).socket.end();
    expect(await failureOf(server.done())).toMatchObject({
      message:
        "connection 1, step 1 of 2: expected SET key /^v/, but got the end of the connection",
    });
  });

  test("a wait that failed", async () => {
    const cause = new Error("no");
    const wait = (): Promise<void> => Promise.reject(cause);
    const server = await scripted({ scripts: [[{ wait }]] });
    const { closed } = await talkTo(server);
    expect(await failureOf(server.done())).toMatchObject({ cause });
    await closed;
  });

  test("a command behind the end, and one that no script is there for", async () => {
    const server = await scripted({ scripts: [[{ expect: ["PING"], reply: "+PONG\r\n" }]] });
    const talk = await talkTo(server);
    talk.socket.write("*1\r\n$4\r\nPING\r\n");
    await server.done();
    talk.socket.write("*1\r\n$4\r\nQUIT\r\n");
    await talk.closed;
    expect(await failureOf(server.done())).toMatchObject({
      message: "connection 1, after 1 steps: expected nothing more, but got QUIT",
    });
  });

  test("where each connection stands when it takes too long", async () => {
    const server = await scripted({ scripts: [STEPS, STEPS] });
    const talk = await talkTo(server);
    await expect.poll(() => server.connections).toBe(1);
    expect(await failureOf(server.done(20))).toMatchObject({
      message:
        "not done after 20 ms: connection 1, step 1 of 2 waits: expect SET key /^v/; " +
        "1 more connections were never made",
    });
    talk.socket.destroy();
  });
});

test("answers come from a function, and silence is one", async () => {
  const server = await scripted({
    answer: ([name]) => {
      if (name === "GET") return "";
      return name === "PING" ? "+PONG\r\n" : undefined;
    },
  });
  await server.done();
  const redis = await clientOf(server);
  expect(await redis.ping()).toBe("PONG");
  expect(await failureOf(redis.with({ timeout: 30 }).get("key"))).toMatchObject({
    code: "TIMEOUT",
  });
});

test("a stopped server leaves nothing, in the middle of a wait", async () => {
  const server = await scripted({ scripts: [[{ wait: 600_000 }, { send: "+LATE\r\n" }]] });
  const talk = await talkTo(server);
  await expect.poll(() => server.connections).toBe(1);
  await Promise.all([server.stop(), server[Symbol.asyncDispose]()]);
  await talk.closed;
  expect(talk.received()).toBe("");
  await expect.poll(() => server.connections).toBe(0);
});
