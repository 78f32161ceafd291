import type { RedisError } from "../errors.ts";
import type { Encoder } from "../protocol/encode.ts";
import type { ErrorReply, ReplyForm, RespValue } from "../protocol/resp.ts";

/**
 * Why something did not get its reply: makes an error for one command. Made once, for all the
 * commands that it concerns; the errors are made only for those somebody looks at.
 */
export type Failure = (about: FailureDetails) => RedisError;

/** What a {@link Failure} is told of the command. */
export interface FailureDetails {
  readonly command: string;
  readonly applied: false | "unknown";
  readonly attempts: number;
  readonly index?: number | undefined;
}

/**
 * What a connection carries: one command, or several whose replies belong together. It settles each
 * of its commands exactly once, and alone knows which of them have been written.
 *
 * `| replied | written | not written |`
 */
export interface Request {
  /** When it gives up, on the clock of `base/clock.ts`; 0: never. */
  readonly deadline: number;
  /** Commands in it. */
  readonly size: number;
  /** Kept by the backlog that the request waits in: its bytes, 0 if they were not counted. */
  queuedBytes: number;
  /** About how many bytes it holds. */
  measure(): number;
  /** Whether every outcome is known. Replies that are still owed will be dropped. */
  readonly isSettled: boolean;
  /** Replies that the server owes for what has been encoded. */
  readonly owed: number;
  /**
   * Encodes commands until the encoder holds `limit` bytes or more.
   *
   * @returns whether nothing is left to encode
   */
  encode(encoder: Encoder, limit: number): boolean;
  /**
   * The form in which the next reply is read; where that was `EACH`, its element of that position.
   */
  form(element?: number): ReplyForm;
  /** Takes the next reply. @returns whether no other is owed and nothing is left to encode */
  reply(value: RespValue): boolean;
  /**
   * The connection is gone. Settles what must not be sent again and goes back to the state before
   * encoding with the rest.
   *
   * @param canRepeat whether what has been written may be sent again at all; default `true`
   * @returns whether there is a rest
   */
  interrupt(failure: Failure, canRepeat?: boolean): boolean;
  /**
   * What the server said when it refused the request for a state that passes, before it ran any of
   * it: then the request is back in the state before encoding. Else `undefined`.
   */
  readonly refusal: ErrorReply | undefined;
  /** Whether it can end such a state; see `isRemedy` in `applied.ts`. */
  readonly isRemedy: boolean;
  /** Settles a refused request with what the server said. */
  surrender(): void;
  /** Settles everything that is not settled, now. Replies still owed will be dropped. */
  fail(failure: Failure): void;
}
