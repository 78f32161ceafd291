import { onEverySurface } from "../support/surfaces.ts";
import { sortedSetRangesSuite } from "./sorted_set_ranges.suite.ts";

onEverySurface("ranges of sorted sets", sortedSetRangesSuite);
