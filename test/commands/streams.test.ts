import { onEverySurface } from "../support/surfaces.ts";
import { streamsSuite } from "./streams.suite.ts";

onEverySurface("streams", streamsSuite);
