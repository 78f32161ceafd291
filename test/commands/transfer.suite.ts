import { createServer, type Server } from "node:net";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Command } from "../../src/command/command.ts";
import { array, ok, text } from "../../src/command/decoders.ts";
import { ArgumentError, BusyKeyError, ServerError } from "../../src/errors.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import { TEXT } from "../../src/protocol/resp.ts";
import type { Surface } from "../support/surfaces.ts";

export function transferSuite(surface: Surface): void {
  describe("DUMP and RESTORE", () => {
    dumpsAndRestores(surface);
  });
  describe("MIGRATE", () => {
    migrations(surface);
  });
}

/** What a key holds, dumped. */
async function payloadOf(surface: Surface, key: string): Promise<Buffer> {
  const payload = await surface.commands.dump(key);
  if (payload === null) throw new Error(`${key} does not exist`);
  return payload;
}

function dumpsAndRestores(surface: Surface): void {
  test("DUMP gives a Buffer in text form, too, and null for a missing key", async () => {
    const redis = surface.commands;
    await redis.set("a", Buffer.from([0xff, 0]));
    const payload = await redis.dump("a");
    expect(Buffer.isBuffer(payload)).toBe(true);
    expect(payload).toStrictEqual(await surface.bytes.dump("a"));
    expect(await redis.dump("missing")).toBeNull();
  });

  test("RESTORE makes the key that was dumped", async () => {
    const redis = surface.commands;
    await redis.rpush("a", ["x", "y"]);
    expect(await redis.restore("b", await payloadOf(surface, "a"))).toBe(true);
    expect(await redis.lrange("b", 0, -1)).toStrictEqual(["x", "y"]);
    expect(await redis.ttl("b")).toBe(-1);
  });

  test("RESTORE overwrites only if told to", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 2 });
    const payload = await payloadOf(surface, "a");
    await expect(redis.restore("b", payload)).rejects.toThrow(BusyKeyError);
    expect(await redis.restore("b", payload, { replace: true })).toBe(true);
    expect(await redis.get("b")).toBe("1");
  });

  test("RESTORE takes a span or a time to live; 0 is for ever", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    const payload = await payloadOf(surface, "a");
    await redis.restore("b", payload, { expireInMilliseconds: 600_000 });
    await redis.restore("c", payload, { expireAtMilliseconds: new Date("2099-12-31") });
    await redis.restore("d", payload, { expireAtMilliseconds: 4_102_358_400_000 });
    await redis.restore("e", payload, { expireInMilliseconds: 0 });
    expect(await redis.ttl("b")).toBeGreaterThan(580);
    expect(await redis.pexpiretime("c")).toBe(4_102_358_400_000);
    expect(await redis.pexpiretime("d")).toBe(4_102_358_400_000);
    expect(await redis.ttl("e")).toBe(-1);
  });

  test("RESTORE takes what eviction needs to know", async () => {
    const redis = surface.commands;
    await redis.set("a", "text");
    const payload = await payloadOf(surface, "a");
    await redis.restore("b", payload, { idleSeconds: 1_000 });
    expect(await redis.objectIdletime("b")).toBeGreaterThanOrEqual(999);
    await redis.run(new Command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"], ok));
    try {
      await redis.restore("c", payload, { frequency: 200 });
      await redis.restore("d", payload, { frequency: 0 });
      expect(await redis.objectFreq("c")).toBeGreaterThan(190);
      expect(await redis.objectFreq("d")).toBe(0);
    } finally {
      await redis.run(new Command(["CONFIG", "SET", "maxmemory-policy", "noeviction"], ok));
    }
  });

  test("RESTORE refuses damaged bytes", async () => {
    const restored = surface.commands.restore("a", Buffer.from("abc"));
    await expect(restored).rejects.toThrow(ServerError);
  });
}

/** A server that says OK to everything, and what it was told; payloads are left out. */
interface Receiver {
  readonly target: { readonly host: string; readonly port: number };
  readonly received: string[][];
  readonly server: Server;
}

async function startReceiver(): Promise<Receiver> {
  const received: string[][] = [];
  const server = createServer((socket) => {
    const decoder = new Decoder({
      pushForm: TEXT,
      form: () => TEXT,
      push: () => undefined,
      reply: (command) => {
        const words = array(command).map(text);
        if (words[0]?.startsWith("RESTORE")) words.splice(3, 1);
        received.push(words);
        socket.write("+OK\r\n");
      },
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => decoder.write(chunk));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { target: { host: "127.0.0.1", port }, received, server };
}

async function withReceiver(body: (receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await startReceiver();
  try {
    await body(receiver);
  } finally {
    receiver.server.close();
  }
}

function migrations(surface: Surface): void {
  test("a key goes to the other server", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    await withReceiver(async ({ target, received }) => {
      expect(await redis.migrate(target, "a")).toBe(true);
      expect(received).toStrictEqual([
        ["SELECT", "0"],
        ["RESTORE", "a", "0"],
      ]);
    });
    expect(await redis.exists("a")).toBe(0);
  });

  test("several keys go to a database there, overwrite, and stay as copies", async () => {
    const redis = surface.commands;
    await redis.mset({ a: 1, b: 2 });
    await withReceiver(async ({ target, received }) => {
      const options = { copy: true, replace: true, timeout: 5_000 };
      const keys = ["a", "missing", "b"];
      expect(await redis.migrate({ ...target, db: 3 }, keys, options)).toBe(true);
      expect(received).toStrictEqual([
        ["SELECT", "3"],
        ["RESTORE", "a", "0", "REPLACE"],
        ["RESTORE", "b", "0", "REPLACE"],
      ]);
    });
    expect(await redis.exists(["a", "b"])).toBe(2);
  });

  test("a password, or a user with one, comes first", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    await withReceiver(async ({ target, received }) => {
      await redis.migrate({ ...target, password: "secret" }, "a", { copy: true });
      expect(received[0]).toStrictEqual(["AUTH", "secret"]);
    });
    await withReceiver(async ({ target, received }) => {
      await redis.migrate({ ...target, username: "bob", password: "" }, new Set(["a"]));
      expect(received[0]).toStrictEqual(["AUTH", "bob", ""]);
    });
  });

  test("keys that do not exist make it false, without a connection", async () => {
    const target = { host: "127.0.0.1", port: 1 };
    expect(await surface.commands.migrate(target, "missing")).toBe(false);
    expect(await surface.bytes.migrate(target, ["x", "y"])).toBe(false);
  });

  test("a server that cannot be reached is an IOERR, and the key stays", async () => {
    const redis = surface.commands;
    await redis.set("a", 1);
    const migrated = redis.migrate({ host: "127.0.0.1", port: 1 }, "a", { timeout: 50 });
    await expect(migrated).rejects.toMatchObject({ code: "IOERR" });
    expect(await redis.get("a")).toBe("1");
  });

  test("no keys at all are an ArgumentError", async () => {
    const target = { host: "127.0.0.1", port: 1 };
    const migrate = async (): Promise<boolean> => surface.commands.migrate(target, []);
    await expect(migrate).rejects.toThrow(ArgumentError);
  });
}

/** Never called: the compiler is the test. */
export async function transferTypes({ commands: redis }: Surface): Promise<void> {
  const payload = Buffer.alloc(0);
  const target = { host: "127.0.0.1", port: 1 };
  expectTypeOf(redis.dump("a")).toEqualTypeOf<Promise<Buffer | null>>();
  // @ts-expect-error a span or a time
  await redis.restore("a", payload, { expireInMilliseconds: 1, expireAtMilliseconds: 1 });
  // @ts-expect-error for LRU or for LFU
  await redis.restore("a", payload, { idleSeconds: 1, frequency: 1 });
  // @ts-expect-error text would be damaged
  await redis.restore("a", "payload");
  // @ts-expect-error a user has a password
  await redis.migrate({ ...target, username: "bob" }, "a");
}
