import type { Duplex } from "node:stream";
import type { OpenStream } from "../../src/index.ts";
import type { Choices } from "./choices.ts";
import type { ModelServer } from "./model_server.ts";
import { Wire } from "./wire.ts";

/** Tells what happens, for people. */
export type Tell = (what: () => string) => void;

/** A connection that the client has asked for. */
interface Connect {
  readonly resolve: (stream: Duplex) => void;
  readonly reject: (error: Error) => void;
}

/** Where what was written on one connection ends. */
const END = "\r\nMULTI";

const ROOMS = [1_000_000, 100, 1_000, 30_000] as const;

/** All connections between a client and the model of its server, and what can happen to them. */
export class Network {
  readonly wires: Wire[] = [];
  readonly connects: Connect[] = [];
  /** What the client handed over on connections that are no more. */
  #written = "";
  /** Is told what happens, for people. */
  readonly #tell: Tell;
  readonly #choices: Choices;
  readonly #server: ModelServer;
  readonly #room: number;

  readonly #complain: (what: string) => void;

  constructor(
    choices: Choices,
    server: ModelServer,
    { tell, complain }: { readonly tell: Tell; readonly complain: (what: string) => void },
  ) {
    this.#choices = choices;
    this.#server = server;
    this.#tell = tell;
    this.#complain = complain;
    this.#room = choices.pick(ROOMS);
  }

  readonly open: OpenStream = () => {
    this.#tell(() => "  client asks for a connection");
    return new Promise((resolve, reject) => {
      this.connects.push({ resolve, reject });
    });
  };

  /** Connections that the client has not given up. */
  get alive(): readonly Wire[] {
    return this.wires.filter((wire) => !wire.destroyed);
  }

  /** Everything that the client ever handed over, one connection after the other. */
  get written(): string {
    return this.#written + this.wires.map(({ written }) => written + END).join("");
  }

  get moving(): readonly Wire[] {
    return this.wires.filter((wire) => !wire.isFrozen);
  }

  accept(): Wire {
    const wire = new Wire(this.#server.connect(), this.#room);
    this.wires.push(wire);
    this.#tell(() => `accept ${name(wire)}`);
    this.connects.shift()?.resolve(wire);
    return wire;
  }

  refuse(): void {
    this.#tell(() => "refuse a connection");
    this.connects.shift()?.reject(new Error("connect ECONNREFUSED"));
  }

  /** Moves everything there is on one connection, both ways. @returns whether anything moved */
  pump(wire: Wire): boolean {
    const { server } = wire;
    const isIdle = wire.toServer === "" && server.output === "";
    while (wire.toServer !== "") wire.deliver(wire.toServer.length);
    let executed = 0;
    while (this.#server.step(server)) executed += 1;
    const { output } = server;
    if (isIdle && executed === 0 && output === "") return false;
    this.#tell(() => `pump ${name(wire)}: ${executed} commands, answers ${shown(output)}`);
    wire.answer(output.length);
    return true;
  }

  deliverSome(wire: Wire): void {
    const count = 1 + this.#choices.below(wire.toServer.length);
    this.#tell(() => `deliver on ${name(wire)} ${shown(wire.toServer.slice(0, count))}`);
    wire.deliver(count);
  }

  executeSome(wire: Wire): void {
    let wanted = 1 + this.#choices.below(3);
    while (wanted > 0 && this.#server.step(wire.server)) wanted -= 1;
    this.#tell(() => `execute on ${name(wire)}; answers ${shown(wire.server.output)}`);
  }

  answerSome(wire: Wire): void {
    const count = 1 + this.#choices.below(wire.server.output.length);
    this.#tell(() => `answer on ${name(wire)} ${shown(wire.server.output.slice(0, count))}`);
    wire.answer(count);
  }

  /** Ends a connection: reset with or without what is under way, or closed by the server. */
  cut(wire: Wire): void {
    const kind = this.#choices.pick(["reset", "reset and lose", "close"]);
    this.#tell(() => `${kind} ${name(wire)}`);
    if (kind === "close") {
      this.#forget(wire);
      if (!wire.destroyed) wire.push(null);
      return;
    }
    this.#reset(wire);
    if (kind === "reset and lose") this.#forget(wire);
  }

  /** Every connection ends, and the server forgets its scripts. */
  restart(): void {
    this.#tell(() => "restart");
    for (const wire of this.alive) {
      this.#reset(wire);
      this.#forget(wire);
    }
    this.#server.scripts.clear();
  }

  /** The server hears that the client has gone; what has not arrived never does. */
  bury(wire: Wire): void {
    this.#tell(() => `bury ${name(wire)}`);
    this.#forget(wire);
  }

  /** Nothing moves on a frozen connection; a second time it does again. */
  freeze(wire: Wire): void {
    wire.isFrozen = !wire.isFrozen;
    this.#tell(() => `${wire.isFrozen ? "freeze" : "thaw"} ${name(wire)}`);
  }

  /** Moves everything that can move. @returns whether anything did */
  pumpAll(): boolean {
    let hasMoved = false;
    while (this.connects.length > 0) {
      this.accept();
      hasMoved = true;
    }
    for (const wire of [...this.moving]) {
      if (this.pump(wire)) hasMoved = true;
      if (wire.destroyed && !wire.isBusy) this.bury(wire);
    }
    return hasMoved;
  }

  /** Nothing is taken from the client on the connections that there are. */
  clog(): void {
    for (const wire of this.wires) wire.isClogged = true;
  }

  unclog(): void {
    for (const wire of this.wires) wire.unclog();
  }

  thaw(): void {
    for (const wire of this.wires) wire.isFrozen = false;
  }

  /** An error to which nobody listens would end the process. */
  #reset(wire: Wire): void {
    if (!wire.destroyed && wire.listenerCount("error") === 0) {
      this.#complain("R10: nobody listens to the errors of a connection");
      wire.on("error", () => {});
    }
    wire.destroy(new Error("read ECONNRESET"));
  }

  #forget(wire: Wire): void {
    this.#server.disconnect(wire.server);
    const at = this.wires.indexOf(wire);
    if (at < 0) return;
    this.#written += wire.written + END;
    this.wires.splice(at, 1);
  }
}

function name(wire: Wire): string {
  return `#${wire.server.id}`;
}

/** Bytes on one line, not all of them. */
function shown(bytes: string): string {
  return JSON.stringify(bytes.length > 200 ? `${bytes.slice(0, 200)}…` : bytes);
}
