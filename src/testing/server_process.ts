import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ask, type Endpoint } from "./ask.ts";
import { ServerStartError } from "./errors.ts";
import type { Watchdog } from "./watchdog.ts";

/** What a running server says it is. */
export interface Identity {
  readonly kind: "redis" | "valkey";
  readonly version: string;
}

/** How to start a server: its program, where it writes its log, how it will be reached. */
export interface Launch {
  readonly binary: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly endpoint: Endpoint;
  readonly watchdog: Watchdog;
  readonly timeoutMs: number;
}

const ADDRESS_IN_USE = /Address already in use/i;
/** How long one question may wait: a stranger on our port may never answer. */
const MAX_PATIENCE_MS = 1000;
const running = new Set<ServerProcess>();
let isHooked = false;

/**
 * Kills at once what still runs when this process ends by itself; the watchdog sees to the rest.
 */
function killAllAtExit(): void {
  if (isHooked) return;
  isHooked = true;
  process.once("exit", () => {
    for (const server of running) server.signal("SIGKILL");
  });
}

/** One run of a server program. It does not keep this process alive once it is ready. */
export class ServerProcess {
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  /** Where the log of this run begins: the file is shared by all runs. */
  readonly #logStart: number;
  #isRunning = true;
  #failure: Error | undefined;

  constructor(launch: Launch) {
    killAllAtExit();
    this.#launch = launch;
    const log = openSync(launch.logFile, "a");
    this.#logStart = fstatSync(log).size;
    this.#child = spawn(launch.binary, [launch.configFile], { stdio: ["ignore", log, log] });
    closeSync(log);
    launch.watchdog.watch(this.#child.pid);
    running.add(this);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isRunning = false;
        running.delete(this);
        launch.watchdog.watch(undefined);
        resolve();
      };
      this.#child.once("exit", end);
      this.#child.once("error", (error) => {
        this.#failure = error;
        end();
      });
    });
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get pid(): number | undefined {
    return this.#isRunning ? this.#child.pid : undefined;
  }

  /** Sends a signal; does nothing once the process has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.#isRunning) this.#child.kill(name);
  }

  /** Kills the process and waits for its end. */
  async kill(): Promise<void> {
    if (!this.#isRunning) return;
    this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /**
   * Waits until the server answers.
   *
   * @throws {ServerStartError} if it ends or does not answer in time; the process is gone then.
   */
  async ready(): Promise<Identity> {
    const deadline = Date.now() + this.#launch.timeoutMs;
    let problem: unknown;
    while (this.#isRunning && Date.now() < deadline) {
      const answer = this.#identify(deadline).catch((error: unknown) => {
        // Not listening yet, loading, or a stranger on our port: ask again until the deadline.
        problem = error;
      });
      const identity = await Promise.race([answer, this.#ended]);
      if (identity) {
        this.#child.unref();
        return identity;
      }
      await Promise.race([this.#ended, delay(5)]);
    }
    throw await this.#startError(problem);
  }

  async #identify(deadline: number): Promise<Identity> {
    const patience = Math.min(Math.max(deadline - Date.now(), 1), MAX_PATIENCE_MS);
    const commands = [["PING"], ["INFO", "server"]];
    const [, info = ""] = await ask(this.#launch.endpoint, commands, patience);
    return identify(info, this.#child.pid);
  }

  async #startError(problem: unknown): Promise<ServerStartError> {
    const { binary, logFile, timeoutMs } = this.#launch;
    const hasEnded = !this.#isRunning;
    await this.kill();
    const log = readFileSync(logFile).subarray(this.#logStart).toString();
    const code = hasEnded && ADDRESS_IN_USE.test(log) ? "ADDRESS_IN_USE" : "SERVER_START";
    const reason = this.#failure ?? problem;
    const what = hasEnded ? "ended at once" : `was not ready after ${timeoutMs} ms`;
    const why =
      reason instanceof Error && (this.#failure || !hasEnded) ? `: ${reason.message}` : "";
    const message = `${binary} ${what}${why}. Its log:\n${log.trim() || "(empty)"}`;
    return new ServerStartError(message, { code, cause: reason });
  }
}

/** Reads `INFO server`. Throws when it is not the server of process `pid` that answered. */
function identify(info: string, pid: number | undefined): Identity {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*)\\r$`, "m").exec(info)?.[1];
  if (field("process_id") !== String(pid)) {
    throw new Error(`another server answers, of process ${field("process_id")} instead of ${pid}`);
  }
  const valkey = field("valkey_version");
  if (valkey !== undefined) return { kind: "valkey", version: valkey };
  return { kind: "redis", version: field("redis_version") ?? "" };
}
