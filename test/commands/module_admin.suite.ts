import { expect, test } from "vitest";
import { ArgumentError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** What every surface does with the commands on modules, on a server that does not allow them. */
export function moduleAdminSuite(surface: Surface): void {
  test("MODULE LIST gives what is part of the server", async () => {
    const { kind, atLeast } = surface.version;
    const builtIn: Record<string, string> = { redis: "vectorset", valkey: "lua" };
    const expected = kind === "redis" && !atLeast("8.0.0") ? [] : [builtIn[kind]];
    for (const commands of [surface.commands, surface.bytes]) {
      const modules = await commands.moduleList();
      expect(modules.map((module) => module.name)).toEqual(expected);
      for (const { version, path, args } of modules) {
        expect(version).toBe(1);
        expect(typeof path).toBe("string");
        expect(args).toEqual([]);
      }
    }
  });

  test("MODULE LOAD, LOADEX and UNLOAD need the server's permission", async () => {
    const { commands } = surface;
    const refused = "MODULE command not allowed";
    await expect(commands.moduleLoad("/missing.so")).rejects.toThrow(refused);
    await expect(commands.moduleLoad("/missing.so", ["a", 0])).rejects.toThrow(refused);
    await expect(commands.moduleLoadex("/missing.so")).rejects.toThrow(refused);
    const options = { config: { "m.a": 1, "m.b": "" }, args: "x" };
    await expect(commands.moduleLoadex("/missing.so", options)).rejects.toThrow(refused);
    await expect(commands.moduleUnload("missing")).rejects.toThrow(refused);
  });

  test("empty arguments and settings are refused", async () => {
    const { commands } = surface;
    await expect(async () => commands.moduleLoad("/m.so", [])).rejects.toThrow(ArgumentError);
    await expect(async () => commands.moduleLoadex("/m.so", { config: {} })).rejects.toThrow(
      ArgumentError,
    );
    await expect(async () => commands.moduleLoadex("/m.so", { args: [] })).rejects.toThrow(
      ArgumentError,
    );
  });
}
