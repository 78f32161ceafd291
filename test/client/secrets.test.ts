/** S12: no error, no event and no object that people look at shows a secret. */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Command, library, Redis, type RedisOptions, script } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";
import { secretive } from "../support/secretive.ts";

const SECRET = randomUUID();

/** Everything that can be read of a value, its causes included. */
function readAll(value: unknown): string {
  const texts = [String(value), inspect(value, { depth: 9, showHidden: true })];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(error.message, String(error.stack), JSON.stringify(error), String(error.cause));
  }
  return texts.join("\n");
}

const it = proxied({ reconnect: { base: 1, cap: 5 }, pool: { max: 1 } });

/** The others would change the server's settings: they never reach it. */
const HARMLESS = secretive(SECRET).filter(([shown]) => !/^config set/i.test(shown));

/** Runs a command in every way. @returns the errors */
async function failuresOf(argv: readonly string[]): Promise<unknown[]> {
  const command = new Command<unknown>(argv, String);
  const run = async (body: () => PromiseLike<unknown>): Promise<unknown> => {
    try {
      return await body();
    } catch (error) {
      return error;
    }
  };
  const pipe = (transaction: boolean) => async (): Promise<unknown> => {
    const queued = it.redis.pipeline({ transaction, raiseOnError: false });
    const handles = [queued.get("before"), queued.run(command), queued.incr("after")];
    expect(readAll(queued)).not.toContain(SECRET);
    await queued.execute().catch(() => {});
    return Promise.all(handles.map((handle) => run(() => handle))).then(([a, b, c]) =>
      [b, a, c].find((outcome) => outcome instanceof Error),
    );
  };
  return [
    await run(() => it.redis.run(command)),
    await run(pipe(false)),
    await run(pipe(true)),
    await run(() => it.redis.session((session) => session.run(command))),
    await run(() => it.redis.pipeline().watch("w", (watched) => watched.run(command))),
    await run(() => {
      const queued = it.redis.pipeline();
      return queued.watch("w", () => [queued.run(command)]);
    }),
    await run(() => it.redis.stream([1], (stream) => stream.run(command)).run()),
  ];
}

test("S12: errors of what a server answers to a command show no secret of it", async () => {
  const outcomes: unknown[] = [];
  for (const [, ...argv] of HARMLESS) outcomes.push(...(await failuresOf(argv)));
  const errors = outcomes.filter((outcome) => outcome instanceof Error);
  expect(errors.length).toBeGreaterThan(2 * HARMLESS.length);
  for (const error of errors) expect(readAll(error)).not.toContain(SECRET);
});

describe.each(secretive(SECRET))("%s", (_, ...argv) => {
  test("S12: is all that errors and events tell of it when the connection is lost", async () => {
    const seen: unknown[] = [];
    for (const name of ["disconnect", "reconnecting", "error", "connect"] as const) {
      it.redis.on(name, (...event: readonly unknown[]) => seen.push(...event));
    }
    it.proxy.onClientBytes = (chunk) => (chunk.includes(SECRET.slice(0, 8)) ? "cut" : "forward");
    seen.push(...(await failuresOf(argv)));
    expect(seen.filter((one) => one instanceof Error).length).toBeGreaterThan(0);
    expect(seen.map(readAll).join("\n")).not.toContain(SECRET);
  });
});

test.each<[string, string | RedisOptions]>([
  ["the password of a URL", `redis://:${SECRET}@127.0.0.1:1`],
  ["a URL without a host", `redis://:${SECRET}@`],
  ["a URL of another scheme", `http://user:${SECRET}@127.0.0.1`],
  ["a URL without a scheme", `${SECRET.replaceAll(/[-0-9]/g, "")}:x@127.0.0.1:6379`],
  ["a password with special characters", `redis://:${SECRET}/#?@127.0.0.1`],
  ["a URL in the place of a host", { host: `redis://:${SECRET}@127.0.0.1` }],
  ["half a URL in the place of a host", { host: `user:${SECRET}@127.0.0.1` }],
  ["a URL in the place of a path", { path: `unix://:${SECRET}@/redis.sock` }],
  ["a password that nobody wants", { port: 1, username: "ann", password: SECRET }],
])("S12: %s is in no error", async (_, options) => {
  const error = await failureOf((async () => Redis.connect(options))());
  const secret = typeof options === "string" ? SECRET.replaceAll(/[-0-9]/g, "") : SECRET;
  expect(readAll(error).replaceAll("-", "")).not.toContain(secret);
  expect(readAll(error)).not.toContain(SECRET);
});

test.each([`return 'a' '${SECRET}'`, `return 'a' "${SECRET}"`, `return 1z${SECRET.slice(0, 8)}`])(
  "S12: a program that does not compile shows no text of it: %#",
  async (lua) => {
    const functions = library(`#!lua name=broken\n${lua}`).function("f");
    for (const program of [script(lua), functions]) {
      const error = await failureOf(it.redis.run(program, [], []));
      expect(readAll(error)).toMatch(
        /Error compiling .* expected near '\*\*\*'|number near '\*\*\*'/,
      );
      expect(readAll(error)).not.toContain(SECRET.slice(0, 8));
    }
  },
);

test.each([{ key: 987_654_321 }, { ticketKeys: SECRET }])(
  "S12: what Node says of a wrong TLS option shows no value of it: %#",
  async (tls) => {
    const error = await failureOf(it.connect({ tls: tls as object }));
    expect(error).toMatchObject({ code: "CONNECT" });
    expect(readAll(error)).not.toMatch(new RegExp(`${SECRET.slice(0, 8)}|987_?654`));
  },
);

test("S12: a client shows no password, nor does the error of a wrong one", async () => {
  await it.redis.aclSetuser("ann", ["on", `>${SECRET}`, "~*", "+@all"]);
  const ann = await it.connect({ username: "ann", password: SECRET });
  const session = await ann.session();
  for (const value of [ann, ann.bytes, ann.pipeline(), session]) {
    expect(readAll(value) + JSON.stringify(value)).not.toContain(SECRET);
  }
  session.end();
  for (const protocol of [2, 3] as const) {
    const error = await failureOf(
      it.connect({ username: "ann", password: `${SECRET}!`, protocol }),
    );
    expect(error).toMatchObject({ code: "WRONGPASS" });
    expect(readAll(error)).not.toContain(SECRET);
  }
});
