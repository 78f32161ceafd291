/**
 * Takes a CPU profile of V8, and says in which functions the time went.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

interface Place {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Place }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 20;
const INTERVAL_MICROS = 200;

/** Profiles this process while `body` runs; the file is for Chrome's developer tools, too. */
export async function profiled<T>(file: string, body: () => Promise<T>): Promise<T> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_MICROS });
  await session.post("Profiler.start");
  const result = await body();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  writeFileSync(file, JSON.stringify(profile));
  return result;
}

/** The functions that had the most time themselves, without callees, as a share of busy time. */
export function profileText(file: string): string {
  const profile = JSON.parse(readFileSync(file, "utf8")) as Profile;
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, label(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const place = places.get(id) ?? "";
    const micros = profile.timeDeltas[index] ?? 0;
    if (place === "(idle)") continue;
    total += micros;
    times.set(place, (times.get(place) ?? 0) + micros);
  }
  const top = [...times].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  const lines = top.map(([place, micros]) => {
    return `  ${((micros / total) * 100).toFixed(1).padStart(5)} %  ${place}`;
  });
  return [`${file}: ${(total / 1e6).toFixed(1)} s busy, by function:`, ...lines].join("\n");
}

function label({ functionName, url, lineNumber }: Place): string {
  if (url === "") return functionName || "(anonymous)";
  const path = url.split("/").slice(-2).join("/");
  return `${functionName || "(anonymous)"}  ${path}:${lineNumber + 1}`;
}
