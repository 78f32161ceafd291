import { describe, expect, test } from "vitest";
import { ArgumentError, DecodeError, NoScriptError, ServerError } from "../../src/errors.ts";
import { testSince } from "../support/since.ts";
import type { Surface } from "../support/surfaces.ts";

/** Bytes that are no UTF-8. */
const BYTES = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a]);
/** The digest of no script. */
const NOWHERE = "0123456789012345678901234567890123456789";
const ECHO = "return {KEYS, ARGV}";

/** What every surface does with the commands on scripts. */
export function scriptingSuite(surface: Surface): void {
  running(surface);
  readingOnly(surface);
  converting(surface);
  caching(surface);
}

function running(surface: Surface): void {
  describe("EVAL and EVALSHA", () => {
    test("pass keys and arguments, one or several or none", async () => {
      const { commands } = surface;
      const sha1 = await commands.scriptLoad(ECHO);
      const several = { keys: ["a", "b"], args: [1, "two", 3n] };
      const one = { keys: "a", args: 0 };
      const sets = { keys: new Set(["a"]), args: new Set(["", "x"]) };
      for (const [input, reply] of [
        [
          several,
          [
            ["a", "b"],
            ["1", "two", "3"],
          ],
        ],
        [one, [["a"], ["0"]]],
        [sets, [["a"], ["", "x"]]],
        [{ keys: [], args: [] }, [[], []]],
        [{}, [[], []]],
        [undefined, [[], []]],
      ] as const) {
        expect(await commands.eval(ECHO, input)).toEqual(reply);
        expect(await commands.evalsha(sha1, input)).toEqual(reply);
      }
    });

    test("give the raw reply", async () => {
      const { commands, bytes } = surface;
      expect(await commands.eval("return 42")).toBe(42);
      expect(await commands.eval("return nil")).toBeNull();
      expect(await commands.eval("return false")).toBeNull();
      expect(await commands.eval("return true")).toBe(1);
      expect(await commands.eval("return {1, {'x'}, 3.9}")).toEqual([1, ["x"], 3]);
      expect(await commands.eval("return redis.status_reply('FINE')")).toBe("FINE");
      expect(await bytes.eval("return ARGV[1]", { args: BYTES })).toEqual(BYTES);
      expect(await bytes.eval("return KEYS[1]", { keys: BYTES })).toEqual(BYTES);
    });

    test("give what the script writes", async () => {
      const { commands } = surface;
      const script = "return redis.call('SET', KEYS[1], ARGV[1])";
      expect(await commands.eval(script, { keys: "k", args: "v" })).toBe("OK");
      expect(await commands.get("k")).toBe("v");
    });

    test("fail as the script does", async () => {
      const { commands } = surface;
      await expect(commands.eval("no Lua")).rejects.toThrow(ServerError);
      await expect(commands.eval("return redis.error_reply('MY fault')")).rejects.toMatchObject({
        code: "MY",
      });
      await expect(commands.evalsha(NOWHERE)).rejects.toThrow(NoScriptError);
    });
  });
}

function readingOnly(surface: Surface): void {
  test("EVAL_RO and EVALSHA_RO read, and refuse to write", async () => {
    const { commands } = surface;
    await commands.set("k", "v");
    const read = "return redis.call('GET', KEYS[1])";
    const write = "return redis.call('DEL', KEYS[1])";
    const input = { keys: ["k"] };
    expect(await commands.eval_ro(read, input)).toBe("v");
    expect(await commands.evalsha_ro(await commands.scriptLoad(read), input)).toBe("v");
    await expect(commands.eval_ro(write, input)).rejects.toThrow(ServerError);
    const sha1 = await commands.scriptLoad(write);
    await expect(commands.evalsha_ro(sha1, input)).rejects.toThrow(ServerError);
    await expect(commands.evalsha_ro(NOWHERE)).rejects.toThrow(NoScriptError);
    expect(await commands.exists("k")).toBe(1);
  });
}

function converting(surface: Surface): void {
  test("a conversion makes the reply, whichever command runs the script", async () => {
    const { commands, bytes } = surface;
    const script = "return ARGV[1]";
    const sha1 = await commands.scriptLoad(script);
    const input = { args: "42", reply: Number };
    const replies: number[] = [
      await commands.eval(script, input),
      await commands.eval_ro(script, input),
      await commands.evalsha(sha1, input),
      await commands.evalsha_ro(sha1, input),
      await bytes.eval(script, input),
    ];
    expect(replies).toEqual([42, 42, 42, 42, 42]);
  });

  test("a schema may refuse the reply", async () => {
    const validate = () => ({ issues: [{ message: "never right" }] });
    const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
    await expect(surface.commands.eval("return 1", { reply: schema })).rejects.toThrow(DecodeError);
  });
}

function caching(surface: Surface): void {
  test("SCRIPT LOAD, EXISTS and FLUSH keep the cache", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      const sha1 = await commands.scriptLoad("return 1");
      expect(sha1).toBe("e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
      expect(await commands.scriptExists([NOWHERE, sha1])).toEqual([false, true]);
      for (const options of [undefined, {}, { mode: "ASYNC" }, { mode: "SYNC" }] as const) {
        await commands.scriptLoad("return 1");
        expect(await commands.scriptFlush(options)).toBe(true);
        expect(await commands.scriptExists(sha1)).toEqual([false]);
      }
    }
    await expect(async () => surface.commands.scriptExists([])).rejects.toThrow(ArgumentError);
    await expect(surface.commands.scriptLoad("no Lua")).rejects.toThrow(ServerError);
  });

  test("SCRIPT KILL fails if no script runs", async () => {
    await expect(surface.commands.scriptKill()).rejects.toMatchObject({ code: "NOTBUSY" });
  });

  testSince(surface, { valkey: "8.0.0" }, "SCRIPT SHOW gives the text of a script", async () => {
    for (const commands of [surface.commands, surface.bytes]) {
      const sha1 = await commands.scriptLoad("return 'shown'");
      expect(await commands.scriptShow(sha1)).toBe("return 'shown'");
      await expect(commands.scriptShow(NOWHERE)).rejects.toThrow(NoScriptError);
    }
  });
}

/** Never called: what must not compile. */
export async function scriptingTypes({ commands }: Surface): Promise<void> {
  // @ts-expect-error a raw reply may be anything
  const text: string = await commands.eval("return 1", { keys: "k" });
  // @ts-expect-error no such mode
  void commands.scriptFlush({ mode: "LATER" });
  void text;
}
