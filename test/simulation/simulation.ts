import { getEventListeners } from "node:events";
import { Redis } from "../../src/index.ts";
import { Callers } from "./callers.ts";
import type { Choices } from "./choices.ts";
import { VirtualClock } from "./clock.ts";
import { ModelServer } from "./model_server.ts";
import { Network } from "./network.ts";
import { COUNTER, QUEUE, Record } from "./record.ts";
import { COMMAND_TIMEOUT_MS, Scene, SLACK_MS, settled } from "./scene.ts";
import type { Wire } from "./wire.ts";

const CONNECT_TIMEOUT_MS = 100;
const CLOSE_TIMEOUT_MS = 20;
const MAX_STEPS = 60;
/** A run that has not come to an end by then never does. */
const MAX_ROUNDS = 3_000;

/** One for all: making a `DOMException` takes longer than most of what a run does. */
const REASON = new Error("the caller has lost interest");

/** What whoever is given a connection sends first. */
const BEGINNING = /WATCH|BLPOP|session/;

/** Something that can happen now, so many times as likely as something else. */
type Step = readonly [weight: number, isPossible: boolean, happen: () => void | Promise<void>];

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
  readonly #server: ModelServer;
  readonly #network: Network;
  readonly #record: Record;
  readonly #poolMax: number;
  /** So many things happen before all that is left comes to its end. */
  readonly #steps: number;
  readonly #trace: string[] = [];
  readonly #tell: (what: () => string) => void;
  readonly #aborted: AbortSignal[] = [];
  #hasEnded = false;

  /** @param isTold whether the outcome is to have a trace: that takes time */
  constructor(choices: Choices, isTold = false) {
    this.#choices = choices;
    // First, so that a shorter run makes the same choices.
    this.#steps = choices.below(MAX_STEPS);
    this.#tell = isTold
      ? (what) => this.#trace.push(`${this.#clock.now.toFixed(1).padStart(8)} ${what()}`)
      : () => {};
    this.#server = new ModelServer(() => this.#clock.now);
    this.#network = new Network(choices, this.#server, this.#tell);
    this.#record = new Record(this.#server);
    this.#poolMax = 1 + choices.below(3);
  }

  async run(): Promise<Outcome> {
    const restore = this.#clock.install(() => this.#choices.fraction());
    const onUnhandled = (reason: unknown): void =>
      this.#record.complain(`an unhandled rejection: ${String(reason)}`);
    process.on("unhandledRejection", onUnhandled);
    const { stackTraceLimit } = Error;
    // Nobody reads the stacks of thousands of errors that are as they should be.
    Error.stackTraceLimit = 0;
    try {
      await this.#play();
    } catch (error) {
      this.#record.complain(`the run failed: ${String(error)}`);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      process.off("unhandledRejection", onUnhandled);
      restore();
    }
    const { complaints } = this.#record;
    return { complaints, trace: this.#trace, choices: this.#choices.made };
  }

  async #play(): Promise<void> {
    const redis = await this.#connect();
    if (redis === undefined) return this.#expectNothingLeft();
    const scene = new Scene(
      redis,
      { choices: this.#choices, clock: this.#clock, record: this.#record },
      this.#tell,
    );
    const callers = new Callers(scene);
    for (let count = 0; count < this.#steps; count += 1) {
      await this.#step(scene, callers);
      this.#check(scene);
    }
    await this.#end(scene);
    this.#record.compare(scene.ledger, this.#network.written);
  }

  /** @returns `undefined` if there was no server to connect to, and that was told in time */
  async #connect(): Promise<Redis | undefined> {
    const isReachable = !this.#choices.happens(0.03);
    let outcome: unknown;
    const connecting = Redis.connect({
      openStream: this.#network.open,
      protocol: this.#choices.pick([3, 2]),
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      reconnect: { base: 4, cap: 30 },
      pool: { max: this.#poolMax, idleTimeout: 50 },
    });
    void settled(connecting).then((value) => {
      outcome = value;
      return value;
    });
    await this.#clock.settle();
    if (!isReachable && this.#choices.happens(0.5)) this.#network.refuse();
    await this.#until(() => outcome !== undefined, isReachable);
    if (outcome instanceof Redis) return outcome;
    if (isReachable) this.#record.complain(`cannot connect: ${String(outcome)}`);
    if (this.#clock.now > CONNECT_TIMEOUT_MS + SLACK_MS) this.#record.complain("connects too long");
    while (this.#network.connects.length > 0) this.#network.accept();
    await this.#clock.settle();
    return undefined;
  }

  /** One thing happens. */
  async #step(scene: Scene, callers: Callers): Promise<void> {
    const steps = this.#possible(scene, callers).filter(([, isPossible]) => isPossible);
    const total = steps.reduce((sum, [weight]) => sum + weight, 0);
    let chosen = this.#choices.below(total);
    for (const [weight, , happen] of steps) {
      chosen -= weight;
      if (chosen >= 0) continue;
      await happen();
      break;
    }
    await this.#clock.settle();
    await this.#clock.turn();
  }

  #possible(scene: Scene, callers: Callers): readonly Step[] {
    return [...this.#networkSteps(), ...this.#callerSteps(scene, callers), ...this.#timeSteps()];
  }

  #networkSteps(): Step[] {
    const network = this.#network;
    const choices = this.#choices;
    const some = (weight: number, among: readonly Wire[], happen: (wire: Wire) => void): Step => {
      const any = (): void => {
        const wire = choices.any(among);
        if (wire !== undefined) happen(wire);
      };
      return [weight, among.length > 0, any];
    };
    const { moving, alive, wires, connects } = network;
    const arriving = moving.filter((wire) => wire.toServer !== "");
    const runnable = moving.filter((wire) => wire.server.input !== "");
    const answered = moving.filter((wire) => wire.server.output !== "");
    return [
      some(10, moving, (wire) => network.pump(wire)),
      [8, moving.length > 0, () => void network.pumpAll()],
      some(6, arriving, (wire) => network.deliverSome(wire)),
      some(6, runnable, (wire) => network.executeSome(wire)),
      some(6, answered, (wire) => network.answerSome(wire)),
      [4, connects.length > 0, () => void network.accept()],
      [10, connects.length > 0, () => this.#acceptWell()],
      [3, connects.length > 0, () => network.refuse()],
      some(2, alive, (wire) => network.cut(wire)),
      // Just when the server has done something of which the client has not heard.
      some(
        4,
        alive.filter(({ server }) => server.output !== ""),
        (wire) => network.cut(wire),
      ),
      [1, alive.length > 0, () => network.restart()],
      some(1, wires, (wire) => network.freeze(wire)),
      some(
        2,
        wires.filter((wire) => wire.isFrozen),
        (wire) => network.freeze(wire),
      ),
      some(
        2,
        wires.filter((wire) => wire.destroyed),
        (wire) => network.bury(wire),
      ),
    ];
  }

  /** A connection comes about, and can be used. */
  async #acceptWell(): Promise<void> {
    const wire = this.#network.accept();
    do await this.#clock.settle();
    while (this.#network.pump(wire));
  }

  #callerSteps(scene: Scene, callers: Callers): Step[] {
    return [
      [14, true, () => callers.act()],
      [1, this.#network.alive.length > 0, () => this.#cutAndAct(callers)],
      [8, scene.paused > 0, () => scene.resume()],
      [3, scene.aborts.size > 0, () => this.#abort(scene)],
      [2, true, () => this.#bump()],
      [2, true, () => this.#feed()],
      [1, true, () => void this.#server.run("SCRIPT", "FLUSH")],
      [1, !this.#hasEnded, () => this.#close(scene)],
    ];
  }

  #timeSteps(): Step[] {
    return [
      [6, true, () => this.#advance()],
      [1, true, () => this.#stall()],
    ];
  }

  /** Somebody calls while the client does not know yet that its connection is gone. */
  #cutAndAct(callers: Callers): void {
    const wire = this.#choices.any(this.#network.alive);
    if (wire !== undefined) this.#network.cut(wire);
    this.#record.hasSurprise = true;
    callers.act();
  }

  #abort(scene: Scene): void {
    const abort = this.#choices.any([...scene.aborts]);
    if (abort === undefined) return;
    this.#tell(() => "a signal fires");
    scene.aborts.delete(abort);
    abort.abort(REASON);
    this.#aborted.push(abort.signal);
  }

  /** Another client counts up. */
  #bump(): void {
    this.#tell(() => "somebody else counts up");
    this.#record.bumps += 1;
    this.#server.run("INCR", COUNTER);
  }

  /** Another client puts something into the queue. */
  #feed(): void {
    const item = `item ${this.#record.fed.size}`;
    this.#tell(() => `somebody else puts ${item} into the queue`);
    this.#record.fed.add(item);
    this.#server.run("RPUSH", QUEUE, item);
  }

  /** To the next timer. */
  async #advance(): Promise<void> {
    const next = Math.min(this.#clock.nextAt, this.#server.nextAt);
    if (next === Number.POSITIVE_INFINITY) return;
    // Node's timers fire up to a millisecond early, by the clock of `performance.now()`.
    const earlyMs = this.#choices.below(2) * 0.5;
    await this.#goTo(Math.max(this.#clock.now, next - earlyMs), next);
  }

  /** This process is busy for a while: timers are late. */
  async #stall(): Promise<void> {
    const time = this.#clock.now + this.#choices.below(300);
    await this.#goTo(time, time);
  }

  async #goTo(time: number, timersOf: number): Promise<void> {
    this.#tell(() => `it is ${time}`);
    await this.#clock.advance(time, timersOf);
    this.#server.expire();
  }

  async #close(scene: Scene): Promise<void> {
    this.#hasEnded = true;
    if (this.#choices.happens(0.5)) {
      this.#tell(() => "destroy()");
      scene.redis.destroy();
      await this.#clock.settle();
      for (const { what, isPatient } of scene.pending) {
        if (!isPatient) this.#record.complain(`R10: destroy() left ${what} pending`);
      }
    } else {
      void scene.outcome("close()", scene.redis.close(), CLOSE_TIMEOUT_MS);
    }
  }

  #check(scene: Scene): void {
    scene.checkDeadlines();
    for (const { server } of this.#network.wires) {
      if (server.blocked !== undefined && BEGINNING.test(server.input)) {
        this.#record.complain(
          "S15: a blocking command keeps the next user of its connection waiting",
        );
      }
    }
    if (this.#network.alive.length > this.#poolMax + 1) {
      this.#record.complain(`${this.#network.alive.length} connections, pool.max ${this.#poolMax}`);
    }
  }

  /** Lets all that has begun come to its end, whether the network recovers or not. */
  async #end(scene: Scene): Promise<void> {
    const isHealed = !this.#choices.happens(0.3);
    this.#tell(() => (isHealed ? "the network recovers" : "nothing moves any more"));
    const isDone = (): boolean => {
      this.#check(scene);
      return scene.pending.size === 0 && scene.paused === 0;
    };
    await this.#until(isDone, isHealed, scene);
    if (isHealed && !this.#hasEnded) await this.#expectAllConnections(scene);
    if (!this.#hasEnded) await this.#close(scene);
    await this.#until(isDone, isHealed, scene);
    for (const { what } of scene.pending) this.#record.complain(`R1: ${what} never settled`);
    if (this.#clock.pending > 0)
      this.#record.complain(`R10: ${this.#clock.pending} timers are left`);
    await this.#until(() => false, true, scene);
    this.#expectNothingLeft();
  }

  /** P28: as many leases as ever can be had at the same time, and work. */
  async #expectAllConnections(scene: Scene): Promise<void> {
    this.#tell(() => "all connections of the pool are wanted");
    let inside = 0;
    let hasAll = false;
    const blocks = Array.from({ length: this.#poolMax }, async () => {
      const pipe = scene.redis.pipeline();
      const outcome = await scene.outcome(
        "a watch block",
        pipe.watch("unused", async (watched) => {
          inside += 1;
          hasAll ||= inside === this.#poolMax;
          await scene.pause();
          return await watched.echo("here");
        }),
      );
      if (outcome !== "here") this.#record.complain(`P28: ${String(outcome)} in a watch block`);
    });
    await this.#until(() => hasAll, true);
    if (!hasAll) this.#record.complain(`P28: of ${this.#poolMax} connections ${inside} can be had`);
    await this.#until(() => scene.pending.size === 0, true, scene);
    await Promise.all(blocks);
  }

  /** Goes on until something holds, or nothing happens any more. */
  async #until(isDone: () => boolean, isHealed: boolean, scene?: Scene): Promise<void> {
    if (isHealed) this.#network.thaw();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await this.#clock.settle();
      await this.#clock.turn();
      if (isDone()) return;
      let hasMoved = isHealed && this.#network.pumpAll();
      if (scene?.resumeAll() === true) hasMoved = true;
      if (hasMoved) continue;
      if (Math.min(this.#clock.nextAt, this.#server.nextAt) === Number.POSITIVE_INFINITY) return;
      await this.#advance();
    }
  }

  /** R10: nothing keeps the process alive. */
  #expectNothingLeft(): void {
    if (this.#clock.pending > 0)
      this.#record.complain(`R10: ${this.#clock.pending} timers are left`);
    const alive = this.#network.alive.length;
    if (this.#aborted.some((signal) => getEventListeners(signal, "abort").length > 0)) {
      this.#record.complain("somebody still listens to a signal");
    }
    if (alive > 0) this.#record.complain(`R10: ${alive} connections are left`);
  }
}
