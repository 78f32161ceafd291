/**
 * The machine: which processors we use, and how much others disturbed us there.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";

/** Where the server and the clients run. Nothing is pinned where both are undefined. */
export interface Placement {
  readonly server: number | undefined;
  readonly client: number | undefined;
  /** For the reader of the figures. */
  readonly note: string;
}

/** Chooses the processors: one for the server, another one for the clients. */
export function choosePlacement(): Placement {
  const nowhere = { server: undefined, client: undefined };
  const allowed = allowedCpus();
  if (spawnSync("taskset", ["--version"]).status !== 0) {
    return { ...nowhere, note: "not pinned (there is no taskset)" };
  }
  const [server, client] = allowed;
  if (server === undefined || client === undefined) {
    return { ...nowhere, note: `not pinned (${allowed.length || "unknown"} processors allowed)` };
  }
  return { server, client, note: `server on processor ${server}, clients on ${client}` };
}

/** A command line that keeps its program on a processor. */
export function pinned(argv: readonly string[], cpu: number | undefined): string[] {
  return cpu === undefined ? [...argv] : ["taskset", "-c", String(cpu), ...argv];
}

/** Moves a running process, with all its threads. */
export function pin(pid: number, cpu: number): void {
  spawnSync("taskset", ["-a", "-c", "-p", String(cpu), String(pid)]);
}

function allowedCpus(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read("/proc/self/status"))?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split("-").map(Number);
    return Number.isInteger(from) ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [];
  });
}

export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const load = loadavg().map((value) => value.toFixed(1));
  return `${model}, ${availableParallelism()} processors, load ${load.join(" ")}`;
}

/** Ticks of the kernel's clock that processors, or a process, have been busy. */
interface Ticks {
  /** By processor; time stolen by other machines included. */
  readonly cpus: ReadonlyMap<number, number>;
  readonly own: number;
}

const MS_PER_TICK = 10;

/**
 * Measures what is not ours on the processors that we use: busy time that neither the client nor
 * the server had, as a share of the time of those processors. The kernel counts in steps of 10 ms,
 * so only the sum over several rounds tells anything.
 */
export class Disturbance {
  readonly #placement: Placement;
  readonly #pids: readonly number[];
  #others = 0;
  #watched = 0;

  constructor(placement: Placement, pids: readonly (number | undefined)[]) {
    this.#placement = placement;
    this.#pids = pids.filter((pid) => pid !== undefined);
  }

  /** Watches while `body` runs. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    const before = this.#ticks();
    const start = performance.now();
    const result = await body();
    const after = this.#ticks();
    let busy = 0;
    for (const [cpu, ticks] of after.cpus) busy += ticks - (before.cpus.get(cpu) ?? 0);
    this.#others += (busy - (after.own - before.own)) * MS_PER_TICK;
    this.#watched += (performance.now() - start) * after.cpus.size;
    return result;
  }

  /** The time of others over the time watched; `undefined` where the kernel does not tell. */
  get share(): number | undefined {
    if (this.#watched === 0) return undefined;
    return Math.max(0, this.#others) / this.#watched;
  }

  #ticks(): Ticks {
    const { server, client } = this.#placement;
    const isOurs = (cpu: number): boolean =>
      server === undefined || cpu === server || cpu === client;
    const perCpu = new Map<number, number>();
    for (const [, cpu, fields = ""] of read("/proc/stat").matchAll(/^cpu(\d+) (.*)$/gm)) {
      if (isOurs(Number(cpu))) perCpu.set(Number(cpu), busyTicks(fields));
    }
    let own = 0;
    for (const pid of this.#pids) own += processTicks(pid);
    return { cpus: perCpu, own };
  }
}

/** user nice system idle iowait irq softirq steal; guest time is within user time. */
function busyTicks(fields: string): number {
  const ticks = fields.split(" ").map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  return user + nice + system + irq + softirq + steal;
}

function processTicks(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not Linux, or the process is gone.
    return "";
  }
}
