import type { RespValue } from "../protocol/resp.ts";
import type { Bulk, Decoder } from "./command.ts";
import {
  array,
  bulk,
  bulks,
  double,
  doubleOrNull,
  integer,
  list,
  type Scored,
  scoredMembers,
  unexpected,
} from "./decoders.ts";
import { scanPage } from "./scan.ts";

/** One score or `null` for each member that was asked for. */
export const doublesOrNulls: Decoder<(number | null)[]> = list(doubleOrNull);

/** A member with its score, or `null`: the server says that nothing is there by an empty array. */
export function scoredMemberOrNull<B extends Bulk>(reply: RespValue): Scored<B> | null {
  const [member, score] = array(reply);
  if (member === undefined || score === undefined) return null;
  return { member: bulk<B>(member), score: double(score) };
}

/** Members that were taken out of one of several sorted sets. */
export interface PoppedMembers<B extends Bulk> {
  /** The sorted set they were taken from. */
  readonly key: B;
  readonly members: Scored<B>[];
}

export function poppedMembersOrNull<B extends Bulk>(reply: RespValue): PoppedMembers<B> | null {
  if (reply === null) return null;
  const [key, members] = array(reply);
  if (key === undefined || members === undefined) throw unexpected("a key and members", reply);
  return { key: bulk<B>(key), members: scoredMembers<B>(members) };
}

/** A member that was taken out of one of several sorted sets. */
export interface PoppedMember<B extends Bulk> extends Scored<B> {
  /** The sorted set it was taken from. */
  readonly key: B;
}

export function poppedMemberOrNull<B extends Bulk>(reply: RespValue): PoppedMember<B> | null {
  if (reply === null) return null;
  const [key, member, score] = array(reply);
  if (key === undefined || member === undefined || score === undefined) {
    throw unexpected("a key, a member and its score", reply);
  }
  return { key: bulk<B>(key), member: bulk<B>(member), score: double(score) };
}

/** One page of a scan through a sorted set. */
export interface ZscanPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The members of this page. A member may come more than once in a whole scan. */
  readonly members: Scored<B>[];
}

/** One page of a scan through a sorted set, without scores. */
export interface ZscanMembersPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The members of this page. A member may come more than once in a whole scan. */
  readonly members: B[];
}

export function membersPage<B extends Bulk>(reply: RespValue): ZscanMembersPage<B> {
  const [cursor, members] = scanPage(reply);
  return { cursor, members: bulks<B>(members) };
}

/** The position of a member of a sorted set, and its score. */
export interface Ranked {
  /** The position, from 0. */
  readonly rank: number;
  readonly score: number;
}

export function rankedOrNull(reply: RespValue): Ranked | null {
  if (reply === null) return null;
  const [rank = null, score = null] = array(reply);
  return { rank: integer(rank), score: double(score) };
}

export function scoredPage<B extends Bulk>(reply: RespValue): ZscanPage<B> {
  const [cursor, members] = scanPage(reply);
  return { cursor, members: scoredMembers<B>(members) };
}
