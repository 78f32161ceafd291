/** The commands that the server keeps for EXEC. */
export class QueuedCommands {
  readonly commands: (readonly string[])[] = [];
  hasError = false;

  /** EXEC will be refused. A Valkey forgets at once what cannot run any more. */
  spoil(kind: ModelKind): void {
    this.hasError = true;
    if (kind === "valkey") this.commands.length = 0;
  }
}

/** What a blocking command waits for. */
export interface Blocked {
  readonly keys: readonly string[];
  /** When it gives up. */
  readonly until: number;
}

/** A value of the model: a list, or a string. */
export type ModelValue = string | string[];

/** In what the texts of the servers differ. */
export type ModelKind = "redis" | "valkey";

/** What commands of the model read and change. */
export interface ModelState {
  readonly kind: ModelKind;
  /** A primary; a replica, which takes no writes; one that has lost its primary, nor reads. */
  readonly state: "ok" | "replica" | "stale";
  readonly clients: ReadonlySet<ModelClient>;
  readonly scripts: Map<string, string>;
  readonly now: () => number;
  get(db: number, key: string): ModelValue | undefined;
  /** Writes a key, or deletes it; whoever watches it fails. */
  put(db: number, key: string, value: ModelValue | undefined): void;
  block(client: ModelClient, keys: readonly string[], until: number): void;
  /** Answers a blocked client as if its time were up. @returns whether it was blocked */
  unblock(client: ModelClient): boolean;
  /** Runs what was queued, as one step. */
  runQueued(client: ModelClient, commands: readonly (readonly string[])[]): string[];
}

/** What the model of a server knows of one connection. Text is Latin-1: one character a byte. */
export class ModelClient {
  readonly id: number;
  /** What has arrived and was not executed. */
  input = "";
  /** What was answered and has not been delivered. */
  output = "";
  resp: 2 | 3 = 2;
  db = 0;
  queued: QueuedCommands | undefined;
  /** Names of keys with their database. */
  readonly watched = new Set<string>();
  /** Whether a watched key was changed. */
  isDirty = false;
  blocked: Blocked | undefined;

  constructor(id: number) {
    this.id = id;
  }

  /** Whether nothing remains of what an earlier user of the connection did. */
  get isClean(): boolean {
    return this.queued === undefined && this.watched.size === 0 && this.db === 0;
  }

  get nullBulk(): string {
    return this.resp === 3 ? "_\r\n" : "$-1\r\n";
  }

  get nullArray(): string {
    return this.resp === 3 ? "_\r\n" : "*-1\r\n";
  }

  /** Ends MULTI and WATCH. */
  endTransaction(): void {
    this.queued = undefined;
    this.unwatch();
  }

  unwatch(): void {
    this.watched.clear();
    this.isDirty = false;
  }

  /** The next whole command; `undefined` if it has not arrived completely, or another blocks. */
  takeCommand(): readonly string[] | undefined {
    if (this.blocked !== undefined) return undefined;
    const { input } = this;
    if (!input.includes("\r\n")) return undefined;
    const argv: string[] = [];
    let [count, at] = lengthAt(input, 0);
    for (; count > 0; count -= 1) {
      if (!input.includes("\r\n", at)) return undefined;
      const [length, begin] = lengthAt(input, at);
      at = begin + length + 2;
      if (at > input.length) return undefined;
      argv.push(input.slice(begin, begin + length));
    }
    this.input = input.slice(at);
    return argv;
  }
}

/** The number in the line `*3` or `$3` at `start`, and where the next line begins. */
function lengthAt(text: string, start: number): [length: number, next: number] {
  const end = text.indexOf("\r\n", start);
  const length = Number(text.slice(start + 1, end));
  if (!Number.isInteger(length)) throw new TypeError(`no length: ${text.slice(start, end)}`);
  return [length, end + 2];
}

export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

export function array(items: readonly string[]): string {
  return `*${items.length}\r\n${items.join("")}`;
}
