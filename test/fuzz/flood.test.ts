/** S14: what a server may send without end, and nobody asked for, takes no memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { Redis } from "../../src/index.ts";
import { startScriptedServer } from "../../src/testing/index.ts";

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
  const send = Buffer.from(frame.repeat(Math.ceil((1 << 20) / frame.length)));
  const flood = Array.from({ length: Math.ceil(FLOOD / send.length) }, () => ({ send }));
  const isOver = deferred<void>();
  const server = await startScriptedServer({
    scripts: [
      [
        { expect: ["PING"], reply: "+PONG\r\n" },
        ...flood,
        { wait: async () => isOver.resolve() },
        { expect: ["ECHO", "x"], reply: "+after the flood\r\n" },
      ],
    ],
  });
  onTestFinished(() => server.stop());
  const redis = await Redis.connect(server.url);
  onTestFinished(() => redis.destroy());
  const before = memory();
  await redis.ping();
  await isOver.promise;
  expect(await redis.echo("x")).toBe("after the flood");
  await server.done();
  expect(memory() - before).toBeLessThan(KEPT);
});
