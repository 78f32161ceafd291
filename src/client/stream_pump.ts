import { endListening, listenTo } from "../base/aborts.ts";
import { Bell } from "../base/bell.ts";
import { Ring } from "../base/ring.ts";
import {
  AbortError,
  PipelineStreamError,
  type PipelineStreamProgress,
  type RedisError,
} from "../errors.ts";
import { isLater } from "./outcome.ts";
import { StreamBatch, type StreamQueue } from "./stream_batch.ts";
import type { PipelineStreamOptions, StreamSource } from "./stream_options.ts";

const COMMANDS = 1_000;
const IN_FLIGHT = 4;

/** What a stream is made of. */
export interface StreamPlan<I> {
  readonly source: StreamSource<I>;
  readonly options: PipelineStreamOptions;
  /** Makes the pipeline of a batch, whose first command has this index in the stream. */
  readonly open: (firstIndex: number) => StreamQueue<I>;
}

/**
 * Pulls items from a source into batches and sends these, as long as fewer than `inFlight` wait for
 * their replies, or for somebody to take their results.
 *
 * `| sent: settled, then in flight | being filled: at most one |`
 *
 * States: new → pumping → halted (source used up, something failed) → closed. It never rejects by
 * itself: what has failed comes out of `batches()`, behind the batches that were sent before.
 */
export class StreamPump<I> {
  readonly #plan: StreamPlan<I>;
  readonly #size: number;
  readonly #window: number;
  readonly #sent = new Ring<StreamBatch<I>>();
  readonly #room = new Bell();
  readonly #news = new Bell();
  /** Until the source has ended or was closed. */
  #iterator: Iterator<I> | AsyncIterator<I> | undefined;
  #filling: StreamBatch<I> | undefined;
  #items = 0;
  #commands = 0;
  #unsettled = 0;
  #progress: PipelineStreamProgress = { items: 0, commands: 0, batches: 0, errors: 0 };
  /** Whether the source is being waited for, and whether the end of this turn will look at that. */
  #isPulling = false;
  #isWatching = false;
  #isHalted = false;
  #failure: (() => unknown) | undefined;
  readonly #onAbort = (): void => {
    const cause = this.#plan.options.signal?.reason as unknown;
    const details = { applied: false, attempts: 0, cause } as const;
    this.#end(new AbortError("The signal has fired; the item was not sent", details));
  };

  constructor(plan: StreamPlan<I>) {
    this.#plan = plan;
    const { batch = COMMANDS, inFlight = IN_FLIGHT } = plan.options;
    this.#size = batch;
    this.#window = inFlight;
  }

  get progress(): PipelineStreamProgress {
    return this.#progress;
  }

  /** The batches in order, each as it has settled. Who asks for the next is done with the last. */
  async *batches(): AsyncGenerator<StreamBatch<I>, void, undefined> {
    const { source, options } = this.#plan;
    this.#iterator = iterate(source);
    if (options.signal?.aborted === true) this.#onAbort();
    listenTo(options.signal, this.#onAbort);
    void this.#pump();
    try {
      yield* this.#settledBatches();
    } finally {
      await this.close();
    }
    if (this.#failure !== undefined) throw this.#failure();
  }

  /** Pulls and sends nothing more, closes the source, and waits for what is in flight. */
  async close(): Promise<void> {
    this.#halt();
    endListening(this.#plan.options.signal, this.#onAbort);
    const iterator = this.#iterator;
    this.#iterator = undefined;
    try {
      const closing = iterator?.return?.();
      // A source that is being waited for may not answer before that ends, which may be never.
      if (this.#isPulling) Promise.resolve(closing).catch(ignore);
      else await closing;
    } finally {
      for (const batch of this.#sent) await batch.settled;
    }
  }

  /** What the stream rejects with. Only when it is closed, and the progress final. */
  failure(item: number, cause: RedisError): PipelineStreamError {
    const { progress } = this;
    const { code, command, index, address, applied, attempts } = cause;
    const sent = `${progress.items} items were sent, commands of ${progress.errors} failed`;
    const message = `Item ${item} of the stream failed: ${cause.message} (${sent})`;
    const details = { code, command, index, address, applied, attempts, cause };
    return new PipelineStreamError(message, { ...details, item, progress });
  }

  async *#settledBatches(): AsyncGenerator<StreamBatch<I>, void, undefined> {
    for (;;) {
      const batch = this.#sent.peek();
      if (batch !== undefined) {
        await batch.settled;
        this.#plan.options.onProgress?.(this.#progress);
        yield batch;
        this.#sent.shift();
        this.#room.ring();
      } else if (this.#isHalted) return;
      else await this.#news.rings();
    }
  }

  async #pump(): Promise<void> {
    try {
      while (!this.#isHalted && this.#iterator !== undefined) {
        if (this.#filling === undefined) await this.#openBatch();
        await this.#fill();
      }
    } catch (error) {
      if (!this.#isHalted) this.#failure = () => error;
    }
    this.#send();
    this.#halt();
  }

  /** Waits until there is room for one more batch. */
  async #openBatch(): Promise<void> {
    while (this.#sent.size >= this.#window && !this.#isHalted) await this.#room.rings();
    if (this.#isHalted) return;
    this.#filling = new StreamBatch(this.#plan.open(this.#commands), this.#items);
  }

  /** Fills a batch as long as nobody has to be waited for. @returns what has to be */
  #fill(): Promise<void> | undefined {
    for (;;) {
      // Taking an item can send the batch; pulling one can end the source.
      const batch = this.#filling;
      const iterator = this.#iterator;
      if (batch === undefined || iterator === undefined) return undefined;
      const pulled = this.#pull(iterator);
      const later = isLater(pulled) ? this.#takeLater(pulled) : this.#take(pulled, batch);
      if (later !== undefined) return later;
    }
  }

  #pull(iterator: Iterator<I> | AsyncIterator<I>): IteratorResult<I> | Promise<IteratorResult<I>> {
    try {
      return iterator.next();
    } catch (error) {
      this.#iterator = undefined;
      throw error;
    }
  }

  async #takeLater(pulled: PromiseLike<IteratorResult<I>>): Promise<void> {
    let step: IteratorResult<I>;
    this.#isPulling = true;
    this.#watch();
    try {
      step = await pulled;
    } catch (error) {
      this.#iterator = undefined;
      throw error;
    } finally {
      this.#isPulling = false;
    }
    // What was being filled may have been sent meanwhile.
    if (this.#filling === undefined) await this.#openBatch();
    if (this.#filling !== undefined) await this.#take(step, this.#filling);
  }

  #take(step: IteratorResult<I>, batch: StreamBatch<I>): Promise<void> | undefined {
    if (step.done === true) {
      this.#iterator = undefined;
      this.#send();
      return undefined;
    }
    const later = batch.take(step.value);
    if (later === undefined) this.#sendIfFull(batch);
    return later?.then(() => this.#sendIfFull(batch));
  }

  #sendIfFull(batch: StreamBatch<I>): void {
    if (batch.isFull(this.#size)) this.#send();
  }

  #send(): void {
    const batch = this.#filling;
    if (batch === undefined || batch.items === 0 || this.#isHalted) return;
    this.#filling = undefined;
    this.#items += batch.items;
    this.#commands += batch.commands;
    this.#unsettled += 1;
    this.#sent.push(batch);
    batch.send(() => this.#settled(batch));
    this.#news.ring();
  }

  #settled(batch: StreamBatch<I>): void {
    this.#unsettled -= 1;
    const { items, commands, batches, errors } = this.#progress;
    this.#progress = {
      items: items + batch.items,
      commands: commands + batch.commands,
      batches: batches + 1,
      errors: errors + batch.errors,
    };
    if (batch.errors > 0 && this.#plan.options.raiseOnError !== false) this.#halt();
    else if (batch.closed !== undefined) this.#end(batch.closed);
    else this.#sendIfIdle();
  }

  /** Who waits for the source looks, when this turn of the event loop has ended, for work to do. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    setImmediate(() => {
      this.#isWatching = false;
      this.#sendIfIdle();
    });
  }

  /**
   * A source that is slow, or that waits for a result, does not hold back what it has given: as
   * long as something is in flight it fills the batch, then the batch is sent as it is.
   */
  #sendIfIdle(): void {
    if (this.#isPulling && this.#unsettled === 0) this.#send();
  }

  /** Ends with an error that comes behind the results of what was sent. */
  #end(cause: RedisError): void {
    if (this.#isHalted) return;
    this.#failure = () => this.failure(this.#items, cause);
    this.#halt();
  }

  #halt(): void {
    if (this.#isHalted) return;
    this.#isHalted = true;
    this.#filling?.abandon();
    this.#filling = undefined;
    this.#room.ring();
    this.#news.ring();
  }
}

function iterate<I>(source: StreamSource<I>): Iterator<I> | AsyncIterator<I> {
  if (typeof source !== "string" && Symbol.asyncIterator in source) {
    return source[Symbol.asyncIterator]();
  }
  return source[Symbol.iterator]();
}

function ignore(): void {
  // The loop that read the stream has ended: there is nobody to tell.
}
