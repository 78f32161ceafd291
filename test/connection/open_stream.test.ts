import { once } from "node:events";
import { createConnection } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConnectError, OptionsError, Redis, script, TimeoutError } from "../../src/index.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

let server: TestServer;
let secure: TestServer;

beforeAll(async () => {
  [server, secure] = await Promise.all([startServer(), startServer({ tls: true })]);
});
afterAll(() => Promise.all([server.stop(), secure.stop()]));

/** A client, and all the sockets that it has opened. */
async function connectBySockets(): Promise<{ redis: Redis; sockets: readonly Duplex[] }> {
  const sockets: Duplex[] = [];
  const openStream = (): Duplex => {
    const socket = createConnection({ host: server.host, port: server.port });
    sockets.push(socket);
    return socket;
  };
  return { redis: await Redis.connect({ reconnect: { base: 1, cap: 1 }, openStream }), sockets };
}

test("every connection uses the stream that openStream gives, leased ones too", async () => {
  const asked: unknown[] = [];
  await using redis = await Redis.connect({
    host: "cache.internal",
    port: 7,
    openStream: (wanted) => {
      asked.push(wanted);
      return createConnection({ host: server.host, port: server.port });
    },
  });
  await redis.rpush("queue", "item");
  expect(await redis.blpop("queue", 1)).toMatchObject({ value: "item" });
  const wanted = { host: "cache.internal", port: 7, path: undefined };
  expect(asked).toEqual([wanted, wanted]);
});

test("a stream that is opened asynchronously, and is no socket, carries commands", async () => {
  await using redis = await Redis.connect({
    openStream: async () => {
      const socket = createConnection({ host: server.host, port: server.port });
      await once(socket, "connect");
      return Duplex.from({ readable: socket, writable: socket });
    },
  });
  const value = "x".repeat(300_000);
  await redis.set("large", value);
  expect(await redis.get("large")).toBe(value);
});

test("TLS is spoken over the stream, and verified", async () => {
  const openStream = (): Duplex => createConnection({ host: secure.host, port: secure.port });
  await using redis = await Redis.connect({
    host: "localhost",
    openStream,
    tls: { ca: secure.tls?.ca },
  });
  expect(await redis.ping()).toBe("PONG");
  const error = await failureOf(
    Redis.connect({ host: "another.name", openStream, tls: { ca: secure.tls?.ca } }),
  );
  expect(error).toBeInstanceOf(ConnectError);
});

test("S11: the certificate of a stream must be for the host, an IP address as well", async () => {
  const openStream = (): Duplex => createConnection({ host: secure.host, port: secure.port });
  const tls = { ca: secure.tls?.ca };
  await using redis = await Redis.connect({ host: "127.0.0.1", openStream, tls });
  expect(await redis.ping()).toBe("PONG");
  const error = await failureOf(Redis.connect({ host: "10.1.2.3", openStream, tls }));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toHaveProperty("cause.code", "ERR_TLS_CERT_ALTNAME_INVALID");
});

test("a lost stream is replaced by a new one", async () => {
  const { redis, sockets } = await connectBySockets();
  sockets[0]?.destroy();
  expect(await redis.ping()).toBe("PONG");
  expect(sockets).toHaveLength(2);
  await redis.close();
});

test("R1: what is called when the stream has ended, unnoticed, is not in doubt", async () => {
  const { redis, sockets } = await connectBySockets();
  const push = script("return redis.call('RPUSH', KEYS[1], ARGV[1])", {
    keys: ["list"],
    args: ["item"],
    reply: Number,
  });
  sockets[0]?.destroy();
  const outcomes = Promise.all([
    redis.incr("counted once"),
    redis.transaction({}, (tx) => tx.incr("counted once")),
    redis.run(push, ["pushed once"], ["item"]),
  ]);
  expect(await outcomes).toEqual([1, 2, 1]);
  await redis.close();
});

test("R11: drained() waits for a script that was called just before", async () => {
  const { redis, sockets } = await connectBySockets();
  const one = script("return 1", { reply: Number });
  sockets[0]?.destroy();
  const outcome = redis.run(one, [], []);
  await redis.drained();
  expect(sockets).toHaveLength(2);
  expect(await outcome).toBe(1);
  await redis.close();
});

test("R10: the first connect fails with the reason of whoever opens the stream", async () => {
  const refusal = new Error("the tunnel is closed");
  const error = await failureOf(Redis.connect({ openStream: () => Promise.reject(refusal) }));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ cause: refusal });
  const closed = new PassThrough().destroy();
  expect(await failureOf(Redis.connect({ openStream: () => closed }))).toBeInstanceOf(ConnectError);
});

test("R7: a stream that comes too late is a TimeoutError, and is closed", async () => {
  const late = new PassThrough();
  let arrive = (_: Duplex): void => {};
  const opening = new Promise<Duplex>((resolve) => {
    arrive = resolve;
  });
  const error = await failureOf(Redis.connect({ connectTimeout: 30, openStream: () => opening }));
  expect(error).toBeInstanceOf(TimeoutError);
  arrive(late);
  await once(late, "close");
  expect(late.destroyed).toBe(true);
});

test("R13: what is no function is an OptionsError, what is no stream a ConnectError", async () => {
  // @ts-expect-error a host is no way to open a stream
  expect(() => Redis.connect({ openStream: "127.0.0.1" })).toThrow(OptionsError);
  // @ts-expect-error a number is no stream
  const error = await failureOf(Redis.connect({ openStream: () => 5 }));
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toHaveProperty("message", expect.stringContaining("Duplex"));
});
