import { inspectAsText } from "../base/inspect.ts";
import { DecodeError, PipelineStateError, RedisError } from "../errors.ts";
import { checkConversion, convert } from "./convert.ts";
import type { Conversion, StandardSchema } from "./standard_schema.ts";

/** Where a handle finds its reply: a batch of a pipeline. */
export interface ReplySource {
  /** `"open"`: not executed; `"running"`: executing; `"settled"`: every outcome is known. */
  readonly phase: "open" | "running" | "settled";
  /** The value or error at `index`. Only when settled. */
  outcome(index: number): unknown;
  /** Resolves when settled; never rejects. Only when running or settled. */
  whenSettled(): Promise<void>;
  /** The command at `index`, for messages: `"GET foo"`. */
  describe(index: number): string;
  /** What errors say of the command at `index`. */
  about(index: number): AboutCommand;
}

/** What every error of a command says, whatever has become of it. */
export interface AboutCommand {
  readonly command: string;
  /** The position in a pipeline, from 0; `undefined` for a command on its own. */
  readonly index: number | undefined;
  readonly address: string;
  /** How many times the command was tried. */
  readonly attempts: number;
}

/**
 * The reply a pipelined command will have: awaitable, and of the command's exact type.
 *
 * Awaited before the pipeline has executed it rejects at once with a `PipelineStateError` and
 * leaves the pipeline as it is. After execution it settles, once and for ever, as the decoded value
 * or as an error. It may be awaited any number of times, or never: a failed handle nobody awaits is
 * no unhandled rejection. It makes no promise until somebody awaits it.
 *
 * @example
 * ```ts
 * const pipe = redis.pipeline();
 * const hits = pipe.incr("hits"); // PipelineReply<number>
 * await pipe.execute();
 * const n: number = await hits; // or hits.value
 * ```
 */
export class PipelineReply<out T> implements PromiseLike<T> {
  readonly #source: ReplySource;
  readonly #index: number;

  /** @internal Handles come from pipelines. */
  constructor(source: ReplySource, index: number) {
    this.#source = source;
    this.#index = index;
  }

  /**
   * The settled value, synchronously.
   *
   * @throws {PipelineStateError} before the pipeline has executed
   * @throws {RedisError} what awaiting the handle would reject with
   */
  get value(): T {
    if (this.#source.phase !== "settled") throw tooEarly(this.#source, this.#index);
    const outcome = this.#source.outcome(this.#index);
    if (outcome instanceof Error) throw outcome;
    // Only the decoder of a Command<T> writes this outcome.
    return outcome as T;
  }

  /**
   * The settled value, or the error instead of throwing it. Before execution: a
   * `PipelineStateError`.
   */
  get outcome(): T | Error {
    try {
      return this.value;
    } catch (error) {
      return error instanceof Error
        ? error
        : new RedisError("A conversion threw", { cause: error });
    }
  }

  /**
   * A handle of the checked value. The command is sent once; `.results` keeps its own value. A
   * value that does not fit the schema fails the new handle only.
   *
   * @param schema a synchronous Standard Schema (zod, valibot, arktype …)
   * @throws {ArgumentError} for what is neither a schema nor a function
   * @example
   * ```ts
   * const validate = (value: unknown) => ({ value: { name: String(Object(value).name) } });
   * const User: StandardSchema<{ name: string }> = {
   *   "~standard": { version: 1, vendor: "docs", validate }, // or z.object({ name: z.string() })
   * };
   * await redis.hset("user:1", { name: "Ada" });
   * const [user] = await redis.pipeline((pipe) => [pipe.hgetall("user:1").as(User)]);
   * // { name: "Ada" }
   * ```
   */
  as<U>(schema: StandardSchema<U>): PipelineReply<U>;
  /**
   * A handle of the converted value. The command is sent once; `.results` keeps its own value. A
   * conversion that throws fails the new handle only.
   *
   * @example
   * ```ts
   * const [age] = await redis.pipeline((pipe) => [pipe.get("age").as(Number)]); // number
   * ```
   */
  as<U>(convert: (value: T) => U): PipelineReply<U>;
  as<U>(conversion: Conversion<T, U>): PipelineReply<U> {
    checkConversion(conversion);
    return new PipelineReply<U>(
      new ConvertedSource(this, this.#source, this.#index, conversion),
      0,
    );
  }

  /** Waits for the reply, as `Promise.then` does; this is what `await` calls. */
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return settled(this, this.#source).then(onFulfilled, onRejected);
  }

  /** As `Promise.catch`. */
  catch<E = never>(onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null): Promise<T | E> {
    return settled(this, this.#source).catch(onRejected);
  }

  /** As `Promise.finally`. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return settled(this, this.#source).finally(onFinally);
  }

  /** Shows the command and the state, never the value. */
  toString(): string {
    return `PipelineReply(${this.#source.describe(this.#index)}, ${this.#source.phase})`;
  }
}

inspectAsText(PipelineReply);

/** Not private methods of the handle: those would cost every handle a field. */
async function settled<T>(reply: PipelineReply<T>, source: ReplySource): Promise<T> {
  if (source.phase === "running") await source.whenSettled();
  return reply.value;
}

function tooEarly(source: ReplySource, index: number): PipelineStateError {
  const about = source.about(index);
  const isRunning = source.phase === "running";
  const advice = isRunning
    ? "Await the handle instead of reading .value."
    : "Execute the pipeline first (await pipe.execute(), or return from its scope). An async " +
      "body that returns a bare handle awaits it: return it in an array or object.";
  return new PipelineStateError(
    `The reply of ${about.command} was asked for before the pipeline has executed. ${advice}`,
    isRunning ? { ...about, applied: "unknown" } : about,
  );
}

/** Converts one handle's outcome, once, when it is first asked for. */
class ConvertedSource<T, U> implements ReplySource {
  readonly #from: PipelineReply<T>;
  readonly #source: ReplySource;
  readonly #index: number;
  #conversion: Conversion<T, U> | undefined;
  #outcome: unknown;

  constructor(
    from: PipelineReply<T>,
    source: ReplySource,
    index: number,
    conversion: Conversion<T, U>,
  ) {
    this.#from = from;
    this.#source = source;
    this.#index = index;
    this.#conversion = conversion;
  }

  get phase(): ReplySource["phase"] {
    return this.#source.phase;
  }

  outcome(): unknown {
    if (this.#conversion !== undefined) {
      this.#outcome = this.#convert(this.#conversion);
      this.#conversion = undefined;
    }
    return this.#outcome;
  }

  whenSettled(): Promise<void> {
    return this.#source.whenSettled();
  }

  describe(): string {
    return this.#source.describe(this.#index);
  }

  about(): AboutCommand {
    return this.#source.about(this.#index);
  }

  #convert(conversion: Conversion<T, U>): unknown {
    const reply = this.#from.outcome;
    if (reply instanceof Error) return reply;
    try {
      return convert(reply, conversion);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const about = this.about();
      return new DecodeError(`The conversion of ${about.command}'s reply failed: ${message}`, {
        ...about,
        cause: error instanceof DecodeError ? error.cause : error,
      });
    }
  }
}

/**
 * A scope's return value with every handle in it replaced by its reply; `E` joins each handle's
 * place. What has methods, such as a `Map` or an instance of most classes, stays as it is.
 *
 * @example `Settled<{ n: PipelineReply<number>; at: Date }>` is `{ n: number; at: Date }`
 */
export type Settled<R, E = never> =
  R extends PipelineReply<infer T>
    ? T | E
    : R extends readonly unknown[]
      ? { -readonly [I in keyof R]: Settled<R[I], E> }
      : R extends PlainObject<R>
        ? { -readonly [K in keyof R]: Settled<R[K], E> }
        : R;

/**
 * What `R` must extend to be a plain object: literals and their aliases fit a record; an interface
 * does not, and is told from a class by its having no methods.
 */
type PlainObject<R> =
  | Readonly<Record<string, unknown>>
  | (Extract<R | R[keyof R], (...args: never) => unknown> extends never ? object : never);
