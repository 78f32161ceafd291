import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";

/** Reads process ids, one a line (an empty line: none), until the pipe closes. Then cleans up. */
const SCRIPT = `pid=
while read -r line; do pid=$line; done
[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
rm -rf -- "$1"`;

/**
 * A small shell that outlives this process, whatever ends it: it holds the other end of a pipe, and
 * when the pipe closes it kills the watched process and removes the directory. It is a session of
 * its own, so that neither Ctrl-C nor a kill of our process group reaches it.
 *
 * Its invariant: it knows the id of a live process or none, so it never kills a stranger.
 */
export class Watchdog {
  readonly #directory: string;
  readonly #shell: ChildProcess;

  constructor(directory: string) {
    this.#directory = directory;
    this.#shell = spawn("/bin/sh", ["-c", SCRIPT, "typedis-watchdog", directory], {
      cwd: "/",
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    // Without a shell nothing watches; the process that was asked for still works.
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
    if (this.#shell.stdin instanceof Socket) this.#shell.stdin.unref();
  }

  /** Watches the process `pid` from now on, or none. */
  watch(pid: number | undefined): void {
    this.#shell.stdin?.write(`${pid ?? ""}\n`);
  }

  /** Ends the watch: kills what is watched and removes the directory. */
  async dismiss(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#shell;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      this.#shell.ref();
      const ended = once(this.#shell, "exit");
      this.#shell.stdin?.end();
      await ended;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}
