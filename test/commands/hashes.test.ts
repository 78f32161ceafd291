import { onEverySurface } from "../support/surfaces.ts";
import { hashesSuite } from "./hashes.suite.ts";

onEverySurface("hashes", hashesSuite);
