import { type Argument, FLAT, type ReplyForm } from "../protocol/resp.ts";
import type { Many } from "./arguments.ts";
import { Command, type Decoder, type Key, type Value } from "./command.ts";
import type { PipelineReply } from "./reply.ts";
import type { Callable, NamedValues } from "./script.ts";
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
 * What every command method is written against. A surface implements `deliver` and says in which
 * form it wants bulk strings; a command group is an abstract subclass that adds methods, nothing
 * else.
 */
export abstract class Executor<M extends Mode> {
  /** How this surface reads bulk strings: `TEXT` or `BYTES`. */
  protected abstract readonly form: ReplyForm;

  /** Takes a command, and gives what its reply will come in. */
  protected abstract deliver<T>(command: Command<T>): Reply<M, T>;

  /**
   * Run a command made by the builder or by hand, as its own method would.
   *
   * @example
   * ```ts
   * const hits = await redis.run(command.get("hits")); // null
   * ```
   */
  run<T>(command: Command<T>): Reply<M, T>;
  /**
   * Run a script or a function of a library. What the server lacks is loaded on the way.
   *
   * @param keys the keys, as many as were declared
   * @param args the arguments, as many as were declared
   * @throws {ArgumentError} if there are more or fewer than were declared
   * @example
   * ```ts
   * const double = script("return ARGV[1] * 2", { keys: [], args: ["n"], reply: integer });
   * await redis.run(double, [], [21]); // 42
   * ```
   */
  run<const K extends readonly string[], const A extends readonly string[], T>(
    callable: Callable<K, A, T>,
    keys: NamedValues<NoInfer<K>, Key>,
    args: NamedValues<NoInfer<A>, Value>,
  ): Reply<M, T>;
  run<T>(
    what: Command<T> | Callable<string[], string[], T>,
    keys: Many<Key> = [],
    args: Many<Value> = [],
  ): Reply<M, T> {
    if (what instanceof Command) return this.deliver(what);
    return this.deliver(what.toCommand(keys, args, this.form));
  }

  /** What the declared methods do: a command in this surface's form, delivered. */
  protected send<T>(
    argv: readonly Argument[],
    decode: Decoder<T>,
    traits: Traits = PLAIN,
  ): Reply<M, T> {
    return this.deliver(new Command(argv, decode, this.form, traits));
  }

  /** As `send`, for replies of pairs: they come flat, also from RESP3. */
  protected sendFlat<T>(
    argv: readonly Argument[],
    decode: Decoder<T>,
    traits: Traits = PLAIN,
  ): Reply<M, T> {
    return this.deliver(new Command(argv, decode, this.form | FLAT, traits));
  }
}
