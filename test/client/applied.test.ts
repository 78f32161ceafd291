/** R1, S12: what an error says of a command is true, and shows no secret. */
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { script } from "../../src/index.ts";
import { failureOf, proxied } from "../support/proxied.ts";

const it = proxied();

test("R1: a script that wrote before its call failed may have been applied", async () => {
  await it.redis.call("XGROUP", "CREATE", "stream", "group", "$", "MKSTREAM");
  const writes = script(
    "redis.call('SET', KEYS[1], 1) " +
      "return redis.call('XGROUP', 'CREATE', KEYS[2], 'group', '$')",
  );
  const error = await failureOf(it.redis.run(writes, ["written", "stream"], []));
  expect(await it.redis.get("written")).toBe("1");
  expect(error).toMatchObject({ code: "BUSYGROUP", applied: "unknown" });
});

const COINED = [
  ...["ASK", "BUSY", "CLUSTERDOWN", "CROSSSLOT", "DENIED", "EXECABORT", "LOADING", "MASTERDOWN"],
  ...["MISCONF", "MOVED", "NOAUTH", "NOREPLICAS", "READONLY", "TRYAGAIN", "WRONGPASS"],
];

test.each(COINED)(
  "R2: a script that wrote, and then answers %s in words of its own, runs once",
  async (code) => {
    const lua = "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])";
    const redis = it.redis.with({ timeout: 1_000 });
    const error = await failureOf(redis.run(script(lua), ["n"], [`${code} is what I say`]));
    expect(await it.redis.get("n")).toBe("1");
    expect(error).toMatchObject({ code, applied: "unknown", attempts: 1 });
  },
);

test("R1: a script whose first write the server refuses was not applied", async () => {
  const increment = script("return redis.call('INCR', KEYS[1])");
  await it.redis.configSet({ "min-replicas-to-write": 1 });
  const error = await failureOf(it.redis.run(increment, ["n"], []));
  await it.redis.configSet({ "min-replicas-to-write": 0 });
  expect(error).toMatchObject({ code: "NOREPLICAS", applied: false });
  expect(await it.redis.get("n")).toBeNull();
});

test.each([
  ["a password that is none of the user's", ["ACL", "SETUSER", "ann", "<s3cret"]],
  ["a rule that there is not", ["acl", "setuser", "ann", Buffer.from("s3cret")]],
  ["a setting that cannot be", ["CONFIG", "SET", "maxmemory", "s3cret"]],
])(
  "S12: whatever the server repeats of %s, the error does not",
  async (_, [name = "", ...words]) => {
    const pipe = it.redis.pipeline({ raiseOnError: false });
    pipe.call(String(name), ...words);
    const [queued] = await pipe.execute();
    for (const error of [await failureOf(it.redis.call(String(name), ...words)), queued]) {
      expect(inspect(error)).toContain("***");
      expect(inspect(error)).not.toContain("s3cret");
    }
  },
);
