/** Values whose bytes were counted in advance: bulk strings, verbatim strings and blob errors. */
import { ProtocolError } from "../errors.ts";
import type { GrowingBytes } from "./growing_bytes.ts";
import { BYTES, ErrorReply, type ReplyForm, type RespValue } from "./resp.ts";
import { byteAt, readText } from "./text.ts";
import { BLOB_ERROR, BULK, CR, LF, VERBATIM } from "./wire.ts";

/** A verbatim string begins with three letters that name its format, and a colon. */
const FORMAT_BYTES = 4;
const COLON = 0x3a;
/** Up to here bytes are copied one by one: `copy` makes a view first. */
const SHORT_BYTES = 64;

/** Builds the value of type `kind` from a range of bytes that somebody else goes on using. */
export function buildBlob(
  kind: number,
  form: ReplyForm,
  buffer: Buffer,
  start: number,
  end: number,
): RespValue {
  if (kind === BLOB_ERROR) return new ErrorReply(readText(buffer, start, end));
  let from = start;
  if (kind === VERBATIM) {
    from += FORMAT_BYTES;
    if (from > end || byteAt(buffer, from - 1) !== COLON) {
      throw new ProtocolError("a verbatim string does not name its format");
    }
  }
  if ((form & BYTES) === 0) return readText(buffer, from, end);
  return copyBytes(buffer, from, end);
}

/** A copy of a range. */
export function copyBytes(buffer: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  const copy = Buffer.allocUnsafe(length);
  if (length > SHORT_BYTES) buffer.copy(copy, 0, start, end);
  else for (let i = 0; i < length; i++) copy[i] = byteAt(buffer, start + i);
  return copy;
}

/** Throws unless CRLF stands at `at` and the byte after it. */
export function expectLineEnd(buffer: Buffer, at: number): void {
  if (byteAt(buffer, at) !== CR || byteAt(buffer, at + 1) !== LF) throw missingLineEnd();
}

function missingLineEnd(): ProtocolError {
  return new ProtocolError("the bytes of a bulk string are not followed by CRLF");
}

/**
 * A blob that arrives in several chunks: all of it, or part by part of a streamed string. It knows
 * neither limits nor what comes after it.
 *
 * Invariant: `#bytes.length <= #expected`, and CRLF is read only when they are equal.
 */
export class PartialBlob {
  readonly #kind: number;
  readonly #bytes: GrowingBytes;
  /** Whether further parts may come after those announced. */
  readonly isStreamed: boolean;
  #expected = 0;
  /** How many bytes of the CRLF after the announced bytes were seen. */
  #lineEnd = 0;

  /** `bytes`, which are empty, are where it collects. */
  constructor(kind: number, isStreamed: boolean, bytes: GrowingBytes) {
    this.#kind = kind;
    this.isStreamed = isStreamed;
    this.#bytes = bytes;
  }

  /** How many bytes were announced so far. */
  get expected(): number {
    return this.#expected;
  }

  /** Announces so many bytes more. */
  expect(bytes: number): void {
    this.#expected += bytes;
    this.#lineEnd = 0;
  }

  /** Whether everything announced is there, CRLF included. */
  get isComplete(): boolean {
    return this.#lineEnd === 2;
  }

  /** Reads from `pos` of a chunk and returns the position after what belonged here. */
  read(chunk: Buffer, pos: number): number {
    const missing = this.#expected - this.#bytes.length;
    let at = Math.min(pos + missing, chunk.length);
    if (at > pos) {
      const limit = this.isStreamed ? Number.MAX_SAFE_INTEGER : this.#expected;
      this.#bytes.append(chunk, pos, at, limit);
    }
    if (this.#bytes.length < this.#expected) return at;
    while (at < chunk.length && this.#lineEnd < 2) {
      if (byteAt(chunk, at) !== (this.#lineEnd === 0 ? CR : LF)) throw missingLineEnd();
      this.#lineEnd++;
      at++;
    }
    return at;
  }

  /** The value, once complete. This object is of no use afterwards. */
  build(form: ReplyForm): RespValue {
    const { buffer, length } = this.#bytes;
    const isWhole = this.#kind === BULK && buffer.length === length && (form & BYTES) !== 0;
    // No bytes came: the buffer is one that all empty ones share.
    const isOwned = isWhole && length > 0;
    return isOwned ? buffer : buildBlob(this.#kind, form, buffer, 0, length);
  }
}
