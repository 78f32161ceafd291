/**
 * Makes of what TypeDoc found in the sources what a reader looks for: every command once, in its
 * section, as it is called on a client.
 */
import { relative, sep } from "node:path";
import * as typedis from "../../src/index.ts";
import { commandList, textOfCommands } from "./command_list.ts";
import { Linker } from "./linker.ts";
import { SECTION_TITLES, sectionOf } from "./sections.ts";
import {
  CLASS,
  CONSTRUCTOR,
  type CommentPart,
  FUNCTION,
  INTERFACE,
  type Project,
  type Reflection,
  type TypeDoc,
} from "./typedoc.ts";
import { readableType } from "./types.ts";

/** What the client itself documents of the classes that it extends. */
const KEPT_BY_CLIENT: ReadonlySet<string> = new Set(["client/scan.ts", "command/executor.ts"]);
/** What readers look for first, in this order. */
const FIRST = ["Redis", "Commands", "Pipeline", "PipelineReply", "WatchedClient", "Session"];

/**
 * Rearranges a project before TypeDoc resolves it.
 *
 * @returns the source files whose declarations belong to no section
 */
export function shape(project: Project, typedoc: TypeDoc): string[] {
  return new Shaper(project, typedoc).shape();
}

class Shaper {
  readonly #project: Project;
  readonly #typedoc: TypeDoc;
  readonly #exports: Reflection[];
  readonly #lost = new Set<string>();

  constructor(project: Project, typedoc: TypeDoc) {
    this.#project = project;
    this.#typedoc = typedoc;
    this.#exports = project.children ?? [];
  }

  shape(): string[] {
    for (const it of this.#exports) this.#removeRepeated(it);
    const groups = this.#exports.filter(isGroup);
    for (const it of groups) this.#asOnClient(it);
    for (const it of this.#exports) this.#place(it);
    this.#sort();
    this.#tellOfCommands(this.#exports.filter((it) => groups.includes(it)));
    const linker = new Linker(this.#project);
    for (const it of everything(this.#project)) {
      linker.link(it);
      delete it.sources;
    }
    return [...this.#lost];
  }

  /** Removes what is documented elsewhere, or is no business of a caller. */
  #removeRepeated(owner: Reflection): void {
    const file = fileOf(owner);
    for (const member of [...(owner.children ?? [])]) {
      if (isRepeated(owner, file, member)) this.#project.removeReflection(member);
    }
  }

  /** Commands as they are called on a client: `Promise` for `Reply<M, …>`, `string` for `B`. */
  #asOnClient(group: Reflection): void {
    for (const it of everything(group)) {
      if (it.type === undefined) continue;
      it.type = readableType(it.type, this.#project, this.#typedoc);
    }
    // A class that only its type is exported of is an interface to TypeDoc.
    group.kind = CLASS;
    delete group.typeParameters;
    delete group.extendedTypes;
    this.#append(group, AS_ON_CLIENT);
  }

  /** Puts an export into its section. */
  #place(it: Reflection): void {
    const file = fileOf(it);
    if (file === undefined) return;
    const section = sectionOf(file);
    if (section === undefined) {
      this.#lost.add(file);
      return;
    }
    const tag = new this.#typedoc.CommentTag("@category", [{ kind: "text", text: section }]);
    this.#commentOf(it).blockTags.push(tag);
  }

  /** By section; in a section first the commands, then what is called, then mere types. */
  #sort(): void {
    const rank = new Map(this.#exports.map((it) => [it, rankOf(it)]));
    for (const list of [this.#exports, this.#project.childrenIncludingDocuments]) {
      list?.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
    }
  }

  #tellOfCommands(groups: readonly Reflection[]): void {
    for (const it of this.#exports) {
      if (it.name === "Commands") {
        delete it.extendedTypes;
        delete it.typeParameters;
        this.#commentOf(it).summary = commandList(groups);
      } else if (hasCommands(it.name)) {
        delete it.extendedTypes;
        this.#append(it, textOfCommands(it.name, this.#named("Commands")));
      }
    }
  }

  #named(name: string): Reflection | undefined {
    return this.#exports.find((it) => it.name === name);
  }

  #append(it: Reflection, parts: readonly CommentPart[]): void {
    this.#commentOf(it).summary.push({ kind: "text", text: "\n\n" }, ...parts);
  }

  #commentOf(it: Reflection): NonNullable<Reflection["comment"]> {
    it.comment ??= new this.#typedoc.Comment([]);
    return it.comment;
  }
}

const AS_ON_CLIENT: readonly CommentPart[] = [
  {
    kind: "text",
    text:
      "*Shown as on a client. A pipeline returns `PipelineReply<T>` where it says `Promise<T>`, " +
      "and on `redis.bytes` replies are `Buffer` where it says `string`.*",
  },
];

function isGroup(it: Reflection): boolean {
  const isOfGroup = it.name.endsWith("Commands") && it.name !== "Commands";
  return isOfGroup && (fileOf(it)?.startsWith("commands/") ?? false);
}

/** Whether a class has the commands as methods. */
function hasCommands(name: string): boolean {
  const it: unknown = Reflect.get(typedis, name);
  return typeof it === "function" && it.prototype instanceof typedis.Commands;
}

function isRepeated(owner: Reflection, file: string | undefined, member: Reflection): boolean {
  if (member.kind === CONSTRUCTOR) return isGroup(owner) || isHidden(owner, file);
  const source = fileOf(member);
  if (owner.name === "Redis" && source !== undefined && KEPT_BY_CLIENT.has(source)) return false;
  if (owner.kind !== CLASS && owner.kind !== INTERFACE) return false;
  return member.inheritedFrom !== undefined || (source !== undefined && source !== file);
}

/** Whether a class is never constructed by users. */
function isHidden(owner: Reflection, file: string | undefined): boolean {
  return owner.name === "Commands" || file === "errors.ts" || file === "testing/errors.ts";
}

function rankOf(it: Reflection): number {
  const section = SECTION_TITLES.indexOf(sectionOf(fileOf(it) ?? "") ?? "");
  return section * 1000 + rankInSection(it);
}

/** The largest group comes first. */
function rankInSection(it: Reflection): number {
  if (isGroup(it)) return 500 - (it.children?.length ?? 0);
  if (FIRST.includes(it.name)) return 500 + FIRST.indexOf(it.name);
  return it.kind === CLASS || it.kind === FUNCTION ? 600 : 700;
}

/** Below `src`, with slashes. */
function fileOf(it: Reflection): string | undefined {
  const source = (it.sources ?? it.signatures?.[0]?.sources)?.[0];
  if (source === undefined) return undefined;
  return relative("src", source.fullFileName).split(sep).join("/");
}

/** A reflection and all below it. */
function* everything(it: Reflection): Iterable<Reflection> {
  yield it;
  const parts = [it.children, it.documents, it.signatures, it.parameters].flatMap((x) => x ?? []);
  for (const part of [...parts, it.getSignature, it.type?.declaration]) {
    if (part !== undefined) yield* everything(part);
  }
}
