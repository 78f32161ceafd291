import { onEverySurface } from "../support/surfaces.ts";
import { bitmapsSuite } from "./bitmaps.suite.ts";

onEverySurface("bitmaps", bitmapsSuite);
