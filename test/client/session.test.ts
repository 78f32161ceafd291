import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseMonitorLine } from "../../src/client/monitor.ts";
import { Redis } from "../../src/client/redis.ts";
import { script } from "../../src/command/script.ts";
import {
  AbortError,
  ArgumentError,
  AuthenticationError,
  PermissionError,
  PipelineStateError,
  QueueFullError,
} from "../../src/errors.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";

let server: TestServer;
let redis: Redis;
beforeAll(async () => {
  server = await startServer({ version: "redis-8.6" });
});
beforeEach(async () => {
  redis = await Redis.connect({ url: server.url, pool: { max: 1 }, commandTimeout: 2_000 });
  await redis.flushall();
  return () => redis.close();
});
afterAll(() => server.stop());

describe("a session", () => {
  test("has a connection of its own, whose database it may choose", async () => {
    const shared = await redis.clientId();
    await redis.session(async (session) => {
      expect(await session.clientId()).not.toBe(shared);
      await session.select(3);
      await session.set("there", 1);
      await session.clientSetname("worker");
      expect(await session.clientGetname()).toBe("worker");
      await session.clientNoEvict(true);
      await session.clientNoTouch(true);
    });
    expect(await redis.get("there")).toBeNull();
    expect((await redis.info("keyspace"))["db3"]).toContain("keys=1");
  });

  test("S15: whose state was changed leaves nothing behind on the next lease", async () => {
    const id = await redis.session(async (session) => {
      await session.select(3);
      await session.call("WATCH", "k");
      return session.clientId();
    });
    await redis.session(async (session) => {
      expect(await session.clientId()).not.toBe(id);
      expect((await session.clientInfo()).db).toBe(0);
    });
  });

  test("that changed nothing gives its connection back", async () => {
    const first = await redis.session((session) => session.clientId());
    const second = await redis.session((session) => session.clientId());
    expect(second).toBe(first);
  });

  test("ends when its body throws, and can be ended by hand", async () => {
    const body = (): never => {
      throw new RangeError("mine");
    };
    await expect(redis.session(body)).rejects.toThrow(RangeError);
    const session = await redis.session();
    session.end();
    session.end();
    expect(() => session.ping()).toThrow(PipelineStateError);
    await (await redis.session())[Symbol.asyncDispose]();
    expect(await redis.session((other) => other.ping())).toBe("PONG");
  });

  test("carries raw MULTI and WATCH", async () => {
    const reply = await redis.session(async (session) => {
      await session.call("WATCH", "k");
      await session.call("MULTI");
      await session.call("SET", "k", 1);
      return session.call("EXEC");
    });
    expect(reply).toEqual(["OK"]);
  });

  test("refuses what would end its conversation", async () => {
    const session = await redis.session();
    for (const name of ["SUBSCRIBE", "monitor", "HELLO", "QUIT", "reset"]) {
      expect(() => session.call(name)).toThrow(ArgumentError);
    }
    expect(() => session.call("client", "reply", "off")).toThrow(ArgumentError);
    expect(await session.ping()).toBe("PONG");
    session.end();
  });

  test("becomes another user", async () => {
    await redis.aclSetuser("reader", ["on", ">secret", "~*", "+@read", "+auth"]);
    await redis.session(async (session) => {
      await session.auth({ username: "reader", password: "secret" });
      await expect(session.set("k", 1)).rejects.toThrow(PermissionError);
      const wrong = session.auth({ username: "reader", password: "wrong" });
      await expect(wrong).rejects.toThrow(AuthenticationError);
      await expect(wrong).rejects.not.toThrow(/wrong"|secret/);
    });
    expect(await redis.set("k", 1)).toBe(true);
  });

  test("is told when a key that it has read changes", async () => {
    await redis.session(async (session) => {
      await session.clientTracking(true, { mode: "OPTIN" });
      const told = new Promise((resolve) => session.onPush(resolve));
      await session.clientCaching(true);
      await session.get("tracked");
      await redis.set("tracked", 1);
      expect(await told).toEqual(["invalidate", ["tracked"]]);
      await session.clientTracking(false);
      await session.clientTracking(true, { broadcast: true, prefixes: ["a:", "b:"], noLoop: true });
      const { flags, prefixes } = await session.clientTrackinginfo();
      expect(new Set(flags)).toContain("bcast");
      expect(new Set(prefixes)).toEqual(new Set(["a:", "b:"]));
    });
  });

  test("runs scripts and scans", async () => {
    await redis.session(async (session) => {
      await session.select(5);
      const one = script("return redis.call('SET', KEYS[1], 1)", { keys: ["k"], args: [] });
      await session.run(one, ["in five"], []);
      const keys: string[] = [];
      for await (const key of session.scanIterator()) keys.push(key);
      expect(keys).toEqual(["in five"]);
    });
  });
});

describe("a monitor", () => {
  test("sees the commands of others, with any bytes in their arguments", async () => {
    const monitor = await redis.monitor();
    await redis.set('a "quoted" key', Buffer.from([0, 10, 34, 92, 255]));
    for await (const { argv, db, source, time } of monitor) {
      if (argv[0] !== "SET") continue;
      expect(argv).toEqual(["SET", 'a "quoted" key', '\0\n"\\\xff']);
      expect(db).toBe(0);
      expect(source).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(time).toBeGreaterThan(1_600_000_000);
      break;
    }
    // The loop has given the one pooled connection back.
    expect(await redis.session((session) => session.ping())).toBe("PONG");
  });

  test("ends with an error when nobody reads what it sees", async () => {
    const monitor = await redis.monitor({ maxBuffered: 10 });
    await redis.pipeline((pipe) => {
      for (let index = 0; index < 50; index += 1) pipe.get(`k${index}`);
    });
    const readAll = async (): Promise<number> => {
      let seen = 0;
      for await (const line of monitor) seen += line.argv.length > 0 ? 1 : 0;
      return seen;
    };
    await expect(readAll()).rejects.toThrow(QueueFullError);
  });

  test("R8: ends with the signal of its view, and gives its connection back", async () => {
    const controller = new AbortController();
    const view = redis.with({ signal: controller.signal });
    const monitor = await view.monitor();
    await redis.get("key");
    await monitor.next();
    const waiting = (async () => {
      for await (const _ of monitor);
    })();
    controller.abort();
    await expect(waiting).rejects.toThrow(AbortError);
    await expect(view.monitor()).rejects.toThrow(AbortError);
    expect(await redis.session((session) => session.ping())).toBe("PONG");
  });

  test("lines are read, whatever their source", () => {
    expect(parseMonitorLine('1.5 [2 lua] "get" "k"')).toEqual({
      time: 1.5,
      db: 2,
      source: "lua",
      argv: ["get", "k"],
    });
    expect(parseMonitorLine('1.5 [0 unix:/x.sock] "echo" "\\x00\\t\\"\\\\"').argv).toEqual([
      "echo",
      '\0\t"\\',
    ]);
  });
});
