import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { now } from "../../src/base/clock.ts";
import { Deadlines } from "../../src/connection/deadlines.ts";
import { resolveSettings } from "../../src/connection/options.ts";
import {
  AbortError,
  AuthenticationError,
  ClosedError,
  ConnectError,
  QueueFullError,
  TimeoutError,
} from "../../src/errors.ts";
import {
  startProxy,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";
import { type Lease, Pool } from "../../src/topology/pool.ts";
import { failureOf } from "../support/proxied.ts";

const FOR_EVER = { deadline: 0, use: "watch" as const };

let server: TestServer;
let proxy: TestProxy;
const pools: Pool[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  proxy = await startProxy(server);
});
afterEach(async () => {
  for (const pool of pools.splice(0)) pool.destroy(new ClosedError("the test is over"));
  await proxy.stop();
});

function makePool(max: number, idleTimeout = 30_000): Pool {
  const settings = resolveSettings({ url: proxy.url, pool: { max, idleTimeout } });
  const pool = new Pool(settings, new Deadlines(settings.address));
  pools.push(pool);
  return pool;
}

function after(ms: number): { deadline: number; use: "watch" } {
  return { deadline: now() + ms, use: "watch" as const };
}

test("a connection is opened when it is needed, and used again", async () => {
  const pool = makePool(3);
  expect(proxy.accepted).toBe(0);
  const first = await pool.lease(FOR_EVER);
  first.release(true);
  const second = await pool.lease(FOR_EVER);
  expect(second.connection).toBe(first.connection);
  expect(proxy.accepted).toBe(1);
});

test("R11: so many may wait for a connection, and no more", async () => {
  const settings = resolveSettings({ url: proxy.url, pool: { max: 1, maxWaiting: 2 } });
  const pool = new Pool(settings, new Deadlines(settings.address));
  pools.push(pool);
  const held = await pool.lease(FOR_EVER);
  const waiting = [pool.lease(FOR_EVER), pool.lease(FOR_EVER)];
  const error = await failureOf(pool.lease(FOR_EVER));
  expect(error).toBeInstanceOf(QueueFullError);
  expect(error).toMatchObject({ applied: false });
  held.release(true);
  for (const lease of waiting) (await lease).release(true);
});

test("there are never more connections than max, and waiters are served in order", async () => {
  const pool = makePool(2);
  const held = [await pool.lease(FOR_EVER), await pool.lease(FOR_EVER)];
  const order: number[] = [];
  const waiting = [0, 1, 2, 3].map(async (number) => {
    const lease = await pool.lease(FOR_EVER);
    order.push(number);
    lease.release(true);
  });
  for (const lease of held) lease.release(true);
  await Promise.all(waiting);
  expect(order).toEqual([0, 1, 2, 3]);
  await Promise.all([pool.lease(FOR_EVER), pool.lease(FOR_EVER)]);
  expect(proxy.accepted).toBe(2);
});

test("leases that are asked for at once share neither connections nor places", async () => {
  const pool = makePool(4);
  const leases = await Promise.all(Array.from({ length: 4 }, () => pool.lease(FOR_EVER)));
  expect(new Set(leases.map(({ connection }) => connection)).size).toBe(4);
  expect(await failureOf(pool.lease(after(30)))).toBeInstanceOf(TimeoutError);
});

test("a dirty connection is closed, and its place is free", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  const second = pool.lease(FOR_EVER);
  first.release(false);
  expect((await second).connection).not.toBe(first.connection);
  expect(first.connection.isOpen).toBe(false);
});

test("a second release of the same lease does nothing", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  first.release(true);
  first.release(true);
  const second = await pool.lease(FOR_EVER);
  expect(await failureOf(pool.lease(after(30)))).toBeInstanceOf(TimeoutError);
  second.release(true);
  await pool.lease(FOR_EVER);
});

test("a connection that was lost while idle is replaced", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  first.release(true);
  proxy.cut();
  await expect.poll(() => first.connection.isOpen).toBe(false);
  const second = await pool.lease(FOR_EVER);
  expect(second.connection.isOpen).toBe(true);
});

test("a connection that is lost while it is leased leaves its place to the next", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  const second = pool.lease(FOR_EVER);
  proxy.cut();
  await expect.poll(() => first.connection.isOpen).toBe(false);
  first.release(true);
  expect((await second).connection.isOpen).toBe(true);
});

test("who waits too long gets a TimeoutError, and the place goes to the next", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  const impatient = failureOf(pool.lease(after(30)));
  const patient = pool.lease(FOR_EVER);
  const error = await impatient;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ applied: false, message: expect.stringContaining("pool.max") });
  first.release(true);
  expect((await patient).connection).toBe(first.connection);
});

test("who gives up in the very moment of a release leaves the connection to others", async () => {
  const pool = makePool(1);
  const first = await pool.lease(FOR_EVER);
  const controller = new AbortController();
  const gone = failureOf(
    pool.lease({ deadline: 0, signal: controller.signal, use: "watch" as const }),
  );
  controller.abort();
  first.release(true);
  expect(await gone).toBeInstanceOf(AbortError);
  expect(await gone).toMatchObject({ applied: false });
  expect((await pool.lease(after(5_000))).connection).toBe(first.connection);
});

test("who gives up while a connection is being opened leaves it to others", async () => {
  const pool = makePool(1);
  proxy.hold("toServer");
  expect(await failureOf(pool.lease(after(30)))).toBeInstanceOf(TimeoutError);
  const signal = AbortSignal.timeout(30);
  expect(
    await failureOf(pool.lease({ deadline: 0, signal, use: "watch" as const })),
  ).toBeInstanceOf(AbortError);
  proxy.release();
  await pool.lease(FOR_EVER);
  expect(proxy.accepted).toBe(1);
});

test("an outage is waited out, with back-off, by all who wait", async () => {
  const pool = makePool(2);
  proxy.accepting = false;
  const leases = [pool.lease(FOR_EVER), pool.lease(FOR_EVER)];
  expect(await failureOf(pool.lease(after(150)))).toBeInstanceOf(TimeoutError);
  proxy.accepting = true;
  for (const lease of leases) (await lease).release(true);
  await Promise.all([pool.lease(FOR_EVER), pool.lease(FOR_EVER)]);
});

test("after an outage all who wait get a connection, though none comes back", async () => {
  const pool = makePool(2);
  proxy.accepting = false;
  const leases = [pool.lease(FOR_EVER), pool.lease(FOR_EVER)];
  // By then both have been refused, and wait for the same retry.
  await expect
    .poll(() => failureOf(pool.lease(after(100))))
    .toMatchObject({ cause: expect.any(ConnectError) });
  proxy.accepting = true;
  const [first, second] = await Promise.all(leases);
  expect(first?.connection).not.toBe(second?.connection);
});

test("who has no more time learns why no connection came about", async () => {
  const pool = makePool(1);
  proxy.accepting = false;
  // The first may have had too little time to learn it.
  await expect
    .poll(() => failureOf(pool.lease(after(100))))
    .toMatchObject({ code: "TIMEOUT", applied: false, cause: expect.any(ConnectError) });
  proxy.accepting = true;
  await pool.lease(FOR_EVER);
});

test("a connection that the server refuses for good fails for whoever waits longest", async () => {
  const stranger = { username: "stranger", password: "wrong" };
  const settings = resolveSettings({ url: proxy.url, ...stranger, pool: { max: 1 } });
  const pool = new Pool(settings, new Deadlines(settings.address));
  pools.push(pool);
  const errors = await Promise.all([1, 2].map(() => failureOf(pool.lease(FOR_EVER))));
  for (const error of errors) expect(error).toBeInstanceOf(AuthenticationError);
  expect(await failureOf(pool.lease(FOR_EVER))).toBeInstanceOf(AuthenticationError);
});

test("what is idle too long is closed, the rest stays", async () => {
  const pool = makePool(2, 50);
  const leases = [await pool.lease(FOR_EVER), await pool.lease(FOR_EVER)] as const;
  leases[0].release(true);
  await expect.poll(() => leases[0].connection.isOpen).toBe(false);
  expect(leases[1].connection.isOpen).toBe(true);
  leases[1].release(true);
  await expect.poll(() => proxy.connections).toBe(0);
});

test("a closed pool closes what is idle, lets leases come back, and refuses others", async () => {
  const pool = makePool(2);
  const reason = new ClosedError("closed");
  const [idle, held] = [await pool.lease(FOR_EVER), await pool.lease(FOR_EVER)];
  const waiting = failureOf(pool.lease(FOR_EVER));
  const closing = pool.close(reason, 5_000, () => Promise.resolve(false));
  expect(await waiting).toMatchObject({ message: reason.message, applied: false });
  expect(await failureOf(pool.lease(FOR_EVER))).toBeInstanceOf(ClosedError);
  for (const { connection, release } of [idle, held]) {
    expect(connection.isOpen).toBe(true);
    release(true);
    expect(connection.isOpen).toBe(false);
  }
  await closing;
  const other = makePool(1);
  const lease = await other.lease(FOR_EVER);
  lease.release(true);
  await other.close(reason, 0, () => Promise.resolve(false));
  expect(lease.connection.isOpen).toBe(false);
});

test("a destroyed pool closes leases too, and those that are just being opened", async () => {
  const pool = makePool(3);
  const reason = new ClosedError("destroyed");
  const held = await pool.lease(FOR_EVER);
  proxy.hold("toServer");
  const opening = failureOf(pool.lease(FOR_EVER));
  await expect.poll(() => proxy.accepted).toBe(2);
  pool.destroy(reason);
  expect(held.connection.isOpen).toBe(false);
  expect(await opening).toMatchObject({ message: reason.message, applied: false });
  proxy.release();
  await expect.poll(() => proxy.connections).toBe(0);
  expect(await failureOf(pool.lease(FOR_EVER))).toBeInstanceOf(ClosedError);
});

test("random use keeps the number of places", async () => {
  const pool = makePool(3);
  const use = async (seed: number): Promise<void> => {
    const patience = seed % 3 === 0 ? after(1 + (seed % 5)) : FOR_EVER;
    const lease: Lease | undefined = await pool.lease(patience).catch(() => undefined);
    if (seed % 7 === 0) lease?.connection.destroy(new ClosedError("by the test"));
    await new Promise((resolve) => setTimeout(resolve, seed % 4));
    lease?.release(seed % 5 !== 0);
  };
  await Promise.all(Array.from({ length: 100 }, (_, seed) => use(seed)));
  const leases = await Promise.all([1, 2, 3].map(() => pool.lease(after(5_000))));
  expect(new Set(leases.map(({ connection }) => connection)).size).toBe(3);
  expect(await failureOf(pool.lease(after(30)))).toBeInstanceOf(TimeoutError);
});
