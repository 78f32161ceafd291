import {
  ConnectionLostError,
  type Pipeline,
  type Redis,
  RedisError,
  type RetryPolicy,
  type Session,
  script,
  type ViewOptions,
} from "../../src/index.ts";
import { SCRIPT } from "./model_commands.ts";
import { COUNTER, MAX_ATTEMPTS, QUEUE, TEXT, tag } from "./record.ts";
import { COMMAND_TIMEOUT_MS, type Scene, settled } from "./scene.ts";

const push = script(SCRIPT, { keys: ["list"], args: ["item"], reply: Number });

/** Where writes go; the deadline of its commands, and what is sent again. */
interface View {
  readonly redis: Redis;
  readonly limitMs: number;
  readonly hasTimeout: boolean;
  readonly retry: RetryPolicy;
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
      this.#drain,
    ];
    this.#isLarge = choices.happens(0.15);
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

  /** The client, or a view of it that gives up earlier, or sends other things again. */
  #view(): View {
    const { redis, choices, aborts } = this.#scene;
    const retry = choices.pick<RetryPolicy>(["reads", "reads", "never", "idempotent", "always"]);
    const view: Pick<ViewOptions, "retry"> = retry === "reads" ? {} : { retry };
    switch (choices.pick(["client", "client", "timeout", "signal"])) {
      case "timeout": {
        const limitMs = 1 + choices.below(60);
        const limited = redis.with({ ...view, timeout: limitMs });
        return { redis: limited, limitMs, hasTimeout: true, retry };
      }
      case "signal": {
        const abort = new AbortController();
        aborts.add(abort);
        const limited = redis.with({ ...view, signal: abort.signal });
        return { redis: limited, limitMs: COMMAND_TIMEOUT_MS, hasTimeout: false, retry };
      }
      default: {
        const plain = retry === "reads" ? redis : redis.with(view);
        return { redis: plain, limitMs: COMMAND_TIMEOUT_MS, hasTimeout: false, retry };
      }
    }
  }

  /** Replies go to their own caller. */
  async #echo(who: string): Promise<void> {
    const { redis, limitMs, retry } = this.#view();
    const texts = Array.from({ length: 1 + this.#scene.choices.below(3) }, () => this.#text());
    await Promise.all(
      texts.map(async (text) => {
        if (retry === "never") this.#scene.record.once.set(text, 0);
        const outcome = await this.#scene.outcome(
          `${who}: ECHO ${text}`,
          redis.echo(text),
          limitMs,
        );
        this.#expectEcho(text, outcome);
        this.#expectRepeats("read", outcome, retry);
      }),
    );
  }

  /** Writes in one turn, and a read of what was written. */
  async #alone(who: string): Promise<void> {
    const scene = this.#scene;
    const { redis, limitMs, retry } = this.#view();
    const count = 1 + scene.choices.below(3);
    const writes = Array.from({ length: count }, () => {
      const { id, kind, promise } = this.#write(redis, retry);
      if (kind !== "script") scene.record.called.push(id);
      const outcome = scene.outcome(`${who}: ${kind} ${id}`, promise, limitMs);
      return this.#note(id, this.#repeats(kind, outcome, retry));
    });
    const { id } = this.#newWrite(retry, "set");
    scene.record.called.push(id);
    const setting = scene.outcome(`${who}: set ${id}`, redis.set(tag(id), tag(id)), limitMs);
    const set = this.#note(id, this.#repeats("set", setting, retry));
    const read = await scene.outcome(`${who}: get ${id}`, redis.get(tag(id)), limitMs);
    this.#expectRepeats("read", read, retry);
    const written = await set;
    if (written === true && !(read instanceof RedisError) && read !== tag(id)) {
      scene.record.complain(`${who} wrote ${id}, and then read ${String(read)}`);
    }
    await Promise.all(writes);
  }

  /** What was called before leaves this process. */
  async #drain(who: string): Promise<void> {
    const scene = this.#scene;
    const { redis, limitMs, retry } = this.#view();
    const { id, promise } = this.#write(redis, retry);
    let isSettled = false;
    const noted = this.#note(id, scene.outcome(`${who}: ${id}`, promise, limitMs)).finally(() => {
      isSettled = true;
    });
    const outcome = await scene.outcome(`${who}: drained()`, redis.drained(), limitMs);
    if (outcome === undefined && !isSettled && !scene.network.written.includes(tag(id))) {
      scene.record.complain(`R10: drained() did not wait for write ${id}`);
    }
    await noted;
  }

  #pipeline(who: string): Promise<void> {
    return this.#batch(who, false);
  }

  #transaction(who: string): Promise<void> {
    return this.#batch(who, true);
  }

  async #batch(who: string, transaction: boolean): Promise<void> {
    const { choices, record } = this.#scene;
    const { redis, limitMs, retry } = this.#view();
    const pipe = redis.pipeline({ transaction, raiseOnError: false });
    const policy = transaction && retry !== "always" ? "never" : retry;
    const newWrite = (): Write => this.#newWrite(policy);
    const writes = Array.from({ length: 1 + choices.below(4) }, newWrite);
    const parts = writes.map((write) => this.#writePart(pipe, write, policy));
    // So much that it is written, and cut, in pieces, with the writes in any of them.
    const padding = this.#isLarge ? choices.pick(["none", "middle", "end"]) : "none";
    if (padding === "middle") parts.push(this.#echoPart(pipe, this.#text(PADDING)));
    const more = Array.from({ length: choices.below(2) }, newWrite);
    parts.push(...more.map((write) => this.#writePart(pipe, write, policy)));
    // A command that the server refuses, between others.
    if (choices.happens(0.2)) parts.push({ handle: pipe.incr(TEXT), check: () => {} });
    const last = this.#text(padding === "end" ? PADDING : "");
    parts.push(this.#echoPart(pipe, last));
    record.echoes.set(last, 0);
    const all = [...writes, ...more];
    if (transaction) record.guard(all);
    const plain = all.filter(({ kind }) => kind !== "script").map(({ id }) => id);
    // With a script it is queued at the end of the turn.
    if (plain.length === all.length) record.called.push(...plain);
    const ids = writes.map(({ id }) => id).join();
    const what = `${who}: ${transaction ? "transaction" : "pipeline"} of ${ids} …`;
    await this.#scene.outcome(what, pipe.execute(), limitMs);
    const outcomes = await Promise.all(parts.map(({ handle }) => settled(handle)));
    for (const [index, { check }] of parts.entries()) check(outcomes[index]);
    if (outcomes.at(-1) === last) record.finished.push({ ids: plain, last });
    const results = await settled(Promise.resolve().then(() => pipe.results));
    if (!Array.isArray(results) || outcomes.some((outcome, index) => results[index] !== outcome)) {
      record.complain(`${what}: its results are not those of its commands`);
    }
  }

  #writePart(pipe: Pipeline, { id, kind }: Write, retry: RetryPolicy): Part {
    const check = (outcome: unknown): void => {
      this.#scene.told(id, outcome);
      this.#expectRepeats(kind, outcome, retry);
    };
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
    this.#scene.told(id, await this.#scene.outcome(`${who}: increment ${id}`, promise, limit));
  }

  /** A watch block, whose body may throw or queue nothing, and a second batch after it. */
  async #watch(who: string): Promise<void> {
    const { ledger, choices, record } = this.#scene;
    const { redis, limitMs, hasTimeout, retry } = this.#view();
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
    this.#scene.told(id, fate === "nothing" && !(first instanceof Error) ? nothing : first);
    if (!pipe.isOpen) return;
    const second = this.#write(pipe, retry);
    const executed = this.#scene.outcome(`${who}: then ${second.id}`, pipe.execute(), limitMs);
    await executed;
    this.#scene.told(second.id, await settled(second.promise));
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
    const write = this.#write(pipe, "never");
    const limit = hasTimeout ? limitMs : limitMs + 20;
    await this.#scene.outcome(`${who}: BLPOP and ${write.id}`, pipe.execute(), limit);
    this.#notePop(await settled(popped));
    this.#scene.told(write.id, await settled(write.promise));
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

  #newWrite(retry: RetryPolicy, only?: Kind): Write {
    const { choices, ledger, record } = this.#scene;
    const kind = only ?? choices.pick<Kind>(["push", "set", "incr", "script"]);
    const id = ledger.next();
    if (isRepeated(kind, retry)) record.repeatable.add(id);
    return { id, kind };
  }

  #write(
    on: Redis | Pipeline,
    retry: RetryPolicy,
  ): Write & { readonly promise: PromiseLike<unknown> } {
    const write = this.#newWrite(retry);
    return { ...write, promise: send(on, write.kind, write.id) };
  }

  async #repeats(kind: Kind, outcome: Promise<unknown>, retry: RetryPolicy): Promise<unknown> {
    const value = await outcome;
    this.#expectRepeats(kind, value, retry);
    return value;
  }

  /** R2: on the shared connection what was not written, or may be sent again, is. */
  #expectRepeats(kind: Kind | "read", outcome: unknown, retry: RetryPolicy): void {
    if (!(outcome instanceof ConnectionLostError) || this.#scene.hasEnded) return;
    const isUnwritten = kind !== "read" && outcome.applied === false;
    if ((outcome.attempts ?? 0) >= MAX_ATTEMPTS) return;
    if (!isUnwritten && !isRepeated(kind, retry)) return;
    this.#scene.record.complain(`R2: a ${kind} under ${retry} was given up: ${outcome.message}`);
  }

  async #note(id: number, outcome: Promise<unknown>): Promise<unknown> {
    const value = await outcome;
    this.#scene.told(id, value);
    return value;
  }

  #notePop(outcome: unknown): void {
    const { record } = this.#scene;
    if (outcome === null) return;
    if (outcome === undefined) return record.complain("BLPOP got nothing at all");
    if (outcome instanceof RedisError) {
      if (outcome.applied !== false) record.doubtfulPops += 1;
      return;
    }
    const { key, value } = outcome as { readonly key: string; readonly value: string };
    if (key !== QUEUE) record.complain(`BLPOP got ${key}`);
    record.popped.push(value);
  }

  #text(padding = ""): string {
    this.#echoes += 1;
    return `echo ${this.#echoes}${padding}`;
  }

  #expectEcho(text: string, outcome: unknown): void {
    if (outcome === text || outcome instanceof RedisError) return;
    this.#scene.record.complain(`${text.slice(0, 20)} got ${String(outcome).slice(0, 99)}`);
  }
}

/** Whether a command that was written and has no reply is sent again. */
function isRepeated(kind: Kind | "read", retry: RetryPolicy): boolean {
  if (retry === "always") return true;
  return kind === "read" ? retry !== "never" : kind === "set" && retry === "idempotent";
}

function send(on: Redis | Pipeline, kind: Kind, id: number): PromiseLike<unknown> {
  if (kind === "push") return on.rpush("list", tag(id));
  if (kind === "set") return on.set(`set:${id}`, tag(id));
  if (kind === "incr") return on.incr(tag(id));
  return "watch" in on ? on.run(push, ["list"], [tag(id)]) : on.run(push, ["list"], [tag(id)]);
}
