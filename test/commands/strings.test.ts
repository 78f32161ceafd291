import { onEverySurface } from "../support/surfaces.ts";
import { stringsSuite } from "./strings.suite.ts";

onEverySurface("strings", stringsSuite);
