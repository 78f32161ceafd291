import { ModelClient, type ModelKind, type ModelState, type ModelValue } from "./model_client.ts";
import { COMMANDS, stateRefusal } from "./model_commands.ts";

/**
 * Is told of every command just before it runs, those of a transaction with the number of their
 * EXEC.
 */
export type Observer = (
  client: ModelClient,
  argv: readonly string[],
  transaction: number | undefined,
) => void;

/**
 * A server small enough to be read, which answers as Redis does: a test runs the same programs on
 * both. It executes when it is told to, one command at a time, and knows no time but `now()`.
 */
export class ModelServer implements ModelState {
  readonly clients = new Set<ModelClient>();
  readonly scripts = new Map<string, string>();
  observe: Observer = () => {};
  state: ModelState["state"] = "ok";
  readonly kind: ModelKind;
  readonly now: () => number;
  readonly #databases = new Map<number, Map<string, ModelValue>>();
  /** Who waits longest comes first. */
  readonly #blocked = new Set<ModelClient>();
  readonly #ready: { readonly db: number; readonly key: string }[] = [];
  #lastId = 0;
  #transactions = 0;

  constructor(now: () => number, kind: ModelKind) {
    this.now = now;
    this.kind = kind;
  }

  connect(): ModelClient {
    this.#lastId += 1;
    const client = new ModelClient(this.#lastId);
    this.clients.add(client);
    return client;
  }

  disconnect(client: ModelClient): void {
    this.clients.delete(client);
    this.#blocked.delete(client);
    client.blocked = undefined;
  }

  /** Runs the next command of a client. @returns whether there was one */
  step(client: ModelClient): boolean {
    const argv = client.takeCommand();
    if (argv === undefined) return false;
    client.output += this.#reply(client, argv);
    this.#serveBlocked();
    return true;
  }

  /** Runs a command that comes from nowhere. @returns the reply */
  run(...argv: string[]): string {
    const client = new ModelClient(0);
    const reply = this.#reply(client, argv);
    this.#serveBlocked();
    return reply;
  }

  /** Answers blocking commands whose time is up. */
  expire(): void {
    for (const client of this.#blocked) {
      if (client.blocked !== undefined && client.blocked.until <= this.now()) this.unblock(client);
    }
  }

  /** When the next blocking command gives up. */
  get nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { blocked } of this.#blocked) next = Math.min(next, blocked?.until ?? next);
    return next;
  }

  get(db: number, key: string): ModelValue | undefined {
    return this.#databases.get(db)?.get(key);
  }

  put(db: number, key: string, value: ModelValue | undefined): void {
    const database = this.#databases.get(db) ?? new Map<string, ModelValue>();
    this.#databases.set(db, database);
    const isEmpty = Array.isArray(value) && value.length === 0;
    if (value === undefined || isEmpty) database.delete(key);
    else database.set(key, value);
    for (const client of this.clients) {
      if (client.watched.has(`${db}:${key}`)) client.isDirty = true;
    }
    if (Array.isArray(value)) this.#ready.push({ db, key });
  }

  block(client: ModelClient, keys: readonly string[], until: number): void {
    client.blocked = { keys, until };
    this.#blocked.add(client);
  }

  unblock(client: ModelClient): boolean {
    if (client.blocked === undefined) return false;
    client.output += client.nullArray;
    client.blocked = undefined;
    return this.#blocked.delete(client);
  }

  runQueued(client: ModelClient, commands: readonly (readonly string[])[]): string[] {
    this.#transactions += 1;
    const transaction = this.#transactions;
    return commands.map((argv) => this.#run(client, argv, transaction));
  }

  #reply(client: ModelClient, argv: readonly string[]): string {
    const name = argv[0]?.toUpperCase() ?? "";
    const command = COMMANDS.get(name);
    const { queued } = client;
    if (name === "EXEC" && queued !== undefined) {
      const reason = this.#refusalOfQueued(queued.commands);
      if (reason !== undefined) {
        client.endTransaction();
        return `-EXECABORT Transaction discarded because of: ${reason}\r\n`;
      }
    }
    const refusal = refusalOf(argv, command?.arity) ?? stateRefusal(this, argv);
    if (refusal !== undefined) {
      queued?.spoil(this.kind);
      return `-${refusal}\r\n`;
    }
    if (queued === undefined || command?.runsInMulti === true) return this.#run(client, argv);
    // What is queued for a transaction that cannot succeed is not looked at any more.
    if (!queued.hasError && !client.isDirty) queued.commands.push(argv);
    return "+QUEUED\r\n";
  }

  #refusalOfQueued(commands: readonly (readonly string[])[]): string | undefined {
    if (this.state === "ok") return undefined;
    for (const argv of commands) {
      const refusal = stateRefusal(this, argv);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #run(client: ModelClient, argv: readonly string[], transaction?: number): string {
    const command = COMMANDS.get(argv[0]?.toUpperCase() ?? "");
    this.observe(client, argv, transaction);
    return command?.run(this, client, argv, transaction !== undefined) ?? "";
  }

  #serveBlocked(): void {
    for (let ready = this.#ready.shift(); ready !== undefined; ready = this.#ready.shift()) {
      const { db, key } = ready;
      for (const client of this.#blocked) {
        const list = this.get(db, key);
        if (!Array.isArray(list)) break;
        if (client.db !== db || client.blocked?.keys.includes(key) !== true) continue;
        client.blocked = undefined;
        this.#blocked.delete(client);
        client.output += COMMANDS.get("BLPOP")?.run(this, client, ["BLPOP", key, "0"], false) ?? "";
      }
    }
  }
}

function refusalOf(argv: readonly string[], arity: number | undefined): string | undefined {
  const [name = "", ...rest] = argv;
  if (arity === undefined) {
    const shown = rest.map((argument) => `'${argument}' `).join("");
    return `ERR unknown command '${name}', with args beginning with: ${shown}`;
  }
  if (arity > 0 ? argv.length === arity : argv.length >= -arity) return undefined;
  return `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
}
