import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import type { Bulk, Command } from "../../src/command/command.ts";
import { Commands } from "../../src/commands/index.ts";
import { BYTES, type ReplyForm, TEXT } from "../../src/protocol/resp.ts";
import { startServer, type TestServer } from "../../src/testing/index.ts";

/** What a behaviour suite runs on. Read its members inside of tests. */
export interface Surface {
  readonly name: string;
  readonly commands: Commands<"promise", string>;
  readonly bytes: Commands<"promise", Buffer>;
  readonly version: { readonly kind: "redis" | "valkey"; atLeast(version: string): boolean };
}

type SurfaceKind = "client" | "pipeline" | "transaction";

/** The oldest server that typedis supports, and the newest of each kind. */
export const SERVERS = ["redis-7.0", "redis-8.6", "valkey-9.1"] as const;
const KINDS: readonly SurfaceKind[] = ["client", "pipeline", "transaction"];
const PROTOCOLS = [2, 3] as const;

/**
 * Runs a suite on client, pipeline and transaction, over RESP2 and RESP3, on every tested server,
 * or on those that are given.
 */
export function onEverySurface(
  name: string,
  suite: (surface: Surface) => void,
  servers: readonly string[] = SERVERS,
): void {
  for (const version of servers) {
    describe(`${name} on ${version}`, () => {
      let server: TestServer;
      beforeAll(async () => {
        server = await startServer({ version });
      });
      afterAll(() => server.stop());
      for (const protocol of PROTOCOLS) {
        for (const kind of KINDS)
          onSurface(`${kind}, RESP${protocol}`, { kind, protocol }, suite, () => server);
      }
    });
  }
}

function onSurface(
  name: string,
  { kind, protocol }: { readonly kind: SurfaceKind; readonly protocol: 2 | 3 },
  suite: (surface: Surface) => void,
  server: () => TestServer,
): void {
  describe(name, () => {
    let redis: Redis;
    beforeAll(async () => {
      redis = await Redis.connect({ url: server().url, protocol });
    });
    beforeEach(() => redis.flushall());
    afterAll(() => redis.close());
    suite({
      name,
      get commands() {
        return kind === "client" ? redis : new Batched<string>(redis, TEXT, kind);
      },
      get bytes() {
        return kind === "client" ? redis.bytes : new Batched<Buffer>(redis, BYTES, kind);
      },
      get version() {
        const { kind: maker, version } = server();
        const atLeast = (wanted: string): boolean => compareVersions(version, wanted) >= 0;
        return { kind: maker, atLeast };
      },
    });
  });
}

/**
 * Runs each command in a pipeline of its own, between two others whose replies must not be mixed
 * up.
 */
class Batched<B extends Bulk> extends Commands<"promise", B> {
  protected override readonly form: ReplyForm;
  readonly #redis: Redis;
  readonly #kind: SurfaceKind;

  constructor(redis: Redis, form: ReplyForm, kind: SurfaceKind) {
    super();
    this.#redis = redis;
    this.form = form;
    this.#kind = kind;
  }

  protected override async deliver<T>(command: Command<T>): Promise<T> {
    const pipe = this.#redis.pipeline({
      transaction: this.#kind === "transaction",
      raiseOnError: false,
    });
    const before = pipe.echo("before");
    const reply = pipe.run(command);
    const after = pipe.echo("after");
    await pipe.execute().catch(() => undefined); // the handle has the command's own error
    const value = await reply;
    if ((await before) !== "before" || (await after) !== "after")
      throw new Error("replies are mixed up");
    return value;
  }
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
