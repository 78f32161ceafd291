import type { Argument, ReplyForm } from "../protocol/resp.ts";
import { Command, type Decoder } from "./command.ts";
import type { PipelineReply } from "./reply.ts";
import { PLAIN, type Traits } from "./traits.ts";

/**
 * How each kind of surface hands over a reply of type `T`. One property per kind: nothing else
 * differs.
 */
export interface Delivery<T> {
  /** A client: the command is sent now. */
  promise: Promise<T>;
  /** A pipeline or transaction: a handle, settled by execution. */
  queued: PipelineReply<T>;
  /** The builder: the command itself, unsent. */
  command: Command<T>;
}

/** The kinds of surface: `"promise"`, `"queued"`, `"command"`. */
export type Mode = keyof Delivery<unknown>;

/**
 * What a surface of mode `M` returns for a reply of type `T`: `Reply<"promise", number>` is
 * `Promise<number>`.
 */
export type Reply<M extends Mode, T> = Delivery<T>[M];

/**
 * What every command method is written against. A surface implements `run` and says in which
 * form it wants bulk strings; a command group is an abstract subclass that adds methods, nothing
 * else.
 */
export abstract class Executor<M extends Mode> {
  /** How this surface reads bulk strings: `TEXT` or `BYTES`. */
  protected abstract readonly form: ReplyForm;

  /** Runs a command made by the builder or by hand, as its own method would. */
  abstract run<T>(command: Command<T>): Reply<M, T>;

  /** What the declared methods do: a command in this surface's form, run. */
  protected send<T>(
    argv: readonly Argument[],
    decode: Decoder<T>,
    traits: Traits = PLAIN,
  ): Reply<M, T> {
    return this.run(new Command(argv, decode, this.form, traits));
  }
}
