import { onEverySurface } from "../support/surfaces.ts";
import { keysSuite } from "./keys.suite.ts";

onEverySurface("keys", keysSuite);
