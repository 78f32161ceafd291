import { type OneOrMany, pushAll } from "../command/arguments.ts";
import type { Key, Value } from "../command/command.ts";
import { flag, integer, ok } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** Commands on HyperLogLogs: how many different elements were seen, in 12 KiB, to about 0.81 %. */
export abstract class HyperLogLogCommands<M extends Mode> extends Executor<M> {
  /**
   * Add elements to a HyperLogLog; a missing key is created, even without elements.
   *
   * @returns `true` if the estimate may have changed or the key was created
   * @throws {WrongTypeError} if the key holds something other than a HyperLogLog
   * @throws {ArgumentError} if `elements` is given and empty
   * @example
   * ```ts
   * const isNew = await redis.pfadd("visitors", ["ann", "bob"]); // true
   * ```
   * @see https://redis.io/commands/pfadd
   * @since 2.8.9
   */
  pfadd(key: Key, elements?: OneOrMany<Value>): Reply<M, boolean> {
    const argv: Argument[] = ["PFADD", key];
    if (elements !== undefined) pushAll(argv, elements, "elements");
    return this.send(argv, flag);
  }

  /**
   * Estimate how many different elements were added to a HyperLogLog, or to the union of several.
   *
   * @returns the estimate; missing keys count as empty
   * @throws {WrongTypeError} if a key holds something other than a HyperLogLog
   * @throws {ArgumentError} if `keys` is empty
   * @example
   * ```ts
   * await redis.pfadd("monday", ["ann", "bob"]);
   * await redis.pfadd("tuesday", ["bob", "eve"]);
   * const people = await redis.pfcount(["monday", "tuesday"]); // 3
   * ```
   * @see https://redis.io/commands/pfcount
   * @since 2.8.9
   */
  pfcount(keys: OneOrMany<Key>): Reply<M, number> {
    const argv: Argument[] = ["PFCOUNT"];
    pushAll(argv, keys, "keys");
    return this.send(argv, integer);
  }

  /**
   * Merge HyperLogLogs into one, which keeps what it had; a missing destination is created.
   *
   * @returns `true`, always
   * @throws {WrongTypeError} if a key holds something other than a HyperLogLog
   * @throws {ArgumentError} if `sources` is given and empty
   * @example
   * ```ts
   * await redis.pfadd("monday", ["ann", "bob"]);
   * await redis.pfmerge("week", ["monday", "tuesday"]); // true
   * ```
   * @see https://redis.io/commands/pfmerge
   * @since 2.8.9
   */
  pfmerge(destination: Key, sources?: OneOrMany<Key>): Reply<M, true> {
    const argv: Argument[] = ["PFMERGE", destination];
    if (sources !== undefined) pushAll(argv, sources, "sources");
    return this.send(argv, ok);
  }
}
