import { onEverySurface } from "../support/surfaces.ts";
import { replicationSuite } from "./replication.suite.ts";

onEverySurface("replication", replicationSuite);
