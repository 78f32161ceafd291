import { type Argument, type ReplyForm, type RespValue, TEXT } from "../protocol/resp.ts";
import type { Command, Decoder } from "./command.ts";
import { PLAIN } from "./traits.ts";

/**
 * A power of two. Larger arrays live in large-object space, where each growth costs page faults:
 * of 100,000 commands in one array each, growing was a tenth of the time.
 */
const PIECE = 1024;
const PIECE_BITS = 10;

/** What is kept of up to `PIECE` commands: two arrays of one length. */
class Piece {
  readonly argvs: (readonly Argument[])[] = [];
  readonly decoders: Decoder<unknown>[] = [];
}

/**
 * Commands in the order of their calls; there can be a million. Of ordinary ones it keeps the parts
 * and not the `Command`, which dies young then: copying many objects that live on is most of what
 * the garbage collector does for a long pipeline.
 *
 * Invariants: all pieces but `#last` are full; the commands have one form as long as there are no
 * `#forms`, which otherwise has that of each. What is asked about a command that is not there is
 * empty.
 */
export class CommandList {
  #last = new Piece();
  readonly #pieces: Piece[] = [this.#last];
  #length = 0;
  #form: ReplyForm = TEXT;
  #forms: ReplyForm[] | undefined;
  #special: Map<number, Command<unknown>> | undefined;

  get length(): number {
    return this.#length;
  }

  /** @returns the index of `command` */
  push(command: Command<unknown>): number {
    const index = this.#length;
    if (this.#last.argvs.length === PIECE) this.#addPiece();
    this.#last.argvs.push(command.argv);
    this.#last.decoders.push(command.decode);
    if (this.#forms !== undefined) this.#forms.push(command.form);
    else if (command.form !== this.#form) this.#addForm(index, command.form);
    if (command.traits !== PLAIN) this.#keep(index, command);
    this.#length = index + 1;
    return index;
  }

  /** Forgets the commands from `length` on. */
  truncate(length: number): void {
    if (length >= this.#length) return;
    for (let index = length; index < this.#length; index += 1) this.#special?.delete(index);
    const rest = this.#pieces.splice(length >> PIECE_BITS);
    this.#last = rest[0] ?? this.#last;
    this.#pieces.push(this.#last);
    this.#last.argvs.splice(length & (PIECE - 1));
    this.#last.decoders.splice(length & (PIECE - 1));
    this.#forms?.splice(length);
    this.#length = length;
  }

  /** Those that have traits, whole, by index. */
  get special(): ReadonlyMap<number, Command<unknown>> {
    return this.#special ?? NONE;
  }

  /** The index of each, in order. */
  *keys(): IterableIterator<number> {
    for (let index = 0; index < this.#length; index += 1) yield index;
  }

  argv(index: number): readonly Argument[] {
    return this.#pieces[index >> PIECE_BITS]?.argvs[index & (PIECE - 1)] ?? [];
  }

  form(index: number): ReplyForm {
    return this.#forms === undefined ? this.#form : (this.#forms[index] ?? TEXT);
  }

  /** @throws whatever the command's decoder throws */
  decode(index: number, reply: RespValue): unknown {
    const decode = this.#pieces[index >> PIECE_BITS]?.decoders[index & (PIECE - 1)];
    return decode?.(reply);
  }

  #addPiece(): void {
    this.#last = new Piece();
    this.#pieces.push(this.#last);
  }

  /** The first form that is not that of the commands before it. */
  #addForm(index: number, form: ReplyForm): void {
    if (index > 0) this.#forms = [...new Array<ReplyForm>(index).fill(this.#form), form];
    else this.#form = form;
  }

  #keep(index: number, command: Command<unknown>): void {
    this.#special ??= new Map();
    this.#special.set(index, command);
  }
}

const NONE: ReadonlyMap<number, Command<unknown>> = new Map();
