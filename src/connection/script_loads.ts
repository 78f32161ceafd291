import type { Command } from "../command/command.ts";
import { FunctionCommand } from "../command/library.ts";
import { ScriptCommand } from "../command/script.ts";
import { SCRIPT } from "../command/traits.ts";
import type { Encoder } from "../protocol/encode.ts";
import { ErrorReply, type RespValue } from "../protocol/resp.ts";

/** The servers' own words: a script's author may have coined the code, after it has written. */
const NO_SCRIPT = "NOSCRIPT No matching script";
const NO_FUNCTION = "ERR Function not found";

/**
 * The scripts that must be loaded ahead of a batch: their `SCRIPT LOAD`s go out in the same write,
 * before the batch's first command, so that they cost no round trip.
 */
export class ScriptLoads {
  readonly #scripts: readonly ScriptCommand<unknown>["script"][];
  readonly #known: Set<string>;
  readonly #refusals = new Map<string, ErrorReply>();
  #replied = 0;

  private constructor(scripts: readonly ScriptCommand<unknown>["script"][], known: Set<string>) {
    this.#scripts = scripts;
    this.#known = known;
  }

  /**
   * The loads for those of `commands` whose script is not in `known`; `undefined` if there are
   * none.
   */
  static of(commands: Iterable<Command<unknown>>, known: Set<string>): ScriptLoads | undefined {
    const missing = new Map<string, ScriptCommand<unknown>["script"]>();
    for (const command of commands) {
      if (!(command.traits & SCRIPT) || !(command instanceof ScriptCommand)) continue;
      const { script } = command;
      if (!known.has(script.digest)) missing.set(script.digest, script);
    }
    return missing.size === 0 ? undefined : new ScriptLoads([...missing.values()], known);
  }

  /** Encodes all of them. @returns how many replies they will have */
  encode(encoder: Encoder): number {
    this.#replied = 0;
    for (const { lua } of this.#scripts) encoder.command(["SCRIPT", "LOAD", lua]);
    return this.#scripts.length;
  }

  /** Takes the next reply. */
  reply(value: RespValue): void {
    const script = this.#scripts[this.#replied];
    this.#replied += 1;
    if (script === undefined) return;
    if (value instanceof ErrorReply) this.#refusals.set(script.digest, value);
    else this.#known.add(script.digest);
  }

  /** Why the script of `command` could not be loaded, for example because it does not compile. */
  refusalOf(command: Command<unknown> | undefined): ErrorReply | undefined {
    if (this.#refusals.size === 0 || !(command instanceof ScriptCommand)) return undefined;
    return this.#refusals.get(command.script.digest);
  }
}

/**
 * The script or library that the server does not have, if that is what a reply to `command` says:
 * by the name under which it stands among the known ones.
 */
export function lackingProgram(command: Command<unknown>, outcome: unknown): string | undefined {
  if (!(command.traits & SCRIPT) || !(outcome instanceof ErrorReply)) return undefined;
  if (command instanceof ScriptCommand) {
    return outcome.message.startsWith(NO_SCRIPT) ? command.script.digest : undefined;
  }
  if (!(command instanceof FunctionCommand)) return undefined;
  return outcome.message === NO_FUNCTION ? command.library.id : undefined;
}
