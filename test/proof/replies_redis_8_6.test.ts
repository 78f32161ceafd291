import { repliesSuite } from "./replies.suite.ts";

repliesSuite("redis-8.6");
