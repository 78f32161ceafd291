import { expect, test } from "vitest";
import { command } from "../../src/client/builder.ts";
import { onEverySurface } from "../support/surfaces.ts";
import { replicationSuite } from "./replication.suite.ts";

onEverySurface("replication", replicationSuite);

test("SHUTDOWN has a word for every option", () => {
  const options = { now: true, force: true, safe: true, failover: true } as const;
  const words = ["NOW", "FORCE", "SAFE", "FAILOVER"];
  expect(command.shutdown({ save: "SAVE", ...options }).argv).toEqual([
    "SHUTDOWN",
    "SAVE",
    ...words,
  ]);
  expect(command.shutdown().argv).toEqual(["SHUTDOWN"]);
});
