/** P26: a connection that is lost between WATCH and EXEC never leads to a lost update. */
import { describe, expect, test, vi } from "vitest";
import { ConnectionLostError, type Pipeline, TimeoutError, WatchError } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ pool: { max: 1 }, reconnect: { base: 1, cap: 5 } });

/** The other client's write, which must stand. */
const theirs = (): Promise<string[]> => it.ask(["SET", "key", "theirs"]);

/** A watch block that loses its connection by `lose`, and then queues its write. */
async function lostInBody(
  lose: () => Promise<unknown> | void,
  pipe: Pipeline = it.redis.pipeline(),
): Promise<{ error: unknown; handle: unknown }> {
  let handle: PromiseLike<unknown> = Promise.resolve();
  const error = await failureOf(
    pipe.watch("key", async (watched) => {
      await watched.get("key");
      await lose();
      // Only a lost connection is of interest here, and not the error of the read.
      await expect.poll(() => failureOf(watched.get("key"))).toBeDefined();
      await theirs();
      handle = pipe.set("key", "mine");
    }),
  );
  return { error, handle: await failureOf(handle) };
}

function expectConnectionLost(error: unknown): void {
  expect(error).toBeInstanceOf(WatchError);
  expect(error).toMatchObject({ reason: "connection-lost", code: "WATCH", applied: false });
}

describe("while the body runs", () => {
  test.each<[string, () => Promise<unknown> | void]>([
    ["the proxy cuts", () => it.proxy.cut()],
    ["the server kills the connection", () => it.ask(["CLIENT", "KILL", "TYPE", "normal"])],
    [
      "the server is restarted",
      async () => {
        await it.server.kill();
        await it.server.restart();
      },
    ],
  ])("P26: %s: WatchError, and the other client's value stands", async (_, lose) => {
    const { error, handle } = await lostInBody(lose);
    expectConnectionLost(error);
    expectConnectionLost(handle);
    expect(await it.ask(["GET", "key"])).toEqual(["theirs"]);
    expect(it.wire.count("MULTI") + it.wire.count("EXEC")).toBe(0);
    // The shared connection came back; nothing of the batch comes over it.
    expect(await it.redis.get("key")).toBe("theirs");
    expect(it.wire.count("EXEC")).toBe(0);
  });

  test.each([true, false])("P26: with raiseOnError: %s", async (raiseOnError) => {
    const { error } = await lostInBody(
      () => it.proxy.cut(),
      it.redis.pipeline({ raiseOnError, transaction: true }),
    );
    expectConnectionLost(error);
    expect(await it.ask(["GET", "key"])).toEqual(["theirs"]);
  });

  test("P26: a read in flight on watched rejects with the WatchError", async () => {
    const pipe = it.redis.pipeline();
    it.wire.decide = (names) => (names.includes("GET") ? "cut" : "forward");
    let queued = false;
    const watching = pipe.watch("key", async (watched) => {
      await watched.get("key");
      queued = true;
      pipe.set("key", "mine");
    });
    expectConnectionLost(await failureOf(watching));
    expect(queued).toBe(false);
  });

  test("P26: a write in flight on watched may have been applied, and says so", async () => {
    const pipe = it.redis.pipeline();
    it.wire.decide = (names) => (names.includes("INCR") ? "cut" : "forward");
    const error = await failureOf(pipe.watch("key", (watched) => watched.incr("other")));
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ applied: "unknown", command: "INCR other" });
  });
});

describe("before EXEC is written", () => {
  test("P26: the reply of WATCH is lost: WatchError, and the body does not run", async () => {
    it.wire.decide = (names) => (names.includes("WATCH") ? "cut" : "forward");
    const body = vi.fn(() => 0);
    expectConnectionLost(await failureOf(it.redis.pipeline().watch("key", body)));
    expect(body).not.toHaveBeenCalled();
  });

  test("P26: a transaction that was written in part only was not applied", async () => {
    // More than the kernel takes while nobody reads: EXEC is not even encoded when the cut comes.
    const big = Buffer.alloc(1 << 20, "x");
    it.wire.decide = (names) => (names.includes("MULTI") ? "cut" : "forward");
    const pipe = it.redis.pipeline();
    const watching = pipe.watch("key", async () => {
      await theirs();
      pipe.set("key", "mine");
      for (let i = 0; i < 64; i += 1) pipe.append("big", big);
    });
    expectConnectionLost(await failureOf(watching));
    expect(it.wire.names().slice(-3)).toEqual(["WATCH", "MULTI", "SET"]);
    expect(await it.ask(["GET", "key"], ["EXISTS", "big"])).toEqual(["theirs", "0"]);
  });
});

describe("after EXEC was written", () => {
  const cutInPlaceOfTheReply = (): void => {
    let isExecSeen = false;
    it.wire.decide = (names) => {
      isExecSeen ||= names.includes("EXEC");
      return "forward";
    };
    it.proxy.onServerBytes = () => (isExecSeen ? "cut" : "forward");
  };

  test("P26: and executed, its reply lost: applied is unknown, no WatchError", async () => {
    cutInPlaceOfTheReply();
    const pipe = it.redis.pipeline();
    const handles: PromiseLike<unknown>[] = [];
    const watching = pipe.watch("key", () => {
      handles.push(pipe.incr("key"), pipe.incr("key"));
    });
    for (const error of [
      await failureOf(watching),
      ...(await Promise.all(handles.map(failureOf))),
    ]) {
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).not.toBeInstanceOf(WatchError);
      expect(error).toMatchObject({ applied: "unknown" });
    }
    expect(await it.ask(["GET", "key"])).toEqual(["2"]);
    expect(it.wire.count("EXEC")).toBe(1);
  });

  test("P26: and lost on its way: applied is unknown, and it is written once only", async () => {
    it.wire.decide = (names) => (names.includes("EXEC") ? "cut" : "forward");
    const pipe = it.redis.pipeline();
    const watching = pipe.watch("key", async () => {
      await theirs();
      pipe.set("key", "mine");
    });
    const error = await failureOf(watching);
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ applied: "unknown" });
    expect(await it.redis.get("key")).toBe("theirs");
    expect(it.wire.count("EXEC")).toBe(1);
  });

  test.each([true, false])(
    "P26: reads among the commands do not hide it, raiseOnError: %s",
    async (raiseOnError) => {
      cutInPlaceOfTheReply();
      const pipe = it.redis.pipeline({ raiseOnError });
      const handles: PromiseLike<unknown>[] = [];
      const watching = pipe.watch("key", () => {
        handles.push(pipe.get("key"), pipe.incr("key"));
      });
      const error = await failureOf(watching);
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({ applied: "unknown" });
      for (const handle of handles) {
        expect(await failureOf(handle)).toMatchObject({ code: "CONNECTION_LOST" });
      }
      expect(await it.ask(["GET", "key"])).toEqual(["1"]);
    },
  );

  test("P26: and never answered: TimeoutError, applied is unknown", async () => {
    const pipe = it.redis.pipeline({ timeout: 1_500 });
    const watching = pipe.watch("key", () => {
      pipe.incr("key");
      it.proxy.hold("toClient");
    });
    const error = await failureOf(watching);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ applied: "unknown" });
    expect(await it.ask(["GET", "key"])).toEqual(["1"]);
    it.proxy.release();
    expect(it.wire.count("EXEC")).toBe(1);
  });
});

test("P26: a WATCH that times out was not applied, and its body does not run", async () => {
  await it.redis.pipeline().watch("key", () => 0);
  it.proxy.hold("toServer");
  const body = vi.fn(() => 0);
  const error = await failureOf(it.redis.pipeline({ timeout: 100 }).watch("key", body));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ applied: false });
  it.proxy.release();
  expect(body).not.toHaveBeenCalled();
});

test("P26: UNWATCH lost after an empty body is no failure of the block", async () => {
  it.wire.decide = (names) => (names.includes("UNWATCH") ? "cut" : "forward");
  expect(await it.redis.pipeline().watch("key", () => "result")).toBe("result");
  it.wire.decide = undefined;
  expect(await it.redis.pipeline().watch("key", (watched) => watched.get("key"))).toBeNull();
});
