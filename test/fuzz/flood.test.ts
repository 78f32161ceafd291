/** S14: what a server may send without end, and nobody asked for, takes no memory. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { Redis } from "../../src/index.ts";
import { byName, startScripted } from "../support/scripted_server.ts";

const FLOOD = 4 << 20;
const KEPT = 3 << 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in use, without garbage. */
function memory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.each([
  ["pushes", `>2\r\n+invalidate\r\n*1\r\n$100\r\n${"k".repeat(100)}\r\n`],
  ["empty pushes", ">0\r\n"],
  ["attributes", "|1\r\n+key-popularity\r\n%1\r\n$1\r\na\r\n,0.19\r\n>1\r\n+x\r\n"],
])("S14: a flood of %s while nothing is asked, and the next reply is right", async (_, frame) => {
  const sockets: Socket[] = [];
  const answer = byName({ ECHO: "+after the flood\r\n" });
  const server = await startScripted((chunk, socket) => {
    if (!sockets.includes(socket)) sockets.push(socket);
    return answer(chunk, socket);
  });
  onTestFinished(() => server.stop());
  const redis = await Redis.connect(server.url);
  onTestFinished(() => redis.destroy());
  const frames = Buffer.from(frame.repeat(Math.ceil((1 << 20) / frame.length)));
  const [socket] = sockets;
  const before = memory();
  for (let sent = 0; sent < FLOOD; sent += frames.length) {
    if (socket?.write(frames) === false) await once(socket, "drain");
  }
  expect(await redis.echo("x")).toBe("after the flood");
  expect(sockets).toHaveLength(1);
  expect(memory() - before).toBeLessThan(KEPT);
});
