import { onEverySurface } from "../support/surfaces.ts";
import { sortingSuite } from "./sorting.suite.ts";

onEverySurface("sorting", sortingSuite);
