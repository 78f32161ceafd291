/**
 * What failed, and whether it was applied. One failing command never stops the others of its
 * pipeline.
 */
import { Redis, RedisError, WrongTypeError } from "typedis";

await using redis = await Redis.connect(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");
await redis.set("example:name", "Ada");

// Errors stand in the places of the replies, and in their types: number | RedisError.
const [pushed, length] = await redis.pipeline({ raiseOnError: false }, (pipe) => [
  pipe.rpush("example:name", "x"),
  pipe.strlen("example:name"),
]);
if (pushed instanceof WrongTypeError) console.log(`${pushed.code}: ${pushed.message}`);
console.log("the other command:", length);

// By default a pipeline rejects with the first error, after all its commands have their replies.
const pipe = redis.pipeline();
pipe.append("example:name", " Lovelace");
const failing = pipe.incr("example:name");
const after = pipe.get("example:name");
try {
  await pipe.execute();
} catch (error) {
  if (error instanceof RedisError) console.log(`#${error.index} ${error.command}: ${error.code}`);
}
console.log("settled all the same:", after.value, failing.outcome instanceof RedisError);

// A wrong argument is the caller's mistake: thrown at the call, before anything is sent.
try {
  await redis.set("example:price", Number.NaN);
} catch (error) {
  if (error instanceof RedisError) console.log(`${error.name}: applied ${error.applied}`);
}

// A deadline. `applied` says whether it can have run: "unknown" where the reply did not come.
try {
  await redis.with({ timeout: 500 }).blpop("example:nothing", 0);
} catch (error) {
  if (error instanceof RedisError) console.log(`${error.name}: applied ${error.applied}`);
}
await redis.unlink("example:name");
