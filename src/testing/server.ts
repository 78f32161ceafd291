import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Endpoint } from "./ask.ts";
import { type Certificates, makeCertificates, type TlsFiles } from "./certificates.ts";
import { configurationText, TLS_FILE_NAMES } from "./configuration.ts";
import { ServerStartError } from "./errors.ts";
import { findServer, type ServerChoice } from "./find_server.ts";
import { type Identity, type Launch, ServerProcess } from "./server_process.ts";
import { HOST, listen } from "./sockets.ts";
import { Watchdog } from "./watchdog.ts";

/** Settings of {@link startServer}. All are optional. */
export interface ServerOptions extends ServerChoice {
  /** The password of the default user, or of `username`. */
  readonly password?: string | undefined;
  /** An ACL user who may do everything, with `password`. The default user is off then. */
  readonly username?: string | undefined;
  /** Speak TLS only; `clientAuth`: ask clients for a certificate. Certificates are made afresh. */
  readonly tls?: boolean | { readonly clientAuth?: boolean } | undefined;
  /** Listen on a unix socket, too. */
  readonly unixSocket?: boolean | undefined;
  /**
   * Directives of the server's configuration, each value written as in a configuration file:
   * `{ maxmemory: "10mb", "client-output-buffer-limit": "normal 1mb 0 0" }`.
   */
  readonly config?: Readonly<Record<string, string | number>> | undefined;
  /** How long a start may take, in milliseconds. Default: 10,000. */
  readonly startTimeout?: number | undefined;
}

/** What only a cluster sets. @internal */
export interface Placement {
  /** The only port to try. */
  readonly port: number;
  /** Files to write into the server's directory before the start. */
  readonly files: Readonly<Record<string, string>>;
}

const MAX_ATTEMPTS = 5;

/**
 * Starts a real Redis or Valkey server for a test, on a free port of the loopback address. It saves
 * nothing, lives in a temporary directory, and does not outlive this process, however that ends.
 *
 * @throws {ServerNotFoundError} if no server program is found.
 * @throws {ServerStartError} if the server does not get ready; the message ends with its log.
 * @example
 * ```ts
 * const server = await startServer({ version: "redis-7.0", config: { maxmemory: "10mb" } });
 * console.log(server.url); // redis://127.0.0.1:23456
 * await server.stop();
 * ```
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0] = await freePorts(1);
    try {
      return await startServerAt({ port, files: {} }, options);
    } catch (error) {
      // Somebody took the port between our look and the server's start: try another one.
      if (!isAddressInUse(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Starts a server at a given place. @internal */
export async function startServerAt(
  placement: Placement,
  options: ServerOptions,
): Promise<TestServer> {
  const binary = findServer(options);
  const directory = mkdtempSync(join(tmpdir(), "typedis-"));
  const watchdog = new Watchdog(directory);
  try {
    const launch = await prepare(binary, directory, watchdog, placement, options);
    const server = new ServerProcess(launch);
    return new TestServer(launch, server, await server.ready());
  } catch (error) {
    await watchdog.dismiss();
    throw error;
  }
}

/** Whether a start failed because another process has the port. @internal */
export function isAddressInUse(error: unknown): boolean {
  return error instanceof ServerStartError && error.code === "ADDRESS_IN_USE";
}

/** Finds ports that are free now. @internal */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(listeners.map((listener) => listen(listener)));
  } finally {
    await Promise.all(listeners.map((it) => new Promise((closed) => it.close(closed))));
  }
}

/** A real server for tests. Made by {@link startServer}. */
export class TestServer {
  /** `127.0.0.1` */
  readonly host: string = HOST;
  readonly port: number;
  /** The path of the unix socket, if there is one. */
  readonly path: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** What a client needs for TLS; `undefined` without TLS. */
  readonly tls: TlsFiles | undefined;
  readonly kind: "redis" | "valkey";
  /** The server's own version, such as `"7.0.15"`. */
  readonly version: string;
  readonly #launch: Launch;
  #process: ServerProcess;
  /** The log, once the directory is gone. */
  #lastLog = "";
  #stopped: Promise<void> | undefined;

  /** @internal */
  constructor(launch: Launch, process: ServerProcess, { kind, version }: Identity) {
    const { port, path, username, password, tls } = launch.endpoint;
    this.#launch = launch;
    this.#process = process;
    this.port = port;
    this.path = path;
    this.username = username;
    this.password = password;
    this.tls = tls;
    this.kind = kind;
    this.version = version;
  }

  /**
   * Where clients connect to: `redis://…`, `rediss://…` with TLS, `unix://…` with a unix socket.
   */
  get url(): string {
    const user = encodeURIComponent(this.username ?? "");
    const login =
      this.password === undefined ? "" : `${user}:${encodeURIComponent(this.password)}@`;
    if (this.path !== undefined) return `unix://${login}${this.path}`;
    return `${this.tls ? "rediss" : "redis"}://${login}${this.host}:${this.port}`;
  }

  /** The server's process id; `undefined` while it does not run. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether the server's process runs; a paused one does. */
  get isRunning(): boolean {
    return this.#process.isRunning;
  }

  /** Returns all that the server has logged, over all its runs. */
  log(): string {
    const { logFile } = this.#launch;
    return existsSync(logFile) ? readFileSync(logFile, "utf8") : this.#lastLog;
  }

  /** Freezes the server: its connections stay open, and nothing is answered. */
  pause(): void {
    this.#process.signal("SIGSTOP");
  }

  /** Lets a paused server go on. */
  resume(): void {
    this.#process.signal("SIGCONT");
  }

  /** Kills the server, as a crash would. It keeps its address for {@link restart}. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /**
   * Starts the server again at the same address, without its data; kills it first if it runs.
   *
   * @throws {ServerStartError} if it does not get ready, or was stopped for good.
   */
  async restart(): Promise<void> {
    if (this.#stopped) throw new ServerStartError("the server was stopped: start a new one");
    await this.kill();
    const deadline = Date.now() + this.#launch.timeoutMs;
    for (;;) {
      this.#process = new ServerProcess(this.#launch);
      try {
        await this.#process.ready();
        return;
      } catch (error) {
        // An outgoing connection of some process may have our port for a moment.
        if (!isAddressInUse(error) || Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  }

  /** Kills the server and removes its directory. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    await this.kill();
    this.#lastLog = this.log();
    await this.#launch.watchdog.dismiss();
  }
}

/** Writes all files that the server needs. */
async function prepare(
  binary: string,
  directory: string,
  watchdog: Watchdog,
  { port, files }: Placement,
  options: ServerOptions,
): Promise<Launch> {
  const { username, password, config = {}, startTimeout = 10_000 } = options;
  const isTls = options.tls !== undefined && options.tls !== false;
  const clientAuth = typeof options.tls === "object" && options.tls.clientAuth === true;
  const certificates = isTls ? makeCertificates() : undefined;
  const path = options.unixSocket === true ? join(directory, "redis.sock") : undefined;
  const text = configurationText({
    directory,
    port,
    socket: path,
    tls: isTls ? { clientAuth } : undefined,
    username,
    password,
    config,
  });
  const all = { ...files, ...tlsFiles(certificates), "server.conf": text };
  for (const [name, content] of Object.entries(all)) {
    await writeFile(join(directory, name), content, { mode: 0o600 });
  }
  const endpoint: Endpoint = { host: HOST, port, path, username, password, tls: certificates };
  const configFile = join(directory, "server.conf");
  const logFile = join(directory, "log");
  return { binary, configFile, logFile, endpoint, watchdog, timeoutMs: startTimeout };
}

function tlsFiles(certificates: Certificates | undefined): Record<string, string> {
  if (certificates === undefined) return {};
  const { ca, serverCert, serverKey } = certificates;
  const { ca: caName, cert: certName, key: keyName } = TLS_FILE_NAMES;
  return { [caName]: ca, [certName]: serverCert, [keyName]: serverKey };
}
