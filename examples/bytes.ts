/**
 * Bytes. Values go in as strings, numbers or bytes; what comes out is text, or on the view
 * `redis.bytes` a `Buffer`, by the same methods on the same connection.
 */
import { Redis } from "typedis";

await using redis = await Redis.connect(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");

const pixel = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
await redis.hset("example:image", { name: "pixel.png", data: pixel });

const data = await redis.bytes.hget("example:image", "data"); // Buffer | null
console.log("the same bytes:", data?.equals(pixel), data);

const name = await redis.hget("example:image", "name"); // string | null
console.log("text beside it:", name);

// Pipelines have the view, too.
const [all] = await redis.bytes.pipeline((pipe) => [pipe.hvals("example:image")]); // [Buffer[]]
console.log(
  "in a pipeline:",
  all.map((value) => `${value.length} bytes`),
);
await redis.unlink("example:image");
