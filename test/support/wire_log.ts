import type { ProxyConnection, TestProxy, Verdict } from "../../src/testing/index.ts";

/** A command that a client sent through a proxy. */
export interface SeenCommand {
  /** The proxy's number of the connection. */
  readonly connection: number;
  readonly argv: readonly string[];
}

/** Reads along at a proxy: which commands went over which connection, in how many chunks. */
export class WireLog {
  readonly seen: SeenCommand[] = [];
  /** How many chunks came from clients. */
  chunks = 0;
  /** Decides about a chunk, knowing the commands that it completes. Default: all are forwarded. */
  decide: ((commands: readonly string[], connection: ProxyConnection) => Verdict) | undefined;
  readonly #rests = new Map<number, string>();

  constructor(proxy: TestProxy) {
    proxy.onClientBytes = (chunk, connection) => this.#take(chunk, connection);
  }

  /** The names of all commands, of one connection if its number is given. */
  names(connection?: number): string[] {
    const some = this.seen.filter((it) => connection === undefined || it.connection === connection);
    return some.map(({ argv }) => argv[0] ?? "");
  }

  /** All commands of that name. */
  named(name: string): SeenCommand[] {
    return this.seen.filter(({ argv }) => argv[0] === name);
  }

  count(name: string): number {
    return this.named(name).length;
  }

  clear(): void {
    this.seen.length = 0;
    this.chunks = 0;
  }

  #take(chunk: Buffer, connection: ProxyConnection): Verdict {
    this.chunks += 1;
    const { id } = connection;
    const text = (this.#rests.get(id) ?? "") + chunk.toString("latin1");
    const { commands, rest } = parseCommands(text);
    this.#rests.set(id, rest);
    for (const argv of commands) this.seen.push({ connection: id, argv });
    return (
      this.decide?.(
        commands.map((argv) => argv[0] ?? ""),
        connection,
      ) ?? "forward"
    );
  }
}

/** Splits what a client sends into commands; `rest` is the beginning of one that is incomplete. */
export function parseCommands(text: string): {
  readonly commands: string[][];
  readonly rest: string;
} {
  const commands: string[][] = [];
  let at = 0;
  for (;;) {
    const command = parseOne(text, at);
    if (command === undefined) return { commands, rest: text.slice(at) };
    commands.push(command.argv);
    at = command.end;
  }
}

function parseOne(text: string, start: number): { argv: string[]; end: number } | undefined {
  const header = lineAt(text, start);
  if (header === undefined) return undefined;
  const argv: string[] = [];
  let at = header.end;
  for (let left = Number(header.line.slice(1)); left > 0; left -= 1) {
    const length = lineAt(text, at);
    if (length === undefined) return undefined;
    const end = length.end + Number(length.line.slice(1));
    if (text.length < end + 2) return undefined;
    argv.push(text.slice(length.end, end));
    at = end + 2;
  }
  return { argv, end: at };
}

function lineAt(text: string, start: number): { line: string; end: number } | undefined {
  const end = text.indexOf("\r\n", start);
  return end === -1 ? undefined : { line: text.slice(start, end), end: end + 2 };
}
