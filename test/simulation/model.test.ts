/** The model of a server answers byte for byte as the server does: it cannot lie. */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../../src/testing/index.ts";
import type { ModelClient, ModelKind, ModelState } from "./model_client.ts";
import { SCRIPT } from "./model_commands.ts";
import { ModelServer } from "./model_server.ts";

const DIGEST = "b9705020f551c492b7692cdba607bbdb64837972";
const CLIENTS = 3;

type State = ModelState["state"];

interface Step {
  readonly client: number;
  readonly argv: readonly string[];
  /** The server's state from now on. */
  readonly state: State | undefined;
}

/** What brings a replica, whose primary is not there, into a state. */
const SETTINGS: Readonly<Record<State, readonly string[]>> = {
  ok: ["replica-read-only", "no", "replica-serve-stale-data", "yes"],
  replica: ["replica-read-only", "yes", "replica-serve-stale-data", "yes"],
  stale: ["replica-read-only", "no", "replica-serve-stale-data", "no"],
};

/** Only ever a list: the server's answers to who blocks for a string depend on its version. */
const list = fc.constantFrom("a", "b");
const any = fc.constantFrom("a", "b", "c", "d");
const other = fc.constantFrom("c", "d");
const value = fc.constantFrom("", "1", "x");
const word = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words);

const command: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.constantFrom(["PING"], ["UNWATCH"], ["DISCARD"], ["GET"], ["NOTHING", "x"], ["HELLO", "9"]),
  { weight: 3, arbitrary: fc.constantFrom(["MULTI"], ["EXEC"]) },
  fc.tuple(word("ECHO"), value),
  fc.tuple(word("GET", "get"), any),
  fc.tuple(word("INCR"), other),
  fc.tuple(word("SET"), other, value),
  fc.tuple(word("RPUSH"), any, value),
  fc.tuple(word("RPUSH"), any, value, value),
  { weight: 2, arbitrary: fc.tuple(word("BLPOP"), list, word("0")) },
  fc.tuple(word("BLPOP"), list, list, word("0")),
  { weight: 2, arbitrary: fc.tuple(word("WATCH"), any) },
  fc.tuple(word("SELECT"), word("0", "0", "1", "16")),
  fc.tuple(word("CLIENT"), word("UNBLOCK"), word("{0}", "{1}", "{2}")),
  fc.tuple(word("CLIENT"), word("SETNAME"), word("me")),
  fc.constantFrom(["SCRIPT", "LOAD", SCRIPT], ["SCRIPT", "FLUSH"]),
  fc.tuple(word("EVALSHA"), word(DIGEST), word("1"), list, value),
);

const state = fc.option(fc.constantFrom<State>("ok", "ok", "replica", "stale"), {
  freq: 7,
  nil: undefined,
});

const program = fc.array(fc.record({ client: fc.nat(CLIENTS - 1), argv: command, state }), {
  minLength: 4,
  maxLength: 25,
});

/** A conversation with the real server. */
class Conversation {
  received = "";
  readonly #socket: Socket;

  constructor({ host, port }: TestServer) {
    this.#socket = createConnection({ host, port });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => {
      this.received += text;
    });
  }

  send(argv: readonly string[]): void {
    this.#socket.write(encoded(argv), "latin1");
  }

  /** Waits for as many bytes as are expected. @returns what came */
  async answer(length: number): Promise<string> {
    const signal = AbortSignal.timeout(2_000);
    while (this.received.length < length) {
      await once(this.#socket, "data", { signal }).catch(() => {
        throw new Error(`no further answer than ${JSON.stringify(this.received)}`);
      });
    }
    return this.received;
  }

  /** Empties the server and chooses the protocol. @returns the server's number of the connection */
  async begin(resp: number): Promise<number> {
    for (const argv of [["FLUSHALL"], ["SCRIPT", "FLUSH"], ["HELLO", String(resp)]])
      this.send(argv);
    this.send(["CLIENT", "ID"]);
    this.send(["ECHO", "begun"]);
    while (!this.received.endsWith("begun\r\n")) await once(this.#socket, "data");
    const id = /:(\d+)\r\n\$5\r\nbegun\r\n$/.exec(this.received)?.[1];
    this.received = "";
    return Number(id);
  }

  /** Waits until another connection blocks: only then do others' commands come after its own. */
  async seeBlocked(id: number): Promise<void> {
    do {
      this.received = "";
      this.send(["CLIENT", "LIST", "ID", String(id)]);
      while (!this.received.endsWith("\n\r\n")) await once(this.#socket, "data");
    } while (!/ flags=\w*b/.test(this.received));
  }

  /** Waits for the reply of a command that does. */
  async run(argv: readonly string[]): Promise<void> {
    this.received = "";
    this.send(argv);
    const answer = await this.answer(5);
    if (answer !== "+OK\r\n") throw new Error(`${argv.join(" ")}: ${answer}`);
  }

  async end(): Promise<void> {
    this.#socket.destroy();
    await once(this.#socket, "close");
  }
}

interface Pair {
  readonly real: Conversation;
  readonly realId: number;
  readonly virtual: ModelClient;
}

function encoded(argv: readonly string[]): string {
  return `*${argv.length}\r\n${argv.map((text) => `$${text.length}\r\n${text}\r\n`).join("")}`;
}

describe.each([
  ["redis-8.6", "redis"],
  ["valkey-9.1", "valkey"],
] as const)("%s", (version, kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ version });
    // A replica can be made to refuse all that the model refuses, and to be like any primary.
    const conversation = new Conversation(server);
    await conversation.run(["REPLICAOF", "127.0.0.1", "1"]);
    await conversation.end();
  });
  afterAll(() => server.stop());

  test.each([2, 3] as const)(
    "the model answers as the server does, RESP%i",
    async (resp) => {
      await fc.assert(
        fc.asyncProperty(program, (steps) => compare({ server, kind, resp }, steps)),
        { numRuns: 100 },
      );
    },
    60_000,
  );
});

/** Both sides of the comparison. */
interface Sides {
  readonly server: TestServer;
  readonly kind: ModelKind;
  readonly resp: 2 | 3;
}

/** Runs the same program on both, one command after the other. */
async function compare({ server, kind, resp }: Sides, steps: readonly Step[]): Promise<void> {
  const model = new ModelServer(() => 0, kind);
  const pairs: Pair[] = [];
  const watcher = new Conversation(server);
  try {
    await watcher.run(["CONFIG", "SET", ...SETTINGS.ok]);
    for (let count = 0; count < CLIENTS; count += 1) {
      const real = new Conversation(server);
      pairs.push({ real, realId: await real.begin(resp), virtual: model.connect() });
    }
    for (const { virtual } of pairs) virtual.resp = resp;
    for (const { client, argv, state: next } of steps) {
      if (next !== undefined) {
        await watcher.run(["CONFIG", "SET", ...SETTINGS[next]]);
        model.state = next;
      }
      const pair = pairs[client];
      // What the server does first, when several are unblocked at once, is nobody's business.
      if (pair === undefined || pair.virtual.blocked !== undefined) continue;
      pair.real.send(named(argv, (index) => pairs[index]?.realId));
      pair.virtual.input += encoded(named(argv, (index) => pairs[index]?.virtual.id));
      model.step(pair.virtual);
      if (pair.virtual.blocked !== undefined) await watcher.seeBlocked(pair.realId);
      for (const { real, virtual } of pairs) {
        expect(await real.answer(virtual.output.length)).toBe(virtual.output);
      }
    }
  } finally {
    await Promise.all([watcher, ...pairs.map(({ real }) => real)].map((real) => real.end()));
  }
}

/** Puts the client's id in place of `{0}`, `{1}` …, which is not the same on both. */
function named(
  argv: readonly string[],
  idOf: (index: number) => number | undefined,
): readonly string[] {
  return argv.map((text) => text.replace(/^\{(\d)\}$/, (_, index) => String(idOf(Number(index)))));
}
