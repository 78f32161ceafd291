import { onEverySurface } from "../support/surfaces.ts";
import { hotkeysSuite } from "./hotkeys.suite.ts";

onEverySurface("hotkeys", hotkeysSuite);
