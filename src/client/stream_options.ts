import { whole } from "../connection/options.ts";
import { ArgumentError, OptionsError, type PipelineStreamProgress } from "../errors.ts";
import {
  checkPipelineOptions,
  PIPELINE_OPTIONS,
  type PipelineOptions,
} from "./pipeline_options.ts";

/** How `redis.stream()` divides its work; those of a pipeline hold for each batch. */
export interface PipelineStreamOptions extends PipelineOptions {
  /**
   * A batch is sent when it has so many commands, or comes from so many items; default 1000. It is
   * sent earlier when its arguments come to 1 MiB, and when the source makes the stream wait while
   * no other batch is in flight. The commands of one item are never divided.
   */
  readonly batch?: number | undefined;
  /**
   * So many batches at most are sent, or being filled, before the results of the first of them have
   * been taken; default 4. The source is at most `batch * inFlight` items ahead.
   */
  readonly inFlight?: number | undefined;
  /**
   * Called after each batch, in the order of the batches. What it throws ends the stream.
   */
  readonly onProgress?: ((progress: PipelineStreamProgress) => void) | undefined;
}

/** What a stream can read: arrays, generators, Node streams, database cursors … */
export type StreamSource<T> = Iterable<T> | AsyncIterable<T>;

/** Queues the commands of one item. */
export type StreamBody<P> = (pipe: P, item: unknown, index: number) => unknown;

const KNOWN: ReadonlySet<string> = new Set([
  ...PIPELINE_OPTIONS,
  ..."batch inFlight onProgress".split(" "),
]);

/** @throws {OptionsError} for an option that is not known or of the wrong type */
export function checkStreamOptions(options: PipelineStreamOptions): void {
  checkPipelineOptions(options, KNOWN);
  const { batch, inFlight, onProgress } = options;
  whole(batch, "batch", 1);
  whole(inFlight, "inFlight", 1);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new OptionsError(`Option onProgress must be a function, but is ${typeof onProgress}`);
  }
}

/** @throws {ArgumentError} if the source is nothing that can be iterated over */
export function checkSource(source: unknown): void {
  const iterable = Object(source) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
  const makes = iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator];
  if (typeof makes === "function") return;
  const kind = source === null ? "null" : typeof source;
  throw new ArgumentError(`stream() needs an iterable or async iterable, but got ${kind}`);
}
