import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  ArgumentError,
  DecodeError,
  json,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
  WrongTypeError,
} from "../../src/index.ts";
import { onNewest, rejection, thrown, wire } from "./pipeline_target.ts";

interface User {
  readonly name: string;
}

function validateUser(value: unknown): StandardResult<User> {
  if (typeof value === "object" && value !== null && "name" in value) {
    if (typeof value.name === "string") return { value: { name: value.name } };
    return { issues: [{ message: "Expected a string", path: ["name"] }] };
  }
  return { issues: [{ message: "Expected an object" }] };
}

/** As zod's: an object with methods beside the standard property. */
class ZodLike implements StandardSchema<User> {
  readonly "~standard" = {
    version: 1 as const,
    vendor: "zod",
    validate: (value: unknown): StandardResult<User> => validateUser(value),
  };

  parse(): never {
    throw new Error("typedis uses the standard property only");
  }
}

/** As valibot's: a plain object, whose issues carry objects as steps of a path. */
const valibotLike: StandardSchema<User> = {
  "~standard": {
    version: 1,
    vendor: "valibot",
    validate(value) {
      const result = validateUser(value);
      if (result.issues === undefined) return result;
      const issues: StandardIssue[] = result.issues.map(({ message, path }) => ({
        message,
        path: path?.map((key) => ({ key: typeof key === "object" ? key.key : key })),
      }));
      return { issues };
    },
  },
};

/** As arktype's: a function that is a schema. */
const arktypeLike = Object.assign(
  (_value: unknown): never => {
    throw new Error("a schema is not called");
  },
  { "~standard": { version: 1, vendor: "arktype", validate: validateUser } } as const,
);

const SCHEMAS: Readonly<Record<string, StandardSchema<User>>> = {
  "an object with methods": new ZodLike(),
  "a plain object": valibotLike,
  "a function": arktypeLike,
};

const ADA = '{"name":"Ada"}';

onNewest("conversions", (target) => {
  test("P10: as(function) gives a converted handle, and sends the command once", async () => {
    await target.redis.set("age", "36");
    target.forget();
    const pipe = target.redis.pipeline();
    const text = pipe.get("age");
    const age = text.as(Number);
    const next = age.as((years) => years + 1);
    expect(pipe.length).toBe(1);
    expect(await pipe.execute()).toEqual(["36"]);
    expect(target.written).toBe(wire("GET", "age"));
    expect([await text, await age, await next]).toEqual(["36", 36, 37]);
    expect([text.value, age.value, next.value]).toEqual(["36", 36, 37]);
  });

  test("P10: the scope's result has the converted value, .results the command's own", async () => {
    await target.redis.set("age", "36");
    let results: (() => readonly unknown[]) | undefined;
    const { age } = await target.redis.pipeline((pipe) => {
      results = () => pipe.results;
      return { age: pipe.get("age").as(Number) };
    });
    expect(age).toBe(36);
    expect(results?.()).toEqual(["36"]);
  });

  test("P10: a handle keeps its own value beside the converted one", async () => {
    await target.redis.set("age", "36");
    const both = await target.redis.pipeline((pipe) => {
      const text = pipe.get("age");
      return [text, text.as(Number)];
    });
    expect(both).toEqual(["36", 36]);
  });

  test("P10: a conversion runs once, however often its handle is awaited", async () => {
    const seen: unknown[] = [];
    const pipe = target.redis.pipeline();
    const handle = pipe.echo("x").as((value) => seen.push(value));
    const ignored = pipe.echo("y").as((value) => seen.push(value));
    await pipe.execute();
    expect([await handle, await handle, handle.value]).toEqual([1, 1, 1]);
    expect(seen).toEqual(["x"]);
    expect(ignored.value).toBe(2);
  });

  for (const [kind, schema] of Object.entries(SCHEMAS)) {
    test(`P10: as(schema) takes a Standard Schema that is ${kind}`, async () => {
      await target.redis.hset("user", { name: "Ada", age: "36" });
      await target.redis.hset("nobody", { age: "36" });
      const pipe = target.redis.pipeline({ raiseOnError: false });
      const user = pipe.hgetall("user").as(schema);
      const nobody = pipe.hgetall("nobody").as(schema);
      await pipe.execute();
      expect(await user).toEqual({ name: "Ada" });
      const error = await rejection(nobody);
      expect(error).toBeInstanceOf(DecodeError);
      expect(error).toHaveProperty("message", expect.stringContaining("Expected an object"));
      const issues = [{ message: "Expected an object" }];
      expect(error).toMatchObject({ command: "HGETALL nobody", cause: issues });
    });

    test(`P10: json(schema) takes a schema that is ${kind}, on pipeline and client`, async () => {
      await target.redis.mset({ user: ADA, nobody: '{"name":1}' });
      const pipe = target.redis.pipeline();
      const user = pipe.get("user").as(json(schema));
      const nobody = pipe.get("nobody").as(json(schema));
      const missing = pipe.get("missing").as(json(schema));
      await pipe.execute();
      expect(await user).toEqual({ name: "Ada" });
      expect(await missing).toBeNull();
      expect(await target.redis.get("user").then(json(schema))).toEqual({ name: "Ada" });
      expect(await target.redis.bytes.get("user").then(json(schema))).toEqual({ name: "Ada" });
      expect(await target.redis.get("missing").then(json(schema))).toBeNull();
      for (const reply of [nobody, target.redis.get("nobody").then(json(schema))]) {
        const error = await rejection(reply);
        expect(error).toBeInstanceOf(DecodeError);
        expect(error).toHaveProperty(
          "message",
          expect.stringContaining("Expected a string (at name)"),
        );
      }
    });
  }

  test("P10: json() without a schema parses, json(function) converts what was parsed", async () => {
    await target.redis.mset({ user: ADA, broken: "{" });
    const pipe = target.redis.pipeline();
    const parsed = pipe.get("user").as(json());
    const kind = pipe.get("user").as(json((value) => typeof value));
    const broken = pipe.get("broken").as(json());
    await pipe.execute();
    expect(await parsed).toEqual({ name: "Ada" });
    expect(await kind).toBe("object");
    const error = await rejection(broken);
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ command: "GET broken", cause: expect.any(SyntaxError) });
  });

  test("P10: a conversion that throws fails its own handle only, not the execution", async () => {
    const mistake = new RangeError("no such number");
    const pipe = target.redis.pipeline();
    const reply = pipe.echo("1");
    const bad = reply.as((): number => {
      throw mistake;
    });
    const good = reply.as(Number);
    const worse = bad.as((n) => n + 1);
    expect(await pipe.execute()).toEqual(["1"]);
    expect([await reply, await good]).toEqual(["1", 1]);
    const error = await rejection(bad);
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ command: "ECHO 1", applied: true, cause: mistake });
    expect(error).toHaveProperty("message", expect.stringContaining("no such number"));
    expect(await rejection(bad)).toBe(error);
    expect(thrown(() => bad.value)).toBe(error);
    expect(await rejection(worse)).toBe(error);
  });

  test("P10: a scope whose conversion throws rejects, or has it in its place", async () => {
    const convert = (): never => {
      throw new RangeError("no");
    };
    const scope = target.redis.pipeline((pipe) => [pipe.incr("n"), pipe.incr("n").as(convert)]);
    expect(await rejection(scope)).toBeInstanceOf(DecodeError);
    const [n, error] = await target.redis.pipeline({ raiseOnError: false }, (pipe) => [
      pipe.incr("n"),
      pipe.incr("n").as(convert),
    ]);
    expect(n).toBe(3);
    expect(error).toBeInstanceOf(DecodeError);
  });

  test("P10: what is no conversion throws at the call", () => {
    const handle = target.redis.pipeline().get("key");
    for (const wrong of [undefined, null, "User", {}, { "~standard": { version: 2 } }]) {
      const error = thrown(() => handle.as(wrong as never));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error).toHaveProperty(
        "message",
        expect.stringMatching(/^as\(\) needs a function or a/),
      );
    }
  });

  test("P21: the error of a conversion has the place of its command in the pipeline", async () => {
    const fail = (): never => {
      throw new Error("does not fit");
    };
    const pipe = target.redis.pipeline();
    pipe.ping();
    const converted = pipe.get("key").as(fail);
    const twice = pipe.get("key").as(String).as(fail);
    await pipe.execute();
    expect(await rejection(converted)).toMatchObject({ index: 1, command: "GET key" });
    expect(await rejection(twice)).toMatchObject({ index: 2, command: "GET key" });
  });

  test("P10: a converted handle fails with the command's own error", async () => {
    const pipe = target.redis.pipeline({ raiseOnError: false });
    const seen: unknown[] = [];
    pipe.set("text", "x");
    const push = pipe.lpush("text", "y");
    const converted = push.as((value) => seen.push(value));
    await pipe.execute();
    const error = await rejection(converted);
    expect(error).toBeInstanceOf(WrongTypeError);
    expect(error).toBe(await rejection(push));
    expect(seen).toEqual([]);
  });

  const settled = (): Promise<StandardResult<string>> => Promise.resolve({ value: "late" });
  const rejected = (): Promise<StandardResult<string>> => Promise.reject(new Error("late"));
  // A promise of another realm, or of a library: not an instance of Promise.
  const foreign = (): Promise<StandardResult<string>> => {
    const { then, catch: caught, finally: ended } = Promise.prototype;
    const promise = settled();
    return {
      // biome-ignore lint/suspicious/noThenProperty: it imitates a promise
      then: then.bind(promise) as typeof promise.then,
      catch: caught.bind(promise) as typeof promise.catch,
      finally: ended.bind(promise),
      [Symbol.toStringTag]: "Promise",
    };
  };
  for (const [kind, validate] of Object.entries({ settled, rejected, foreign })) {
    test(`P10: a schema that answers with a ${kind} promise is refused`, async () => {
      const schema: StandardSchema<string> = {
        "~standard": { version: 1, vendor: "late", validate },
      };
      const unhandled: unknown[] = [];
      const note = (reason: unknown): void => void unhandled.push(reason);
      process.on("unhandledRejection", note);
      const pipe = target.redis.pipeline();
      const late = pipe.echo('"x"').as(schema);
      const lateJson = pipe.echo('"x"').as(json(schema));
      await pipe.execute();
      for (const handle of [late, lateJson]) {
        const error = await rejection(handle);
        expect(error).toBeInstanceOf(DecodeError);
        expect(error).toHaveProperty("message", expect.stringContaining("asynchronously"));
      }
      await nextTurn();
      process.off("unhandledRejection", note);
      expect(unhandled).toEqual([]);
    });
  }
});
