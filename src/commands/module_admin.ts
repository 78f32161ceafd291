import { type FieldValues, type OneOrMany, pushAll, pushFields } from "../command/arguments.ts";
import type { Value } from "../command/command.ts";
import { array, integer, list, ok, text } from "../command/decoders.ts";
import { fieldsOf } from "../command/decoders_fields.ts";
import { Executor, type Mode, type Reply } from "../command/executor.ts";
import type { Argument, RespValue } from "../protocol/resp.ts";

/** A module that the server has loaded. */
export interface ModuleInfo {
  readonly name: string;
  readonly version: number;
  /** The file it came from; empty for one that is part of the server. */
  readonly path: string;
  /** What it was loaded with. */
  readonly args: string[];
}

/** Options of {@link ModuleAdminCommands.moduleLoadex}. */
export interface ModuleLoadexOptions {
  /** Settings of the module, by their names (`CONFIG`). */
  readonly config?: FieldValues | undefined;
  /** What the module is called with (`ARGS`). */
  readonly args?: OneOrMany<Value> | undefined;
}

const moduleInfos = list(moduleInfo);

/** Commands that load modules; a server refuses them unless `enable-module-command` allows it. */
export abstract class ModuleAdminCommands<M extends Mode> extends Executor<M> {
  /**
   * List the modules that the server has loaded.
   *
   * @returns the modules, those that are part of the server included
   * @example
   * ```ts
   * const modules = await redis.moduleList();
   * const names = modules.map((module) => module.name);
   * ```
   * @see https://redis.io/commands/module-list
   * @since 4.0.0
   */
  moduleList(): Reply<M, ModuleInfo[]> {
    return this.send(["MODULE", "LIST"], moduleInfos);
  }

  /**
   * Load a module.
   *
   * @param path its file, as the server sees it
   * @param args what it is called with
   * @returns `true`: it is loaded
   * @throws {ServerError} if it cannot be loaded, or the server does not allow the command
   * @throws {ArgumentError} if `args` is empty
   * @example
   * ```ts
   * const loaded = await redis.moduleLoad("/opt/module.so").catch(() => "not allowed");
   * ```
   * @see https://redis.io/commands/module-load
   * @since 4.0.0
   */
  moduleLoad(path: string, args?: OneOrMany<Value>): Reply<M, true> {
    const argv: Argument[] = ["MODULE", "LOAD", path];
    if (args !== undefined) pushAll(argv, args, "arguments");
    return this.send(argv, ok);
  }

  /**
   * Load a module with settings.
   *
   * @param path its file, as the server sees it
   * @returns `true`: it is loaded
   * @throws {ServerError} if it cannot be loaded, or the server does not allow the command
   * @throws {ArgumentError} if `config` or `args` is empty
   * @example
   * ```ts
   * const loaded = await redis
   *   .moduleLoadex("/opt/module.so", { config: { "module.size": 10 } })
   *   .catch(() => "not allowed");
   * ```
   * @see https://redis.io/commands/module-loadex
   * @since 7.0.0
   */
  moduleLoadex(path: string, options?: ModuleLoadexOptions): Reply<M, true> {
    const argv: Argument[] = ["MODULE", "LOADEX", path];
    if (options?.config !== undefined) {
      const settings: Argument[] = ["MODULE LOADEX"];
      pushFields(settings, options.config, "settings");
      for (let index = 1; index < settings.length; index += 2) {
        argv.push("CONFIG", ...settings.slice(index, index + 2));
      }
    }
    if (options?.args !== undefined) {
      argv.push("ARGS");
      pushAll(argv, options.args, "arguments");
    }
    return this.send(argv, ok);
  }

  /**
   * Unload a module.
   *
   * @param name its name, not its file
   * @returns `true`: it is unloaded
   * @throws {ServerError} if it is in use or not loaded, or the server does not allow the command
   * @example
   * ```ts
   * const unloaded = await redis.moduleUnload("nothing").catch(() => "not allowed");
   * ```
   * @see https://redis.io/commands/module-unload
   * @since 4.0.0
   */
  moduleUnload(name: string): Reply<M, true> {
    return this.send(["MODULE", "UNLOAD", name], ok);
  }
}

function moduleInfo(reply: RespValue): ModuleInfo {
  const fields = fieldsOf(reply);
  return {
    name: text(fields["name"] ?? ""),
    version: integer(fields["ver"] ?? null),
    path: text(fields["path"] ?? ""),
    args: array(fields["args"] ?? []).map(text),
  };
}
