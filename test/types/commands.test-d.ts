import { expectTypeOf, test } from "vitest";
import type {
  Bulk,
  Command,
  CommandBuilder,
  Commands,
  Pipeline,
  PipelineReply,
  Redis,
  Session,
  WatchedClient,
} from "../../src/index.ts";

declare const redis: Redis;

/** The type of `JSON.parse`'s result: `any`, which cannot be written here. */
type Anything = ReturnType<typeof JSON.parse>;

/** Whether two types are the same, and not only assignable to each other. */
type Same<A, B> =
  (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** What a surface delivers, in a box: `Box<Promise<number>>` is `{ reply: number }`. */
type Box<R> = [R] extends [never]
  ? "never"
  : [R] extends [Promise<infer T>]
    ? { reply: T }
    : [R] extends [PipelineReply<infer T>]
      ? { reply: T }
      : [R] extends [Command<infer T>]
        ? { reply: T }
        : "nothing that a surface delivers";

/**
 * Parameters and reply of each overload, up to four: for `get`, whose only one is repeated,
 * `[[[key: Key], Promise<string | null>], …]`. Some generic methods do not fit the first pattern.
 */
type Overloads<F> = F extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
}
  ? [[A1, R1], [A2, R2], [A3, R3], [A4, R4]]
  : F extends (...args: infer A) => infer R
    ? [[A, R], [A, R], [A, R], [A, R]]
    : [["no function", "no function"]];

/** {@link Overloads}, with every reply in a box. */
type Boxed<F> =
  Overloads<F> extends [
    [infer A1, infer R1],
    [infer A2, infer R2],
    [infer A3, infer R3],
    [infer A4, infer R4],
  ]
    ? [[A1, Box<R1>], [A2, Box<R2>], [A3, Box<R3>], [A4, Box<R4>]]
    : "no function";

type CommandName = keyof Commands<"promise", string>;

/**
 * Commands of every shape: overloads, options that exclude one another, generic ones. Comparing
 * all commands overload by overload would cost the compiler millions of types; for the others it is
 * enough that no surface declares a command itself, see {@link NotInherited}.
 */
type Sample =
  | ("bitfield" | "blpop" | "call" | "clientKill" | "del" | "eval" | "expire" | "geosearch" | "get")
  | ("getdel" | "hgetall" | "hmget" | "hscan" | "hset" | "incr" | "info" | "keys" | "lcs" | "lmpop")
  | ("lpop" | "lrange" | "mget" | "mset" | "ping" | "scan" | "set" | "sintercard" | "smembers")
  | ("sort" | "spop" | "ttl" | "type" | "vsim" | "xadd" | "xread" | "zadd" | "zrange" | "zrank");

/** The names of the commands that are missing on `B`, or are not the same there as on `A`. */
type Different<A, B> = {
  [K in Sample]: K extends keyof A & keyof B
    ? Same<Boxed<A[K]>, Boxed<B[K]>> extends true
      ? never
      : K
    : K;
}[Sample];

/** The names of the commands that `A` lacks, or declares itself instead of inheriting them. */
type NotInherited<A, Inherited> = {
  [K in CommandName]: K extends keyof A & keyof Inherited
    ? Same<A[K], Inherited[K]> extends true
      ? never
      : K
    : K;
}[CommandName];

/** The names of the commands for which some overload delivers something else than `Wanted`. */
type Undelivered<A, Wanted> = {
  [K in CommandName & keyof A]: [Overloads<A[K]>[number][1]] extends [Wanted] ? never : K;
}[CommandName & keyof A];

type IsAny<T> = 0 extends 1 & T ? true : false;
type Leaf = Bulk | number | bigint | boolean | symbol | null | undefined | Date | Uint8Array;

/** `true` among the results if `T` is `any`, or holds it up to five levels deep. */
type HoldsAny<T, Depth extends readonly unknown[] = []> =
  IsAny<T> extends true
    ? true
    : Depth["length"] extends 5
      ? false
      : T extends Leaf
        ? false
        : T extends ReadonlyMap<infer K, infer V>
          ? HoldsAny<K, [...Depth, 0]> | HoldsAny<V, [...Depth, 0]>
          : T extends ReadonlySet<infer E>
            ? HoldsAny<E, [...Depth, 0]>
            : T extends readonly (infer E)[]
              ? HoldsAny<E, [...Depth, 0]>
              : T extends object
                ? { [K in keyof T]-?: HoldsAny<T[K], [...Depth, 0]> }[keyof T]
                : false;

/** The names of the commands that have `any` in a reply or a parameter. */
type WithAny<A> = {
  [K in CommandName & keyof A]: true extends HoldsAny<Boxed<A[K]>> ? K : never;
}[CommandName & keyof A];

test("the means of these tests tell differences", () => {
  type Fewer = Omit<Pipeline, "get">;
  type Other = Omit<Pipeline, "get" | "set"> & {
    get(key: string): PipelineReply<number>;
    set: Pipeline["set"];
  };
  type Loose = Omit<Redis, "get"> & { get(key: string): Promise<{ deep: Anything[] }> };
  expectTypeOf<Different<Redis, Fewer>>().toEqualTypeOf<"get">();
  expectTypeOf<Different<Redis, Other>>().toEqualTypeOf<"get">();
  expectTypeOf<WithAny<Loose>>().toEqualTypeOf<"get">();
  expectTypeOf<
    Undelivered<Other & { incr(key: string): number }, PipelineReply<unknown>>
  >().toEqualTypeOf<"incr">();
  expectTypeOf<Same<{ reply: Anything }, { reply: string }>>().toEqualTypeOf<false>();
  expectTypeOf<Same<{ reply: unknown }, { reply: Anything }>>().toEqualTypeOf<false>();
});

test("P1: every command is declared once: all surfaces inherit all of them", () => {
  expectTypeOf<NotInherited<Redis, Commands<"promise", string>>>().toBeNever();
  expectTypeOf<NotInherited<Redis<Buffer>, Commands<"promise", Buffer>>>().toBeNever();
  expectTypeOf<NotInherited<Pipeline, Commands<"queued", string>>>().toBeNever();
  expectTypeOf<NotInherited<Pipeline<Buffer>, Commands<"queued", Buffer>>>().toBeNever();
  expectTypeOf<NotInherited<CommandBuilder, Commands<"command", string>>>().toBeNever();
  expectTypeOf<NotInherited<WatchedClient, Commands<"promise", string>>>().toBeNever();
  expectTypeOf<NotInherited<Session, Commands<"promise", string>>>().toBeNever();
  type Fewer = Omit<Redis, "get">;
  type Own = Omit<Redis, "incr"> & { incr(key: string): Promise<number> };
  expectTypeOf<NotInherited<Fewer, Commands<"promise", string>>>().toEqualTypeOf<"get">();
  expectTypeOf<NotInherited<Own, Commands<"promise", string>>>().toEqualTypeOf<"incr">();
});

test("P1: a command of the client is on the pipeline, with the same overloads", () => {
  expectTypeOf<Different<Redis, Pipeline>>().toBeNever();
  expectTypeOf<Different<Redis<Buffer>, Pipeline<Buffer>>>().toBeNever();
  expectTypeOf<Different<Redis<string, bigint>, Pipeline<string, never, bigint>>>().toBeNever();
  expectTypeOf<Different<Pipeline, Redis>>().toBeNever();
});

test("P1: a command is on the builder and the watched client, with the same overloads", () => {
  expectTypeOf<Different<Redis, CommandBuilder>>().toBeNever();
  expectTypeOf<Different<Redis<Buffer>, CommandBuilder<Buffer>>>().toBeNever();
  expectTypeOf<Different<Redis, WatchedClient>>().toBeNever();
  expectTypeOf<Different<Redis<Buffer>, WatchedClient<Buffer>>>().toBeNever();
});

test("P1: each surface delivers in its own way, always", () => {
  expectTypeOf<Undelivered<Redis, Promise<unknown>>>().toBeNever();
  expectTypeOf<Undelivered<Pipeline, PipelineReply<unknown>>>().toBeNever();
  expectTypeOf<Undelivered<CommandBuilder, Command<unknown>>>().toBeNever();
});

test("P12: no command has any in its reply or its parameters", () => {
  expectTypeOf<WithAny<CommandBuilder>>().toBeNever();
});

test("P1: overloads are kept, each with its own reply", () => {
  type Sets = Boxed<Pipeline["set"]>[number][1];
  type ClientSets = Boxed<Redis["set"]>[number][1];
  expectTypeOf<Sets>().toEqualTypeOf<{ reply: boolean } | { reply: string | null }>();
  expectTypeOf<ClientSets>().toEqualTypeOf<Sets>();
});

test("P2: fields take an object whose type is an interface, if it holds values only", () => {
  interface User {
    readonly name: string;
    readonly age: number;
  }
  const pipe = redis.pipeline();
  const user: User = { name: "Ada", age: 36 };
  expectTypeOf(pipe.hset("user", user)).toEqualTypeOf<PipelineReply<number>>();
  expectTypeOf(pipe.mset(user)).toEqualTypeOf<PipelineReply<true>>();
  expectTypeOf(pipe.xadd("users", user)).toEqualTypeOf<PipelineReply<string>>();
  pipe.hset("user", new Map([["name", "Ada"]]));
  pipe.hset("user", [["name", "Ada"]]);
  const wanted: User & { nick?: string } = user;
  // @ts-expect-error an optional property can be undefined
  pipe.hset("user", wanted);
  // @ts-expect-error a Date is no value
  pipe.hset("user", { ...user, born: new Date() });
  // @ts-expect-error null is no value
  pipe.hset("user", { name: null });
  // @ts-expect-error pairs are arrays
  pipe.hset("user", ["name", "Ada"]);
  // @ts-expect-error a Set has no values
  pipe.mset(new Set(["a"]));
  // @ts-expect-error it must be awaited first
  pipe.hset("user", redis.hgetall("other"));
  // @ts-expect-error keys and values are not mixed
  pipe.mset("a", 1);
});
