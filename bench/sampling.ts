/**
 * Runs a scenario on a connection and takes its time. Queueing and reading replies are timed;
 * preparing calls, bringing the server back and checking replies are not.
 */
import { inBulk } from "./bulk.ts";
import type { Call } from "./call.ts";
import { checkReplies } from "./check.ts";
import type { Connection, Replies } from "./client.ts";
import type { Scenario } from "./scenario.ts";

/** One round of one client. */
export interface Sample {
  /** Executions of the scenario. */
  readonly executions: number;
  readonly wallMs: number;
  /** Of all threads of the process, within the timed part. */
  readonly cpuMs: number;
}

/** In each pipeline that waits. */
const IDLE_CALLS = 100;

/** Executes the scenario until `ms` of timed parts have passed, at least once. */
export class Sampler {
  readonly #scenario: Scenario;
  readonly #connection: Connection;
  readonly #calls: readonly Call[];
  /** Pipelines that wait beside what is measured. */
  readonly #idle: readonly unknown[];

  constructor(scenario: Scenario, connection: Connection) {
    this.#scenario = scenario;
    this.#connection = connection;
    this.#calls = scenario.calls();
    const idleCalls = this.#calls.slice(0, IDLE_CALLS);
    this.#idle = Array.from({ length: scenario.idle }, () => connection.queue?.(idleCalls));
  }

  async round(ms: number): Promise<Sample> {
    const { repeat, reset } = this.#scenario;
    let wallMs = 0;
    let cpuMs = 0;
    let executions = 0;
    do {
      for (const call of reset) await this.#connection.send(call);
      const replies: unknown[] = [];
      const cpuStart = process.cpuUsage();
      const start = performance.now();
      for (let count = 0; count < repeat; count += 1) replies.push(await this.#execute());
      wallMs += performance.now() - start;
      const cpu = process.cpuUsage(cpuStart);
      cpuMs += (cpu.user + cpu.system) / 1000;
      executions += repeat;
      if (this.#idle.length !== this.#scenario.idle) throw new Error("Idle pipelines are gone");
      this.#check(replies);
    } while (wallMs < ms);
    return { executions, wallMs, cpuMs };
  }

  #execute(): Promise<unknown> {
    const calls = this.#calls;
    switch (this.#scenario.manner) {
      case "pipeline":
        return this.#connection.pipeline(calls, false);
      case "transaction":
        return this.#connection.pipeline(calls, true);
      case "concurrent":
        return this.#connection.concurrent(calls);
      case "stream":
        return inBulk(this.#connection, calls);
      case "sequential":
        return this.#oneByOne(calls);
      default:
        return this.#connection.increment(calls[0]?.key ?? "");
    }
  }

  async #oneByOne(calls: readonly Call[]): Promise<unknown[]> {
    const replies: unknown[] = [];
    for (const call of calls) replies.push(await this.#connection.send(call));
    return replies;
  }

  #check(replies: readonly unknown[]): void {
    if (this.#scenario.manner === "watch") return checkCounting(replies);
    for (const reply of replies) checkReplies(this.#calls, reply as Replies);
  }
}

/** Each increment sees the one before. */
function checkCounting(numbers: readonly unknown[]): void {
  for (const [index, number] of numbers.entries()) {
    if (number !== Number(numbers[0]) + index) throw new Error(`Counted: ${numbers.join(" ")}`);
  }
}
