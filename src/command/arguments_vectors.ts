import { ArgumentError } from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import type { Value } from "./command.ts";

/**
 * A vector: numbers, sent as text; a `Float32Array`, sent as its bytes (`FP32`), which is shorter
 * and quicker; or such bytes themselves, four for each number, the lowest first.
 *
 * The memory of a `Float32Array` is not copied: it must stay as it is until the reply.
 */
export type Vector = readonly number[] | Float32Array | Uint8Array;

/** What {@link VectorCommands.vsim} compares with. */
export type VectorQuery =
  | {
      /** Elements that are like this one, which the vector set has (`ELE`). */
      readonly element: Value;
      readonly vector?: undefined;
    }
  | {
      /** Elements that are near this vector. */
      readonly vector: Vector;
      readonly element?: undefined;
    };

/** Appends `VALUES count number …`, or `FP32 bytes`. */
export function pushVector(argv: Argument[], vector: Vector): void {
  if (vector.length === 0) {
    const command = String(argv[0]);
    throw new ArgumentError(`${command} needs at least one number of the vector, but got none`, {
      command,
    });
  }
  if (vector instanceof Float32Array) argv.push("FP32", littleEndian(vector));
  else if (vector instanceof Uint8Array) argv.push("FP32", vector);
  else {
    argv.push("VALUES", vector.length);
    for (const number of vector) argv.push(number);
  }
}

/** Appends what a search compares with. */
export function pushVectorQuery(argv: Argument[], query: VectorQuery): void {
  if (query.element !== undefined) argv.push("ELE", query.element);
  else pushVector(argv, query.vector);
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of the numbers, the lowest of each first: a view of the memory where it has that. */
function littleEndian(vector: Float32Array): Uint8Array {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap32();
}
