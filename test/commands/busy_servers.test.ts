import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Redis } from "../../src/client/redis.ts";
import { BusyError, ConnectionLostError } from "../../src/errors.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { freePorts, startServerAt } from "../../src/testing/server.ts";
import { SERVERS } from "../support/surfaces.ts";

/** What takes a server of its own: it is busy, has an ACL file, somebody listens, or it ends. */
for (const version of SERVERS) {
  for (const protocol of [2, 3] as const) {
    describe(`${version}, RESP${protocol}`, () => {
      let server: TestServer;
      let redis: Redis;
      beforeEach(async () => {
        const config = { "busy-reply-threshold": 1, aclfile: "users.acl" };
        const [port = 0] = await freePorts(1);
        const files = { "users.acl": "user default on nopass ~* &* +@all\n" };
        server = await startServerAt({ port, files }, { version, config });
        redis = await Redis.connect({ url: server.url, protocol });
      });
      afterEach(async () => {
        await redis.close();
        await server.stop();
      });
      busy(() => ({ server, redis }));
      messages(() => ({ server, redis }));
      userFile(() => ({ server, redis }));
      ending(() => ({ server, redis }));
    });
  }
}

type World = () => { readonly server: TestServer; readonly redis: Redis };

function busy(world: World): void {
  test("SCRIPT KILL ends the script that keeps the server busy", async () => {
    const { server, redis } = world();
    const socket = await say(server, "EVAL 'while true do end' 0");
    const impatient = redis.with({ retry: "never" });
    const isBusy = () => impatient.get("k").catch((error: unknown) => error);
    await expect.poll(isBusy).toBeInstanceOf(BusyError);
    await expect(impatient.functionKill()).rejects.toThrow(BusyError);
    expect(await redis.scriptKill()).toBe(true);
    await expect.poll(() => redis.get("k").catch(() => "busy")).toBeNull();
    socket.destroy();
  });

  test("FUNCTION STATS names the function that runs, FUNCTION KILL ends it", async () => {
    const { server, redis } = world();
    const code = "redis.register_function('spin', function() while true do end end)";
    await redis.functionLoad(`#!lua name=spinning\n${code}`);
    const socket = await say(server, "FCALL spin 0");
    const impatient = redis.with({ retry: "never" });
    const isBusy = () => impatient.get("k").catch((error: unknown) => error);
    await expect.poll(isBusy).toBeInstanceOf(BusyError);
    const { running } = await redis.functionStats();
    const command = ["FCALL", "spin", "0"];
    expect(running).toEqual({ name: "spin", command, durationInMilliseconds: expect.any(Number) });
    const inBytes = await redis.bytes.functionStats();
    expect(inBytes.running?.name).toBe("spin");
    expect(inBytes.running?.command).toEqual(command.map((word) => Buffer.from(word)));
    expect(await redis.functionKill()).toBe(true);
    await expect.poll(async () => (await redis.functionStats()).running).toBeNull();
    socket.destroy();
  });
}

function messages(world: World): void {
  test("PUBLISH and PUBSUB count those who listen", async () => {
    const { server, redis } = world();
    const listeners = await Promise.all([
      say(server, "SUBSCRIBE news sport"),
      say(server, "SUBSCRIBE news"),
      say(server, "PSUBSCRIBE n*"),
      say(server, "SSUBSCRIBE shard"),
    ]);
    const patterns = () => redis.pubsubNumpat();
    await expect.poll(patterns).toBe(1);
    await expect.poll(() => redis.pubsubNumsub("news")).toEqual({ news: 2 });
    await expect.poll(() => redis.pubsubShardchannels()).toEqual(new Set(["shard"]));
    expect({ ...(await redis.pubsubNumsub(["news", "sport", "x"])) }).toEqual({
      news: 2,
      sport: 1,
      x: 0,
    });
    expect({ ...(await redis.pubsubShardnumsub("shard")) }).toEqual({ shard: 1 });
    expect(await redis.pubsubChannels()).toEqual(new Set(["news", "sport"]));
    expect(await redis.pubsubChannels("n*")).toEqual(new Set(["news"]));
    expect([...(await redis.bytes.pubsubChannels("n*"))]).toEqual([Buffer.from("news")]);
    expect(await redis.bytes.pubsubNumsub("news")).toEqual([
      { channel: Buffer.from("news"), subscribers: 2 },
    ]);
    expect(await redis.publish("news", "hello")).toBe(3);
    expect(await redis.spublish("shard", "hello")).toBe(1);
    for (const listener of listeners) listener.destroy();
  });
}

function userFile(world: World): void {
  test("ACL SAVE and LOAD write and read the file of users", async () => {
    const { redis } = world();
    await redis.aclSetuser("ann", ["on", "~*", "+get"]);
    expect(await redis.aclSave()).toBe(true);
    await redis.aclDeluser("ann");
    expect(await redis.aclLoad()).toBe(true);
    expect(await redis.aclUsers()).toEqual(["ann", "default"]);
  });
}

function ending(world: World): void {
  test("SHUTDOWN loses the connection, as the server ends", async () => {
    const { server, redis } = world();
    const end = redis.shutdown({ save: "NOSAVE", now: true, force: true });
    await expect(end).rejects.toThrow(ConnectionLostError);
    await expect.poll(() => server.isRunning).toBe(false);
  });
}

/** Sends one command by hand, over a connection of its own, which stays open. */
async function say(server: TestServer, command: string): Promise<Socket> {
  const socket = connect(server.port, server.host);
  socket.on("error", () => undefined); // the server may end before the connection does
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(`${command}\r\n`);
  return socket;
}
