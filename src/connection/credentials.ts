import { within } from "../base/within.ts";
import { Command } from "../command/command.ts";
import { ok } from "../command/decoders.ts";
import { PLAIN } from "../command/traits.ts";
import { ConnectError, ServerError, TimeoutError } from "../errors.ts";
import { TEXT } from "../protocol/resp.ts";
import { type CallLimits, call } from "./call.ts";
import type { Connection } from "./connection.ts";

/** Who a connection is to the server. */
export interface Credentials {
  /** ACL user; default is the server's `default` user. */
  readonly username?: string | undefined;
  readonly password: string;
}

/** Gives the credentials of each connection: for those that change, or are fetched. */
export interface CredentialProvider {
  /** Asked for each new connection; within the connect timeout. */
  get(): Credentials | Promise<Credentials>;
  /**
   * Says that `listener` is to be called with every new set of credentials, with which all open
   * connections authenticate again; sessions keep theirs until they end.
   *
   * @returns ends that
   */
  subscribe?(listener: (credentials: Credentials) => void): () => void;
}

/** The credentials that the options hold, or that their provider gives now. */
export interface CredentialSource {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly provider: CredentialProvider | undefined;
  readonly address: string;
}

/**
 * The credentials for a new connection; `undefined` for none.
 *
 * @throws {ConnectError} if the provider fails
 * @throws {TimeoutError} if it takes longer than until `deadline`
 */
export async function credentialsNow(
  { username, password, provider, address }: CredentialSource,
  limits: { readonly deadline: number; readonly closing: AbortSignal | undefined },
): Promise<Credentials | undefined> {
  if (provider === undefined) {
    // A user without a password is one whom the server lets in without (`nopass`), not nobody.
    const isSomebody = username !== undefined || password !== undefined;
    return isSomebody ? { username, password: password ?? "" } : undefined;
  }
  const details = { address, applied: false, attempts: 1 } as const;
  try {
    return check(
      await within(
        Promise.resolve().then(() => provider.get()),
        {
          deadline: limits.deadline,
          signal: limits.closing,
          onTimeout: () =>
            new TimeoutError("The provider of credentials gave none in time", details),
          onAbort: () => new ConnectError("The client ended", details),
        },
      ),
    );
  } catch (error) {
    if (error instanceof TimeoutError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const message = `Cannot connect to ${address}: the provider of credentials failed: ${text}`;
    throw new ConnectError(message, { ...details, cause: error });
  }
}

function check(given: Credentials): Credentials {
  const { username, password } = given;
  const isUser = username === undefined || (typeof username === "string" && username !== "");
  if (isUser && typeof password === "string") return given;
  throw new TypeError("it must give { username?: string, password: string }");
}

/** AUTH with its arguments. */
export function authArguments({ username, password }: Credentials): readonly string[] {
  return username === undefined ? ["AUTH", password] : ["AUTH", username, password];
}

/**
 * Authenticates an open connection again, in its order of commands. A refusal leaves it with what
 * it has; the loss of the connection is told elsewhere.
 *
 * @throws {ServerError} if the server refuses
 */
export async function reauthenticate(
  connection: Connection,
  credentials: Credentials,
  limits: CallLimits,
): Promise<void> {
  const command = new Command(authArguments(credentials), ok, TEXT, PLAIN);
  try {
    await call(connection, command, limits);
  } catch (error) {
    if (error instanceof ServerError) throw error;
  }
}
