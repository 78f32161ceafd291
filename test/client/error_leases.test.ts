/** R12: who waits for a connection of the pool is told as much as who has been sent. */
import { describe, expect, test } from "vitest";
import { ConnectError, type Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1, maxWaiting: 1 }, reconnect: { base: 1, cap: 5 } });

type Way = (redis: Redis) => PromiseLike<unknown>;

/** What uses a connection of its own, and which command and position its errors name. */
const WAYS: readonly [string, Way, command: string | undefined, index?: number][] = [
  ["a command that blocks", (redis) => redis.blpop("queue", 0), "BLPOP queue 0"],
  [
    "a pipeline that blocks",
    (redis) => redis.pipeline((pipe) => [pipe.get("n"), pipe.blpop("queue", 0)]),
    "GET n",
    0,
  ],
  ["a watch block", (redis) => redis.pipeline().watch(["a", "b"], () => {}), "WATCH a b"],
  ["a transaction", (redis) => redis.transaction({ watch: "a" }, () => {}), "WATCH a"],
  ["a monitor", (redis) => redis.monitor(), "MONITOR"],
  // It is no command yet.
  ["a session", (redis) => redis.session(), undefined],
];

interface Trouble {
  readonly says: { readonly code: string; readonly cause?: unknown };
  readonly message: RegExp;
  /** Whether the only connection is in use. */
  readonly isBusy?: boolean;
  readonly bringAbout: (run: Way) => Promise<unknown>;
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "no connection comes back in time": {
    says: { code: "TIMEOUT" },
    message: /All 1 pooled connections to .* stayed in use/,
    isBusy: true,
    bringAbout: (run) => failureOf(run(it.redis.with({ timeout: 50 }))),
  },
  "no connection can be opened in time": {
    says: { code: "TIMEOUT", cause: expect.anything() },
    message: /No connection to .* could be opened in time: .*(refused|closed)/,
    bringAbout: (run) => {
      it.proxy.accepting = false;
      // Long enough for one try to connect to have failed.
      return failureOf(run(it.redis.with({ timeout: 500 })));
    },
  },
  "too many wait already": {
    says: { code: "QUEUE_FULL" },
    message: /1 wait already for one of 1 connections to .*; raise pool/,
    isBusy: true,
    bringAbout: async (run) => {
      const first = failureOf(it.redis.blpop("first", 0));
      const failure = await failureOf(run(it.redis));
      it.redis.destroy();
      await first;
      return failure;
    },
  },
  "its signal has fired before": {
    says: { code: "ABORTED", cause: "mine" },
    message: /aborted by its signal/,
    isBusy: true,
    bringAbout: (run) => failureOf(run(it.redis.with({ signal: AbortSignal.abort("mine") }))),
  },
  "its signal fires": {
    says: { code: "ABORTED", cause: "mine" },
    message: /aborted by its signal/,
    isBusy: true,
    bringAbout: (run) => {
      const controller = new AbortController();
      const failure = failureOf(run(it.redis.with({ signal: controller.signal })));
      setImmediate(() => controller.abort("mine"));
      return failure;
    },
  },
  "the client ends": {
    says: { code: "CLOSED", cause: expect.anything() },
    message: /The client of .* was destroyed/,
    isBusy: true,
    bringAbout: (run) => {
      const failure = failureOf(run(it.redis));
      it.redis.destroy();
      return failure;
    },
  },
  "the client has ended": {
    says: { code: "CLOSED", cause: expect.anything() },
    message: /The client of .* was closed/,
    bringAbout: async (run) => {
      await it.redis.close();
      return failureOf(run(it.redis));
    },
  },
  "the server refuses the new connection": {
    says: { code: "WRONGPASS" },
    message: /refused the connection: WRONGPASS/,
    bringAbout: async (run) => {
      await it.ask(["ACL", "SETUSER", "ann", "on", "resetpass", ">first", "~*", "+@all"]);
      const ann = await it.connect({ username: "ann", password: "first" });
      await it.ask(["ACL", "SETUSER", "ann", "resetpass", ">second"]);
      return failureOf(run(ann));
    },
  },
};

describe.each(Object.entries(TROUBLES))(
  "%s",
  (_, { says, message, isBusy = false, bringAbout }) => {
    test.each(WAYS)("R12: %s says what, where, why, and that nothing ran", async (...row) => {
      const [, run, command, index] = row;
      if (isBusy) await it.redis.session();
      const error = await bringAbout(run);
      const { host, port } = it.proxy;
      // For a session it is the attempt to connect that was refused, and no command of anybody's.
      const attempts = says.code === "WRONGPASS" && command === undefined ? 1 : 0;
      const where = { address: `${host}:${port}`, command, index, attempts, applied: false };
      expect(error).toMatchObject({ ...says, ...where });
      expect(String(error)).toMatch(message);
      expect(String(error)).toContain(command ?? "");
    });
  },
);

describe("once a connection is leased", () => {
  const SENT: readonly [string, Way, command: string, index?: number][] = [
    ["a command that blocks", (redis) => redis.blpop("queue", 0), "BLPOP queue 0"],
    [
      "a pipeline that blocks",
      (redis) => redis.pipeline((pipe) => [pipe.blpop("queue", 0)]),
      "BLPOP queue 0",
      0,
    ],
    ["WATCH", (redis) => redis.pipeline().watch("a", () => {}), "WATCH a"],
    ["MONITOR", (redis) => redis.monitor(), "MONITOR"],
    ["a session", (redis) => redis.session((session) => session.incr("n")), "INCR n"],
  ];

  test.each(SENT)("R12: a reply of %s that does not come in time", async (...row) => {
    const [, run, command, index] = row;
    await it.redis.session(() => {});
    it.proxy.hold("toClient");
    const error = await failureOf(run(it.redis.with({ timeout: 100 })));
    const applied = /BLPOP|INCR/.test(command) ? "unknown" : false;
    expect(error).toMatchObject({ code: "TIMEOUT", command, index, applied, attempts: 1 });
    expect(error).toMatchObject({ address: `${it.proxy.host}:${it.proxy.port}` });
    expect(String(error)).toMatch(/timed out: (it was written and is unanswered|.*was blocked)/);
  });

  test.each(SENT)("R12: a connection that is lost before the reply of %s", async (...row) => {
    const [, run, command, index] = row;
    const name = command.split(" ")[0] ?? "";
    it.wire.decide = (names) => (names.includes(name) ? "cut" : "forward");
    const error = await failureOf(run(it.redis));
    const applied = /BLPOP|INCR/.test(command) ? "unknown" : false;
    const code = name === "WATCH" ? "WATCH" : "CONNECTION_LOST";
    expect(error).toMatchObject({ code, command, index, applied, attempts: 1 });
    expect(error).toMatchObject({ address: `${it.proxy.host}:${it.proxy.port}` });
    expect(String(error)).toMatch(/was lost/);
  });

  test.each(SENT)("R12: what the server refuses of %s", async (...row) => {
    const [, run, command, index] = row;
    await it.ask(["ACL", "SETUSER", "ann", "on", "nopass", "~*", "+@all", `-${nameOf(command)}`]);
    const ann = await it.connect({ username: "ann" });
    const error = await failureOf(run(ann));
    expect(error).toMatchObject({ code: "NOPERM", command, index, applied: false, attempts: 1 });
    expect(error).toMatchObject({ address: `${it.proxy.host}:${it.proxy.port}` });
  });
});

test("R12: a monitor that is not read fast enough says so", async () => {
  const monitor = await it.redis.monitor({ maxBuffered: 1 });
  await it.redis.ping();
  await it.redis.ping();
  const read = async (): Promise<void> => {
    for await (const _ of monitor);
  };
  expect(await failureOf(read())).toMatchObject({
    code: "QUEUE_FULL",
    command: "MONITOR",
    address: `${it.proxy.host}:${it.proxy.port}`,
    attempts: 1,
    applied: false,
  });
});

describe("connect()", () => {
  const says = { command: undefined, index: undefined, attempts: 1, applied: false };

  test("R12: a server that is not there", async () => {
    const error = await failureOf(it.connect({ url: "redis://127.0.0.1:1" }));
    const cause = expect.any(Error);
    expect(error).toMatchObject({ code: "CONNECT", ...says, address: "127.0.0.1:1", cause });
  });

  test("R12: a server that says nothing", async () => {
    it.proxy.hold("toServer");
    const error = await failureOf(it.connect({ connectTimeout: 50 }));
    const address = `${it.proxy.host}:${it.proxy.port}`;
    expect(error).toMatchObject({ code: "TIMEOUT", ...says, address });
  });

  test("R12: a connection that is cut", async () => {
    it.wire.decide = () => "cut";
    const error = await failureOf(it.connect());
    const address = `${it.proxy.host}:${it.proxy.port}`;
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: "CONNECT", ...says, address, cause: expect.any(Error) });
  });

  test("R12: a wrong password", async () => {
    const error = await failureOf(it.connect({ username: "nobody", password: "wrong" }));
    const address = `${it.proxy.host}:${it.proxy.port}`;
    expect(error).toMatchObject({ code: "WRONGPASS", ...says, address });
  });

  test("R12: a database that there is not", async () => {
    const error = await failureOf(it.connect({ db: 12_345 }));
    const address = `${it.proxy.host}:${it.proxy.port}`;
    expect(error).toMatchObject({ code: "CONNECT", ...says, address, cause: expect.any(Error) });
  });

  test.each([
    ["fails", () => Promise.reject(new Error("the vault is shut")), "CONNECT"],
    ["gives none in time", () => new Promise<never>(() => {}), "TIMEOUT"],
  ])("R12: a provider of credentials that %s", async (_, get, code) => {
    const error = await failureOf(it.connect({ credentials: { get }, connectTimeout: 50 }));
    const address = `${it.proxy.host}:${it.proxy.port}`;
    expect(error).toMatchObject({ code, ...says, address });
  });
});

function nameOf(command: string): string {
  return command.split(" ")[0]?.toLowerCase() ?? "";
}
