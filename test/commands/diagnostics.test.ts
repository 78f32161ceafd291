import { onEverySurface } from "../support/surfaces.ts";
import { diagnosticsSuite } from "./diagnostics.suite.ts";

onEverySurface("diagnostics", diagnosticsSuite);
