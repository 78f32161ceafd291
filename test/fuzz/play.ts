import { inspect, isDeepStrictEqual } from "node:util";
import type { Command } from "../../src/command/command.ts";
import { isReadOnly } from "../../src/command/facts.ts";
import {
  command as builder,
  DecodeError,
  Redis,
  RedisError,
  ServerError,
  type Session,
  TransportError,
  WatchError,
} from "../../src/index.ts";
import { Decoder } from "../../src/protocol/decode.ts";
import { ErrorReply, type ReplyForm, type RespValue } from "../../src/protocol/resp.ts";
import { FuzzServer } from "./fuzz_server.ts";
import type { FuzzCall, Group, Scenario } from "./scenario.ts";

/** What became of a promise. */
type Outcome =
  | { readonly status: "fulfilled"; readonly value: unknown }
  | { readonly status: "rejected"; readonly reason: unknown };

/** Calls whose promises settle later than this hang. */
const HANG_MS = 30_000;
/** Calls that follow a scenario, to see whether the client is in order. */
const CHECKS = 5;

/** How a scenario went. */
export interface Result {
  readonly calls: number;
  readonly complaints: readonly string[];
}

/** Runs a scenario against a server of its own. @returns what was wrong about it */
export async function play(scenario: Scenario): Promise<Result> {
  const server = await FuzzServer.start(scenario);
  const complaints: string[] = [];
  try {
    const timeout = scenario.fault === undefined ? 20_000 : 150;
    const connecting = Redis.connect({
      path: server.path,
      protocol: scenario.protocol,
      connectTimeout: timeout,
      reconnect: { base: 1, cap: 3 },
      pool: { max: 3 },
    });
    const [connected] = await settle([connecting]);
    if (connected?.status !== "fulfilled") {
      complaints.push(...complaintsOfConnect(connected?.reason, server));
      return { calls: 1, complaints };
    }
    const client = await connecting;
    const redis = client.with({ timeout });
    try {
      complaints.push(...(await converse(redis, server)));
      server.speakUp();
      complaints.push(...(await check(redis, server)));
      if (scenario.fault === undefined && server.ended > 0) {
        complaints.push("the client ended a connection on which everything was valid");
      }
    } finally {
      client.destroy();
    }
    return { calls: server.calls.length + CHECKS, complaints };
  } finally {
    await server.stop();
  }
}

async function converse(redis: Redis, server: FuzzServer): Promise<string[]> {
  const groups = server.scenario.groups.map((group) => run(redis, group));
  const [settled] = await settle([Promise.all(groups)]);
  if (settled?.status !== "fulfilled") return [`the calls failed: ${inspect(settled?.reason)}`];
  const outcomes = (await Promise.all(groups)).flat();
  return server.calls.flatMap((call, tag) => {
    const outcome = outcomes[tag];
    if (outcome === undefined) return [`${tag}: has no outcome`];
    const found = complaintsOf(outcome, { call, tag, server });
    return found.map((text) => `${tag} ${String(call.command.argv[0])}: ${text}`);
  });
}

/** One outcome per call, in their order. */
async function run(redis: Redis, { way, calls }: Group): Promise<Outcome[]> {
  const commands = calls.map(({ command }) => command);
  switch (way) {
    case "client":
      return settle(commands.map((command) => redis.run(command)));
    case "session":
      return inSession(redis, commands);
    case "watch":
      return inWatch(redis, commands);
    default: {
      const transaction = way === "transaction";
      const pipe = redis.pipeline({ raiseOnError: false, transaction });
      const handles = commands.map((command) => pipe.run(command));
      await settle([pipe.execute()]);
      return settle(handles);
    }
  }
}

async function inSession(redis: Redis, commands: readonly Command<unknown>[]): Promise<Outcome[]> {
  const begun: Promise<unknown>[] = [];
  const body = async (session: Session): Promise<void> => {
    for (const command of commands) begun.push(session.run(command));
    await settle(begun);
  };
  return withOutcomeOf(redis.session(body), begun, commands.length);
}

/** The first half is read while the keys are watched, the others are the transaction. */
async function inWatch(redis: Redis, commands: readonly Command<unknown>[]): Promise<Outcome[]> {
  const half = Math.floor(commands.length / 2);
  const pipe = redis.pipeline({ raiseOnError: false });
  const begun: PromiseLike<unknown>[] = [];
  const watching = pipe.watch("key", async (watched) => {
    for (const command of commands.slice(0, half)) begun.push(watched.run(command));
    await settle(begun);
    for (const command of commands.slice(half)) begun.push(pipe.run(command));
  });
  return withOutcomeOf(watching, begun, commands.length);
}

/** The outcomes of the calls that a scope began; those it did not begin share its own. */
async function withOutcomeOf(
  scope: Promise<unknown>,
  begun: readonly PromiseLike<unknown>[],
  length: number,
): Promise<Outcome[]> {
  const [ended] = await settle([scope]);
  const outcomes = await settle(begun);
  return Array.from({ length }, (_, index) => outcomes[index] ?? ended).filter(
    (outcome) => outcome !== undefined,
  );
}

/** Waits for all; one that hangs rejects with a text. */
async function settle(promises: readonly PromiseLike<unknown>[]): Promise<Outcome[]> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs")), HANG_MS);
  });
  hangs.catch(() => {});
  const outcomes = await Promise.allSettled(promises.map((one) => Promise.race([one, hangs])));
  clearTimeout(timer);
  return outcomes;
}

/** Tags that come back, over the shared connection. */
async function check(redis: Redis, server: FuzzServer): Promise<string[]> {
  const first = server.calls.length;
  const tags = Array.from({ length: CHECKS }, (_, index) => first + index);
  const outcomes = await settle(tags.map((tag) => redis.echo(`tag:${tag}`)));
  return tags.flatMap((tag, index) => {
    const outcome = outcomes[index];
    const text = `tag:${tag}`;
    const call: FuzzCall = { command: builder.echo(text), reply: `+${text}\r\n` };
    const found = outcome === undefined ? [] : complaintsOf(outcome, { call, tag, server });
    return found.map((complaint) => `check ${tag}: ${complaint}`);
  });
}

interface Context {
  readonly call: FuzzCall;
  readonly tag: number;
  readonly server: FuzzServer;
}

function complaintsOf(outcome: Outcome, context: Context): string[] {
  const { call, tag, server } = context;
  const error = outcome.status === "rejected" ? outcome.reason : undefined;
  if (outcome.status === "rejected" && !(error instanceof RedisError)) {
    return [`rejected with ${inspect(error)}`];
  }
  if (error instanceof RedisError && !isAnswer(error)) {
    if (server.scenario.fault === undefined) return [`failed with ${inspect(error)}`];
    return complaintsOfApplied(error, context);
  }
  // Behind wrong bytes any reply can be taken for any other, if need be before the server reads.
  const isUnread = server.hasGoneWrong && !server.received.has(tag);
  if (isUnread || server.doubtful.has(tag)) return [];
  // Sent again only where that keeps the order.
  const { refusal } = call;
  const isRefused = refusal !== undefined && error instanceof ServerError;
  if (isRefused && !server.executed.has(tag)) {
    return complaintsOfError(outcome, new ErrorReply(refusal));
  }
  return complaintsOfAnswer(outcome, call);
}

/** Whether it says what the server has answered. */
function isAnswer(error: unknown): boolean {
  const isWatch = error instanceof WatchError && error.reason === "conflict";
  return error instanceof ServerError || error instanceof DecodeError || isWatch;
}

function complaintsOfApplied(error: RedisError, { call, tag, server }: Context): string[] {
  const { applied, attempts } = error;
  if (applied === "unknown") return attempts === 0 ? ["unknown, but never tried"] : [];
  if (applied !== false) return [`applied is ${String(applied)} for ${inspect(error)}`];
  const isRead = isReadOnly(call.command.argv);
  // Behind wrong bytes it may have been told of another's refusal, and wait to be sent again.
  const isMisled = server.doubtful.has(tag) && server.refused.size > 0;
  return server.executed.has(tag) && !isRead && !isMisled
    ? [`was run, but: ${inspect(error)}`]
    : [];
}

/** What must have come out of the call's own reply. */
function complaintsOfAnswer(outcome: Outcome, { command, reply }: FuzzCall): string[] {
  const value = readAlone(reply, command.form);
  if (value instanceof ErrorReply) return complaintsOfError(outcome, value);
  let expected: unknown;
  try {
    expected = command.decode(value);
  } catch {
    const error = outcome.status === "rejected" ? outcome.reason : undefined;
    if (error instanceof DecodeError && error.applied === true) return [];
    return [`expected a DecodeError, but got ${inspect(outcome)}`];
  }
  if (outcome.status === "fulfilled" && isDeepStrictEqual(outcome.value, expected)) return [];
  return [`expected ${inspect(expected)}, but got ${inspect(outcome)}`];
}

/** The reply as it is for somebody who is alone with it. */
function readAlone(wire: string, form: ReplyForm): RespValue {
  let seen: RespValue = null;
  const sink = {
    pushForm: form,
    form: () => form,
    push: () => {},
    reply: (value: RespValue) => {
      seen = value;
    },
  };
  new Decoder(sink).write(Buffer.from(wire, "latin1"));
  return seen;
}

function complaintsOfError(outcome: Outcome, expected: ErrorReply): string[] {
  const error: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
  const isRight =
    error instanceof ServerError &&
    error.code === expected.code &&
    error.applied !== true &&
    error.message.includes(expected.message);
  return isRight ? [] : [`expected ${expected.message}, but got ${inspect(outcome)}`];
}

/** A first connect may fail only where the server said something wrong. */
function complaintsOfConnect(error: unknown, { scenario }: FuzzServer): string[] {
  if (!(error instanceof RedisError)) return [`connect rejected with ${inspect(error)}`];
  if (scenario.fault === undefined) return [`cannot connect: ${inspect(error)}`];
  const isRight = error instanceof TransportError || error instanceof ServerError;
  return isRight && error.applied === false ? [] : [`connect: ${inspect(error)}`];
}
