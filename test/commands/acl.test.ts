import { onEverySurface } from "../support/surfaces.ts";
import { aclSuite } from "./acl.suite.ts";

onEverySurface("acl", aclSuite);
