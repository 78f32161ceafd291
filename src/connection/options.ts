import type { BackoffOptions } from "../base/backoff.ts";
import { OptionsError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../protocol/limits.ts";
import type { ConnectionSettings } from "./connection.ts";
import type { CredentialProvider, CredentialSource } from "./credentials.ts";
import type { OpenStream, TlsOptions } from "./endpoint.ts";
import { parseUrl } from "./url.ts";

/** How to reach a server and how to behave towards it. Everything has a default. */
export interface RedisOptions {
  /** `redis://`, `rediss://` (TLS) or `unix://` URL; other options win over its parts. */
  readonly url?: string | undefined;
  /** Host name or IP address; default `"127.0.0.1"`. */
  readonly host?: string | undefined;
  /** TCP port; default 6379. */
  readonly port?: number | undefined;
  /** Path of a unix socket, instead of host and port. */
  readonly path?: string | undefined;
  /** ACL user; default is the server's `default` user. */
  readonly username?: string | undefined;
  /** Password of the user. */
  readonly password?: string | undefined;
  /**
   * Gives the credentials of each connection, instead of `username` and `password`: a function, or
   * a provider that also tells when they change.
   */
  readonly credentials?: CredentialProvider | CredentialProvider["get"] | undefined;
  /** Number of the database; default 0. */
  readonly db?: number | undefined;
  /** `true`, or options of `node:tls`; certificate chain and host name are verified. */
  readonly tls?: boolean | TlsOptions | undefined;
  /**
   * Opens each connection's byte stream in place of typedis, for example through a tunnel; `host`
   * and `port` are passed on to it.
   */
  readonly openStream?: OpenStream | undefined;
  /** Name shown by `CLIENT LIST`. */
  readonly clientName?: string | undefined;
  /** The protocol to speak: 3, falling back to 2 where the server refuses it (default), or 2. */
  readonly protocol?: 2 | 3 | undefined;
  /** Milliseconds a connection may take until it can carry commands; default 5000. */
  readonly connectTimeout?: number | undefined;
  /**
   * Milliseconds a command may take, from the call to its reply, waiting and reconnecting included;
   * default 5000. 0 is no limit.
   */
  readonly commandTimeout?: number | undefined;
  /** Milliseconds `close()` waits for replies that are still owed; default 5000. */
  readonly closeTimeout?: number | undefined;
  /**
   * Delay before each try to reconnect, in milliseconds; default `{ base: 50, cap: 2000 }`, with
   * full jitter.
   */
  readonly reconnect?: Partial<BackoffOptions> | undefined;
  /** How often a read whose reply was lost is sent again; default 3. A write never is. */
  readonly maxRetries?: number | undefined;
  /**
   * Commands that may wait while there is no connection, or it takes no more; default 100000.
   * Further ones get a `QueueFullError`, which `redis.drained()` helps to avoid.
   */
  readonly maxQueued?: number | undefined;
  /** Bytes that these may hold; default 2^28 (256 MiB). */
  readonly maxQueuedBytes?: number | undefined;
  /** What a reply may be at most; a larger one ends its connection with a `ProtocolError`. */
  readonly replyLimits?: ReplyLimits | undefined;
  /** Connections for WATCH and blocking commands. */
  readonly pool?: PoolOptions | undefined;
}

/** What a server may send before it is taken to be broken. */
export interface ReplyLimits {
  /** Bytes of one reply on the wire; default 2^30. */
  readonly bytes?: number | undefined;
  /** Bytes of one string in it; default 2^29, which is also the servers' own limit. */
  readonly bulkBytes?: number | undefined;
  /** Elements of one reply, nested ones included; a map has two per entry; default 2^24. */
  readonly elements?: number | undefined;
  /** Aggregates within each other; default 128. */
  readonly depth?: number | undefined;
}

/** Limits of the pool of leased connections. */
export interface PoolOptions {
  /** Open leased connections at most; default 16. Who wants one more waits. */
  readonly max?: number | undefined;
  /** Who wants one more than so many that wait gets a `QueueFullError`; default 10000. */
  readonly maxWaiting?: number | undefined;
  /** Milliseconds an unused leased connection stays open; default 30000. */
  readonly idleTimeout?: number | undefined;
}

/** {@link RedisOptions}, checked and complete. */
export interface Settings extends ConnectionSettings, CredentialSource {
  readonly db: number;
  readonly clientName: string | undefined;
  readonly protocol: 2 | 3;
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly maxRetries: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly poolMax: number;
  readonly poolMaxWaiting: number;
  readonly poolIdleMs: number;
}

const KNOWN: ReadonlySet<string> = new Set([
  ..."url host port path username password credentials db tls openStream clientName protocol".split(
    " ",
  ),
  ..."connectTimeout commandTimeout closeTimeout reconnect maxRetries maxQueued".split(" "),
  ..."maxQueuedBytes replyLimits pool".split(" "),
]);
/** The options of every backoff. */
export const BACKOFF: ReadonlySet<string> = new Set(["base", "cap"]);
const REPLY_LIMITS: ReadonlySet<string> = new Set("bytes bulkBytes elements depth".split(" "));
const MAX_BYTES = Number.MAX_SAFE_INTEGER;
const POOL: ReadonlySet<string> = new Set(["max", "maxWaiting", "idleTimeout"]);

/**
 * Checks options and fills in the defaults.
 *
 * @throws {OptionsError} naming the option, what it is and what it may be; never showing a password
 */
export function resolveSettings(given: string | RedisOptions): Settings {
  const options = mergeUrl(given);
  const port = whole(options.port, "port", 1, 65_535) ?? 6379;
  const host = noUrl(options.host, "host") ?? "127.0.0.1";
  const path = noUrl(options.path, "path");
  return {
    host,
    port,
    path,
    address: path ?? (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`),
    username: text(options.username, "username"),
    password: text(options.password, "password"),
    provider: provider(options),
    db: whole(options.db, "db", 0, 2 ** 31) ?? 0,
    tls: tls(options.tls),
    openStream: openStream(options.openStream),
    clientName: clientName(options.clientName),
    protocol: protocol(options.protocol),
    ...timeouts(options),
    ...limits(options),
    limits: replyLimits(options.replyLimits),
  };
}

function mergeUrl(given: string | RedisOptions): RedisOptions {
  if (typeof given === "string") return parseUrl(given);
  checkNames(given, "a URL or options", KNOWN);
  const url = text(given.url, "url");
  const defined = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  return url === undefined ? defined : { ...parseUrl(url), ...defined };
}

/**
 * Checks that `value` is an object of options that are all known.
 *
 * @param what for the message: what is expected
 * @throws {OptionsError}
 */
export function checkNames(value: unknown, what: string, known: ReadonlySet<string>): void {
  if (!isPlain(value)) throw new OptionsError(`Expected ${what}, but got ${kindOf(value)}`);
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    throw new OptionsError(
      `There is no option "${name}" in ${what}; there are: ${[...known].join(", ")}`,
    );
  }
}

/** An instance of a class keeps what it knows elsewhere: as options it would say nothing. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.keys(value).length > 0;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return Array.isArray(value)
    ? "an array"
    : `an instance of ${value.constructor?.name ?? "no class"}`;
}

function timeouts(
  options: RedisOptions,
): Pick<Settings, "connectTimeoutMs" | "commandTimeoutMs" | "closeTimeoutMs" | "backoff"> {
  if (options.reconnect !== undefined) checkNames(options.reconnect, "reconnect", BACKOFF);
  return {
    connectTimeoutMs: whole(options.connectTimeout, "connectTimeout", 1) ?? 5_000,
    commandTimeoutMs: whole(options.commandTimeout, "commandTimeout", 0) ?? 5_000,
    closeTimeoutMs: whole(options.closeTimeout, "closeTimeout", 0) ?? 5_000,
    backoff: {
      base: whole(options.reconnect?.base, "reconnect.base", 0) ?? 50,
      cap: whole(options.reconnect?.cap, "reconnect.cap", 0) ?? 2_000,
    },
  };
}

function limits(
  options: RedisOptions,
): Pick<
  Settings,
  "maxRetries" | "maxQueued" | "maxQueuedBytes" | "poolMax" | "poolMaxWaiting" | "poolIdleMs"
> {
  if (options.pool !== undefined) checkNames(options.pool, "pool", POOL);
  return {
    maxRetries: whole(options.maxRetries, "maxRetries", 0) ?? 3,
    maxQueued: whole(options.maxQueued, "maxQueued", 0) ?? 100_000,
    maxQueuedBytes: whole(options.maxQueuedBytes, "maxQueuedBytes", 0, MAX_BYTES) ?? 2 ** 28,
    poolMax: whole(options.pool?.max, "pool.max", 1) ?? 16,
    poolMaxWaiting: whole(options.pool?.maxWaiting, "pool.maxWaiting", 0) ?? 10_000,
    poolIdleMs: whole(options.pool?.idleTimeout, "pool.idleTimeout", 0) ?? 30_000,
  };
}

function replyLimits(given: ReplyLimits | undefined): Settings["limits"] {
  if (given === undefined) return DEFAULT_LIMITS;
  checkNames(given, "replyLimits", REPLY_LIMITS);
  const { maxBulkBytes, maxReplyBytes, maxReplyElements, maxDepth } = DEFAULT_LIMITS;
  const limit = (name: keyof ReplyLimits, byDefault: number): number =>
    whole(given[name], `replyLimits.${name}`, 1, MAX_BYTES) ?? byDefault;
  return {
    maxBulkBytes: limit("bulkBytes", maxBulkBytes),
    maxReplyBytes: limit("bytes", maxReplyBytes),
    maxReplyElements: limit("elements", maxReplyElements),
    maxDepth: limit("depth", maxDepth),
  };
}

/** Checks a whole number. */
export function whole(
  value: unknown,
  name: string,
  min: number,
  max: number = 2 ** 31 - 1,
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  const got = typeof value === "number" ? String(value) : typeof value;
  throw new OptionsError(
    `Option ${name} must be a whole number from ${min} to ${max}, but is ${got}`,
  );
}

function text(value: unknown, name: string): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new OptionsError(
    `Option ${name} must be a non-empty string, but is ${value === "" ? "empty" : typeof value}`,
  );
}

function provider(options: RedisOptions): CredentialProvider | undefined {
  const { credentials, username, password } = options;
  if (credentials === undefined) return undefined;
  if (username !== undefined || password !== undefined) {
    throw new OptionsError("Give either credentials, or username and password");
  }
  if (typeof credentials === "function") return { get: credentials };
  if (typeof credentials === "object" && typeof credentials?.get === "function") return credentials;
  throw new OptionsError(
    `Option credentials must be a function or { get, subscribe? }, but is ${kindOf(credentials)}`,
  );
}

/** A host or path is shown everywhere; a URL in its place can hold a password. */
function noUrl(value: unknown, name: string): string | undefined {
  const place = text(value, name);
  if (place?.includes("://") !== true && (name === "path" || place?.includes("@") !== true)) {
    return place;
  }
  throw new OptionsError(`Option ${name} must not be a URL; give that as option url`);
}

function tls(value: unknown): TlsOptions | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    // Node looks at it only when it has begun to connect, and then nobody hears how that ends.
    const servername: unknown = "servername" in value ? value.servername : undefined;
    if (servername === undefined || typeof servername === "string") return value;
    throw new OptionsError(`Option tls.servername must be a string, but is ${kindOf(servername)}`);
  }
  throw new OptionsError(
    `Option tls must be true, false or options of node:tls, but is ${kindOf(value)}`,
  );
}

function openStream(value: OpenStream | undefined): OpenStream | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new OptionsError(`Option openStream must be a function, but is ${kindOf(value)}`);
}

function clientName(value: unknown): string | undefined {
  const name = text(value, "clientName");
  for (const character of name ?? "") {
    if (character < "!" || character > "~") {
      throw new OptionsError("Option clientName must be printable ASCII without spaces");
    }
  }
  return name;
}

function protocol(value: unknown): 2 | 3 {
  if (value === undefined) return 3;
  if (value === 2 || value === 3) return value;
  throw new OptionsError(
    `Option protocol must be 2 or 3, but is ${typeof value === "number" ? value : typeof value}`,
  );
}
