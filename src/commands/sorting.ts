import { type Limit, type OneOrMany, pushAll, pushLimit } from "../command/arguments.ts";
import type { Bulk, Key } from "../command/command.ts";
import { bulks, bulksOrNulls, integer } from "../command/decoders.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument } from "../protocol/resp.ts";

/** How {@link SortCommands.sort} orders elements, and how many it gives. */
export interface SortRules {
  /**
   * Order by the values of other keys (`BY`): a pattern whose `*` stands for the element, such as
   * `"weight:*"`, or `"weight:*->field"` for a field of a hash. One without `*` leaves the order as
   * it is.
   */
  readonly by?: Key | undefined;
  /** Give only a part of the elements (`LIMIT`). */
  readonly limit?: Limit | undefined;
  /** From the smallest on (`"ASC"`, unless given) or from the largest on (`"DESC"`). */
  readonly order?: "ASC" | "DESC" | undefined;
  /** Order as text, not as numbers (`ALPHA`). */
  readonly alpha?: boolean | undefined;
}

/** Options of a {@link SortCommands.sort} that gives the elements. */
export interface SortOptions extends SortRules {
  readonly get?: undefined;
  readonly store?: undefined;
}

/** Options of a {@link SortCommands.sort} that gives values of other keys. */
export interface SortGetOptions extends SortRules {
  /**
   * Give the values of these keys for each element (`GET`): patterns whose `*` stands for the
   * element, such as `"name:*"` or `"user:*->name"`; `"#"` is the element itself.
   */
  readonly get: OneOrMany<Key>;
  readonly store?: undefined;
}

/** Options of a {@link SortCommands.sort} that stores what it would give. */
export interface SortStoreOptions extends SortRules {
  /** Store the values of these keys for each element, as {@link SortGetOptions.get} gives them. */
  readonly get?: OneOrMany<Key> | undefined;
  /** The key that gets the result, as a list (`STORE`). */
  readonly store: Key;
}

/** Commands that sort what a list, set or sorted set holds. */
export abstract class SortCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Sort the elements of a list, set or sorted set, as numbers unless `alpha` is set.
   *
   * @returns the elements in order; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds anything else
   * @throws {ServerError} if an element is no number and `alpha` is not set
   * @example
   * ```ts
   * await redis.sadd("ages", [30, 4, 17]);
   * const ages = await redis.sort("ages", { order: "DESC" }); // ["30", "17", "4"]
   * ```
   * @see https://redis.io/commands/sort
   * @since 1.0.0
   */
  sort(key: Key, options?: SortOptions): Reply<M, B[]>;
  /**
   * Sort elements and get the values of other keys for each of them.
   *
   * @returns for each element, in order, one value for each pattern of `get`; `null` for none
   * @throws {WrongTypeError} if the key holds no list, set or sorted set
   * @throws {ServerError} if an element is no number and `alpha` is not set
   * @throws {ArgumentError} if `get` is empty
   * @example
   * ```ts
   * await redis.sadd("ids", [2, 1]);
   * await redis.set("name:1", "ann");
   * const names = await redis.sort("ids", { get: ["#", "name:*"] }); // ["1", "ann", "2", null]
   * ```
   * @see https://redis.io/commands/sort
   * @since 2.2.0
   */
  sort(key: Key, options: SortGetOptions): Reply<M, (B | null)[]>;
  /**
   * Sort elements and store the result as a list.
   *
   * @returns the length of the list; with 0 the key of `store` is deleted
   * @throws {WrongTypeError} if the key holds no list, set or sorted set
   * @throws {ServerError} if an element is no number and `alpha` is not set
   * @throws {ArgumentError} if `get` is given and empty
   * @example
   * ```ts
   * await redis.sadd("ages", [30, 4, 17]);
   * const length = await redis.sort("ages", { store: "sorted" }); // 3
   * ```
   * @see https://redis.io/commands/sort
   * @since 1.0.0
   */
  sort(key: Key, options: SortStoreOptions): Reply<M, number>;
  sort(
    key: Key,
    options?: SortOptions | SortGetOptions | SortStoreOptions,
  ): Reply<M, B[] | (B | null)[] | number> {
    const argv = sortArguments("SORT", key, options);
    if (options?.store !== undefined) {
      argv.push("STORE", options.store);
      return this.send<B[] | (B | null)[] | number>(argv, integer);
    }
    if (options?.get === undefined) return this.send<B[] | (B | null)[] | number>(argv, bulks<B>);
    return this.send<B[] | (B | null)[] | number>(argv, bulksOrNulls<B>);
  }

  /**
   * Sort the elements of a list, set or sorted set; replicas may answer.
   *
   * @returns the elements in order; empty if the key does not exist
   * @throws {WrongTypeError} if the key holds anything else
   * @throws {ServerError} if an element is no number and `alpha` is not set
   * @example
   * ```ts
   * await redis.sadd("names", ["eve", "ann"]);
   * const names = await redis.sort_ro("names", { alpha: true }); // ["ann", "eve"]
   * ```
   * @see https://redis.io/commands/sort_ro
   * @since 7.0.0
   */
  sort_ro(key: Key, options?: SortOptions): Reply<M, B[]>;
  /**
   * Sort elements and get the values of other keys for each of them; replicas may answer.
   *
   * @returns for each element, in order, one value for each pattern of `get`; `null` for none
   * @throws {WrongTypeError} if the key holds no list, set or sorted set
   * @throws {ServerError} if an element is no number and `alpha` is not set
   * @throws {ArgumentError} if `get` is empty
   * @example
   * ```ts
   * await redis.sadd("ids", [2, 1]);
   * await redis.set("name:1", "ann");
   * const names = await redis.sort_ro("ids", { get: "name:*" }); // ["ann", null]
   * ```
   * @see https://redis.io/commands/sort_ro
   * @since 7.0.0
   */
  sort_ro(key: Key, options: SortGetOptions): Reply<M, (B | null)[]>;
  sort_ro(key: Key, options?: SortOptions | SortGetOptions): Reply<M, B[] | (B | null)[]> {
    const argv = sortArguments("SORT_RO", key, options);
    if (options?.get === undefined) return this.send<B[] | (B | null)[]>(argv, bulks<B>);
    return this.send<B[] | (B | null)[]>(argv, bulksOrNulls<B>);
  }
}

function sortArguments(
  name: string,
  key: Key,
  options: SortOptions | SortGetOptions | SortStoreOptions | undefined,
): Argument[] {
  const argv: Argument[] = [name, key];
  if (options === undefined) return argv;
  if (options.by !== undefined) argv.push("BY", options.by);
  pushLimit(argv, options.limit);
  if (options.get !== undefined) pushPatterns(argv, name, options.get);
  if (options.order !== undefined) argv.push(options.order);
  if (options.alpha === true) argv.push("ALPHA");
  return argv;
}

function pushPatterns(argv: Argument[], name: string, patterns: OneOrMany<Key>): void {
  const named: Argument[] = [name];
  pushAll(named, patterns, "patterns of get");
  for (const pattern of named.slice(1)) argv.push("GET", pattern);
}
