import { onEverySurface } from "../support/surfaces.ts";
import { hashExpirySuite } from "./hash_expiry.suite.ts";

onEverySurface("hash expiry", hashExpirySuite);
