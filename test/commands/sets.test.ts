import { onEverySurface } from "../support/surfaces.ts";
import { setsSuite } from "./sets.suite.ts";

onEverySurface("sets", setsSuite);
