/**
 * TLS: `rediss://` is enough where the server's certificate is signed by a public authority. With
 * a private one, or with client certificates, `tls` takes the options of `node:tls`. The chain and
 * the host name are always verified.
 */
import { readFileSync } from "node:fs";
import { ConnectError, Redis } from "typedis";

const url = process.env["REDIS_URL"] ?? "rediss://127.0.0.1:6379";
const caFile = process.env["REDIS_CA"] ?? "ca.pem";

await using redis = await Redis.connect({
  url,
  tls: { ca: readFileSync(caFile), minVersion: "TLSv1.2" },
  clientName: "example",
  connectTimeout: 3_000,
});
console.log("over TLS:", await redis.ping());

// Without the authority the server is a stranger, and no password is ever sent to it.
try {
  await Redis.connect(url);
} catch (error) {
  if (error instanceof ConnectError) console.log(`${error.name}: applied ${error.applied}`);
}
