/** One conversation of a scripted server. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { inspect } from "node:util";
import { sleep } from "../base/clock.ts";
import { Decoder } from "../protocol/decode.ts";
import { type RespValue, TEXT } from "../protocol/resp.ts";
import { ScriptError } from "./errors.ts";
import {
  type CloseStep,
  describeStep,
  describeWords,
  type ExpectStep,
  isExpected,
  type ScriptStep,
} from "./script.ts";
import { destroy } from "./sockets.ts";

/** What a conversation asks of its server. */
export interface ConversationOwner {
  /** Notes a command. */
  saw(command: readonly string[]): void;
  /** What to say to a command that the script does not expect; `undefined`: it is a mistake. */
  answer(command: readonly string[]): string | Uint8Array | undefined;
  onDone(): void;
  onFailure(error: ScriptError): void;
}

/** Takes its script's steps one after the other, and answers what comes after them. */
export class ScriptedConnection {
  readonly #id: number;
  readonly #socket: Socket;
  readonly #script: readonly ScriptStep[];
  readonly #owner: ConversationOwner;
  /** Commands that came and were not looked at. */
  readonly #commands: (readonly string[])[] = [];
  readonly #ended = new AbortController();
  /** Lets go on who waits for a command. */
  #wake: () => void = () => {};
  /** The step it is at, from 0. */
  #at = 0;

  constructor(id: number, socket: Socket, script: readonly ScriptStep[], owner: ConversationOwner) {
    this.#id = id;
    this.#socket = socket;
    this.#script = script;
    this.#owner = owner;
    this.#listen();
    this.#run().catch((cause: unknown) => {
      this.#fail(`expected to ${describeStep(script[this.#at] ?? { wait: 0 })}`, "an error", cause);
      socket.destroy();
    });
  }

  /** Where it stands. */
  toString(): string {
    const step = this.#script[this.#at];
    const where = step === undefined ? "is done" : `waits: ${describeStep(step)}`;
    return `${this.#place()} ${where}`;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const decoder = new Decoder({
      pushForm: TEXT,
      form: () => TEXT,
      reply: (value) => this.#take(Array.isArray(value) ? value : [value]),
      push: (message) => this.#take(message),
    });
    this.#socket.on("data", (chunk: Buffer) => {
      try {
        decoder.write(chunk);
      } catch (cause) {
        this.#fail("expected commands in RESP", shownBytes(chunk), cause);
        this.#socket.removeAllListeners("data").resume();
      }
    });
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.#ended.abort();
      this.#wake();
    });
  }

  #take(message: readonly RespValue[]): void {
    const command = message.map((it) => (typeof it === "string" ? it : inspect(it)));
    this.#owner.saw(command);
    this.#commands.push(command);
    this.#wake();
  }

  async #run(): Promise<void> {
    for (const step of this.#script) {
      if (!(await this.#perform(step))) return;
      this.#at += 1;
    }
    this.#owner.onDone();
    while (await this.#answerNext()) {}
  }

  /** Performs a step; `false`: it went wrong. */
  async #perform(step: ScriptStep): Promise<boolean> {
    if ("expect" in step) return this.#expect(step);
    if ("send" in step) await this.#send(step.send);
    else if ("close" in step) await this.#close(step);
    else if (typeof step.wait === "number") await sleep(step.wait, this.#ended.signal);
    else await step.wait();
    return true;
  }

  async #expect(step: ExpectStep): Promise<boolean> {
    for (;;) {
      const next = await this.#nextCommand();
      if (next !== undefined && isExpected(step, next)) {
        this.#commands.shift();
        await this.#send(step.reply ?? "");
        return true;
      }
      if (!(await this.#answerNext(`expected ${describeWords(step.expect)}`))) return false;
    }
  }

  /** Answers a command that no step expects; `false`: there is none any more, or no answer. */
  async #answerNext(expected = ""): Promise<boolean> {
    const command = await this.#nextCommand();
    if (command === undefined) {
      if (expected !== "") this.#fail(expected, "the end of the connection");
      return false;
    }
    this.#commands.shift();
    const answer = this.#owner.answer(command);
    if (answer === undefined) {
      this.#fail(expected === "" ? "expected nothing more" : expected, describeWords(command));
      this.#socket.destroy();
      return false;
    }
    await this.#send(answer);
    return true;
  }

  /** The next command, which stays; `undefined` when the connection has ended. */
  async #nextCommand(): Promise<readonly string[] | undefined> {
    while (this.#commands.length === 0 && !this.#ended.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#commands[0];
  }

  /** What cannot be sent any more is no mistake of the client: its next step tells. */
  async #send(bytes: string | Uint8Array): Promise<void> {
    if (bytes.length === 0 || !this.#socket.writable) return;
    await new Promise<unknown>((resolve) => this.#socket.write(bytes, resolve));
  }

  async #close({ close }: CloseStep): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const closed = once(this.#socket, "close").catch(() => {});
    destroy(this.#socket, close === "reset");
    await closed;
  }

  #fail(expected: string, got: string, cause?: unknown): void {
    const message = `${this.#place()}: ${expected}, but got ${got}`;
    this.#owner.onFailure(new ScriptError(message, { cause }));
  }

  #place(): string {
    const steps = this.#script.length;
    const step = this.#at < steps ? `step ${this.#at + 1} of ${steps}` : `after ${steps} steps`;
    return `connection ${this.#id}, ${step}`;
  }
}

function shownBytes(chunk: Buffer): string {
  return JSON.stringify(chunk.toString("latin1", 0, 40));
}
