import { ItemIterator } from "../base/item_iterator.ts";
import type { Bulk, Counter, Key } from "../command/command.ts";
import type { Field, Scored } from "../command/decoders.ts";
import type { Cursor, ScanOptions } from "../command/scan.ts";
import { Commands } from "../commands/index.ts";
import type { ScanKeysOptions } from "../commands/keys.ts";

/**
 * What clients that send at once have beyond the commands: scans as async iterators. Each step is
 * one command; nothing is held between steps.
 */
export abstract class ScanningCommands<B extends Bulk, N extends Counter = number> extends Commands<
  "promise",
  B,
  N
> {
  /**
   * Iterate over the keys of the database. A key may come more than once if keys are added or
   * deleted meanwhile; one that is there all the time comes for certain.
   *
   * @param options `match` a glob-style pattern, `type` a type, `count` how much to look at per
   *   step
   * @example
   * ```ts
   * await redis.mset({ "user:1": "Ada", "user:2": "Alan" });
   * for await (const key of redis.scanIterator({ match: "user:*" })) await redis.touch(key);
   * ```
   */
  scanIterator(options?: ScanKeysOptions): AsyncGenerator<B, void, undefined> {
    return scanItems(async (cursor) => {
      const page = await this.scan(cursor, options);
      return { cursor: page.cursor, items: page.keys };
    });
  }

  /**
   * Iterate over the fields of a hash, as `scanIterator` over keys.
   *
   * @example
   * ```ts
   * await redis.hset("user", { name: "Ada" });
   * for await (const { field, value } of redis.hscanIterator("user")) await redis.echo(value);
   * ```
   */
  hscanIterator(key: Key, options?: ScanOptions): AsyncGenerator<Field<B>, void, undefined> {
    return scanItems(async (cursor) => {
      const page = await this.hscan(key, cursor, options);
      return { cursor: page.cursor, items: page.fields };
    });
  }

  /**
   * Iterate over the members of a set, as `scanIterator` over keys.
   *
   * @example
   * ```ts
   * await redis.sadd("tags", ["new", "old"]);
   * for await (const tag of redis.sscanIterator("tags")) await redis.echo(tag);
   * ```
   */
  sscanIterator(key: Key, options?: ScanOptions): AsyncGenerator<B, void, undefined> {
    return scanItems(async (cursor) => {
      const page = await this.sscan(key, cursor, options);
      return { cursor: page.cursor, items: page.members };
    });
  }

  /**
   * Iterate over the members of a sorted set with their scores, as `scanIterator` over keys.
   *
   * @example
   * ```ts
   * await redis.zadd("board", { ada: 3, alan: 2 });
   * for await (const { member } of redis.zscanIterator("board")) await redis.echo(member);
   * ```
   */
  zscanIterator(key: Key, options?: ScanOptions): AsyncGenerator<Scored<B>, void, undefined> {
    return scanItems(async (cursor) => {
      const page = await this.zscan(key, cursor, options);
      return { cursor: page.cursor, items: page.members };
    });
  }
}

/** One step of a scan: where it goes on, and what it found. */
interface ScanStep<T> {
  readonly cursor: string;
  readonly items: Iterable<T>;
}

/**
 * All steps of a scan, one after the other, item by item. The next step is asked for when the items
 * of the last are used up; a loop that stops early leaves nothing behind.
 */
function scanItems<T>(
  step: (cursor: Cursor) => Promise<ScanStep<T>>,
): AsyncGenerator<T, void, undefined> {
  return new ItemIterator(scanSteps(step));
}

async function* scanSteps<T>(
  step: (cursor: Cursor) => Promise<ScanStep<T>>,
): AsyncGenerator<Iterable<T>, void, undefined> {
  let cursor: Cursor = "0";
  do {
    const found: ScanStep<T> = await step(cursor);
    yield found.items;
    cursor = found.cursor;
  } while (cursor !== "0");
}
