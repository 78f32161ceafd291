/** S15: whatever a borrower of a connection leaves behind, the next one sees nothing of it. */
import { describe, expect, test } from "vitest";
import type { Pipeline, Redis } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

/**
 * What CLIENT INFO tells of a connection's state; the rest differs from one to the next anyway. An
 * open MULTI is among the flags.
 */
const STATE = "name db sub psub ssub watch flags redir user resp lib-name".split(" ");

/** Takes the only connection of the pool, and leaves something behind. */
type Borrower = (redis: Redis) => PromiseLike<unknown>;

const mine = new RangeError("mine");

const BORROWERS: Readonly<Record<string, Borrower>> = {
  "another database": (redis) => redis.session((session) => session.select(3)),
  "another database, chosen in bytes": (redis) =>
    redis.session((session) => session.call("select", Buffer.from("3"))),
  "a WATCH": (redis) => redis.session((session) => session.call("watch", "key")),
  "an open MULTI": (redis) =>
    redis.session(async (session) => {
      await session.call("MULTI");
      await session.call("SET", "key", "queued");
    }),
  "a MULTI that it did not wait for": (redis) =>
    redis.session((session) => {
      session.call("MULTI").catch(() => {});
    }),
  tracking: (redis) =>
    redis.session(async (session) => {
      await session.clientTracking(true, { broadcast: true });
      session.onPush(() => expect.unreachable("a push for somebody who has gone"));
    }),
  "tracking, called in lower case": (redis) =>
    redis.session((session) => session.call("client", Buffer.from("tracking"), "on")),
  "CLIENT NO-EVICT": (redis) => redis.session((session) => session.clientNoEvict(true)),
  "CLIENT NO-TOUCH": (redis) => redis.session((session) => session.clientNoTouch(true)),
  "a name": (redis) => redis.session((session) => session.clientSetname("somebody")),
  "another user": (redis) =>
    redis.session((session) => session.auth({ username: "reader", password: "any" })),
  "a subscription that was refused": (redis) =>
    failureOf(redis.session((session) => session.call("SUBSCRIBE", "channel"))),
  "no replies, which was refused": (redis) =>
    failureOf(redis.session((session) => session.call("CLIENT", "REPLY", "OFF"))),
  "a reply that it did not wait for": (redis) =>
    redis.session((session) => {
      for (const tag of ["one", "two"]) session.echo(tag).catch(() => {});
    }),
  "a blocking command that it did not wait for": (redis) =>
    redis.session((session) => {
      session.blpop("nothing", 0).catch(() => {});
    }),
  "an error of its own": (redis) =>
    failureOf(
      redis.session(async (session) => {
        await session.call("WATCH", "key");
        throw mine;
      }),
    ),
  "a blocking command that was aborted": (redis) =>
    failureOf(redis.with({ signal: AbortSignal.timeout(20) }).blpop("nothing", 0)),
  "a blocking command that timed out": (redis) =>
    failureOf(redis.with({ timeout: 20 }).blpop("nothing", 0)),
  "a pipeline with a blocking command that timed out": (redis) =>
    failureOf(redis.pipeline({ timeout: 20 }, (pipe) => [pipe.blpop("nothing", 0)])),
  "a connection that it killed": (redis) =>
    failureOf(
      redis.session(async (session) => {
        await session.clientKill({ id: await session.clientId(), skipMe: false });
        return session.ping();
      }),
    ),
  "a watch block that queued nothing": (redis) => watch(redis, () => {}),
  "a watch block that threw": (redis) =>
    failureOf(
      watch(redis, (pipe) => {
        pipe.set("key", "queued");
        throw mine;
      }),
    ),
  "a watch block that met a conflict": (redis) =>
    failureOf(
      watch(redis, async (pipe) => {
        pipe.set("key", "queued");
        await redis.set("key", "other");
      }),
    ),
  "a watch block with a command that is none": (redis) =>
    failureOf(watch(redis, (pipe) => pipe.call("NO-SUCH-COMMAND"))),
  "a watch block whose body never ends": (redis) =>
    failureOf(redis.pipeline({ timeout: 20 }).watch("key", () => new Promise<void>(() => {}))),
  "a watch block that did not wait for its reads": (redis) => {
    const pipe = redis.pipeline();
    return pipe.watch("key", (watched) => {
      for (const tag of ["one", "two"]) watched.echo(tag).catch(() => {});
      pipe.set("key", "queued");
    });
  },
  "a monitor": async (redis) => (await redis.monitor()).return?.(),
};

function watch(redis: Redis, body: (pipe: Pipeline) => unknown): Promise<unknown> {
  const pipe = redis.pipeline();
  return pipe.watch("key", async () => {
    await body(pipe);
  });
}

describe.each(["redis-8.6", "valkey-9.1"])("%s", (version) => {
  const it = proxied({ pool: { max: 1 }, reconnect: { base: 1, cap: 5 } }, { version });

  test.each(Object.entries(BORROWERS))("S15: %s is not left to the next", async (_, borrow) => {
    await it.redis.aclSetuser("reader", ["on", "nopass", "~*", "+@all"]);
    const fresh = await it.redis.session(stateOf);
    await borrow(it.redis);
    await it.redis.session(async (session) => {
      expect(await Promise.all([session.echo("a"), session.echo("b")])).toEqual(["a", "b"]);
      expect(await stateOf(session)).toEqual(fresh);
      expect(await session.set("key", "mine")).toBe(true);
    });
    // A WATCH that was left would make the next EXEC fail.
    const pipe = it.redis.pipeline();
    const [replied] = await pipe.watch("other", (watched) => [pipe.echo("c"), watched.echo("d")]);
    expect(replied).toBe("c");
  });
});

async function stateOf(session: {
  call(name: string, ...args: readonly string[]): PromiseLike<unknown>;
}): Promise<Record<string, string>> {
  const words = String(await session.call("CLIENT", "INFO"))
    .trim()
    .split(" ");
  const fields = words.map((word) => word.split("=") as [string, string]);
  return Object.fromEntries(fields.filter(([name]) => STATE.includes(name)));
}
