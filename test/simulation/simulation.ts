import { Redis, type RedisOptions } from "../../src/index.ts";
import { Callers } from "./callers.ts";
import type { Choices } from "./choices.ts";
import { VirtualClock } from "./clock.ts";
import { Ending } from "./ending.ts";
import { ModelServer } from "./model_server.ts";
import { Network, type Tell } from "./network.ts";
import { Record } from "./record.ts";
import { CLOSE_TIMEOUT_MS, COMMAND_TIMEOUT_MS, Scene, SLACK_MS, settled } from "./scene.ts";
import { Steps } from "./steps.ts";
import { World } from "./world.ts";

const CONNECT_TIMEOUT_MS = 100;
const MAX_STEPS = 60;

/** What whoever is given a connection sends first. */
const BEGINNING = /WATCH|BLPOP|session/;

/** What came of one run. */
export interface Outcome {
  /** What is wrong; none is as it should be. */
  readonly complaints: readonly string[];
  /** What happened, line by line, if that was asked for. */
  readonly trace: readonly string[];
  /** All decisions: with them the run happens again. */
  readonly choices: readonly number[];
}

/** One client, one server, many callers, a bad network: all of it decided by `choices`. */
export class Simulation {
  readonly #choices: Choices;
  readonly #clock = new VirtualClock();
  readonly #world: World;
  readonly #poolMax: number;
  readonly #options: RedisOptions;
  /** So many things happen before all that is left comes to its end. */
  readonly #steps: number;
  readonly #trace: string[] = [];

  /** @param isTold whether the outcome is to have a trace: that takes time */
  constructor(choices: Choices, isTold = false) {
    this.#choices = choices;
    // First, so that a shorter run makes the same choices.
    this.#steps = choices.below(MAX_STEPS);
    const tell: Tell = isTold
      ? (what) => this.#trace.push(`${this.#clock.now.toFixed(1).padStart(8)} ${what()}`)
      : () => {};
    const clock = this.#clock;
    const server = new ModelServer(() => clock.now, choices.pick(["redis", "valkey"]));
    const record = new Record(server);
    const complain = (what: string): void => record.complain(what);
    const network = new Network(choices, server, { tell, complain });
    this.#world = new World({ choices, clock, server, network, record, tell });
    this.#poolMax = 1 + choices.below(3);
    this.#options = this.#choose();
  }

  async run(): Promise<Outcome> {
    const { record } = this.#world;
    const restore = this.#clock.install(() => this.#choices.fraction());
    const onUnhandled = (reason: unknown): void =>
      record.complain(`an unhandled rejection: ${String(reason)}`);
    process.on("unhandledRejection", onUnhandled);
    const { stackTraceLimit } = Error;
    // Nobody reads the stacks of thousands of errors that are as they should be.
    Error.stackTraceLimit = 0;
    try {
      await this.#play();
    } catch (error) {
      record.complain(`the run failed: ${String(error)}`);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      process.off("unhandledRejection", onUnhandled);
      restore();
    }
    return {
      complaints: record.complaints,
      trace: this.#trace,
      choices: this.#choices.made,
    };
  }

  #choose(): RedisOptions {
    return {
      openStream: this.#world.network.open,
      protocol: this.#choices.pick([3, 2]),
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      reconnect: { base: 4, cap: 30 },
      pool: { max: this.#poolMax, idleTimeout: 50 },
      // Both are less than what fills the queue at the end.
      maxQueued: this.#choices.pick([30, 30, 8]),
      maxQueuedBytes: this.#choices.pick([200_000, 700]),
    };
  }

  async #play(): Promise<void> {
    const world = this.#world;
    const redis = await this.#connect();
    if (redis === undefined) return;
    const scene = new Scene(redis, world, this.#poolMax);
    const callers = new Callers(scene);
    const steps = new Steps(scene, callers);
    const check = (): void => this.#check(scene);
    const connect = (): Promise<Redis> => Redis.connect(this.#options);
    for (let count = 0; count < this.#steps; count += 1) {
      await steps.next();
      check();
    }
    await new Ending(scene, steps, { connect, check }).run();
    world.record.compare(scene.ledger, world.network.written);
  }

  /** @returns `undefined` if there was no server to connect to, and that was told in time */
  async #connect(): Promise<Redis | undefined> {
    const { network, record } = this.#world;
    const isReachable = !this.#choices.happens(0.03);
    let outcome: unknown;
    void settled(Redis.connect(this.#options)).then((value) => {
      outcome = value;
      return value;
    });
    await this.#clock.settle();
    if (!isReachable) this.#failToConnect();
    await this.#world.until(() => outcome !== undefined, { network: isReachable });
    if (outcome instanceof Redis) return outcome;
    if (isReachable) record.complain(`cannot connect: ${String(outcome)}`);
    if (this.#clock.now > CONNECT_TIMEOUT_MS + SLACK_MS) record.complain("connects too long");
    while (network.connects.length > 0) network.accept();
    await this.#clock.settle();
    const left = this.#clock.pending + network.alive.length;
    if (left > 0) record.complain(`R10: ${left} timers and connections are left`);
    return undefined;
  }

  /** The server refuses, is mute, or is not there at all. */
  #failToConnect(): void {
    const { network } = this.#world;
    const how = this.#choices.pick(["absent", "refuses", "mute"]);
    if (how === "refuses") network.refuse();
    if (how === "mute") network.accept();
  }

  /** What holds at any time. */
  #check(scene: Scene): void {
    const { network, record } = this.#world;
    scene.checkDeadlines();
    let alive = 0;
    for (const { server, destroyed } of network.wires) {
      if (!destroyed) alive += 1;
      if (server.blocked !== undefined && BEGINNING.test(server.input)) {
        record.complain("S15: a blocking command keeps the next user of its connection waiting");
      }
    }
    if (alive > this.#poolMax + 1) {
      record.complain(`${alive} connections, pool.max ${this.#poolMax}`);
    }
  }
}
