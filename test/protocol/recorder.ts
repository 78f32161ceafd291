/** What the tests of the decoder share: a sink that keeps everything, and ways to cut bytes. */
import { Decoder, type DecoderLimits, type ReplySink } from "../../src/protocol/decode.ts";
import { type ReplyForm, type RespValue, TEXT } from "../../src/protocol/resp.ts";

/** A push as the recorder keeps it. */
export interface RecordedPush {
  readonly push: readonly RespValue[];
}

export class Recorder implements ReplySink {
  readonly pushForm: ReplyForm;
  readonly seen: (RespValue | RecordedPush)[] = [];
  readonly #form: ReplyForm;

  constructor(form: ReplyForm = TEXT, pushForm: ReplyForm = TEXT) {
    this.#form = form;
    this.pushForm = pushForm;
  }

  form(): ReplyForm {
    return this.#form;
  }

  reply(value: RespValue): void {
    this.seen.push(value);
  }

  push(message: readonly RespValue[]): void {
    this.seen.push({ push: message });
  }
}

/** How a test reads: by default in TEXT form and with the default limits. */
export interface Reading {
  readonly form?: ReplyForm;
  readonly limits?: Partial<DecoderLimits>;
}

/**
 * Everything that the chunks hold. Each chunk is overwritten after it was read, as a socket's
 * reused buffer is.
 */
export function decodeChunks(
  chunks: Iterable<Buffer>,
  { form = TEXT, limits = {} }: Reading = {},
): (RespValue | RecordedPush)[] {
  const recorder = new Recorder(form, form);
  const decoder = new Decoder(recorder, limits);
  for (const chunk of chunks) {
    const own = Buffer.from(chunk);
    decoder.write(own);
    own.fill(0x58);
  }
  if (!decoder.isIdle) throw new Error("the decoder waits for more");
  return recorder.seen;
}

/** Everything that `bytes` hold; a string stands for its Latin-1 bytes. */
export function decode(
  bytes: string | Buffer,
  reading: Reading = {},
): (RespValue | RecordedPush)[] {
  return decodeChunks([toBytes(bytes)], reading);
}

export function toBytes(bytes: string | Buffer): Buffer {
  return typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
}

/** Cuts bytes into chunks of the given sizes, repeated as often as needed. */
export function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
