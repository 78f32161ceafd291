/**
 * Links what documents and docstrings merely name: `` `WatchError` ``, `` `redis.hgetall()` ``.
 */
import type { CommentPart, CommentTag, Project, Reflection } from "./typedoc.ts";

/** Whose members the names in examples stand for. */
const VARIABLES: Readonly<Record<string, string>> = {
  redis: "Redis",
  pipe: "Pipeline",
  tx: "Pipeline",
  session: "Session",
  server: "TestServer",
  proxy: "TestProxy",
};
const COMMAND_PAGE = /^https:\/\/((?:redis|valkey)\.io\/commands\/[\w-]+)\/?$/;

export class Linker {
  readonly #exports = new Map<string, Reflection>();
  readonly #commands = new Map<string, Reflection>();

  constructor(project: Project) {
    for (const it of project.children ?? []) {
      this.#exports.set(it.name, it);
      if (!it.name.endsWith("Commands")) continue;
      for (const command of it.children ?? []) this.#commands.set(command.name, command);
    }
  }

  /** Links what a reflection's own comment, or a document's text, names. */
  link(it: Reflection): void {
    if (it.content !== undefined) it.content = this.#linkAll(it.content, it);
    if (it.readme !== undefined) it.readme = this.#linkAll(it.readme, it);
    if (it.comment === undefined) return;
    it.comment.summary = this.#linkAll(it.comment.summary, it);
    for (const tag of it.comment.blockTags) {
      if (tag.tag === "@throws") this.#linkError(tag);
      tag.content = this.#linkAll(tag.content, it);
    }
  }

  /** `@throws {WrongTypeError} …`: the class as a link. */
  #linkError(tag: CommentTag): void {
    if (tag.typeAnnotation === undefined) return;
    const names = tag.typeAnnotation.replace(/^\{(.*)\}$/s, "$1").split("|");
    delete tag.typeAnnotation;
    const links = names.flatMap((name): CommentPart[] => [
      { kind: "code", text: `\`${name.trim()}\`` },
      { kind: "text", text: " " },
    ]);
    tag.content.unshift(...links);
  }

  #linkAll(parts: readonly CommentPart[], owner: Reflection): CommentPart[] {
    return parts.map((part) => {
      if (part.kind === "text") return shortUrl(part);
      if (part.kind !== "code") return part;
      const name = part.text.replaceAll("`", "");
      const target = this.#find(name);
      if (target === undefined || target.name === owner.name) return part;
      return { kind: "inline-tag", tag: "@linkcode", text: name, target };
    });
  }

  #find(name: string): Reflection | undefined {
    const [, first = "", second, call] = /^(\w+)(?:\.(\w+))?(\(\))?$/.exec(name) ?? [];
    if (second === undefined) {
      // A lower-case word alone may be anything: a type, a field.
      const isName = /^[A-Z]\w/.test(first) || call !== undefined;
      return isName ? this.#exports.get(first) : undefined;
    }
    const owner = this.#exports.get(VARIABLES[first] ?? first);
    const own = owner?.children?.find((it) => it.name === second);
    return own ?? (first in VARIABLES ? this.#commands.get(second) : undefined);
  }
}

function shortUrl(part: CommentPart & { readonly kind: "text" | "code" }): CommentPart {
  const [url, words] = COMMAND_PAGE.exec(part.text.trim()) ?? [];
  return url === undefined ? part : { kind: "text", text: `[${words}](${url})` };
}
