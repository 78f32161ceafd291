import { onEverySurface } from "../support/surfaces.ts";
import { sortedSetAlgebraSuite } from "./sorted_set_algebra.suite.ts";

onEverySurface("combinations of sorted sets", sortedSetAlgebraSuite);
