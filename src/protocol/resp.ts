/**
 * What RESP2 and RESP3 replies are in JavaScript.
 */

/** What may stand as an argument of a command. Numbers are sent in decimal, strings as UTF-8. */
export type Argument = string | number | bigint | Uint8Array;

/**
 * An error as the server sent it, not yet thrown: light, without a stack. It becomes a `RedisError`
 * where it is known which command it answers.
 */
export class ErrorReply {
  /** The whole text: `"WRONGTYPE Operation against …"`. */
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }

  /** The first word, if it looks like a code (`A-Z`, digits, `_`), else `"ERR"`. */
  get code(): string {
    const end = this.message.indexOf(" ");
    const word = end < 0 ? this.message : this.message.slice(0, end);
    return word.length <= 32 && /^[A-Z][A-Z0-9_]*$/.test(word) ? word : "ERR";
  }
}

/**
 * One reply. Integers are `number` where exact, else `bigint`; big numbers are `bigint`; doubles
 * are `number`. Bulk and verbatim strings are `Buffer` in a bytes reply, else `string`; simple
 * strings are always `string`. Maps and sets are flat arrays, unless the raw form was asked for
 * (`Map`, `Set`).
 */
export type RespValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Buffer
  | ErrorReply
  | RespValue[]
  | Map<RespValue, RespValue>
  | Set<RespValue>;

/** How one top-level reply is built: a sum of {@link BYTES} and {@link RAW}, or {@link TEXT}. */
export type ReplyForm = number;
/** Bulk strings become text; maps and sets become flat arrays. */
export const TEXT: ReplyForm = 0;
/** Bulk strings become `Buffer`s that nobody else holds. */
export const BYTES: ReplyForm = 1;
/** Maps become `Map`, sets become `Set`. */
export const RAW: ReplyForm = 2;
/**
 * The reply is EXEC's: each element of the array has a form of its own, which is asked for again.
 */
export const EACH: ReplyForm = 4;
/**
 * The items of arrays within the reply's array become items of that array: pairs come flat, as
 * RESP2 sends them, without an array each.
 */
export const FLAT: ReplyForm = 16;
/** Counters become `bigint`. It concerns the decoders of commands, not how a reply is built. */
export const BIGINT: ReplyForm = 8;
