import { repliesSuite } from "./replies.suite.ts";

repliesSuite("valkey-9.1");
