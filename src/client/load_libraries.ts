import { FunctionCommand, type Library } from "../command/library.ts";
import type { Batch } from "../connection/batch.ts";
import { type CallLimits, call } from "../connection/call.ts";
import { LibraryMismatchError, ServerError } from "../errors.ts";
import { command } from "./builder.ts";
import type { Core } from "./core.ts";

/**
 * Sees to it that the server has the libraries whose functions a batch calls: one look at the first
 * use on each connection, and a load where one is missing.
 *
 * @returns what to wait for; `undefined` if none has to be looked at, so that the batch keeps its
 *   place in the order of the calls
 * @throws {LibraryMismatchError} if the server has another program under the same name
 * @throws {RedisError} if the look or the load fails
 */
export function loadLibraries(
  core: Core,
  batch: Batch,
  deadline: number,
): Promise<void> | undefined {
  const { knownScripts: known } = core.topology;
  const wanted = new Set<Library>();
  for (const queued of batch.commands.special.values()) {
    if (queued instanceof FunctionCommand && !known.has(queued.library.id)) {
      wanted.add(queued.library);
    }
  }
  return wanted.size === 0 ? undefined : loadAll(core, wanted, deadline);
}

async function loadAll(core: Core, wanted: Iterable<Library>, deadline: number): Promise<void> {
  const { knownScripts: known, address } = core.topology;
  const limits = { deadline, maxRetries: core.settings.maxRetries, address };
  for (const library of wanted) {
    await load(core, library, limits);
    known.add(library.id);
  }
}

async function load(core: Core, library: Library, limits: CallLimits): Promise<void> {
  const { name, code, onMismatch } = library;
  if ((await loadedCode(core, name, limits)) === code) return;
  try {
    const replace = onMismatch === "replace";
    await call(core.topology, command.functionLoad(code, { replace }), limits);
  } catch (error) {
    if (!(error instanceof ServerError) || !String(error.cause).includes("already exists")) {
      throw error;
    }
    // It is there: with another program, or loaded by another client since we looked.
    if ((await loadedCode(core, name, limits)) !== code)
      throw mismatch(name, limits.address, error);
  }
}

async function loadedCode(
  core: Core,
  name: string,
  limits: CallLimits,
): Promise<string | undefined> {
  const look = command.functionList({ library: name, withCode: true });
  const libraries = await call(core.topology, look, limits);
  return libraries.find((library) => library.name === name)?.code;
}

function mismatch(name: string, address: string, cause: unknown): LibraryMismatchError {
  const message =
    `${address} has another program under the library name "${name}"; give the library another ` +
    'name, or make it with { onMismatch: "replace" }';
  return new LibraryMismatchError(message, { address, cause });
}
