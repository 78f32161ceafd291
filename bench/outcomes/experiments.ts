/**
 * What happens to a program's data when something goes wrong: the same mishaps for every client.
 * Each has a server and a proxy of its own, and says in words what the server holds afterwards and
 * what the caller was told.
 */
import { Redis } from "typedis";
import { startProxy, startServer, type TestProxy, type TestServer } from "typedis/testing";
import type { Candidate, Subject } from "./subject.ts";

/** Where an experiment takes place. `subject` goes through the proxy, `direct` does not. */
interface Scene {
  readonly server: TestServer;
  readonly proxy: TestProxy;
  readonly direct: Redis;
  readonly subject: Subject;
}

/** A mishap: its name, and what came of it. */
export interface Experiment {
  readonly name: string;
  readonly perform: (scene: Scene) => Promise<string>;
}

const SERVER = "redis-8.6";
/** How long an answer is waited for: longer than the default deadlines of those that have one. */
const PATIENCE_SECONDS = 7;
const KEY = "key";
/** For commands that show whether the client goes on. */
const OTHER = "other";
const LOST_REPLIES = 3;
/** No beginning of a RESP reply. */
const GARBAGE = Buffer.from("HTTP/1.1 400 Bad Request\r\n");

/** In the order of the table. */
export const EXPERIMENTS: readonly Experiment[] = [
  { name: `INCR, its reply lost (each time, ${LOST_REPLIES} times)`, perform: loseReplies },
  { name: "MULTI … EXEC with an INCR, its reply lost", perform: loseReplyOfTransaction },
  {
    name: "WATCH; connection lost; another client writes; EXEC before it is back",
    perform: (scene) => loseWatch(scene, duringOutage),
  },
  { name: "the same, EXEC after it is back", perform: (scene) => loseWatch(scene, afterOutage) },
  { name: "INCR, bytes that are no reply come instead of one", perform: sendGarbage },
  { name: "INCR on a frozen server", perform: freeze },
  { name: "MULTI of three SETs, the second of `undefined`; EXEC", perform: giveNoValue },
];

/** Performs an experiment with a client; resolves to what happened, in words. */
export async function perform(experiment: Experiment, candidate: Candidate): Promise<string> {
  const server = await startServer({ version: SERVER });
  const proxy = await startProxy(server);
  const direct = await Redis.connect({ port: server.port });
  const subject = await candidate.connect(proxy.url);
  try {
    return await experiment.perform({ server, proxy, direct, subject });
  } finally {
    subject.end();
    direct.destroy();
    await proxy.stop();
    await server.stop();
  }
}

async function loseReplies(scene: Scene): Promise<string> {
  loseRepliesTo("incr", LOST_REPLIES, scene.proxy);
  const told = await endOf(scene.subject.incr(KEY));
  await goOn(scene);
  return `${await countOf(scene)}; ${told}`;
}

async function loseReplyOfTransaction(scene: Scene): Promise<string> {
  loseRepliesTo("exec", 1, scene.proxy);
  const told = await endOf(scene.subject.incrTwice(KEY));
  await goOn(scene);
  return `ran ${times(Number(await scene.direct.get(KEY)) / 2)}; ${told}`;
}

type Mishap = (scene: Scene, write: () => Promise<unknown>) => Promise<void>;

async function loseWatch(scene: Scene, mishap: Mishap): Promise<string> {
  const { direct, subject } = scene;
  await direct.set(KEY, "1");
  const write = (): Promise<unknown> => direct.set(KEY, "100");
  const told = await endOf(subject.increment(KEY, () => mishap(scene, write)));
  await goOn(scene);
  const isKept = (await direct.get(KEY)) === "100";
  return `the other's write ${isKept ? "stands" : "is lost"}; ${told}`;
}

/** Returns while no connection can be made; they can as soon as the caller has gone on. */
const duringOutage: Mishap = async ({ proxy, direct }, write) => {
  proxy.accepting = false;
  proxy.cut();
  await write();
  // In these turns of the event loop the client learns of the loss.
  for (let turn = 0; turn < 3; turn += 1) await direct.ping();
  setImmediate(() => {
    proxy.accepting = true;
  });
};

const afterOutage: Mishap = async (scene, write) => {
  scene.proxy.cut();
  await write();
  // The first may still go to the old connection.
  while (!(await goOn(scene)).startsWith("resolves"));
  // `redis` answers commands some turns before it counts the new connection.
  await scene.direct.ping();
};

async function sendGarbage(scene: Scene): Promise<string> {
  onReplyTo("incr", 1, scene.proxy, (connection) => {
    connection.send("toClient", GARBAGE);
    return "drop";
  });
  const told = await endOf(scene.subject.incr(KEY));
  const next = await goOn(scene);
  return `${await countOf(scene)}; ${told}; next command: ${next}`;
}

async function freeze({ server, subject }: Scene): Promise<string> {
  server.pause();
  const told = await endOf(subject.incr(KEY));
  server.resume();
  return told;
}

async function giveNoValue(scene: Scene): Promise<string> {
  const { direct, subject } = scene;
  const told = await endOf((async () => subject.setWithoutValue(["a", "b", "c"]))());
  await goOn(scene);
  const stored = await direct.mget(["a", "b", "c"]);
  const ran = stored.flatMap((value, at) => (value === null ? [] : [ORDINALS[at]]));
  if (ran.length === 0) return `none ran; ${told}`;
  const count = ran.length === stored.length ? "all ran" : `only the ${ran.join(" and the ")} ran`;
  return `${count}${stored[1] === "" ? ' (`""` stored)' : ""}; ${told}`;
}

const ORDINALS = ["first", "second", "third"];

/** What becomes of one more command: when it ends, so has all that came before it. */
function goOn({ subject }: Scene): Promise<string> {
  return endOf(subject.incr(OTHER));
}

async function countOf({ direct }: Scene): Promise<string> {
  return `counted ${times(Number(await direct.get(KEY)))}`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** Destroys the connection instead of forwarding a reply, the first `count` times. */
function loseRepliesTo(command: string, count: number, proxy: TestProxy): void {
  onReplyTo(command, count, proxy, () => "cut");
}

type Hook = NonNullable<TestProxy["onServerBytes"]>;
type Interference = (connection: Parameters<Hook>[1]) => ReturnType<Hook>;

/** Decides about what the server sends next after a command, the first `count` times it is sent. */
function onReplyTo(command: string, count: number, proxy: TestProxy, decide: Interference): void {
  let left = count;
  let isOwed = false;
  const sent = new RegExp(`\\r\\n${command}\\r\\n`, "i");
  proxy.onClientBytes = (chunk) => {
    if (sent.test(chunk.toString("latin1"))) isOwed = true;
    return "forward";
  };
  proxy.onServerBytes = (_chunk, connection) => {
    if (!isOwed || left === 0) return "forward";
    isOwed = false;
    left -= 1;
    return decide(connection);
  };
}

/** What a caller is told of a call. */
function endOf(call: Promise<unknown>): Promise<string> {
  return new Promise((resolve) => {
    const none = `no answer in ${PATIENCE_SECONDS} s`;
    const timer = setTimeout(resolve, PATIENCE_SECONDS * 1000, none);
    const settled = call.then(describeReply, describeError);
    void settled.then(resolve).finally(() => clearTimeout(timer));
  });
}

function describeReply(reply: unknown): string {
  return typeof reply === "number" ? `resolves to ${reply}` : "resolves";
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "rejects with no error";
  const applied = "applied" in error ? `, \`applied: ${JSON.stringify(error.applied)}\`` : "";
  return `rejects (\`${error.constructor.name}\`${applied})`;
}
