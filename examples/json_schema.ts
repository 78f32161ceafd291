/**
 * JSON in keys, checked as it comes out. `json(schema)` takes any Standard Schema (zod, valibot,
 * arktype …) or a function, and serves a pipeline and a client alike.
 */
import { json, Redis, RedisError, type StandardSchema } from "typedis";

/** What we keep under `user:…`. */
interface User {
  readonly name: string;
  readonly age: number;
}

/** A schema by hand, to need no package; with zod: `z.object({ name: z.string(), … })`. */
const userSchema: StandardSchema<User> = {
  "~standard": {
    version: 1,
    vendor: "example",
    validate: (value) => {
      if (typeof value === "object" && value !== null && "name" in value && "age" in value) {
        const { name, age } = value;
        if (typeof name === "string" && typeof age === "number") return { value: { name, age } };
      }
      return { issues: [{ message: "a user has a name and an age" }] };
    },
  },
};

await using redis = await Redis.connect(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");
await redis.mset({
  "user:1": JSON.stringify({ name: "Ada", age: 36 }),
  "user:2": JSON.stringify({ name: "Bob" }),
});

// On a client the promise takes the converter …
const ada = await redis.get("user:1").then(json(userSchema)); // User | null
console.log(`${ada?.name} is ${ada?.age}`);

// … and in a pipeline the handle does. The command is sent once.
const [same, missing] = await redis.pipeline((pipe) => [
  pipe.get("user:1").as(json(userSchema)), // User | null
  pipe.get("user:404").as(json(userSchema)), // no such key: null
]);
console.log(same, missing);

// A value that does not fit fails its own handle, and the error says why.
const pipe = redis.pipeline();
const bob = pipe.get("user:2").as(json(userSchema));
await pipe.execute();
await bob.catch((error: unknown) => {
  if (error instanceof RedisError) console.log(`${error.name}: ${error.message}`);
});
await redis.unlink(["user:1", "user:2"]);
