import { onEverySurface } from "../support/surfaces.ts";
import { sortedSetPopsSuite } from "./sorted_set_pops.suite.ts";

onEverySurface("pops of sorted sets", sortedSetPopsSuite);
