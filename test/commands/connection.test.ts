import { onEverySurface } from "../support/surfaces.ts";
import { connectionSuite } from "./connection.suite.ts";

onEverySurface("connection", connectionSuite);
