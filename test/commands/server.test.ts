import { onEverySurface } from "../support/surfaces.ts";
import { serverSuite } from "./server.suite.ts";

onEverySurface("server", serverSuite);
