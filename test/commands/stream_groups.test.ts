import { onEverySurface } from "../support/surfaces.ts";
import { streamGroupsSuite } from "./stream_groups.suite.ts";

onEverySurface("stream groups", streamGroupsSuite);
