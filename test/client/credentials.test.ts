import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nextTurn } from "../../src/base/clock.ts";
import {
  AuthenticationError,
  ConnectError,
  type Credentials,
  OptionsError,
  Redis,
  type RedisOptions,
  TimeoutError,
} from "../../src/index.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import { failureOf } from "../support/proxied.ts";

let server: TestServer;
let admin: Redis;
const open: Redis[] = [];

beforeEach(async () => {
  server = await startServer();
  admin = await Redis.connect(server.url);
  await addUser("first");
  await addUser("second");
  await admin.aclSetuser("default", ["resetpass", ">root"]);
});
afterEach(async () => {
  for (const client of open.splice(0)) client.destroy();
  admin.destroy();
  await server.stop();
});

async function addUser(name: string): Promise<void> {
  await admin.aclSetuser(name, ["on", `>pw of ${name}`, "~*", "&*", "+@all"]);
}

function of(username: string): Credentials {
  return { username, password: `pw of ${username}` };
}

async function connect(options: RedisOptions): Promise<Redis> {
  const { host, port } = server;
  const client = await Redis.connect({ host, port, reconnect: { base: 1, cap: 1 }, ...options });
  open.push(client);
  return client;
}

/** A provider whose credentials change when a test says so. */
class Vault {
  current: Credentials;
  readonly listeners = new Set<(credentials: Credentials) => void>();
  asked = 0;

  constructor(current: Credentials) {
    this.current = current;
  }

  get(): Promise<Credentials> {
    this.asked += 1;
    return Promise.resolve(this.current);
  }

  subscribe(listener: (credentials: Credentials) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  rotate(credentials: Credentials): void {
    this.current = credentials;
    for (const listener of this.listeners) listener(credentials);
  }
}

/** The users of all connections but the administrator's. */
async function users(): Promise<string[]> {
  const clients = await admin.clientList();
  return clients.map((client) => client.user ?? "").filter((user) => user !== "default");
}

describe.each([2, 3] as const)("R10: credentials over RESP%i", (protocol) => {
  test("come from a function, asked for each connection", async () => {
    let asked = 0;
    const credentials = (): Credentials => {
      asked += 1;
      return of("first");
    };
    const redis = await connect({ credentials, protocol });
    expect(await redis.aclWhoami()).toBe("first");
    await redis.rpush("queue", "item");
    await redis.blpop("queue", 1);
    expect(asked).toBe(2);
  });

  test("are fetched again for the connection after a loss", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: { get: () => vault.get() }, protocol });
    vault.current = of("second");
    await admin.clientKill({ user: "first" });
    expect(await redis.aclWhoami()).toBe("second");
  });

  test("that change reach all open connections, in the order of the commands", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault, protocol });
    await redis.rpush("queue", "item");
    await redis.blpop("queue", 1);
    const blocked = redis.blpop("empty", 0);
    const before = redis.aclWhoami();
    vault.rotate(of("second"));
    expect(await Promise.all([before, redis.aclWhoami()])).toEqual(["first", "second"]);
    await redis.rpush("empty", "item");
    await blocked;
    expect(new Set(await users())).toEqual(new Set(["second"]));
  });

  test("a user whose password is wrong is an AuthenticationError that hides it", async () => {
    const credentials = (): Credentials => ({ username: "first", password: "geheim" });
    const error = await failureOf(connect({ credentials, protocol }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(String(error)).not.toContain("geheim");
  });
});

describe("R10: new credentials", () => {
  test("that the server refuses leave the connection as it is, and are told", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    const told = new Promise((resolve) => redis.on("error", resolve));
    vault.rotate({ username: "second", password: "geheim" });
    const error = await told;
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(String(error)).not.toContain("geheim");
    expect(await redis.aclWhoami()).toBe("first");
  });

  test("do not reach a session, whose connection is not kept afterwards", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    const session = await redis.session();
    vault.rotate(of("second"));
    expect(await session.aclWhoami()).toBe("first");
    session.end();
    await redis.session(async (next) => expect(await next.aclWhoami()).toBe("second"));
  });

  test("that change reach the connections of the pool that nobody uses", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    await redis.session((session) => session.ping());
    vault.rotate(of("second"));
    await redis.session(async (next) => expect(await next.aclWhoami()).toBe("second"));
    expect(new Set(await users())).toEqual(new Set(["second"]));
  });

  test("that change while a connection of the pool is opened close it", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    const whoami = redis.session((session) => session.aclWhoami());
    while (vault.asked < 2) await nextTurn();
    vault.rotate(of("second"));
    expect(await whoami).toBe("second");
  });

  test("that come while there is no connection hold for the next", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    const lost = new Promise((resolve) => redis.on("disconnect", resolve));
    await admin.clientKill({ user: "first" });
    await lost;
    vault.rotate(of("second"));
    expect(await redis.aclWhoami()).toBe("second");
  });

  test("are not listened for after the client has ended", async () => {
    const vault = new Vault(of("first"));
    const redis = await connect({ credentials: vault });
    expect(vault.listeners.size).toBe(1);
    await redis.close();
    expect(vault.listeners.size).toBe(0);
  });
});

describe("R10: a provider", () => {
  test("that fails is a ConnectError with its reason", async () => {
    const reason = new Error("the vault is sealed");
    const error = await failureOf(connect({ credentials: () => Promise.reject(reason) }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ cause: reason, applied: false });
  });

  test("that gives no credentials is a ConnectError that says what it must give", async () => {
    // @ts-expect-error a password is no set of credentials
    const error = await failureOf(connect({ credentials: () => "geheim" }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toHaveProperty("message", expect.stringMatching(/password: string/));
    expect(String(error)).not.toContain("geheim");
  });

  test("that never answers is a TimeoutError", async () => {
    const never = new Promise<Credentials>(() => {});
    const error = await failureOf(connect({ credentials: () => never, connectTimeout: 50 }));
    expect(error).toBeInstanceOf(TimeoutError);
  });

  test("beside a password, or that is none, is an OptionsError", () => {
    expect(() => Redis.connect({ credentials: () => of("first"), password: "x" })).toThrow(
      OptionsError,
    );
    // @ts-expect-error credentials are given by a function
    expect(() => Redis.connect({ credentials: of("first") })).toThrow(/subscribe/);
  });
});
