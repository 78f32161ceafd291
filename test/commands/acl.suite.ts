import { beforeEach, describe, expect, test } from "vitest";
import { ArgumentError, ServerError } from "../../src/errors.ts";
import { ask } from "../../src/testing/ask.ts";
import { isAtLeast } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

const SECRET_DIGEST = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

/** What every surface does with the commands on users. */
export function aclSuite(surface: Surface): void {
  beforeEach(async () => {
    await surface.commands.aclDeluser(["ann", "bob"]);
    await surface.commands.aclLogReset();
  });
  users(surface);
  verdicts(surface);
  refusals(surface);
  files(surface);
}

function users(surface: Surface): void {
  describe("ACL SETUSER and GETUSER", () => {
    test("keep the rules of a user", async () => {
      const databases = isAtLeast(surface, { valkey: "9.1.0" }) ? "alldbs" : null;
      for (const commands of [surface.commands, surface.bytes]) {
        const rules = ["reset", "on", ">secret", "~k:*", "&c*", "+get", "(%R~r* +@all)"];
        expect(await commands.aclSetuser("ann", rules)).toBe(true);
        const user = await commands.aclGetuser("ann");
        expect(user).toEqual({
          flags: user?.flags,
          passwords: [SECRET_DIGEST],
          commands: "-@all +get",
          keys: "~k:*",
          channels: "&c*",
          databases,
          selectors: [{ commands: "+@all", keys: "%R~r*", channels: "", databases }],
        });
        expect(user?.flags).toContain("on");
      }
    });

    test("take one rule, bytes, or none", async () => {
      const { commands } = surface;
      expect(await commands.aclSetuser("ann")).toBe(true);
      const user = await commands.aclGetuser("ann");
      expect(user?.flags).toContain("off");
      expect(user).toMatchObject({ passwords: [], commands: "-@all", keys: "", selectors: [] });
      expect(await commands.aclSetuser("ann", "on")).toBe(true);
      expect(await commands.aclSetuser("ann", [Buffer.from("~x")])).toBe(true);
      expect(await commands.aclGetuser("ann")).toMatchObject({ keys: "~x" });
    });

    test("refuse wrong rules and know no strangers", async () => {
      const { commands } = surface;
      await expect(commands.aclSetuser("ann", ["on", "nonsense"])).rejects.toThrow(ServerError);
      await expect(async () => commands.aclSetuser("ann", [])).rejects.toThrow(ArgumentError);
      expect(await commands.aclGetuser("ann")).toBeNull();
    });
  });

  test("ACL DELUSER counts, ACL USERS and LIST list", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      await commands.aclSetuser("ann");
      await commands.aclSetuser("bob");
      expect(await commands.aclUsers()).toEqual(["ann", "bob", "default"]);
      const lines = await commands.aclList();
      expect(lines.map((line) => line.split(" ")[1])).toEqual(["ann", "bob", "default"]);
      expect(await commands.aclDeluser(["ann", "bob", "eve"])).toBe(2);
      expect(await commands.aclDeluser("ann")).toBe(0);
    }
    await expect(surface.commands.aclDeluser("default")).rejects.toThrow(ServerError);
    await expect(async () => surface.commands.aclDeluser([])).rejects.toThrow(ArgumentError);
  });

  test("ACL WHOAMI names the user, ACL GENPASS makes passwords", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.aclWhoami()).toBe("default");
      expect(await commands.aclGenpass()).toMatch(/^[0-9a-f]{64}$/);
      expect(await commands.aclGenpass(5)).toMatch(/^[0-9a-f]{2}$/);
    }
    await expect(surface.commands.aclGenpass(0)).rejects.toThrow(ServerError);
  });
}

function verdicts(surface: Surface): void {
  test("ACL DRYRUN tells whether, or why not", async () => {
    await surface.commands.aclSetuser("ann", ["on", "~k", "+get", "+ping"]);
    const yes = { isAllowed: true, reason: null };
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.aclDryrun("ann", ["GET", "k"])).toEqual(yes);
      expect(await commands.aclDryrun("ann", "PING")).toEqual(yes);
      const no = await commands.aclDryrun("ann", ["GET", "x"]);
      expect(no).toEqual({ isAllowed: false, reason: expect.stringMatching(/permission.* key/) });
    }
    await expect(surface.commands.aclDryrun("eve", "PING")).rejects.toThrow(ServerError);
    await expect(surface.commands.aclDryrun("ann", "NONSENSE")).rejects.toThrow(ServerError);
    await expect(async () => surface.commands.aclDryrun("ann", [])).rejects.toThrow(ArgumentError);
  });

  test("ACL CAT lists categories, and the commands of one", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      expect(await commands.aclCat()).toEqual(expect.arrayContaining(["read", "dangerous"]));
      expect(await commands.aclCat("connection")).toEqual(expect.arrayContaining(["ping"]));
    }
    await expect(surface.commands.aclCat("nonsense")).rejects.toThrow(ServerError);
  });
}

function refusals(surface: Surface): void {
  test("ACL LOG tells what was refused, ACL LOG RESET forgets it", async () => {
    const { commands } = surface;
    expect(await commands.aclLog()).toEqual([]);
    await refuseLogin(surface, "ann");
    await refuseLogin(surface, "bob");
    const isNumbered = isAtLeast(surface, { redis: "7.2.0", valkey: "7.2.0" });
    for (const reader of [surface.commands, surface.bytes]) {
      const entries = await reader.aclLog(1);
      expect(entries).toEqual([
        {
          count: 1,
          reason: "auth",
          context: "toplevel",
          object: "AUTH",
          username: "bob",
          ageInSeconds: expect.any(Number),
          client: expect.objectContaining({ user: "default", id: expect.any(Number) }),
          entryId: entries[0]?.entryId,
          createdAtMilliseconds: entries[0]?.createdAtMilliseconds,
          updatedAtMilliseconds: entries[0]?.updatedAtMilliseconds,
        },
      ]);
      const { entryId, createdAtMilliseconds, updatedAtMilliseconds } = entries[0] ?? {};
      const numbers = [entryId, createdAtMilliseconds, updatedAtMilliseconds];
      expect(numbers.map((it) => typeof it === "number")).toEqual(numbers.map(() => isNumbered));
      expect(await reader.aclLog()).toHaveLength(2);
    }
    expect(await commands.aclLogReset()).toBe(true);
    expect(await commands.aclLog()).toEqual([]);
  });
}

/** Fails to log in, over a connection of its own. */
async function refuseLogin({ commands }: Surface, username: string): Promise<void> {
  const { tcp_port: port } = await commands.info("server");
  const login = ask({ host: "127.0.0.1", port: Number(port) }, [["AUTH", username, "wrong"]]);
  await expect(login).rejects.toThrow("WRONGPASS");
}

function files(surface: Surface): void {
  test("ACL LOAD and SAVE fail without a file", async () => {
    await expect(surface.commands.aclLoad()).rejects.toThrow("ACL file");
    await expect(surface.commands.aclSave()).rejects.toThrow("ACL file");
  });
}
