import { afterEach, describe, expect, test } from "vitest";
import { LIBRARY_NAME, LIBRARY_VERSION } from "../../src/connection/version.ts";
import {
  AuthenticationError,
  type Redis as Client,
  ConnectError,
  Redis,
  type RedisOptions,
} from "../../src/index.ts";
import { ask } from "../../src/testing/ask.ts";
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  type ServerOptions,
  startScriptedServer,
  startServer,
  type TestServer,
} from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";
import { SERVERS } from "../support/surfaces.ts";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function started(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  ends.push(() => server.stop());
  return server;
}

async function connected(options: string | RedisOptions): Promise<Client> {
  const redis = await Redis.connect(options);
  ends.push(() => redis.destroy());
  return redis;
}

async function scripted(answer: ScriptedServerOptions["answer"]): Promise<ScriptedServer> {
  const server = await startScriptedServer({ answer });
  ends.push(() => server.stop());
  return server;
}

/** This client's line of CLIENT LIST, as a record. */
async function own(redis: Client): Promise<Record<string, string | undefined>> {
  const line = String(await redis.call("CLIENT", "INFO")).trim();
  const words = line.split(" ").map((word) => word.split("="));
  return Object.fromEntries(words.map(([name = "", ...value]) => [name, value.join("=")]));
}

describe.each(SERVERS)("on %s", (version) => {
  test("CLIENT LIST shows protocol, database, name and library", async () => {
    const server = await started({ version });
    for (const protocol of [undefined, 3, 2] as const) {
      const redis = await connected({ url: server.url, protocol, db: 3, clientName: "web:1" });
      const info = await own(redis);
      expect(info).toMatchObject({ name: "web:1", db: "3", resp: String(protocol ?? 3) });
      const library = { "lib-name": LIBRARY_NAME, "lib-ver": LIBRARY_VERSION };
      expect(info).toMatchObject(version === "redis-7.0" ? {} : library);
      await redis.set("where", "db 3");
      expect(await redis.pipeline().watch("where", (watched) => watched.get("where"))).toBe("db 3");
    }
    expect(await ask(server, [["EXISTS", "where"]])).toEqual(["0"]);
  });

  test.each([2, 3] as const)("passwords and ACL users, RESP%s", async (protocol) => {
    const password = "p@ss: wörd/?#%";
    const server = await started({ version, username: "alice", password });
    const redis = await connected({ url: server.url, protocol });
    expect(await redis.call("ACL", "WHOAMI")).toBe("alice");
    const { host, port } = server;
    const wrong: RedisOptions[] = [
      { host, port, username: "alice", password: "wrong" },
      { host, port, username: "bob", password },
      { host, port, password },
      { host, port, username: "alice" },
      { host, port },
    ];
    for (const options of wrong) {
      const error = await failureOf(Redis.connect({ ...options, protocol }));
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error).toMatchObject({ applied: false, address: `${host}:${port}` });
      expect(error).toHaveProperty("message", expect.stringMatching(/`username`/));
      expect(shown(error)).not.toContain("wörd");
      expect(shown(error)).not.toContain("wrong\r");
    }
  });

  test.each([2, 3] as const)("requirepass, RESP%s", async (protocol) => {
    const server = await started({ version, password: "hunter2" });
    const redis = await connected({ url: server.url, protocol });
    expect(await redis.ping()).toBe("PONG");
    const { host, port } = server;
    for (const password of [undefined, "hunter3"]) {
      const error = await failureOf(Redis.connect({ host, port, password, protocol }));
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(shown(error)).not.toMatch(/hunter[23]/);
    }
  });

  test.each([2, 3] as const)("a user without a password is that user, RESP%s", async (protocol) => {
    const server = await started({ version });
    await ask(server, [["ACL", "SETUSER", "guest", "on", "nopass", "~*", "+@all"]]);
    const url = server.url.replace("redis://", "redis://guest@");
    const redis = await connected({ url, protocol });
    expect(await redis.call("ACL", "WHOAMI")).toBe("guest");
    const unknown = server.url.replace("redis://", "redis://nobody@");
    expect(await failureOf(Redis.connect({ url: unknown, protocol }))).toBeInstanceOf(
      AuthenticationError,
    );
  });

  test("a user who may not say HELLO or CLIENT SETINFO connects all the same", async () => {
    const server = await started({ version });
    const rules = ["~*", "+@all", "-hello", "-client"];
    await ask(server, [["ACL", "SETUSER", "small", "on", ">pw", ...rules]]);
    const url = server.url.replace("redis://", "redis://small:pw@");
    for (const protocol of [2, 3] as const) {
      const redis = await connected({ url, protocol });
      expect(await redis.set("a", 1)).toBe(true);
    }
    const named = await failureOf(Redis.connect({ url, clientName: "web" }));
    expect(named).toBeInstanceOf(ConnectError);
    expect(named).toHaveProperty("message", expect.stringContaining("NOPERM"));
  });

  test("a database that is not there is a ConnectError that says so", async () => {
    const server = await started({ version });
    const error = await failureOf(Redis.connect({ url: server.url, db: 999 }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringContaining("DB index is out of range"));
  });

  test("unix sockets, with a password", async () => {
    const server = await started({ version, unixSocket: true, password: "p@ss/word" });
    expect(server.url).toMatch(/^unix:/);
    const redis = await connected(`${server.url}?db=2`);
    expect(await own(redis)).toMatchObject({ db: "2" });
    const byOptions = await connected({ path: server.path, password: "p@ss/word" });
    expect(await byOptions.ping()).toBe("PONG");
  });

  test("max clients is a ConnectError that says so", async () => {
    const server = await started({ version, config: { maxclients: 1 } });
    await connected(server.url);
    const error = await failureOf(Redis.connect(server.url));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringContaining("max number of clients"));
  });
});

describe("a server that refuses HELLO gets RESP2", () => {
  test.each([
    "-ERR unknown command `HELLO`, with args beginning with: `3`\r\n",
    "-ERR unknown command 'HELLO'\r\n",
    "-NOPROTO unsupported protocol version\r\n",
    "-NOPERM this user has no permissions to run the 'hello' command\r\n",
  ])("%j", async (refusal) => {
    const replies: Readonly<Record<string, string>> = {
      HELLO: refusal,
      PING: "+PONG\r\n",
      CLIENT: "-ERR unknown\r\n",
      GET: "$-1\r\n",
    };
    const server = await scripted(([name = ""]) => replies[name] ?? "+OK\r\n");
    const redis = await connected({ url: server.url, username: "alice", password: "pw", db: 1 });
    expect(await redis.get("key")).toBeNull();
    const names = namesOf(server).filter((name) => name !== "CLIENT");
    expect(names).toEqual(["HELLO", "AUTH", "PING", "SELECT", "GET"]);
    expect(server.commands).toContainEqual(["AUTH", "alice", "pw"]);
  });

  test("and nothing else is written before the credentials are accepted", async () => {
    const server = await scripted(([name]) => (name === "HELLO" ? "" : "+OK\r\n"));
    const url = server.url.replace("redis://", "redis://:pw@");
    const failure = failureOf(Redis.connect({ url, connectTimeout: 100, db: 1 }));
    expect(await failure).toMatchObject({ code: "TIMEOUT" });
    expect(namesOf(server)).toEqual(["HELLO"]);
  });

  test("protocol: 2 never says HELLO", async () => {
    const server = await scripted(([name]) => (name === "PING" ? "+PONG\r\n" : "+OK\r\n"));
    await connected({ url: server.url, protocol: 2, password: "pw" });
    expect(namesOf(server)).not.toContain("HELLO");
    expect(server.commands).toContainEqual(["AUTH", "pw"]);
  });
});

function namesOf({ commands }: ScriptedServer): (string | undefined)[] {
  return commands.map(([name]) => name);
}

/** All that people may see of an error. */
function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${shown(error.cause ?? "")}`;
}
