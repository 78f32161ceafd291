import { connect as connectSocket, type Socket } from "node:net";
import { argvOf, type Call } from "../call.ts";
import { type Connection, Counted, type Replies } from "../client.ts";
import { MinimalParser } from "./minimal_parser.ts";

const PIECE_BYTES = 64 * 1024;

/** What is written at once, encoded beforehand. */
interface Payload {
  readonly bytes: Buffer;
  /** Replies to wait for. */
  readonly replies: number;
  readonly areBytes: boolean;
  /** How long the replies are, once they have been read for the first time. */
  replyBytes: number;
}

/** A socket that parses the first replies to a payload and from then on only counts their bytes. */
export function openCounting(port: number): Promise<RawConnection> {
  return connect(port, true);
}

/** A socket that parses all replies. */
export function openParsing(port: number): Promise<RawConnection> {
  return connect(port, false);
}

function connect(port: number, isCounting: boolean): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: "127.0.0.1", port, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => resolve(new RawConnection(socket, isCounting)));
  });
}

/** No client: what the socket and the server allow. One payload at a time. */
export class RawConnection implements Connection {
  readonly #socket: Socket;
  readonly #isCounting: boolean;
  readonly #parser = new MinimalParser();
  readonly #payloads = new WeakMap<object, Payload>();
  #isParsing = false;
  #received = 0;
  #payload: Payload | undefined;
  #resolve: (replies: Replies) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(socket: Socket, isCounting: boolean) {
    this.#socket = socket;
    this.#isCounting = isCounting;
    socket.on("data", (chunk) => this.#onData(chunk));
    socket.on("error", (error) => this.#reject(error));
    socket.on("close", () => this.#reject(new Error("The server closed the connection")));
  }

  async pipeline(calls: readonly Call[], isTransaction: boolean): Promise<Replies> {
    const replies = await this.#exchange(calls, calls, isTransaction, this.#isCounting);
    if (!isTransaction) return replies;
    return replies instanceof Counted ? new Counted(calls.length) : (replies.at(-1) as unknown[]);
  }

  /** In pieces of what a socket takes, as it drains: faster than all at once. */
  async stream(calls: readonly Call[]): Promise<Counted> {
    await this.#exchange(calls, calls, false, this.#isCounting, PIECE_BYTES);
    return new Counted(calls.length);
  }

  concurrent(calls: readonly Call[]): Promise<Replies> {
    return this.#exchange(calls, calls, false, this.#isCounting);
  }

  async send(call: Call): Promise<unknown> {
    // What DEL answers is not always of the same length.
    const isCounting = this.#isCounting && call.name !== "DEL";
    const replies = await this.#exchange(call, [call], false, isCounting);
    return replies instanceof Counted ? replies : replies[0];
  }

  async increment(key: string): Promise<number> {
    await this.#now([["WATCH", key]]);
    const next = Number((await this.#now([["GET", key]]))[0]) + 1;
    const replies = await this.#now([["MULTI"], ["SET", key, String(next)], ["EXEC"]]);
    if (replies.at(-1) === null) throw new Error("EXEC was refused");
    return next;
  }

  async flush(): Promise<void> {
    await this.#now([["FLUSHALL"]]);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", resolve);
      this.#socket.destroy();
    });
  }

  #exchange(
    owner: object,
    calls: readonly Call[],
    isTransaction: boolean,
    isCounting: boolean,
    pieceBytes?: number,
  ): Promise<Replies> {
    let payload = this.#payloads.get(owner);
    if (payload === undefined) {
      payload = makePayload(calls, isTransaction);
      this.#payloads.set(owner, payload);
    }
    return this.#write(payload, isCounting, pieceBytes);
  }

  async #now(commands: readonly (readonly string[])[]): Promise<readonly unknown[]> {
    const payload = { bytes: encodeAll(commands), replies: commands.length };
    const replies = await this.#write({ ...payload, areBytes: false, replyBytes: 0 }, false);
    return replies instanceof Counted ? [] : replies;
  }

  #write(payload: Payload, isCounting: boolean, pieceBytes?: number): Promise<Replies> {
    return new Promise((resolve, reject) => {
      this.#isParsing = !isCounting || payload.replyBytes === 0;
      this.#received = 0;
      this.#payload = payload;
      this.#resolve = resolve;
      this.#reject = reject;
      this.#parser.areBytes = payload.areBytes;
      this.#writePieces(payload.bytes, pieceBytes ?? payload.bytes.length);
    });
  }

  #writePieces(bytes: Buffer, size: number): void {
    for (let at = 0; at < bytes.length; at += size) {
      if (this.#socket.write(bytes.subarray(at, at + size))) continue;
      const rest = bytes.subarray(at + size);
      if (rest.length > 0) this.#socket.once("drain", () => this.#writePieces(rest, size));
      return;
    }
  }

  #onData(chunk: Buffer): void {
    const payload = this.#payload;
    if (payload === undefined) throw new Error("A reply that nobody waits for");
    this.#received += chunk.length;
    if (this.#isParsing) {
      this.#parse(payload, chunk);
    } else if (this.#received >= payload.replyBytes) {
      const isExact = this.#received === payload.replyBytes;
      if (isExact) this.#resolve(new Counted(payload.replies));
      else this.#reject(new Error(`${this.#received} bytes came, not ${payload.replyBytes}`));
    }
  }

  #parse(payload: Payload, chunk: Buffer): void {
    try {
      this.#parser.push(chunk);
    } catch (error) {
      this.#reject(error);
    }
    if (this.#parser.count < payload.replies) return;
    payload.replyBytes = this.#received;
    this.#resolve(this.#parser.take());
  }
}

const MULTI = ["MULTI"];
const EXEC = ["EXEC"];

function makePayload(calls: readonly Call[], isTransaction: boolean): Payload {
  const commands = calls.map(argvOf);
  if (isTransaction) {
    commands.unshift(MULTI);
    commands.push(EXEC);
  }
  const areBytes = calls[0]?.name === "GETBYTES";
  return { bytes: encodeAll(commands), replies: commands.length, areBytes, replyBytes: 0 };
}

/** Encodes in pieces: a million small buffers would be what is measured as memory. */
function encodeAll(commands: readonly (readonly (string | Buffer)[])[]): Buffer {
  const pieces: Buffer[] = [];
  let text = "";
  for (const argv of commands) {
    text += `*${argv.length}\r\n`;
    for (const argument of argv) {
      if (typeof argument === "string") {
        text += `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`;
      } else {
        pieces.push(Buffer.from(`${text}$${argument.length}\r\n`), argument);
        text = "\r\n";
      }
    }
    if (text.length < 65_536) continue;
    pieces.push(Buffer.from(text));
    text = "";
  }
  pieces.push(Buffer.from(text));
  return Buffer.concat(pieces);
}

/** Empties the server and puts data into it. */
export async function seed(port: number, calls: readonly Call[]): Promise<void> {
  const connection = await openParsing(port);
  await connection.flush();
  if (calls.length > 0) await connection.pipeline(calls, false);
  await connection.close();
}
