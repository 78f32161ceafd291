/**
 * Items one by one, out of groups that come later: what an async generator with `yield*` would
 * give, overlapping calls included. But an item that is there costs one promise and not three.
 */
export class ItemIterator<T> implements AsyncGenerator<T, void, undefined> {
  readonly #groups: AsyncGenerator<Iterable<T>, void, undefined>;
  /** What is left of the last group. */
  #items: Iterator<T>;
  /** Calls that have not ended; each begins when the one before it has. */
  #calls = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(groups: AsyncGenerator<Iterable<T>, void, undefined>) {
    this.#groups = groups;
    this.#items = none();
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#calls === 0) {
      const step = this.#items.next();
      if (step.done !== true) return Promise.resolve(step);
    }
    return this.#inTurn(() => this.#fetch());
  }

  return(): Promise<IteratorResult<T, void>> {
    return this.#inTurn(() => this.#end(() => this.#groups.return()));
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    return this.#inTurn(() => this.#end(() => this.#groups.throw(error)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #fetch(): Promise<IteratorResult<T, void>> {
    for (;;) {
      const step = this.#items.next();
      if (step.done !== true) return step;
      const group = await this.#groups.next();
      if (group.done === true) return { done: true, value: undefined };
      this.#items = group.value[Symbol.iterator]();
    }
  }

  async #end(end: () => Promise<unknown>): Promise<IteratorResult<T, void>> {
    this.#items = none();
    await end();
    return { done: true, value: undefined };
  }

  async #inTurn<R>(call: () => Promise<R>): Promise<R> {
    const before = this.#last;
    const ended = before.then(call);
    this.#last = ended.catch(ignore);
    this.#calls += 1;
    try {
      return await ended;
    } finally {
      this.#calls -= 1;
    }
  }
}

function none<T>(): Iterator<T> {
  return new Array<T>()[Symbol.iterator]();
}

function ignore(): void {
  // Who made that call is told.
}
