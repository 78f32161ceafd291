import { onEverySurface } from "../support/surfaces.ts";
import { scriptingSuite } from "./scripting.suite.ts";

onEverySurface("scripting", scriptingSuite);
