import type { Bulk, Command } from "../../src/command/command.ts";
import type { Commands } from "../../src/commands/index.ts";

/** A call of one command method, on anything that has the methods of `Group`. */
export type SampleCall<Group> = (on: Group) => Command<unknown>;

/** For every method of a group of commands its sample calls, one at least. */
export type SamplesOf<Group> = {
  readonly [Method in Exclude<keyof Group, "run">]: readonly [
    SampleCall<Group>,
    ...SampleCall<Group>[],
  ];
};

/** What sample calls are called on: the command builder, in text or in bytes form. */
export type AnyBuilder = Commands<"command", Bulk>;
