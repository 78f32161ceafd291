/**
 * The process in which the memory of commands in flight is measured: prints the bytes of each.
 */
import { makeCall } from "./call.ts";
import { CLIENTS } from "./clients.ts";

/** As many as `valkey-glide` allows. */
const COUNT = 1000;
const ROUNDS = 5;

const [clientName, port, serverPid] = process.argv.slice(2);

function kept(): number {
  if (global.gc === undefined) throw new Error("--expose-gc is missing");
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main(): Promise<void> {
  const open = await CLIENTS.find(({ name }) => name === clientName)?.load();
  if (open === undefined) throw new Error(`There is no client ${clientName}`);
  const connection = await open(Number(port));
  const calls = new Array(COUNT).fill(makeCall("GET", "", { key: "key:000000000001" }));
  const found: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = kept();
    process.kill(Number(serverPid), "SIGSTOP");
    const replies = connection.concurrent(calls);
    await new Promise(setImmediate);
    if (round > 0) found.push(kept() - before);
    process.kill(Number(serverPid), "SIGCONT");
    await replies;
  }
  console.log(Math.round(Math.min(...found) / COUNT));
  process.exit();
}

await main();
