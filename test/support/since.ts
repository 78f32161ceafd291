import type { Surface } from "./surfaces.ts";

/** The first version of each kind of server that has something; a kind left out never has it. */
export interface Since {
  readonly redis?: string;
  readonly valkey?: string;
}

/** Whether the server of a surface has what came with these versions. */
export function isAtLeast({ version }: Surface, since: Since): boolean {
  const first = since[version.kind];
  return first !== undefined && version.atLeast(first);
}
