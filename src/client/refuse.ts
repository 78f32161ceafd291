import type { Command } from "../command/command.ts";
import { describeCommand } from "../command/describe.ts";
import { ArgumentError, PipelineStateError } from "../errors.ts";

const NO_SUBSCRIPTIONS = "typedis has no subscriptions";
const NO_REPLICA = "typedis is no replica";
const SESSION = "use redis.session()";

/** What to do instead; by name, or by the first two words. */
const INSTEAD: Readonly<Record<string, string>> = {
  MULTI: "use redis.pipeline({ transaction: true })",
  EXEC: "use redis.pipeline({ transaction: true })",
  DISCARD: "use pipe.discard()",
  WATCH: "use pipe.watch() or redis.transaction({ watch })",
  UNWATCH: "a watch block unwatches by itself",
  SELECT: `connect with the option \`db\`, or ${SESSION}`,
  AUTH: "connect with the options `username` and `password`",
  HELLO: "connect with the option `protocol`",
  QUIT: "use redis.close()",
  RESET: "make a new client",
  MONITOR: "use redis.monitor()",
  PSUBSCRIBE: NO_SUBSCRIPTIONS,
  PUNSUBSCRIBE: NO_SUBSCRIPTIONS,
  SSUBSCRIBE: NO_SUBSCRIPTIONS,
  SUBSCRIBE: NO_SUBSCRIPTIONS,
  SUNSUBSCRIBE: NO_SUBSCRIPTIONS,
  UNSUBSCRIBE: NO_SUBSCRIPTIONS,
  PSYNC: NO_REPLICA,
  REPLCONF: NO_REPLICA,
  SYNC: NO_REPLICA,
  "CLIENT REPLY": "typedis wants a reply to every command",
  "CLIENT SETNAME": `connect with the option \`clientName\`, or ${SESSION}`,
};

/** @throws {ArgumentError} if what should run is no function */
export function checkBody<F>(body: F | undefined, of: string): asserts body is F {
  if (typeof body === "function") return;
  const kind = body === null ? "null" : typeof body;
  throw new ArgumentError(`${of} needs a function to run, but got ${kind}`);
}

/** The refusal of a command on what has ended. */
export function refuseLate({ argv }: Command<unknown>, why: string): PipelineStateError {
  return new PipelineStateError(why, { command: describeCommand(argv) });
}

/** The refusal of a command that would change the connection for everybody who shares it. */
export function refuseStateful(command: Command<unknown>, surface: string): ArgumentError {
  const [name = "", option = ""] = command.argv
    .slice(0, 2)
    .map((word) => String(word).toUpperCase());
  const advice = INSTEAD[name] ?? INSTEAD[`${name} ${option}`] ?? SESSION;
  const why = "it changes the state of a connection that others share";
  return new ArgumentError(`${name} cannot be sent on ${surface}: ${why}; ${advice}`, {
    command: describeCommand(command.argv),
  });
}
