import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
/** Nobody connects from here. */
const NOWHERE = "192.0.2.1:50001";

/** What every surface does with the commands on connections. */
export function connectionSuite(surface: Surface): void {
  messages(surface);
  descriptions(surface);
  closing(surface);
  waiting(surface);
}

function messages(surface: Surface): void {
  test("PING gives PONG, or the message", async () => {
    const { commands, bytes } = surface;
    expect(await commands.ping()).toBe("PONG");
    expect(await commands.ping("hello")).toBe("hello");
    expect(await commands.ping("")).toBe("");
    expect(await commands.ping(0)).toBe("0");
    expect(await bytes.ping()).toBe("PONG");
    expect(await bytes.ping(BYTES)).toEqual(BYTES);
    expect(await bytes.ping("PONG")).toEqual(Buffer.from("PONG"));
  });

  test("ECHO gives the message", async () => {
    const { commands, bytes } = surface;
    expect(await commands.echo("hello")).toBe("hello");
    expect(await commands.echo("")).toBe("");
    expect(await commands.echo(1.5)).toBe("1.5");
    expect(await bytes.echo(BYTES)).toEqual(BYTES);
  });
}

function descriptions(surface: Surface): void {
  describe("CLIENT INFO and CLIENT LIST", () => {
    test("describe connections, in text and bytes form alike", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        const id = await commands.clientId();
        const info = await commands.clientInfo();
        expect(info).toMatchObject({ id, db: 0, user: "default", redir: -1, ssub: 0, psub: 0 });
        expect(info.addr).toMatch(/^127\.0\.0\.1:\d+$/);
        expect(info.laddr).toMatch(/^127\.0\.0\.1:\d+$/);
        expect([2, 3]).toContain(info.resp);
        expect(Object.values(info).filter(Number.isNaN)).toEqual([]);
        expect(info.fields["qbuf-free"]).toBe(String(info.qbufFree));
        expect(Object.getPrototypeOf(info.fields)).toBeNull();
        const ids = (await commands.clientList()).map((client) => client.id);
        expect(ids).toContain(id);
      }
    });

    test("filter by type or by numbers", async () => {
      const { commands } = surface;
      const id = await commands.clientId();
      const idsOf = (clients: readonly { readonly id: number }[]) => clients.map((it) => it.id);
      expect(idsOf(await commands.clientList({ type: "normal" }))).toContain(id);
      expect(await commands.clientList({ type: "replica" })).toEqual([]);
      expect(await commands.clientList({ type: "master" })).toEqual([]);
      expect(await commands.clientList({ type: "pubsub" })).toEqual([]);
      expect(idsOf(await commands.clientList({ ids: id }))).toEqual([id]);
      expect(idsOf(await commands.clientList({ ids: new Set([id, 999_999_999]) }))).toEqual([id]);
      expect(await commands.clientList({ ids: [999_999_999] })).toEqual([]);
      await expect(async () => commands.clientList({ ids: [] })).rejects.toThrow(ArgumentError);
    });

    testSince(surface, { valkey: "9.0.0" }, "filter by what a connection is", async () => {
      const { commands } = surface;
      const { id, addr, laddr } = await commands.clientInfo();
      const own = { address: addr, localAddress: laddr, user: "default", db: 0, ip: "127.0.0.1" };
      const found = await commands.clientList({ ...own, skipMe: false });
      expect(found.map((client) => client.id)).toEqual([id]);
      expect(await commands.clientList({ ...own, skipMe: true })).toEqual([]);
      for (const no of [{ ids: id }, { address: addr }, { localAddress: laddr }, { db: 0 }]) {
        expect(await commands.clientList({ ids: id, not: no })).toEqual([]);
      }
      const absent = { name: "x", libraryName: "x", libraryVersion: "x", flags: "b", ip: "::1" };
      for (const filter of Object.entries(absent).map((entry) => Object.fromEntries([entry]))) {
        expect(await commands.clientList({ ids: id, ...filter })).toEqual([]);
        expect(await commands.clientList({ ids: id, not: filter })).toHaveLength(1);
      }
      expect(await commands.clientList({ ids: id, capabilities: "r" })).toEqual([]);
      expect(await commands.clientList({ ids: id, not: { type: "normal" } })).toEqual([]);
      expect(await commands.clientList({ ids: id, not: { user: "default" } })).toEqual([]);
      expect(await commands.clientList({ minAgeSeconds: 100_000 })).toEqual([]);
      expect(await commands.clientList({ minIdleSeconds: 100_000 })).toEqual([]);
    });
  });

  test("CLIENT ID gives a number", async () => {
    expect(await surface.commands.clientId()).toBeGreaterThan(0);
  });

  test("CLIENT GETNAME gives the name of the connection, or null", async () => {
    const { commands, bytes } = surface;
    const { name } = await commands.clientInfo();
    expect(await commands.clientGetname()).toBe(name === "" ? null : name);
    expect(await bytes.clientGetname()).toEqual(name === "" ? null : Buffer.from(name));
  });

  test("CLIENT GETREDIR and CLIENT TRACKINGINFO tell that tracking is off", async () => {
    const tracking = { flags: new Set(["off"]), redirect: -1, prefixes: [] };
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.clientGetredir()).toBe(-1);
      expect(await commands.clientTrackinginfo()).toEqual(tracking);
    }
  });
}

function closing(surface: Surface): void {
  describe("CLIENT KILL", () => {
    test("counts the connections it closed", async () => {
      const { commands } = surface;
      expect(await commands.clientKill({ address: NOWHERE })).toBe(0);
      expect(await commands.clientKill({ localAddress: NOWHERE })).toBe(0);
      expect(await commands.clientKill({ id: 999_999_999, skipMe: false })).toBe(0);
      expect(await commands.clientKill({ type: "replica", skipMe: true })).toBe(0);
      expect(await commands.clientKill({ type: "pubsub", user: "default" })).toBe(0);
      const id = await commands.clientId();
      expect(await commands.clientKill({ id, type: "pubsub" })).toBe(0);
    });

    testSince(surface, { redis: "7.4.0", valkey: "8.0.0" }, "filters by age", async () => {
      expect(await surface.commands.clientKill({ minAgeSeconds: 100_000 })).toBe(0);
    });

    testSince(surface, { valkey: "9.0.0" }, "filters by what a connection is", async () => {
      const { commands } = surface;
      const filter = { name: "x", minIdleSeconds: 1_000, not: { ids: [1, 2], db: 3 } };
      expect(await commands.clientKill(filter)).toBe(0);
    });

    testSince(surface, { valkey: "8.1.0" }, "takes several numbers", async () => {
      expect(await surface.commands.clientKill({ id: [999_999_998, 999_999_999] })).toBe(0);
    });

    test("fails if nothing is connected from the one address", async () => {
      await expect(surface.commands.clientKill(NOWHERE)).rejects.toThrow("No such client");
    });

    test("refuses an empty filter", async () => {
      const { commands } = surface;
      await expect(async () => commands.clientKill({})).rejects.toThrow(ArgumentError);
      await expect(async () => commands.clientKill({ id: undefined })).rejects.toThrow(
        "CLIENT KILL needs a filter",
      );
    });

    test("fails on a user that does not exist", async () => {
      await expect(surface.commands.clientKill({ user: "nobody" })).rejects.toThrow(ServerError);
    });
  });
}

function waiting(surface: Surface): void {
  test("CLIENT UNBLOCK tells whether the connection was waiting", async () => {
    const { commands } = surface;
    const id = await commands.clientId();
    expect(await commands.clientUnblock(id)).toBe(false);
    expect(await commands.clientUnblock(999_999_999, { as: "ERROR" })).toBe(false);
    expect(await commands.clientUnblock(999_999_999, { as: "TIMEOUT" })).toBe(false);
    expect(await commands.clientUnblock(999_999_999, {})).toBe(false);
  });

  test("CLIENT PAUSE and CLIENT UNPAUSE say that they did", async () => {
    const { commands } = surface;
    expect(await commands.clientPause(1)).toBe(true);
    expect(await commands.clientPause(1, { mode: "ALL" })).toBe(true);
    expect(await commands.clientPause(60_000, { mode: "WRITE" })).toBe(true);
    expect(await commands.clientUnpause()).toBe(true);
    expect(await commands.clientUnpause()).toBe(true);
    expect(await commands.set("k", "v")).toBe(true);
  });
}

/** Never called: what must not compile. */
export function connectionTypes({ commands }: Surface): void {
  // @ts-expect-error one filter at most
  void commands.clientList({ type: "normal", ids: [1] });
  // @ts-expect-error no such type
  void commands.clientKill({ type: "slave" });
}
