import { RETRY_POLICIES, type RetryPolicy } from "../command/repeat.ts";
import { checkNames, whole } from "../connection/options.ts";
import { OptionsError, type RedisError } from "../errors.ts";

/** How a pipeline executes. */
export interface PipelineOptions {
  /**
   * Run all commands or none, without another client's in between (MULTI/EXEC); default `false`.
   */
  readonly transaction?: boolean | undefined;
  /**
   * Reject with the first command's error (default). `false`: errors are found in the results and
   * handles instead; a transaction that fails as a whole, and an abort, reject all the same.
   */
  readonly raiseOnError?: boolean | undefined;
  /**
   * Milliseconds from `execute()` to the last reply; 0: no limit. Default: the client's
   * `commandTimeout`, once for every 10,000 commands begun.
   */
  readonly timeout?: number | undefined;
  /** Cancels: what has not been written never is; what has been written has its replies dropped. */
  readonly signal?: AbortSignal | undefined;
  /** What is sent again when its reply was lost; default: as the client's view says. */
  readonly retry?: RetryPolicy | undefined;
}

/**
 * What stands beside each value in the results: `RedisError` if `raiseOnError`, which is `F`, can
 * be `false`, else nothing.
 */
export type ErrorOf<F> = false extends F ? RedisError : never;

/**
 * Options `O` of which one decides about types: with that alone as a type parameter, the compiler
 * still knows all names that there are.
 */
export type Raising<O, F> = O & { readonly raiseOnError?: F };

const LIMITS = ["timeout", "signal", "retry"];
/** The options of every pipeline. */
export const PIPELINE_OPTIONS: readonly string[] = ["transaction", "raiseOnError", ...LIMITS];
const KNOWN: ReadonlySet<string> = new Set(PIPELINE_OPTIONS);
const KNOWN_BY_VIEWS: ReadonlySet<string> = new Set(["integers", ...LIMITS]);

type Limits = Pick<PipelineOptions, "timeout" | "signal" | "retry">;

/** @throws {OptionsError} for an option that is not known or of the wrong type */
export function checkPipelineOptions(
  options: PipelineOptions,
  known: ReadonlySet<string> = KNOWN,
): void {
  checkNames(options, "the options of a pipeline", known);
  checkBoolean(options.transaction, "transaction");
  checkBoolean(options.raiseOnError, "raiseOnError");
  checkLimits(options);
}

/** @throws {OptionsError} for an option that a view has not, or of the wrong type */
export function checkView(options: Limits): void {
  checkNames(options, "the options of a view", KNOWN_BY_VIEWS);
  checkLimits(options);
}

function checkLimits(options: Limits): void {
  whole(options.timeout, "timeout", 0);
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new OptionsError("Option signal must be an AbortSignal");
  }
  if (options.retry !== undefined && !RETRY_POLICIES.includes(options.retry)) {
    const policies = RETRY_POLICIES.map((policy) => `"${policy}"`).join(", ");
    throw new OptionsError(`Option retry must be one of ${policies}`);
  }
}

function checkBoolean(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== "boolean") {
    throw new OptionsError(`Option ${name} must be true or false, but is ${typeof value}`);
  }
}

/** Without the properties that are `undefined`, so that they do not hide a default. */
export function defined<O extends object>(options: O): Partial<O> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<O>;
}
