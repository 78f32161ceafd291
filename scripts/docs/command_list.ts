/**
 * Tables of the commands, for the pages of the classes that have them.
 */
import type { CommentPart, Reflection } from "./typedoc.ts";

const INTRODUCTION =
  "Every command, in its group. Each is a method of a client (`redis.get`), of a pipeline or " +
  "transaction (`pipe.get`), of a session, of the client of a watch block and of the builder " +
  "(`command.get`): same name, arguments and options.";

/** All commands, each with what it does. */
export function commandList(groups: readonly Reflection[]): CommentPart[] {
  const parts: CommentPart[] = [text(INTRODUCTION)];
  for (const group of groups) {
    parts.push(text("\n\n### "), link(group), text("\n\n"));
    for (const command of group.children ?? []) parts.push(...row(command));
  }
  return parts;
}

/** Where the commands are that a class has besides its own methods. */
export function textOfCommands(owner: string, commands: Reflection | undefined): CommentPart[] {
  const where = commands === undefined ? text("`Commands`") : link(commands);
  return [text(`Every command is a method of \`${owner}\`, too: see `), where, text(".")];
}

function row(command: Reflection): CommentPart[] {
  const comment = command.signatures?.[0]?.comment ?? command.comment;
  const words = (comment?.summary ?? []).map((part) => part.text).join("");
  const [sentence = ""] = words.replaceAll(/\s+/g, " ").split(/(?<=[.!?])\s/, 1);
  return [text("- "), link(command), text(` — ${sentence}\n`)];
}

function text(words: string): CommentPart {
  return { kind: "text", text: words };
}

function link(target: Reflection): CommentPart {
  return { kind: "inline-tag", tag: "@linkcode", text: target.name, target };
}
