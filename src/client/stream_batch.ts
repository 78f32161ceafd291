import { nextTurn } from "../base/clock.ts";
import { measureArguments } from "../connection/backlog.ts";
import type { Batch } from "../connection/batch.ts";
import { ClosedError, PipelineStateError, RedisError } from "../errors.ts";
import { isLater } from "./outcome.ts";
import { resolveReplies } from "./resolve.ts";

/** A batch with so many bytes in its arguments is full. */
const BYTES = 1024 * 1024;

/** What a stream must know of a pipeline. */
interface ExecutedPipeline {
  readonly batch: Batch;
  readonly isOpen: boolean;
  readonly isWatching: boolean;
  finish(): Promise<void>;
  abandon(): void;
}

/** A new pipeline, and what queues the commands of an item on it. */
export interface StreamQueue<I> {
  readonly pipe: ExecutedPipeline;
  readonly queue: (item: I, index: number) => unknown;
}

/** What has become of the items of a batch. */
export interface StreamResults {
  readonly results: readonly unknown[];
  /** Why the item behind the results failed. */
  readonly failure?: RedisError;
}

/**
 * The items of a stream that travel in one pipeline: what the body returned for each, and which of
 * the commands are its own.
 *
 * Invariant: the commands of the item at `position` are those from `ends[position - 1]` (or 0) to
 * `ends[position]`.
 */
export class StreamBatch<I> {
  /** The position of its first item in the source. */
  readonly firstItem: number;
  /** Resolves when every outcome is known; never rejects. */
  settled: Promise<void> = Promise.resolve();
  /** Items of which a command failed. */
  errors = 0;
  /** Why no other batch can succeed: the client was closed. */
  closed: ClosedError | undefined;
  readonly #queue: StreamQueue<I>;
  readonly #returned: unknown[] = [];
  readonly #ends: number[] = [];
  /** About what its arguments take on the wire. */
  #bytes = 0;

  constructor(queue: StreamQueue<I>, firstItem: number) {
    this.#queue = queue;
    this.firstItem = firstItem;
  }

  get items(): number {
    return this.#returned.length;
  }

  get commands(): number {
    return this.#queue.pipe.batch.commands.length;
  }

  /** Lets the body queue one more item. @returns a promise if the body is asynchronous */
  take(item: I): Promise<void> | undefined {
    const start = this.commands;
    try {
      const returned = this.#queue.queue(item, this.firstItem + this.items);
      if (isLater(returned)) return this.#takeLater(returned, start);
      this.#add(returned, start);
      return undefined;
    } catch (error) {
      this.#queue.pipe.batch.retract(start);
      throw error;
    }
  }

  /** Whether it has `size` items or commands, or too much in them. */
  isFull(size: number): boolean {
    return this.items >= size || this.commands >= size || this.#bytes >= BYTES;
  }

  /** Sends what is queued. @param onSettled is told when every outcome is known */
  send(onSettled: () => void): void {
    this.settled = this.#execute().then(onSettled);
  }

  /** Drops what is queued: nothing can be added, and handles reject. */
  abandon(): void {
    this.#queue.pipe.abandon();
  }

  /**
   * What the body returned for each item, with replies in place of handles; all replies of the item
   * if it was nothing.
   *
   * @param keepErrors whether errors take the places of replies; else they end the results
   */
  read(keepErrors: boolean): StreamResults {
    const results: unknown[] = [];
    try {
      for (let position = 0; position < this.items; position += 1) {
        results.push(this.#result(position, keepErrors));
      }
      return { results };
    } catch (error) {
      if (error instanceof RedisError) return { results, failure: error };
      throw error;
    }
  }

  #result(position: number, keepErrors: boolean): unknown {
    if (!keepErrors) {
      const index = this.#failedCommand(position);
      if (index !== undefined) throw this.#outcome(index);
    }
    const returned = this.#returned[position];
    if (returned !== undefined) return resolveReplies(returned, keepErrors);
    const outcomes: unknown[] = [];
    for (let index = this.#start(position); index < this.#end(position); index += 1) {
      outcomes.push(this.#outcome(index));
    }
    return outcomes;
  }

  /** The index of the first command of an item that failed. */
  #failedCommand(position: number): number | undefined {
    const { batch } = this.#queue.pipe;
    if (!batch.hasFailed) return undefined;
    for (let index = this.#start(position); index < this.#end(position); index += 1) {
      if (batch.isFailure(index)) return index;
    }
    return undefined;
  }

  #outcome(index: number): unknown {
    return this.#queue.pipe.batch.outcome(index);
  }

  async #takeLater(later: PromiseLike<unknown>, start: number): Promise<void> {
    try {
      this.#add(await later, start);
    } catch (error) {
      this.#queue.pipe.batch.retract(start);
      throw error;
    }
  }

  #add(returned: unknown, start: number): void {
    const { pipe } = this.#queue;
    if (!pipe.isOpen) {
      throw new PipelineStateError("A stream executes its pipelines itself: the body only queues");
    }
    if (pipe.isWatching) {
      throw new PipelineStateError("The body has returned while its watch block runs: await that");
    }
    const { commands } = pipe.batch;
    for (let index = start; index < commands.length; index += 1) {
      this.#bytes += measureArguments(commands.argv(index));
    }
    this.#returned.push(returned);
    this.#ends.push(commands.length);
  }

  async #execute(): Promise<void> {
    const { pipe } = this.#queue;
    // Without a server's answer nothing lets timers and signals have their turn.
    if (this.commands === 0) await nextTurn();
    try {
      await pipe.finish();
    } catch {
      // Every command's outcome says what happened to it.
    }
    if (pipe.batch.hasFailed) this.#countErrors();
  }

  #countErrors(): void {
    for (let position = 0; position < this.items; position += 1) {
      const index = this.#failedCommand(position);
      if (index === undefined) continue;
      this.errors += 1;
      if (this.errors > 1) continue;
      const error = this.#outcome(index);
      if (error instanceof ClosedError) this.closed = error;
    }
  }

  #start(position: number): number {
    return position === 0 ? 0 : this.#end(position - 1);
  }

  #end(position: number): number {
    return this.#ends[position] ?? 0;
  }
}
