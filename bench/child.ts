/**
 * The parent's side of a client's process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pinned } from "./machine.ts";
import type { Sample } from "./sampling.ts";
import type { Answer, Request, Round } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));
/** No answer takes so long unless something hangs. */
const PATIENCE_MS = 120_000;

export interface ChildSettings {
  readonly scenario: string;
  readonly client: string;
  /** What the client is called in the report. */
  readonly label: string;
  /** The program that runs it, with its flags. */
  readonly runtime: readonly string[];
  readonly port: number;
  /** The processor it is kept on, if it can be. */
  readonly cpu: number | undefined;
}

/** One client in a process of its own. After an error it is gone. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  #settle: ((outcome: Answer | Error) => void) | undefined;
  #early: Answer | Error | undefined;

  private constructor(settings: ChildSettings) {
    const { scenario, client, runtime, port, cpu } = settings;
    this.name = settings.label;
    const argv = [...runtime, WORKER, scenario, client, String(port)];
    const [program = "", ...args] = pinned(argv, cpu);
    this.#process = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#process.on("message", (answer: Answer) => this.#deliver(answer));
    this.#process.on("error", (error) => this.#deliver(error));
    this.#process.on("exit", (code, signal) =>
      this.#deliver(new Error(`ended early (${signal ?? `exit code ${code}`})`)),
    );
  }

  /** Starts it; resolves once it is connected. */
  static async start(settings: ChildSettings): Promise<Child> {
    const child = new Child(settings);
    await child.#next();
    return child;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  async round(round: Round): Promise<Sample> {
    const answer = await this.#ask(round);
    if (answer.kind !== "sample") throw new Error(`unexpected: ${answer.kind}`);
    return answer.sample;
  }

  /** Ends it, and returns the most memory it has had, in MB. */
  async end(): Promise<number> {
    const closed = new Promise((resolve) => this.#process.once("exit", resolve));
    const answer = await this.#ask("end");
    await closed;
    return answer.kind === "peak" ? answer.megabytes : 0;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #ask(request: Request): Promise<Answer> {
    this.#process.send(request, (error) => error && this.#deliver(error));
    return this.#next();
  }

  async #next(): Promise<Answer> {
    const timer = setTimeout(() => this.#deliver(new Error("hangs")), PATIENCE_MS);
    const early = this.#early;
    this.#early = undefined;
    const outcome =
      early ??
      (await new Promise<Answer | Error>((resolve) => {
        this.#settle = resolve;
      }));
    clearTimeout(timer);
    if (!(outcome instanceof Error) && outcome.kind !== "error") return outcome;
    this.kill();
    throw outcome instanceof Error ? outcome : new Error(outcome.message);
  }

  #deliver(outcome: Answer | Error): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle === undefined) this.#early ??= outcome;
    else settle(outcome);
  }
}
