import { onEverySurface } from "../support/surfaces.ts";
import { blockingListsSuite } from "./blocking_lists.suite.ts";

onEverySurface("blocking lists", blockingListsSuite);
