import { expectTypeOf, test } from "vitest";
import {
  command,
  integer,
  json,
  library,
  type Pipeline,
  type PipelineOptions,
  type PipelineReply,
  type PipelineStream,
  type PipelineStreamProgress,
  type Redis,
  type RedisError,
  type StandardSchema,
  script,
  type TransactionOptions,
  text,
  type ViewOptions,
  WatchError,
  type WatchedClient,
} from "../../src/index.ts";

declare const redis: Redis;

interface User {
  readonly name: string;
}
declare const User: StandardSchema<User>;
declare const toUser: (value: unknown) => User;

test("P12: shape 1, a tuple of a scope", async () => {
  const [flushed, foo, bar, keys] = await redis.pipeline({ transaction: true }, (pipe) => [
    pipe.flushdb(),
    pipe.set("foo", "bar"),
    pipe.set("bar", "foo"),
    pipe.keys("*"),
  ]);
  expectTypeOf(flushed).toEqualTypeOf<boolean>();
  expectTypeOf(foo).toEqualTypeOf<boolean>();
  expectTypeOf(bar).toEqualTypeOf<boolean>();
  expectTypeOf(keys).toEqualTypeOf<Set<string>>();
});

test("P12: shape 1, a record of a scope", async () => {
  const { user, posts } = await redis.pipeline((pipe) => ({
    user: pipe.hgetall("user:1"),
    posts: pipe.lrange("posts:1", 0, 9),
  }));
  expectTypeOf(user).toEqualTypeOf<Record<string, string>>();
  expectTypeOf(posts).toEqualTypeOf<string[]>();
});

test("P5: shape 2, the explicit pipeline", async () => {
  const pipe = redis.pipeline({ raiseOnError: false });
  pipe.set("foo", 1);
  const value = pipe.incr("foo");
  expectTypeOf(value).toEqualTypeOf<PipelineReply<number>>();
  expectTypeOf(await pipe.execute()).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(await value).toEqualTypeOf<number>();
  expectTypeOf(value.value).toEqualTypeOf<number>();
  expectTypeOf(pipe.results).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(pipe.length).toEqualTypeOf<number>();
});

test("P14: shape 3, await using", async () => {
  await using pipe = redis.pipeline({ transaction: true });
  expectTypeOf(pipe).toEqualTypeOf<Pipeline>();
  expectTypeOf(pipe.set("a", 1)).toEqualTypeOf<PipelineReply<boolean>>();
  await pipe.execute();
});

test("P12: shape 4, WATCH", async () => {
  const pipe = redis.pipeline();
  let next = 0;
  const done = await pipe.watch("key", async (watched) => {
    expectTypeOf(watched).toEqualTypeOf<WatchedClient>();
    next = Number((await watched.get("key")) ?? 0) + 1;
    pipe.set("key", next);
  });
  expectTypeOf(done).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(new WatchError("", { reason: "conflict" }).reason).toEqualTypeOf<
    "conflict" | "connection-lost" | "moved"
  >();
  const both = await pipe.watch(["a", "b"], () => ({ set: pipe.set("a", 1), n: 1 }));
  expectTypeOf(both).toEqualTypeOf<{ set: boolean; n: 1 }>();
});

test("P12: shape 5, a transaction", async () => {
  const [set, next] = await redis.transaction({ watch: "counter" }, async (tx, watched) => {
    expectTypeOf(tx).toEqualTypeOf<Pipeline>();
    expectTypeOf(watched).toEqualTypeOf<WatchedClient>();
    const n = Number((await watched.get("counter")) ?? 0) + 1;
    return [tx.set("counter", n), n] as const;
  });
  expectTypeOf(set).toEqualTypeOf<boolean>();
  expectTypeOf(next).toEqualTypeOf<number>();
  const plain = await redis.transaction({}, (tx) => ({ n: tx.incr("n") }));
  expectTypeOf(plain).toEqualTypeOf<{ n: number }>();
});

test("P29: a transaction takes a body alone, and options of which little is known", async () => {
  const alone = await redis.transaction((tx) => [tx.incr("n"), tx.get("k")]);
  expectTypeOf(alone).toEqualTypeOf<[number, string | null]>();
  const options: TransactionOptions = { retries: 3 };
  const general = await redis.transaction(options, (tx) => [tx.incr("n")]);
  expectTypeOf(general).toEqualTypeOf<[number | RedisError]>();
  const key = Math.random() > 0.5 ? "k" : undefined;
  const useWatched = (_tx: Pipeline, watched: WatchedClient): Promise<string> => watched.ping();
  // @ts-expect-error without a key there is no watched client
  void redis.transaction({ watch: key }, useWatched);
  // @ts-expect-error nothing is watched
  void redis.transaction(useWatched);
  void redis.transaction({ watch: "k" }, useWatched);
});

test("P12: tuples stay tuples, with and without as const, sync and async", async () => {
  type Wanted = [string | null, number];
  const sync = await redis.pipeline((pipe) => [pipe.get("a"), pipe.incr("b")]);
  const constant = await redis.pipeline((pipe) => [pipe.get("a"), pipe.incr("b")] as const);
  const later = await redis.pipeline(async (pipe) => [pipe.get("a"), pipe.incr("b")] as const);
  expectTypeOf(sync).toEqualTypeOf<Wanted>();
  expectTypeOf(constant).toEqualTypeOf<Wanted>();
  expectTypeOf(later).toEqualTypeOf<Wanted>();
});

test("P12: records stay records, nested ones too, and other values pass through", async () => {
  const result = await redis.pipeline((pipe) => ({
    one: pipe.get("a"),
    both: [pipe.get("a"), pipe.exists("b")] as const,
    deep: { list: [{ value: pipe.incr("a") }] as const, date: new Date() },
    text: "text",
    none: null,
  }));
  expectTypeOf(result).toEqualTypeOf<{
    one: string | null;
    both: [string | null, number];
    deep: { list: [{ value: number }]; date: Date };
    text: "text";
    none: null;
  }>();
});

test("P12: map over keys gives an array", async () => {
  const keys: string[] = ["a", "b"];
  const values = await redis.pipeline((pipe) => keys.map((key) => pipe.get(key)));
  expectTypeOf(values).toEqualTypeOf<(string | null)[]>();
  const pairs = await redis.pipeline((pipe) => keys.map((key) => [key, pipe.get(key)] as const));
  expectTypeOf(pairs).toEqualTypeOf<[string, string | null][]>();
  const byKey = await redis.pipeline((pipe) =>
    Object.fromEntries(keys.map((key) => [key, pipe.incr(key)] as const)),
  );
  expectTypeOf(byKey).toEqualTypeOf<{ [k: string]: number }>();
});

test("P12: what an interface describes is resolved as well, what has methods stays", async () => {
  interface Author {
    readonly name: PipelineReply<string | null>;
    readonly born: number;
  }
  interface Book {
    readonly authors: Author[];
    readonly sold?: PipelineReply<number>;
  }
  interface Chapter {
    title: string;
    parts: Chapter[];
  }
  const readBook = (pipe: Pipeline): Book => ({
    authors: [{ name: pipe.get("author:1"), born: 1815 }],
  });
  const book = await redis.pipeline(readBook);
  expectTypeOf(book).toEqualTypeOf<{
    authors: { name: string | null; born: number }[];
    sold?: number;
  }>();
  const chapter: Chapter = { title: "Notes", parts: [] };
  const when = new Map([["a", 1]]);
  const toText = (value: number): string => String(value);
  const same = await redis.pipeline(() => ({ chapter, User, when, toText, error: new Error() }));
  expectTypeOf(same.when).toEqualTypeOf<Map<string, number>>();
  expectTypeOf(same.toText).toEqualTypeOf<(value: number) => string>();
  expectTypeOf(same.error).toEqualTypeOf<Error>();
  const kept: { chapter: Chapter; User: StandardSchema<User> } = same;
  expectTypeOf(kept.chapter.parts).toEqualTypeOf<Chapter[]>();
});

test("P12: optional and absent handles keep that", async () => {
  const wanted = Math.random() > 0.5;
  const result = await redis.pipeline((pipe) => {
    const handles: { a: PipelineReply<number>; b?: PipelineReply<string | null> } = {
      a: pipe.incr("a"),
    };
    if (wanted) handles.b = pipe.get("b");
    return { ...handles, c: wanted ? pipe.exists("c") : null };
  });
  expectTypeOf(result).toEqualTypeOf<{ a: number; b?: string | null; c: number | null }>();
});

test("P12: a body without a value gives readonly unknown[]", async () => {
  const sync = await redis.pipeline((pipe) => {
    pipe.incr("n");
  });
  const later = await redis.pipeline(async (pipe) => {
    pipe.incr("n");
  });
  const nothing = await redis.pipeline(() => undefined);
  expectTypeOf(sync).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(later).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(nothing).toEqualTypeOf<readonly unknown[]>();
});

test("P12: a body that sometimes has no value gives either", async () => {
  const wanted = Math.random() > 0.5;
  const result = await redis.pipeline((pipe) => (wanted ? [pipe.incr("n")] : undefined));
  expectTypeOf(result).toEqualTypeOf<[number] | readonly unknown[]>();
  const bare = await redis.pipeline((pipe) => (wanted ? pipe.incr("n") : undefined));
  expectTypeOf(bare).toEqualTypeOf<number | readonly unknown[]>();
});

test("P12: a bare handle gives its reply, a body that throws gives never", async () => {
  const bare = await redis.pipeline((pipe) => pipe.get("a"));
  expectTypeOf(bare).toEqualTypeOf<string | null>();
  const failing = redis.pipeline((): never => {
    throw new Error("mine");
  });
  expectTypeOf(failing).toEqualTypeOf<Promise<never>>();
});

test("P12: raiseOnError: false makes each handle's place T | RedisError", async () => {
  const result = await redis.pipeline({ raiseOnError: false }, (pipe) => ({
    a: pipe.get("a"),
    both: [pipe.incr("b"), 1] as const,
    plain: "text",
  }));
  expectTypeOf(result).toEqualTypeOf<{
    a: string | null | RedisError;
    both: [number | RedisError, 1];
    plain: "text";
  }>();
  const list = await redis.pipeline({ raiseOnError: false, transaction: true }, (pipe) => [
    pipe.incr("n"),
  ]);
  expectTypeOf(list).toEqualTypeOf<[number | RedisError]>();
  const tx = await redis.transaction({ watch: "k", raiseOnError: false }, (inner) => [
    inner.incr("n"),
  ]);
  expectTypeOf(tx).toEqualTypeOf<[number | RedisError]>();
  const pipe = redis.pipeline({ raiseOnError: false });
  const watched = await pipe.watch("k", () => [pipe.incr("n")]);
  expectTypeOf(watched).toEqualTypeOf<[number | RedisError]>();
});

test("P12: raiseOnError adds nothing if true, and errors if not known", async () => {
  const strict = await redis.pipeline({ raiseOnError: true }, (pipe) => [pipe.incr("n")]);
  expectTypeOf(strict).toEqualTypeOf<[number]>();
  const silent = await redis.pipeline({ timeout: 100 }, (pipe) => [pipe.incr("n")]);
  expectTypeOf(silent).toEqualTypeOf<[number]>();
  const either: boolean = Math.random() > 0.5;
  const unsure = await redis.pipeline({ raiseOnError: either }, (pipe) => [pipe.incr("n")]);
  expectTypeOf(unsure).toEqualTypeOf<[number | RedisError]>();
  const options: PipelineOptions = {};
  const general = await redis.pipeline(options, (pipe) => [pipe.incr("n")]);
  expectTypeOf(general).toEqualTypeOf<[number | RedisError]>();
});

test("P10: as() converts the type, in scopes as well", async () => {
  const pipe = redis.pipeline();
  expectTypeOf(pipe.get("a").as(Number)).toEqualTypeOf<PipelineReply<number>>();
  expectTypeOf(pipe.get("a").as(User)).toEqualTypeOf<PipelineReply<User>>();
  expectTypeOf(pipe.get("a").as(toUser)).toEqualTypeOf<PipelineReply<User>>();
  const [age, user] = await redis.pipeline((inner) => [
    inner.get("age").as(Number),
    inner.get("user").as(json(User)),
  ]);
  expectTypeOf(age).toEqualTypeOf<number>();
  expectTypeOf(user).toEqualTypeOf<User | null>();
  // @ts-expect-error a conversion of something that the command does not reply
  pipe.get("a").as((value: number) => value);
});

test("P10: json() serves both, keeps null, is unknown without a schema", async () => {
  expectTypeOf(await redis.get("k").then(json(User))).toEqualTypeOf<User | null>();
  expectTypeOf(await redis.get("k").then(json(toUser))).toEqualTypeOf<User | null>();
  expectTypeOf(await redis.get("k").then(json())).toEqualTypeOf<unknown>();
  expectTypeOf(await redis.echo("k").then(json(User))).toEqualTypeOf<User>();
  expectTypeOf(await redis.bytes.get("k").then(json(User))).toEqualTypeOf<User | null>();
  const pipe = redis.pipeline();
  expectTypeOf(pipe.echo("{}").as(json(User))).toEqualTypeOf<PipelineReply<User>>();
  expectTypeOf(pipe.get("k").as(json())).toEqualTypeOf<PipelineReply<unknown>>();
});

test("P5: handles are what Promise.all, race and allSettled take", async () => {
  const pipe = redis.pipeline();
  const [a, b] = [pipe.get("a"), pipe.incr("b")] as const;
  expectTypeOf(a).toExtend<PromiseLike<string | null>>();
  expectTypeOf(await Promise.all([a, b])).toEqualTypeOf<[string | null, number]>();
  expectTypeOf(await Promise.race([a, b])).toEqualTypeOf<string | number | null>();
  expectTypeOf(await b.then(String)).toEqualTypeOf<string>();
  expectTypeOf(await b.catch(() => "x")).toEqualTypeOf<string | number>();
  expectTypeOf(await b.finally(() => {})).toEqualTypeOf<number>();
});

test("P1: bytes pipelines reply with Buffers, built commands keep types", async () => {
  const [value, set, built] = await redis.bytes.pipeline((pipe) => [
    pipe.get("a"),
    pipe.smembers("s"),
    pipe.run(command.incr("n")),
  ]);
  expectTypeOf(value).toEqualTypeOf<Buffer | null>();
  expectTypeOf(set).toEqualTypeOf<Set<Buffer>>();
  expectTypeOf(built).toEqualTypeOf<number>();
  expectTypeOf(redis.bytes.pipeline()).toEqualTypeOf<Pipeline<Buffer>>();
});

test("P30: scripts and functions have the type of their reply, everywhere", async () => {
  const add = script("return 1", { keys: ["counter"], args: ["by"], reply: integer });
  const shop = library("#!lua name=shop").function("take", { keys: ["stock"], reply: text });
  expectTypeOf(await redis.run(add, ["n"], [1])).toEqualTypeOf<number>();
  expectTypeOf(redis.pipeline().run(add, ["n"], [1])).toEqualTypeOf<PipelineReply<number>>();
  const both = await redis.pipeline((pipe) => [
    pipe.run(add, ["n"], [1]),
    pipe.run(shop, ["n"], ["any", "number"]),
  ]);
  expectTypeOf(both).toEqualTypeOf<[number, string]>();
  expectTypeOf(await redis.run(script("return 1"), [], [])).toEqualTypeOf<unknown>();
  const user = script("return 1", { keys: [], args: [], reply: toUser });
  expectTypeOf(await redis.run(user, [], [])).toEqualTypeOf<User>();
  // @ts-expect-error one key
  redis.pipeline().run(add, [], [1]);
  // @ts-expect-error one argument
  redis.pipeline().run(add, ["n"], [1, 2]);
});

test("P2: wrong arguments and options do not compile", () => {
  const pipe = redis.pipeline();
  // @ts-expect-error a value is missing
  pipe.set("key");
  // @ts-expect-error undefined is no value
  pipe.set("key", undefined);
  // @ts-expect-error no such option
  void redis.pipeline({ transactional: true }, () => {});
  // @ts-expect-error it is a boolean
  redis.pipeline({ raiseOnError: "no" });
  // @ts-expect-error no such option beside one that there is
  redis.pipeline({ transaction: true, raiseError: false });
  // @ts-expect-error no such option beside one that there is
  void redis.pipeline({ raiseOnError: false, atomic: true }, () => {});
  // @ts-expect-error no such option beside one that there is
  void redis.transaction({ watch: "key", retrys: 3 }, () => {});
  // @ts-expect-error no such option beside one that there is
  void redis.transaction({ retries: 3, atomic: true }, () => {});
  // @ts-expect-error no such option beside one that there is
  redis.stream([1], { batch: 3, inflight: 1 }, () => {});
  // @ts-expect-error no such option beside one that there is
  redis.with({ timeout: 3, retrys: 1 });
});

test("S7: counters of a view are what its integers say, as far as that is known", () => {
  const view: ViewOptions = {};
  expectTypeOf(redis.with({ timeout: 5 })).toEqualTypeOf<Redis>();
  expectTypeOf(redis.with(view)).toEqualTypeOf<Redis<string, number | bigint>>();
  const exact = redis.with({ integers: "bigint" });
  expectTypeOf(exact).toEqualTypeOf<Redis<string, bigint>>();
  expectTypeOf(exact.bytes.with({ timeout: 5 })).toEqualTypeOf<Redis<Buffer, bigint>>();
  expectTypeOf(exact.with({ integers: "number" })).toEqualTypeOf<Redis>();
  const either = Math.random() > 0.5 ? "bigint" : "number";
  expectTypeOf(redis.with({ integers: either })).toEqualTypeOf<Redis<string, number | bigint>>();
});

test("P12: a stream gives for each item what its body returned, resolved", async () => {
  const ids = new Set([1, 2]);
  const names = redis.stream(ids, (pipe, id, index) => {
    expectTypeOf(pipe).toEqualTypeOf<Pipeline>();
    expectTypeOf(id).toEqualTypeOf<number>();
    expectTypeOf(index).toEqualTypeOf<number>();
    return { id, name: pipe.get(`user:${id}`) };
  });
  expectTypeOf(names).toEqualTypeOf<PipelineStream<{ id: number; name: string | null }>>();
  for await (const { id, name } of names) {
    expectTypeOf(id).toEqualTypeOf<number>();
    expectTypeOf(name).toEqualTypeOf<string | null>();
  }
  const summary = await redis.stream(ids, (pipe, id) => pipe.get(String(id)));
  expectTypeOf(summary).toEqualTypeOf<PipelineStreamProgress>();
});

test("P12: a stream's options decide about errors, a callback among them or not", () => {
  async function* source(): AsyncGenerator<string> {
    yield "key";
  }
  const onProgress = (): void => undefined;
  const kept = redis.stream(source(), { raiseOnError: false, onProgress }, (pipe, key) => {
    expectTypeOf(key).toEqualTypeOf<string>();
    return [pipe.get(key), key] as const;
  });
  expectTypeOf(kept).toEqualTypeOf<PipelineStream<[string | RedisError | null, string]>>();
  const told = redis.stream(
    source(),
    { raiseOnError: false, onProgress: ({ items }) => expectTypeOf(items).toEqualTypeOf<number>() },
    (pipe, key) => pipe.get(key),
  );
  expectTypeOf(told).toEqualTypeOf<PipelineStream<string | RedisError | null>>();
  const raised = redis.stream(source(), { batch: 5 }, async (pipe, key) => [pipe.strlen(key)]);
  expectTypeOf(raised).toEqualTypeOf<PipelineStream<[number]>>();
  const nothing = redis.stream(source(), (pipe, key) => void pipe.strlen(key));
  expectTypeOf(nothing).toEqualTypeOf<PipelineStream<readonly unknown[]>>();
  const bytes = redis.bytes.stream(source(), (pipe, key) => pipe.get(key));
  expectTypeOf(bytes).toEqualTypeOf<PipelineStream<Buffer | null>>();
});
