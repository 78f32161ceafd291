/**
 * What the budget is about: a few pieces of work on the way of every command.
 */

import { hash } from "../../src/command/decoders.ts";
import type { Redis } from "../../src/index.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import { Encoder } from "../../src/protocol/encode.ts";
import { type RespValue, TEXT } from "../../src/protocol/resp.ts";

/** Commands, or fields, of one execution of {@link workOn}. */
export const COUNT = 100;
/** The most commands of one batch. */
const MOST = 1000;

const numbered = (prefix: string, index: number): string =>
  `${prefix}:${String(index).padStart(15 - prefix.length, "0")}`;
const KEYS = Array.from({ length: MOST }, (_, index) => numbered("key", index));
const VALUES = KEYS.map((_, index) => numbered("value", index));

/** One piece of work. */
export type Work = () => unknown;

/** The pieces of work on a client, by what they are called in the budget. */
export function workOn(redis: Redis): Readonly<Record<string, Work>> {
  return {
    "queueing SET and GET": () => queued(redis, COUNT),
    "encoding SET and GET": encoding(),
    "decoding their replies": decoding(PIPELINE_REPLIES, () => undefined),
    "decoding HGETALL, by field": decoding([HASH_REPLY], hash<string>(TEXT)),
    "pipeline of SET and GET": () => queued(redis, COUNT).execute(),
    "transaction of SET and GET": () => queued(redis, COUNT, { transaction: true }).execute(),
    "GETs of one turn": () => getsOf(redis, COUNT),
  };
}

/** A pipeline that holds SETs and GETs in turn. */
export function queued(redis: Redis, count: number, options: { transaction?: boolean } = {}) {
  const pipe = redis.pipeline(options);
  for (let index = 0; index < count; index += 2) {
    const key = KEYS[index] ?? "";
    pipe.set(key, VALUES[index] ?? "");
    pipe.get(key);
  }
  return pipe;
}

/** Commands that go out together. */
export function getsOf(redis: Redis, count: number): Promise<unknown> {
  return Promise.all(KEYS.slice(0, count).map((key) => redis.get(key)));
}

function encoding(): Work {
  const encoder = new Encoder();
  const commands = KEYS.slice(0, COUNT).map((key, index) =>
    index % 2 === 0 ? ["SET", key, VALUES[index] ?? ""] : ["GET", key],
  );
  return () => {
    for (const argv of commands) encoder.command(argv);
    encoder.take();
    encoder.recycle();
  };
}

/** Reads replies that come in one piece; `use` sees each. */
function decoding(replies: readonly string[], use: (reply: RespValue) => unknown): Work {
  let count = 0;
  const decoder = new Decoder({
    pushForm: TEXT,
    form: () => TEXT,
    reply: (value) => {
      count += 1;
      use(value);
    },
    push: () => undefined,
  });
  const chunk = Buffer.from(replies.join(""));
  return () => {
    count = 0;
    decoder.write(chunk);
    if (count === 0) throw new Error("No reply was complete");
  };
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const PIPELINE_REPLIES = VALUES.slice(0, COUNT).map((value, at) =>
  at % 2 === 0 ? "+OK\r\n" : bulk(value),
);
const HASH_REPLY = `%${COUNT}\r\n${KEYS.slice(0, COUNT)
  .map((key) => bulk(key) + bulk(key))
  .join("")}`;
