import { setTimeout as sleep } from "node:timers/promises";
import { type Pipeline, type Redis, RedisError } from "../../src/index.ts";
import type { SeededRandom } from "../../src/testing/random.ts";

/** What a caller was told of a write: it has a reply, or an error that says whether it ran. */
export type Told = "acknowledged" | "absent" | "unknown";

/** Every write that was ever tried has a number of its own, and is in one of these places. */
export const PLACES = ["list:0", "list:1", "list:2"] as const;
/** Counted up under a WATCH. */
export const WATCHED = "watched";

interface Write {
  readonly id: number;
  readonly kind: "push" | "set" | "incr";
}

/** What was told of every write. */
export class Ledger {
  readonly told = new Map<number, Told>();
  /** Transactions: their writes have one fate. */
  readonly groups: number[][] = [];
  /** The writes that were made together with one step of {@link WATCHED}. */
  readonly steps = new Set<number>();
  /** What must never happen. */
  readonly complaints: string[] = [];
  echoes = 0;
  /** How often a blocking command got something. */
  moves = 0;
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  get size(): number {
    return this.#last + this.echoes;
  }

  count(told: Told): number {
    return [...this.told.values()].filter((it) => it === told).length;
  }

  /** Writes down an outcome: a value or an error. */
  record(id: number, outcome: unknown): void {
    if (this.told.has(id)) this.complaints.push(`${id} was told twice`);
    this.told.set(id, this.#meaning(id, outcome));
  }

  #meaning(id: number, outcome: unknown): Told {
    if (!(outcome instanceof Error)) return "acknowledged";
    if (outcome instanceof RedisError) {
      if (outcome.applied === false) return "absent";
      if (outcome.applied === "unknown") return "unknown";
    }
    this.complaints.push(`${id}: ${outcome.name}: ${outcome.message}`);
    return "unknown";
  }
}

/** One of many concurrent callers, who goes from one operation to the next. */
export class Caller {
  readonly #redis: Redis;
  readonly #random: SeededRandom;
  readonly #ledger: Ledger;

  constructor(redis: Redis, random: SeededRandom, ledger: Ledger) {
    this.#redis = redis;
    this.#random = random;
    this.#ledger = ledger;
  }

  async run(mayGoOn: () => boolean): Promise<void> {
    while (mayGoOn()) {
      await this.#one();
      if (this.#random.happens(0.1)) await sleep(this.#random.below(4));
    }
  }

  #one(): Promise<unknown> {
    const { view, end } = this.#view();
    const fate = this.#random.next();
    if (fate < 0.05) return this.#block(view).finally(end);
    if (fate < 0.3) return this.#alone(view).finally(end);
    if (fate < 0.55) return this.#echo(view).finally(end);
    if (fate < 0.75) return this.#pipeline(view, false).finally(end);
    if (fate < 0.92) return this.#pipeline(view, true).finally(end);
    return this.#watch(view).finally(end);
  }

  /** The client, or a view of it that gives up soon. */
  #view(): { readonly view: Redis; readonly end: () => void } {
    const fate = this.#random.next();
    if (fate < 0.1) {
      return { view: this.#redis.with({ timeout: 1 + this.#random.below(20) }), end: () => {} };
    }
    if (fate >= 0.2) return { view: this.#redis, end: () => {} };
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.#random.below(5));
    const view = this.#redis.with({ signal: controller.signal });
    return { view, end: () => clearTimeout(timer) };
  }

  #newWrite(): Write {
    const fate = this.#random.next();
    return { id: this.#ledger.next(), kind: fate < 0.6 ? "push" : fate < 0.8 ? "set" : "incr" };
  }

  async #alone(view: Redis): Promise<void> {
    const many = Array.from({ length: 1 + this.#random.below(4) }, () => this.#newWrite());
    await Promise.all(
      many.map(async (write) => this.#note(write, await settled(this.#send(view, write)))),
    );
  }

  async #pipeline(view: Redis, transaction: boolean): Promise<void> {
    const pipe = view.pipeline({ transaction, raiseOnError: false });
    const many = Array.from({ length: 1 + this.#random.below(8) }, () => this.#newWrite());
    const handles = many.map((write) => this.#send(pipe, write));
    this.#ledger.echoes += 1;
    const tag = `echo ${this.#ledger.echoes} of a pipeline`;
    const echo = pipe.echo(tag);
    await settled(pipe.execute());
    for (const [index, write] of many.entries()) {
      const handle = handles[index];
      if (handle !== undefined) this.#note(write, await settled(handle));
    }
    this.#check(tag, await settled(echo));
    if (transaction) this.#ledger.groups.push(many.map(({ id }) => id));
  }

  /** A step of a counter that would lose updates if a WATCH did not hold. */
  async #watch(view: Redis): Promise<void> {
    const write: Write = { id: this.#ledger.next(), kind: "push" };
    this.#ledger.steps.add(write.id);
    const outcome = await settled(
      view.transaction({ watch: WATCHED, retries: 3 }, async (tx, watched) => {
        const next = Number((await watched.get(WATCHED)) ?? 0) + 1;
        tx.set(WATCHED, next);
        // In an array: a handle that an async body returns alone would be awaited too early.
        return [this.#send(tx, write)];
      }),
    );
    this.#note(write, Array.isArray(outcome) ? outcome[0] : outcome);
  }

  /** Waits on a leased connection, and moves what others wrote: no write is lost or made by it. */
  async #block(view: Redis): Promise<void> {
    const [from, to] = PLACES;
    const ends = { from: "LEFT", to: "RIGHT", timeoutInSeconds: 0.02 } as const;
    const moved: unknown = await settled(view.blmove(from, to, ends));
    if (moved instanceof RedisError || moved === null) return;
    this.#ledger.moves += 1;
    const isWrite = typeof moved === "string" && /^\d+:/.test(moved.slice(0, 20));
    if (!isWrite) this.#ledger.complaints.push(`BLMOVE got ${JSON.stringify(moved)}`);
  }

  async #echo(view: Redis): Promise<void> {
    const tags = Array.from({ length: 1 + this.#random.below(6) }, () => {
      this.#ledger.echoes += 1;
      return `echo ${this.#ledger.echoes}${"x".repeat(this.#random.below(30))}`;
    });
    const replies = await Promise.all(tags.map((tag) => settled(view.echo(tag))));
    for (const [index, tag] of tags.entries()) this.#check(tag, replies[index]);
  }

  #send(on: Redis | Pipeline, { id, kind }: Write): PromiseLike<unknown> {
    if (kind === "set") return on.set(`set:${id}`, id);
    if (kind === "incr") return on.incr(`incr:${id}`);
    // Some are so long that they are written, and cut, in pieces.
    const padding = this.#random.happens(0.02) ? "y".repeat(this.#random.below(300_000)) : "";
    const place = PLACES[this.#random.below(PLACES.length)] ?? PLACES[0];
    return on.rpush(place, `${id}:${padding}`);
  }

  #note({ id, kind }: Write, outcome: unknown): void {
    this.#ledger.record(id, outcome);
    const wanted = kind === "set" ? outcome === true : Number.isInteger(outcome);
    const isOwn = outcome instanceof Error || wanted;
    if (!isOwn) this.#ledger.complaints.push(`${kind} ${id} got ${String(outcome)}`);
  }

  #check(tag: string, reply: unknown): void {
    if (reply === tag || reply instanceof RedisError) return;
    this.#ledger.complaints.push(`${tag} got ${String(reply)}`);
  }
}

async function settled(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}
