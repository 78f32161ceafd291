/**
 * The calls that scenarios are made of, and what each must answer: the same values for all clients.
 */

/** A reply in the form that all clients' replies are brought to before they are compared. */
export type Expected = string | number | Buffer | readonly (string | number)[];

export type CallName =
  | "SET"
  | "GET"
  | "GETBYTES"
  | "INCR"
  | "HSET"
  | "LPUSH"
  | "RPUSH"
  | "ZADD"
  | "HGETALL"
  | "LRANGE"
  | "MGET"
  | "ZRANGE"
  | "DEL";

/**
 * One command, not encoded yet. All calls have the same properties in the same order, so that
 * reading them costs each client as little as it can; what a command does not use is empty.
 * GETBYTES is GET of a value that is to be a `Buffer`; LRANGE and ZRANGE are of the whole key,
 * ZRANGE with scores.
 */
export interface Call {
  readonly name: CallName;
  readonly key: string;
  readonly value: string | Buffer;
  /** Of HSET; of ZADD the member. */
  readonly field: string;
  readonly score: number;
  /** Of MGET and DEL instead of `key`; of RPUSH the elements. */
  readonly keys: readonly string[];
  readonly expected: Expected;
}

/** What differs from an empty call. */
type Parts = Partial<Pick<Call, "key" | "value" | "field" | "score" | "keys">>;

export function makeCall(name: CallName, expected: Expected, parts: Parts): Call {
  const { key = "", value = "", field = "", score = 0, keys = [] } = parts;
  return { name, key, value, field, score, keys, expected };
}

/** The arguments as they go over the wire. */
export function argvOf(call: Call): (string | Buffer)[] {
  const { name, key, value, field, score, keys } = call;
  switch (name) {
    case "GETBYTES":
      return ["GET", key];
    case "SET":
    case "LPUSH":
      return [name, key, value];
    case "RPUSH":
      return [name, key, ...keys];
    case "HSET":
      return [name, key, field, value];
    case "ZADD":
      return [name, key, String(score), field];
    case "LRANGE":
      return [name, key, "0", "-1"];
    case "ZRANGE":
      return [name, key, "0", "-1", "WITHSCORES"];
    case "MGET":
    case "DEL":
      return [name, ...keys];
    default:
      return [name, key];
  }
}
