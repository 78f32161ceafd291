import { type Argument, type ReplyForm, type RespValue, TEXT } from "../protocol/resp.ts";
import type { Command, Decoder } from "./command.ts";
import { PLAIN } from "./traits.ts";

/**
 * Commands in the order of their calls; there can be a million. Of ordinary ones it keeps the parts
 * and not the `Command`, which dies young then: copying many objects that live on is most of what
 * the garbage collector does for a long pipeline.
 *
 * Invariant: the lists of parts are of one length; what is asked about a command that is not there
 * is empty.
 */
export class CommandList {
  readonly #argvs: (readonly Argument[])[] = [];
  readonly #decoders: Decoder<unknown>[] = [];
  readonly #forms: ReplyForm[] = [];
  #special: Map<number, Command<unknown>> | undefined;

  get length(): number {
    return this.#argvs.length;
  }

  /** @returns the index of `command` */
  push(command: Command<unknown>): number {
    const index = this.#argvs.push(command.argv) - 1;
    this.#decoders.push(command.decode);
    this.#forms.push(command.form);
    if (command.traits !== PLAIN) this.#keep(index, command);
    return index;
  }

  /** Forgets the commands from `length` on. */
  truncate(length: number): void {
    for (let index = length; index < this.length; index += 1) this.#special?.delete(index);
    this.#argvs.splice(length);
    this.#decoders.splice(length);
    this.#forms.splice(length);
  }

  /** Those that have traits, whole, by index. */
  get special(): ReadonlyMap<number, Command<unknown>> {
    return this.#special ?? NONE;
  }

  keys(): IterableIterator<number> {
    return this.#argvs.keys();
  }

  argv(index: number): readonly Argument[] {
    return this.#argvs[index] ?? [];
  }

  /** The `argv` of each, in order. */
  argvs(): Iterable<readonly Argument[]> {
    return this.#argvs;
  }

  form(index: number): ReplyForm {
    return this.#forms[index] ?? TEXT;
  }

  /** @throws whatever the command's decoder throws */
  decode(index: number, reply: RespValue): unknown {
    const decode = this.#decoders[index];
    return decode?.(reply);
  }

  #keep(index: number, command: Command<unknown>): void {
    this.#special ??= new Map();
    this.#special.set(index, command);
  }
}

const NONE: ReadonlyMap<number, Command<unknown>> = new Map();
