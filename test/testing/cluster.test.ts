import { expect, test } from "vitest";
import { ask } from "../../src/testing/ask.ts";
import { startCluster } from "../../src/testing/index.ts";

test.each(["redis-7.0", "redis-8.6", "valkey-9.1"])(
  "%s: three primaries share the slots",
  async (version) => {
    const cluster = await startCluster({ version });
    try {
      expect(cluster.nodes).toHaveLength(3);
      expect(cluster.urls).toEqual(cluster.nodes.map((node) => node.url));
      const [first, second] = cluster.primaries;
      if (first === undefined || second === undefined) throw new Error("too few primaries");
      // "bar" is in slot 5061, "foo" in slot 12182, "hello" in slot 866.
      expect(await ask(first, [["SET", "bar", "1"]])).toEqual(["OK"]);
      const moved = ask(second, [["GET", "foo"]]);
      await expect(moved).rejects.toThrow(`MOVED 12182 127.0.0.1:${cluster.nodes[2]?.port}`);
      const [nodes = ""] = await ask(second, [["CLUSTER", "NODES"]]);
      expect(nodes).toMatch(/ 0-5460\n[^]* 5461-10922\n|5461-10922/);
    } finally {
      await cluster.stop();
    }
  },
);

test("each primary has its replica, which takes over after a crash", async () => {
  const cluster = await startCluster({ version: "valkey-9.1", replicas: 1, password: 'a "b"' });
  try {
    const [primary] = cluster.primaries;
    const [replica] = cluster.replicas;
    if (primary === undefined || replica === undefined) throw new Error("too few nodes");
    expect(await ask(replica, [["INFO", "replication"]])).toEqual([
      expect.stringContaining(`master_port:${primary.port}`),
    ]);
    await ask(primary, [
      ["SET", "bar", "1"],
      ["WAIT", "1", "1000"],
    ]);
    await primary.kill();
    await expect.poll(() => ask(replica, [["SET", "bar", "2"]])).toEqual(["OK"]);
    await primary.restart();
    await expect
      .poll(() => ask(primary, [["INFO", "replication"]]))
      .toEqual([expect.stringContaining(`master_port:${replica.port}`)]);
  } finally {
    await cluster.stop();
  }
});
