import { onEverySurface } from "../support/surfaces.ts";
import { functionsSuite } from "./functions.suite.ts";

onEverySurface("functions", functionsSuite);
