import { type Pipeline, type Redis, RedisError, type Session, script } from "../../src/index.ts";
import { SCRIPT } from "./model_commands.ts";
import { COUNTER, QUEUE, TEXT, tag } from "./record.ts";
import { COMMAND_TIMEOUT_MS, type Scene, settled } from "./scene.ts";

const push = script(SCRIPT, { keys: ["list"], args: ["item"], reply: Number });

/** Where writes go; the deadline of its commands. */
interface View {
  readonly redis: Redis;
  readonly limitMs: number;
  readonly hasTimeout: boolean;
}

type Act = (who: string) => Promise<void>;

type Kind = "push" | "set" | "incr" | "script";

interface Write {
  readonly id: number;
  readonly kind: Kind;
}

/** A command of a pipeline, and what to make of its outcome. */
interface Part {
  readonly handle: PromiseLike<unknown>;
  readonly check: (outcome: unknown) => void;
}

/** More than a connection encodes at a time. */
const PADDING = "x".repeat(70_000);

/** What users do with a client, at random, many at the same time. */
export class Callers {
  readonly #scene: Scene;
  /** What is done in this run. */
  readonly #acts: readonly Act[];
  /** Whether some pipelines are more than is encoded at a time. */
  readonly #isLarge: boolean;
  #echoes = 0;
  #names = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { choices } = scene;
    const all: readonly [Act, ...Act[]] = [
      this.#echo,
      this.#alone,
      this.#pipeline,
      this.#transaction,
      this.#increment,
      this.#pop,
      this.#watch,
      this.#popInPipeline,
      this.#session,
    ];
    this.#isLarge = choices.happens(0.1);
    // A few kinds, often together, go deeper than all kinds, each once.
    const count = choices.pick([all.length, 1, 2, 3]);
    this.#acts =
      count === all.length ? all : Array.from({ length: count }, () => choices.pick(all));
  }

  /** Begins something. Nobody waits for it: what it awaits is known to the scene. */
  act(): void {
    const act = this.#scene.choices.any(this.#acts) ?? this.#echo;
    this.#names += 1;
    act.call(this, `caller ${this.#names}`).catch((error: unknown) => {
      this.#scene.record.complain(`a caller failed: ${String(error)}`);
    });
  }

  /** The client, or a view of it that gives up earlier. */
  #view(): View {
    const { redis, choices, aborts } = this.#scene;
    switch (choices.pick(["client", "client", "timeout", "signal"])) {
      case "timeout": {
        const limitMs = 1 + choices.below(60);
        return { redis: redis.with({ timeout: limitMs }), limitMs, hasTimeout: true };
      }
      case "signal": {
        const abort = new AbortController();
        aborts.add(abort);
        const view = redis.with({ signal: abort.signal });
        return { redis: view, limitMs: COMMAND_TIMEOUT_MS, hasTimeout: false };
      }
      default:
        return { redis, limitMs: COMMAND_TIMEOUT_MS, hasTimeout: false };
    }
  }

  /** Replies go to their own caller. */
  async #echo(who: string): Promise<void> {
    const { redis, limitMs } = this.#view();
    const texts = Array.from({ length: 1 + this.#scene.choices.below(3) }, () => this.#text());
    await Promise.all(
      texts.map(async (text) => {
        const outcome = await this.#scene.outcome(
          `${who}: ECHO ${text}`,
          redis.echo(text),
          limitMs,
        );
        this.#expectEcho(text, outcome);
      }),
    );
  }

  /** Writes in one turn, and a read of what was written. */
  async #alone(who: string): Promise<void> {
    const scene = this.#scene;
    const { redis, limitMs } = this.#view();
    const count = 1 + scene.choices.below(3);
    const writes = Array.from({ length: count }, () => {
      const { id, kind, promise } = this.#write(redis);
      if (kind !== "script") scene.record.called.push(id);
      return this.#note(id, scene.outcome(`${who}: ${kind} ${id}`, promise, limitMs));
    });
    const id = scene.ledger.next();
    scene.record.called.push(id);
    const set = this.#note(
      id,
      scene.outcome(`${who}: set ${id}`, redis.set(tag(id), tag(id)), limitMs),
    );
    const read = await scene.outcome(`${who}: get ${id}`, redis.get(tag(id)), limitMs);
    const written = await set;
    if (written === true && !(read instanceof RedisError) && read !== tag(id)) {
      scene.record.complain(`${who} wrote ${id}, and then read ${String(read)}`);
    }
    await Promise.all(writes);
  }

  #pipeline(who: string): Promise<void> {
    return this.#batch(who, false);
  }

  #transaction(who: string): Promise<void> {
    return this.#batch(who, true);
  }

  async #batch(who: string, transaction: boolean): Promise<void> {
    const { choices, record } = this.#scene;
    const { redis, limitMs } = this.#view();
    const pipe = redis.pipeline({ transaction, raiseOnError: false });
    const writes = Array.from({ length: 1 + choices.below(4) }, () => this.#newWrite());
    const parts = writes.map((write) => this.#writePart(pipe, write));
    // So much that it is written, and cut, in pieces, with the writes in any of them.
    if (this.#isLarge && choices.happens(0.5)) parts.push(this.#echoPart(pipe, PADDING));
    const more = Array.from({ length: choices.below(2) }, () => this.#newWrite());
    parts.push(...more.map((write) => this.#writePart(pipe, write)));
    // A command that the server refuses, between others.
    if (choices.happens(0.2)) parts.push({ handle: pipe.incr(TEXT), check: () => {} });
    parts.push(this.#echoPart(pipe, this.#text()));
    if (transaction) record.guard([...writes, ...more]);
    const ids = writes.map(({ id }) => id).join();
    const what = `${who}: ${transaction ? "transaction" : "pipeline"} of ${ids} …`;
    await this.#scene.outcome(what, pipe.execute(), limitMs);
    const outcomes = await Promise.all(parts.map(({ handle }) => settled(handle)));
    for (const [index, { check }] of parts.entries()) check(outcomes[index]);
    const results = await settled(Promise.resolve().then(() => pipe.results));
    if (!Array.isArray(results) || outcomes.some((outcome, index) => results[index] !== outcome)) {
      record.complain(`${what}: its results are not those of its commands`);
    }
  }

  #writePart(pipe: Pipeline, { id, kind }: Write): Part {
    const check = (outcome: unknown): void => this.#scene.ledger.record(id, outcome);
    return { handle: send(pipe, kind, id), check };
  }

  #echoPart(pipe: Pipeline, text: string): Part {
    return { handle: pipe.echo(text), check: (outcome) => this.#expectEcho(text, outcome) };
  }

  /** A step of a counter that loses updates if a WATCH does not hold. */
  async #increment(who: string): Promise<void> {
    const { ledger, choices } = this.#scene;
    const { redis, limitMs, hasTimeout } = this.#view();
    const id = ledger.next();
    ledger.steps.add(id);
    const options = { watch: COUNTER, retries: choices.below(4) };
    const promise = redis.transaction(options, async (tx, watched) => {
      const count = Number((await watched.get(COUNTER)) ?? 0);
      if (choices.happens(0.5)) await this.#scene.pause();
      tx.set(COUNTER, count + 1);
      tx.rpush("list", tag(id));
      return count;
    });
    this.#scene.record.guard([{ id }]);
    const limit = hasTimeout ? limitMs : undefined;
    ledger.record(id, await this.#scene.outcome(`${who}: increment ${id}`, promise, limit));
  }

  /** A watch block, whose body may throw or queue nothing, and a second batch after it. */
  async #watch(who: string): Promise<void> {
    const { ledger, choices, record } = this.#scene;
    const { redis, limitMs, hasTimeout } = this.#view();
    const limit = hasTimeout ? limitMs : undefined;
    const pipe = redis.pipeline({ raiseOnError: false });
    const id = ledger.next();
    const fate = choices.pick(["queue", "nothing", "throw"]);
    const promise = pipe.watch("list", async (watched) => {
      const text = this.#text();
      this.#expectEcho(text, await settled(watched.echo(text)));
      if (choices.happens(0.5)) await this.#scene.pause();
      if (fate !== "nothing") pipe.rpush("list", tag(id));
      if (fate === "throw") throw new RedisError("the body failed", { applied: false });
    });
    record.guard([{ id }]);
    const outcome = await this.#scene.outcome(`${who}: watch ${id}, ${fate}`, promise, limit);
    const first: unknown = Array.isArray(outcome) ? outcome[0] : outcome;
    const nothing = new RedisError("nothing was queued", { applied: false });
    ledger.record(id, fate === "nothing" && !(first instanceof Error) ? nothing : first);
    if (!pipe.isOpen) return;
    const second = this.#write(pipe);
    const executed = this.#scene.outcome(`${who}: then ${second.id}`, pipe.execute(), limitMs);
    await executed;
    ledger.record(second.id, await settled(second.promise));
  }

  async #pop(who: string): Promise<void> {
    const { redis, limitMs, hasTimeout } = this.#view();
    const seconds = this.#scene.choices.pick([0.02, 0.1]);
    const limit = hasTimeout ? limitMs : limitMs + seconds * 1_000;
    const promise = redis.blpop(QUEUE, seconds);
    this.#notePop(await this.#scene.outcome(`${who}: BLPOP ${seconds}`, promise, limit));
  }

  async #popInPipeline(who: string): Promise<void> {
    const { redis, limitMs, hasTimeout } = this.#view();
    const pipe = redis.pipeline({ raiseOnError: false });
    const popped = pipe.blpop(QUEUE, 0.02);
    const write = this.#write(pipe);
    const limit = hasTimeout ? limitMs : limitMs + 20;
    await this.#scene.outcome(`${who}: BLPOP and ${write.id}`, pipe.execute(), limit);
    this.#notePop(await settled(popped));
    this.#scene.ledger.record(write.id, await settled(write.promise));
  }

  /** A connection of one's own, left behind clean or not. */
  async #session(who: string): Promise<void> {
    const { redis, limitMs } = this.#view();
    const { choices } = this.#scene;
    const session = await this.#scene.outcome(`${who}: session`, redis.session(), limitMs);
    if (session instanceof Error) return;
    await this.#inSession(who, session as Session, limitMs);
    if (choices.happens(0.3)) await this.#scene.pause();
    (session as Session).end();
  }

  async #inSession(who: string, session: Session, limitMs: number): Promise<void> {
    const scene = this.#scene;
    const begin = scene.outcome(`${who}: ECHO`, session.echo("session"), limitMs);
    const fate = scene.choices.pick(["clean", "select", "multi", "watch", "unanswered"]);
    if (fate === "select") void settled(session.select(1));
    if (fate === "multi") void settled(session.call("MULTI"));
    if (fate === "watch") void settled(session.call("WATCH", "dirty"));
    if (fate === "unanswered") void settled(session.get("list"));
    const echo = await begin;
    if (!(echo instanceof Error) && echo !== "session") scene.record.complain(`${who}: wrong echo`);
    if (fate !== "select") return;
    const id = scene.ledger.next();
    scene.record.elsewhere.add(id);
    const promise = session.rpush("list", tag(id));
    await this.#note(id, scene.outcome(`${who}: push ${id} elsewhere`, promise, limitMs));
  }

  #newWrite(): Write {
    const { choices, ledger } = this.#scene;
    return { id: ledger.next(), kind: choices.pick<Kind>(["push", "set", "incr", "script"]) };
  }

  #write(on: Redis | Pipeline): Write & { readonly promise: PromiseLike<unknown> } {
    const write = this.#newWrite();
    return { ...write, promise: send(on, write.kind, write.id) };
  }

  async #note(id: number, outcome: Promise<unknown>): Promise<unknown> {
    const value = await outcome;
    this.#scene.ledger.record(id, value);
    return value;
  }

  #notePop(outcome: unknown): void {
    const { record } = this.#scene;
    if (outcome === null) return;
    if (outcome instanceof RedisError) {
      if (outcome.applied !== false) record.doubtfulPops += 1;
      return;
    }
    const { key, value } = outcome as { readonly key: string; readonly value: string };
    if (key !== QUEUE) record.complain(`BLPOP got ${key}`);
    record.popped.push(value);
  }

  #text(): string {
    this.#echoes += 1;
    return `echo ${this.#echoes}`;
  }

  #expectEcho(text: string, outcome: unknown): void {
    if (outcome === text || outcome instanceof RedisError) return;
    this.#scene.record.complain(`${text.slice(0, 20)} got ${String(outcome).slice(0, 99)}`);
  }
}

function send(on: Redis | Pipeline, kind: Kind, id: number): PromiseLike<unknown> {
  if (kind === "push") return on.rpush("list", tag(id));
  if (kind === "set") return on.set(`set:${id}`, tag(id));
  if (kind === "incr") return on.incr(tag(id));
  return "watch" in on ? on.run(push, ["list"], [tag(id)]) : on.run(push, ["list"], [tag(id)]);
}
