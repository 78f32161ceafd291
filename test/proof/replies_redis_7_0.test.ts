import { repliesSuite } from "./replies.suite.ts";

repliesSuite("redis-7.0");
