import { onEverySurface } from "../support/surfaces.ts";
import { streamInfoSuite } from "./stream_info.suite.ts";

onEverySurface("stream info", streamInfoSuite);
