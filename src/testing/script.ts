/** What a scripted server does in one conversation, and how it is told. */

/** Waits for the next command and compares it. */
export interface ExpectStep {
  /** Name and arguments, all of them. The name may be in upper or lower case. */
  readonly expect: readonly (string | RegExp)[];
  /** What to send back, in RESP, such as `"+OK\r\n"`. Default: nothing. */
  readonly reply?: string | Uint8Array | undefined;
}

/** Sends bytes, whether it was asked or not. */
export interface SendStep {
  /** A string is sent as UTF-8. */
  readonly send: string | Uint8Array;
}

/** Waits. What the client sends meanwhile is looked at afterwards. */
export interface WaitStep {
  /** Milliseconds, or what says when to go on. */
  readonly wait: number | (() => PromiseLike<unknown>);
}

/** Ends the conversation when everything before it was sent. */
export interface CloseStep {
  /** In order (FIN), or with a reset (RST), as a crash does. */
  readonly close: "end" | "reset";
}

/** A step of a scripted conversation. */
export type ScriptStep = ExpectStep | SendStep | WaitStep | CloseStep;

const MAX_SHOWN = 60;

/** Whether a command is what a step expects. */
export function isExpected({ expect }: ExpectStep, command: readonly string[]): boolean {
  return (
    expect.length === command.length &&
    expect.every((wanted, index) => {
      const got = command[index] ?? "";
      if (typeof wanted !== "string") return wanted.test(got);
      return index === 0 ? wanted.toUpperCase() === got.toUpperCase() : wanted === got;
    })
  );
}

/** A step as people read it. */
export function describeStep(step: ScriptStep): string {
  if ("expect" in step) return `expect ${describeWords(step.expect)}`;
  if ("send" in step) return `send ${shortened(JSON.stringify(String(step.send)))}`;
  if ("close" in step) return `close (${step.close})`;
  return typeof step.wait === "number" ? `wait ${step.wait} ms` : "wait";
}

/** A command as people read it. */
export function describeWords(words: readonly (string | RegExp)[]): string {
  return words
    .map((word) => {
      if (typeof word !== "string") return String(word);
      return shortened(/^[\w.:*-]+$/.test(word.slice(0, MAX_SHOWN)) ? word : JSON.stringify(word));
    })
    .join(" ");
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
