import { beforeEach, describe, expect, test } from "vitest";
import { ServerError } from "../../src/errors.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
const CODE = `#!lua name=library
redis.register_function('both', function(keys, args) return {keys, args} end)
redis.register_function{function_name='first', flags={'no-writes'}, description='gives one',
  callback=function(keys, args) return args[1] end}`;

/** What every surface does with the commands on functions. */
export function functionsSuite(surface: Surface): void {
  beforeEach(async () => {
    await surface.commands.functionFlush();
  });
  calling(surface);
  loading(surface);
  describing(surface);
}

function calling(surface: Surface): void {
  test("FCALL passes keys and arguments and gives the raw reply", async () => {
    const { commands, bytes } = surface;
    await commands.functionLoad(CODE);
    const several = { keys: ["a", "b"], args: [0, "two"] };
    expect(await commands.fcall("both", several)).toEqual([
      ["a", "b"],
      ["0", "two"],
    ]);
    expect(await commands.fcall("both", { keys: "a" })).toEqual([["a"], []]);
    expect(await commands.fcall("both")).toEqual([[], []]);
    expect(await bytes.fcall("first", { args: BYTES })).toEqual(BYTES);
    await expect(commands.fcall("missing")).rejects.toThrow("Function not found");
  });

  test("FCALL_RO calls functions that do not write", async () => {
    const { commands } = surface;
    await commands.functionLoad(CODE);
    expect(await commands.fcall_ro("first", { args: "x" })).toBe("x");
    await expect(commands.fcall_ro("both")).rejects.toThrow(ServerError);
  });

  test("a conversion makes the reply", async () => {
    const { commands } = surface;
    await commands.functionLoad(CODE);
    const input = { args: "42", reply: Number };
    const replies: number[] = [
      await commands.fcall("first", input),
      await commands.fcall_ro("first", input),
    ];
    expect(replies).toEqual([42, 42]);
  });

  test("FUNCTION KILL fails if no function runs", async () => {
    await expect(surface.commands.functionKill()).rejects.toMatchObject({ code: "NOTBUSY" });
  });
}

function loading(surface: Surface): void {
  describe("FUNCTION LOAD and DELETE", () => {
    test("keep libraries", async () => {
      for (const commands of [surface.commands, surface.bytes]) {
        expect(await commands.functionLoad(CODE)).toBe("library");
        await expect(commands.functionLoad(CODE)).rejects.toThrow("already exists");
        await expect(commands.functionLoad(CODE, { replace: false })).rejects.toThrow(ServerError);
        expect(await commands.functionLoad(CODE, { replace: true })).toBe("library");
        expect(await commands.functionDelete("library")).toBe(true);
        await expect(commands.functionDelete("library")).rejects.toThrow("Library not found");
      }
    });
  });

  test("FUNCTION FLUSH deletes all libraries", async () => {
    const { commands } = surface;
    for (const options of [undefined, {}, { mode: "ASYNC" }, { mode: "SYNC" }] as const) {
      await commands.functionLoad(CODE);
      expect(await commands.functionFlush(options)).toBe(true);
      expect(await commands.functionList()).toEqual([]);
    }
  });

  test("FUNCTION DUMP gives bytes on every surface, for FUNCTION RESTORE", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      await commands.functionLoad(CODE, { replace: true });
      const payload = await commands.functionDump();
      expect(Buffer.isBuffer(payload)).toBe(true);
      await expect(commands.functionRestore(payload)).rejects.toThrow(ServerError);
      const append = commands.functionRestore(payload, { policy: "APPEND" });
      await expect(append).rejects.toThrow("already exists");
      expect(await commands.functionRestore(payload, { policy: "REPLACE" })).toBe(true);
      expect(await commands.functionRestore(payload, { policy: "FLUSH" })).toBe(true);
      await commands.functionFlush();
      expect(await commands.functionRestore(payload)).toBe(true);
      expect(await commands.fcall("first", { args: "x", reply: String })).toBe("x");
      await expect(commands.functionRestore(BYTES)).rejects.toThrow(ServerError);
    }
  });
}

function describing(surface: Surface): void {
  test("FUNCTION LIST describes libraries, with their programs if asked to", async () => {
    const functions = expect.arrayContaining([
      { name: "both", description: null, flags: new Set() },
      { name: "first", description: "gives one", flags: new Set(["no-writes"]) },
    ]);
    for (const commands of [surface.commands, surface.bytes]) {
      await commands.functionLoad(CODE, { replace: true });
      const library = { name: "library", engine: "LUA", functions };
      expect(await commands.functionList()).toEqual([library]);
      expect(await commands.functionList({ library: "lib*", withCode: false })).toEqual([library]);
      expect(await commands.functionList({ library: "other*" })).toEqual([]);
      expect(await commands.functionList({ library: "" })).toEqual([]);
      const full = await commands.functionList({ library: "library", withCode: true });
      expect(full).toEqual([{ ...library, code: CODE }]);
    }
  });

  test("FUNCTION STATS counts libraries and functions", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      await commands.functionLoad(CODE, { replace: true });
      const stats = await commands.functionStats();
      expect(stats.running).toBeNull();
      expect(stats.engines["LUA"]).toEqual({ libraries: 1, functions: 2 });
      expect(Object.getPrototypeOf(stats.engines)).toBeNull();
    }
  });
}

/** Never called: what must not compile. */
export async function functionsTypes({ commands }: Surface): Promise<void> {
  const [library] = await commands.functionList({ library: "x" });
  // @ts-expect-error without withCode there is no code
  void library?.code;
  // @ts-expect-error no such policy
  void commands.functionRestore(BYTES, { policy: "MERGE" });
}
