/** Values to replies: nests the items of aggregates and hands what is complete to a sink. */
import { ProtocolError } from "../errors.ts";
import type { Room } from "./items.ts";
import { EACH, FLAT, RAW, type ReplyForm, type RespValue, TEXT } from "./resp.ts";
import * as wire from "./wire.ts";

/** As constants of this file V8 compiles them in; imported ones it would load at each use. */
const { ARRAY, ATTRIBUTE, MAP, PUSH } = wire;

/** Who takes what a decoder has read. What it throws comes out of the decoder's `write`. */
export interface ReplySink {
  /** How pushes are built: TEXT or BYTES. */
  readonly pushForm: ReplyForm;
  /**
   * How to build the top-level reply that begins now; where that was `EACH`, how to build its
   * `element`, counted from 0. Not asked for what has one form only.
   */
  form(element?: number): ReplyForm;
  /** Takes a complete top-level reply. */
  reply(value: RespValue): void;
  /** Takes a complete push message. */
  push(message: readonly RespValue[]): void;
}

/** In place of a value: its items are in the parent's array already. */
const MERGED = Symbol("merged");

/** An aggregate whose end was not yet seen. */
interface Frame extends Room {
  /** The type byte. */
  readonly kind: number;
  /** Where its items go: to an array of its own, or, in a flat reply, to the parent's. */
  readonly items: RespValue[];
  /** Whether arrays within it give their items to it. */
  readonly isFlat: boolean;
  /** The form of its items, unless it is asked for again. */
  readonly form: ReplyForm;
  /** How many items are to come; below zero in a streamed aggregate, which ends with `.`. */
  remaining: number;
  readonly parent: Frame | undefined;
  /** The form of what surrounds it. */
  readonly outerForm: ReplyForm;
}

/**
 * Puts values together. It knows nothing of bytes. Each method that takes something returns whether
 * a reply or push was completed by it and handed over; attributes are dropped.
 *
 * Invariants: the open aggregates are `#top`, its parent and so on, `#depth` of them; only a
 * definite aggregate has `remaining > 0`, only a streamed one has `remaining < 0`, none has 0.
 */
export class Assembler {
  readonly #sink: ReplySink;
  readonly #maxDepth: number;
  readonly #maxElements: number;
  #top: Frame | undefined = undefined;
  #depth = 0;
  /** Those announced or seen of the current reply. */
  #elements = 0;
  #form: ReplyForm = TEXT;
  /** Whether the open top-level array asks for a form per element. */
  #isEach = false;

  constructor(sink: ReplySink, maxDepth: number, maxElements: number) {
    this.#sink = sink;
    this.#maxDepth = maxDepth;
    this.#maxElements = maxElements;
  }

  /** The form of the value that begins here. */
  form(): ReplyForm {
    const top = this.#top;
    if (top === undefined) this.#form = this.#sink.form();
    else if (this.#isEach && top.parent === undefined && top.kind === ARRAY) {
      this.#form = this.#sink.form(top.items.length);
    }
    return this.#form;
  }

  /** The form of the value that has begun. */
  get currentForm(): ReplyForm {
    return this.#form;
  }

  /** The innermost open aggregate, if all its items but the last may be put into it at once. */
  get room(): Room | undefined {
    const top = this.#top;
    if (top === undefined || top.remaining < 2) return undefined;
    return this.#isEach && top.parent === undefined ? undefined : top;
  }

  /** Whether `room` also takes the items of arrays. */
  get takesPairs(): boolean {
    return this.#top?.isFlat === true && this.#depth < this.#maxDepth;
  }

  /** Counts items that were put into `room`. */
  filled(items: number): void {
    if (this.#top !== undefined) this.#top.remaining -= items;
  }

  /** Counts arrays of two whose items were put into `room`. */
  filledPairs(pairs: number): void {
    this.filled(pairs);
    this.#count(2 * pairs);
  }

  /** Takes a value: an item of the innermost open aggregate, or else a reply. */
  add(value: RespValue): boolean {
    return this.#complete(value);
  }

  #complete(value: RespValue | typeof MERGED): boolean {
    let item = value;
    for (;;) {
      const top = this.#top;
      if (top === undefined) {
        if (item === MERGED) throw new ProtocolError("typedis merged a whole reply");
        this.#elements = 0;
        this.#isEach = false;
        this.#sink.reply(item);
        return true;
      }
      if (item !== MERGED) top.items.push(item);
      top.remaining--;
      if (top.remaining < 0) this.#count(1);
      if (top.remaining !== 0) return false;
      this.#pop(top);
      if (top.kind === ATTRIBUTE) return false;
      if (top.kind === PUSH) return this.#push(top.items);
      item = this.#build(top);
    }
  }

  /** Opens an aggregate of `count` items, a map's keys counted; -1 for a streamed one. */
  open(kind: number, count: number): boolean {
    const parent = this.#top;
    if (kind === PUSH && parent !== undefined) {
      throw new ProtocolError("a push message came inside of another reply");
    }
    if (this.#depth >= this.#maxDepth) {
      throw new ProtocolError("the aggregates of a reply are nested too deeply");
    }
    if (count > 0) this.#count(count);
    const outerForm = this.#form;
    if (kind === ATTRIBUTE) this.#form = TEXT;
    else if (kind === PUSH) this.#form = this.#sink.pushForm;
    else this.#openForm(parent);
    const isMerged = parent?.isFlat === true && kind === ARRAY;
    const items = isMerged ? parent.items : [];
    const isFlat = !isMerged && (this.#form & FLAT) !== 0 && kind === ARRAY;
    const form = this.#form;
    const frame: Frame = { kind, items, isFlat, form, remaining: count, parent, outerForm };
    this.#top = frame;
    this.#depth++;
    return count === 0 && this.#close(frame);
  }

  #openForm(parent: Frame | undefined): void {
    if (parent === undefined) {
      this.#form = this.#sink.form();
      this.#isEach = this.#form === EACH;
    } else if (this.#isEach && parent.parent === undefined && parent.kind === ARRAY) {
      this.#form = this.#sink.form(parent.items.length);
    }
  }

  /** Ends the innermost aggregate, which must be a streamed one. */
  endStreamed(): boolean {
    const top = this.#top;
    if (top === undefined || top.remaining >= 0) {
      throw new ProtocolError("an end marker came outside of a streamed aggregate");
    }
    if (top.kind === MAP && top.items.length % 2 !== 0) {
      throw new ProtocolError("a streamed map ended after a key");
    }
    return this.#close(top);
  }

  #close(frame: Frame): boolean {
    this.#pop(frame);
    if (frame.kind === ATTRIBUTE) return false;
    return frame.kind === PUSH ? this.#push(frame.items) : this.#complete(this.#build(frame));
  }

  #pop(frame: Frame): void {
    this.#top = frame.parent;
    this.#depth--;
    if (frame.kind === ATTRIBUTE) this.#form = frame.outerForm;
  }

  #push(message: readonly RespValue[]): true {
    this.#elements = 0;
    this.#sink.push(message);
    return true;
  }

  #build({ kind, items, parent }: Frame): RespValue | typeof MERGED {
    if (parent?.items === items) return MERGED;
    if (kind === ARRAY || (this.#form & RAW) === 0) return items;
    return kind === MAP ? toMap(items) : new Set(items);
  }

  #count(elements: number): void {
    this.#elements += elements;
    if (this.#elements > this.#maxElements) {
      throw new ProtocolError(`a reply has more than ${this.#maxElements} elements`);
    }
  }
}

function toMap(items: readonly RespValue[]): Map<RespValue, RespValue> {
  const map = new Map<RespValue, RespValue>();
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i] ?? null, items[i + 1] ?? null);
  return map;
}
