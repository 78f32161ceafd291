import type { Proxied } from "../support/proxied.ts";

/**
 * Cuts the connection where the reply of `name` comes by, so that it has run and its reply is lost.
 *
 * @param atCut called at each cut
 * @returns how often that has happened
 */
export function cutRepliesOf(
  it: Proxied,
  name: string,
  atCut: () => void = () => {},
  times = 1,
): () => number {
  const asked = new Set<number>();
  let cuts = 0;
  it.wire.decide = (names, { id }) => {
    if (names.includes(name)) asked.add(id);
    return "forward";
  };
  it.proxy.onServerBytes = (_, { id }) => {
    if (!asked.has(id) || cuts >= times) return "forward";
    cuts += 1;
    atCut();
    return "cut";
  };
  return () => cuts;
}
