import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cut, toBytes } from "../protocol/recorder.ts";
import { parseCommands } from "../support/wire_log.ts";
import type { Fault, FuzzCall, Scenario } from "./scenario.ts";

/** An answer is cut into so many pieces at most: each costs a turn of the event loop. */
const MAX_PIECES = 200;

/** The tag of the call that a command is. */
function tagOf(argv: readonly string[]): number | undefined {
  const last = argv.at(-1) ?? "";
  return last.startsWith("tag:") ? Number(last.slice(4)) : undefined;
}

/**
 * A server that answers each tagged command as a scenario says, and the rest as a server does. It
 * knows which commands it has run, and behind which of its answers nothing can be relied upon.
 */
export class FuzzServer {
  readonly path: string;
  readonly calls: readonly FuzzCall[];
  readonly scenario: Scenario;
  /** The tags of the commands that were read. */
  readonly received = new Set<number>();
  /** The tags of the commands that were refused for now. */
  readonly refused = new Set<number>();
  /** The tags of the commands that were run; those of a transaction with its EXEC. */
  readonly executed = new Set<number>();
  /** The tags of the commands whose replies may be anything. */
  readonly doubtful = new Set<number>();
  accepted = 0;
  /** Connections that the client has ended on its own. */
  ended = 0;
  readonly #server: Server;
  readonly #conversations = new Set<Conversation>();
  #isFaultDue: boolean;

  private constructor(path: string, scenario: Scenario) {
    this.path = path;
    this.scenario = scenario;
    this.calls = scenario.groups.flatMap(({ calls }) => calls);
    this.#isFaultDue = scenario.fault !== undefined;
    this.#server = createServer((socket) => {
      const conversation = new Conversation(socket, this, this.accepted);
      this.accepted += 1;
      this.#conversations.add(conversation);
      socket.once("close", () => this.#conversations.delete(conversation));
    });
  }

  static async start(scenario: Scenario): Promise<FuzzServer> {
    const folder = await mkdtemp(join(tmpdir(), "fuzz-"));
    const server = new FuzzServer(join(folder, "sock"), scenario);
    await new Promise<void>((resolve) => server.#server.listen(server.path, resolve));
    return server;
  }

  get hasGoneWrong(): boolean {
    return this.scenario.fault !== undefined && !this.#isFaultDue;
  }

  /** Gives the fault to whoever asks first, at its place. */
  takeFault(where: Fault["where"], at?: number): Fault | undefined {
    const { fault } = this.scenario;
    if (!this.#isFaultDue || fault?.where !== where) return undefined;
    if (at !== undefined && fault.at !== at) return undefined;
    this.#isFaultDue = false;
    return fault;
  }

  /** Says the wrong thing on every connection, if this is the time for it. */
  speakUp(): void {
    const fault = this.takeFault("idle");
    if (fault === undefined) return;
    for (const conversation of this.#conversations) conversation.goWrong(fault);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const conversation of this.#conversations) conversation.destroy();
    await closed;
    await rm(join(this.path, ".."), { recursive: true });
  }
}

/** One connection of a client. */
class Conversation {
  readonly #socket: Socket;
  readonly #server: FuzzServer;
  readonly #id: number;
  #unread = "";
  /** The tags queued by MULTI. */
  #queued: number[] | undefined;
  #handshakes = 0;
  /** Something wrong was said. */
  #isDoubtful = false;
  #isSilent = false;
  readonly #pieces: Buffer[] = [];
  #isWriting = false;
  #isClosing = false;

  constructor(socket: Socket, server: FuzzServer, id: number) {
    this.#socket = socket;
    this.#server = server;
    this.#id = id;
    socket.on("error", () => {});
    socket.on("end", () => {
      if (!this.#isClosing) server.ended += 1;
    });
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    const fault = server.takeFault("greeting", id);
    if (fault !== undefined) this.goWrong(fault);
  }

  goWrong({ wire, after }: Fault): void {
    this.#isDoubtful = true;
    this.#say(wire);
    this.#isSilent = after === "be silent";
    if (after !== "close") return;
    this.#isClosing = true;
    this.#isSilent = true;
    if (!this.#isWriting) this.#socket.end();
  }

  destroy(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const { commands, rest } = parseCommands(this.#unread + chunk.toString("latin1"));
    this.#unread = rest;
    for (const argv of commands) this.#take(argv);
  }

  #take(argv: readonly string[]): void {
    const tag = tagOf(argv);
    if (tag !== undefined) return this.#run(tag, argv.at(-1) ?? "");
    switch (argv[0]) {
      case "MULTI":
        this.#queued = [];
        return this.#say("+OK\r\n");
      case "EXEC":
        return this.#execute(this.#queued ?? []);
      case "DISCARD":
        this.#queued = undefined;
        return this.#say("+OK\r\n");
      case "WATCH":
      case "UNWATCH":
        return this.#say("+OK\r\n");
      default:
        return this.#shakeHands(argv);
    }
  }

  #run(tag: number, text: string): void {
    this.#server.received.add(tag);
    const fault = this.#server.takeFault("reply", tag);
    if (this.#queued !== undefined) {
      this.#queued.push(tag);
      return this.#answer("+QUEUED\r\n", [tag], fault);
    }
    const { pushes = "", refusal, reply } = this.#server.calls[tag] ?? {};
    if (refusal !== undefined && !this.#server.refused.has(tag)) {
      this.#server.refused.add(tag);
      return this.#answer(`${pushes}-${refusal}\r\n`, [tag], fault);
    }
    this.#server.executed.add(tag);
    // A tag that the scenario does not know is one of a check: it comes back.
    this.#answer(pushes + (reply ?? `$${text.length}\r\n${text}\r\n`), [tag], fault);
  }

  #execute(tags: readonly number[]): void {
    this.#queued = undefined;
    for (const tag of tags) this.#server.executed.add(tag);
    const replies = tags.map((tag) => this.#server.calls[tag]?.reply ?? "_\r\n");
    const fault = this.#server.takeFault("exec");
    this.#answer(`*${tags.length}\r\n${replies.join("")}`, tags, fault);
  }

  #shakeHands(argv: readonly string[]): void {
    // The later connections are answered well, so that a run comes to its end.
    const fault = this.#id < 3 ? this.#server.takeFault("handshake", this.#handshakes) : undefined;
    this.#handshakes += 1;
    if (fault !== undefined) return this.goWrong(fault);
    this.#say(argv[0] === "HELLO" ? "%1\r\n+id\r\n:7\r\n" : "+OK\r\n");
  }

  #answer(wire: string, tags: readonly number[], fault: Fault | undefined): void {
    if (fault !== undefined) this.#isDoubtful = true;
    if (this.#isDoubtful) for (const tag of tags) this.#server.doubtful.add(tag);
    if (fault === undefined) this.#say(wire);
    else this.goWrong(fault);
  }

  #say(wire: string): void {
    if (this.#isSilent) return;
    const { chunkSizes } = this.#server.scenario;
    const bytes = toBytes(wire);
    const scale = Math.ceil(bytes.length / MAX_PIECES);
    const pieces = cut(
      bytes,
      chunkSizes.map((size) => size * scale),
    );
    this.#pieces.push(...(chunkSizes.length === 0 ? [bytes] : pieces));
    if (!this.#isWriting) this.#write();
  }

  /** One piece in a turn of the event loop, so that the client reads it alone. */
  #write(): void {
    const { chunkSizes } = this.#server.scenario;
    const piece =
      chunkSizes.length === 0 ? Buffer.concat(this.#pieces.splice(0)) : this.#pieces.shift();
    if (piece !== undefined) this.#socket.write(piece);
    this.#isWriting = this.#pieces.length > 0;
    if (this.#isWriting) setImmediate(() => this.#write());
    else if (this.#isClosing) this.#socket.end();
  }
}
