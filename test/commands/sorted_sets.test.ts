import { onEverySurface } from "../support/surfaces.ts";
import { sortedSetsSuite } from "./sorted_sets.suite.ts";

onEverySurface("sorted sets", sortedSetsSuite);
