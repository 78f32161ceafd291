import { endListening, listenTo } from "../base/aborts.ts";
import { FairTime } from "../base/fair_time.ts";
import { Command } from "../command/command.ts";
import { raw } from "../command/decoders.ts";
import {
  AuthenticationError,
  ClosedError,
  ConnectError,
  ProtocolError,
  RedisError,
  ServerError,
  TimeoutError,
} from "../errors.ts";
import type { Argument } from "../protocol/resp.ts";
import { call } from "./call.ts";
import { Connection } from "./connection.ts";
import { authArguments, type Credentials, credentialsNow } from "./credentials.ts";
import { failureOf } from "./failures.ts";
import type { Settings } from "./options.ts";
import { LIBRARY_NAME, LIBRARY_VERSION } from "./version.ts";

/**
 * Opens a connection that is ready for commands: authenticated, in the right database, speaking
 * RESP3 if the server does. All of it within the connect timeout.
 *
 * @param closing ends the attempt when it fires
 * @throws {ConnectError | TimeoutError | AuthenticationError}
 */
export async function connect(settings: Settings, closing?: AbortSignal): Promise<Connection> {
  const { address, connectTimeoutMs } = settings;
  const time = new FairTime(connectTimeoutMs);
  const credentials = await credentialsNow(settings, { deadline: time.deadline, closing });
  const connection = await Connection.open(settings, time, closing);
  connection.onClose = (reason, unfinished) => {
    for (const request of unfinished) request.fail(failureOf(reason));
  };
  const onClosing = (): void =>
    connection.destroy(new ClosedError("The client ended", { address }));
  listenTo(closing, onClosing);
  if (closing?.aborted === true) onClosing();
  const endTimer = time.timer(() => {
    const message =
      `${address} accepted the connection, but answered nothing within ${connectTimeoutMs} ms; ` +
      "is it a Redis or Valkey server, and not overloaded?";
    connection.destroy(new TimeoutError(message, { address, applied: false, attempts: 1 }));
  });
  try {
    await shakeHands(connection, settings, credentials);
    // A server that greets and then fails has earned no repeats.
    connection.answered = 0;
    return connection;
  } catch (error) {
    const reason = explain(error, settings, credentials);
    connection.destroy(new ConnectError(reason.message, { address, cause: reason }));
    throw reason;
  } finally {
    endTimer();
    endListening(closing, onClosing);
  }
}

/** Nothing else is written until the credentials have been accepted. */
async function shakeHands(
  connection: Connection,
  settings: Settings,
  credentials: Credentials | undefined,
): Promise<void> {
  const speaksResp3 = settings.protocol === 3 && (await hello(connection, credentials));
  if (!speaksResp3 && credentials !== undefined) {
    await exchange(connection, authArguments(credentials));
  }
  const greetings: Promise<unknown>[] = [];
  if (!speaksResp3) {
    greetings.push(
      exchange(connection, ["PING"]).catch(unlessAuthentication),
      identify(connection).catch(unlessLost),
    );
  }
  if (settings.db !== 0) greetings.push(exchange(connection, ["SELECT", settings.db]));
  if (settings.clientName !== undefined) {
    greetings.push(exchange(connection, ["CLIENT", "SETNAME", settings.clientName]));
  }
  greetings.push(
    // Unknown to servers before 7.2, and refused to some ACL users: nothing depends on it.
    exchange(connection, ["CLIENT", "SETINFO", "LIB-NAME", LIBRARY_NAME]).catch(unlessLost),
    exchange(connection, ["CLIENT", "SETINFO", "LIB-VER", LIBRARY_VERSION]).catch(unlessLost),
  );
  await Promise.all(greetings);
}

/** What HELLO tells over RESP3. A user who may not ask goes without. */
async function identify(connection: Connection): Promise<void> {
  const id = await exchange(connection, ["CLIENT", "ID"]);
  if (typeof id === "number") connection.clientId = id;
}

/** @returns whether the server speaks RESP3 from now on */
async function hello(
  connection: Connection,
  credentials: Credentials | undefined,
): Promise<boolean> {
  const auth = credentials && ["AUTH", credentials.username ?? "default", credentials.password];
  try {
    const facts = await exchange(connection, ["HELLO", 3, ...(auth ?? [])]);
    const id = factOf(facts, "id");
    if (typeof id === "number") connection.clientId = id;
    const role = factOf(facts, "role");
    if (typeof role === "string") connection.wasPrimary = role === "master" || role === "primary";
    return true;
  } catch (error) {
    if (error instanceof ServerError && refusesHello(error)) return false;
    throw error;
  }
}

/** HELLO's reply is a flat map. */
function factOf(facts: unknown, name: string): unknown {
  return Array.isArray(facts) ? facts[facts.indexOf(name) + 1] : undefined;
}

function refusesHello(error: ServerError): boolean {
  if (error.code === "NOPROTO" || error.code === "NOPERM") return true;
  return error.code === "ERR" && String(error.cause).toLowerCase().includes("unknown command");
}

function exchange(connection: Connection, argv: readonly Argument[]): Promise<unknown> {
  const limits = {
    deadline: 0,
    maxRetries: 0,
    retry: "never",
    address: connection.address,
  } as const;
  return call(connection, new Command<unknown>(argv, raw), limits);
}

function unlessAuthentication(error: unknown): void {
  if (!(error instanceof ServerError) || error instanceof AuthenticationError) throw error;
}

function unlessLost(error: unknown): void {
  if (!(error instanceof ServerError)) throw error;
}

function explain(
  error: unknown,
  settings: Settings,
  credentials: Credentials | undefined,
): RedisError {
  const { address } = settings;
  const { code, cause } = error instanceof RedisError ? error : { code: "ERR", cause: error };
  if (error instanceof AuthenticationError) {
    const advice =
      credentials === undefined
        ? "it wants a password: give `password` (and `username`), or put them into the URL"
        : "check `username` and `password`";
    const message = `${address} refused the connection: ${String(cause)} (${advice})`;
    const details = { code, address, applied: false, attempts: 1, cause } as const;
    return new AuthenticationError(message, details);
  }
  if (error instanceof ServerError) {
    const message = `${address} refused the connection: ${String(cause)}`;
    return new ConnectError(message, { address, cause: error });
  }
  if (cause instanceof TimeoutError) return cause;
  if (cause instanceof ProtocolError) {
    const advice = "Is it a Redis or Valkey server, and is the port right (TLS needs rediss://)?";
    const message = `${cause.message}. ${advice}`;
    return new ConnectError(message, { address, cause });
  }
  const text = cause instanceof Error ? cause.message : String(error);
  const advice = settings.tls === undefined ? "; does it expect TLS (rediss://)?" : "";
  const message = `Cannot connect to ${address}: ${text}${advice}`;
  return new ConnectError(message, { address, cause: error });
}
