import { onEverySurface, SERVERS } from "../support/surfaces.ts";
import { vectorsSuite } from "./vectors.suite.ts";

onEverySurface("vector sets", vectorsSuite, [...SERVERS, "redis-8.0"]);
