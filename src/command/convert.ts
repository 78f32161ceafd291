import { DecodeError } from "../errors.ts";
import type { Bulk } from "./command.ts";
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
 * A conversion of JSON text to a checked value, for `.as()` on a pipeline and `.then()` on a
 * client.
 * `null` (no such key) stays `null`.
 *
 * @param schema what the parsed JSON must be: a function or a synchronous Standard Schema; without
 *   it the parsed value comes out as `unknown`
 * @example
 * ```ts
 * const toCity = (value: unknown): string => String(Object(value).city); // or a schema
 * await redis.set("user:1", '{ "city": "Paris" }');
 * const city = await redis.get("user:1").then(json(toCity)); // string | null
 * const [same] = await redis.pipeline((pipe) => [pipe.get("user:1").as(json(toCity))]); // "Paris"
 * ```
 */
export function json(): <V extends Bulk | null>(text: V) => unknown;
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
