import { now } from "../base/clock.ts";
import { Ring } from "../base/ring.ts";
import type { Argument } from "../protocol/resp.ts";
import type { Request } from "./request.ts";

/** A full backlog is looked through for requests that were given up, not more often than this. */
const LOOK_EVERY_MS = 10;
/** The header of an argument, and a number; an estimate. */
const SMALL_ARGUMENT_BYTES = 8;

/** How much may wait. */
export interface BacklogLimits {
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
}

/**
 * Requests that wait to be encoded, in order, and how much that is.
 *
 * Bytes are counted of those only that come while nothing can be written: what is encoded at the
 * end of the same turn of the event loop needs no counting, and no limit.
 */
export class Backlog {
  readonly #requests = new Ring<Request>();
  /** In the requests; and how many bytes of those that were counted. */
  #commands = 0;
  #bytes = 0;
  #lookedAt = 0;

  /** Requests that wait. */
  get size(): number {
    return this.#requests.size;
  }

  push(request: Request): void {
    this.#requests.push(request);
    this.#commands += request.size;
  }

  /** As `push`, where it will have to wait. */
  pushCounted(request: Request): void {
    request.queuedBytes = request.measure();
    this.#bytes += request.queuedBytes;
    this.push(request);
  }

  /** Puts back what comes before all that waits. */
  putBack(first: readonly Request[]): void {
    const others = this.#requests.drain();
    for (const request of first) this.pushCounted(request);
    for (const request of others) this.#requests.push(request);
  }

  peek(): Request | undefined {
    return this.#requests.peek();
  }

  shift(): void {
    const request = this.#requests.shift();
    if (request === undefined) return;
    this.#commands -= request.size;
    if (request.queuedBytes === 0) return;
    this.#bytes -= request.queuedBytes;
    request.queuedBytes = 0;
  }

  /** Takes everything out, oldest first. */
  drain(): Request[] {
    const requests = this.#requests.drain();
    for (const request of requests) request.queuedBytes = 0;
    this.#commands = 0;
    this.#bytes = 0;
    return requests;
  }

  /**
   * Whether nothing more may come. Below the limits one more is taken, however large it is.
   *
   * @param partial as in `dropSettled`
   */
  isFull({ maxQueued, maxQueuedBytes }: BacklogLimits, partial?: Request): boolean {
    const isOver = (): boolean => this.#commands >= maxQueued || this.#bytes >= maxQueuedBytes;
    if (!isOver()) return false;
    // Not at every refusal: who floods a full queue must not pay for looking through it each time.
    const time = now();
    if (time - this.#lookedAt < LOOK_EVERY_MS) return true;
    this.#lookedAt = time;
    this.dropSettled(partial);
    return isOver();
  }

  /** Forgets requests that were given up. @param partial stays: it has been encoded in part */
  dropSettled(partial?: Request): void {
    const requests = this.#requests.drain();
    this.#commands = 0;
    this.#bytes = 0;
    for (const request of requests) {
      if (request.isSettled && request !== partial) continue;
      this.push(request);
      this.#bytes += request.queuedBytes;
    }
  }

  [Symbol.iterator](): IterableIterator<Request> {
    return this.#requests[Symbol.iterator]();
  }
}

/** Gives up what is due. @returns the next deadline, and whether any had passed */
export function sweepRequests(
  requests: Iterable<Request>,
  time: number,
  fail: (request: Request) => void,
): { readonly next: number; readonly hasExpired: boolean } {
  let next = Number.POSITIVE_INFINITY;
  let hasExpired = false;
  for (const request of requests) {
    if (request.isSettled || request.deadline === 0) continue;
    if (request.deadline <= time) {
      hasExpired = true;
      if (request.refusal === undefined) fail(request);
      else request.surrender();
    } else if (request.deadline < next) next = request.deadline;
  }
  return { next, hasExpired };
}

/** About how many bytes a command holds. */
export function measureArguments(argv: readonly Argument[]): number {
  let bytes = 0;
  for (const argument of argv) {
    bytes += SMALL_ARGUMENT_BYTES;
    if (typeof argument === "string" || argument instanceof Uint8Array) bytes += argument.length;
  }
  return bytes;
}
