import { onEverySurface } from "../support/surfaces.ts";
import { moduleAdminSuite } from "./module_admin.suite.ts";

onEverySurface("module admin", moduleAdminSuite);
