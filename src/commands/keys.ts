import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import {
  array,
  bulkOrNull,
  bulkSet,
  bulks,
  flag,
  integer,
  integerOrNull,
  ok,
  text,
  textOrNull,
} from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { type Cursor, pushScanOptions, type ScanOptions, scanPage } from "../command/scan.ts";
import { BLOCKING } from "../command/traits.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** What a key can hold; `"none"` is a missing key. Modules add types of their own. */
export type KeyType =
  | "none"
  | "string"
  | "list"
  | "set"
  | "zset"
  | "hash"
  | "stream"
  | "vectorset"
  | (string & Record<never, never>);

/** What {@link KeyCommands.waitaof} waits for. */
export interface WaitaofRequirement {
  /** The server itself must have the writes on disk. */
  readonly local?: boolean | undefined;
  /** This many replicas must have the writes on disk, none unless given. */
  readonly replicas?: number | undefined;
}

/** Who has the writes that {@link KeyCommands.waitaof} waited for in its append-only file. */
export interface AppendOnlyCopies {
  /** 1 if the server itself has them on disk, else 0. */
  readonly local: number;
  /** How many replicas have them on disk. */
  readonly replicas: number;
}

/** Options of {@link KeyCommands.copy}. */
export interface CopyOptions {
  /** Number of the database that gets the copy (`DB`), the current one unless given. */
  readonly db?: number | undefined;
  /** Overwrite a destination that exists (`REPLACE`). */
  readonly replace?: boolean | undefined;
}

/** Options of {@link KeyCommands.scan}. */
export interface ScanKeysOptions extends ScanOptions {
  /** Give only keys that hold this type (`TYPE`). @since 6.0.0 */
  readonly type?: KeyType | undefined;
}

/** One page of {@link KeyCommands.scan}. */
export interface ScanPage<B extends Bulk> {
  /** Where the next page starts; `"0"` after the last one. */
  readonly cursor: string;
  /** The keys of this page. A key may come more than once in a whole scan. */
  readonly keys: B[];
}

/** Commands on keys, whatever they hold. */
export abstract class KeyCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Copy what a key holds, and its time to live, to another key.
   *
   * @returns `true`, or `false` if the source does not exist, or the destination does and `replace`
   *   is not set
   * @throws {ServerError} if source and destination are the same
   * @example
   * ```ts
   * await redis.set("dolly", "sheep");
   * const wasCopied = await redis.copy("dolly", "clone"); // true
   * ```
   * @see https://redis.io/commands/copy
   * @since 6.2.0
   */
  copy(source: Key, destination: Key, options?: CopyOptions): Reply<M, boolean> {
    const argv: Argument[] = ["COPY", source, destination];
    if (options?.db !== undefined) argv.push("DB", options.db);
    if (options?.replace === true) argv.push("REPLACE");
    return this.send(argv, flag);
  }

  /**
   * Delete keys; the server frees their memory before it answers.
   *
   * @returns how many of them existed
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.mset({ a: 1, b: 2 });
   * const deleted = await redis.del(["a", "b", "missing"]); // 2
   * ```
   * @see https://redis.io/commands/del
   * @since 1.0.0
   */
  del(keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["DEL"];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Delete keys at once; the server frees their memory in the background.
   *
   * @returns how many of them existed
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.set("large", "x".repeat(1_000_000));
   * const deleted = await redis.unlink("large"); // 1
   * ```
   * @see https://redis.io/commands/unlink
   * @since 4.0.0
   */
  unlink(keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["UNLINK"];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Count how many of some keys exist; a key that is named twice counts twice.
   *
   * @returns the number of keys that exist
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.set("a", 1);
   * const existing = await redis.exists(["a", "missing"]); // 1
   * ```
   * @see https://redis.io/commands/exists
   * @since 1.0.0
   */
  exists(keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["EXISTS"];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Mark keys as used just now, as reading them would.
   *
   * @returns how many of them exist
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.set("a", 1);
   * const touched = await redis.touch(["a", "missing"]); // 1
   * ```
   * @see https://redis.io/commands/touch
   * @since 3.2.1
   */
  touch(keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["TOUCH"];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Find every key that matches a glob-style pattern; on a large database it keeps the server from
   * other work: {@link KeyCommands.scan} does not.
   *
   * @param pattern such as `"user:*"`, `"h?llo"` or `"[a-c]*"`
   * @returns the keys; in bytes form `has()` of the set compares identity, as JavaScript does
   * @example
   * ```ts
   * await redis.mset({ "user:1": "ann", other: "x" });
   * const users = await redis.keys("user:*"); // Set { "user:1" }
   * ```
   * @see https://redis.io/commands/keys
   * @since 1.0.0
   */
  keys(pattern: Key): Reply<M, Set<B>> {
    return this.send(["KEYS", pattern], bulkSet<B>);
  }

  /**
   * Get one page of the keys of the database.
   *
   * A whole scan (until the cursor is `"0"` again) gives every key that exists throughout, some
   * perhaps more than once; a page may be empty before the end.
   *
   * @param cursor `"0"` for the first page, then the one of the page before
   * @returns the keys of this page and the cursor of the next one
   * @example
   * ```ts
   * await redis.set("user:1", "ann");
   * const { cursor, keys } = await redis.scan("0", { match: "user:*" }); // "0", ["user:1"]
   * ```
   * @see https://redis.io/commands/scan
   * @since 2.8.0
   */
  scan(cursor: Cursor, options?: ScanKeysOptions): Reply<M, ScanPage<B>> {
    const argv: Argument[] = ["SCAN", cursor];
    pushScanOptions(argv, options);
    if (options?.type !== undefined) argv.push("TYPE", options.type);
    return this.send(argv, keysPage<B>);
  }

  /**
   * Get some key of the database, by chance.
   *
   * @returns the key, or `null` if the database is empty
   * @example
   * ```ts
   * await redis.set("only", "one");
   * const key = await redis.randomkey(); // "only"
   * ```
   * @see https://redis.io/commands/randomkey
   * @since 1.0.0
   */
  randomkey(): Reply<M, B | null> {
    return this.send(["RANDOMKEY"], bulkOrNull<B>);
  }

  /**
   * Get the type of what a key holds.
   *
   * @returns `"string"`, `"list"`, `"set"`, `"zset"`, `"hash"`, `"stream"` or the name that a
   *   module gave its type; `"none"` if the key does not exist
   * @example
   * ```ts
   * await redis.set("greeting", "hello");
   * const type = await redis.type("greeting"); // "string"
   * ```
   * @see https://redis.io/commands/type
   * @since 1.0.0
   */
  type(key: Key): Reply<M, KeyType> {
    return this.send<KeyType>(["TYPE", key], text);
  }

  /**
   * Give a key another name; a key that has this name is overwritten.
   *
   * @returns `true`, always
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.set("draft", "text");
   * await redis.rename("draft", "final"); // true
   * ```
   * @see https://redis.io/commands/rename
   * @since 1.0.0
   */
  rename(key: Key, newKey: Key): Reply<M, true> {
    return this.send(["RENAME", key, newKey], ok);
  }

  /**
   * Give a key another name if no key has this name.
   *
   * @returns `true`, or `false` if a key has the new name
   * @throws {ServerError} if the key does not exist
   * @example
   * ```ts
   * await redis.mset({ draft: "text", final: "other text" });
   * const wasRenamed = await redis.renamenx("draft", "final"); // false
   * ```
   * @see https://redis.io/commands/renamenx
   * @since 1.0.0
   */
  renamenx(key: Key, newKey: Key): Reply<M, boolean> {
    return this.send(["RENAMENX", key, newKey], flag);
  }

  /**
   * Move a key to another database of the same server.
   *
   * @param db the database's number
   * @returns `true`, or `false` if the key does not exist here or exists there
   * @throws {ServerError} if `db` is the current database or there is none of this number
   * @example
   * ```ts
   * await redis.set("old", "news");
   * const wasMoved = await redis.move("old", 5); // true
   * ```
   * @see https://redis.io/commands/move
   * @since 1.0.0
   */
  move(key: Key, db: number): Reply<M, boolean> {
    return this.send(["MOVE", key, db], flag);
  }

  /**
   * Get how the server stores what a key holds, such as `"int"`, `"embstr"` or `"listpack"`.
   *
   * @returns the encoding's name, which depends on the server's version; `null` if the key does not
   *   exist
   * @example
   * ```ts
   * await redis.set("number", 42);
   * const encoding = await redis.objectEncoding("number"); // "int"
   * ```
   * @see https://redis.io/commands/object-encoding
   * @since 2.2.3
   */
  objectEncoding(key: Key): Reply<M, string | null> {
    return this.send(["OBJECT", "ENCODING", key], textOrNull);
  }

  /**
   * Get how often a key is used, on a scale that is logarithmic and decays.
   *
   * @returns a number from 0 to 255, or `null` if the key does not exist
   * @throws {ServerError} if `maxmemory-policy` is none of the LFU policies
   * @example
   * ```ts
   * const frequency = await redis.objectFreq("missing"); // null
   * ```
   * @see https://redis.io/commands/object-freq
   * @since 4.0.0
   */
  objectFreq(key: Key): Reply<M, number | null> {
    return this.send(["OBJECT", "FREQ", key], integerOrNull);
  }

  /**
   * Get how long a key was not used.
   *
   * @returns seconds, or `null` if the key does not exist
   * @throws {ServerError} if `maxmemory-policy` is one of the LFU policies
   * @example
   * ```ts
   * await redis.set("fresh", "fish");
   * const seconds = await redis.objectIdletime("fresh"); // 0
   * ```
   * @see https://redis.io/commands/object-idletime
   * @since 2.2.3
   */
  objectIdletime(key: Key): Reply<M, number | null> {
    return this.send(["OBJECT", "IDLETIME", key], integerOrNull);
  }

  /**
   * Get how many references the server holds to what a key holds.
   *
   * @returns the number of references, or `null` if the key does not exist; small integers are
   *   shared by all keys and have a very large one
   * @example
   * ```ts
   * await redis.set("text", "abc");
   * const references = await redis.objectRefcount("text"); // 1
   * ```
   * @see https://redis.io/commands/object-refcount
   * @since 2.2.3
   */
  objectRefcount(key: Key): Reply<M, number | null> {
    return this.send(["OBJECT", "REFCOUNT", key], integerOrNull);
  }

  /**
   * Wait until replicas have the writes that the same connection sent before.
   *
   * Put it behind the writes of a pipeline, or of a session: only there it is the same connection.
   * Called on a client it has a connection of its own, which wrote nothing, and answers for that.
   * In a transaction it does not wait.
   *
   * @param replicas how many replicas must have the writes
   * @param timeout milliseconds to wait at most; 0 waits for ever
   * @returns how many replicas have them, which can be fewer or more than `replicas`
   * @example
   * ```ts
   * const [, copies] = await redis.pipeline((pipe) => [
   *   pipe.set("order", "paid"),
   *   pipe.wait(1, 50),
   * ]); // true, 0: this server has no replicas
   * ```
   * @see https://redis.io/commands/wait
   * @since 3.0.0
   */
  wait(replicas: number, timeout: number): Reply<M, number> {
    return this.send(["WAIT", replicas, timeout], integer, BLOCKING);
  }

  /**
   * Wait until the writes that the same connection sent before are in append-only files on disk.
   *
   * Put it behind the writes of a pipeline, or of a session: only there it is the same connection.
   * Called on a client it has a connection of its own, which wrote nothing, and answers for that.
   * In a transaction it does not wait.
   *
   * @param required whether the server itself must have them, and how many replicas
   * @param timeout milliseconds to wait at most; 0 waits for ever
   * @returns who has the writes, perhaps fewer than required when the time is over
   * @throws {ServerError} if `local` is required and the server keeps no append-only file, or if
   *   the server is a replica
   * @example
   * ```ts
   * const [, copies] = await redis.pipeline((pipe) => [
   *   pipe.set("order", "paid"),
   *   pipe.waitaof({ replicas: 1 }, 50),
   * ]); // true, { local: 0, replicas: 0 }: this server keeps no file and has no replicas
   * ```
   * @see https://redis.io/commands/waitaof
   * @since 7.2.0
   */
  waitaof(required: WaitaofRequirement, timeout: number): Reply<M, AppendOnlyCopies> {
    const local = required.local === true ? 1 : 0;
    const argv: Argument[] = ["WAITAOF", local, required.replicas ?? 0, timeout];
    return this.send(argv, appendOnlyCopies, BLOCKING);
  }
}

function appendOnlyCopies(reply: RespValue): AppendOnlyCopies {
  const [local = null, replicas = null] = array(reply);
  return { local: integer(local), replicas: integer(replicas) };
}

function keysPage<B extends Bulk>(reply: RespValue): ScanPage<B> {
  const [cursor, keys] = scanPage(reply);
  return { cursor, keys: bulks<B>(keys) };
}
