import { ItemIterator } from "../base/item_iterator.ts";
import { PipelineStateError, type PipelineStreamProgress } from "../errors.ts";
import { type StreamPlan, StreamPump } from "./stream_pump.ts";

/**
 * What `redis.stream()` returns: bulk work that has not begun. Iterate over it for the result of
 * each item, in the order of the items; or await it (or call `run()`) for a summary alone, which
 * keeps no result. It can be used once. If nobody does either, nothing is pulled and nothing sent.
 *
 * As a handle of a pipeline it is thenable: an `async` function that returns one runs it.
 *
 * @example
 * ```ts
 * const hits = redis.stream(["a", "b", "c"], (pipe, page) => pipe.incr(`hits:${page}`));
 * for await (const n of hits) n; // number
 * ```
 */
export class PipelineStream<out T>
  implements AsyncIterable<T>, PromiseLike<PipelineStreamProgress>
{
  readonly #pump: StreamPump<unknown>;
  readonly #keepErrors: boolean;
  #isUsed = false;
  #summary: Promise<PipelineStreamProgress> | undefined;

  /** @internal Streams come from `redis.stream()`. */
  constructor(plan: StreamPlan<unknown>) {
    this.#pump = new StreamPump(plan);
    this.#keepErrors = plan.options.raiseOnError === false;
  }

  /** How far it has come. */
  get progress(): PipelineStreamProgress {
    return this.#pump.progress;
  }

  /**
   * Begins, and gives the result of each item. A loop that ends early closes the source and waits
   * for what is in flight.
   *
   * @throws {PipelineStateError} if the stream was used before
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    this.#use();
    // What the body returned for each item, with replies in place of handles: what T is.
    return new ItemIterator(this.#batches() as AsyncGenerator<readonly T[], void, undefined>);
  }

  /**
   * Begins, and runs to the end without keeping any result.
   *
   * @returns what was done
   * @throws {PipelineStateError} if the stream was iterated over
   * @throws {PipelineStreamError} for the first item that failed, unless `raiseOnError` is `false`
   * @example
   * ```ts
   * const rows = [{ id: 1, name: "Ada" }, { id: 2, name: "Alan" }];
   * const done = await redis
   *   .stream(rows, (pipe, { id, name }) => pipe.hset(`user:${id}`, { name }))
   *   .run();
   * done; // { items: 2, commands: 2, batches: 1, errors: 0 }
   * ```
   */
  run(): Promise<PipelineStreamProgress> {
    if (this.#summary === undefined) {
      this.#use();
      this.#summary = this.#drain();
    }
    return this.#summary;
  }

  /** As `run().then(…)`; this is what `await` calls. */
  then<R = PipelineStreamProgress, E = never>(
    onFulfilled?: ((summary: PipelineStreamProgress) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.run().then(onFulfilled, onRejected);
  }

  #use(): void {
    if (this.#isUsed) throw new PipelineStateError("A stream is used once; make a new one");
    this.#isUsed = true;
  }

  async #drain(): Promise<PipelineStreamProgress> {
    for await (const _ of this.#batches());
    return this.#pump.progress;
  }

  /** The results of each batch, up to the first item that failed. */
  async *#batches(): AsyncGenerator<readonly unknown[], void, undefined> {
    for await (const batch of this.#pump.batches()) {
      const { results, failure } = batch.read(this.#keepErrors);
      yield results;
      if (failure === undefined) continue;
      await this.#pump.close().catch(ignore);
      throw this.#pump.failure(batch.firstItem + results.length, failure);
    }
  }
}

function ignore(): void {
  // The item that failed comes before a source that cannot be closed.
}
