/** P28: leases never leak. Each failure happens on a pool of one; then ordinary work goes on. */
import { expect, test } from "vitest";
import { Command, type Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 }, reconnect: { base: 1, cap: 5 } });

const problem = new Error("a problem of the body");
const wrong = new Command<unknown>(["GET"], (reply) => reply);
const unreadable = new Command<unknown>(["GET", "key"], () => {
  throw new Error("cannot be read");
});

/** Runs a watch block that fails; `code` is what its error has for a code. */
type Scenario = readonly [name: string, code: string, fail: (redis: Redis) => PromiseLike<unknown>];

const watches: readonly Scenario[] = [
  [
    "a conflict",
    "WATCH",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", async () => {
        await it.ask(["SET", "key", "theirs"]);
        pipe.set("key", "mine");
      });
    },
  ],
  [
    "a command that the server refuses to queue",
    "ERR",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", () => pipe.run(wrong));
    },
  ],
  [
    "a command that fails",
    "WRONGTYPE",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", () => [pipe.lpush("list", "x"), pipe.incrbyfloat("list", 1)]);
    },
  ],
  [
    "a reply that cannot be read",
    "DECODE",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", () => [pipe.run(unreadable)]);
    },
  ],
  [
    "a read that the server refuses",
    "WRONGTYPE",
    async (redis) => {
      await redis.lpush("list", "x");
      return redis.pipeline().watch("key", (watched) => watched.get("list"));
    },
  ],
  [
    "a body that throws",
    "BODY",
    (redis) =>
      redis.pipeline().watch("key", () => {
        throw Object.assign(problem, { code: "BODY" });
      }),
  ],
  [
    "a body that times out",
    "TIMEOUT",
    (redis) => redis.pipeline({ timeout: 50 }).watch("key", () => new Promise<void>(() => {})),
  ],
  [
    "a body that is aborted",
    "ABORTED",
    (redis) => {
      const signal = AbortSignal.timeout(50);
      return redis.pipeline({ signal }).watch("key", () => new Promise<void>(() => {}));
    },
  ],
  [
    "a signal that has fired before",
    "ABORTED",
    (redis) => redis.pipeline({ signal: AbortSignal.abort() }).watch("key", () => 0),
  ],
  [
    "a read of the body that times out",
    "TIMEOUT",
    async (redis) => {
      const pipe = redis.pipeline({ timeout: 60 });
      return pipe.watch("key", (watched) => {
        it.proxy.hold("toClient");
        return watched.get("key");
      });
    },
  ],
  [
    "an EXEC that times out",
    "TIMEOUT",
    (redis) => {
      const pipe = redis.pipeline({ timeout: 60 });
      return pipe.watch("key", () => {
        it.proxy.hold("toClient");
        pipe.incr("n");
      });
    },
  ],
  [
    "an EXEC that is aborted",
    "ABORTED",
    (redis) => {
      const controller = new AbortController();
      const pipe = redis.pipeline({ signal: controller.signal });
      it.wire.decide = (names) => {
        if (names.includes("EXEC")) controller.abort();
        return "forward";
      };
      return pipe.watch("key", () => {
        it.proxy.hold("toClient");
        pipe.incr("n");
      });
    },
  ],
  [
    "a connection lost in the body",
    "WATCH",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", async (watched) => {
        it.proxy.cut();
        await failureOf(watched.get("key"));
        pipe.incr("n");
      });
    },
  ],
  [
    "an EXEC whose reply is lost",
    "CONNECTION_LOST",
    (redis) => {
      const pipe = redis.pipeline();
      it.wire.decide = (names) => (names.includes("EXEC") ? "cut" : "forward");
      return pipe.watch("key", () => {
        pipe.incr("n");
      });
    },
  ],
  [
    "a WATCH whose reply is lost",
    "WATCH",
    (redis) => {
      it.wire.decide = (names) => (names.includes("WATCH") ? "cut" : "forward");
      return redis.pipeline().watch("key", () => 0);
    },
  ],
  [
    "a nested watch",
    "PIPELINE_STATE",
    (redis) => {
      const pipe = redis.pipeline();
      return pipe.watch("key", () => pipe.watch("key", () => 0));
    },
  ],
  [
    "a wait for the only connection that times out",
    "TIMEOUT",
    (redis) =>
      redis.pipeline().watch("key", () => redis.pipeline({ timeout: 50 }).watch("key", () => 0)),
  ],
  [
    "a wait for the only connection that is aborted",
    "ABORTED",
    (redis) => {
      const signal = AbortSignal.timeout(50);
      return redis.pipeline().watch("a", () => redis.pipeline({ signal }).watch("b", () => 0));
    },
  ],
];

const blocking: readonly Scenario[] = [
  ["a blocking command that is aborted", "ABORTED", (redis) => abortedBlpop(redis)],
  [
    "a blocking command that times out",
    "TIMEOUT",
    (redis) => redis.with({ timeout: 50 }).blpop("empty", 0),
  ],
  [
    "a blocking command that the server refuses",
    "WRONGTYPE",
    async (redis) => {
      await redis.set("text", "x");
      return redis.blpop("text", 1);
    },
  ],
  [
    "a blocking command whose connection is lost",
    "CONNECTION_LOST",
    (redis) => {
      it.wire.decide = (names) => (names.includes("BLPOP") ? "cut" : "forward");
      return redis.blpop("empty", 0);
    },
  ],
  [
    "a blocking command in a pipeline that times out",
    "TIMEOUT",
    (redis) => {
      const pipe = redis.pipeline({ timeout: 50 });
      pipe.blpop("empty", 0);
      return pipe.execute();
    },
  ],
  [
    "a blocking command in a pipeline that is aborted",
    "ABORTED",
    (redis) => {
      const pipe = redis.pipeline({ signal: AbortSignal.timeout(50) });
      pipe.blpop("empty", 0);
      return pipe.execute();
    },
  ],
  [
    "connections that are refused until the time is up",
    "TIMEOUT",
    async (redis) => {
      it.proxy.accepting = false;
      return redis.with({ timeout: 50 }).blpop("empty", 0);
    },
  ],
  [
    "a wait for a connection that does not come about",
    "TIMEOUT",
    async (redis) => {
      it.proxy.hold("toServer");
      return redis.with({ timeout: 50 }).blpop("empty", 0);
    },
  ],
  [
    "a wait for a connection that does not come about, aborted",
    "ABORTED",
    async (redis) => {
      it.proxy.hold("toServer");
      return redis.with({ signal: AbortSignal.timeout(50) }).blpop("empty", 0);
    },
  ],
];

test.each([...watches, ...blocking])(
  "P28: after %s the pool has its place",
  async (_, code, fail) => {
    expect(await failureOf(fail(it.redis))).toMatchObject({ code });
    await expectWorking();
  },
);

test("P28: after all of these, one after another, on one client", async () => {
  for (const [, code, fail] of watches) {
    expect(await failureOf(fail(it.redis))).toMatchObject({ code });
    await expectWorking();
  }
});

/** A normal WATCH and a blocking command get the only connection, and find it clean. */
async function expectWorking(): Promise<void> {
  it.wire.decide = undefined;
  it.proxy.accepting = true;
  it.proxy.release();
  const { redis } = it;
  await it.ask(["SET", "key", "changed"], ["DEL", "n", "list", "text", "queue"]);
  const pipe = redis.pipeline();
  const [value, n] = await pipe.watch("unrelated", async (watched) => {
    return [await watched.get("key"), pipe.incr("n")] as const;
  });
  expect([value, n]).toEqual(["changed", 1]);
  const popped = redis.blpop("queue", 10);
  await expect
    .poll(() => it.ask(["CLIENT", "LIST"]))
    .toEqual([expect.stringMatching(/ cmd=blpop /)]);
  await redis.rpush("queue", "item");
  expect(await popped).toMatchObject({ value: "item" });
}

function abortedBlpop(redis: Redis): Promise<unknown> {
  const controller = new AbortController();
  it.wire.decide = (names) => {
    if (names.includes("BLPOP")) controller.abort();
    return "forward";
  };
  return redis.with({ signal: controller.signal }).blpop("empty", 0);
}
