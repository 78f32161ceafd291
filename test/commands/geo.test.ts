import { onEverySurface } from "../support/surfaces.ts";
import { geoSuite } from "./geo.suite.ts";

onEverySurface("geo", geoSuite);
