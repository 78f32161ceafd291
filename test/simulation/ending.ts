import { getEventListeners } from "node:events";
import { QueueFullError, type Redis, type Session } from "../../src/index.ts";
import { type Scene, settled } from "./scene.ts";
import type { Steps } from "./steps.ts";

/** Before a client of a frozen connection can be served again, so many commands may time out. */
const MAX_TIMEOUTS = 8;

/** More than fit into the smallest queue. */
const FILLING = 40;

const LOOK_EVERY_MS = 20;

/** How a run ends: mostly everything works again, at times not the frozen connections. */
const FATES = ["healed", "healed", "healed", "healed", "thawless", "stuck", "stuck"] as const;

/** What must hold when nothing bad happens any more. */
export class Ending {
  readonly #scene: Scene;
  readonly #steps: Steps;
  readonly #connect: () => Promise<Redis>;
  readonly #check: () => void;

  /**
   * @param connect makes another client with the same options
   * @param check what holds at any time
   */
  constructor(
    scene: Scene,
    steps: Steps,
    { connect, check }: { readonly connect: () => Promise<Redis>; readonly check: () => void },
  ) {
    this.#scene = scene;
    this.#steps = steps;
    this.#connect = connect;
    this.#check = check;
  }

  /** Lets all that has begun come to its end, whether the network recovers or not. */
  async run(): Promise<void> {
    const scene = this.#scene;
    const fate = scene.choices.pick(FATES);
    scene.tell(() => `from now on all is ${fate}`);
    if (fate !== "stuck") scene.server.state = "ok";
    if (fate === "healed") scene.network.thaw();
    const network = fate !== "stuck";
    await this.#rest(network);
    if (network && !scene.hasEnded) await this.#expectService(fate === "healed");
    if (!scene.hasEnded) await this.#steps.close();
    await this.#rest(network);
    for (const { what } of scene.pending) scene.record.complain(`R1: ${what} never settled`);
    if (scene.clock.pending > 0)
      scene.record.complain(`R10: ${scene.clock.pending} timers are left`);
    scene.network.thaw();
    await scene.until(() => false, { network: true, resume: () => scene.resumeAll() });
    this.#expectNothingLeft();
  }

  /** Until all that was begun has settled. */
  async #rest(network: boolean): Promise<void> {
    const scene = this.#scene;
    const isDone = (): boolean => {
      this.#check();
      return scene.pending.size === 0 && scene.paused === 0;
    };
    await scene.until(isDone, { network, resume: () => scene.resumeAll() });
  }

  /** All works that ever did. */
  async #expectService(isHealed: boolean): Promise<void> {
    const scene = this.#scene;
    if (!isHealed) await this.#expectReplacement();
    // What was given up half-way goes out first, and a full queue is looked through for the rest of
    // it only from time to time.
    do await scene.turn();
    while (scene.network.pumpAll());
    await scene.clock.advance(scene.clock.now + LOOK_EVERY_MS, 0);
    await this.#expectAnswers();
    if (!isHealed) return;
    await this.#expectAllConnections();
    if (scene.choices.happens(0.2)) await this.#expectRoom();
  }

  /** R7: connections that have died without a word do not keep the client for ever. */
  async #expectReplacement(): Promise<void> {
    const scene = this.#scene;
    let outcomes: readonly unknown[] = [];
    for (let count = 0; count < MAX_TIMEOUTS; count += 1) {
      const pipe = scene.redis.pipeline();
      const waiting = Promise.all([
        scene.outcome("ECHO again", scene.redis.echo("again")),
        scene.outcome(
          "a watch block",
          pipe.watch("again", (watched) => watched.echo("again")),
        ),
      ]);
      await this.#rest(true);
      outcomes = await waiting;
      if (outcomes.every((outcome) => outcome === "again")) return;
    }
    const what = outcomes.map(String).join(" and ");
    scene.record.complain(`R7: ${what}, because a frozen connection is kept`);
  }

  /** R10: every kind of request gets its answer, and what waits is written. */
  async #expectAnswers(): Promise<void> {
    const scene = this.#scene;
    const { redis } = scene;
    scene.tell(() => "everything must work");
    const pipe = redis.pipeline();
    const outcomes = [
      scene.outcome("a SET", redis.set("last", 1)),
      scene.outcome(
        "a pipeline",
        redis.pipeline((it) => [it.echo("x"), it.get("last")]),
      ),
      scene.outcome(
        "a transaction",
        redis.transaction({}, (it) => [it.set("last", 2)]),
      ),
      scene.outcome("drained()", redis.drained()),
      scene.outcome(
        "a watch block",
        pipe.watch("last", (watched) => watched.echo("x")),
      ),
    ];
    await this.#rest(true);
    for (const outcome of await Promise.all(outcomes)) {
      if (outcome instanceof Error) scene.record.complain(`R10: all is well, but ${outcome}`);
    }
  }

  /** P28: as many leases as ever can be had at the same time, also in place of one that ends. */
  async #expectAllConnections(): Promise<void> {
    const scene = this.#scene;
    const { poolMax, record } = scene;
    scene.tell(() => "all connections of the pool are wanted");
    const session = await this.#dirtySession();
    let inside = 0;
    let hasAll = false;
    const blocks = Array.from({ length: poolMax }, async () => {
      const pipe = scene.redis.pipeline();
      const outcome = await scene.outcome(
        "a watch block",
        pipe.watch("unused", async (watched) => {
          inside += 1;
          hasAll ||= inside === poolMax;
          await scene.pause();
          return await watched.echo("here");
        }),
      );
      if (outcome !== "here") record.complain(`P28: ${String(outcome)} in a watch block`);
    });
    await scene.turn();
    session?.end();
    await scene.until(() => hasAll, { network: true });
    if (!hasAll) record.complain(`P28: of ${poolMax} connections ${inside} can be had`);
    await this.#rest(true);
    await Promise.all(blocks);
  }

  /** A session that leaves its connection in a state in which nobody else gets it. */
  async #dirtySession(): Promise<Session | undefined> {
    const scene = this.#scene;
    let session: Session | undefined;
    const begin = async (): Promise<void> => {
      const begun = await scene.redis.session();
      await begun.select(1);
      session = begun;
    };
    void settled(begin());
    await scene.until(() => session !== undefined, { network: true });
    if (session === undefined) scene.record.complain("P28: no session can be had");
    return session;
  }

  /** R11: nothing that is long settled takes up room in the queue: a new client takes no more. */
  async #expectRoom(): Promise<void> {
    const scene = this.#scene;
    scene.tell(() => "the queue is filled");
    const connecting = this.#connect();
    let fresh: Redis | undefined;
    void connecting.then((redis) => {
      fresh = redis;
      return redis;
    });
    await scene.until(() => fresh !== undefined, { network: true });
    if (fresh === undefined) return scene.record.complain("no second client can connect");
    await this.#interrupt([scene.redis, fresh]);
    const fills = [scene.redis, fresh].map((redis) => fill(redis));
    await scene.turn();
    scene.network.unclog();
    await scene.until(() => fills.every(({ pending }) => pending === 0), { network: true });
    const [used, unused] = fills;
    if (used?.refused !== unused?.refused) {
      const what = `${used?.refused} are refused, and ${unused?.refused} by a new client`;
      scene.record.complain(`R11: of ${FILLING} commands ${what}`);
    }
    if (fills.some(({ failed }) => failed > 0))
      scene.record.complain("R10: what waited has failed");
    fresh.destroy();
  }

  /** Nothing can be written for a while: there is no connection, or it takes nothing. */
  async #interrupt(clients: readonly Redis[]): Promise<void> {
    const scene = this.#scene;
    if (scene.choices.happens(0.5)) scene.network.restart();
    else {
      scene.network.clog();
      // What is written now is not taken, so that all else has to wait.
      for (const redis of clients) void settled(redis.echo("first"));
    }
    await scene.turn();
  }

  /** R10: nothing keeps the process alive. */
  #expectNothingLeft(): void {
    const { record, clock, network, aborted } = this.#scene;
    if (clock.pending > 0) record.complain(`R10: ${clock.pending} timers are left`);
    if (aborted.some((signal) => getEventListeners(signal, "abort").length > 0)) {
      record.complain("somebody still listens to a signal");
    }
    const alive = network.alive.length;
    if (alive > 0) record.complain(`R10: ${alive} connections are left`);
  }
}

/** What became of many commands at once. */
interface Filling {
  pending: number;
  refused: number;
  failed: number;
}

function fill(redis: Redis): Filling {
  const filling = { pending: FILLING, refused: 0, failed: 0 };
  for (let count = 0; count < FILLING; count += 1) {
    void settled(redis.echo(`filling ${count}`)).then((outcome) => {
      filling.pending -= 1;
      if (outcome instanceof QueueFullError) filling.refused += 1;
      else if (outcome instanceof Error) filling.failed += 1;
      return outcome;
    });
  }
  return filling;
}
