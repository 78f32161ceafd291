import { onEverySurface } from "../support/surfaces.ts";
import { introspectionSuite } from "./introspection.suite.ts";

onEverySurface("introspection", introspectionSuite);
