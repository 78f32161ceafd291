import type { OneOrMany } from "../command/arguments.ts";
import type { Bulk, Counter, Key } from "../command/command.ts";
import type { ViewOptions } from "./core.ts";
import { runBody } from "./outcome.ts";
import type { Pipeline } from "./pipeline.ts";
import {
  checkPipelineOptions,
  defined,
  type ErrorOf,
  type PipelineOptions,
  type Raising,
} from "./pipeline_options.ts";
import { checkBody } from "./refuse.ts";
import { resolveReplies, type ScopeResult } from "./resolve.ts";
import { ScanningCommands } from "./scan.ts";
import { PipelineStream } from "./stream.ts";
import {
  checkSource,
  checkStreamOptions,
  type PipelineStreamOptions,
  type StreamBody,
  type StreamSource,
} from "./stream_options.ts";
import { checkTransactionOptions, retryWatch, type TransactionOptions } from "./transaction.ts";
import { watchCommand } from "./watch.ts";
import type { WatchedClient } from "./watched_client.ts";

/**
 * What a client has for work in groups: pipelines, streams of batches, and transactions.
 */
export abstract class PipeliningClient<
  B extends Bulk,
  N extends Counter = number,
> extends ScanningCommands<B, N> {
  /** What holds for each call, unless its own options say otherwise. */
  protected abstract readonly view: ViewOptions;

  /** Makes a pipeline with the options of the view below `options`. */
  protected abstract newPipeline(
    options: PipelineOptions,
    firstIndex?: number,
  ): Pipeline<B, never, N>;

  /**
   * Makes a pipeline: commands are queued, and travel together when it executes.
   *
   * @throws {OptionsError} for a wrong option
   * @example
   * ```ts
   * const pipe = redis.pipeline();
   * pipe.set("foo", 1);
   * const value = pipe.incr("foo");
   * await pipe.execute();
   * await value; // 2
   * ```
   */
  pipeline<const F extends boolean | undefined = true>(
    options?: Raising<PipelineOptions, F>,
  ): Pipeline<B, ErrorOf<F>, N>;
  /**
   * Runs `body` on a new pipeline, executes what it queued, and returns what it returned with every
   * handle replaced by its reply; all results if it returned nothing. If the body throws, nothing
   * is sent.
   *
   * @throws {RedisError} the first command's error, after all replies have come
   * @example
   * ```ts
   * const { name, hits } = await redis.pipeline((pipe) => ({
   *   name: pipe.get("name"),
   *   hits: pipe.incr("hits"),
   * })); // { name: string | null; hits: number }
   * ```
   */
  pipeline<const R>(body: (pipe: Pipeline<B, never, N>) => R | Promise<R>): Promise<ScopeResult<R>>;
  /**
   * The same with options: `transaction: true` for all or nothing, `raiseOnError: false` to find
   * errors in the places of the replies.
   *
   * @throws {OptionsError} for a wrong option
   * @example
   * ```ts
   * const [done, n] = await redis.pipeline({ transaction: true }, (pipe) => [
   *   pipe.set("foo", 1),
   *   pipe.incr("foo"),
   * ]); // [boolean, number]
   * ```
   */
  pipeline<const R, const F extends boolean | undefined = true>(
    options: Raising<PipelineOptions, F>,
    body: (pipe: Pipeline<B, ErrorOf<F>, N>) => R | Promise<R>,
  ): Promise<ScopeResult<R, ErrorOf<F>>>;
  pipeline(
    first: PipelineOptions | ((pipe: Pipeline<B, never, N>) => unknown) = {},
    second?: (pipe: Pipeline<B, never, N>) => unknown,
  ): Pipeline<B, never, N> | Promise<unknown> {
    if (typeof first === "function") return this.#scope({}, first);
    checkPipelineOptions(first);
    if (second === undefined) return this.newPipeline(first);
    checkBody(second, "pipeline()");
    return this.#scope(first, second);
  }

  /**
   * Bulk work: lets `body` queue the commands of each item of `source`, and sends them in batches,
   * several at a time, in constant memory. The source is pulled as fast as results are taken.
   *
   * @param body may queue any number of commands, and be asynchronous; what it returned for an item
   *   is the item's result, as in `pipeline(body)`
   * @returns to be iterated over for the results in order, or awaited for a summary: nothing has
   *   begun yet. It rejects with a {@link PipelineStreamError} for the first item that failed
   * @throws {ArgumentError} for what is no source
   * @example
   * ```ts
   * const ids = [1, 2, 3];
   * await redis.stream(ids, (pipe, id) => pipe.set(`user:${id}`, `user ${id}`));
   *
   * const names = redis.stream(ids, (pipe, id) => pipe.get(`user:${id}`));
   * for await (const name of names) name; // string | null
   * ```
   */
  stream<T, const R>(
    source: StreamSource<T>,
    body: (pipe: Pipeline<B, never, N>, item: T, index: number) => R | Promise<R>,
  ): PipelineStream<ScopeResult<R>>;
  /**
   * The same with options: how large batches are and how many are in flight, who is told of the
   * progress, and all that a pipeline has. With `raiseOnError: false` it goes on after errors, and
   * these stand in the places of the replies.
   *
   * @throws {OptionsError} for a wrong option
   * @example
   * ```ts
   * const options = { batch: 500, inFlight: 2, raiseOnError: false } as const;
   * const counts = redis.stream(["a", "b"], options, (pipe, key) => pipe.incr(key));
   * for await (const count of counts) count; // number | RedisError
   * ```
   */
  stream<T, const R, const F extends boolean | undefined = true>(
    source: StreamSource<T>,
    options: Raising<PipelineStreamOptions, F>,
    body: (pipe: Pipeline<B, ErrorOf<F>, N>, item: T, index: number) => R | Promise<R>,
  ): PipelineStream<ScopeResult<R, ErrorOf<F>>>;
  stream(
    source: StreamSource<unknown>,
    first: PipelineStreamOptions | StreamBody<Pipeline<B, never, N>>,
    second?: StreamBody<Pipeline<B, never, N>>,
  ): PipelineStream<unknown> {
    const [options, body] = typeof first === "function" ? [{}, first] : [first, second];
    checkSource(source);
    checkBody(body, "stream()");
    checkStreamOptions(options);
    const { transaction, retry, timeout, signal = this.view.signal } = options;
    return new PipelineStream({
      source,
      options: { ...options, signal },
      open: (firstIndex) => {
        const pipe = this.newPipeline({ transaction, retry, timeout, signal }, firstIndex);
        return { pipe, queue: (item, index) => body(pipe, item, index) };
      },
    });
  }

  /**
   * Runs a transaction with optimistic locking: `body` reads watched keys through `watched`, queues
   * on `tx`, and runs again, after a back-off, when another client has changed a watched key.
   *
   * @returns what the body returned, with every handle replaced by its reply
   * @throws {WatchError} when all retries met a conflict; `attempts` says how many there were
   * @example
   * ```ts
   * const [, next] = await redis.transaction({ watch: "counter" }, async (tx, watched) => {
   *   const n = Number((await watched.get("counter")) ?? 0) + 1;
   *   return [tx.set("counter", n), n] as const;
   * });
   * ```
   */
  transaction<const R, const F extends boolean | undefined = true>(
    options: Raising<TransactionOptions & { readonly watch: OneOrMany<Key> }, F>,
    body: (tx: Pipeline<B, ErrorOf<F>, N>, watched: WatchedClient<B, N>) => R | Promise<R>,
  ): Promise<ScopeResult<R, ErrorOf<F>>>;
  /** Without keys to watch: the same as `pipeline({ transaction: true, … }, body)`. */
  transaction<const R, const F extends boolean | undefined = true>(
    options: Raising<TransactionOptions, F>,
    body: (tx: Pipeline<B, ErrorOf<F>, N>) => R | Promise<R>,
  ): Promise<ScopeResult<R, ErrorOf<F>>>;
  /**
   * Without options: the same as `pipeline({ transaction: true }, body)`.
   *
   * @example
   * ```ts
   * const [left, taken] = await redis.transaction((tx) => [tx.decr("stock"), tx.incr("sold")]);
   * ```
   */
  transaction<const R>(
    body: (tx: Pipeline<B, never, N>) => R | Promise<R>,
  ): Promise<ScopeResult<R>>;
  transaction(
    first: TransactionOptions | ((tx: Pipeline<B, never, N>) => unknown),
    second?: (tx: Pipeline<B, never, N>, watched: never) => unknown,
  ): Promise<unknown> {
    if (typeof first === "function") return this.#scope({ transaction: true }, first);
    checkTransactionOptions(first);
    checkBody(second, "transaction()");
    const { watch } = first;
    if (watch === undefined) {
      const { timeout, signal, retry, raiseOnError } = first;
      const unwatched = second as (tx: Pipeline<B, never, N>) => unknown;
      return this.#scope({ transaction: true, timeout, signal, retry, raiseOnError }, unwatched);
    }
    watchCommand(watch);
    const guarded = second as (tx: Pipeline<B, never, N>, watched: WatchedClient<B, N>) => unknown;
    return retryWatch({ ...this.view, ...defined(first) }, (attempt) => {
      const pipe = this.newPipeline({ ...attempt, transaction: true });
      return pipe.watch(watch, (watched) => guarded(pipe, watched));
    });
  }

  async #scope(
    options: PipelineOptions,
    body: (pipe: Pipeline<B, never, N>) => unknown,
  ): Promise<unknown> {
    const pipe = this.newPipeline(options);
    let returned: unknown;
    try {
      const ran = runBody(() => body(pipe));
      ({ returned } = ran instanceof Promise ? await ran : ran);
      await pipe.finish();
    } catch (error) {
      pipe.abandon();
      throw error;
    }
    if (returned === undefined) return pipe.results;
    return resolveReplies(returned, options.raiseOnError === false);
  }
}
