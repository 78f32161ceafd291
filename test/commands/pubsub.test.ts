import { onEverySurface } from "../support/surfaces.ts";
import { pubsubSuite } from "./pubsub.suite.ts";

onEverySurface("pubsub", pubsubSuite);
