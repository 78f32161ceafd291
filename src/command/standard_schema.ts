/**
 * The part of the Standard Schema interface (version 1) that typedis uses. A schema of zod,
 * valibot, arktype and others fits without an adapter.
 */
export interface StandardSchema<out Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema says about a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A function or a schema that makes a `U` of a `T`. */
export type Conversion<T, U> = ((value: T) => U) | StandardSchema<U>;

/** Whether `value` is a Standard Schema; some schemas are functions. */
export function isStandardSchema<T, U>(value: Conversion<T, U>): value is StandardSchema<U> {
  return (value as Partial<StandardSchema<U>>)["~standard"]?.version === 1;
}
