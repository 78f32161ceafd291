import { onEverySurface } from "../support/surfaces.ts";
import { listsSuite } from "./lists.suite.ts";

onEverySurface("lists", listsSuite);
