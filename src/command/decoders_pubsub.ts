import { BYTES, type ReplyForm, type RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import { bulk, eachPair, integer, record, trust } from "./decoders.ts";

/** A channel and how many subscribers it has, in bytes form. */
export interface ChannelSubscribers {
  readonly channel: Buffer;
  readonly subscribers: number;
}

/**
 * How many subscribers channels have: a record without prototype in text form. In bytes form a
 * list, because a channel's name can be any bytes and an object's key cannot.
 */
export type Subscribers<B extends Bulk> = B extends string
  ? Record<string, number>
  : ChannelSubscribers[];

/** The decoder of `Subscribers` for a surface's form. */
export function subscribers<B extends Bulk>(form: ReplyForm): Decoder<Subscribers<B>> {
  return trust(form & BYTES ? subscriberList : subscriberRecord);
}

const subscriberRecord: Decoder<Record<string, number>> = record(integer);

function subscriberList(reply: RespValue): ChannelSubscribers[] {
  const result: ChannelSubscribers[] = [];
  eachPair(reply, (channel, count) => {
    result.push({ channel: bulk<Buffer>(channel), subscribers: integer(count) });
  });
  return result;
}
