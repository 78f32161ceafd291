import type { LexBound } from "../command/arguments_sorted_sets.ts";
import {
  pushVector,
  pushVectorQuery,
  type Vector,
  type VectorQuery,
} from "../command/arguments_vectors.ts";
import { type Bulk, Command, type Key, type Value } from "../command/command.ts";
import { bulkOrNull, bulks, double, flag, integer, list, nullable } from "../command/decoders.ts";
import {
  attributedMatches,
  links,
  type RawVector,
  rawVectorOrNull,
  scoredLinks,
  type VectorMatch,
  type VectorMatchWithAttributes,
  type VectorSetInfo,
  vectorMatches,
  vectorSetInfoOrNull,
} from "../command/decoders_vectors.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import { PLAIN } from "../command/traits.ts";
import { type Argument, BYTES } from "../protocol/resp.ts";

/** Options of {@link VectorCommands.vadd}. */
export interface VaddOptions {
  /**
   * Store only this many numbers of each vector, made by a random projection (`REDUCE`). Every
   * element of the vector set is added with the same.
   */
  readonly reduce?: number | undefined;
  /** Look for neighbours in a background thread, and link to them in the main one (`CAS`). */
  readonly checkAndSet?: boolean | undefined;
  /**
   * How to store numbers: one byte each (`"Q8"`, unless given), one bit each (`"BIN"`) or in full
   * (`"NOQUANT"`). The first element decides for all.
   */
  readonly quantization?: "Q8" | "BIN" | "NOQUANT" | undefined;
  /** How many candidates to look at for neighbours (`EF`), 200 unless given: more find better. */
  readonly exploration?: number | undefined;
  /** Attributes of the element, for filters: JSON text (`SETATTR`). */
  readonly attributes?: Key | undefined;
  /** How many neighbours an element has, at most (`M`), 16 unless given. The first decides. */
  readonly links?: number | undefined;
}

/** How {@link VectorCommands.vsim} searches. */
export interface VsimRules {
  /** How many elements to give at most (`COUNT`), 10 unless given. */
  readonly count?: number | undefined;
  /**
   * Leave out elements whose score is below 1 minus this, 0 to 1 (`EPSILON`). Redis 8.0 halves it.
   */
  readonly maxDistance?: number | undefined;
  /** How many candidates to look at (`EF`): more find better, and take longer. */
  readonly exploration?: number | undefined;
  /** Only elements whose attributes fulfil this expression (`FILTER`): `".year > 1950"`. */
  readonly filter?: Key | undefined;
  /** How many candidates to try against `filter` at most (`FILTER-EF`). */
  readonly filterExploration?: number | undefined;
  /** Compare with every element, which is exact and slow (`TRUTH`). */
  readonly exact?: boolean | undefined;
  /** Search in the server's main thread (`NOTHREAD`). */
  readonly inMainThread?: boolean | undefined;
}

/** Options of a {@link VectorCommands.vsim} that gives only elements. */
export interface VsimOptions extends VsimRules {
  readonly withScores?: false | undefined;
  readonly withAttributes?: false | undefined;
}

/** Options of a {@link VectorCommands.vsim} that gives scores. */
export interface VsimScoresOptions extends VsimRules {
  /** Give each element with its score (`WITHSCORES`). */
  readonly withScores: true;
  readonly withAttributes?: false | undefined;
}

/** Options of a {@link VectorCommands.vsim} that gives scores and attributes. */
export interface VsimAttributesOptions extends VsimRules {
  /** Give each element with attributes (`WITHATTRIBS`), and with its score. @since Redis 8.2.0 */
  readonly withAttributes: true;
  /** Scores come with the attributes, in any case. */
  readonly withScores?: true | undefined;
}

/** Options of {@link VectorCommands.vrange}. */
export interface VrangeOptions {
  /** How many elements to give at most; a negative number gives all. */
  readonly count?: number | undefined;
}

/**
 * Commands on vector sets: elements with a vector each, which are found by likeness. Redis has
 * them, Valkey has not.
 */
export abstract class VectorCommands<M extends Mode, B extends Bulk> extends Executor<M> {
  /**
   * Add an element with its vector to a vector set, or give it another vector.
   *
   * @param vector numbers, or a `Float32Array`; as long as all others of the vector set
   * @returns `true` if the element is new, `false` if it got another vector
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @throws {ServerError} if the vector has another length than those of the vector set, or an
   *   option does not fit what the first element was added with
   * @throws {ArgumentError} if `vector` is empty, or a number of an array is not finite
   * @example
   * ```ts
   * const isNew = await redis.vadd("colours", [1, 0, 0], "red", { attributes: '{"warm":1}' });
   * // true
   * ```
   * @see https://redis.io/commands/vadd
   * @since Redis 8.0.0
   */
  vadd(key: Key, vector: Vector, element: Value, options?: VaddOptions): Reply<M, boolean> {
    const argv: Argument[] = ["VADD", key];
    if (options?.reduce !== undefined) argv.push("REDUCE", options.reduce);
    pushVector(argv, vector);
    argv.push(element);
    if (options?.checkAndSet === true) argv.push("CAS");
    if (options?.quantization !== undefined) argv.push(options.quantization);
    if (options?.exploration !== undefined) argv.push("EF", options.exploration);
    if (options?.attributes !== undefined) argv.push("SETATTR", options.attributes);
    if (options?.links !== undefined) argv.push("M", options.links);
    return this.send(argv, flag);
  }

  /**
   * Count the elements of a vector set.
   *
   * @returns the number of elements; 0 if the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const size = await redis.vcard("colours"); // 1
   * ```
   * @see https://redis.io/commands/vcard
   * @since Redis 8.0.0
   */
  vcard(key: Key): Reply<M, number> {
    return this.send(["VCARD", key], integer);
  }

  /**
   * Get how many numbers the stored vectors of a vector set have.
   *
   * @returns the number of dimensions, after `reduce`
   * @throws {ServerError} if the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const dimensions = await redis.vdim("colours"); // 3
   * ```
   * @see https://redis.io/commands/vdim
   * @since Redis 8.0.0
   */
  vdim(key: Key): Reply<M, number> {
    return this.send(["VDIM", key], integer);
  }

  /**
   * Get the vector of an element, as near as what is stored allows.
   *
   * @returns the numbers, or `null` if the element or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const vector = await redis.vemb("colours", "red"); // [1, 0, 0]
   * ```
   * @see https://redis.io/commands/vemb
   * @since Redis 8.0.0
   */
  vemb(
    key: Key,
    element: Value,
    options?: { readonly raw?: false | undefined },
  ): Reply<M, number[] | null>;
  /**
   * Get the vector of an element exactly as it is stored.
   *
   * @returns the stored bytes and what they mean, or `null` if the element or the vector set does
   *   not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const stored = await redis.vemb("colours", "red", { raw: true });
   * // { storage: "int8", data: Buffer.from([127, 0, 0]), norm: 1, range: 1 }
   * ```
   * @see https://redis.io/commands/vemb
   * @since Redis 8.0.0
   */
  vemb(key: Key, element: Value, options: { readonly raw: true }): Reply<M, RawVector | null>;
  vemb(
    key: Key,
    element: Value,
    options?: { readonly raw?: boolean | undefined },
  ): Reply<M, number[] | RawVector | null> {
    const argv: Argument[] = ["VEMB", key, element];
    if (options?.raw !== true) {
      return this.send<number[] | RawVector | null>(argv, numbersOrNull);
    }
    argv.push("RAW");
    const command = new Command<number[] | RawVector | null>(argv, rawVectorOrNull, BYTES, PLAIN);
    return this.run(command);
  }

  /**
   * Get the attributes of an element.
   *
   * @returns JSON text, or `null` if the element has none, or it or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("films", [1, 0.5], "Alien", { attributes: '{"year":1979}' });
   * const attributes = await redis.vgetattr("films", "Alien"); // '{"year":1979}'
   * ```
   * @see https://redis.io/commands/vgetattr
   * @since Redis 8.0.0
   */
  vgetattr(key: Key, element: Value): Reply<M, B | null> {
    return this.send(["VGETATTR", key, element], bulkOrNull<B>);
  }

  /**
   * Describe a vector set.
   *
   * @returns how it is built and how large it is, or `null` if it does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const info = await redis.vinfo("colours");
   * const dimensions = info?.vectorDim; // 3
   * ```
   * @see https://redis.io/commands/vinfo
   * @since Redis 8.0.0
   */
  vinfo(key: Key): Reply<M, VectorSetInfo | null> {
    return this.send(["VINFO", key], vectorSetInfoOrNull);
  }

  /**
   * Tell whether a vector set has an element.
   *
   * @returns `true` if it has, `false` if it has not or does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const known = await redis.vismember("colours", "red"); // true
   * ```
   * @see https://redis.io/commands/vismember
   * @since Redis 8.0.0
   */
  vismember(key: Key, element: Value): Reply<M, boolean> {
    return this.send(["VISMEMBER", key, element], flag);
  }

  /**
   * Get the neighbours of an element in the graph that searches walk.
   *
   * @returns a list for each level of the graph that the element is on, the highest first; `null`
   *   if the element or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * await redis.vadd("colours", [1, 0.6, 0], "orange");
   * const levels = await redis.vlinks("colours", "red");
   * const neighbours = levels?.at(-1); // ["orange"]
   * ```
   * @see https://redis.io/commands/vlinks
   * @since Redis 8.0.0
   */
  vlinks(
    key: Key,
    element: Value,
    options?: { readonly withScores?: false | undefined },
  ): Reply<M, B[][] | null>;
  /**
   * Get the neighbours of an element in the graph that searches walk, with their scores.
   *
   * @returns a list for each level of the graph that the element is on, the highest first; `null`
   *   if the element or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * await redis.vadd("colours", [-1, 0, 0], "cyan");
   * const levels = await redis.vlinks("colours", "red", { withScores: true });
   * const neighbours = levels?.at(-1); // [{ element: "cyan", score: 0 }]
   * ```
   * @see https://redis.io/commands/vlinks
   * @since Redis 8.0.0
   */
  vlinks(
    key: Key,
    element: Value,
    options: { readonly withScores: true },
  ): Reply<M, VectorMatch<B>[][] | null>;
  vlinks(
    key: Key,
    element: Value,
    options?: { readonly withScores?: boolean | undefined },
  ): Reply<M, B[][] | VectorMatch<B>[][] | null> {
    const argv: Argument[] = ["VLINKS", key, element];
    if (options?.withScores !== true) {
      return this.send<B[][] | VectorMatch<B>[][] | null>(argv, links<B>);
    }
    argv.push("WITHSCORES");
    return this.send<B[][] | VectorMatch<B>[][] | null>(argv, scoredLinks<B>);
  }

  /**
   * Pick an element of a vector set at random.
   *
   * @returns the element, or `null` if the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const colour = await redis.vrandmember("colours"); // "red"
   * ```
   * @see https://redis.io/commands/vrandmember
   * @since Redis 8.0.0
   */
  vrandmember(key: Key): Reply<M, B | null>;
  /**
   * Pick several elements of a vector set at random.
   *
   * @param count at most this many different elements; if negative, exactly that many, of which
   *   some may be the same
   * @returns the elements; empty if the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const colours = await redis.vrandmember("colours", -2); // ["red", "red"]
   * ```
   * @see https://redis.io/commands/vrandmember
   * @since Redis 8.0.0
   */
  vrandmember(key: Key, count: number): Reply<M, B[]>;
  vrandmember(key: Key, count?: number): Reply<M, B | null | B[]> {
    if (count === undefined) return this.send<B | null | B[]>(["VRANDMEMBER", key], bulkOrNull<B>);
    return this.send<B | null | B[]>(["VRANDMEMBER", key, count], bulks<B>);
  }

  /**
   * Get the elements of a vector set between two bounds, in the order of their bytes.
   *
   * To go through all, begin with `"-"` and go on with `"("` and the last element.
   *
   * @param start the lower bound: `"[a"` belongs to the range, `"(a"` does not, `"-"` is before all
   * @param end the upper bound: `"[a"`, `"(a"`, or `"+"`, which is behind all
   * @returns the elements; empty if there are none
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * await redis.vadd("colours", [1, 0.6, 0], "orange");
   * const page = await redis.vrange("colours", "-", "+", { count: 1 }); // ["orange"]
   * ```
   * @see https://redis.io/commands/vrange
   * @since Redis 8.4.0
   */
  vrange(key: Key, start: LexBound, end: LexBound, options?: VrangeOptions): Reply<M, B[]> {
    const argv: Argument[] = ["VRANGE", key, start, end];
    if (options?.count !== undefined) argv.push(options.count);
    return this.send(argv, bulks<B>);
  }

  /**
   * Remove an element from a vector set; a vector set without elements is gone.
   *
   * @returns `true`, or `false` if the element or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const wasThere = await redis.vrem("colours", "red"); // true
   * ```
   * @see https://redis.io/commands/vrem
   * @since Redis 8.0.0
   */
  vrem(key: Key, element: Value): Reply<M, boolean> {
    return this.send(["VREM", key, element], flag);
  }

  /**
   * Give an element attributes, in place of those it has.
   *
   * @param attributes JSON text, which the server does not check; `""` removes them
   * @returns `true`, or `false` if the element or the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @example
   * ```ts
   * await redis.vadd("films", [1, 0.5], "Alien");
   * const wasThere = await redis.vsetattr("films", "Alien", '{"year":1979}'); // true
   * ```
   * @see https://redis.io/commands/vsetattr
   * @since Redis 8.0.0
   */
  vsetattr(key: Key, element: Value, attributes: Key): Reply<M, boolean> {
    return this.send(["VSETATTR", key, element, attributes], flag);
  }

  /**
   * Find the elements that are most like an element or a vector.
   *
   * @returns the elements, the most like first; empty if the vector set does not exist
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @throws {ServerError} if the element does not exist, the vector has another length than those
   *   of the vector set, or `filter` is no expression
   * @throws {ArgumentError} if the vector is empty
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * await redis.vadd("colours", [0, 0, 1], "blue");
   * const nearest = await redis.vsim("colours", { vector: [1, 0.6, 0] }, { count: 1 }); // ["red"]
   * ```
   * @see https://redis.io/commands/vsim
   * @since Redis 8.0.0
   */
  vsim(key: Key, query: VectorQuery, options?: VsimOptions): Reply<M, B[]>;
  /**
   * Find the elements that are most like an element or a vector, with their scores.
   *
   * @returns the elements and their scores, the most like first; a score is 1 for the same
   *   direction, 0 for the opposite one
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @throws {ServerError} if the element does not exist, the vector has another length than those
   *   of the vector set, or `filter` is no expression
   * @throws {ArgumentError} if the vector is empty
   * @example
   * ```ts
   * await redis.vadd("colours", [1, 0, 0], "red");
   * const nearest = await redis.vsim("colours", { element: "red" }, { withScores: true });
   * // [{ element: "red", score: 1 }]
   * ```
   * @see https://redis.io/commands/vsim
   * @since Redis 8.0.0
   */
  vsim(key: Key, query: VectorQuery, options: VsimScoresOptions): Reply<M, VectorMatch<B>[]>;
  /**
   * Find the elements that are most like an element or a vector, with scores and attributes.
   *
   * @returns the elements with their scores and attributes, the most like first
   * @throws {WrongTypeError} if the key holds something other than a vector set
   * @throws {ServerError} if the element does not exist, the vector has another length than those
   *   of the vector set, or `filter` is no expression
   * @throws {ArgumentError} if the vector is empty
   * @example
   * ```ts
   * await redis.vadd("films", [1, 0], "Alien", { attributes: '{"year":1979}' });
   * const like = await redis.vsim("films", { vector: [1, 0] }, { withAttributes: true });
   * // [{ element: "Alien", score: 1, attributes: '{"year":1979}' }]
   * ```
   * @see https://redis.io/commands/vsim
   * @since Redis 8.2.0
   */
  vsim(
    key: Key,
    query: VectorQuery,
    options: VsimAttributesOptions,
  ): Reply<M, VectorMatchWithAttributes<B>[]>;
  vsim(
    key: Key,
    query: VectorQuery,
    options?: VsimOptions | VsimScoresOptions | VsimAttributesOptions,
  ): Reply<M, Similar<B>> {
    const argv: Argument[] = ["VSIM", key];
    pushVectorQuery(argv, query);
    if (options !== undefined) pushRules(argv, options);
    if (options?.withAttributes === true) {
      argv.push("WITHSCORES", "WITHATTRIBS");
      return this.send<Similar<B>>(argv, attributedMatches<B>);
    }
    if (options?.withScores !== true) return this.send<Similar<B>>(argv, bulks<B>);
    argv.push("WITHSCORES");
    return this.send<Similar<B>>(argv, vectorMatches<B>);
  }
}

type Similar<B extends Bulk> = B[] | VectorMatch<B>[] | VectorMatchWithAttributes<B>[];

const numbersOrNull = nullable(list(double));

function pushRules(argv: Argument[], rules: VsimRules): void {
  if (rules.count !== undefined) argv.push("COUNT", rules.count);
  if (rules.maxDistance !== undefined) argv.push("EPSILON", rules.maxDistance);
  if (rules.exploration !== undefined) argv.push("EF", rules.exploration);
  if (rules.filter !== undefined) argv.push("FILTER", rules.filter);
  if (rules.filterExploration !== undefined) argv.push("FILTER-EF", rules.filterExploration);
  if (rules.exact === true) argv.push("TRUTH");
  if (rules.inMainThread === true) argv.push("NOTHREAD");
}
