import { onEverySurface } from "../support/surfaces.ts";
import { transferSuite } from "./transfer.suite.ts";

onEverySurface("transfer", transferSuite);
