import type { Argument } from "../protocol/resp.ts";
import { factsOf } from "./facts.ts";

const SHOWN_ARGUMENTS = 5;
const SHOWN_CHARACTERS = 64;
const MASK = "***";

/**
 * Commands whose arguments can be secrets or programs, and how many words of them may be shown
 * (the name included).
 */
const MASKED = new Map<string, number>([
  ["ACL DRYRUN", 3],
  ["ACL SETUSER", 3],
  ["AUTH", 1],
  ["COMMAND GETKEYS", 3],
  ["COMMAND GETKEYSANDFLAGS", 3],
  ["CONFIG SET", 2],
  ["EVAL", 1],
  ["EVAL_RO", 1],
  ["FT.CONFIG SET", 3],
  ["FUNCTION LOAD", 2],
  ["FUNCTION RESTORE", 2],
  ["HELLO", 1],
  ["MIGRATE", 3],
  ["MODULE LOAD", 3],
  ["MODULE LOADEX", 3],
  ["SCRIPT LOAD", 2],
  ["SENTINEL CONFIG", 3],
  ["SENTINEL SET", 3],
]);

/** What follows in a server's message is a repetition of the arguments. */
const REPETITION = ", with args beginning with";
/** A server that repeats a long argument cuts it, but not shorter than this. */
const LONGEST_COMPARED = 32;
/** Behind this a compiler of Lua names what it did not expect: a word of the program, or a text. */
const NEAR = " near '";
/** With what texts and numbers begin in a program. */
const LITERAL = /^["'[\d]/;
/** A server's error code. */
const CODE = /^[A-Z][A-Z0-9_]{0,31} /;
/** What the name of a command is made of. */
const NAME = /^[\w.-]*/;
/** Shorter arguments, such as numbers, are masked only in quotes: they can be parts of words. */
const SHORTEST_UNQUOTED = 4;

/**
 * A command as people may see it: name and first arguments, shortened, secrets masked. Of a command
 * that no server has only the name is shown: it may be a misspelt AUTH.
 *
 * @example `describeCommand(["SET", "foo", "bar"])` is `"SET foo bar"`; `describeCommand(["AUTH",
 * "x"])` is `"AUTH ***"`
 */
export function describeCommand(argv: readonly Argument[]): string {
  const limit = shownWords(argv);
  const shown = argv.slice(0, limit ?? SHOWN_ARGUMENTS + 1).map(show);
  shown[0] = nameOf(argv);
  const isNameCut = limit !== undefined && shown[0] !== show(argv[0] ?? "");
  if (argv.length > shown.length || isNameCut) shown.push(limit === undefined ? "…" : MASK);
  return shown.join(" ");
}

/** What a server says of a command, without the secrets of it that it repeats. */
export function maskMessage(argv: readonly Argument[], message: string): string {
  const repetition = message.indexOf(REPETITION);
  const words = hideLiteral(repetition < 0 ? message : message.slice(0, repetition));
  const limit = shownWords(argv);
  if (limit === undefined) return words;
  const name = wholeText(argv[0] ?? "");
  let masked = name === nameOf(argv) ? words : hide(words, name);
  // Without the repetition it names the command, and nothing else.
  if (repetition >= 0) return masked;
  // The code stays, though AUTH is an argument of MIGRATE and a part of NOAUTH.
  const code = CODE.exec(masked)?.[0] ?? "";
  masked = masked.slice(code.length);
  for (const argument of argv.slice(limit)) masked = hide(masked, wholeText(argument));
  return code + masked;
}

/** How many words of a command that can hold secrets may be shown; `undefined` for any other. */
function shownWords(argv: readonly Argument[]): number | undefined {
  const name = show(argv[0] ?? "").toUpperCase();
  const known = MASKED.get(name) ?? MASKED.get(`${name} ${show(argv[1] ?? "").toUpperCase()}`);
  // The commands of modules, which have a dot, are not among the facts.
  if (known !== undefined || factsOf(argv) !== undefined || isOfModule(name)) return known;
  return factsOf(argv.slice(0, 1)) === undefined ? 1 : 2;
}

function isOfModule(name: string): boolean {
  return name.includes(".") && !name.includes(" ");
}

/** The name; without what follows where a whole command was given as its name. */
function nameOf(argv: readonly Argument[]): string {
  return NAME.exec(show(argv[0] ?? ""))?.[0] ?? "";
}

/** Masks a text or number of a program that does not compile: it may be what somebody put there. */
function hideLiteral(message: string): string {
  const at = message.indexOf(NEAR) + NEAR.length;
  const isLiteral = at >= NEAR.length && LITERAL.test(message.slice(at, at + 1));
  return isLiteral ? `${message.slice(0, at)}${MASK}'` : message;
}

/** Masks every occurrence of a text, also one that the server has cut, or put on one line. */
function hide(message: string, text: string): string {
  const line = text.replaceAll("\r", " ").replaceAll("\n", " ");
  if (text.length < SHORTEST_UNQUOTED) {
    return ["'", '"', "`"].reduce(
      (masked, quote) => masked.replaceAll(quote + line + quote, () => quote + MASK + quote),
      message,
    );
  }
  return hideOne(line === text ? message : hideOne(message, text), line);
}

function hideOne(message: string, text: string): string {
  const start = text.slice(0, LONGEST_COMPARED);
  let masked = "";
  let from = 0;
  for (;;) {
    const at = message.indexOf(start, from);
    if (at < 0) return masked + message.slice(from);
    let length = start.length;
    while (length < text.length && text[length] === message[at + length]) length += 1;
    masked += message.slice(from, at) + MASK;
    from = at + length;
  }
}

function wholeText(argument: Argument): string {
  return argument instanceof Uint8Array ? Buffer.from(argument).toString() : String(argument);
}

function show(argument: Argument): string {
  const text = toText(argument);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function toText(argument: Argument): string {
  if (!(argument instanceof Uint8Array)) return String(argument);
  return Buffer.from(argument.subarray(0, SHOWN_CHARACTERS + 1)).toString();
}
