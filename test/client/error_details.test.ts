/** R12: whatever becomes of a command, its error tells of which, where, and whether it ran. */
import { expect, test } from "vitest";
import { type Redis, script } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied({ reconnect: { base: 1, cap: 5 } });

/** Brings about one kind of error, with what `run` sends. */
type Trouble = (run: (redis: Redis) => PromiseLike<unknown>) => Promise<unknown>;

const TROUBLES: Readonly<Record<string, readonly [code: string, applied: unknown, Trouble]>> = {
  "the server's answer": [
    "ERR",
    false,
    async (run) => {
      await it.redis.set("n", "no number");
      return failureOf(run(it.redis));
    },
  ],
  "a deadline": [
    "TIMEOUT",
    "unknown",
    (run) => {
      it.proxy.hold("toClient");
      return failureOf(run(it.redis.with({ timeout: 100 })));
    },
  ],
  "a signal, before the write": [
    "ABORTED",
    false,
    (run) => failureOf(run(it.redis.with({ signal: AbortSignal.abort("mine") }))),
  ],
  "a signal, after the write": [
    "ABORTED",
    "unknown",
    async (run) => {
      it.proxy.hold("toClient");
      const controller = new AbortController();
      const failure = failureOf(run(it.redis.with({ signal: controller.signal })));
      await expect.poll(() => it.wire.names().join()).toMatch(/INCR|EVALSHA/);
      controller.abort("mine");
      return failure;
    },
  ],
  "a loss": [
    "CONNECTION_LOST",
    "unknown",
    (run) => {
      it.wire.decide = (names) => (/INCR|EVALSHA/.test(names.join()) ? "cut" : "forward");
      return failureOf(run(it.redis));
    },
  ],
  "a closed client": [
    "CLOSED",
    false,
    async (run) => {
      await it.redis.close();
      return failureOf(run(it.redis));
    },
  ],
};

const INCREMENT = script("return redis.call('INCR', KEYS[1])", { keys: ["n"], args: [] });

const WAYS: Readonly<Record<string, (redis: Redis) => PromiseLike<unknown>>> = {
  "a command": (redis) => redis.incr("n"),
  "a pipeline": (redis) => redis.pipeline((pipe) => [pipe.incr("n")]),
  "a transaction": (redis) => redis.pipeline({ transaction: true }, (pipe) => [pipe.incr("n")]),
  "a script": (redis) => redis.run(INCREMENT, ["n"], []),
};

const CASES = Object.entries(TROUBLES).flatMap(([trouble, [code, applied, bringAbout]]) =>
  Object.entries(WAYS).map(([way, run]) => ({ trouble, code, applied, bringAbout, way, run })),
);

test.each(CASES)(
  "R12: the error of $way says everything about $trouble",
  async ({ code, applied, bringAbout, way, run }) => {
    const error = await bringAbout(run);
    const { host, port } = it.proxy;
    const index = way === "a command" || way === "a script" ? undefined : 0;
    const command = way === "a script" ? `EVALSHA ${INCREMENT.digest} 1 n` : "INCR n";
    // What a script did before its error is not known.
    const ran = way === "a script" && code === "ERR" ? "unknown" : applied;
    const attempts = code === "CLOSED" || (code === "ABORTED" && applied === false) ? 0 : 1;
    const address = `${host}:${port}`;
    expect(error).toMatchObject({ code, applied: ran, index, attempts, address, command });
    // A deadline is nobody's error.
    expect(error instanceof Error && Object.hasOwn(error, "cause")).toBe(code !== "TIMEOUT");
  },
);
