import { onEverySurface } from "../support/surfaces.ts";
import { expirySuite } from "./expiry.suite.ts";

onEverySurface("expiry", expirySuite);
