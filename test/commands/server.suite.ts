import { describe, expect, test } from "vitest";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { isAtLeast, testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** What every surface does with the commands on the server. */
export function serverSuite(surface: Surface): void {
  information(surface);
  configuration(surface);
  databases(surface);
  saving(surface);
  entertainment(surface);
}

function information(surface: Surface): void {
  describe("INFO", () => {
    test("gives the fields of the default sections", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        const info = await commands.info();
        expect(info["role"]).toBe("master");
        expect(info["tcp_port"]).toMatch(/^\d+$/);
        expect(Object.getPrototypeOf(info)).toBeNull();
        expect(Object.values(info).filter((value) => /[\r\n]$/.test(value))).toEqual([]);
      }
    });

    test("gives the fields of one section or several", async () => {
      const { commands } = surface;
      const replication = await commands.info("replication");
      expect(replication["role"]).toBe("master");
      expect(replication["tcp_port"]).toBeUndefined();
      const both = await commands.info(["server", "keyspace"]);
      expect(both["tcp_port"]).toMatch(/^\d+$/);
      expect(both["role"]).toBeUndefined();
      expect(Object.keys(await commands.info("everything")).length).toBeGreaterThan(100);
    });

    test("gives values with colons and commas whole", async () => {
      const { commands } = surface;
      await commands.set("k", "v");
      expect((await commands.info("keyspace"))["db0"]).toMatch(/^keys=1,expires=0,/);
    });

    test("gives nothing for an unknown section, and refuses none", async () => {
      const { commands } = surface;
      expect(Object.keys(await commands.info("no-such-section"))).toEqual([]);
      await expect(async () => commands.info([])).rejects.toThrow(ArgumentError);
    });
  });

  test("TIME gives the time of the server", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      const { unixSeconds, microseconds } = await commands.time();
      expect(Math.abs(unixSeconds - Date.now() / 1_000)).toBeLessThan(60);
      expect(microseconds).toBeGreaterThanOrEqual(0);
      expect(microseconds).toBeLessThan(1_000_000);
    }
  });

  test("ROLE tells a primary and its replicas", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      const role = await commands.role();
      expect(role).toEqual({ role: "master", offset: expect.any(Number), replicas: [] });
    }
  });
}

function configuration(surface: Surface): void {
  describe("CONFIG", () => {
    test("GET gives settings by name or pattern", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        expect(await commands.configGet("maxmemory-policy")).toEqual({
          "maxmemory-policy": "noeviction",
        });
        const several = await commands.configGet(["slowlog-*", "databases"]);
        expect(Object.keys(several).sort()).toEqual([
          "databases",
          "slowlog-log-slower-than",
          "slowlog-max-len",
        ]);
        const none = await commands.configGet("no-such-setting");
        expect(Object.keys(none)).toEqual([]);
        expect(Object.getPrototypeOf(none)).toBeNull();
      }
      await expect(async () => surface.commands.configGet([])).rejects.toThrow(ArgumentError);
    });

    test("SET changes one setting or several, or none", async () => {
      const { commands } = surface;
      const before = await commands.configGet(["slowlog-max-len", "hz"]);
      expect(await commands.configSet({ "slowlog-max-len": 0 })).toBe(true);
      expect((await commands.configGet("slowlog-max-len"))["slowlog-max-len"]).toBe("0");
      const settings = new Map<string, number>([
        ["slowlog-max-len", 7],
        ["hz", 11],
      ]);
      expect(await commands.configSet(settings)).toBe(true);
      expect(await commands.configGet(["slowlog-max-len", "hz"])).toEqual({
        "slowlog-max-len": "7",
        hz: "11",
      });
      await expect(commands.configSet({ hz: 12, "no-such-setting": 1 })).rejects.toThrow(
        ServerError,
      );
      expect((await commands.configGet("hz"))["hz"]).toBe("11");
      expect(await commands.configSet(before)).toBe(true);
      await expect(async () => commands.configSet({})).rejects.toThrow(ArgumentError);
    });

    test("RESETSTAT sets counters to zero", async () => {
      const { commands } = surface;
      await commands.info("nothing");
      expect(await commands.configResetstat()).toBe(true);
      expect((await commands.info("stats"))["expired_keys"]).toBe("0");
    });

    test("REWRITE writes the file, or says that there is none", async () => {
      const { commands } = surface;
      const { config_file: file } = await commands.info("server");
      const isWritten = await commands
        .configRewrite()
        .catch((error: unknown) => (error instanceof ServerError ? false : error));
      expect(isWritten).toBe(file !== "");
    });
  });
}

function databases(surface: Surface): void {
  test("DBSIZE counts keys", async () => {
    const { commands } = surface;
    expect(await commands.dbsize()).toBe(0);
    await commands.mset({ a: 1, b: 2 });
    expect(await commands.dbsize()).toBe(2);
  });

  test("FLUSHDB and FLUSHALL delete all keys", async () => {
    const { commands } = surface;
    const flushes = [
      () => commands.flushdb(),
      () => commands.flushdb({ mode: "ASYNC" }),
      () => commands.flushdb({ mode: "SYNC" }),
      () => commands.flushall(),
      () => commands.flushall({ mode: "ASYNC" }),
      () => commands.flushall({ mode: "SYNC" }),
    ];
    for (const flush of flushes) {
      await commands.set("k", "v");
      expect(await flush()).toBe(true);
      expect(await commands.dbsize()).toBe(0);
    }
  });

  test("SWAPDB exchanges databases", async () => {
    const { commands } = surface;
    await commands.set("k", "v");
    expect(await commands.swapdb(0, 1)).toBe(true);
    expect(await commands.exists("k")).toBe(0);
    expect(await commands.swapdb(1, 0)).toBe(true);
    expect(await commands.get("k")).toBe("v");
    await expect(commands.swapdb(0, 999)).rejects.toThrow(ServerError);
  });
}

function saving(surface: Surface): void {
  test("BGREWRITEAOF and BGSAVE tell whether they have begun", async () => {
    const { commands } = surface;
    await idle(surface);
    expect(["started", "scheduled"]).toContain(await commands.bgsave());
    await idle(surface);
    expect(["started", "scheduled"]).toContain(await commands.bgsave({ schedule: true }));
    await idle(surface);
    expect(["started", "scheduled"]).toContain(await surface.bytes.bgrewriteaof());
    await idle(surface);
  });

  testSince(surface, { valkey: "8.1.0" }, "a save can be cancelled", async () => {
    const { commands } = surface;
    if (!isAtLeast(surface, { valkey: "8.1.0" })) {
      await commands.bgsave("CANCEL");
      return;
    }
    await idle(surface);
    await commands.set("slow", "to save");
    await commands.configSet({ "rdb-key-save-delay": 60_000_000 }); // a minute for each key
    await commands.bgsave();
    expect(await commands.bgsave("CANCEL")).toBe(true);
    await commands.configSet({ "rdb-key-save-delay": 0 });
    await idle(surface);
    await expect(commands.bgsave("CANCEL")).rejects.toThrow("not in progress or scheduled");
  });

  test.runIf(surface.name.startsWith("transaction"))("SAVE is not for transactions", async () => {
    await expect(surface.commands.save()).rejects.toThrow("not allowed inside a transaction");
  });

  test.skipIf(surface.name.startsWith("transaction"))("SAVE saves", async () => {
    const { commands } = surface;
    await idle(surface);
    const before = await commands.lastsave();
    expect(await commands.save()).toBe(true);
    expect(await commands.lastsave()).toBeGreaterThanOrEqual(before);
  });

  test("LASTSAVE gives Unix time", async () => {
    expect(Math.abs((await surface.commands.lastsave()) - Date.now() / 1_000)).toBeLessThan(600);
  });
}

/** Waits until the server saves nothing and is about to save nothing. */
async function idle({ commands }: Surface): Promise<void> {
  const busy = [
    "rdb_bgsave_in_progress",
    "aof_rewrite_in_progress",
    "aof_rewrite_scheduled",
  ] as const;
  await expect
    .poll(async () => {
      const info = await commands.info("persistence");
      return busy.map((name) => info[name]);
    })
    .toEqual(["0", "0", "0"]);
}

function entertainment(surface: Surface): void {
  test("LOLWUT draws and tells the version", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.lolwut()).toMatch(/ver\. ?\d/);
      expect(await commands.lolwut({ version: 5 })).toMatch(/ver\. ?\d/);
      const small = await commands.lolwut({ version: 5, parameters: [10, 1, 1] });
      const wide = await commands.lolwut({ version: 5, parameters: [40, 1, 1] });
      expect(wide.length).toBeGreaterThan(small.length);
      expect(await commands.lolwut({ version: 0, parameters: [] })).toMatch(/ver\. ?\d/);
    }
  });
}

/** Never called: what must not compile. */
export function serverTypes({ commands }: Surface): void {
  // @ts-expect-error no such mode
  void commands.flushdb({ mode: "LATER" });
  // @ts-expect-error settings have values
  void commands.configSet(["maxmemory"]);
}
