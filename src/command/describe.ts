import type { Argument } from "../protocol/resp.ts";

const SHOWN_ARGUMENTS = 5;
const SHOWN_CHARACTERS = 64;

/**
 * Commands whose arguments can be secrets or programs, and how many words of them may be shown
 * (the name included).
 */
const MASKED = new Map<string, number>([
  ["AUTH", 1],
  ["HELLO", 1],
  ["MIGRATE", 3],
  ["EVAL", 1],
  ["EVAL_RO", 1],
  ["SCRIPT LOAD", 2],
  ["FUNCTION LOAD", 2],
  ["FUNCTION RESTORE", 2],
  ["ACL SETUSER", 3],
  ["CONFIG SET", 2],
]);

/**
 * A command as people may see it: name and first arguments, shortened, secrets masked.
 *
 * @example `describeCommand(["SET", "foo", "bar"])` is `"SET foo bar"`; `describeCommand(["AUTH",
 * "x"])` is `"AUTH ***"`
 */
export function describeCommand(argv: readonly Argument[]): string {
  const limit = shownWords(argv);
  const shown = argv.slice(0, limit ?? SHOWN_ARGUMENTS + 1).map(show);
  if (argv.length > shown.length) shown.push(limit === undefined ? "…" : "***");
  return shown.join(" ");
}

/** What a server says of a command, without the secrets of it that it repeats in quotes. */
export function maskMessage(argv: readonly Argument[], message: string): string {
  const limit = shownWords(argv);
  if (limit === undefined) return message;
  let masked = message;
  for (const argument of argv.slice(limit)) {
    const text = argument instanceof Uint8Array ? Buffer.from(argument).toString() : argument;
    masked = masked.replaceAll(`'${text}'`, () => "'***'");
  }
  return masked;
}

/** How many words of a command that can hold secrets may be shown; `undefined` for any other. */
function shownWords(argv: readonly Argument[]): number | undefined {
  const name = show(argv[0] ?? "").toUpperCase();
  return MASKED.get(name) ?? MASKED.get(`${name} ${show(argv[1] ?? "").toUpperCase()}`);
}

function show(argument: Argument): string {
  const text = toText(argument);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function toText(argument: Argument): string {
  if (!(argument instanceof Uint8Array)) return String(argument);
  return Buffer.from(argument.subarray(0, SHOWN_CHARACTERS + 1)).toString();
}
