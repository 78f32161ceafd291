import { onEverySurface } from "../support/surfaces.ts";
import { commandLogSuite } from "./command_log.suite.ts";

onEverySurface("command log", commandLogSuite);
