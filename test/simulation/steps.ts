import type { Callers } from "./callers.ts";
import type { ModelState } from "./model_client.ts";
import type { Network } from "./network.ts";
import { COUNTER, QUEUE } from "./record.ts";
import { CLOSE_TIMEOUT_MS, REASON, type Scene } from "./scene.ts";
import type { Wire } from "./wire.ts";

/** Something that can happen, so many times as likely as something else. */
interface Step {
  readonly weight: number;
  readonly isPossible: () => boolean;
  readonly happen: () => void | Promise<void>;
}

/** What can happen to the client: calls, the network, the server, time, and its end. */
export class Steps {
  readonly #scene: Scene;
  readonly #network: Network;
  readonly #callers: Callers;
  readonly #all: readonly Step[];
  #possible: Step[] = [];

  constructor(scene: Scene, callers: Callers) {
    this.#scene = scene;
    this.#network = scene.network;
    this.#callers = callers;
    this.#all = [
      ...this.#traffic(),
      ...this.#mishaps(),
      ...this.#callerSteps(),
      ...this.#serverSteps(),
      { weight: 6, isPossible: always, happen: () => scene.advance() },
      { weight: 1, isPossible: always, happen: () => scene.stall() },
    ];
  }

  /** One thing happens. */
  async next(): Promise<void> {
    const possible = this.#possible;
    let total = 0;
    possible.length = 0;
    for (const step of this.#all) {
      if (!step.isPossible()) continue;
      possible.push(step);
      total += step.weight;
    }
    let chosen = this.#scene.choices.below(total);
    for (const { weight, happen } of possible) {
      chosen -= weight;
      if (chosen >= 0) continue;
      await happen();
      break;
    }
    await this.#scene.turn();
  }

  /** Ends the client. */
  async close(): Promise<void> {
    const scene = this.#scene;
    scene.hasEnded = true;
    if (!scene.choices.happens(0.5)) {
      void scene.outcome("close()", scene.redis.close(), CLOSE_TIMEOUT_MS);
      return;
    }
    scene.tell(() => "destroy()");
    scene.redis.destroy();
    await scene.clock.settle();
    for (const { what, isPatient } of scene.pending) {
      if (!isPatient) scene.record.complain(`R10: destroy() left ${what} pending`);
    }
  }

  #traffic(): Step[] {
    const network = this.#network;
    const hasMoving = (): boolean => network.wires.some(isMoving);
    return [
      this.#some(10, isMoving, (wire) => network.pump(wire)),
      { weight: 8, isPossible: hasMoving, happen: () => void network.pumpAll() },
      this.#some(6, hasArriving, (wire) => network.deliverSome(wire)),
      this.#some(6, isRunnable, (wire) => network.executeSome(wire)),
      this.#some(6, hasMovingAnswer, (wire) => network.answerSome(wire)),
      this.#whenAsked(4, () => void network.accept()),
      this.#whenAsked(10, () => this.#acceptWell()),
    ];
  }

  #mishaps(): Step[] {
    const network = this.#network;
    const hasAlive = (): boolean => network.wires.some(isAlive);
    return [
      this.#whenAsked(3, () => network.refuse()),
      this.#some(2, isAlive, (wire) => network.cut(wire)),
      // Just when the server has done something of which the client has not heard.
      this.#some(4, isAnswered, (wire) => network.cut(wire)),
      { weight: 1, isPossible: hasAlive, happen: () => network.restart() },
      { weight: 1, isPossible: hasAlive, happen: () => this.#cutAndAct() },
      this.#some(1, always, (wire) => network.freeze(wire)),
      this.#some(2, isFrozen, (wire) => network.freeze(wire)),
      this.#some(2, isGone, (wire) => network.bury(wire)),
    ];
  }

  /** Happens to one of the connections that are so. */
  #some(weight: number, isSo: (wire: Wire) => boolean, happen: (wire: Wire) => void): Step {
    const network = this.#network;
    return {
      weight,
      isPossible: () => network.wires.some(isSo),
      happen: () => {
        const wire = this.#scene.choices.any(network.wires.filter(isSo));
        if (wire !== undefined) happen(wire);
      },
    };
  }

  /** Happens while the client wants a connection. */
  #whenAsked(weight: number, happen: Step["happen"]): Step {
    return { weight, isPossible: () => this.#network.connects.length > 0, happen };
  }

  /** A connection comes about, and can be used. */
  async #acceptWell(): Promise<void> {
    const wire = this.#network.accept();
    do await this.#scene.clock.settle();
    while (this.#network.pump(wire));
  }

  /** Somebody calls while the client does not know yet that its connection is gone. */
  #cutAndAct(): void {
    const wire = this.#scene.choices.any(this.#network.alive);
    if (wire !== undefined) this.#network.cut(wire);
    this.#callers.act();
  }

  #callerSteps(): Step[] {
    const scene = this.#scene;
    return [
      { weight: 14, isPossible: always, happen: () => this.#callers.act() },
      { weight: 8, isPossible: () => scene.paused > 0, happen: () => scene.resume() },
      { weight: 3, isPossible: () => scene.aborts.size > 0, happen: () => this.#abort() },
      { weight: 1, isPossible: () => !scene.hasEnded, happen: () => this.close() },
    ];
  }

  #abort(): void {
    const scene = this.#scene;
    const abort = scene.choices.any([...scene.aborts]);
    if (abort === undefined) return;
    scene.tell(() => "a signal fires");
    scene.aborts.delete(abort);
    abort.abort(REASON);
    scene.aborted.push(abort.signal);
  }

  #serverSteps(): Step[] {
    const { server } = this.#scene;
    const takesWrites = (): boolean => server.state === "ok";
    return [
      { weight: 2, isPossible: takesWrites, happen: () => this.#bump() },
      { weight: 2, isPossible: takesWrites, happen: () => this.#feed() },
      { weight: 1, isPossible: always, happen: () => this.#flush() },
      { weight: 1, isPossible: takesWrites, happen: () => this.#change("stale") },
      { weight: 1, isPossible: takesWrites, happen: () => this.#change("replica") },
      { weight: 6, isPossible: () => !takesWrites(), happen: () => this.#change("ok") },
    ];
  }

  #change(state: ModelState["state"]): void {
    this.#scene.tell(() => `the server is ${state}`);
    this.#scene.server.state = state;
  }

  /** Another client counts up. */
  #bump(): void {
    const { tell, record, server } = this.#scene;
    tell(() => "somebody else counts up");
    record.bumps += 1;
    server.run("INCR", COUNTER);
  }

  /** Another client puts something into the queue. */
  #feed(): void {
    const { tell, record, server } = this.#scene;
    const item = `item ${record.fed.size}`;
    tell(() => `somebody else puts ${item} into the queue`);
    record.fed.add(item);
    server.run("RPUSH", QUEUE, item);
  }

  /** Another client makes the server forget its scripts. */
  #flush(): void {
    const { tell, record, server } = this.#scene;
    tell(() => "somebody else flushes the scripts");
    record.flushes += 1;
    server.scripts.clear();
  }
}

const always = (): boolean => true;
const isAlive = (wire: Wire): boolean => !wire.destroyed;
const isGone = (wire: Wire): boolean => wire.destroyed;
const isFrozen = (wire: Wire): boolean => wire.isFrozen;
const isMoving = (wire: Wire): boolean => !wire.isFrozen;
const hasArriving = (wire: Wire): boolean => !wire.isFrozen && wire.toServer !== "";
const isRunnable = (wire: Wire): boolean => !wire.isFrozen && wire.server.input !== "";
const hasMovingAnswer = (wire: Wire): boolean => !wire.isFrozen && wire.server.output !== "";
const isAnswered = (wire: Wire): boolean => !wire.destroyed && wire.server.output !== "";
