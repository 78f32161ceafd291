import { onEverySurface } from "../support/surfaces.ts";
import { conditionalStringsSuite } from "./conditional_strings.suite.ts";

onEverySurface("conditional strings", conditionalStringsSuite);
