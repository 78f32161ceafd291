import type { Bulk, Command } from "../command/command.ts";
import { Commands } from "../commands/index.ts";
import { BYTES, type ReplyForm, TEXT } from "../protocol/resp.ts";

/**
 * Makes commands without sending them: every command method of the client, returning a `Command`.
 */
export class CommandBuilder<B extends Bulk = string> extends Commands<"command", B> {
  protected override readonly form: ReplyForm;

  /** @internal See {@link command}. */
  constructor(form: ReplyForm) {
    super();
    this.form = form;
  }

  /** Commands whose bulk strings come back as `Buffer`s. */
  get bytes(): CommandBuilder<Buffer> {
    return new CommandBuilder<Buffer>(BYTES);
  }

  /** Gives the command back. */
  protected override deliver<T>(command: Command<T>): Command<T> {
    return command;
  }
}

/**
 * Makes commands without sending them; `redis.run()` and `pipe.run()` send them, any number of
 * times.
 *
 * @example
 * ```ts
 * const hits = command.get("hits"); // Command<string | null>
 * await redis.run(hits); // string | null
 * ```
 */
export const command: CommandBuilder = new CommandBuilder(TEXT);
