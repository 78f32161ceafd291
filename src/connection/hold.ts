import { type BackoffOptions, backoffDelay } from "../base/backoff.ts";
import type { Request } from "./request.ts";

/**
 * What a server has refused for a state that passes (LOADING, BUSY …), until it is sent again in
 * its old order: when nothing is in flight any more, after a back-off, and at first only the first
 * of it, so that a server in trouble is not asked more often than necessary.
 *
 * `off → draining (others are in flight) → waiting (for the back-off) → ready (one may be sent) →
 * probing (it is)`, and from there back to `draining`, or to `off`.
 */
export class Hold {
  #state: "off" | "draining" | "waiting" | "ready" | "probing" = "off";
  #requests: Request[] = [];
  /** What the server said last. */
  reason: string | undefined;
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #backoff: BackoffOptions;

  constructor(backoff: BackoffOptions) {
    this.#backoff = backoff;
  }

  /** Whether requests must wait. */
  get isOn(): boolean {
    return this.#state !== "off";
  }

  /** Whether nothing is held but what was given up. */
  get isEmpty(): boolean {
    return this.#requests.every((request) => request.isSettled);
  }

  get requests(): readonly Request[] {
    return this.#requests;
  }

  /** Takes a refused request; it comes behind those that are held already. */
  add(request: Request): void {
    this.#requests.push(request);
    this.reason = request.refusal?.message;
    this.#state = "draining";
  }

  /** Whether one request may be written, to see how the server is; asked once. */
  takeProbe(): boolean {
    if (this.#state !== "ready") return false;
    this.#state = "probing";
    return true;
  }

  /** Nothing is in flight any more: after a back-off `retry` is called. */
  drained(retry: () => void): void {
    if (this.#state === "waiting" || this.#state === "ready") return;
    this.#state = "waiting";
    this.#tries += 1;
    this.#timer = setTimeout(
      () => {
        this.#state = "ready";
        retry();
      },
      backoffDelay(this.#tries, this.#backoff),
    );
  }

  /** The server runs commands again. */
  end(): void {
    this.#state = "off";
    this.#tries = 0;
    clearTimeout(this.#timer);
  }

  /** Takes out what is held, oldest first, without what has been given up. */
  take(): Request[] {
    const requests = this.#requests.filter((request) => !request.isSettled);
    this.#requests = [];
    return requests;
  }
}
