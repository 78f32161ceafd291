/** Each fault of the proxy, seen from both of its sides. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../../src/testing/ask.ts";
import {
  type Fault,
  type FaultPlan,
  type Place,
  randomFaults,
  startProxy,
  startServer,
  type TestProxy,
  type TestServer,
} from "../../src/testing/index.ts";
import { type Talk, talkTo } from "./talk.ts";

let server: TestServer;
let proxy: TestProxy;
let it: Talk;

beforeAll(async () => {
  server = await startServer();
});
beforeEach(async () => {
  await ask(server, [["FLUSHALL"]]);
  proxy = await startProxy(server, { seed: 7 });
  it = await talkTo(proxy);
});
/** Whatever has happened, a proxy that stops leaves no connection behind. */
const expectNothingLeft = async (): Promise<void> => {
  expect(proxy.connections).toBe(0);
  await expect.poll(() => clientCount()).toBe(1);
};
afterEach(async () => {
  it.socket.destroy();
  await proxy.stop();
  await expectNothingLeft();
});
afterAll(() => server.stop());

/** What the server has under a key. */
async function stored(key: string): Promise<string> {
  return (await ask(server, [["GET", key]]))[0] ?? "";
}

/**
 * Waits for the reply to some commands, and returns how long it took in milliseconds. That it takes
 * less than something is polled for: now and then this process does not run for a while.
 */
async function timeFor(commands: string | readonly string[], reply: string): Promise<number> {
  const before = it.received().length;
  const start = performance.now();
  for (const command of [commands].flat()) it.send(command);
  await expect.poll(() => it.received().slice(before), { interval: 1 }).toBe(reply);
  return performance.now() - start;
}

/**
 * What arrives, piece by piece, on a connection of its own. To be polled for: of pieces that come
 * while this process does not run, two are read as one.
 */
async function piecesOf(commands: readonly string[], reply: string): Promise<readonly string[]> {
  const talk = await talkTo(proxy);
  for (const command of commands) talk.send(command);
  await expect.poll(() => talk.received()).toBe(reply);
  talk.socket.destroy();
  return talk.chunks;
}

describe("slow", () => {
  test("latency delays each direction, and what is under way together", async () => {
    proxy.faults = [{ kind: "latency", ms: 40 }];
    expect(await timeFor("PING", "+PONG\r\n")).toBeGreaterThanOrEqual(79);
    proxy.faults = [{ kind: "latency", ms: 100, direction: "toClient" }];
    const commands = [1, 2, 3, 4, 5, 6].map((n) => `SET n ${n}`);
    // Six that wait for each other would take 600.
    await expect.poll(() => timeFor(commands, "+OK\r\n".repeat(6))).toBeLessThan(400);
    expect(await stored("n")).toBe("6");
  });

  test("jitter is between none and all of it, and what comes stays in order", async () => {
    proxy.faults = [{ kind: "latency", ms: 0, jitter: 30, direction: "toServer" }];
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
      it.send(`ECHO ${n}`);
      await sleep(1);
    }
    const replies = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `$1\r\n${n}\r\n`).join("");
    await expect.poll(() => it.received()).toBe(replies);
  });

  test("a bandwidth limit holds in its direction, and only there", async () => {
    await ask(server, [["SET", "big", "x".repeat(20_000)]]);
    proxy.faults = [{ kind: "bandwidth", bytesPerSecond: 100_000, direction: "toClient" }];
    const reply = `$20000\r\n${"x".repeat(20_000)}\r\n`;
    expect(await timeFor("GET big", reply)).toBeGreaterThanOrEqual(190);
    proxy.faults = [{ kind: "bandwidth", bytesPerSecond: 100_000, direction: "toServer" }];
    await expect.poll(() => timeFor("GET big", reply)).toBeLessThan(190);
  });

  test("who sends more than the bandwidth feels it", async () => {
    proxy.faults = [{ kind: "bandwidth", bytesPerSecond: 1_000 }];
    const big = Buffer.alloc(32 << 20, "x");
    it.socket.write(big);
    await sleep(100);
    expect(it.socket.writableNeedDrain).toBe(true);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(2 * big.length + (32 << 20));
  });

  test("a bandwidth of many bytes at a time lets all of them through", async () => {
    proxy.faults = [{ kind: "bandwidth", bytesPerSecond: 20_000_000 }];
    // So small that many commands are cut in two where one chunk ends and the next begins.
    const value = "x".repeat(20);
    const command = `*2\r\n$4\r\nECHO\r\n$20\r\n${value}\r\n`;
    const length = `$20\r\n${value}\r\n`.length * 50_000;
    it.socket.write(command.repeat(50_000));
    await expect.poll(() => it.received().length).toBe(length);
  });

  test("split makes packets of given sizes, over and over, whatever the chunks are", async () => {
    proxy.faults = [{ kind: "split", sizes: [1, 5], ms: 5, direction: "toClient" }];
    await expect
      .poll(() => piecesOf(["ECHO hello", "PING"], "$5\r\nhello\r\n+PONG\r\n"))
      .toEqual(["$", "5\r\nhe", "l", "lo\r\n+", "P", "ONG\r\n"]);
  });

  test("drip brings one byte after the other, to the server, too", async () => {
    proxy.faults = [{ kind: "drip", ms: 4 }];
    // Seven bytes each way, with six pauses between them.
    expect(await timeFor("PING ", "+PONG\r\n")).toBeGreaterThan(46);
    await expect.poll(() => piecesOf(["PING"], "+PONG\r\n")).toEqual("+PONG\r\n".split(""));
  });

  test("faults that slow down add up, and end with the list", async () => {
    proxy.faults = [
      { kind: "latency", ms: 20, direction: "toClient" },
      { kind: "split", sizes: [3], ms: 10 },
    ];
    expect(await timeFor("PING", "+PONG\r\n")).toBeGreaterThanOrEqual(39);
    await expect.poll(() => piecesOf(["PING"], "+PONG\r\n")).toEqual(["+PO", "NG\r", "\n"]);
    proxy.faults = [];
    await expect.poll(() => timeFor("PING", "+PONG\r\n")).toBeLessThan(39);
  });

  test("what is late when the faults end does not get overtaken", async () => {
    proxy.faults = [{ kind: "latency", ms: 60, direction: "toClient" }];
    it.send("ECHO 1");
    await expect.poll(() => ask(server, [["PING"]])).toEqual(["PONG"]);
    await sleep(10);
    proxy.faults = [];
    it.send("ECHO 2");
    await expect.poll(() => it.received()).toBe("$1\r\n1\r\n$1\r\n2\r\n");
  });
});

describe("frozen", () => {
  test("both directions stand still until the release; nothing is lost", async () => {
    proxy.faults = [{ kind: "freeze", at: { command: 2 } }];
    await timeFor("SET a 1", "+OK\r\n");
    it.send("SET a 2");
    it.send("GET a");
    await expect.poll(() => happened()).toBe(1);
    await sleep(30);
    expect(await stored("a")).toBe("1");
    proxy.release();
    await expect.poll(() => it.received()).toBe("+OK\r\n+OK\r\n$1\r\n2\r\n");
  });

  test("one direction stands still in the middle of a reply, for a time if told", async () => {
    const at: Place = { reply: 1, bytes: 3 };
    proxy.faults = [{ kind: "freeze", at, direction: "toClient" }];
    it.send("PING");
    await expect.poll(() => it.received()).toBe("+PO");
    proxy.release();
    await expect.poll(() => it.received()).toBe("+PONG\r\n");
    proxy.faults = [{ kind: "freeze", at, direction: "toClient", ms: 60 }];
    expect(await timeFor("PING", "+PONG\r\n")).toBeGreaterThanOrEqual(59);
  });

  test("without a place it is at once, on every connection, to come as well", async () => {
    proxy.faults = [{ kind: "freeze", direction: "toServer" }];
    const second = await talkTo(proxy);
    for (const { send } of [it, second]) send("INCR n");
    await sleep(30);
    expect(await ask(server, [["EXISTS", "n"]])).toEqual(["0"]);
    proxy.faults = [];
    proxy.release();
    await expect.poll(() => it.received() + second.received()).toMatch(/:2/);
    second.socket.destroy();
  });

  test("the end of a fault's freeze is not the end of a hold", async () => {
    proxy.hold("toServer");
    proxy.faults = [{ kind: "freeze", at: { bytes: 0, direction: "toClient" }, ms: 1 }];
    it.send("INCR n");
    await sleep(30);
    expect(await ask(server, [["EXISTS", "n"]])).toEqual(["0"]);
    proxy.release();
    await expect.poll(() => it.received()).toBe(":1\r\n");
  });
});

describe("black holes", () => {
  test("both directions: nothing arrives, and nobody is told of the other's end", async () => {
    proxy.faults = [{ kind: "blackHole", at: { command: 2 } }];
    await timeFor("INCR n", ":1\r\n");
    it.send("INCR n");
    it.socket.end();
    await sleep(30);
    expect(await stored("n")).toBe("1");
    expect(it.socket.closed).toBe(false);
    expect(proxy.connections).toBe(1);
  });

  test("half open: commands run, replies and the server's end never come", async () => {
    proxy.faults = [{ kind: "blackHole", direction: "toClient" }];
    it.send("INCR n");
    it.send("INCR n");
    await expect.poll(() => stored("n")).toBe("2");
    await ask(server, [["CLIENT", "KILL", "TYPE", "normal"]]);
    await expect.poll(() => clientCount()).toBe(1);
    await sleep(30);
    expect(it.received()).toBe("");
    expect(it.socket.closed).toBe(false);
  });

  test("a server that accepts and says nothing", async () => {
    proxy.faults = [{ kind: "blackHole" }];
    await expect(ask(proxy, [["PING"]], 50)).rejects.toThrow(/no reply in 50 ms/);
    proxy.faults = [];
    expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
  });
});

/** Three commands, of which the second one's reply is to be hit. */
async function burst(fault: Fault): Promise<{ end: string; received: string; n: string }> {
  proxy.faults = [fault];
  for (let i = 0; i < 3; i += 1) it.send("INCR n");
  const end = await it.closed;
  return { end, received: it.received(), n: await stored("n") };
}

describe("cuts", () => {
  test.each<[string, Place, string, readonly string[]]>([
    ["before a reply", { reply: 2 }, ":1\r\n", ["2", "3"]],
    ["inside of a reply", { reply: 2, bytes: 2 }, ":1\r\n:2", ["2", "3"]],
    ["after a reply", { reply: 2, bytes: "all" }, ":1\r\n:2\r\n", ["2", "3"]],
    ["behind what is shorter", { reply: 2, bytes: 99 }, ":1\r\n:2\r\n", ["2", "3"]],
    ["at a byte to the client", { bytes: 5, direction: "toClient" }, ":1\r\n:", ["2", "3"]],
  ])("%s: what came before has arrived, what comes after has not", async (_, at, text, ns) => {
    for (const reset of [false, true]) {
      const { end, received, n } = await burst({ kind: "cut", at, reset });
      expect(end).toBe(reset ? "ECONNRESET" : "ended");
      expect(received).toBe(text);
      expect(ns).toContain(n);
      await ask(server, [["FLUSHALL"]]);
      it = await talkTo(proxy);
    }
  });

  test.each<[string, Place, string]>([
    ["before a command", { command: 2 }, "1"],
    ["inside of a command", { command: 2, bytes: 4 }, "1"],
    ["after a command", { command: 2, bytes: "all" }, "2"],
    ["at a byte to the server", { bytes: 8, direction: "toServer" }, "1"],
  ])("%s: the server has run what came before, and nothing else", async (_, at, wanted) => {
    await burst({ kind: "cut", at });
    await expect.poll(() => clientCount()).toBe(1);
    expect(await stored("n")).toBe(wanted);
  });

  test("a command or reply can be told by its name, split as it may be", async () => {
    const incr = "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n";
    const exec = "*1\r\n$4\r\nEXEC\r\n";
    proxy.faults = [{ kind: "cut", at: { command: 2, of: "exec" } }];
    for (const part of ["*1\r\n$5\r\nMULTI\r\n", incr, exec, incr, exec]) {
      for (const byte of part) {
        it.socket.write(byte);
        await sleep(0);
      }
    }
    expect(await it.closed).toBe("ended");
    expect(await stored("n")).toBe("2");
    expect(it.received()).toBe("+OK\r\n+QUEUED\r\n*1\r\n:1\r\n:2\r\n");
    it = await talkTo(proxy);
    proxy.faults = [{ kind: "cut", at: { reply: 1, of: "EXEC", bytes: 4 } }];
    it.socket.write(`*1\r\n$5\r\nMULTI\r\n${incr}${exec}${exec}`);
    expect(await it.closed).toBe("ended");
    expect(it.received()).toBe("+OK\r\n+QUEUED\r\n*1\r\n");
  });

  test("pushes are no replies", async () => {
    it.send("HELLO 3");
    await expect.poll(() => it.received()).toContain("modules");
    const before = it.received().length;
    it.send("SUBSCRIBE channel");
    await expect.poll(() => it.received().slice(before)).toContain("subscribe");
    proxy.faults = [{ kind: "cut", at: { reply: 1 } }];
    await ask(server, [["PUBLISH", "channel", "message"]]);
    await expect.poll(() => it.received()).toContain("message");
    it.send("PING");
    await it.closed;
    expect(it.received()).not.toContain("PONG");
  });

  test("once in all, or as often as it says; counted anew when it is set", async () => {
    const fault: Fault = { kind: "cut", at: { reply: 1 }, times: 2 };
    for (let round = 0; round < 2; round += 1) {
      proxy.faults = [fault];
      for (const times of [1, 2]) {
        await expect(ask(proxy, [["PING"]])).rejects.toMatchObject({ code: "CONNECT" });
        expect(proxy.timesOf(fault)).toBe(times);
      }
      expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
    }
    proxy.faults = [{ kind: "cut", at: { reply: 1 } }];
    await expect(ask(proxy, [["PING"]])).rejects.toMatchObject({ code: "CONNECT" });
    expect(await ask(proxy, [["PING"]])).toEqual(["PONG"]);
  });
});

describe("wrong bytes", () => {
  test("bytes are inserted between replies and into a command", async () => {
    proxy.faults = [
      { kind: "insert", at: { reply: 2 }, bytes: "+SURPRISE\r\n" },
      { kind: "insert", at: { command: 2, bytes: 5 }, bytes: Buffer.from("k") },
    ];
    it.send("INCR a");
    it.send("INCR b");
    await expect.poll(() => it.received()).toBe(":1\r\n+SURPRISE\r\n:1\r\n");
    expect(await stored("kb")).toBe("1");
  });

  test("bytes are corrupted, the same ones in the same way for the same seed", async () => {
    const word = "a".repeat(40);
    const seen = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      const faults: Fault[] = [{ kind: "corrupt", at: { reply: 1, bytes: 10 }, length: 3 }];
      const own = await startProxy(server, { seed: 99, faults });
      const talk = await talkTo(own);
      talk.send(`ECHO ${word}`);
      await expect.poll(() => talk.received()).toHaveLength(47);
      const text = talk.received();
      expect(text.slice(0, 10) + text.slice(13)).toBe(`$40\r\n${word.slice(3)}\r\n`);
      for (const byte of text.slice(10, 13)) expect(byte).not.toBe("a");
      seen.add(text);
      talk.socket.destroy();
      await own.stop();
    }
    expect(seen.size).toBe(1);
  });
});

test("a list is a script: each fault at its own place, whatever its order", async () => {
  proxy.faults = [
    { kind: "cut", at: { reply: 4 } },
    { kind: "insert", at: { reply: 3 }, bytes: "+A\r\n" },
    { kind: "insert", at: { reply: 2 }, bytes: "+B\r\n" },
    { kind: "drip", direction: "toClient", ms: 0 },
  ];
  for (let i = 0; i < 5; i += 1) it.send("INCR n");
  await it.closed;
  expect(it.received()).toBe(":1\r\n+B\r\n:2\r\n+A\r\n:3\r\n");
});

test("a plan gives each connection its own faults, and the seed its random numbers", async () => {
  const drawn: number[][] = [[], []];
  for (const numbers of drawn) {
    const own = await startProxy(server, {
      seed: 5,
      faults: (connection) => {
        numbers.push(connection.id, connection.random(), connection.random());
        return connection.id === 2 ? [{ kind: "cut", at: { reply: 1 } }] : [];
      },
    });
    expect(await ask(own, [["PING"]])).toEqual(["PONG"]);
    await expect(ask(own, [["PING"]])).rejects.toMatchObject({ code: "CONNECT" });
    expect(await ask(own, [["PING"]])).toEqual(["PONG"]);
    await own.stop();
  }
  expect(drawn[0]).toEqual(drawn[1]);
  expect(new Set(drawn[0]).size).toBe(9);
});

test("without a seed each proxy has one of its own", async () => {
  const proxies = await Promise.all([1, 2, 3].map(() => startProxy(server)));
  expect(new Set(proxies.map(({ seed }) => seed)).size).toBe(3);
  await Promise.all(proxies.map((each) => each.stop()));
});

/** How many clients the server has, the asker included. */
async function clientCount(): Promise<number> {
  return (await ask(server, [["CLIENT", "LIST"]]))[0]?.trim().split("\n").length ?? 0;
}

/** How often the only fault has happened. */
function happened(): number {
  const [fault] = typeof proxy.faults === "function" ? [] : proxy.faults;
  return fault === undefined ? 0 : proxy.timesOf(fault);
}

test("random faults are the same ones for the same seed, up to a fatal one", async () => {
  const drawn: (readonly Fault[])[] = [];
  const draw = randomFaults({ everyBytes: 50, weights: { stall: 3, drip: 2, cut: 1 } });
  for (const seed of [1, 1, 2]) {
    const plan: FaultPlan = (connection) => {
      drawn.push(draw(connection));
      return [];
    };
    const own = await startProxy(server, { seed, faults: plan });
    await ask(own, [["PING"]]);
    await own.stop();
  }
  const [first, same, other] = drawn;
  expect(first).toEqual(same);
  expect(first).not.toEqual(other);
  for (const direction of ["toServer", "toClient"]) {
    const own = (first ?? []).filter((fault) => JSON.stringify(fault).includes(direction));
    const kinds = own.map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds.slice(1).map(() => "freeze"), "cut"]);
  }
});

test("random faults happen: a conversation through them ends", async () => {
  proxy.faults = randomFaults({ everyBytes: 50, weights: { drip: 2, reset: 1 } });
  const talking = setInterval(() => it.send("PING"), 1);
  await it.closed;
  clearInterval(talking);
});
