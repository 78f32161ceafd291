import type { Ledger, Told } from "../faults/workload.ts";
import type { ModelClient } from "./model_client.ts";
import type { ModelServer } from "./model_server.ts";

/** The key that is counted up under a WATCH. */
export const COUNTER = "counter";
/** A key that is no list and cannot be counted up. */
export const TEXT = "text";
/** Where blocking commands wait. */
export const QUEUE = "queue";
/** Sessions choose it. */
export const OTHER_DB = 1;

/** How often the client may send a command, by default: once, and three times more. */
export const MAX_ATTEMPTS = 4;

/** A write as the last word of its command: `<17>`. */
export function tag(id: number): string {
  return `<${id}>`;
}

/** What the server did with one write. */
interface Execution {
  times: number;
  readonly transaction: number | undefined;
  readonly db: number;
  readonly place: number;
}

/**
 * What the server did, and what should have been so: the half of the truth that no caller sees. The
 * other half is the ledger.
 */
export class Record {
  readonly complaints: string[] = [];
  /** Writes that go to the shared connection at once, in the order of the calls. */
  readonly called: number[] = [];
  /** ECHOs that end a pipeline: how many writes had run when they did, for the last time. */
  readonly echoes = new Map<string, number>();
  /** The writes of pipelines whose last ECHO was answered: they did not run after it. */
  readonly finished: { readonly ids: readonly number[]; readonly last: string }[] = [];
  /** Writes inside of MULTI; for each transaction those that only fail together. */
  readonly guarded = new Set<number>();
  readonly transactions: (readonly number[])[] = [];
  /** Writes that were made in another database. */
  readonly elsewhere = new Set<number>();
  /** Elements that were put into the queue, and what callers were told of those they took. */
  readonly fed = new Set<string>();
  readonly popped: string[] = [];
  doubtfulPops = 0;
  /** Writes that may be sent again though they may have run. */
  readonly repeatable = new Set<number>();
  /** Texts of ECHO that must not be sent again, and how often they ran. */
  readonly once = new Map<string, number>();
  /** How often somebody else made the server forget its scripts. */
  flushes = 0;
  /** How often somebody else counted up. */
  bumps = 0;
  readonly #server: ModelServer;
  readonly #executions = new Map<number, Execution>();

  constructor(server: ModelServer) {
    this.#server = server;
    server.run("SET", TEXT, "no number");
    server.observe = (client, argv, transaction) => this.#observe(client, argv, transaction);
  }

  /** Says that these writes are one transaction. A script can be missing, and fail alone. */
  guard(writes: readonly { readonly id: number; readonly kind?: string }[]): void {
    for (const { id } of writes) this.guarded.add(id);
    this.transactions.push(writes.filter(({ kind }) => kind !== "script").map(({ id }) => id));
  }

  complain(what: string): void {
    this.complaints.push(what);
  }

  /**
   * Compares what callers were told with what is true. Once nothing is under way any more.
   *
   * @param written all bytes that left the client
   */
  compare(ledger: Ledger, written: string): void {
    for (const complaint of ledger.complaints) this.complain(complaint);
    for (const [id, told] of ledger.told) {
      this.#compareTimes(id, told);
      if (told === "unknown" && !this.#isHandedOver(id, written)) {
        this.complain(`R1: write ${id} is in doubt, and never was written`);
      }
    }
    for (const [text, times] of this.once) {
      if (times > 1) this.complain(`R2: ${text} was not to be sent again, and ran ${times} times`);
    }
    for (const ids of this.transactions) this.#compareTransaction(ids, ledger);
    this.#compareOrder(ledger);
    this.#comparePlaces(ledger);
    this.#compareQueue();
    const steps = [...ledger.steps].filter((id) => this.#executions.has(id)).length;
    const counted = Number(this.#server.get(0, COUNTER) ?? 0);
    if (counted !== steps + this.bumps) {
      this.complain(`R4: ${steps} steps and ${this.bumps} bumps counted ${counted}`);
    }
  }

  /** Whether so much was written that the server can have run it: of a transaction also EXEC. */
  #isHandedOver(id: number, written: string): boolean {
    const text = tag(id);
    let at = written.indexOf(text);
    if (!this.guarded.has(id)) return at >= 0;
    for (; at >= 0; at = written.indexOf(text, at + 1)) {
      const exec = written.indexOf("\r\nEXEC", at);
      if (exec >= 0 && exec < written.indexOf("\r\nMULTI", at)) return true;
    }
    return false;
  }

  #compareTimes(id: number, told: Told): void {
    const times = this.#executions.get(id)?.times ?? 0;
    const most = told === "absent" ? 0 : this.repeatable.has(id) ? MAX_ATTEMPTS : 1;
    const least = told === "acknowledged" ? 1 : 0;
    if (times >= least && times <= most) return;
    this.complain(`R5: write ${id} was ${told}, and ran ${times} times`);
  }

  #observe(client: ModelClient, argv: readonly string[], transaction: number | undefined): void {
    const [name = "", key = ""] = argv;
    const isFirst = name === "WATCH" || name === "BLPOP" || (name === "ECHO" && key === "session");
    if (isFirst && key !== "dirty" && transaction === undefined) {
      if (!client.isClean)
        this.complain(`S15: ${argv.join(" ")} on a connection that is not clean`);
      // In a pipeline a BLPOP comes after the load of a script.
      const owes = client.output !== "" && name !== "BLPOP";
      if (owes) this.complain(`S15: ${argv.join(" ")} while a reply is owed`);
    }
    if (name === "SET" && key === COUNTER && client.watched.size === 0) {
      this.complain("P26: a watched transaction ran on a connection without its WATCH");
    }
    if (name === "ECHO") {
      const times = this.once.get(key);
      if (times !== undefined) this.once.set(key, times + 1);
      if (this.echoes.has(key)) this.echoes.set(key, this.#executions.size);
      return;
    }
    const id = tagged(argv);
    if (id === 0 || name === "GET") return;
    if (name === "EVALSHA" && !this.#runsScript(key)) return;
    const before = this.#executions.get(id);
    if (before === undefined) {
      const place = this.#executions.size;
      this.#executions.set(id, { times: 1, transaction, db: client.db, place });
    } else before.times += 1;
  }

  #runsScript(digest: string): boolean {
    return this.#server.state === "ok" && this.#server.scripts.has(digest);
  }

  #compareTransaction(ids: readonly number[], ledger: Ledger): void {
    const groups = new Set(ids.map((id) => this.#executions.get(id)?.transaction));
    if (groups.size > 1) this.complain(`a part of the transaction of ${ids.join()} ran`);
    const told = new Set(ids.map((id) => ledger.told.get(id)));
    if (told.size > 1)
      this.complain(`the transaction of ${ids.join()} was told ${[...told].join()}`);
  }

  #compareOrder(ledger: Ledger): void {
    const placeOf = (id: number): number =>
      ledger.told.get(id) === "acknowledged" ? (this.#executions.get(id)?.place ?? -1) : -1;
    let last = -1;
    for (const id of this.called) {
      const place = placeOf(id);
      if (place < 0) continue;
      if (place < last) this.complain(`R6: write ${id} overtook an earlier one`);
      last = place;
    }
    for (const { ids, last: echo } of this.finished) {
      const end = this.echoes.get(echo) ?? 0;
      const late = ids.find((id) => placeOf(id) >= end);
      if (late !== undefined) this.complain(`R6: write ${late} ran after the end of its pipeline`);
    }
  }

  #comparePlaces(ledger: Ledger): void {
    for (const [id, { transaction, db }] of this.#executions) {
      if (!ledger.told.has(id)) this.complain(`write ${id} ran, and nobody was told anything`);
      if (db !== (this.elsewhere.has(id) ? OTHER_DB : 0)) {
        this.complain(`S15: write ${id} ran in database ${db}`);
      }
      if ((transaction !== undefined) !== this.guarded.has(id)) {
        this.complain(
          `write ${id} ran ${transaction === undefined ? "outside" : "inside"} of MULTI`,
        );
      }
    }
  }

  #compareQueue(): void {
    const left = this.#server.get(0, QUEUE) ?? [];
    const taken = new Set(this.popped);
    if (taken.size < this.popped.length) this.complain("an element was given to two callers");
    for (const item of this.popped) {
      if (!this.fed.has(item) || left.includes(item)) this.complain(`${item} was never taken`);
    }
    const lost = this.fed.size - left.length - taken.size;
    if (lost < 0 || lost > this.doubtfulPops) {
      this.complain(`${lost} elements are lost, of which callers heard ${this.doubtfulPops} times`);
    }
  }
}

/** The number of a write; 0 for anything else. */
function tagged(argv: readonly string[]): number {
  const last = argv[argv.length - 1] ?? "";
  return last.startsWith("<") ? Number(last.slice(1, -1)) : 0;
}
