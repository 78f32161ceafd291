import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConnectError, Redis, type RedisOptions } from "../../src/index.ts";
import { makeCertificates } from "../../src/testing/certificates.ts";
import { startServer, type TestServer, type TlsFiles } from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

let server: TestServer;
let strict: TestServer;
let plain: TestServer;

beforeAll(async () => {
  [server, strict, plain] = await Promise.all([
    startServer({ tls: true, password: "pw" }),
    startServer({ tls: { clientAuth: true } }),
    startServer(),
  ]);
});
afterAll(() => Promise.all([server, strict, plain].map((it) => it.stop())));

/** Connects, does something, and closes. */
async function use(options: RedisOptions): Promise<unknown> {
  await using redis = await Redis.connect(options);
  return redis.set("key", "x".repeat(100_000));
}

function filesOf({ tls }: TestServer): TlsFiles {
  if (tls === undefined) throw new Error("this server has no TLS");
  return tls;
}

test("a server whose certificate is signed by a trusted authority is accepted", async () => {
  const { ca } = filesOf(server);
  expect(await use({ url: server.url, tls: { ca } })).toBe(true);
  expect(await use({ url: server.url, host: "localhost", tls: { ca } })).toBe(true);
  const { host, port } = server;
  expect(await use({ host, port, password: "pw", tls: { ca } })).toBe(true);
});

test("leased connections use TLS, too", async () => {
  const { ca } = filesOf(server);
  await using redis = await Redis.connect({ url: server.url, tls: { ca } });
  await redis.rpush("queue", "item");
  expect(await redis.blpop("queue", 1)).toMatchObject({ value: "item" });
});

describe("refused", () => {
  test("an authority nobody trusts", async () => {
    const error = await failureOf(use({ url: server.url }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringMatching(/certificate.*tls: \{ ca/));
  });

  test("another authority", async () => {
    const { ca } = makeCertificates();
    const error = await failureOf(use({ url: server.url, tls: { ca } }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringMatching(/certificate.*tls: \{ ca/));
  });

  test("another host name than the certificate's", async () => {
    const { ca } = filesOf(server);
    const error = await failureOf(
      use({ url: server.url, tls: { ca, servername: "redis.example.org" } }),
    );
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringMatching(/redis\.example\.org/));
    expect(error).toHaveProperty("cause.code", "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("no client certificate where the server wants one", async () => {
    const { ca, cert, key } = filesOf(strict);
    const error = await failureOf(use({ url: strict.url, tls: { ca } }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(await use({ url: strict.url, tls: { ca, cert, key } })).toBe(true);
  });

  test("TLS to a plain port, and plain to a TLS port, with advice", async () => {
    const toPlain = { host: plain.host, port: plain.port, tls: true, connectTimeout: 500 };
    const toTls = { host: server.host, port: server.port, connectTimeout: 500 };
    for (const [options, advice] of [
      [toPlain, /redis:\/\//],
      [toTls, /rediss:\/\//],
    ] as const) {
      const error = await failureOf(Redis.connect(options));
      expect(error).toMatchObject({ applied: false });
      expect(error).toHaveProperty("message", expect.stringMatching(advice));
    }
  });
});

test("verification is off only where somebody says so", async () => {
  expect(await use({ url: server.url, tls: { rejectUnauthorized: false } })).toBe(true);
});
