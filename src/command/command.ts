import { inspectAsText } from "../base/inspect.ts";
import { ArgumentError } from "../errors.ts";
import { PASS_THROUGH_BYTES } from "../protocol/encode.ts";
import type { Argument, ReplyForm, RespValue } from "../protocol/resp.ts";
import { TEXT } from "../protocol/resp.ts";
import { describeCommand } from "./describe.ts";
import { isThenable, kindOf } from "./kind_of.ts";
import { traitsOf } from "./traits.ts";

/** What may stand where the server expects a key: text (sent as UTF-8) or bytes. */
export type Key = string | Uint8Array;
/** What may stand where the server expects a value. Numbers are sent in decimal. */
export type Value = string | Uint8Array | number | bigint;
/** How bulk strings come back: `string` on an ordinary client, `Buffer` on a `bytes` view. */
export type Bulk = string | Buffer;

/** How counters come back: `number` on an ordinary client, `bigint` on a view that asks for it. */
export type Counter = number | bigint;

/**
 * Makes the final value of one reply, or throws a `DecodeError`. Gets every reply but an error;
 * works for what RESP2 and RESP3 servers send.
 */
export type Decoder<T> = (reply: RespValue) => T;

/**
 * An inert command: what to send, and how to read the answer. It does not know how it will be sent,
 * and may be sent any number of times.
 *
 * Byte arguments of 16 KiB and more are not copied: they must stay as they are until the command
 * has its reply. Shorter ones are copied.
 */
export class Command<out T> {
  /** The name (one word or two, each an item) and the arguments. */
  readonly argv: readonly Argument[];
  readonly decode: Decoder<T>;
  readonly form: ReplyForm;
  /** See `traits.ts`. */
  readonly traits: number;

  /**
   * @param traits declared methods give them, and leave their `argv` to the command; without them
   *   they are found, and `argv` is copied
   * @throws {ArgumentError} for an argument that is no string, finite number, bigint or bytes
   */
  constructor(
    argv: readonly Argument[],
    decode: Decoder<T>,
    form: ReplyForm = TEXT,
    traits?: number,
  ) {
    let hasBytes = false;
    for (let index = 0; index < argv.length; index += 1) {
      const argument = argv[index];
      if (typeof argument === "string") continue;
      if (!isSendable(argument)) throw refuse(argv, index);
      hasBytes ||= typeof argument === "object";
    }
    if (hasBytes) this.argv = argv.map(keep);
    else this.argv = traits === undefined ? [...argv] : argv;
    this.decode = decode;
    this.form = form;
    this.traits = traits ?? traitsOf(argv);
  }

  /** Shows what is sent, shortened, secrets masked; so do `util.inspect` and `JSON.stringify`. */
  toString(): string {
    return `Command(${describeCommand(this.argv)})`;
  }

  /** As `toString()`. */
  toJSON(): string {
    return this.toString();
  }
}

inspectAsText(Command);

/** What is sent is what the bytes were at the call, also if the caller reuses them. */
function keep(argument: Argument): Argument {
  const isCopied = argument instanceof Uint8Array && argument.length < PASS_THROUGH_BYTES;
  return isCopied ? Buffer.from(argument) : argument;
}

function isSendable(argument: unknown): boolean {
  switch (typeof argument) {
    case "string":
    case "bigint":
      return true;
    case "number":
      return Number.isFinite(argument);
    default:
      return argument instanceof Uint8Array;
  }
}

function refuse(argv: readonly unknown[], index: number): ArgumentError {
  const [first] = argv;
  const name = typeof first === "string" ? describeCommand([first]) : "a command";
  const expected = "a string, a finite number, a bigint or bytes (Buffer, Uint8Array)";
  const got = kindOf(argv[index]) + adviceFor(argv[index]);
  return new ArgumentError(`Argument ${index} of ${name} is ${got}; expected ${expected}`, {
    command: name,
  });
}

function adviceFor(value: unknown): string {
  if (typeof value !== "object" || value === null || isThenable(value)) return "";
  if (Array.isArray(value)) return " (spread it, or pass it where keys are expected)";
  return "; convert it first, for example with JSON.stringify";
}
