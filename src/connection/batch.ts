import { deferred } from "../base/deferred.ts";
import { CommandList } from "../command/command_list.ts";
import { describeCommand } from "../command/describe.ts";
import type { RetryPolicy } from "../command/repeat.ts";
import type { AboutCommand, ReplySource } from "../command/reply.ts";
import { PipelineStateError, type ServerError } from "../errors.ts";
import type { Encoder } from "../protocol/encode.ts";
import { type Argument, ErrorReply, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import { appliedUnanswered } from "./applied.ts";
import { measureArguments } from "./backlog.ts";
import { decodeFailure } from "./call.ts";
import type { Failure, Request } from "./request.ts";
import { lackingProgram, ScriptLoads } from "./script_loads.ts";
import { serverError } from "./server_error.ts";

/** What a batch must know of its surroundings. */
export interface BatchSettings {
  /** How often a read whose reply was lost may be sent again. */
  readonly maxRetries: number;
  /** What may be sent again; default `"reads"`. */
  readonly retry?: RetryPolicy | undefined;
  /** For errors. */
  readonly address: string;
  /**
   * Added to the index of each command in errors: how many commands earlier batches of the pipeline
   * had. Without it the batch is one command and no pipeline.
   */
  readonly firstIndex?: number;
}

/** Stands for an error that nobody has looked at yet: one object for many commands. */
class Pending {
  readonly makeError: (index: number) => Error;

  constructor(makeError: (index: number) => Error) {
    this.makeError = makeError;
  }
}

/**
 * The commands of one pipeline or transaction on their way: one entry in a connection's
 * conversation, and the place where the handles find their replies.
 *
 * `outcomes[i]` is the decoded value of command `i`, or an error, or what an error is made of
 * when somebody looks (`ErrorReply`, `Pending`); a place is written once. It holds that `replied <=
 * encoded <= number of steps`, where a step is what goes over the wire with one reply.
 */
export abstract class Batch implements Request, ReplySource {
  readonly commands: CommandList = new CommandList();
  deadline = 0;
  phase: ReplySource["phase"] = "open";
  /** Whether any outcome is an error. */
  hasFailed = false;
  /** Whether any command is a script or a function of a library: whoever queues says so. */
  hasScripts = false;
  /** Sends the batch again when the server lacked a script of it. Used at most once. */
  resend: (() => void) | undefined;
  /** Whether it was executed: then its results count, even if it failed. */
  hasBegun = false;
  /**
   * The command whose error execution rejects with, whatever `raiseOnError` says, because the batch
   * failed as a whole. The error is made when it is asked for, on the stack of who executes.
   */
  fatalIndex: number | undefined;
  refusal: ErrorReply | undefined;
  queuedBytes = 0;
  readonly isRemedy = false;
  protected outcomes: unknown[] = [];
  protected readonly settings: BatchSettings;
  protected encoded = 0;
  protected replied = 0;
  protected attempts = 0;
  /** What is to be loaded ahead of the commands, and how many replies that still has. */
  protected loads: ScriptLoads | undefined;
  protected loadsOwed = 0;
  /** What is sent again though it may have been executed: no error says that it was not. */
  #doubtful: Set<number> | undefined;
  protected knownScripts: Set<string> | undefined;
  #settled: (() => void) | undefined;
  #whenSettled: Promise<void> | undefined;

  constructor(settings: BatchSettings) {
    this.settings = settings;
  }

  abstract encode(encoder: Encoder, limit: number): boolean;
  abstract form(element?: number): ReplyForm;
  abstract reply(value: RespValue): boolean;
  abstract interrupt(failure: Failure, canRepeat?: boolean): boolean;
  abstract fail(failure: Failure): void;
  abstract surrender(): void;

  get isSettled(): boolean {
    return this.phase === "settled";
  }

  get size(): number {
    return this.commands.length;
  }

  measure(): number {
    let bytes = 0;
    for (const index of this.commands.keys()) bytes += measureArguments(this.argv(index));
    return bytes;
  }

  get owed(): number {
    return this.loadsOwed + this.encoded - this.replied;
  }

  /** From now on handles wait for their replies. */
  begin(deadline: number): void {
    this.deadline = deadline;
    this.hasBegun = true;
    // At once: growing step by step costs three times the memory.
    this.outcomes = new Array<unknown>(this.commands.length);
    this.phase = "running";
  }

  /** Says which scripts the server has; those it lacks are loaded in the batch's own write. */
  needScripts(known: Set<string>): void {
    this.knownScripts = known;
  }

  outcome(index: number): unknown {
    if (index >= this.commands.length) return retracted();
    const outcome = this.outcomes[index];
    if (typeof outcome !== "object" || outcome === null) return outcome;
    if (!(outcome instanceof ErrorReply || outcome instanceof Pending)) return outcome;
    const error =
      outcome instanceof Pending ? outcome.makeError(index) : this.refused(index, outcome);
    this.outcomes[index] = error;
    return error;
  }

  /** Takes back the commands from `length` on, unless it has begun. Their handles reject. */
  retract(length: number): void {
    if (this.phase === "open") this.commands.truncate(length);
  }

  /** Every outcome, in the order of the commands. Only when settled. */
  results(): unknown[] {
    // A copy: handles read the outcomes, and the results are the caller's.
    if (!this.hasFailed) return this.outcomes.slice();
    return this.outcomes.map((_, index) => this.outcome(index));
  }

  /** The first error in the order of the commands. */
  firstError(): Error | undefined {
    if (!this.hasFailed) return undefined;
    for (let index = 0; index < this.commands.length; index += 1) {
      const outcome = this.outcome(index);
      if (outcome instanceof Error) return outcome;
    }
    return undefined;
  }

  whenSettled(): Promise<void> {
    if (this.phase === "settled") return Promise.resolve();
    if (this.#whenSettled === undefined) {
      const { promise, resolve } = deferred<void>();
      this.#whenSettled = promise;
      this.#settled = resolve;
    }
    return this.#whenSettled;
  }

  describe(index: number): string {
    return describeCommand(this.argv(index));
  }

  about(index: number): AboutCommand {
    const { address } = this.settings;
    const command = this.describe(index);
    return { command, index: this.position(index), address, attempts: this.attempts };
  }

  /** Gives every command an error of its own, now. */
  settleAll(makeError: (index: number) => Error): void {
    const pending = new Pending(makeError);
    for (let index = 0; index < this.commands.length; index += 1) this.outcomes[index] = pending;
    this.hasFailed = this.commands.length > 0;
    this.settle();
  }

  /** Remembers that a command may have been executed already. Rare: most batches need no set. */
  protected doubt(index: number): void {
    this.#doubtful ??= new Set();
    this.#doubtful.add(index);
  }

  protected isDoubtful(index: number): boolean {
    return this.#doubtful?.has(index) === true;
  }

  /** Whether `outcomes[index]` stands for an error. */
  isFailure(index: number): boolean {
    const outcome = this.outcomes[index];
    return outcome instanceof ErrorReply || outcome instanceof Pending || outcome instanceof Error;
  }

  /** The position in the pipeline, which may have had batches before this one. */
  protected position(index: number): number | undefined {
    const { firstIndex } = this.settings;
    return firstIndex === undefined ? undefined : firstIndex + index;
  }

  /** The error that an error reply to a command stands for. */
  protected refused(index: number, reply: ErrorReply): ServerError {
    return serverError(reply, this.argv(index), this.about(index), this.isDoubtful(index));
  }

  protected argv(index: number): readonly Argument[] {
    return this.commands.argv(index);
  }

  /** Decodes a reply into its place. */
  protected store(index: number, value: RespValue): void {
    if (value instanceof ErrorReply) {
      this.outcomes[index] = this.loads?.refusalOf(this.commands.special.get(index)) ?? value;
      this.hasFailed = true;
      return;
    }
    try {
      this.outcomes[index] = this.commands.decode(index, value);
    } catch (error) {
      this.#storeUnreadable(index, error);
    }
  }

  /** Not in `store`: a closure there would have each reply allocate its scope. */
  #storeUnreadable(index: number, error: unknown): void {
    this.storeError(index, () => decodeFailure(error, this.about(index)));
  }

  protected storeError(index: number, makeError: (index: number) => Error): void {
    this.outcomes[index] = new Pending(makeError);
    this.hasFailed = true;
  }

  /** What is known of a command that has no reply. */
  protected appliedUnanswered(index: number, wasWritten: boolean): false | "unknown" {
    return appliedUnanswered(this.argv(index), wasWritten || this.isDoubtful(index));
  }

  /** Gives the commands at `indexes` a transport error. */
  protected storeFailure(indexes: readonly number[], wasWritten: boolean, failure: Failure): void {
    const { attempts } = this;
    const pending = new Pending((index) => {
      const applied = this.appliedUnanswered(index, wasWritten);
      return failure({ ...this.about(index), applied, attempts });
    });
    for (const index of indexes) this.outcomes[index] = pending;
    if (indexes.length > 0) this.hasFailed = true;
  }

  /** Begins a try: counts it, and encodes what must come before the first command. */
  protected beginAttempt(encoder: Encoder): void {
    this.attempts += 1;
    this.refusal = undefined;
    // Only now: after a loss the next server may lack what the last one had.
    if (this.knownScripts !== undefined) {
      this.loads = ScriptLoads.of(this.commands.special.values(), this.knownScripts);
    }
    this.loadsOwed = this.loads?.encode(encoder) ?? 0;
  }

  /** Takes the reply of a load. @returns as `reply` */
  protected takeLoad(value: RespValue): boolean {
    this.loadsOwed -= 1;
    this.loads?.reply(value);
    return this.isSettled && this.owed === 0;
  }

  /** The commands whose program the server turned out to lack; from now on that is known. */
  protected lacking(): number[] {
    const indexes: number[] = [];
    for (const [index, command] of this.commands.special) {
      const program = lackingProgram(command, this.outcomes[index]);
      if (program === undefined) continue;
      this.knownScripts?.delete(program);
      indexes.push(index);
    }
    return indexes;
  }

  /** Back to the state before encoding. */
  protected rewind(): void {
    this.encoded = 0;
    this.replied = 0;
    this.loadsOwed = 0;
  }

  protected settle(): void {
    this.phase = "settled";
    this.#settled?.();
  }
}

function retracted(): PipelineStateError {
  return new PipelineStateError("The command was never sent: the body that queued it has thrown");
}
