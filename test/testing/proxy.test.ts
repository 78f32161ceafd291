import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ask } from "../../src/testing/ask.ts";
import {
  startProxy,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";
import { type Talk, talkTo } from "./talk.ts";

let server: TestServer;
let proxy: TestProxy;

beforeAll(async () => {
  server = await startServer();
});
beforeEach(async () => {
  proxy = await startProxy(server);
});
afterEach(() => proxy.stop());
afterAll(() => server.stop());

const talk = (): Promise<Talk> => talkTo(proxy);

test("bytes pass both ways", async () => {
  expect(
    await ask(proxy, [
      ["SET", "k", "v"],
      ["GET", "k"],
    ]),
  ).toEqual(["OK", "v"]);
  expect(proxy.accepted).toBe(1);
  await expect.poll(() => proxy.connections).toBe(0);
});

test("its URL is the target's with its own address", async () => {
  expect(proxy.url).toBe(`redis://127.0.0.1:${proxy.port}`);
  const url = "rediss://al%40ice:pa%3Ass@10.0.0.1:7";
  const other = await startProxy({ host: server.host, port: server.port, url });
  expect(other.url).toBe(`rediss://al%40ice:pa%3Ass@127.0.0.1:${other.port}`);
  await other.stop();
});

test("cut destroys all connections now and spares later ones", async () => {
  const [a, b] = [await talk(), await talk()];
  await expect.poll(() => proxy.connections).toBe(2);
  proxy.cut();
  await Promise.all([a.closed, b.closed]);
  await expect.poll(() => proxy.connections).toBe(0);
  expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
});

test("held replies arrive in order after the release, and the commands have run", async () => {
  proxy.hold("toClient");
  const { send, received, socket } = await talk();
  send("SET held 1");
  send("GET held");
  await expect.poll(() => ask(server, [["GET", "held"]])).toEqual(["1"]);
  expect(received()).toBe("");
  proxy.release("toClient");
  await expect.poll(() => received()).toBe("+OK\r\n$1\r\n1\r\n");
  socket.destroy();
});

test("held commands run after the release only", async () => {
  const { send, received, socket } = await talk();
  send("PING");
  await expect.poll(() => received()).toBe("+PONG\r\n");
  proxy.hold("toServer");
  send("SET late 1");
  await delay(50);
  expect(await ask(server, [["EXISTS", "late"]])).toEqual(["0"]);
  proxy.release();
  await expect.poll(() => received()).toBe("+PONG\r\n+OK\r\n");
  socket.destroy();
});

test("a client feels that its commands are held", async () => {
  proxy.hold("toServer");
  const { socket } = await talk();
  const big = Buffer.alloc(32 << 20, "x");
  socket.write(big);
  await delay(100);
  expect(socket.writableNeedDrain).toBe(true);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(2 * big.length + (32 << 20));
  socket.destroy();
});

test("a hook cuts in the place of a reply: the command has run", async () => {
  proxy.onServerBytes = () => "cut";
  const { send, received, closed } = await talk();
  send("INCR cut");
  await closed;
  expect(received()).toBe("");
  expect(await ask(server, [["GET", "cut"]])).toEqual(["1"]);
});

test("a hook cuts before a command reaches the server: it has not run", async () => {
  const seen: string[] = [];
  proxy.onClientBytes = (chunk) => {
    seen.push(chunk.toString());
    return "cut";
  };
  const { send, closed } = await talk();
  send("INCR never");
  await closed;
  expect(seen).toEqual(["INCR never\r\n"]);
  expect(await ask(server, [["EXISTS", "never"]])).toEqual(["0"]);
});

test("a hook drops what it chooses, per connection", async () => {
  proxy.onServerBytes = (_, connection) => (connection.id === 1 ? "drop" : "forward");
  const [first, second] = [await talk(), await talk()];
  first.send("PING");
  second.send("PING");
  await expect.poll(() => second.received()).toBe("+PONG\r\n");
  expect(first.received()).toBe("");
  first.socket.destroy();
  second.socket.destroy();
});

test("a hook lets half a reply through and then cuts", async () => {
  proxy.onServerBytes = (chunk, connection) => {
    connection.send("toClient", chunk.subarray(0, 3));
    return "cut";
  };
  const { send, received, closed } = await talk();
  send("PING");
  await closed;
  expect(received()).toBe("+PO");
});

test("while it does not accept, new connections are closed and old ones live", async () => {
  const old = await talk();
  old.send("PING");
  await expect.poll(() => old.received()).toBe("+PONG\r\n");
  proxy.accepting = false;
  await expect(ask(proxy, [["PING"]])).rejects.toMatchObject({ code: "CONNECT" });
  old.send("PING");
  await expect.poll(() => old.received()).toBe("+PONG\r\n+PONG\r\n");
  proxy.accepting = true;
  expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
  old.socket.destroy();
});

test("a proxy that refuses connections is as if nobody listened, and old ones live", async () => {
  const old = await talk();
  proxy.refuse();
  proxy.refuse();
  await expect(ask(proxy, [["PING"]])).rejects.toThrow(/ECONNREFUSED/);
  old.send("PING");
  await expect.poll(() => old.received()).toBe("+PONG\r\n");
  await proxy.accept();
  await proxy.accept();
  expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
  proxy.refuse();
  await proxy.stop();
  await old.closed;
  await proxy.accept();
  await expect(ask(proxy, [["PING"]])).rejects.toThrow(/ECONNREFUSED/);
});

test("a reset reaches the other side as one, in both directions", async () => {
  const ends: Promise<unknown>[] = [];
  const sockets: Socket[] = [];
  const peer = createServer((socket) => {
    sockets.push(socket.resume());
    ends.push(new Promise((resolve) => socket.once("error", resolve)));
  });
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  const address = peer.address() as AddressInfo;
  const other = await startProxy({ host: "127.0.0.1", port: address.port });
  const reset = { code: "ECONNRESET" };

  const cut = await talkTo(other);
  await expect.poll(() => ends).toHaveLength(1);
  other.cut({ reset: true });
  expect(await cut.closed).toBe("ECONNRESET");
  expect(await ends[0]).toMatchObject(reset);

  const byClient = await talkTo(other);
  await expect.poll(() => ends).toHaveLength(2);
  byClient.socket.resetAndDestroy();
  expect(await ends[1]).toMatchObject(reset);

  const byServer = await talkTo(other);
  await expect.poll(() => ends).toHaveLength(3);
  sockets[2]?.resetAndDestroy();
  expect(await byServer.closed).toBe("ECONNRESET");
  await other.stop();
  await new Promise((resolve) => peer.close(resolve));
});

test("the end of one side reaches the other", async () => {
  const bye = await talk();
  bye.send("QUIT");
  await bye.closed;
  expect(bye.received()).toBe("+OK\r\n");
  const half = await talk();
  half.socket.end("PING\r\n");
  await half.closed;
  await expect.poll(() => proxy.connections).toBe(0);
});

test("a target that is gone closes the client's connection", async () => {
  const other = await startServer();
  await proxy.stop();
  proxy = await startProxy(other);
  const { send, received, closed } = await talk();
  send("PING");
  await expect.poll(() => received()).toBe("+PONG\r\n");
  await other.stop();
  await closed;
  await (await talk()).closed;
  await expect.poll(() => proxy.connections).toBe(0);
});

test("a burst of big replies passes unharmed while the client is slow", async () => {
  const value = "x".repeat(1 << 20);
  await ask(server, [["SET", "big", value]]);
  const { socket, received } = await talk();
  socket.pause();
  for (let i = 0; i < 20; i += 1) socket.write("GET big\r\n");
  await delay(50);
  socket.resume();
  const expected = 20 * (value.length + "$1048576\r\n\r\n".length);
  await expect.poll(() => received().length).toBe(expected);
  socket.destroy();
});

test("a stopped proxy refuses connections and stops twice in peace", async () => {
  const { closed } = await talk();
  await Promise.all([proxy.stop(), proxy[Symbol.asyncDispose]()]);
  await closed;
  await expect(ask(proxy, [["PING"]])).rejects.toThrow(/ECONNREFUSED/);
});
