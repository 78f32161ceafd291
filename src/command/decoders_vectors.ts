import type { RespValue } from "../protocol/resp.ts";
import type { Bulk } from "./command.ts";
import {
  array,
  bulk,
  bulkOrNull,
  double,
  eachPair,
  integer,
  text,
  trust,
  unexpected,
} from "./decoders.ts";

/** An element of a vector set, and how like what was searched: 1 is the same, 0 the opposite. */
export interface VectorMatch<B extends Bulk> {
  readonly element: B;
  readonly score: number;
}

/** A match, and the attributes of the element. */
export interface VectorMatchWithAttributes<B extends Bulk> extends VectorMatch<B> {
  /** JSON text, or `null` if the element has none. */
  readonly attributes: B | null;
}

/** How a vector set stores numbers: as bytes, as single bits, or in full. */
export type VectorStorage = "int8" | "bin" | "f32";

/** A vector as the vector set stores it. */
export interface RawVector {
  /** How the numbers are stored. */
  readonly storage: VectorStorage;
  /** What is stored, of the vector at length 1. */
  readonly data: Buffer;
  /** The length that the vector had. */
  readonly norm: number;
  /** The number that the largest byte, 127, stands for; only with `"int8"`. */
  readonly range?: number;
}

/** What {@link VectorCommands.vinfo} tells of a vector set. */
export interface VectorSetInfo {
  /** How numbers are stored. */
  readonly quantType: VectorStorage;
  /** How many neighbours an element has on each level of the graph, at most (`M`). */
  readonly hnswM: number;
  /** How many numbers a stored vector has. */
  readonly vectorDim: number;
  /** How many numbers a vector has before it is reduced; 0 if it is not. */
  readonly projectionInputDim: number;
  /** How many elements there are. */
  readonly size: number;
  /** The highest level of the graph, from 0. */
  readonly maxLevel: number;
  /** How many elements have attributes. */
  readonly attributesCount: number;
  /** Number of the vector set, unique on the server while it runs. */
  readonly vsetUid: number;
  /** The highest number of a node of the graph so far. */
  readonly hnswMaxNodeUid: number;
}

/** Elements with scores: a flat list, as a map is, too. */
export function vectorMatches<B extends Bulk>(reply: RespValue): VectorMatch<B>[] {
  const matches: VectorMatch<B>[] = [];
  eachPair(reply, (element, score) => {
    matches.push({ element: bulk<B>(element), score: double(score) });
  });
  return matches;
}

/** Flat triples on RESP2; on RESP3 a map of elements to pairs. */
export function attributedMatches<B extends Bulk>(
  reply: RespValue,
): VectorMatchWithAttributes<B>[] {
  const items = array(reply);
  const matches: VectorMatchWithAttributes<B>[] = [];
  const push = (element: RespValue, score: RespValue, attributes: RespValue): void => {
    matches.push({
      element: bulk<B>(element),
      score: double(score),
      attributes: bulkOrNull<B>(attributes),
    });
  };
  if (Array.isArray(items[1])) {
    eachPair(items, (element, details) => {
      const [score = null, attributes = null] = array(details);
      push(element, score, attributes);
    });
    return matches;
  }
  if (items.length % 3 !== 0) throw unexpected("triples", reply);
  for (let index = 0; index < items.length; index += 3) {
    push(items[index] ?? null, items[index + 1] ?? null, items[index + 2] ?? null);
  }
  return matches;
}

/** The neighbours on each level, or `null`. */
export function links<B extends Bulk>(reply: RespValue): B[][] | null {
  return reply === null ? null : (array(reply) as B[][]);
}

/** The neighbours on each level, with scores, or `null`. */
export function scoredLinks<B extends Bulk>(reply: RespValue): VectorMatch<B>[][] | null {
  if (reply === null) return null;
  return array(reply).map((level) => vectorMatches<B>(level));
}

/** A stored vector; of a reply in bytes form. */
export function rawVectorOrNull(reply: RespValue): RawVector | null {
  if (reply === null) return null;
  const [storage = null, data = null, norm = null, range] = array(reply);
  const vector = {
    storage: trust<VectorStorage>(text(storage)),
    data: bulk<Buffer>(data),
    norm: double(norm),
  };
  return range === undefined ? vector : { ...vector, range: double(range) };
}

export function vectorSetInfoOrNull(reply: RespValue): VectorSetInfo | null {
  if (reply === null) return null;
  const fields = new Map<string, RespValue>();
  eachPair(reply, (name, value) => fields.set(text(name), value));
  const count = (name: string): number => {
    const value = fields.get(name);
    if (value === undefined) throw unexpected(`a field ${name}`, reply);
    return integer(value);
  };
  return {
    quantType: trust<VectorStorage>(text(fields.get("quant-type") ?? null)),
    hnswM: count("hnsw-m"),
    vectorDim: count("vector-dim"),
    projectionInputDim: count("projection-input-dim"),
    size: count("size"),
    maxLevel: count("max-level"),
    attributesCount: count("attributes-count"),
    vsetUid: count("vset-uid"),
    hnswMaxNodeUid: count("hnsw-max-node-uid"),
  };
}
