import { onEverySurface } from "../support/surfaces.ts";
import { hyperloglogSuite } from "./hyperloglog.suite.ts";

onEverySurface("hyperloglog", hyperloglogSuite);
