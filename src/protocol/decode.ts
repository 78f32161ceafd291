/** Bytes of a server to replies: RESP2 and RESP3, resumable at every byte, without I/O. */
import { ProtocolError } from "../errors.ts";
import { Assembler, type ReplySink } from "./assemble.ts";
import { buildBlob, expectLineEnd, PartialBlob } from "./blob.ts";
import { GrowingBytes } from "./growing_bytes.ts";
import { DOUBLE_BYTES, readBulks, readPairs } from "./items.ts";
import {
  invalidLength,
  lineBytes,
  MAX_LENGTH_DIGITS,
  MAX_SHORT_LENGTH,
  NULL_LENGTH,
  parseLength,
  SHORT_LENGTH_BYTES,
  STREAMED,
  shortLength,
} from "./lengths.ts";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.ts";
import { BYTES, ErrorReply, type RespValue } from "./resp.ts";
import {
  isOk,
  parseBigNumber,
  parseBoolean,
  parseDouble,
  parseInteger,
  parseSimple,
} from "./scalars.ts";
import { byteAt, readText } from "./text.ts";
import * as wire from "./wire.ts";

export type { ReplySink } from "./assemble.ts";
export { DEFAULT_LIMITS, type DecoderLimits } from "./limits.ts";

/** As constants of this file V8 compiles them in; imported ones it would load at each use. */
const {
  ARRAY,
  ATTRIBUTE,
  BIG_NUMBER,
  BLOB_ERROR,
  BOOLEAN,
  BULK,
  CR,
  DOUBLE,
  END,
  ERROR,
  INTEGER,
  LF,
  MAP,
  NULL,
  PART,
  PUSH,
  SET,
  SIMPLE,
  VERBATIM,
} = wire;

/** What a step gives that completes no value. */
const NOTHING: unique symbol = Symbol("nothing");
/** In place of a length: its line is not all there. */
const INCOMPLETE = -3;
/** So many digits fit an integer of 31 bits. */
const SHORT_INTEGER_DIGITS = 9;
/** In place of a position: no reply ended. */
const UNTOUCHED = -1;

/** Where the next byte belongs to. */
const AT_VALUE = 0;
const IN_LINE = 1;
const IN_BLOB = 2;
const AT_PART = 3;

/**
 * Turns the bytes of one connection into replies and pushes. It is no parser of whole messages:
 * each `write` takes what arrived, and everything complete goes to the sink before `write` returns.
 * It keeps no reference to a chunk, and hands out none.
 *
 * | state    | the next byte is                        | kept between chunks                    |
 * |----------|-----------------------------------------|----------------------------------------|
 * | AT_VALUE | a type byte                             | open aggregates, in the `#assembler`    |
 * | IN_LINE  | inside of a type byte … CRLF line       | also the line so far (`#line`)         |
 * | IN_BLOB  | inside of a bulk string or its CRLF     | also the bytes so far (`#blob`)        |
 * | AT_PART  | inside of a `;n` line of a streamed one | also both                              |
 *
 * Invariants: nothing is allocated for a length before the bytes are there; no recursion; work is
 * linear in the bytes, whatever the chunks; after the first error every `write` throws.
 */
export class Decoder {
  readonly #assembler: Assembler;
  readonly #limits: DecoderLimits;
  /** A line with its type byte and CRLF. */
  readonly #maxHeldLine: number;
  /** Whether what is read in the quick way cannot exceed a limit. */
  readonly #hasQuickWay: boolean;
  #state = AT_VALUE;
  #isDead = false;
  /** Position of the next byte, in the chunk (or in `#line` while that is parsed). */
  #pos = 0;
  /** Where the unfinished reply began, relative to the chunk. */
  #begin = 0;
  /** Bytes of the unfinished reply in earlier chunks. */
  #heldBytes = 0;
  readonly #line = new GrowingBytes();
  /** Where text is collected. Bytes are handed out as they are, each in memory of its own. */
  readonly #text = new GrowingBytes();
  #blob: PartialBlob | undefined = undefined;

  constructor(sink: ReplySink, limits: Partial<DecoderLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    const { maxDepth, maxReplyElements, maxBulkBytes, maxLineBytes } = this.#limits;
    this.#hasQuickWay = maxBulkBytes >= MAX_SHORT_LENGTH && maxLineBytes >= DOUBLE_BYTES;
    this.#assembler = new Assembler(sink, maxDepth, maxReplyElements);
    this.#maxHeldLine = Math.max(this.#limits.maxLineBytes, MAX_LENGTH_DIGITS) + 3;
  }

  /** Whether no partial reply is held. It says nothing inside of a sink's method. */
  get isIdle(): boolean {
    return this.#heldBytes === 0 && !this.#isDead;
  }

  /**
   * Reads a chunk, which the caller may reuse afterwards.
   *
   * @throws {ProtocolError} The bytes are no RESP or exceed a limit; or whatever the sink throws.
   *   The connection has lost its place then, and the decoder is dead.
   */
  write(chunk: Buffer): void {
    if (this.#isDead) throw new ProtocolError("the connection has sent invalid bytes before");
    try {
      this.#consume(chunk);
    } catch (error) {
      this.#isDead = true;
      this.#blob = undefined;
      throw error;
    }
  }

  #consume(chunk: Buffer): void {
    const end = chunk.length;
    this.#pos = 0;
    this.#begin = -this.#heldBytes;
    while (this.#pos < end) {
      if (this.#state === AT_VALUE) this.#readValues(chunk, end);
      else if (this.#state === IN_LINE) this.#resumeLine(chunk);
      else this.#resumeBlob(chunk);
    }
    this.#heldBytes = end - this.#begin;
    if (this.#heldBytes > this.#limits.maxReplyBytes) throw tooLarge("reply");
  }

  #readValues(buffer: Buffer, end: number): void {
    while (this.#pos < end) {
      const kind = byteAt(buffer, this.#pos);
      if ((kind === BULK || kind === ARRAY) && this.#fill(kind, buffer, end)) return;
      const value = this.#readValue(buffer, end);
      if (value === NOTHING) {
        if (this.#state !== AT_VALUE) return;
      } else if (this.#assembler.add(value)) {
        this.#begin = this.#pos;
      }
    }
  }

  /**
   * Takes the quick way through as many items as can go it, but not through the last one. Returns
   * whether that was all.
   */
  #fill(kind: number, buffer: Buffer, end: number): boolean {
    const { room } = this.#assembler;
    if (room === undefined || !this.#hasQuickWay) return false;
    const { length } = room.items;
    if (kind === BULK) {
      this.#pos = readBulks(buffer, this.#pos, end, room);
      this.#assembler.filled(room.items.length - length);
    } else if (this.#assembler.takesPairs) {
      this.#pos = readPairs(buffer, this.#pos, end, room);
      this.#assembler.filledPairs((room.items.length - length) / 2);
    }
    return this.#pos === end;
  }

  #readValue(buffer: Buffer, end: number): RespValue | typeof NOTHING {
    const kind = byteAt(buffer, this.#pos);
    switch (kind) {
      case SIMPLE:
        return this.#readSimple(buffer, end);
      case BULK:
      case BLOB_ERROR:
      case VERBATIM:
        return this.#readBlob(kind, buffer, end);
      case ARRAY:
      case MAP:
      case SET:
      case PUSH:
      case ATTRIBUTE:
        return this.#openAggregate(kind, buffer, end);
      case INTEGER:
        return this.#readInteger(buffer, end);
      case ERROR:
      case NULL:
      case BOOLEAN:
      case DOUBLE:
      case BIG_NUMBER:
      case END:
        return this.#readLine(kind, buffer, end);
      default:
        throw new ProtocolError(`byte ${kind} begins no reply`);
    }
  }

  #openAggregate(kind: number, buffer: Buffer, end: number): RespValue | typeof NOTHING {
    const length = this.#readLength(buffer, end);
    if (length === INCOMPLETE) return NOTHING;
    if (length === NULL_LENGTH && kind === ARRAY) return null;
    const isStreamed = length === STREAMED && kind !== PUSH && kind !== ATTRIBUTE;
    if (length < 0 && !isStreamed) throw invalidLength();
    const count = kind === MAP || kind === ATTRIBUTE ? 2 * length : length;
    if (this.#assembler.open(kind, isStreamed ? -1 : count)) this.#begin = this.#pos;
    return NOTHING;
  }

  #readSimple(buffer: Buffer, end: number): RespValue | typeof NOTHING {
    if (isOk(buffer, this.#pos, end)) {
      this.#pos += 5;
      return "OK";
    }
    return this.#readLine(SIMPLE, buffer, end);
  }

  /** Short integers at once; all others, and all errors, by the way of every line. */
  #readInteger(buffer: Buffer, end: number): RespValue | typeof NOTHING {
    const start = this.#pos + 1;
    const stop = Math.min(start + SHORT_INTEGER_DIGITS, end - 1);
    let at = start;
    let value = 0;
    while (at < stop) {
      const digit = byteAt(buffer, at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at > start && at < stop && byteAt(buffer, at) === CR && byteAt(buffer, at + 1) === LF) {
      this.#pos = at + 2;
      return value;
    }
    return this.#readLine(INTEGER, buffer, end);
  }

  #readLine(kind: number, buffer: Buffer, end: number): RespValue | typeof NOTHING {
    const start = this.#pos + 1;
    const stop = this.#findLineEnd(buffer, end);
    if (stop < 0) return NOTHING;
    this.#pos = stop + 2;
    switch (kind) {
      case SIMPLE:
        return parseSimple(buffer, start, stop);
      case INTEGER:
        return parseInteger(buffer, start, stop);
      case ERROR:
        return new ErrorReply(readText(buffer, start, stop));
      case BOOLEAN:
        return parseBoolean(buffer, start, stop);
      case DOUBLE:
        return parseDouble(buffer, start, stop);
      case BIG_NUMBER:
        return parseBigNumber(buffer, start, stop);
      default:
        if (start !== stop) throw new ProtocolError("a null or an end marker holds something");
        if (kind === NULL) return null;
        if (this.#assembler.endStreamed()) this.#begin = this.#pos;
        return NOTHING;
    }
  }

  /** The index of the CR that ends the line, or -1 after keeping what there is of it. */
  #findLineEnd(buffer: Buffer, end: number): number {
    const start = this.#pos + 1;
    let at = start;
    while (at < end && byteAt(buffer, at) !== CR) {
      if (byteAt(buffer, at) === LF) throw new ProtocolError("a line ends without CR");
      at++;
    }
    if (at - start > this.#limits.maxLineBytes) throw tooLarge("line");
    if (at + 1 >= end) {
      this.#holdLine(buffer, end);
      return -1;
    }
    if (byteAt(buffer, at + 1) !== LF) throw new ProtocolError("a CR is not followed by LF");
    return at;
  }

  #holdLine(buffer: Buffer, end: number): void {
    this.#line.append(buffer, this.#pos, end, this.#maxHeldLine);
    this.#pos = end;
    this.#state = IN_LINE;
  }

  /** Whether the line that began in an earlier chunk is complete now, in `#line`. */
  #continueLine(chunk: Buffer): boolean {
    const feed = chunk.indexOf(LF, this.#pos);
    const stop = feed < 0 ? chunk.length : feed + 1;
    const length = this.#line.length + stop - this.#pos;
    if (length > this.#maxHeldLine) throw tooLarge("line");
    this.#line.append(chunk, this.#pos, stop, this.#maxHeldLine);
    this.#pos = stop;
    return feed >= 0;
  }

  #resumeLine(chunk: Buffer): void {
    if (!this.#continueLine(chunk)) return;
    const after = this.#pos;
    const begin = this.#begin;
    this.#state = AT_VALUE;
    this.#pos = 0;
    this.#begin = UNTOUCHED;
    this.#readValues(this.#line.buffer, this.#line.length);
    this.#line.clear();
    this.#pos = after;
    this.#begin = this.#begin === UNTOUCHED ? begin : after;
  }

  #readBlob(kind: number, buffer: Buffer, end: number): RespValue | typeof NOTHING {
    const length = this.#readLength(buffer, end);
    if (length === INCOMPLETE) return NOTHING;
    if (length < 0 && kind !== BULK) throw invalidLength();
    if (length === NULL_LENGTH) return null;
    if (length > this.#limits.maxBulkBytes) throw tooLarge("bulk string");
    const form = this.#assembler.form();
    const start = this.#pos;
    const stop = start + length;
    if (length >= 0 && stop + 2 <= end) {
      expectLineEnd(buffer, stop);
      this.#pos = stop + 2;
      return buildBlob(kind, form, buffer, start, stop);
    }
    const bytes = (form & BYTES) === 0 ? this.#text : new GrowingBytes();
    this.#blob = new PartialBlob(kind, length === STREAMED, bytes);
    this.#state = length === STREAMED ? AT_PART : IN_BLOB;
    if (length >= 0) this.#blob.expect(length);
    return NOTHING;
  }

  #resumeBlob(chunk: Buffer): void {
    const blob = this.#blob;
    if (blob === undefined) throw new ProtocolError("typedis lost track of a bulk string");
    if (this.#state === AT_PART) {
      this.#resumePart(chunk, blob);
      return;
    }
    this.#pos = blob.read(chunk, this.#pos);
    if (!blob.isComplete) return;
    if (blob.isStreamed) this.#state = AT_PART;
    else this.#completeBlob(blob);
  }

  #completeBlob(blob: PartialBlob): void {
    this.#blob = undefined;
    this.#state = AT_VALUE;
    const value = blob.build(this.#assembler.currentForm);
    this.#text.clear();
    if (this.#assembler.add(value)) this.#begin = this.#pos;
  }

  #resumePart(chunk: Buffer, blob: PartialBlob): void {
    if (!this.#continueLine(chunk)) return;
    const after = this.#pos;
    this.#pos = 0;
    if (byteAt(this.#line.buffer, 0) !== PART) {
      throw new ProtocolError("a streamed string is interrupted");
    }
    const length = this.#readLength(this.#line.buffer, this.#line.length);
    if (length < 0) throw invalidLength();
    this.#line.clear();
    this.#pos = after;
    blob.expect(length);
    if (blob.expected > this.#limits.maxBulkBytes) throw tooLarge("bulk string");
    if (length === 0) this.#completeBlob(blob);
    else this.#state = IN_BLOB;
  }

  /** The length in the line at `#pos`, or one of the three negative codes. */
  #readLength(buffer: Buffer, end: number): number {
    const at = this.#pos;
    if (at + SHORT_LENGTH_BYTES <= end) {
      const length = shortLength(buffer, at);
      if (length >= 0) {
        this.#pos = at + lineBytes(length);
        return length;
      }
    }
    const stop = this.#findLineEnd(buffer, end);
    if (stop < 0) return INCOMPLETE;
    this.#pos = stop + 2;
    return parseLength(buffer, at + 1, stop);
  }
}

function tooLarge(what: string): ProtocolError {
  return new ProtocolError(`the ${what} of a reply exceeds the limit`);
}
