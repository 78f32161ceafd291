import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);

/** What every surface does with the commands that tell what commands there are. */
export function introspectionSuite(surface: Surface): void {
  descriptions(surface);
  documentation(surface);
  lists(surface);
  keys(surface);
}

function descriptions(surface: Surface): void {
  describe("COMMAND and COMMAND INFO", () => {
    test("describe commands, in text and bytes form alike", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        const [get, missing] = await commands.commandInfo(["get", "gett"]);
        expect(missing).toBeNull();
        expect(get).toEqual({
          name: "get",
          arity: 2,
          flags: new Set(["readonly", "fast"]),
          firstKey: 1,
          lastKey: 1,
          keyStep: 1,
          aclCategories: new Set(["@read", "@string", "@fast"]),
          tips: [],
          keySpecs: [
            {
              notes: "",
              flags: new Set(["RO", "access"]),
              beginSearch: { type: "index", index: 1 },
              findKeys: { type: "range", lastKey: 0, keyStep: 1, limit: 0 },
            },
          ],
          subcommands: [],
        });
      }
    });

    test("tell every way of finding keys", async () => {
      const { commands } = surface;
      const [migrate, evaluate, sort] = await commands.commandInfo(["MIGRATE", "EVAL", "SORT"]);
      expect(migrate?.keySpecs[1]).toMatchObject({
        beginSearch: { type: "keyword", keyword: "KEYS", startFrom: -2 },
        findKeys: { type: "range", lastKey: -1, keyStep: 1, limit: 0 },
      });
      expect(evaluate?.keySpecs[0]).toMatchObject({
        notes: expect.stringContaining("keys"),
        findKeys: { type: "keynum", keyNumIndex: 0, firstKey: 1, keyStep: 1 },
      });
      expect(sort?.keySpecs[1]).toMatchObject({
        beginSearch: { type: "unknown" },
        findKeys: { type: "unknown" },
      });
    });

    test("tell the commands of a container", async () => {
      const { commands } = surface;
      const [config, get] = await commands.commandInfo(["config", "config|get"]);
      expect(config?.subcommands.map(({ name }) => name)).toContain("config|get");
      expect(config?.subcommands.find(({ name }) => name === "config|get")).toEqual(get);
      const [all] = await commands.commandInfo("dbsize");
      expect(all?.tips).toContain("response_policy:agg_sum");
    });

    test("describe all commands", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        const all = await commands.command();
        const names = new Set(all.map(({ name }) => name));
        expect(names.size).toBe(await commands.commandCount());
        expect(names).toContain("zadd");
      }
    });
  });
}

function documentation(surface: Surface): void {
  describe("COMMAND DOCS", () => {
    test("documents the commands that exist, in text and bytes form alike", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        const docs = await commands.commandDocs(["zrangebyscore", "slaveof", "no-such"]);
        expect(Object.getPrototypeOf(docs)).toBeNull();
        expect(Object.keys(docs).sort()).toEqual(["slaveof", "zrangebyscore"]);
        expect(docs["zrangebyscore"]).toMatchObject({
          group: "sorted-set",
          since: "1.0.5",
          module: undefined,
          history: [{ version: "2.0.0", change: expect.stringContaining("WITHSCORES") }],
        });
        expect(docs["slaveof"]).toMatchObject({
          docFlags: new Set(["deprecated"]),
          deprecatedSince: "5.0.0",
          replacedBy: expect.stringContaining("REPLICAOF"),
          history: [],
        });
      }
    });

    test("documents arguments, and arguments inside of them", async () => {
      const { commands } = surface;
      const { zrangebyscore } = await commands.commandDocs("zrangebyscore");
      const [key, , , withScores, limit] = zrangebyscore?.arguments ?? [];
      expect(key).toMatchObject({ name: "key", type: "key", keySpecIndex: 0, arguments: [] });
      expect(withScores).toMatchObject({
        type: "pure-token",
        token: "WITHSCORES",
        flags: new Set(["optional"]),
        since: "2.0.0",
        deprecatedSince: undefined,
      });
      expect(limit?.type).toBe("block");
      expect(limit?.arguments.map(({ type }) => type)).toEqual(["integer", "integer"]);
    });

    test("documents containers, and all commands", async () => {
      const { commands } = surface;
      const { object } = await commands.commandDocs("object");
      expect(object?.subcommands["object|encoding"]?.group).toBe("generic");
      expect(object?.subcommands["object|encoding"]?.arguments).toHaveLength(1);
      expect(Object.keys(await commands.commandDocs()).length).toBe(await commands.commandCount());
      await expect(async () => commands.commandDocs([])).rejects.toThrow(ArgumentError);
    });
  });
}

function lists(surface: Surface): void {
  test("COMMAND LIST lists all names, or those that fit", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.commandList()).toContain("config|get");
      expect(await commands.commandList({ pattern: "zadd*" })).toEqual(["zadd"]);
      expect(await commands.commandList({ aclCategory: "sortedset" })).toContain("zadd");
      expect(await commands.commandList({ aclCategory: "no-such-category" })).toEqual([]);
      expect(await commands.commandList({ module: "no-such-module" })).toEqual([]);
      expect(await commands.commandList({ pattern: "" })).toEqual([]);
    }
  });
}

function keys(surface: Surface): void {
  describe("COMMAND GETKEYS and COMMAND GETKEYSANDFLAGS", () => {
    test("find the keys of a command", async () => {
      const { commands, bytes } = surface;
      expect(await commands.commandGetkeys(["MSET", "a", 1, "b", 2])).toEqual(["a", "b"]);
      expect(await bytes.commandGetkeys(["GET", BYTES])).toEqual([BYTES]);
      expect(await commands.commandGetkeysandflags(["LMOVE", "a", "b", "LEFT", "LEFT"])).toEqual([
        { key: "a", flags: new Set(["RW", "access", "delete"]) },
        { key: "b", flags: new Set(["RW", "insert"]) },
      ]);
      expect(await bytes.commandGetkeysandflags(["GET", BYTES])).toEqual([
        { key: BYTES, flags: new Set(["RO", "access"]) },
      ]);
    });

    test("fail on what is no command or has no keys", async () => {
      const { commands } = surface;
      await expect(commands.commandGetkeys(["NOSUCH", "a"])).rejects.toThrow(ServerError);
      await expect(commands.commandGetkeysandflags(["PING", "a"])).rejects.toThrow(ServerError);
      await expect(async () => commands.commandGetkeys([])).rejects.toThrow(ArgumentError);
      await expect(async () => commands.commandGetkeysandflags([])).rejects.toThrow(ArgumentError);
    });
  });
}

/** Never called: what must not compile. */
export function introspectionTypes({ commands }: Surface): void {
  // @ts-expect-error one filter at most
  void commands.commandList({ pattern: "z*", aclCategory: "sortedset" });
  // @ts-expect-error all commands are described by command()
  void commands.commandInfo();
}
