import { ArgumentError, DecodeError } from "../errors.ts";
import type { Bulk } from "./command.ts";
import { kindOf } from "./kind_of.ts";
import { type Conversion, isStandardSchema, type StandardIssue } from "./standard_schema.ts";

/**
 * Applies `conversion` to `value`.
 *
 * @throws {DecodeError} where a schema refuses the value, or answers asynchronously; whatever a
 *   function throws
 */
export function convert<T, U>(value: T, conversion: Conversion<T, U>): U {
  if (!isStandardSchema(conversion)) return conversion(value);
  const result = conversion["~standard"].validate(value);
  // Not `instanceof Promise`: promises of libraries and of other realms count, too.
  if ("then" in result) {
    // Nobody will ask how it ends.
    result.then(ignore, ignore);
    throw new DecodeError(
      "The schema validates asynchronously; .as() needs one that answers at once",
    );
  }
  if (result.issues === undefined) return result.value;
  throw new DecodeError(`The reply does not fit the schema: ${listIssues(result.issues)}`, {
    cause: result.issues,
  });
}

/** @throws {ArgumentError} for what is neither a function nor a Standard Schema */
export function checkConversion(conversion: unknown): void {
  if (typeof conversion === "function") return;
  // A schema can be undefined in spite of its type: modules that import each other see to that.
  if (isStandardSchema(Object(conversion) as Conversion<unknown, unknown>)) return;
  throw new ArgumentError(
    `as() needs a function or a Standard Schema (version 1), but got ${kindOf(conversion)}`,
  );
}

function ignore(): void {}

function listIssues(issues: readonly StandardIssue[]): string {
  return issues.map((issue) => issue.message + where(issue)).join("; ");
}

function where({ path }: StandardIssue): string {
  if (path === undefined || path.length === 0) return "";
  const keys = path.map((step) => String(typeof step === "object" ? step.key : step));
  return ` (at ${keys.join(".")})`;
}

/**
 * A conversion of JSON text to its value, unchecked, for `.as()` on a pipeline and `.then()` on a
 * client. `null` (no such key) stays `null`.
 *
 * @example
 * ```ts
 * await redis.set("user:1", '{ "city": "Paris" }');
 * await redis.get("user:1").then(json()); // unknown
 * ```
 */
export function json(): <V extends Bulk | null>(text: V) => unknown;
/**
 * A conversion of JSON text to a checked value, for `.as()` on a pipeline and `.then()` on a
 * client. `null` (no such key) stays `null`.
 *
 * @param schema what the parsed JSON must be: a function or a synchronous Standard Schema
 * @example
 * ```ts
 * const toCity = (value: unknown): string => String(Object(value).city); // or a schema
 * await redis.set("user:1", '{ "city": "Paris" }');
 * const city = await redis.get("user:1").then(json(toCity)); // string | null
 * const [same] = await redis.pipeline((pipe) => [pipe.get("user:1").as(json(toCity))]); // "Paris"
 * ```
 */
export function json<U>(
  schema: Conversion<unknown, U>,
): <V extends Bulk | null>(text: V) => U | Extract<V, null>;
export function json<U>(schema?: Conversion<unknown, U>) {
  return (text: Bulk | null): unknown => {
    if (text === null) return null;
    const value: unknown = JSON.parse(text.toString());
    return schema === undefined ? value : convert(value, schema);
  };
}

/**
 * Converts text to a number, for `.as()` and `.then()`; `null` stays `null`.
 *
 * @throws {DecodeError} if the text is no number, or an integer beyond 2^53-1
 * @example
 * ```ts
 * await redis.set("age", 36);
 * const age = await redis.get("age").then(number); // 36
 * ```
 */
export function number<V extends Bulk | null>(value: V): number | Extract<V, null>;
export function number(value: Bulk | null): number | null {
  if (value === null) return null;
  const digits = value.toString().trim();
  const result = Number(digits);
  if (digits === "" || Number.isNaN(result)) throw new DecodeError("The reply is no number");
  if (Number.isInteger(result) && !Number.isSafeInteger(result) && !digits.includes("e")) {
    throw new DecodeError("The reply is an integer beyond 2^53-1; convert it with bigint");
  }
  return result;
}

/**
 * Converts text to a `bigint`, for `.as()` and `.then()`; `null` stays `null`.
 *
 * @throws {DecodeError} if the text is no integer
 * @example
 * ```ts
 * await redis.set("big", 9007199254740993n);
 * const big = await redis.get("big").then(bigint); // 9007199254740993n
 * ```
 */
export function bigint<V extends Bulk | null>(value: V): bigint | Extract<V, null>;
export function bigint(value: Bulk | null): bigint | null {
  if (value === null) return null;
  const digits = value.toString();
  const isNegative = digits.startsWith("-");
  const rest = isNegative ? digits.slice(1) : digits;
  if (!isAllDigits(rest)) throw new DecodeError("The reply is no integer");
  return BigInt(digits);
}

function isAllDigits(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index);
    if (digit < 0x30 || digit > 0x39) return false;
  }
  return text !== "";
}

/**
 * Converts text that `Date` reads (ISO 8601, as `toISOString()` writes it) to a `Date`, for `.as()`
 * and `.then()`; `null` stays `null`.
 *
 * @throws {DecodeError} if the text is no date
 * @example
 * ```ts
 * await redis.set("born", "1815-12-10T00:00:00.000Z");
 * const born = await redis.get("born").then(date);
 * born?.getUTCFullYear(); // 1815
 * ```
 */
export function date<V extends Bulk | null>(value: V): Date | Extract<V, null>;
export function date(value: Bulk | null): Date | null {
  if (value === null) return null;
  const result = new Date(value.toString());
  if (Number.isNaN(result.getTime())) throw new DecodeError("The reply is no date");
  return result;
}
