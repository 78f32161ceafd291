import { Ending } from "../base/aborts.ts";
import { deadlineIn } from "../base/clock.ts";
import { inspectAsText } from "../base/inspect.ts";
import type { OneOrMany } from "../command/arguments.ts";
import { blockingTimeoutMs } from "../command/blocking.ts";
import type { Bulk, Command, Counter, Key } from "../command/command.ts";
import { describeCommand } from "../command/describe.ts";
import { PipelineReply } from "../command/reply.ts";
import { BLOCKING, PLAIN, SCRIPT, STATEFUL } from "../command/traits.ts";
import { Commands } from "../commands/index.ts";
import type { Batch } from "../connection/batch.ts";
import { PlainBatch } from "../connection/plain_batch.ts";
import { TransactionBatch } from "../connection/transaction_batch.ts";
import { PipelineStateError } from "../errors.ts";
import type { ReplyForm } from "../protocol/resp.ts";
import type { Core } from "./core.ts";
import { executeBatch } from "./execute.ts";
import { discardBatch, throwFailure } from "./outcome.ts";
import type { PipelineOptions } from "./pipeline_options.ts";
import { checkBody, refuseLate, refuseStateful } from "./refuse.ts";
import type { ScopeResult } from "./resolve.ts";
import { runWatch, watchCommand } from "./watch.ts";
import type { WatchedClient } from "./watched_client.ts";

/** A pipeline of so many commands gets the command timeout once more. */
const COMMANDS_PER_TIMEOUT = 10_000;
const SHOWN_COMMANDS = 5;

type State = "open" | "watching" | "executing" | "executed" | "discarded";

/**
 * A group of commands that travel together. Every command method of the client is here, with the
 * same arguments; instead of a promise it returns a {@link PipelineReply}, which can be awaited
 * once the pipeline has executed. Queueing does no I/O.
 *
 * A pipeline executes once. States: open ⇄ watching (while a `watch` block runs); open → executing
 * → executed; open → discarded.
 *
 * @example
 * ```ts
 * const pipe = redis.pipeline();
 * pipe.set("foo", 1);
 * const value = pipe.incr("foo"); // PipelineReply<number>
 * await pipe.execute();
 * await value; // 2
 * ```
 */
export class Pipeline<
  B extends Bulk = string,
  E = never,
  N extends Counter = number,
> extends Commands<"queued", B, N> {
  protected override readonly form: ReplyForm;
  readonly #core: Core;
  readonly #options: PipelineOptions;
  readonly #firstIndex: number;
  #state: State = "open";
  #batch: Batch;
  readonly #executed: Batch[] = [];
  #executedLength = 0;
  /** Made when they are asked for: so are the errors in them. */
  #results: readonly unknown[] | undefined;
  #hasBlocking = false;
  /** The last watch block: ends it before its time, and what it has returned. */
  #block: { readonly end: () => void; readonly done: Promise<unknown> } | undefined;
  #execution: Promise<readonly unknown[]> | undefined;

  /**
   * @internal Pipelines come from `redis.pipeline()`.
   * @param firstIndex the index of its first command in errors: a stream goes on counting
   */
  constructor(core: Core, form: ReplyForm, options: PipelineOptions, firstIndex = 0) {
    super();
    this.#core = core;
    this.form = form;
    this.#options = options;
    this.#firstIndex = firstIndex;
    this.#batch = this.#newBatch();
  }

  /** The number of commands queued so far, those of executed watch blocks included. */
  get length(): number {
    return this.#executedLength + (this.#state === "executed" ? 0 : this.#batch.commands.length);
  }

  /**
   * All replies in the order of the calls, those of watch blocks first; errors included.
   *
   * @throws {PipelineStateError} before anything has executed
   */
  get results(): readonly unknown[] {
    const [first] = this.#executed;
    if (first === undefined) throw this.#stateError("Its results are not known yet");
    this.#results ??=
      this.#executed.length === 1
        ? first.results()
        : this.#executed.flatMap((batch) => batch.results());
    return this.#results;
  }

  protected override deliver<T>(command: Command<T>): PipelineReply<T> {
    if (this.#state !== "open" && this.#state !== "watching") {
      throw refuseLate(command, this.#explain(`${describeCommand(command.argv)} cannot be queued`));
    }
    if (command.traits !== PLAIN) this.#admit(command);
    const batch = this.#batch;
    return new PipelineReply<T>(batch, batch.commands.push(command));
  }

  /**
   * Sends everything that is queued and waits for all replies.
   *
   * @returns all replies in the order of the calls
   * @throws {PipelineStateError} at once, if the pipeline has executed or was discarded
   * @throws {RedisError} the first command's error, after all replies have come, unless
   *   `raiseOnError` is `false`
   */
  execute(): Promise<readonly unknown[]> {
    if (this.#state !== "open") throw this.#stateError("It cannot be executed");
    this.#state = "executing";
    this.#execution = this.#execute();
    return this.#execution;
  }

  /**
   * Optimistic locking: runs `body` while `keys` are watched, then executes what it queued on this
   * pipeline as a transaction, if no other client has changed a watched key meanwhile. The pipeline
   * stays open for more.
   *
   * @param body gets a client bound to the connection that holds the WATCH
   * @returns what the body returned, with every handle replaced by its reply; the results of this
   *   block if it returned nothing
   * @throws {WatchError} if a key was changed or the connection was lost: nothing was applied
   * @throws {PipelineStateError} at once, if commands are queued already or another watch runs
   * @example
   * ```ts
   * const pipe = redis.pipeline();
   * await pipe.watch("counter", async (watched) => {
   *   const next = Number((await watched.get("counter")) ?? 0) + 1;
   *   pipe.set("counter", next);
   * });
   * ```
   */
  watch<const R>(
    keys: OneOrMany<Key>,
    body: (watched: WatchedClient<B, N>) => R | Promise<R>,
  ): Promise<ScopeResult<R, E>> {
    if (this.#state !== "open") throw this.#stateError("It cannot watch");
    if (this.#batch.commands.length > 0) {
      throw this.#stateError("watch() must come before the commands that it guards");
    }
    checkBody(body, "watch()");
    const command = watchCommand(keys);
    const batch = new TransactionBatch(this.#batchSettings(), true);
    const ending = new Ending();
    const begun = runWatch<B, N, R>({
      core: this.#core,
      form: this.form,
      options: this.#options,
      command,
      body,
      batch,
      ending,
      abandon: () => {
        this.#state = "discarded";
      },
    });
    this.#state = "watching";
    this.#batch = batch;
    const done = this.#afterWatch<ScopeResult<R, E>>(begun, batch);
    const why = "The pipeline ended while its watch block ran; nothing of the block was applied";
    this.#block = { end: () => ending.abort(refuseLate(command, why)), done };
    return done;
  }

  /** Drops what is queued; its handles reject with a `PipelineStateError`. Nothing is sent. */
  discard(): void {
    if (this.#state === "watching") throw this.#stateError("It cannot be discarded");
    if (this.#state !== "open") return;
    this.#state = "discarded";
    discardBatch(this.#batch);
  }

  /**
   * Discards the pipeline unless it has executed: leaving a block of `await using` is a rollback.
   */
  [Symbol.asyncDispose](): Promise<void> {
    this.abandon();
    return Promise.resolve();
  }

  /**
   * Ends the pipeline, and the watch block that runs: it rejects, and applies nothing unless its
   * EXEC is on its way already.
   *
   * @internal
   */
  abandon(): void {
    if (this.#state !== "watching") return this.discard();
    this.#state = "discarded";
    this.#block?.end();
    // Whoever ended the pipeline knows: nobody need hear it from the block as well.
    this.#block?.done.catch(ignore);
  }

  /** @internal What is queued or has executed, and its outcomes. */
  get batch(): Batch {
    return this.#batch;
  }

  /** Whether it still takes commands. */
  get isOpen(): boolean {
    return this.#state === "open" || this.#state === "watching";
  }

  /** @internal Whether a watch block runs. */
  get isWatching(): boolean {
    return this.#state === "watching";
  }

  /**
   * Executes it, unless whoever had it has done so or has discarded it: then it waits for that.
   *
   * @internal
   */
  async finish(): Promise<void> {
    if (this.isOpen) await this.execute();
    else if (this.#state === "executing") await this.#execution;
  }

  /** Shows the state and the first commands, shortened, secrets masked. */
  override toString(): string {
    const batch = this.#batch;
    const { commands } = batch;
    const shown = [...commands.keys()].slice(0, SHOWN_COMMANDS).map((at) => batch.describe(at));
    if (commands.length > SHOWN_COMMANDS) shown.push("…");
    const kind = this.#options.transaction === true ? "Transaction" : "Pipeline";
    return `${kind}(${this.#state}, ${this.length} commands: ${shown.join("; ")})`;
  }

  async #execute(): Promise<readonly unknown[]> {
    const batch = this.#batch;
    if (batch.commands.length === 0) batch.settleAll(() => this.#stateError("It is empty"));
    else {
      await executeBatch({
        core: this.#core,
        batch,
        deadline: this.#deadline(),
        signal: this.#options.signal,
        on: this.#hasBlocking ? "lease" : undefined,
      });
    }
    this.#state = "executed";
    this.#append(batch);
    throwFailure(batch, this.#options);
    return this.results;
  }

  async #afterWatch<T>(begun: Promise<() => unknown>, batch: Batch): Promise<T> {
    try {
      const resolve = await begun;
      // The body's return value with replies in place of handles: what ScopeResult says it is.
      return resolve() as T;
    } finally {
      if (batch.hasBegun) this.#append(batch);
      if (this.#state === "watching") {
        this.#batch = this.#newBatch();
        this.#state = "open";
      }
    }
  }

  #append(batch: Batch): void {
    this.#executed.push(batch);
    this.#executedLength += batch.commands.length;
    this.#results = undefined;
  }

  #newBatch(): Batch {
    return this.#options.transaction === true
      ? new TransactionBatch(this.#batchSettings(), false)
      : new PlainBatch(this.#batchSettings());
  }

  #batchSettings(): Batch["settings"] {
    const { settings, topology } = this.#core;
    const { maxRetries } = settings;
    const { retry } = this.#options;
    const firstIndex = this.#firstIndex + this.#executedLength;
    return { maxRetries, retry, address: topology.address, firstIndex };
  }

  #deadline(): number {
    const { commands } = this.#batch;
    const { commandTimeoutMs } = this.#core.settings;
    if (this.#options.timeout !== undefined) return deadlineIn(this.#options.timeout);
    if (commandTimeoutMs === 0) return 0;
    let timeoutMs = commandTimeoutMs * Math.ceil(commands.length / COMMANDS_PER_TIMEOUT);
    if (this.#hasBlocking) {
      for (const { argv, traits } of commands.special.values()) {
        if (traits & BLOCKING) timeoutMs += blockingTimeoutMs(argv);
      }
    }
    return deadlineIn(timeoutMs);
  }

  #admit(command: Command<unknown>): void {
    if (command.traits & STATEFUL) throw refuseStateful(command, "a pipeline");
    if (command.traits & SCRIPT) this.#batch.hasScripts = true;
    if ((command.traits & BLOCKING) === 0) return;
    this.#hasBlocking ||= this.#options.transaction !== true && this.#state === "open";
  }

  #stateError(what: string): PipelineStateError {
    return new PipelineStateError(this.#explain(what));
  }

  #explain(what: string): string {
    return `${what}: ${EXPLANATIONS[this.#state]}`;
  }
}

inspectAsText(Pipeline);

function ignore(): void {}

const EXPLANATIONS: Readonly<Record<State, string>> = {
  open: "the pipeline has not executed; call execute() first, or return from its scope",
  watching: "a watch block of this pipeline is running; await it first",
  executing: "the pipeline is executing; make a new one",
  executed: "the pipeline has executed, which it does once; make a new one",
  discarded: "the pipeline was discarded; make a new one",
};
