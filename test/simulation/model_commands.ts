import { createHash } from "node:crypto";
import { array, bulk, type ModelClient, type ModelState, QueuedCommands } from "./model_client.ts";

type Run = (
  server: ModelState,
  client: ModelClient,
  argv: readonly string[],
  isInExec: boolean,
) => string;

/** One command of the model. */
interface ModelCommand {
  /** The number of words, the name included; negative: at least so many. */
  readonly arity: number;
  /** Whether it runs at once even behind MULTI. */
  readonly runsInMulti?: boolean;
  /** Whether a replica refuses it. */
  readonly isWrite?: boolean;
  /** Whether a replica that has lost its primary runs it. */
  readonly runsStale?: boolean;
  readonly run: Run;
}

/** The only script that the model can run. */
export const SCRIPT = "return redis.call('RPUSH', KEYS[1], ARGV[1])";

/** Its SHA-1, which is asked for all the time. */
const DIGEST = digestOf(SCRIPT);

const READONLY = "READONLY You can't write against a read only replica.";
const STALE = "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";

/** In what the servers say differently. */
const TEXTS = {
  redis: {
    noScript: "-NOSCRIPT No matching script. Please use EVAL.\r\n",
    where: (digest: string) => `script: ${digest}, on @user_script:1.`,
    notInMulti: {
      MULTI: "-ERR MULTI calls can not be nested\r\n",
      WATCH: "-ERR WATCH inside MULTI is not allowed\r\n",
    },
  },
  valkey: {
    noScript: "-NOSCRIPT No matching script.\r\n",
    where: () => "script: on @user_script:1.",
    notInMulti: {
      MULTI: "-ERR Command 'multi' not allowed inside a transaction\r\n",
      WATCH: "-ERR Command 'watch' not allowed inside a transaction\r\n",
    },
  },
} as const;

const OK = "+OK\r\n";
const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
const NO_INTEGER = "-ERR value is not an integer or out of range\r\n";

const get: Run = (server, client, [, key = ""]) => {
  const value = server.get(client.db, key);
  if (Array.isArray(value)) return WRONG_TYPE;
  return value === undefined ? client.nullBulk : bulk(value);
};

const set: Run = (server, client, [, key = "", value = ""]) => {
  server.put(client.db, key, value);
  return OK;
};

const incr: Run = (server, client, [, key = ""]) => {
  const value = server.get(client.db, key) ?? "0";
  if (Array.isArray(value)) return WRONG_TYPE;
  if (!/^-?(0|[1-9]\d*)$/.test(value)) return NO_INTEGER;
  server.put(client.db, key, String(Number(value) + 1));
  return `:${Number(value) + 1}\r\n`;
};

const rpush: Run = (server, client, [, key = "", ...items]) => {
  const list = server.get(client.db, key) ?? [];
  if (typeof list === "string") return WRONG_TYPE;
  server.put(client.db, key, [...list, ...items]);
  return `:${list.length + items.length}\r\n`;
};

const blpop: Run = (server, client, argv, isInExec) => {
  const keys = argv.slice(1, -1);
  for (const key of keys) {
    const list = server.get(client.db, key);
    if (typeof list === "string") return WRONG_TYPE;
    const [first, ...rest] = list ?? [];
    if (first === undefined) continue;
    server.put(client.db, key, rest);
    return array([bulk(key), bulk(first)]);
  }
  if (isInExec) return client.nullArray;
  const seconds = Number(argv.at(-1));
  server.block(
    client,
    keys,
    seconds === 0 ? Number.POSITIVE_INFINITY : server.now() + seconds * 1_000,
  );
  return "";
};

const watch: Run = (server, client, [, ...keys]) => {
  if (client.queued !== undefined) return notInMulti(server, client.queued, "WATCH");
  for (const key of keys) client.watched.add(`${client.db}:${key}`);
  return OK;
};

/** What makes no sense behind MULTI; to a Valkey it is a mistake that aborts the transaction. */
function notInMulti({ kind }: ModelState, queued: QueuedCommands, name: "MULTI" | "WATCH"): string {
  if (kind === "valkey") queued.spoil(kind);
  return TEXTS[kind].notInMulti[name];
}

const unwatch: Run = (_, client) => {
  client.unwatch();
  return OK;
};

const multi: Run = (server, client) => {
  if (client.queued !== undefined) return notInMulti(server, client.queued, "MULTI");
  client.queued = new QueuedCommands();
  return OK;
};

const exec: Run = (server, client) => {
  const { queued, isDirty } = client;
  if (queued === undefined) return "-ERR EXEC without MULTI\r\n";
  if (queued.hasError) {
    client.endTransaction();
    return "-EXECABORT Transaction discarded because of previous errors.\r\n";
  }
  // The WATCH stays until the end, so that an observer sees it; nobody else can tell.
  const reply = isDirty ? client.nullArray : array(server.runQueued(client, queued.commands));
  client.endTransaction();
  return reply;
};

const discard: Run = (_, client) => {
  if (client.queued === undefined) return "-ERR DISCARD without MULTI\r\n";
  client.endTransaction();
  return OK;
};

const select: Run = (_, client, [, db]) => {
  const number = Number(db);
  if (!(number >= 0 && number < 16)) return "-ERR DB index is out of range\r\n";
  client.db = number;
  return OK;
};

const hello: Run = (server, client, [, version]) => {
  if (version !== "2" && version !== "3") return "-NOPROTO unsupported protocol version\r\n";
  client.resp = version === "3" ? 3 : 2;
  const role = server.state === "ok" ? "master" : "replica";
  const facts = [bulk("proto"), `:${version}\r\n`, bulk("id"), `:${client.id}\r\n`];
  facts.push(bulk("role"), bulk(role));
  return client.resp === 3 ? `%3\r\n${facts.join("")}` : array(facts);
};

const connection: Run = (server, client, [, option = "", id]) => {
  switch (option.toUpperCase()) {
    case "ID":
      return `:${client.id}\r\n`;
    case "UNBLOCK": {
      const other = [...server.clients].find((it) => String(it.id) === id);
      return other !== undefined && server.unblock(other) ? ":1\r\n" : ":0\r\n";
    }
    default:
      return OK;
  }
};

const script: Run = (server, _, [, option = "", lua = ""]) => {
  if (option.toUpperCase() === "FLUSH") {
    server.scripts.clear();
    return OK;
  }
  const digest = lua === SCRIPT ? DIGEST : digestOf(lua);
  server.scripts.set(digest, lua);
  return bulk(digest);
};

const evalsha: Run = (server, client, [, digest = "", , key = "", value = ""]) => {
  const lua = server.scripts.get(digest);
  if (lua === undefined) return TEXTS[server.kind].noScript;
  if (lua !== SCRIPT) throw new TypeError(`the model cannot run ${lua}`);
  if (server.state === "stale") return `-${STALE}\r\n`;
  if (server.state === "replica") return `-${READONLY} ${TEXTS[server.kind].where(digest)}\r\n`;
  return rpush(server, client, ["RPUSH", key, value], true);
};

/** The commands that the model knows. */
export const COMMANDS: ReadonlyMap<string, ModelCommand> = new Map<string, ModelCommand>([
  ["PING", { arity: 1, run: () => "+PONG\r\n" }],
  ["ECHO", { arity: 2, runsStale: true, run: (_, __, [, text = ""]) => bulk(text) }],
  ["GET", { arity: 2, run: get }],
  ["SET", { arity: -3, isWrite: true, run: set }],
  ["INCR", { arity: 2, isWrite: true, run: incr }],
  ["RPUSH", { arity: -3, isWrite: true, run: rpush }],
  ["BLPOP", { arity: -3, isWrite: true, run: blpop }],
  ["WATCH", { arity: -2, runsInMulti: true, runsStale: true, run: watch }],
  ["UNWATCH", { arity: 1, runsStale: true, run: unwatch }],
  ["MULTI", { arity: 1, runsInMulti: true, runsStale: true, run: multi }],
  ["EXEC", { arity: 1, runsInMulti: true, runsStale: true, run: exec }],
  ["DISCARD", { arity: 1, runsInMulti: true, runsStale: true, run: discard }],
  ["SELECT", { arity: 2, runsStale: true, run: select }],
  ["HELLO", { arity: -1, runsStale: true, run: hello }],
  ["CLIENT", { arity: -2, runsStale: true, run: connection }],
  ["SCRIPT", { arity: -2, runsStale: true, run: script }],
  ["EVALSHA", { arity: -3, runsStale: true, run: evalsha }],
]);

/** Why the server, as it is now, does not run a command; `undefined` if it does. */
export function stateRefusal(
  { state, kind }: Pick<ModelState, "state" | "kind">,
  [name = "", option = ""]: readonly string[],
): string | undefined {
  if (state === "ok") return undefined;
  const command = COMMANDS.get(name.toUpperCase());
  if (state === "replica") return command?.isWrite === true ? READONLY : undefined;
  const isFlush = kind === "redis" && option.toUpperCase() === "FLUSH";
  return command?.runsStale === true && !isFlush ? undefined : STALE;
}

function digestOf(lua: string): string {
  return createHash("sha1").update(lua, "latin1").digest("hex");
}
