import { expect, test } from "vitest";
import { ServerError } from "../../src/errors.ts";
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

/**
 * A test of what came with these versions of servers: `body` passes there. On an older server it
 * must fail with what that answers to the first unknown command or option, a `ServerError`.
 */
export function testSince(
  surface: Surface,
  since: Since,
  name: string,
  body: () => Promise<void>,
): void {
  test(name, () => (isAtLeast(surface, since) ? body() : isRefused(body)));
}

async function isRefused(body: () => Promise<void>): Promise<void> {
  await expect(body()).rejects.toThrow(ServerError);
}
